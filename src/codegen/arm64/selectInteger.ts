/** Selection of division, bits, shifts, conversions, comparisons and what these decide. */
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { Flags, M, Second } from "./machineOps.ts";
import { selectBoth, selectComparison, selectCondition } from "./selectConditions.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";
import { shiftAmount } from "../shiftAmount.ts";

function logic(op: number, inverted: number) {
  return (s: Selector, v: number): void => {
    const { f } = s;
    let [a, b] = [f.a[v], f.b[v]];
    if (s.isConstant(s.strip(a))) [a, b] = [b, a];
    if (setBoth(s, v)) return;
    const width = s.atLeast32(v);
    const bits = s.bitmask(b, width);
    if (op === M.and && bits >= 0 && fieldExtract(s, v, a, b)) return;
    if (bits >= 0) {
      s.binary(op, width, s.result(v), s.inRegister(a), 0, Second.immediate, bits);
      return;
    }
    if (op === M.eor && s.isInteger(s.strip(b), -1)) {
      s.invert(width, s.result(v), a);
      return;
    }
    if (isNot(s, a) && !isNot(s, b)) [a, b] = [b, a];
    if (isNot(s, b)) s.withSecond(inverted, width, s.result(v), a, f.a[b], true);
    else {
      if (s.isShifted(a, width) && !s.isShifted(b, width)) [a, b] = [b, a];
      s.withSecond(op, width, s.result(v), a, b, true);
    }
  };
}

/** The truth of two comparisons. */
function setBoth(s: Selector, v: number): boolean {
  const result = s.result(v);
  const condition = selectBoth(s, v);
  if (condition < 0) return false;
  s.beginConsumer(s.mf.count - 1, Flags.set, condition);
  s.def(result);
  return true;
}

function isNot(s: Selector, v: number): boolean {
  const { f } = s;
  return f.op[v] === Op.xor && s.isFoldable(v) && s.isInteger(s.strip(f.b[v]), -1);
}

/** (x >> n) & mask as one extraction of a field. */
function fieldExtract(s: Selector, v: number, a: number, b: number): boolean {
  const { f } = s;
  const width = widthOfType[f.type[v]];
  if (width < 2 || f.op[a] !== Op.lshr || f.type[a] !== f.type[v] || !s.isFoldable(a) || f.op[f.b[a]] !== Op.const) return false;
  const c = s.strip(b);
  const [low, high] = [f.a[c], width === 3 ? f.b[c] : 0];
  const ones = high === 0 ? 32 - Math.clz32(low) : low === -1 ? 64 - Math.clz32(high) : 0;
  const isMask = high === 0 ? (low & (low + 1)) === 0 && ones > 0 : low === -1 && (high & (high + 1)) === 0;
  const by = f.a[f.b[a]] & ((8 << width) - 1);
  if (!isMask) return false;
  s.unary(M.bitfieldUnsigned, width, s.result(v), s.inRegister(f.a[a]), by | (Math.min(by + ones - 1, (8 << width) - 1) << 6));
  return true;
}

function divide(signed: boolean, remainder: boolean) {
  return (s: Selector, v: number): void => {
    const width = s.atLeast32(v);
    const [a, b] = [s.widened(s.f.a[v], signed), s.widened(s.f.b[v], signed)];
    const result = s.result(v);
    const quotient = remainder ? s.mf.newRegister(0) : result;
    s.binary(signed ? M.sdiv : M.udiv, width, quotient, a, b);
    if (!remainder) return;
    s.row(M.msub, width, v);
    s.def(result);
    s.use(quotient);
    s.use(b);
    s.use(a);
  };
}

