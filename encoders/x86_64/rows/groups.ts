/** The groups of the table, the most asked-for first: a name is looked up in this order. */
import { alu } from "./alu.ts";
import { arithmetic } from "./arithmetic.ts";
import { atomic } from "./atomic.ts";
import { avxFloat } from "./avxFloat.ts";
import { avxInteger } from "./avxInteger.ts";
import { avxScalar } from "./avxScalar.ts";
import { bmi } from "./bmi.ts";
import { branch } from "./branch.ts";
import { fma } from "./fma.ts";
import { mov } from "./mov.ts";
import { packedFloat } from "./packedFloat.ts";
import { packedInteger } from "./packedInteger.ts";
import { shift } from "./shift.ts";
import { sse } from "./sse.ts";
import { x87 } from "./x87.ts";

export const groups = [mov, alu, arithmetic, branch, shift, sse, packedFloat, packedInteger, bmi, fma, atomic] as const;

/** What no code generator here asks for: for those who read or write other code. The executable is built without. */
export const furtherGroups = [avxScalar, avxFloat, avxInteger, x87] as const;

type KeyOf<T> = T extends unknown ? keyof T : never;

/** The name of a row; an unknown name does not compile. */
export type RowName = KeyOf<(typeof groups)[number] | (typeof furtherGroups)[number]>;
