/** The groups of the table, the most asked-for first: a name is looked up in this order. */
import { alu } from "./alu.ts";
import { arithmetic } from "./arithmetic.ts";
import { atomic } from "./atomic.ts";
import { bmi } from "./bmi.ts";
import { branch } from "./branch.ts";
import { fma } from "./fma.ts";
import { mov } from "./mov.ts";
import { packedFloat } from "./packedFloat.ts";
import { packedInteger } from "./packedInteger.ts";
import { shift } from "./shift.ts";
import { sse } from "./sse.ts";

export const groups = [mov, alu, arithmetic, branch, shift, sse, packedFloat, packedInteger, bmi, fma, atomic] as const;

type KeyOf<T> = T extends unknown ? keyof T : never;

/** The name of a row; an unknown name does not compile. */
export type RowName = KeyOf<(typeof groups)[number]>;