function shift(op: number) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const own = widthOfType[f.type[v]];
    const width = Math.max(2, own);
    const [bits, size] = [8 << own, 8 << width];
    const amount = shiftAmount(s, f.b[v], bits);
    const result = s.result(v);
    if (f.op[amount] === Op.const) {
      const by = f.a[amount] & (bits - 1);
      const from = s.inRegister(f.a[v]);
      if (op === M.lsl) s.unary(M.bitfieldUnsigned, width, result, from, ((size - by) & (size - 1)) | ((size - 1 - by) << 6));
      else s.unary(op === M.lsr ? M.bitfieldUnsigned : M.bitfieldSigned, width, result, from, by | ((bits - 1) << 6));
      return;
    }
    const from = op === M.lsl ? s.inRegister(f.a[v]) : s.widened(f.a[v], op === M.asr);
    let by = s.inRegister(amount);
    if (own < 2) {
      const masked = mf.newRegister(0);
      s.binary(M.and, 2, masked, by, 0, Second.immediate, encodeBitmask(bits - 1, 0, false));
      by = masked;
    }
    s.binary(op, width, result, from, by);
  };
}

function rotate(left: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const own = widthOfType[f.type[v]];
    const width = Math.max(2, own);
    let from = s.widened(f.a[v], false);
    // Narrow ones are repeated to 32 bits, where they rotate as in their own width.
    for (let bits = 8 << own; bits < 32; bits *= 2) {
      const twice = mf.newRegister(0);
      s.binary(M.orr, 2, twice, from, from, Second.shifted, bits);
      from = twice;
    }
    const size = 8 << width;
    const amount = shiftAmount(s, f.b[v], size);
    if (f.op[amount] === Op.const) {
      s.unary(M.rotateImmediate, width, s.result(v), from, (left ? -f.a[amount] : f.a[amount]) & (size - 1));
      return;
    }
    let by = s.inRegister(amount);
    if (left) {
      const negated = mf.newRegister(0);
      s.binary(M.sub, width, negated, -f.int(Type.i64, 0), by);
      by = negated;
    }
    s.binary(M.ror, width, s.result(v), from, by);
  };
}

function countZeros(trailing: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const own = widthOfType[f.type[v]];
    const width = Math.max(2, own);
    let from = s.inRegister(f.a[v]);
    if (own < 2) {
      const bits = 8 << own;
      let moved = from;
      if (!trailing) {
        moved = mf.newRegister(0);
        s.unary(M.bitfieldUnsigned, 2, moved, from, bits | ((bits - 1) << 6)); // lsl by 32 - bits
      }
      const ended = mf.newRegister(0);
      s.binary(M.orr, 2, ended, moved, 0, Second.immediate, encodeBitmask(trailing ? 1 << bits : 1 << (31 - bits), 0, false));
      from = ended;
    }
    if (trailing) {
      const reversed = mf.newRegister(0);
      s.unary(M.rbit, width, reversed, from);
      from = reversed;
    }
    s.unary(M.clz, width, s.result(v), from);
  };
}

function popcount(s: Selector, v: number): void {
  s.unary(M.popcount, s.atLeast32(v), s.result(v), s.widened(s.f.a[v], false));
}

function swapBytes(s: Selector, v: number): void {
  const width = widthOfType[s.f.type[v]];
  const from = s.inRegister(s.f.a[v]);
  if (width === 0) s.unary(M.bitfieldUnsigned, 2, s.result(v), from, 7 << 6);
  else s.unary(width === 1 ? M.rev16 : M.rev, Math.max(2, width), s.result(v), from);
}

function extend(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const from = widthOfType[f.type[f.a[v]]];
    const to = Math.max(2, widthOfType[f.type[v]]);
    if (signed && s.foldsLoad(f.a[v])) {
      const load = f.a[v];
      s.prepareMemory(f.a[load], f.b[load], from);
      const row = s.row(M.loadSigned, from, load);
      mf.moveWidth[row] = to;
      s.def(s.result(v));
      s.addMemory(row);
      return;
    }
    const a = s.inRegister(f.a[v]);
    // Unsigned: writing 32 bits clears the rest.
    s.unary(signed ? M.bitfieldSigned : M.bitfieldUnsigned, signed ? to : 2, s.result(v), a, ((8 << from) - 1) << 6);
  };
}

function setResult(s: Selector, v: number): void {
  const result = s.result(v);
  const condition = selectComparison(s, v, false);
  s.beginConsumer(s.mf.count - 1, Flags.set, condition);
  s.def(result);
}

