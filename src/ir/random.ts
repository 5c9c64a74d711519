/**
 * Random valid programs, the same for the same seed: for passes (interpret before and after) and for code generators (interpret and run). They end:
 * loops count down, calls go to earlier functions only. What they do can be seen in the result of @main, in a trap, and in the words of @trace,
 * which @observe writes. Every byte of memory is written before it is read, and no result depends on the bits of a NaN.
 */

import { Builder, type Variable } from "./builder.ts";
import type { SymbolId, Value } from "./function.ts";
import { Module } from "./module.ts";
import { Op } from "./ops.ts";
import { Type, isFloat, typeSize } from "./types.ts";

export interface RandomOptions {
  /** Functions besides @main; 3 by default. */
  readonly functions?: number;
  /** Statements of a function, about; 12 by default. */
  readonly size?: number;
  /** Use i128 too. */
  readonly wide?: boolean;
  readonly floats?: boolean;
}

/** Names of what every random program has. */
export const randomNames = { main: "main", observe: "observe", trace: "trace" } as const;
/** Size of @trace in bytes: an i64 hash, an i64 count, then the last 16 words observed. */
export const traceSize = 144;

/** A program whose `@main` takes two i64 and gives one. */
export function randomModule(seed: number, options: RandomOptions = {}): Module {
  return new Generator(seed, options).module();
}

/** xorshift32: small, and the same everywhere. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** 0 … limit - 1. */
  below(limit: number): number { return this.next() % limit; }
  chance(percent: number): boolean { return this.below(100) < percent; }
  pick<T>(items: readonly T[]): T { return items[this.below(items.length)] as T; }
}

interface Callee {
  readonly symbol: SymbolId;
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
}

const arithmetic = [Op.add, Op.sub, Op.mul, Op.and, Op.or, Op.xor, Op.shl, Op.lshr, Op.ashr, Op.add, Op.sub];
const rare = [Op.rotl, Op.rotr, Op.smulh, Op.umulh];
const unary = [Op.clz, Op.ctz, Op.popcount, Op.bswap];
const checked = [Op["sadd.trap"], Op["uadd.trap"], Op["ssub.trap"], Op["usub.trap"], Op["smul.trap"], Op["umul.trap"], Op["sadd.trap"], Op["ssub.trap"]];
const overflowTests = [Op["sadd.overflows"], Op["uadd.overflows"], Op["ssub.overflows"], Op["usub.overflows"], Op["smul.overflows"], Op["umul.overflows"]];
const comparisons = [Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge];
const floatArithmetic = [Op.fadd, Op.fsub, Op.fmul, Op.fdiv];
const floatUnary = [Op.fneg, Op.fabs, Op.fsqrt, Op.ffloor, Op.fceil, Op.ftrunc, Op.fnearest];
const floatComparisons = [Op.feq, Op.fne, Op.flt, Op.fle, Op.fgt, Op.fge];
const interesting = [0, 1, -1, 2, 3, 5, 7, 8, 10, 16, 31, 64, 100, 127, 128, 255, 256, 1000, -2, -128, 32767, 65535, 2147483647, -2147483648, 4294967295];

class Generator {
  private readonly random: Random;
  private readonly options: RandomOptions;
  private readonly out = new Module();
  private readonly callees: Callee[] = [];
  private b: Builder;
  private readonly variables: { readonly variable: Variable; readonly type: Type }[] = [];
  private readonly arrays: { readonly pointer: Value; readonly count: number; readonly type: Type }[] = [];
  private depth = 0;
  private budget = 0;
  private nextPosition = 1;
  private readonly types: readonly Type[];
  private readonly overflow: number;
  private readonly bounds: number;
  private readonly divide: number;
  private observe: SymbolId = 0 as SymbolId;

