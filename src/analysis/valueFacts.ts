/**
 * What is known of integer values at a point of a walk down the dominator tree: an interval for each, and the order of pairs as branches and
 * passed checks tell it. Facts of a block go when the walk leaves it.
 */

import { ValueFlag, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, isInteger } from "../ir/types.ts";
import { FloatColumn, IntList } from "./columns.ts";
import { comparedIntervals, constantInterval, highest, interval, lowest } from "./ranges.ts";

/** How many facts about pairs a question looks at, newest first. */
const lookBack = 32;

export class ValueFacts {
  low = new Float64Array(0);
  high = new Float64Array(0);
  private f: IrFunction | undefined = undefined;
  private readonly lows = new FloatColumn();
  private readonly highs = new FloatColumn();
  private readonly undoValue = new IntList();
  private undoLow: number[] = [];
  private undoHigh: number[] = [];
  /** "a op b holds", op one of slt, sle, ult, ule, ne; `and`: none of the bits of the constant b is set in a. */
  private readonly factOp = new IntList();
  private readonly factA = new IntList();
  private readonly factB = new IntList();

  start(f: IrFunction): void {
    this.f = f;
    this.low = this.lows.filled(f.valueCount, NaN);
    this.high = this.highs.filled(f.valueCount, NaN);
    for (const list of [this.undoValue, this.factOp, this.factA, this.factB]) list.clear();
    this.undoLow.length = 0;
    this.undoHigh.length = 0;
  }

  /** A mark to return to. */
  get intervals(): number { return this.undoValue.length; }
  get relations(): number { return this.factOp.length; }

  leave(intervals: number, relations: number): void {
    while (this.undoValue.length > intervals) {
      const v = this.undoValue.pop();
      this.low[v] = this.undoLow.pop() as number;
      this.high[v] = this.undoHigh.pop() as number;
    }
    this.factOp.length = relations;
    this.factA.length = relations;
    this.factB.length = relations;
  }

  /** The type has intervals: an integer of at most 64 bits. */
  isTracked(v: Value): boolean {
    const type = (this.f as IrFunction).typeOf(v);
    return isInteger(type) && type !== Type.i128;
  }

  lowOf(v: Value): number {
    this.prepare(v);
    return this.low[v] as number;
  }

  highOf(v: Value): number {
    this.prepare(v);
    return this.high[v] as number;
  }

  /** What a value is from its definition on. */
  define(v: Value, low: number, high: number): void {
    if (v >= this.low.length) return;
    this.low[v] = low;
    this.high[v] = high;
  }

  /** Constants, and values that no definition was seen of, get what their type or their flags say. */
  private prepare(v: Value): void {
    if (this.low[v] === this.low[v]) return;
    const f = this.f as IrFunction;
    if (f.isConst(v) && this.isTracked(v)) {
      constantInterval(f, v);
      return this.define(v, interval.low, interval.high);
    }
    const type = f.typeOf(v);
    const tracked = this.isTracked(v);
    const positive = tracked && type !== Type.ptr && !f.isFloating(v) && ((f.flags[v] as number) & ValueFlag.nonnull) !== 0;
    this.define(v, tracked ? (positive ? 0 : (lowest[type] as number)) : -Infinity, tracked ? (highest[type] as number) : Infinity);
  }

  /** Within the blocks being walked the value lies between these too. */
  refine(v: Value, low: number, high: number): void {
    const f = this.f as IrFunction;
    if (f.isFloating(v) || v >= this.low.length || !this.isTracked(v)) return;
    this.prepare(v);
    const better = low > (this.low[v] as number) || high < (this.high[v] as number);
    if (!better) return;
    this.undoValue.push(v);
    this.undoLow.push(this.low[v] as number);
    this.undoHigh.push(this.high[v] as number);
    this.low[v] = Math.max(low, this.low[v] as number);
    this.high[v] = Math.min(high, this.high[v] as number);
    const op = f.opOf(v);
    if (op === Op.sext) this.refine(f.arg0(v), low, high);
    else if (op === Op.zext && (this.low[v] as number) >= 0 && (this.high[v] as number) <= (highest[f.typeOf(f.arg0(v))] as number)) this.refine(f.arg0(v), this.low[v] as number, this.high[v] as number);
    else if (op === Op["sadd.trap"] || (op === Op.add && ((f.flags[v] as number) & ValueFlag.noSignedWrap) !== 0)) {
      const b = f.arg1(v);
      if (f.isConst(b) && Math.abs(this.lowOf(b)) < 2 ** 31) this.refine(f.arg0(v), low - this.lowOf(b), high - this.lowOf(b));
    }
  }

  private relate(op: Op, a: Value, b: Value): void {
    this.factOp.push(op);
    this.factA.push(a);
    this.factB.push(b);
  }

