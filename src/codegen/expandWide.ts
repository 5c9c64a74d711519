/**
 * Rewrites a function so that values of 128 bits are pairs of i64, low half first: parameters, arguments, results, block arguments,
 * loads and stores too. Operations that the target lacks become calls of helper functions (helpers.ts). The result is a new function;
 * flags of the hardware are not used: a carry is a comparison, and selection may recognise it.
 */

import { Effect, Op, opEffects, opListOperand, opValueOperands } from "../ir/ops.ts";
import { IrFunction } from "../ir/function.ts";
import type { Block, Edge, List, SignatureId, SymbolId, Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import type { Module } from "../ir/module.ts";
import { WideOperations } from "./wideOperations.ts";
import type { Pair } from "./wideOperations.ts";

export interface HelperSource {
  /** The helper for an operation on values of a type, declared if it is not yet. Undefined: the target has instructions. */
  helperFor(op: Op, type: Type): SymbolId | undefined;
  /** Division of unsigned 128-bit integers: (low, high, low, high) to quotient and remainder, four words. */
  divider(signed: boolean): SymbolId;
  /** Conversions between 128-bit integers and f64. */
  converter(op: Op, float: Type): SymbolId;
}

const comparisons = new Set<number>([Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge]);

/** Makes what `expand` of functions with values of 128 bits asks for. */
export function createWideExpander(module: Module, helpers: HelperSource): WideExpander {
  return new WideExpander(module, helpers);
}

export class WideExpander {
  private readonly module: Module;
  private readonly helpers: HelperSource;
  private from = new IrFunction(0 as SymbolId, 0 as SignatureId);
  private readonly to = new IrFunction(0 as SymbolId, 0 as SignatureId);
  /** By old value: the new one, or its low half; and the high half, 0 for values that are not wide. */
  private low = new Int32Array(256);
  private high = new Int32Array(256);
  private readonly w: WideOperations;

  constructor(module: Module, helpers: HelperSource) {
    this.module = module;
    this.helpers = helpers;
    this.w = new WideOperations(this.to);
  }

  expand(from: IrFunction): IrFunction {
    const { to } = this;
    this.from = from;
    if (from.valueCount > this.low.length) {
      this.low = new Int32Array(from.valueCount * 2);
      this.high = new Int32Array(from.valueCount * 2);
    }
    this.low.fill(0, 0, from.valueCount);
    this.high.fill(0, 0, from.valueCount);
    to.reset(from.symbol, from.signature);
    for (let slot = 0; slot < from.slotCount; slot++) to.slot(from.slotSize[slot], from.slotAlignment[slot]);
    for (let block = 0; block < from.blockCount; block++) to.newBlock();
    to.order.length = 0;
    for (const block of from.order) to.order.push(block);
    for (const block of from.order) {
      for (let p = from.firstParam[block] as Value; p !== 0; p = from.next[p] as Value) this.param(block, p);
    }
    // Definitions before uses: blocks in an order in which dominators come first. Edges are copied when all values exist.
    const order = this.reversePostorder();
    const reached = new Uint8Array(from.blockCount);
    for (const block of order) {
      reached[block] = 1;
      this.w.block = block;
      for (let v = from.first[block] as Value; v !== 0; v = from.next[v] as Value) this.instruction(v);
    }
    for (const block of from.order) {
      if (reached[block] === 1) this.edges(block);
      else to.append(block, to.create(Op.unreachable, Type.void, 0, 0, 0, 0));
    }
    return to;
  }

  private reversePostorder(): Block[] {
    const { from } = this;
    const seen = new Uint8Array(from.blockCount);
    const stack: number[] = [from.order[0]];
    const next: number[] = [0];
    const order: Block[] = [];
    seen[from.order[0]] = 1;
    while (stack.length > 0) {
      const block = stack[stack.length - 1] as Block;
      const s = next[next.length - 1];
      if (s < from.successorCount(block)) {
        next[next.length - 1] = s + 1;
        const target = from.edgeBlock(from.successor(block, s));
        if (seen[target] === 0) {
          seen[target] = 1;
          stack.push(target);
          next.push(0);
        }
      } else {
        order.push(block);
        stack.pop();
        next.pop();
      }
    }
    return order.reverse();
  }

  private param(block: Block, p: Value): void {
    const { from, to } = this;
    const wide = from.type[p] === Type.i128;
    const v = to.addParam(block, wide ? Type.i64 : from.typeOf(p), from.position[p]);
    to.flags[v] = from.flags[p];
    this.low[p] = v;
    if (wide) this.high[p] = to.addParam(block, Type.i64, from.position[p]);
  }

  /** The new value for an old one that is not wide, or its low half. */
  private one(v: number): Value {
    const known = this.low[v];
    if (known !== 0) return known as Value;
    const { from, to } = this;
    const op = from.op[v];
    let made: Value;
    if (op === Op.const && from.type[v] === Type.i128) {
      made = to.constant(Type.i64, from.a[v], from.b[v]);
      const more = from.c[v];
      this.high[v] = to.constant(Type.i64, from.pool[more + 1], from.pool[more + 2]);
    } else if (op === Op.const) made = to.constant(from.type[v] as Type, from.a[v], from.b[v]);
    else if (op === Op.address) made = to.address(from.a[v] as SymbolId, from.b[v]);
    else if (op === Op.slot) made = to.slotAddress(from.a[v] as never);
    else throw new Error(`codegen/expandWide.one: value ${v} is used before its definition`);
    this.low[v] = made;
    return made;
  }

  private pair(v: number): Pair {
    const low = this.one(v);
    return { low, high: this.high[v] as Value };
  }

  private flatten(list: number): List {
    const { from, to } = this;
    if (list === 0) return 0 as List;
    const items: number[] = [];
    for (let i = list + 1, end = list + 1 + from.pool[list]; i < end; i++) {
      const v = from.pool[i];
      items.push(this.one(v));
      if (from.type[v] === Type.i128) items.push(this.high[v]);
    }
    return to.list(items);
  }

  private edge(edge: number): Edge {
    const { from, to } = this;
    const items: number[] = [];
    const first = from.edgeArgs[edge];
    for (let i = first, end = first + from.edgeArgCount[edge]; i < end; i++) {
      const v = from.pool[i];
      items.push(this.one(v));
      if (from.type[v] === Type.i128) items.push(this.high[v]);
    }
    return to.edge(from.edgeTarget[edge] as Block, items);
  }

  private edges(block: Block): void {
    const { from, to } = this;
    const v = from.last[block];
    const made = to.last[block];
    const op = from.op[v];
    // Copying an edge may make constants, and grow the columns: only then are they looked at.
    if (op === Op.jump) {
      const target = this.edge(from.a[v]);
      to.a[made] = target;
    } else if (op === Op.branch) {
      const yes = this.edge(from.b[v]);
      const no = this.edge(from.c[v]);
      to.b[made] = yes;
      to.c[made] = no;
    } else if (op === Op.switch) {
      const table: number[] = [];
      for (let i = 0; i < from.switchCount(v as Value); i++) {
        table.push(from.switchLow(v as Value, i), from.switchHigh(v as Value, i), this.edge(from.switchEdge(v as Value, i)));
      }
      const otherwise = this.edge(from.c[v]);
      to.b[made] = to.list(table);
      to.c[made] = otherwise;
      if (from.type[from.a[v]] === Type.i128) this.guardSwitch(block, v, made as Value);
    }
  }

  /** Cases of a switch are 64-bit numbers: a value whose high half is not the sign of the low one is none of them. */
  private guardSwitch(block: Block, v: number, made: Value): void {
    const { to, w } = this;
    to.remove(made);
    const inner = to.newBlock();
    to.order.pop();
    to.order.splice(to.order.indexOf(block) + 1, 0, inner);
    to.append(inner, made);
    w.block = block;
    const { low, high } = this.pair(this.from.a[v]);
    const fits = w.make(Op.eq, Type.i8, high, w.make(Op.ashr, Type.i64, low, to.int(Type.i64, 63)));
    w.make(Op.branch, Type.void, fits, to.edge(inner), this.edge(this.from.c[v]));
  }

  private define(v: number, { low, high }: Pair): void {
    this.low[v] = low;
    this.high[v] = high;
  }

  private instruction(v: Value): void {
    const { from, to, w } = this;
    const op = from.opOf(v);
    const type = from.typeOf(v);
    w.position = from.position[v];
    w.site = from.site[v];
    const values = opValueOperands[op];
    const first = (values & 1) !== 0 ? from.type[from.a[v]] : Type.void;
    const wideValue = type === Type.i128 || first === Type.i128;
    if (wideValue && (values & 1) !== 0 && op !== Op.store && op !== Op.load && op !== Op.select && op !== Op.result && op !== Op.switch && op !== Op["call.indirect"]) {
      this.wide(v, op);
      return;
    }
    if (op === Op.load && type === Type.i128) {
      const pointer = this.one(from.a[v]);
      const low = w.make(Op.load, Type.i64, pointer, from.b[v]);
      const high = w.make(Op.load, Type.i64, pointer, from.b[v] + 8);
      this.define(v, { low, high });
      return;
    }
    if (op === Op.store && first === Type.i128) {
      const { low, high } = this.pair(from.a[v]);
      const pointer = this.one(from.b[v]);
      w.make(Op.store, Type.i64, low, pointer, from.c[v]);
      w.make(Op.store, Type.i64, high, pointer, from.c[v] + 8);
      return;
    }
    if (op === Op.select && type === Type.i128) {
      const condition = this.one(from.a[v]);
      const [x, y] = [this.pair(from.b[v]), this.pair(from.c[v])];
      this.define(v, { low: w.make(Op.select, Type.i64, condition, x.low, y.low), high: w.make(Op.select, Type.i64, condition, x.high, y.high) });
      return;
    }
    if (op === Op.result) {
      this.result(v);
      return;
    }
    const helper = this.helpers.helperFor(op, type);
    if (helper !== undefined) {
      const args = [this.one(from.a[v])];
      if ((values & 2) !== 0) args.push(this.one(from.b[v]));
      if ((values & 4) !== 0) args.push(this.one(from.c[v]));
      this.low[v] = w.make(Op.call, type, helper, to.list(args));
      return;
    }
    const a = (values & 1) !== 0 ? this.one(from.a[v]) : opListOperand[op] === 1 ? this.flatten(from.a[v]) : from.a[v];
    const b = (values & 2) !== 0 ? this.one(from.b[v]) : opListOperand[op] === 2 ? this.flatten(from.b[v]) : from.b[v];
    const c = (values & 4) !== 0 ? this.one(from.c[v]) : opListOperand[op] === 3 ? this.flatten(from.c[v]) : from.c[v];
    const made = w.append(op, type === Type.i128 ? Type.i64 : type, a, b, c);
    to.flags[made] = from.flags[v];
    this.low[v] = made;
    if (type === Type.i128 && (opEffects[op] & Effect.calls) !== 0) this.high[v] = w.make(Op.result, Type.i64, made, 1);
  }

  /** Indexes of results count words. */
  private result(v: Value): void {
    const { from, w } = this;
    const call = from.a[v];
    const signature = from.op[call] === Op.call ? this.module.signatureOf(from.a[call] as SymbolId) : this.module.signatures[from.c[call]];
    let index = 0;
    for (let i = 0; i < from.b[v]; i++) index += signature.results[i] === Type.i128 ? 2 : 1;
    if (from.type[v] === Type.i128) {
      this.define(v, { low: w.make(Op.result, Type.i64, this.low[call], index), high: w.make(Op.result, Type.i64, this.low[call], index + 1) });
    } else this.low[v] = w.make(Op.result, from.typeOf(v), this.low[call], index);
  }

  private wide(v: Value, op: Op): void {
    const { from, to, w, helpers } = this;
    const type = from.typeOf(v);
    if (op === Op.sext || op === Op.zext) {
      const low = from.type[from.a[v]] === Type.i64 ? this.one(from.a[v]) : w.make(op, Type.i64, this.one(from.a[v]));
      this.define(v, { low, high: op === Op.zext ? to.int(Type.i64, 0) : w.make(Op.ashr, Type.i64, low, to.int(Type.i64, 63)) });
      return;
    }
    if (op === Op.ftos || op === Op.ftou) {
      const float = from.type[from.a[v]] as Type;
      const value = float === Type.f32 ? w.make(Op.fpromote, Type.f64, this.one(from.a[v])) : this.one(from.a[v]);
      const low = w.make(Op.call, Type.i64, helpers.converter(op, Type.f64), to.list([value]));
      this.define(v, { low, high: w.make(Op.result, Type.i64, low, 1) });
      return;
    }
    const x = this.pair(from.a[v]);
    if (op === Op.stof || op === Op.utof) {
      this.low[v] = w.make(Op.call, type, helpers.converter(op, type), to.list([x.low, x.high]));
      return;
    }
    if (op === Op.trunc) {
      this.low[v] = type === Type.i64 ? x.low : w.make(Op.trunc, type, x.low);
      return;
    }
    if (op === Op.clz || op === Op.ctz || op === Op.popcount || op === Op.bswap) {
      this.define(v, w.unary(op, x));
      return;
    }
    const y = this.pair(from.b[v]);
    if (comparisons.has(op)) {
      this.low[v] = w.compare(op, x, y);
      return;
    }
    if (op === Op.sdiv || op === Op.udiv || op === Op.srem || op === Op.urem) {
      const low = w.make(Op.call, Type.i64, helpers.divider(op === Op.sdiv || op === Op.srem), to.list([x.low, x.high, y.low, y.high]));
      const one = w.make(Op.result, Type.i64, low, 1);
      const two = w.make(Op.result, Type.i64, low, 2);
      const three = w.make(Op.result, Type.i64, low, 3);
      this.define(v, op === Op.sdiv || op === Op.udiv ? { low, high: one } : { low: two, high: three });
      return;
    }
    if (op === Op["uadd.trap"]) {
      this.define(v, w.addOrTrap(x, y, from.c[v]));
      return;
    }
    if (op >= Op["sadd.trap"] && op <= Op["umul.trap"]) {
      const { pair, overflow } = w.checked(op - Op["sadd.trap"], x, y);
      if (!to.isConst(overflow) || to.a[overflow] !== 0) w.make(Op["trap.if"], Type.void, overflow, from.c[v], 0);
      this.define(v, pair);
      return;
    }
    if (op >= Op["sadd.overflows"] && op <= Op["umul.overflows"]) {
      this.low[v] = w.checked(op - Op["sadd.overflows"], x, y).overflow;
      return;
    }
    this.define(v, w.binary(op, x, y));
  }
}