  constructor(seed: number, options: RandomOptions) {
    this.random = new Random(seed);
    this.options = options;
    this.overflow = this.out.trap("overflow");
    this.bounds = this.out.trap("bounds");
    this.divide = this.out.trap("divide");
    this.b = new Builder(this.out);
    this.types = [Type.i8, Type.i16, Type.i32, Type.i64, Type.i32, Type.i64, ...(options.wide === true ? [Type.i128] : []), ...(options.floats === false ? [] : [Type.f64, Type.f32])];
  }

  module(): Module {
    this.traceFunction();
    for (let i = 0; i < (this.options.functions ?? 3); i++) {
      const parameters = Array.from({ length: this.random.below(4) }, () => this.anyType());
      const results = Array.from({ length: this.random.below(3) }, () => this.anyType());
      this.func(`f${i}`, parameters, results, this.random.chance(20) ? "always" : "auto");
    }
    this.func(randomNames.main, [Type.i64, Type.i64], [Type.i64], "auto");
    return this.out;
  }

  private anyType(): Type { return this.random.pick(this.types); }

  private integerType(): Type {
    const type = this.anyType();
    return isFloat(type) ? Type.i64 : type;
  }

  /** hash = hash * 31 + x; words[count++ % 16] = x */
  private traceFunction(): void {
    const { out } = this;
    const trace = out.declareData(randomNames.trace, "exported");
    out.data.set(trace, { symbol: trace, bytes: new Uint8Array(0), size: traceSize, alignment: 8, writable: true, mergeable: false, relocations: [] });
    this.observe = out.declareFunction(randomNames.observe, out.signature([Type.i64], []), "local", { inline: "never", cold: false, noreturn: false });
    const b = new Builder(out);
    const f = b.start(this.observe);
    const x = f.param(b.current, 0);
    const at = f.address(trace);
    b.store(b.emit(Op.add, b.emit(Op.mul, b.load(Type.i64, at, 0), f.int(Type.i64, 31)), x), at, 0);
    const count = b.load(Type.i64, at, 8);
    b.store(b.emit(Op.add, count, f.int(Type.i64, 1)), at, 8);
    const offset = b.emit(Op.shl, b.emit(Op.and, count, f.int(Type.i64, 15)), f.int(Type.i64, 3));
    b.store(x, b.emit(Op["ptr.add"], at, offset), 16);
    b.return();
    b.finish();
  }

  private func(name: string, parameters: readonly Type[], results: readonly Type[], inline: "auto" | "always"): void {
    const { out, random } = this;
    const symbol = out.declareFunction(name, out.signature(parameters, results), name === randomNames.main ? "exported" : "local", { inline, cold: false, noreturn: false });
    this.b = new Builder(out, { variablesInMemory: random.chance(50) });
    const f = this.b.start(symbol);
    const entry = this.b.current;
    this.variables.length = 0;
    this.arrays.length = 0;
    this.depth = 0;
    this.budget = this.options.size ?? 12;
    parameters.forEach((type, i) => this.define(type, f.param(entry, i)));
    for (let i = 0; i < 3; i++) {
      const type = this.anyType();
      this.define(type, this.constant(type));
    }
    for (let i = random.below(3); i > 0; i--) this.array();
    while (this.budget > 0) this.statement();
    for (let i = 0; i < 2; i++) this.see(this.expression(Type.i64, 2));
    this.b.return(results.map((type) => this.expression(type, 1)));
    this.b.finish();
    if (name !== randomNames.main) this.callees.push({ symbol, parameters, results });
  }

  private define(type: Type, value: Value): void {
    const variable = this.b.variable(type);
    this.b.write(variable, value);
    this.variables.push({ variable, type });
  }

  private array(): void {
    const { b, random } = this;
    const type = this.anyType();
    const count = 1 << random.below(4);
    const size = typeSize[type] as number;
    const slot = b.f.slot(count * size, size);
    const pointer = b.f.slotAddress(slot);
    b.emit(Op.fill, pointer, b.f.int(Type.i8, 0), b.f.int(Type.i64, count * size));
    this.arrays.push({ pointer, count, type });
  }