  /** `a op b` is known to hold from here on. */
  assume(op: Op, a: Value, b: Value): void {
    switch (op) {
      case Op.sgt: return this.assume(Op.slt, b, a);
      case Op.sge: return this.assume(Op.sle, b, a);
      case Op.ugt: return this.assume(Op.ult, b, a);
      case Op.uge: return this.assume(Op.ule, b, a);
      case Op.slt:
        this.relate(op, a, b);
        this.refine(a, -Infinity, this.highOf(b) - 1);
        return this.refine(b, this.lowOf(a) + 1, Infinity);
      case Op.sle:
        this.relate(op, a, b);
        this.refine(a, -Infinity, this.highOf(b));
        return this.refine(b, this.lowOf(a), Infinity);
      case Op.ult:
      case Op.ule: {
        this.relate(op, a, b);
        const strict = op === Op.ult ? 1 : 0;
        // Below a number that is not negative, as unsigned: between 0 and it, and so as signed too.
        if (this.lowOf(b) < 0) return;
        this.refine(a, 0, this.highOf(b) - strict);
        this.refine(b, this.lowOf(a) + strict, Infinity);
        return this.relate(strict === 1 ? Op.slt : Op.sle, a, b);
      }
      case Op.eq: {
        const low = Math.max(this.lowOf(a), this.lowOf(b));
        const high = Math.min(this.highOf(a), this.highOf(b));
        this.refine(a, low, high);
        const f = this.f as IrFunction;
        if (low === 0 && high === 0 && f.op[a] === Op.and && f.isConst(f.arg1(a))) this.relate(Op.and, f.arg0(a), f.arg1(a));
        return this.refine(b, low, high);
      }
      case Op.ne:
        this.relate(op, a, b);
        if (this.lowOf(b) !== this.highOf(b)) return;
        if (this.lowOf(a) === this.lowOf(b)) this.refine(a, this.lowOf(b) + 1, Infinity);
        if (this.highOf(a) === this.highOf(b)) this.refine(a, -Infinity, this.highOf(b) - 1);
        return;
      default:
    }
  }

  /** 1: `a op b` holds here; 0: it does not; -1: not known. */
  compare(op: Op, a: Value, b: Value): number {
    const f = this.f as IrFunction;
    if (!this.isTracked(a)) return -1;
    const known = comparedIntervals(op, this.lowOf(a), this.highOf(a), this.lowOf(b), this.highOf(b));
    if (known >= 0) return known;
    switch (op) {
      case Op.slt: return this.holds(Op.slt, a, b) ? 1 : this.holds(Op.sle, b, a) ? 0 : -1;
      case Op.sle: return this.holds(Op.sle, a, b) ? 1 : this.holds(Op.slt, b, a) ? 0 : -1;
      case Op.ult:
        if (f.op[a] === Op.urem && f.arg1(a) === b) return 1;
        return this.holdsUnsigned(Op.ult, Op.slt, a, b) ? 1 : this.holdsUnsigned(Op.ule, Op.sle, b, a) ? 0 : -1;
      case Op.ule: return this.holdsUnsigned(Op.ule, Op.sle, a, b) ? 1 : this.holdsUnsigned(Op.ult, Op.slt, b, a) ? 0 : -1;
      case Op.sgt: return this.compare(Op.slt, b, a);
      case Op.sge: return this.compare(Op.sle, b, a);
      case Op.ugt: return this.compare(Op.ult, b, a);
      case Op.uge: return this.compare(Op.ule, b, a);
      case Op.eq:
      case Op.ne: {
        const different = this.holds(Op.slt, a, b) || this.holds(Op.slt, b, a) || this.known(Op.ne, a, b) || this.known(Op.ult, a, b) || this.known(Op.ult, b, a);
        return different ? (op === Op.ne ? 1 : 0) : -1;
      }
      default: return -1;
    }
  }

  /** Some value is known to be greater (or, with `above` false, smaller): then one more (or less) does not leave the type. */
  hasRoom(op: Op, v: Value, above: boolean): boolean {
    for (let i = this.factOp.length - 1, end = Math.max(0, i - lookBack); i >= end; i--)
      if (this.factOp.data[i] === op && (above ? this.factA.data[i] : this.factB.data[i]) === v) return true;
    return false;
  }

  /** A comparison told that `v` has none of the bits of the constant `mask`. */
  hasNone(v: Value, mask: Value): boolean {
    return this.known(Op.and, v, mask);
  }

  private known(op: Op, a: Value, b: Value): boolean {
    for (let i = this.factOp.length - 1, end = Math.max(0, i - lookBack); i >= end; i--)
      if (this.factOp.data[i] === op && this.factA.data[i] === a && this.factB.data[i] === b) return true;
    return false;
  }

  /** Signed order; what is smaller than a smaller one counts: (a - c) < b follows from a < b, and from a <= b where c is not 0. */
  private holds(op: Op, a: Value, b: Value): boolean {
    const f = this.f as IrFunction;
    if (op === Op.sle && this.decrease(a) === -1 && this.holdsStrictly(f.arg0(a), b)) return true; // x + 1 <= b
    for (let steps = 0; steps < 3; steps++) {
      if (this.known(Op.slt, a, b) || (op === Op.sle && (a === b || this.known(Op.sle, a, b)))) return true;
      const by = this.decrease(a);
      if (!(by >= 0)) return false;
      if (by > 0) op = Op.sle;
      a = f.arg0(a);
    }
    return false;
  }

  private holdsStrictly(a: Value, b: Value): boolean {
    return this.known(Op.slt, a, b) || (this.known(Op.sle, a, b) && (this.known(Op.ne, a, b) || this.known(Op.ne, b, a)));
  }

  /** By how much at least a value is smaller than its first operand, as it does not wrap; NaN if it is no such difference, or not known to be. */
  private decrease(v: Value): number {
    const f = this.f as IrFunction;
    const op = f.op[v];
    const exact = ((f.flags[v] as number) & ValueFlag.noSignedWrap) !== 0;
    if (op === Op["ssub.trap"] || (op === Op.sub && exact)) return this.lowOf(f.arg1(v));
    return op === Op["sadd.trap"] || (op === Op.add && exact) ? -this.highOf(f.arg1(v)) : NaN;
  }

  private holdsUnsigned(op: Op, signed: Op, a: Value, b: Value): boolean {
    if (this.known(Op.ult, a, b) || (op === Op.ule && this.known(Op.ule, a, b))) return true;
    return this.lowOf(a) >= 0 && this.holds(signed, a, b);
  }
}
