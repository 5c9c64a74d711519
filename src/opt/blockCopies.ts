/**
 * Copies of single blocks, for passes that let some of the ways into a block have one of their own. What the block computes then comes from two
 * places, so that its uses elsewhere go through slots, which `promote` turns into block parameters afterwards.
 */

import { IntColumn } from "../analysis/columns.ts";
import type { Block, Edge, IrFunction, List, Value } from "../ir/function.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { typeSize, type Type } from "../ir/types.ts";

const slotColumn = new IntColumn();
const leaving = new IntColumn();

/** Appends a copy of an instruction to a block, with operands replaced by `values`, where the copy is noted, too. */
export function copyInto(f: IrFunction, block: Block, v: Value, values: Map<number, number>): void {
  const map = (operand: number) => values.get(operand) ?? operand;
  const mapList = (list: number): List => {
    const items: number[] = [];
    for (let i = 0; i < f.listLength(list as List); i++) items.push(map(f.listItem(list as List, i)));
    return f.list(items);
  };
  const op = f.opOf(v);
  const operands = opValueOperands[op] as number;
  const which = opListOperand[op];
  const branches = op === Op.branch;
  const a = f.a[v] as number;
  const b = f.b[v] as number;
  const c = f.c[v] as number;
  const copy = f.create(op, f.typeOf(v),
    (operands & 1) !== 0 ? map(a) : which === 1 ? mapList(a) : op === Op.jump ? copyEdge(f, a as Edge, values) : a,
    (operands & 2) !== 0 ? map(b) : which === 2 ? mapList(b) : branches ? copyEdge(f, b as Edge, values) : b,
    (operands & 4) !== 0 ? map(c) : which === 3 ? mapList(c) : branches ? copyEdge(f, c as Edge, values) : c, f.position[v] as number);
  f.flags[copy] = f.flags[v] as number;
  f.site[copy] = f.site[v] as number;
  f.append(block, copy);
  values.set(v, copy);
}

/** An edge to the same block with arguments replaced. */
export function copyEdge(f: IrFunction, edge: Edge, values: ReadonlyMap<number, number>): Edge {
  const args: number[] = [];
  for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) {
    const arg = f.edgeArg(edge, i);
    args.push(values.get(arg) ?? arg);
  }
  return f.edge(f.edgeBlock(edge), args);
}

/** A slot that holds a value. */
export function slotFor(f: IrFunction, v: Value): Value {
  const size = typeSize[f.type[v] as number] as number;
  return f.slotAddress(f.slot(size, size));
}

/** The values in `slots` are stored there where they are made, and loaded where other blocks use them; the blocks of `except` use them as they are. */
export function demote(f: IrFunction, slots: ReadonlyMap<number, Value>, except?: ReadonlySet<Block>): void {
  if (slots.size === 0) return;
  const slotOf = slotColumn.zeroed(f.valueCount);
  for (const [v, address] of slots) slotOf[v] = address;
  replaceOperands(f, (operand, before) => {
    const slot = slotOf[operand] as Value;
    return slot === 0 || f.block[operand] === f.block[before] ? operand : reload(f, slot, operand, before);
  }, except);
  storeInSlots(f, slots);
}

/** Stores values in their slots, each where it is made. */
export function storeInSlots(f: IrFunction, slots: ReadonlyMap<number, Value>): void {
  for (const [v, address] of slots) {
    const store = f.create(Op.store, f.type[v] as Type, v, address, 0, f.position[v] as number);
    const isParam = f.op[v] === Op.param;
    const place = isParam ? (f.first[f.block[v] as number] as number) : (f.next[v] as number);
    f.insertBefore(place as Value, store);
  }
}

/** What the slot holds, which is the value `v`, loaded before an instruction. */
export function reload(f: IrFunction, slot: Value, v: number, before: Value): Value {
  return f.insertBefore(before, f.create(Op.load, f.type[v] as Type, slot, 0, 0, f.position[before] as number));
}

/** Puts `replace(operand, instruction)` in the place of each operand, of edges' arguments, too: there the instruction is the terminator. It may make values. */
export function replaceOperands(f: IrFunction, replace: (operand: number, before: Value) => number, except?: ReadonlySet<Block>): void {
  const edges = leaving.room(f.edgeCount);
  for (const block of f.order) {
    if (except?.has(block) === true) continue;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      const op = f.opOf(v);
      const operands = opValueOperands[op] as number;
      // Made first, stored then: the columns move as they grow.
      if ((operands & 1) !== 0) { const to = replace(f.a[v] as number, v); f.a[v] = to; }
      if ((operands & 2) !== 0) { const to = replace(f.b[v] as number, v); f.b[v] = to; }
      if ((operands & 4) !== 0) { const to = replace(f.c[v] as number, v); f.c[v] = to; }
      const which = opListOperand[op] as number;
      if (which !== 0) {
        const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as List;
        for (let i = 0, count = f.listLength(list); i < count; i++) f.setListItem(list, i, replace(f.listItem(list, i), v) as Value);
      }
      if (op !== Op.jump && op !== Op.branch && op !== Op.switch) continue;
      for (let s = 0, n = f.successors(block, edges, 0); s < n; s++) {
        const edge = edges[s] as Edge;
        for (let i = 0, count = f.edgeArgCount[edge] as number; i < count; i++) f.setEdgeArg(edge, i, replace(f.edgeArg(edge, i), v) as Value);
      }
    }
  }
}
