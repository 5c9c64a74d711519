/** For tests: random IR modules from a seed, with every operation that selection knows, loops that end, checks that may fail. */

import { Builder } from "../ir/builder.ts";
import type { Variable } from "../ir/builder.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { printModule } from "../ir/print.ts";
import { Type } from "../ir/types.ts";

export interface RandomOptions {
  readonly wide?: boolean;
  readonly floats?: boolean;
  readonly statements?: number;
  /** As a front end builds for -O0. */
  readonly variablesInMemory?: boolean;
  /** How many variables live through the whole function; 5 by default, more than registers to make values go to the stack. */
  readonly variables?: number;
}

const integers = [Type.i8, Type.i16, Type.i32, Type.i64, Type.i64, Type.i32];
const wrapping = [Op.add, Op.sub, Op.mul, Op.and, Op.or, Op.xor, Op.shl, Op.lshr, Op.ashr, Op.rotl, Op.rotr, Op.smulh, Op.umulh];
const wideWrapping = [Op.add, Op.sub, Op.mul, Op.and, Op.or, Op.xor, Op.shl, Op.lshr, Op.ashr];
const unary = [Op.clz, Op.ctz, Op.popcount, Op.bswap];
const checked = [Op["sadd.trap"], Op["uadd.trap"], Op["ssub.trap"], Op["usub.trap"], Op["smul.trap"], Op["umul.trap"]];
const overflowing = [Op["sadd.overflows"], Op["uadd.overflows"], Op["ssub.overflows"], Op["usub.overflows"], Op["smul.overflows"], Op["umul.overflows"]];
const comparing = [Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge];
const floatComparing = [Op.feq, Op.fne, Op.flt, Op.fle, Op.fgt, Op.fge];
const floatBinary = [Op.fadd, Op.fsub, Op.fmul, Op.fdiv, Op.fcopysign];
const floatUnary = [Op.fneg, Op.fabs, Op.ffloor, Op.fceil, Op.ftrunc, Op.fnearest];
const interesting = [0, 1, 2, 3, 7, 8, 15, 16, 31, 63, 64, 127, 128, 255, 256, 1000, 32767, 65535, 2147483647, 2147483648, 4294967295, 4294967296, 2 ** 52];

export class RandomModule {
  readonly module = new Module();
  readonly text: string;
  private state: number;
  private readonly options: RandomOptions;
  private readonly b: Builder;
  private readonly known: Value[] = [];
  private variables: { variable: Variable; type: Type }[] = [];
  private functions: SymbolId[] = [];
  private depth = 0;
  private budget = 0;
  private slots: Value[] = [];
  private readonly overflow: number;
  private readonly bounds: number;

  constructor(seed: number, options: RandomOptions = {}) {
    this.state = seed * 2654435761 + 12345;
    this.options = options;
    this.b = new Builder(this.module, { variablesInMemory: options.variablesInMemory ?? false });
    this.overflow = this.module.trap("overflow");
    this.bounds = this.module.trap("bounds");
    this.make("leaf", [Type.i64, Type.i32], Type.i64, 6);
    this.make("many", [Type.i64, Type.i64, Type.i32, Type.i64, Type.i8, Type.i64, Type.i64, Type.i64, Type.i64, Type.i64, Type.i16], Type.i64, 8);
    if (options.floats === true) this.make("floating", [Type.f64, Type.i64, Type.f32], Type.f64, 8);
    this.make("test", [Type.i64, Type.i64, Type.i32, ...(options.floats === true ? [Type.f64] : [])], Type.i64, options.statements ?? 25);
    this.text = printModule(this.module);
  }