/** How `v` is made of another value by the conditional move itself: the move, and that value in `source` (0: zero). */
function change(s: Selector, v: number): { readonly move: number; readonly source: number } | undefined {
  const { f } = s;
  const c = s.strip(v);
  if (s.isInteger(c, 1)) return { move: Flags.moveIncrement, source: 0 };
  if (s.isInteger(c, -1)) return { move: Flags.moveInvert, source: 0 };
  if (!s.isFoldable(v)) return undefined;
  if (f.op[v] === Op.add && s.isInteger(s.strip(f.b[v]), 1)) return { move: Flags.moveIncrement, source: f.a[v] };
  if (isNot(s, v)) return { move: Flags.moveInvert, source: f.a[v] };
  if (f.op[v] === Op.sub && s.isInteger(s.strip(f.a[v]), 0)) return { move: Flags.moveNegate, source: f.b[v] };
  return undefined;
}

function select(s: Selector, v: number): void {
  const { f, mf } = s;
  if (setBoth(s, v)) return;
  const result = s.result(v);
  let [yes, no] = [f.b[v], f.c[v]];
  let move: number = isFloat(f.type[v]) ? Flags.moveFloat : Flags.move;
  let inverted = 0;
  if (move === Flags.move) {
    let changed = change(s, no);
    if (changed === undefined || (changed.source === 0 && s.isInteger(s.strip(yes), 1))) {
      const other = change(s, yes);
      if (other !== undefined) {
        changed = other;
        [yes, no] = [no, yes];
        inverted = 1;
      }
    }
    if (changed !== undefined) {
      move = changed.move;
      no = changed.source === 0 ? f.int(f.type[v] as Type, 0) : changed.source;
    }
  }
  const first = move === Flags.moveFloat ? s.inRegister(yes) : s.registerOrZero(yes);
  const second = move === Flags.moveFloat ? s.inRegister(no) : s.registerOrZero(no);
  const condition = selectCondition(s, f.a[v], false);
  const row = mf.count - 1;
  s.beginConsumer(row, move, condition ^ inverted);
  mf.moveWidth[row] = widthOfType[f.type[v]];
  s.def(result);
  s.use(first);
  s.use(second);
}

function branch(s: Selector, v: number): void {
  const condition = selectCondition(s, s.f.a[v], true);
  s.beginConsumer(s.mf.count - 1, Flags.branch, condition);
}

function trapIf(s: Selector, v: number): void {
  const condition = selectCondition(s, s.f.a[v], true);
  s.trapOn(s.mf.count - 1, condition, s.f.b[v], s.f.c[v]);
}

function multiplyHigh(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const width = widthOfType[f.type[v]];
    const [a, b] = [s.widened(f.a[v], signed), s.widened(f.b[v], signed)];
    if (width === 3) {
      s.binary(signed ? M.smulh : M.umulh, 3, s.result(v), a, b);
      return;
    }
    const product = mf.newRegister(0);
    s.binary(signed ? M.smull : M.umull, 3, product, a, b);
    s.unary(M.bitfieldUnsigned, 3, s.result(v), product, (8 << width) | (63 << 6));
  };
}

export const integerSelectors: SelectHandlers = {
  [Op.smulh]: multiplyHigh(true), [Op.umulh]: multiplyHigh(false),
  [Op.and]: logic(M.and, M.bic), [Op.or]: logic(M.orr, M.orn), [Op.xor]: logic(M.eor, M.eon),
  [Op.sdiv]: divide(true, false), [Op.udiv]: divide(false, false), [Op.srem]: divide(true, true), [Op.urem]: divide(false, true),
  [Op.shl]: shift(M.lsl), [Op.lshr]: shift(M.lsr), [Op.ashr]: shift(M.asr), [Op.rotl]: rotate(true), [Op.rotr]: rotate(false),
  [Op.clz]: countZeros(false), [Op.ctz]: countZeros(true), [Op.popcount]: popcount, [Op.bswap]: swapBytes,
  [Op.sext]: extend(true), [Op.zext]: extend(false),
  ...Object.fromEntries([Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge, Op.feq, Op.fne, Op.flt, Op.fle, Op.fgt, Op.fge].map((op) => [op, setResult] as const)),
  [Op.select]: select, [Op.branch]: branch, [Op["trap.if"]]: trapIf,
};
