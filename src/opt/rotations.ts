/** Rule of `simplify`: `x >> n | x << (width - n)` is a rotation, one instruction. Amounts count modulo the width. */

import { noValue, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { typeSize } from "../ir/types.ts";
import { become } from "./rule.ts";

/** What `v`, which is `a op b`, becomes where the two are one value shifted to either side. */
export function rotation(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const left = f.op[a] === Op.shl ? a : b;
  const right = left === a ? b : a;
  if (f.op[left] !== Op.shl || f.op[right] !== Op.lshr || f.arg0(left) !== f.arg0(right) || f.flags[v] !== 0) return noValue;
  const width = 8 * (typeSize[f.typeOf(v)] as number);
  const up = f.arg1(left);
  const down = f.arg1(right);
  const constantUp = f.smallInt(up);
  const constantDown = f.smallInt(down);
  if (constantUp === constantUp && constantDown === constantDown) {
    const fits = ((constantUp + constantDown) & (width - 1)) === 0 && (constantUp & (width - 1)) !== 0;
    return fits ? become(v, Op.rotr, f.arg0(left), down) : noValue;
  }
  // By 0, both shifts leave all bits where they are: then `|` alone gives what the rotation does.
  if (op !== Op.or) return noValue;
  if (isRest(f, up, down, width)) return become(v, Op.rotr, f.arg0(left), down);
  return isRest(f, down, up, width) ? become(v, Op.rotl, f.arg0(left), up) : noValue;
}

/** `amount` is `width - other`, or such a difference modulo the width. */
function isRest(f: IrFunction, amount: Value, other: Value, width: number): boolean {
  const difference = lowBits(f, amount, width);
  const op = f.opOf(difference);
  if (op !== Op.sub && op !== Op["ssub.trap"] && op !== Op["usub.trap"]) return false;
  const whole = f.smallInt(f.arg0(difference));
  return whole === whole && (whole & (width - 1)) === 0 && lowBits(f, f.arg1(difference), width) === lowBits(f, other, width);
}

/** What gives the bits of an amount that count: they are fewer than any type has. */
function lowBits(f: IrFunction, amount: Value, width: number): Value {
  for (let v = amount; ; v = f.arg0(v)) {
    const op = f.op[v];
    if (op !== Op.trunc && op !== Op.zext && op !== Op.sext && !(op === Op.and && f.smallInt(f.arg1(v)) === width - 1)) return v;
  }
}