  random(below: number): number {
    this.state = Math.imul(this.state ^ (this.state >>> 15), 0x2c1b3c6d);
    this.state = Math.imul(this.state ^ (this.state >>> 12), 0x297a2d39);
    this.state = (this.state ^ (this.state >>> 15)) + 0x6d2b79f5;
    return (this.state >>> 3) % below;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.random(items.length)] as T;
  }

  private make(name: string, parameters: Type[], result: Type, statements: number): void {
    const { b, module } = this;
    const symbol = module.declareFunction(name, module.signature(parameters, [result]), "local");
    const f = b.start(symbol);
    this.known.length = 0;
    this.variables = [];
    this.depth = 0;
    this.budget = statements * 3;
    parameters.forEach((_, i) => this.known.push(f.param(b.current, i)));
    // Without slots a function may make its frame late, or have none.
    this.slots = this.random(3) === 0 ? [] : [f.slotAddress(f.slot(64, 16)), f.slotAddress(f.slot(16, 8))];
    for (const slot of this.slots) b.typed(Op.fill, Type.void, slot, f.int(Type.i8, this.random(3)), f.int(Type.i64, slot === this.slots[0] ? 64 : 16));
    for (let i = 0; i < (this.options.variables ?? 5); i++) {
      const type = this.type();
      const variable = b.variable(type);
      b.write(variable, this.value(type));
      this.variables.push({ variable, type });
    }
    if (this.random(2) === 0) this.earlyReturn(result);
    this.statements(statements);
    let sum = this.value(result);
    if (result === Type.i64) {
      for (const { variable, type } of this.variables) sum = b.emit(Op.xor, b.emit(Op.mul, sum, f.int(Type.i64, 31)), this.as64(b.read(variable), type));
      for (let at = 0; at < 64 && this.slots.length > 0; at += 8) sum = b.emit(Op.add, b.emit(Op.rotl, sum, f.int(Type.i64, 5)), b.load(Type.i64, this.slots[0] as Value, at));
    }
    b.return([sum]);
    b.finish();
    this.functions.push(symbol);
  }

  private earlyReturn(result: Type): void {
    const { b } = this;
    const [leave, stay] = [b.block(), b.block()];
    b.branch(this.condition(), leave, stay);
    b.seal(leave);
    b.seal(stay);
    b.switchTo(leave);
    if (this.random(3) === 0) this.scoped(() => this.statements(2));
    b.return([this.value(result)]);
    b.switchTo(stay);
  }

  private as64(v: Value, type: Type): Value {
    const { b } = this;
    if (type === Type.i64) return v;
    if (type === Type.i128) return b.typed(Op.trunc, Type.i64, b.emit(Op.xor, v, b.emit(Op.lshr, v, b.f.int(Type.i128, 64))));
    if (type === Type.f64) return b.typed(Op.bitcast, Type.i64, this.canonical(v));
    if (type === Type.f32) return b.typed(Op.zext, Type.i64, b.typed(Op.bitcast, Type.i32, this.canonical(v)));
    return b.typed(Op.zext, Type.i64, v);
  }

  /** NaNs differ in their bits between machines. */
  private canonical(v: Value): Value {
    const { b } = this;
    const type = b.f.typeOf(v);
    return b.typed(Op.select, type, b.emit(Op.feq, v, v), v, type === Type.f64 ? b.f.f64(7.25) : b.f.f32(7.25));
  }

  private type(): Type {
    const roll = this.random(20);
    if (this.options.floats === true && roll < 6) return roll < 4 ? Type.f64 : Type.f32;
    if (this.options.wide === true && roll > 14) return Type.i128;
    return this.pick(integers);
  }

  private constant(type: Type): Value {
    const { f } = this.b;
    const sign = this.random(2) === 0 ? 1 : -1;
    if (type === Type.f64) return f.f64(this.random(4) === 0 ? this.pick([0, -0, 1e300, 1e-300, Infinity, NaN, 2 ** 63, 2 ** 52 + 0.5]) : (sign * this.random(10000)) / 16);
    if (type === Type.f32) return f.f32(Math.fround((sign * this.random(10000)) / 16));
    if (type === Type.i128) return f.big(type, BigInt(this.random(1 << 20)) * BigInt(sign) * (this.random(2) === 0 ? 1n : 1n << 70n) + BigInt(this.pick(interesting)));
    if (type === Type.i64 && this.random(6) === 0) return f.big(type, BigInt(this.random(1 << 28)) * 0x123456789abn * BigInt(sign));
    return f.int(type, this.random(3) === 0 ? sign * this.random(100) : sign * this.pick(interesting));
  }

  private value(type: Type): Value {
    const { b, known } = this;
    if (this.random(6) === 0) return this.constant(type);
    if (this.random(3) === 0) {
      const fitting = this.variables.filter((x) => x.type === type);
      if (fitting.length > 0) return b.read(this.pick(fitting).variable);
    }
    for (let tries = 0; tries < 12 && known.length > 0; tries++) {
      const recent = this.random(2) === 0 ? Math.max(0, known.length - 1 - this.random(6)) : this.random(known.length);
      const v = known[recent] as Value;
      if (b.f.typeOf(v) === type) return v;
    }
    return this.constant(type);
  }

  private keep(v: Value): Value {
    this.known.push(v);
    return v;
  }

  private statements(count: number): void {
    for (let i = 0; i < count && this.budget > 0; i++) {
      this.budget--;
      this.statement();
    }
  }

  private condition(): Value {
    const { b } = this;
    if (this.options.floats === true && this.random(4) === 0) {
      const type = this.pick([Type.f32, Type.f64]);
      return b.emit(this.pick(floatComparing), this.value(type), this.value(type));
    }
    if (this.random(6) === 0) return this.value(Type.i8);
    const type = this.options.wide === true && this.random(5) === 0 ? Type.i128 : this.pick(integers);
    return b.emit(this.pick(comparing), this.value(type), this.value(type));
  }

  private statement(): void {
    const roll = this.random(100);
    if (roll < 8 && this.depth < 3) this.conditional();
    else if (roll < 14 && this.depth < 2) this.loop();
    else if (roll < 16 && this.depth < 3) this.choice();
    else if (roll < 26) {
      const { variable, type } = this.pick(this.variables);
      this.b.write(variable, this.value(type));
    } else if (roll < 36) this.memory();
    else if (roll < 40) this.call();
    else if (roll < 43) this.check();
    else if (roll < 50) this.convert();
    else if (this.options.floats === true && roll < 65) this.float();
    else this.integer();
  }

  private integer(): void {
    const { b } = this;
    const f = b.f;
    const wide = this.options.wide === true && this.random(4) === 0;
    const type = wide ? Type.i128 : this.pick(integers);
    const roll = this.random(20);
    const x = this.value(type);
    const y = this.value(type);
    if (roll < 9) this.keep(b.emit(this.pick(wide ? wideWrapping : wrapping), x, y));
    else if (roll < 11) this.keep(b.emit(this.pick(comparing), x, y));
    else if (roll < 13) {
      const condition = this.condition();
      this.keep(b.typed(Op.select, type, condition, x, y));
    } else if (roll < 14 && !wide) this.keep(b.emit(this.pick(unary), x));
    else if (roll < 16) {
      // Small operands, so that most checks pass.
      const small = b.emit(Op.lshr, x, f.int(type, this.random(3) + ((type === Type.i8 ? 6 : type === Type.i16 ? 12 : type === Type.i32 ? 24 : 52))));
      this.keep(b.emit(this.pick(checked), b.emit(Op.or, small, f.int(type, 3)), this.random(2) === 0 ? f.int(type, this.random(3) + 1) : f.int(type, 2), this.overflow));
    } else if (roll < 17) this.keep(b.emit(this.pick(overflowing), x, y));
    else {
      // Division: the divisor is made odd and positive, or a constant.
      const divisor = this.random(2) === 0 ? f.int(type, this.pick([1, 2, 3, 5, 7, 10, 16, 100, 64])) : b.emit(Op.or, b.emit(Op.lshr, y, f.int(type, 1 + this.random(5))), f.int(type, 1));
      this.keep(b.emit(this.pick([Op.sdiv, Op.udiv, Op.srem, Op.urem]), x, divisor));
    }
  }

  private float(): void {
    const { b } = this;
    const type = this.pick([Type.f64, Type.f64, Type.f32]);
    const roll = this.random(12);
    if (roll < 5) this.keep(b.emit(this.pick(floatBinary), this.value(type), this.value(type)));
    else if (roll < 8) this.keep(b.emit(this.pick(floatUnary), this.value(type)));
    else if (roll < 9) this.keep(b.emit(Op.fsqrt, b.emit(Op.fabs, this.value(type))));
    else if (roll < 10) this.keep(b.emit(this.pick(floatComparing), this.value(type), this.value(type)));
    else if (roll < 11) this.keep(b.emit(Op.fma, this.value(type), this.value(type), this.value(type)));
    else {
      const condition = this.condition();
      this.keep(b.typed(Op.select, type, condition, this.value(type), this.value(type)));
    }
  }

  private convert(): void {
    const { b } = this;
    const order = [Type.i8, Type.i16, Type.i32, Type.i64, ...(this.options.wide === true ? [Type.i128] : [])];
    if (this.options.floats === true && this.random(2) === 0) {
      const float = this.pick([Type.f32, Type.f64]);
      const integer = this.pick(order);
      const roll = this.random(6);
      if (roll < 2) this.keep(b.typed(roll === 0 ? Op.stof : Op.utof, float, this.value(integer)));
      else if (roll < 4) this.keep(b.typed(roll === 2 ? Op.ftos : Op.ftou, integer, this.value(float)));
      else if (roll === 4) this.keep(b.emit(Op.fpromote, this.value(Type.f32)));
      else this.keep(b.typed(Op.fdemote, Type.f32, this.value(Type.f64)));
      return;
    }
    const i = this.random(order.length);
    const j = this.random(order.length);
    if (i === j) return;
    const v = this.value(order[i] as Type);
    if (i < j) this.keep(b.typed(this.random(2) === 0 ? Op.sext : Op.zext, order[j] as Type, v));
    else this.keep(b.typed(Op.trunc, order[j] as Type, v));
  }

  private memory(): void {
    const { b } = this;
    const f = b.f;
    if (this.slots.length === 0) {
      this.integer();
      return;
    }
    const type = this.type();
    const slot = this.slots[0] as Value;
    const roll = this.random(8);
    if (roll < 2) {
      const index = b.emit(Op.and, this.value(Type.i64), f.int(Type.i64, 31));
      const pointer = b.emit(Op["ptr.add"], slot, index);
      if (roll === 0) this.keep(b.load(type, pointer, this.random(16)));
      else b.store(this.storable(type), pointer, this.random(16));
    } else if (roll < 3) {
      const index = b.emit(Op.and, this.value(Type.i64), f.int(Type.i64, 3));
      const pointer = b.emit(Op["ptr.add"], slot, b.emit(Op.shl, index, f.int(Type.i64, this.random(4))));
      this.keep(b.load(type, pointer, 8));
    } else if (roll < 5) this.keep(b.load(type, slot, this.random(48)));
    else if (roll < 7) b.store(this.storable(type), slot, this.random(48));
    else if (this.random(2) === 0) b.typed(Op.copy, Type.void, this.slots[1], slot, f.int(Type.i64, this.random(17)));
    else b.typed(Op.move, Type.void, b.emit(Op["ptr.add"], slot, f.int(Type.i64, 8)), slot, f.int(Type.i64, this.random(3) === 0 ? 8 : 20));
  }

  private storable(type: Type): Value {
    const v = this.value(type);
    return type === Type.f32 || type === Type.f64 ? this.canonical(v) : v;
  }

  private call(): void {
    const { b } = this;
    if (this.functions.length === 0 || this.depth > 1) return;
    const symbol = this.pick(this.functions);
    const args = this.module.signatureOf(symbol).parameters.map((type) => this.value(type));
    if (this.random(4) === 0) this.keep(b.callIndirect(b.f.address(symbol), this.module.functionSignatures[symbol] as never, args));
    else this.keep(b.call(symbol, args));
  }

  private check(): void {
    const { b } = this;
    const f = b.f;
    const v = b.emit(Op.and, this.value(Type.i64), f.int(Type.i64, 255));
    b.trapIf(b.emit(Op.ugt, v, f.int(Type.i64, 250)), this.bounds, [v, f.int(Type.i64, 250)]);
  }

  private scoped(body: () => void): void {
    const before = this.known.length;
    this.depth++;
    body();
    this.depth--;
    this.known.length = before;
  }

  private conditional(): void {
    const { b } = this;
    const condition = this.condition();
    const [yes, no, after] = [b.block(), b.block(), b.block()];
    b.branch(condition, yes, this.random(4) === 0 ? after : no);
    const reaches = b.f.edgeTarget[b.f.edgeCount - 1] === no;
    b.seal(yes);
    b.switchTo(yes);
    this.scoped(() => this.statements(1 + this.random(4)));
    b.jump(after);
    b.seal(no);
    b.switchTo(no);
    if (reaches) {
      this.scoped(() => this.statements(this.random(4)));
      b.jump(after);
    } else b.unreachable();
    b.seal(after);
    b.switchTo(after);
  }

  private loop(): void {
    const { b } = this;
    const f = b.f;
    const counter = b.variable(Type.i64);
    b.write(counter, f.int(Type.i64, 0));
    const [head, body, after] = [b.block(), b.block(), b.block()];
    b.jump(head);
    b.switchTo(head);
    const limit = f.int(Type.i64, 1 + this.random(9));
    b.branch(b.emit(Op.slt, b.read(counter), limit), body, after);
    b.seal(body);
    b.switchTo(body);
    this.scoped(() => {
      this.known.push(b.read(counter));
      this.statements(1 + this.random(6));
    });
    b.write(counter, b.emit(Op.add, b.read(counter), f.int(Type.i64, 1)));
    b.jump(head);
    b.seal(head);
    b.seal(after);
    b.switchTo(after);
  }

  private choice(): void {
    const { b } = this;
    const type = this.pick([Type.i8, Type.i32, Type.i64]);
    const dense = this.random(2) === 0;
    const value = b.emit(Op.and, this.value(type), b.f.int(type, dense ? 7 : 127));
    const blocks = Array.from({ length: 2 + this.random(5) }, () => b.block());
    const after = b.block();
    b.switch(value, blocks.map((target, i) => ({ low: dense ? i : i * 17, high: 0, target })), after);
    for (const block of blocks) {
      b.seal(block);
      b.switchTo(block);
      this.scoped(() => this.statements(1 + this.random(2)));
      b.jump(after);
    }
    b.seal(after);
    b.switchTo(after);
  }
}
