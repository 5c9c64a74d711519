/** Puts a copy of a body in place of a call: blocks, values, slots, and an inline site for each instruction that is copied. */

import { IntColumn } from "../analysis/columns.ts";
import type { Block, Edge, IrFunction, List, Slot, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import type { Type } from "../ir/types.ts";

/** Calls among what was copied since `beginSplices`. */
export const copiedCalls: Value[] = [];

const valueMap = new IntColumn();
const blockMap = new IntColumn();
const noBlocks = new Int32Array(0);
const replacements = new IntColumn();

/** Before the first splice into a function. */
export function beginSplices(): void {
  replaced.length = 0;
  copiedCalls.length = 0;
}

/** After the last splice into a function: what used the results of calls that are gone uses what stands for these. */
export function replaceResults(f: IrFunction): void {
  if (replaced.length === 0) return;
  const map = replacements.zeroed(f.valueCount);
  for (let i = 0; i < replaced.length; i += 2) map[replaced[i] as number] = replaced[i + 1] as number;
  f.substitute(map);
}

/** Replaces a call by the callee's body. */
export function splice(module: Module, f: IrFunction, call: Value, callee: IrFunction): void {
  const values = valueMap.zeroed(callee.valueCount);
  const slots: Slot[] = [];
  for (let slot = 0; slot < callee.slotCount; slot++) slots.push(f.slot(callee.slotSize[slot] as number, callee.slotAlignment[slot] as number));
  const entry = callee.order[0] as Block;
  const list = f.b[call] as List;
  for (let p = callee.firstParam[entry] as number, i = 0; p !== 0; p = callee.next[p] as number, i++) values[p] = f.listItem(list, i);
  const sites = new SiteMap(module, callee.symbol, f.position[call] as number, f.site[call] as number);
  // Where the callee does not go one way or another, no blocks are cut that would be joined again.
  if (callee.order.length === 1 && callee.op[callee.last[entry] as number] === Op.return) spliceLine(f, call, callee, values, slots, sites);
  else spliceBlocks(module, f, call, callee, values, slots, sites);
  for (const from of callee.order)
    for (let v = callee.first[from] as number; v !== 0; v = callee.next[v] as number) if (callee.op[v] === Op["call.indirect"] || callee.op[v] === Op.call) copiedCalls.push(values[v] as Value);
}

/** A body of one block, which returns: its instructions take the call's place, and what it returns that of the results. */
function spliceLine(f: IrFunction, call: Value, callee: IrFunction, values: Int32Array, slots: readonly Slot[], sites: SiteMap): void {
  const entry = callee.order[0] as Block;
  const last = callee.last[entry] as Value;
  for (let v = callee.first[entry] as Value; v !== last; v = callee.nextOf(v)) f.insertBefore(call, copyInstruction(f, callee, v, values, sites));
  const operands = new OperandMap(f, callee, values, noBlocks, slots, entry);
  operands.block(entry, last);
  const returned = callee.a[last] as List;
  if (callee.listLength(returned) > 0) replaced.push(call, operands.map(callee.listItem(returned, 0)));
  for (let v = f.nextOf(call); v !== 0 && f.op[v] === Op.result; ) {
    const after = f.nextOf(v);
    replaced.push(v, operands.map(callee.listItem(returned, f.b[v] as number)));
    f.remove(v);
    f.next[v] = after; // the walk over the block goes on from here
    v = after;
  }
  f.remove(call);
}

/** Any body: the rest of the caller's block moves to a new block whose parameters are the results. */
function spliceBlocks(module: Module, f: IrFunction, call: Value, callee: IrFunction, values: Int32Array, slots: readonly Slot[], sites: SiteMap): void {
  const block = f.blockOf(call);
  const rest = f.newBlock();
  const place = f.order.indexOf(block);
  f.order.pop();
  const fresh: Block[] = [];
  takeResults(f, module, call, rest);
  moveAfter(f, call, rest);
  const blocks = blockMap.filled(callee.blockCount, -1);
  const entry = callee.order[0] as Block;
  f.remove(call);
  blocks[entry] = block;
  for (const from of callee.order) {
    if (from === entry) continue;
    const to = f.newBlock();
    f.order.pop();
    fresh.push(to);
    blocks[from] = to;
    for (let p = callee.firstParam[from] as number; p !== 0; p = callee.next[p] as number) {
      const param = f.addParam(to, callee.type[p] as Type, callee.position[p] as number);
      f.flags[param] = callee.flags[p] as number;
      f.site[param] = sites.map(callee.site[p] as number);
      values[p] = param;
    }
  }
  for (const from of callee.order)
    for (let v = callee.first[from] as Value; v !== 0; v = callee.nextOf(v)) f.append(blocks[from] as Block, copyInstruction(f, callee, v, values, sites));
  const operands = new OperandMap(f, callee, values, blocks, slots, rest);
  for (const from of callee.order) operands.block(from, 0 as Value);
  fresh.push(rest);
  f.order.splice(place + 1, 0, ...fresh);
}

/** Results of inlined calls and what takes their place, in pairs; applied once, when the function is done. */
const replaced: number[] = [];

/** Parameters of `rest` for all results of the signature. */
function takeResults(f: IrFunction, module: Module, call: Value, rest: Block): void {
  const types = module.signatureOf(f.a[call] as SymbolId).results;
  const params = types.map((type) => f.addParam(rest, type, f.position[call] as number));
  if (params[0] !== undefined) replaced.push(call, params[0]);
  for (let v = f.nextOf(call); v !== 0 && f.op[v] === Op.result; ) {
    const after = f.nextOf(v);
    replaced.push(v, params[f.b[v] as number] as Value);
    f.remove(v);
    f.next[v] = after; // the walk over the block goes on from here
    v = after;
  }
}

function moveAfter(f: IrFunction, call: Value, rest: Block): void {
  const first = f.next[call] as number;
  const last = f.last[f.blockOf(call)] as number;
  f.last[f.blockOf(call)] = call;
  f.next[call] = 0;
  f.previous[first] = 0;
  f.first[rest] = first;
  f.last[rest] = last;
  for (let v = first; v !== 0; v = f.next[v] as number) f.block[v] = rest;
}

function copyInstruction(f: IrFunction, callee: IrFunction, v: Value, values: Int32Array, sites: SiteMap): Value {
  const copy = f.create(callee.op[v] as Op, callee.type[v] as Type, callee.a[v] as number, callee.b[v] as number, callee.c[v] as number, callee.position[v] as number);
  f.flags[copy] = callee.flags[v] as number;
  f.site[copy] = sites.map(callee.site[v] as number);
  values[v] = copy;
  return copy;
}

/** Second walk over the copies, whose operands still are the callee's numbers. */
class OperandMap {
  private readonly f: IrFunction;
  private readonly callee: IrFunction;
  private readonly values: Int32Array;
  private readonly blocks: Int32Array;
  private readonly slots: readonly Slot[];
  private readonly rest: Block;

  constructor(f: IrFunction, callee: IrFunction, values: Int32Array, blocks: Int32Array, slots: readonly Slot[], rest: Block) {
    this.f = f;
    this.callee = callee;
    this.values = values;
    this.blocks = blocks;
    this.slots = slots;
    this.rest = rest;
  }

  map(v: number): number {
    const copied = this.values[v] as number;
    if (copied !== 0 || v === 0) return copied;
    return (this.values[v] = copyFloating(this.f, this.callee, v as Value, this.slots));
  }

  private mapList(list: number): List {
    const { callee } = this;
    items.length = 0;
    for (let i = 0, count = callee.listLength(list as List); i < count; i++) items.push(this.map(callee.listItem(list as List, i)));
    return this.f.list(items);
  }

  private mapEdge(edge: number): Edge {
    const { callee } = this;
    items.length = 0;
    for (let i = 0, count = callee.edgeArgCount[edge] as number; i < count; i++) items.push(this.map(callee.edgeArg(edge as Edge, i)));
    return this.f.edge(this.blocks[callee.edgeTarget[edge] as number] as Block, items);
  }

  /** The instructions of a block up to the one given; 0 for all. */
  block(from: Block, end: Value): void {
    const { f, callee, values } = this;
    for (let v = callee.first[from] as number; v !== end; v = callee.next[v] as number) {
      const copy = values[v] as number;
      const op = callee.op[v] as Op;
      const operands = opValueOperands[op] as number;
      const which = opListOperand[op];
      const branches = op === Op.branch;
      // Mapped first, written then: mapping may make constants, and the columns may move as they grow.
      let a = callee.a[v] as number;
      let b = callee.b[v] as number;
      let c = callee.c[v] as number;
      a = (operands & 1) !== 0 ? this.map(a) : which === 1 ? this.mapList(a) : op === Op.jump ? this.mapEdge(a) : a;
      b = (operands & 2) !== 0 ? this.map(b) : which === 2 ? this.mapList(b) : branches ? this.mapEdge(b) : b;
      c = (operands & 4) !== 0 ? this.map(c) : which === 3 ? this.mapList(c) : branches || op === Op.switch ? this.mapEdge(c) : c;
      f.a[copy] = a;
      f.b[copy] = b;
      f.c[copy] = c;
      if (op === Op.switch) {
        const rows: number[] = [];
        for (let i = 0; i < callee.switchCount(v as Value); i++) rows.push(callee.switchLow(v as Value, i), callee.switchHigh(v as Value, i), this.mapEdge(callee.switchEdge(v as Value, i)));
        const table = f.list(rows);
        f.b[copy] = table;
      } else if (op === Op.return) {
        const returned = f.a[copy] as List;
        items.length = 0;
        for (let i = 0; i < f.listLength(returned); i++) items.push(f.listItem(returned, i));
        f.op[copy] = Op.jump;
        f.a[copy] = f.edge(this.rest, items);
      }
    }
  }
}

/** Of the list or edge at hand. */
const items: number[] = [];

function copyFloating(f: IrFunction, callee: IrFunction, v: Value, slots: readonly Slot[]): Value {
  const op = callee.op[v];
  if (op === Op.slot) return f.slotAddress(slots[callee.a[v] as number] as Slot);
  if (op === Op.address) return f.address(callee.a[v] as SymbolId, callee.b[v] as number);
  if (op !== Op.const) throw new Error(`opt/inlineBody.copyFloating: value ${v} of the callee is used but not copied`);
  const type = callee.typeOf(v);
  const more = callee.c[v] as number;
  if (more !== 0) return f.constant128(callee.a[v] as number, callee.b[v] as number, callee.pool[more + 1] as number, callee.pool[more + 2] as number, type);
  return f.constant(type, callee.a[v] as number, callee.b[v] as number);
}

/** Inline sites of the callee, seen from the caller. */
class SiteMap {
  /** Those of what was inlined into the callee, when there are any. */
  private mapped: Map<number, number> | undefined = undefined;
  /** Of what was not inlined into the callee: most of it. */
  private readonly own: number;
  private readonly module: Module;

  constructor(module: Module, callee: SymbolId, position: number, parent: number) {
    this.module = module;
    module.inlineSites.push({ callee, position, parent });
    this.own = module.inlineSites.length - 1;
  }

  map(site: number): number {
    if (site === 0) return this.own;
    this.mapped ??= new Map();
    const known = this.mapped.get(site);
    if (known !== undefined) return known;
    const inner = this.module.inlineSites[site];
    if (inner === undefined) throw new Error(`opt/inlineBody.map: no inline site ${site}`);
    const parent = this.map(inner.parent);
    this.module.inlineSites.push({ ...inner, parent });
    this.mapped.set(site, this.module.inlineSites.length - 1);
    return this.module.inlineSites.length - 1;
  }
}