  private see(value: Value): void {
    this.position();
    this.b.call(this.observe, [value]);
  }

  private position(): void {
    this.b.position = this.nextPosition++;
  }

  // ── statements ──

  private statement(): void {
    const { random, b } = this;
    this.budget--;
    this.position();
    const kind = random.below(100);
    if (kind < 35) {
      const { variable, type } = random.pick(this.variables);
      b.write(variable, this.expression(type, 3));
    } else if (kind < 50 && this.arrays.length > 0) {
      const array = random.pick(this.arrays);
      b.store(this.expression(array.type, 2), this.element(array.pointer, array.count, array.type), 0);
    } else if (kind < 58 && this.arrays.length > 1) {
      const to = random.pick(this.arrays);
      const from = random.pick(this.arrays);
      const size = Math.min(to.count * (typeSize[to.type] as number), from.count * (typeSize[from.type] as number));
      b.emit(random.chance(50) ? Op.copy : Op.move, to.pointer, from.pointer, b.f.int(Type.i64, size));
    } else if (kind < 70 && this.depth < 3) this.branch();
    else if (kind < 80 && this.depth < 2) this.loop();
    else if (kind < 84 && this.depth < 3) this.switch();
    else if (kind < 90) this.see(this.expression(Type.i64, 2));
    else if (kind < 93) b.trapIf(this.guarded(this.expression(Type.i8, 2)), this.bounds, [this.expression(Type.i64, 1)]);
    else this.call();
  }

  /** Mostly 0, so that programs get past it. */
  private guarded(condition: Value): Value {
    const { b } = this;
    return b.emit(Op.eq, b.emit(Op.and, condition, b.f.int(Type.i8, 127)), b.f.int(Type.i8, 77));
  }

  private block(statements: number): void {
    this.depth++;
    for (let i = 0; i < statements; i++) this.statement();
    this.depth--;
  }

  private branch(): void {
    const { b, random } = this;
    const yes = b.block();
    const no = b.block();
    const after = b.block();
    b.branch(this.condition(2), yes, no);
    b.seal(yes);
    b.seal(no);
    b.switchTo(yes);
    this.block(1 + random.below(2));
    if (random.chance(10)) b.return(this.returned());
    else b.jump(after);
    b.switchTo(no);
    if (random.chance(60)) this.block(1 + random.below(2));
    b.jump(after);
    b.seal(after);
    b.switchTo(after);
  }

  private returned(): Value[] {
    const { results } = this.out.signatureOf(this.b.f.symbol);
    return results.map((type) => this.expression(type, 1));
  }

  /** A counter of its own, up or down, that the body sees but does not write. */
  private loop(): void {
    const { b, random } = this;
    const type = random.pick([Type.i32, Type.i64]);
    const counter = b.variable(type);
    const trips = 1 + random.below(9);
    const down = random.chance(30);
    b.write(counter, b.f.int(type, down ? trips : 0));
    const head = b.block();
    const body = b.block();
    const after = b.block();
    b.jump(head);
    b.switchTo(head);
    b.branch(b.emit(down ? Op.sgt : random.pick([Op.slt, Op.ult, Op.ne]), b.read(counter), b.f.int(type, down ? 0 : trips)), body, after);
    b.seal(body);
    b.switchTo(body);
    const known = this.variables.length;
    this.define(type, b.read(counter)); // a copy that statements may use and write
    this.block(1 + random.below(3));
    if (random.chance(20)) {
      const next = b.block();
      b.branch(this.condition(1), after, next);
      b.seal(next);
      b.switchTo(next);
    }
    const one = b.f.int(type, 1);
    b.write(counter, b.emit(random.chance(70) ? (down ? Op["ssub.trap"] : Op["sadd.trap"]) : down ? Op.sub : Op.add, b.read(counter), one, this.overflow));
    b.jump(head);
    b.seal(head);
    b.seal(after);
    b.switchTo(after);
    this.variables.length = known;
  }

