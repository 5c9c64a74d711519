/**
 * Divisions by constants that are cheaper for what is known of the dividend: what is not negative divides as unsigned, by shifts and masks where the
 * divisor is a power of two, and what is a multiple of that power by a shift, negative or not. How wide the dividend is stays written on the division, for
 * codegen/lowerDivision.ts to choose its multiplier by.
 */

import type { ValueFacts } from "../analysis/valueFacts.ts";
import { ValueFlag, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { typeSize } from "../ir/types.ts";
import type { PassContext } from "./pass.ts";
import { powerOfTwo } from "./rule.ts";

/** Makes the division `v` cheaper; true if it did. */
export function divideCheaply(f: IrFunction, v: Value, facts: ValueFacts, context: PassContext): boolean {
  const b = f.arg1(v);
  if (!f.isConst(b)) return false;
  const op = f.opOf(v);
  const signed = op === Op.sdiv || op === Op.srem;
  const a = f.arg0(v);
  const type = f.typeOf(v);
  const shift = powerOfTwo(f, b, 8 * (typeSize[type] as number));
  if (shift === 0 || (signed && facts.lowOf(b) < 0)) return false;
  if (facts.lowOf(a) < 0) {
    if (op !== Op.sdiv || shift < 0 || !facts.hasNone(a, f.int(type, 2 ** shift - 1)) || !context.allow()) return false;
    f.op[v] = Op.ashr;
    f.b[v] = f.int(type, shift);
    return true;
  }
  if (shift > 0) {
    if (!signed || !context.allow()) return false;
    const operand = op === Op.sdiv ? f.int(type, shift) : f.int(type, 2 ** shift - 1);
    f.op[v] = op === Op.sdiv ? Op.lshr : Op.and;
    f.b[v] = operand;
    return true;
  }
  const flags = ValueFlag.dividendNotNegative | (facts.highOf(a) < 2 ** 32 ? ValueFlag.dividendNarrow : 0);
  if (((f.flags[v] as number) & flags) === flags || !context.allow()) return false;
  if (signed) f.op[v] = op === Op.sdiv ? Op.udiv : Op.urem;
  f.flags[v] = (f.flags[v] as number) | flags;
  return signed;
}
