/** Arithmetic on pairs of i64 that stand for 128 bits, written into a function at the end of `block`. */

import type { Block, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";

export interface Pair {
  readonly low: Value;
  readonly high: Value;
}

export class WideOperations {
  block = 0 as Block;
  position = 0;
  site = 0;
  private readonly f: IrFunction;

  constructor(f: IrFunction) {
    this.f = f;
  }

  /** An operation; what a half that is 0 or two that are the same tell of it is made use of: an extended value has a high half of 0. */
  make(op: Op, type: Type, a = 0, b = 0, c = 0): Value {
    const known = this.known(op, type, a as Value, b as Value, c as Value);
    return known !== 0 ? (known as Value) : this.append(op, type, a, b, c);
  }

  /** An operation, as it stands. */
  append(op: Op, type: Type, a = 0, b = 0, c = 0): Value {
    const { f } = this;
    const v = f.append(this.block, f.create(op, type, a, b, c, this.position));
    f.site[v] = this.site;
    return v;
  }

  /** The value that the operation is known to give without being done, or 0. */
  private known(op: Op, type: Type, a: Value, b: Value, c: Value): number {
    switch (op) {
      case Op.add:
      case Op["uadd.trap"]:
      case Op.or:
      case Op.xor: return this.isZero(b) ? a : this.isZero(a) ? b : 0;
      case Op.sub:
      case Op.shl:
      case Op.lshr:
      case Op.ashr: return this.isZero(b) ? a : 0;
      case Op.and: return this.isAllOnes(b) || this.isZero(a) ? a : this.isZero(b) ? b : 0;
      case Op.mul:
      case Op.umulh: return this.isZero(a) ? a : this.isZero(b) ? b : 0;
      case Op.eq: return a === b ? this.f.int(type, 1) : 0;
      case Op.ne:
      case Op.ugt: return a === b ? this.f.int(type, 0) : 0;
      case Op.ult: return a === b || this.isZero(b) ? this.f.int(type, 0) : 0;
      case Op.select: return !this.f.isConst(a) ? 0 : this.isZero(a) ? c : b;
      default: return 0;
    }
  }

  private isZero(v: Value): boolean {
    const { f } = this;
    return f.op[v] === Op.const && f.a[v] === 0 && f.b[v] === 0;
  }

  private isAllOnes(v: Value): boolean {
    const { f } = this;
    return f.op[v] === Op.const && f.a[v] === -1 && f.b[v] === -1;
  }

  private i64(op: Op, a: number, b = 0): Value {
    return this.make(op, Type.i64, a, b);
  }

  private number(value: number): Value {
    return this.f.int(Type.i64, value);
  }

  private extended(bit: Value): Value {
    return this.make(Op.zext, Type.i64, bit);
  }

  binary(op: Op, x: Pair, y: Pair): Pair {
    switch (op) {
      case Op.add: return this.add(x, y).pair;
      case Op.sub: return this.subtract(x, y);
      case Op.mul: return this.multiply(x, y);
      case Op.and: case Op.or: case Op.xor: return { low: this.i64(op, x.low, y.low), high: this.i64(op, x.high, y.high) };
      case Op.shl: case Op.lshr: case Op.ashr: return this.shift(op, x, y.low);
      case Op.rotl: case Op.rotr: {
        const back = this.i64(Op.sub, this.number(0), y.low);
        const one = this.shift(Op.shl, x, op === Op.rotl ? y.low : back);
        const two = this.shift(Op.lshr, x, op === Op.rotl ? back : y.low);
        return { low: this.i64(Op.or, one.low, two.low), high: this.i64(Op.or, one.high, two.high) };
      }
      case Op.smulh: case Op.umulh: throw new Error("codegen/wideOperations.binary: no high half of a 128-bit product");
      default: throw new Error(`codegen/wideOperations.binary: operation ${op}`);
    }
  }

  /** The sum, and the carry into the high half as i64. Nothing stands between the low half and the sum with its carry: selection makes one of them. */
  private add(x: Pair, y: Pair): { pair: Pair; sum: Value; carry: Value } {
    const sum = this.i64(Op.add, x.high, y.high);
    const low = this.i64(Op.add, x.low, y.low);
    const carry = this.extended(this.make(Op.ult, Type.i8, low, x.low));
    return { pair: { low, high: this.i64(Op.add, sum, carry) }, sum, carry };
  }

  /** The sum of unsigned numbers, or the trap: of the two carries out of the high half either traps by itself, so that neither becomes a number. */
  addOrTrap(x: Pair, y: Pair, trap: number): Pair {
    const sum = this.make(Op["uadd.trap"], Type.i64, x.high, y.high, trap);
    const low = this.i64(Op.add, x.low, y.low);
    const carry = this.extended(this.make(Op.ult, Type.i8, low, x.low));
    const high = this.i64(Op.add, sum, carry);
    const over = this.make(Op.ult, Type.i8, high, sum);
    if (!this.f.isConst(over) || this.f.a[over] !== 0) this.make(Op["trap.if"], Type.void, over, trap, 0);
    return { low, high };
  }

  private subtract(x: Pair, y: Pair): Pair {
    const difference = this.i64(Op.sub, x.high, y.high);
    const low = this.i64(Op.sub, x.low, y.low);
    const borrow = this.extended(this.make(Op.ult, Type.i8, x.low, y.low));
    return { low, high: this.i64(Op.sub, difference, borrow) };
  }

  private multiply(x: Pair, y: Pair): Pair {
    const low = this.i64(Op.mul, x.low, y.low);
    const cross = this.i64(Op.add, this.i64(Op.mul, x.low, y.high), this.i64(Op.mul, x.high, y.low));
    return { low, high: this.i64(Op.add, this.i64(Op.umulh, x.low, y.low), cross) };
  }

  private negate(x: Pair): Pair {
    return this.subtract({ low: this.number(0), high: this.number(0) }, x);
  }

  private selectPair(condition: Value, x: Pair, y: Pair): Pair {
    return { low: this.make(Op.select, Type.i64, condition, x.low, y.low), high: this.make(Op.select, Type.i64, condition, x.high, y.high) };
  }

  /** Shifts take the amount modulo 128; the halves' own shifts take it modulo 64. */
  private shift(op: Op, x: Pair, amount: Value): Pair {
    const { f } = this;
    const zero = this.number(0);
    if (f.isConst(amount)) {
      const n = f.a[amount] & 127;
      if (n === 0) return x;
      const by = this.number(n & 63);
      const back = this.number(64 - (n & 63));
      const sign = op === Op.ashr ? this.i64(Op.ashr, x.high, this.number(63)) : zero;
      if (n === 64) return op === Op.shl ? { low: zero, high: x.low } : { low: x.high, high: sign };
      if (op === Op.shl) {
        if (n > 64) return { low: zero, high: this.i64(Op.shl, x.low, by) };
        return { low: this.i64(Op.shl, x.low, by), high: this.i64(Op.or, this.i64(Op.shl, x.high, by), this.i64(Op.lshr, x.low, back)) };
      }
      if (n > 64) return { low: this.i64(op, x.high, by), high: sign };
      return { low: this.i64(Op.or, this.i64(Op.lshr, x.low, by), this.i64(Op.shl, x.high, back)), high: this.i64(op, x.high, by) };
    }
    const big = this.make(Op.ne, Type.i8, this.i64(Op.and, amount, this.number(64)), zero);
    const back = this.i64(Op.xor, amount, this.number(63)); // 63 - n: with one more place, 64 - n without a shift by 64
    if (op === Op.shl) {
      const low = this.i64(Op.shl, x.low, amount);
      const carried = this.i64(Op.lshr, this.i64(Op.lshr, x.low, this.number(1)), back);
      return this.selectPair(big, { low: zero, high: low }, { low, high: this.i64(Op.or, this.i64(Op.shl, x.high, amount), carried) });
    }
    const high = this.i64(op, x.high, amount);
    const carried = this.i64(Op.shl, this.i64(Op.shl, x.high, this.number(1)), back);
    const low = this.i64(Op.or, this.i64(Op.lshr, x.low, amount), carried);
    const sign = op === Op.ashr ? this.i64(Op.ashr, x.high, this.number(63)) : zero;
    return this.selectPair(big, { low: high, high: sign }, { low, high });
  }

  unary(op: Op, { low, high }: Pair): Pair {
    const zero = this.number(0);
    if (op === Op.bswap) return { low: this.i64(Op.bswap, high), high: this.i64(Op.bswap, low) };
    if (op === Op.popcount) return { low: this.i64(Op.add, this.i64(Op.popcount, low), this.i64(Op.popcount, high)), high: zero };
    const [near, far] = op === Op.clz ? [high, low] : [low, high];
    const beyond = this.i64(Op.add, this.i64(op, far), this.number(64));
    const empty = this.make(Op.eq, Type.i8, near, zero);
    return { low: this.make(Op.select, Type.i64, empty, beyond, this.i64(op, near)), high: zero };
  }

  compare(op: Op, x: Pair, y: Pair): Value {
    if (op === Op.eq || op === Op.ne) {
      const differ = this.i64(Op.or, this.i64(Op.xor, x.low, y.low), this.i64(Op.xor, x.high, y.high));
      return this.make(op, Type.i8, differ, this.number(0));
    }
    const unsigned = op === Op.slt ? Op.ult : op === Op.sle ? Op.ule : op === Op.sgt ? Op.ugt : op === Op.sge ? Op.uge : op;
    const same = this.make(Op.eq, Type.i8, x.high, y.high);
    return this.make(Op.select, Type.i8, same, this.make(unsigned, Type.i8, x.low, y.low), this.make(op, Type.i8, x.high, y.high));
  }

  /** `which`: 0 to 5 for sadd uadd ssub usub smul umul. */
  checked(which: number, x: Pair, y: Pair): { pair: Pair; overflow: Value } {
    const negative = (v: Value): Value => this.make(Op.slt, Type.i8, v, this.number(0));
    const or = (a: Value, b: Value): Value => this.make(Op.or, Type.i8, a, b);
    if (which === 0) {
      const { pair } = this.add(x, y);
      return { pair, overflow: negative(this.i64(Op.and, this.i64(Op.xor, x.high, pair.high), this.i64(Op.xor, y.high, pair.high))) };
    }
    if (which === 1) {
      const { pair, sum } = this.add(x, y);
      return { pair, overflow: or(this.make(Op.ult, Type.i8, sum, x.high), this.make(Op.ult, Type.i8, pair.high, sum)) };
    }
    if (which === 2) {
      const pair = this.subtract(x, y);
      return { pair, overflow: negative(this.i64(Op.and, this.i64(Op.xor, x.high, y.high), this.i64(Op.xor, x.high, pair.high))) };
    }
    if (which === 3) return { pair: this.subtract(x, y), overflow: this.compare(Op.ult, x, y) };
    if (which === 5) return this.unsignedProduct(x, y);
    const [xNegative, yNegative] = [negative(x.high), negative(y.high)];
    const { pair: product, overflow } = this.unsignedProduct(
      this.selectPair(xNegative, this.negate(x), x), this.selectPair(yNegative, this.negate(y), y));
    const opposite = this.make(Op.xor, Type.i8, xNegative, yNegative);
    // The magnitude may reach 2^127 if the product is negative, and must stay below if not.
    const large = negative(product.high);
    const least = this.make(Op.and, Type.i8, this.make(Op.eq, Type.i8, product.high, this.f.constant(Type.i64, 0, 0x80000000 | 0)), this.make(Op.eq, Type.i8, product.low, this.number(0)));
    const allowed = this.make(Op.and, Type.i8, opposite, least);
    const tooLarge = this.make(Op.and, Type.i8, large, this.make(Op.xor, Type.i8, allowed, this.f.int(Type.i8, 1)));
    return { pair: this.selectPair(opposite, this.negate(product), product), overflow: or(overflow, tooLarge) };
  }

  private unsignedProduct(x: Pair, y: Pair): { pair: Pair; overflow: Value } {
    const zero = this.number(0);
    const isSet = (v: Value): Value => this.make(Op.ne, Type.i8, v, zero);
    const or = (a: Value, b: Value): Value => this.make(Op.or, Type.i8, a, b);
    const low = this.i64(Op.mul, x.low, y.low);
    const carried = this.i64(Op.umulh, x.low, y.low);
    const first = this.i64(Op.mul, x.low, y.high);
    const second = this.i64(Op.mul, x.high, y.low);
    const sum = this.i64(Op.add, carried, first);
    const high = this.i64(Op.add, sum, second);
    const bothHigh = this.make(Op.and, Type.i8, isSet(x.high), isSet(y.high));
    const beyond = or(isSet(this.i64(Op.umulh, x.low, y.high)), isSet(this.i64(Op.umulh, x.high, y.low)));
    const carries = or(this.make(Op.ult, Type.i8, sum, carried), this.make(Op.ult, Type.i8, high, sum));
    return { pair: { low, high }, overflow: or(bothHigh, or(beyond, carries)) };
  }
}