  private switch(): void {
    const { b, random } = this;
    const type = random.pick([Type.i8, Type.i32, Type.i64]);
    const value = b.emit(Op.and, this.expression(type, 1), b.f.int(type, 7));
    const after = b.block();
    const targets = Array.from({ length: 1 + random.below(4) }, () => b.block());
    const other = random.chance(50) ? after : random.pick(targets);
    b.switch(value, targets.map((target, i) => ({ low: i, high: 0, target })), other);
    for (const target of targets) {
      b.seal(target);
      b.switchTo(target);
      this.block(1);
      b.jump(after);
    }
    b.seal(after);
    b.switchTo(after);
  }

  private call(): void {
    const { b, random } = this;
    if (this.callees.length === 0) return;
    const callee = random.pick(this.callees);
    const args = callee.parameters.map((type) => this.expression(type, 2));
    this.position();
    const first = b.call(callee.symbol, args);
    const values = callee.results.map((type, i) => (i === 0 ? first : b.result(first, i, type)));
    values.forEach((value, i) => {
      const type = callee.results[i] as Type;
      const known = this.variables.filter((candidate) => candidate.type === type);
      if (known.length > 0) b.write(random.pick(known).variable, value);
    });
  }

  // ── expressions ──

  private constant(type: Type): Value {
    const { random, b } = this;
    if (type === Type.f64) return b.f.f64(random.pick([0, 1, -1, 0.5, 3.25, 1e10, -7.5, 1e300]));
    if (type === Type.f32) return b.f.f32(random.pick([0, 1, -1, 0.5, 3.25, 1e10, -7.5]));
    if (type === Type.i128 && random.chance(40)) return b.f.big(type, (BigInt(random.next()) << 90n) | BigInt(random.next()));
    if (type === Type.i64 && random.chance(15)) return b.f.constant(type, random.next() | 0, random.next() | 0);
    return b.f.int(type, random.pick(interesting));
  }

  private leaf(type: Type): Value {
    const { random, b } = this;
    const known = this.variables.filter((candidate) => candidate.type === type);
    if (known.length > 0 && random.chance(70)) return b.read(random.pick(known).variable);
    const arrays = this.arrays.filter((array) => array.type === type);
    if (arrays.length > 0 && random.chance(50)) {
      const array = random.pick(arrays);
      return b.load(type, this.element(array.pointer, array.count, type), 0);
    }
    return this.constant(type);
  }

  /** The address of an element that exists: masked, checked by a trap, or constant. */
  private element(pointer: Value, count: number, type: Type): Value {
    const { b, random } = this;
    const size = typeSize[type] as number;
    if (random.chance(40)) return b.emit(Op["ptr.add"], pointer, b.f.int(Type.i64, random.below(count) * size));
    let index = this.leaf(Type.i64);
    if (random.chance(50)) index = b.emit(Op.and, index, b.f.int(Type.i64, count - 1));
    else {
      const limited = b.emit(Op.urem, index, b.f.int(Type.i64, count + (random.chance(10) ? 1 : 0)));
      b.trapIf(b.emit(Op.uge, limited, b.f.int(Type.i64, count)), this.bounds, [limited, b.f.int(Type.i64, count)]);
      index = limited;
    }
    return b.emit(Op["ptr.add"], pointer, b.emit(Op.mul, index, b.f.int(Type.i64, size)));
  }

  private condition(depth: number): Value {
    const { b, random } = this;
    if (isFloat(Type.f64) && this.options.floats !== false && random.chance(15)) {
      const type = random.pick([Type.f64, Type.f32]);
      return b.emit(random.pick(floatComparisons), this.expression(type, depth - 1), this.expression(type, depth - 1));
    }
    const type = this.integerType();
    return b.emit(random.pick(comparisons), this.expression(type, depth - 1), this.expression(type, depth - 1));
  }

