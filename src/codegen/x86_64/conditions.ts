/** The condition of the flags under which each comparison of the IR holds. */

import { CC_A, CC_AE, CC_B, CC_BE, CC_E, CC_G, CC_GE, CC_L, CC_LE, CC_NE } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";

/**
 * What no single condition code says of floats, since ucomisd sets ZF, PF and CF for NaN: equal and ordered (ZF and not PF), and its opposite. All codes
 * of the processor are below these; `cc ^ 1` is the opposite here, too.
 */
export const CC_EQUAL_ORDERED = 16;
export const CC_UNEQUAL_UNORDERED = 17;

/** By operation; -1 for what is no comparison. Of floats a < b is asked as b > a, which is false for NaN. */
export const conditionOf = byOperation([
  [Op.eq, CC_E], [Op.ne, CC_NE], [Op.slt, CC_L], [Op.sle, CC_LE], [Op.sgt, CC_G], [Op.sge, CC_GE],
  [Op.ult, CC_B], [Op.ule, CC_BE], [Op.ugt, CC_A], [Op.uge, CC_AE],
  [Op.feq, CC_EQUAL_ORDERED], [Op.fne, CC_UNEQUAL_UNORDERED], [Op.flt, CC_A], [Op.fgt, CC_A], [Op.fle, CC_AE], [Op.fge, CC_AE],
]);

function byOperation(rows: readonly (readonly [op: number, condition: number])[]): Int8Array {
  const conditions = new Int8Array(128).fill(-1);
  for (const [op, condition] of rows) conditions[op] = condition;
  return conditions;
}

/** By condition of integers: the one for exchanged operands, since a < b is b > a. */
const pairs = [[CC_L, CC_G], [CC_LE, CC_GE], [CC_B, CC_A], [CC_BE, CC_AE]];
export const exchanged = Uint8Array.from({ length: 16 }, (_, condition) => pairs.find((pair) => pair.includes(condition))?.find((other) => other !== condition) ?? condition);
