/** -O0: the widths of values, and integer operations whose second operand is a constant, in memory or in a register. */

import { RSP } from "../../../encoders/x86_64/registers.ts";
import { Type } from "../../ir/types.ts";
import type { FastCompiler } from "./fast.ts";
import type { AluRows } from "./rows.ts";

const NONE = -1;

/** Width by type: 0 to 3 for 8 to 64 bits. */
export const widthOf = new Uint8Array(16);
widthOf[Type.i8] = 0;
widthOf[Type.i16] = 1;
widthOf[Type.i32] = 2;
widthOf[Type.i64] = 3;
widthOf[Type.ptr] = 3;
widthOf[Type.f64] = 3;
widthOf[Type.f32] = 2;

/** `op register, b` with b a constant, in memory, or in a register. */
export function applyAlu(c: FastCompiler, alu: AluRows, width: number, register: number, b: number): void {
  const { asm } = c;
  if (c.isImmediate(b, width)) asm.ri(alu.ri[width], register, c.f.a[b]);
  else if (c.regOf[b] < 0 && c.homeOf[b] !== 0) asm.rm(alu.rm[width], register, RSP, NONE, 0, c.homeOf[b] - 1);
  else asm.rr(alu.rr[width], register, c.use(b));
}