  private expression(type: Type, depth: number): Value {
    const { b, random } = this;
    if (depth <= 0) return this.leaf(type);
    if (isFloat(type)) return this.float(type, depth);
    const kind = random.below(100);
    const operand = () => this.expression(type, depth - 1);
    if (kind < 15) return this.leaf(type);
    if (kind < 50) return b.emit(random.pick(arithmetic), operand(), operand());
    if (kind < 54) return b.emit(random.pick(type === Type.i128 ? arithmetic : rare), operand(), operand());
    if (kind < 58) return b.emit(random.pick(unary), operand());
    if (kind < 68) return b.emit(random.pick(checked), this.small(type, depth), this.small(type, depth), this.overflow);
    if (kind < 73) return this.division(type, depth);
    if (kind < 80) return b.typed(Op.select, type, this.condition(depth - 1), operand(), operand());
    if (kind < 90) return this.conversion(type, depth);
    if (type === Type.i8) return kind < 95 ? this.condition(depth) : this.overflowTest(depth);
    return b.emit(random.pick(arithmetic), operand(), this.constant(type));
  }

  /** Values that seldom overflow when two of them meet. */
  private small(type: Type, depth: number): Value {
    const { b } = this;
    const value = this.expression(type, depth - 1);
    return this.random.chance(90) ? b.emit(Op.and, value, b.f.int(type, 7)) : value;
  }

  private overflowTest(depth: number): Value {
    const type = this.integerType();
    return this.b.emit(this.random.pick(overflowTests), this.expression(type, depth - 1), this.expression(type, depth - 1));
  }

  private division(type: Type, depth: number): Value {
    const { b, random } = this;
    const a = this.expression(type, depth - 1);
    let d = this.expression(type, depth - 1);
    const op = random.pick([Op.sdiv, Op.udiv, Op.srem, Op.urem]);
    const signed = op === Op.sdiv || op === Op.srem;
    if (random.chance(60)) d = b.emit(Op.or, b.emit(Op.and, d, b.f.int(type, 62)), b.f.int(type, 1));
    else if (random.chance(50)) d = b.f.int(type, random.pick([1, 2, 3, 4, 7, 10, 16, 100, -3]));
    else {
      b.trapIf(b.emit(Op.eq, d, b.f.int(type, 0)), this.divide);
      if (signed) {
        const bits = 8 * (typeSize[type] as number);
        const lowest = b.emit(Op.eq, a, b.f.big(type, -(1n << BigInt(bits - 1))));
        b.trapIf(b.emit(Op.and, lowest, b.emit(Op.eq, d, b.f.int(type, -1))), this.divide, [a]);
      }
    }
    return b.emit(op, a, d);
  }

  private conversion(type: Type, depth: number): Value {
    const { b, random } = this;
    const from = this.anyType();
    if (isFloat(from)) return b.typed(random.chance(50) ? Op.ftos : Op.ftou, type, this.expression(from, depth - 1));
    const value = this.expression(from, depth - 1);
    const size = typeSize[type] as number;
    const fromSize = typeSize[from] as number;
    if (fromSize === size) return value;
    return b.typed(fromSize > size ? Op.trunc : random.chance(50) ? Op.sext : Op.zext, type, value);
  }

  private float(type: Type, depth: number): Value {
    const { b, random } = this;
    const operand = () => this.expression(type, depth - 1);
    const kind = random.below(100);
    if (kind < 25) return this.leaf(type);
    if (kind < 60) return b.emit(random.pick(floatArithmetic), operand(), operand());
    if (kind < 70) return b.emit(random.pick(floatUnary), operand());
    if (kind < 78) return b.typed(Op.select, type, this.condition(depth - 1), operand(), operand());
    if (kind < 90) return b.typed(random.chance(50) ? Op.stof : Op.utof, type, this.expression(this.integerType(), depth - 1));
    return type === Type.f32 ? b.emit(Op.fdemote, this.expression(Type.f64, depth - 1)) : b.emit(Op.fpromote, this.expression(Type.f32, depth - 1));
  }
}

