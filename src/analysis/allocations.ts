/**
 * Blocks of memory that a function allocates and nobody else gets to see: whose address is only read through, written through, compared with
 * nil and freed. Linear in the instructions, whatever the number of allocations.
 */

import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, IrFunction, List, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { IntColumn } from "./columns.ts";

export interface Allocation {
  /** The call. */
  readonly call: Value;
  readonly size: number;
  readonly alignment: number;
  /** Calls that free it. */
  readonly frees: Value[];
  /** Comparisons with nil. */
  readonly comparisons: Value[];
}

const roots = new IntColumn();

/** The allocations of at most `largest` bytes whose address stays within the function. */
export function privateAllocations(module: Module, f: IrFunction, flow: ControlFlow, largest: number): Allocation[] {
  const found = new Map<Value, Allocation>();
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] !== Op.call || module.attributes[f.a[v] as SymbolId]?.memory !== "allocates") continue;
      const list = f.b[v] as List;
      const size = f.smallInt(f.listItem(list, 0));
      const alignment = f.listLength(list) > 1 ? f.smallInt(f.listItem(list, 1)) : 16;
      if (size > 0 && size <= largest && alignment > 0 && alignment <= 64) found.set(v, { call: v, size, alignment, frees: [], comparisons: [] });
    }
  }
  if (found.size === 0) return [];
  // The allocation that an address points into, and how far.
  const root = roots.zeroed(f.valueCount);
  const offsets = new Map<Value, number>();
  for (const call of found.keys()) root[call] = call;
  const escape = (v: number): void => {
    const call = root[v] as Value;
    if (call !== 0) found.delete(call);
  };
  const inside = (v: number): Allocation | undefined => (root[v] === 0 ? undefined : found.get(root[v] as Value));
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      const op = f.opOf(v);
      const a = f.a[v] as number;
      switch (op) {
        case Op.load:
          continue;
        case Op.store:
          escape(a);
          continue;
        case Op["ptr.add"]: {
          if (root[a] === 0) continue;
          const amount = f.smallInt(f.arg1(v));
          if (amount !== amount) escape(a);
          else {
            root[v] = root[a] as number;
            offsets.set(v, (offsets.get(a as Value) ?? 0) + amount);
          }
          continue;
        }
        case Op.copy:
        case Op.move:
        case Op.fill:
          escape(f.c[v] as number);
          continue;
        case Op.eq:
        case Op.ne: {
          const allocation = inside(a);
          if (allocation !== undefined && f.smallInt(f.arg1(v)) === 0) allocation.comparisons.push(v);
          else {
            escape(a);
            escape(f.b[v] as number);
          }
          continue;
        }
        case Op.call: {
          const list = f.b[v] as List;
          const allocation = f.listLength(list) > 0 ? inside(f.listItem(list, 0)) : undefined;
          if (allocation === undefined || module.attributes[a as SymbolId]?.memory !== "frees" || (offsets.get(f.listItem(list, 0)) ?? 0) !== 0) break;
          allocation.frees.push(v);
          continue;
        }
      }
      operandsEscape(f, v, op, escape);
    }
  }
  return [...found.values()];
}

function operandsEscape(f: IrFunction, v: Value, op: Op, escape: (v: number) => void): void {
  const operands = opValueOperands[op] as number;
  if ((operands & 1) !== 0) escape(f.a[v] as number);
  if ((operands & 2) !== 0) escape(f.b[v] as number);
  if ((operands & 4) !== 0) escape(f.c[v] as number);
  const which = opListOperand[op] as number;
  const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : which === 3 ? f.c[v] : 0) as List;
  for (let i = 0; i < f.listLength(list); i++) escape(f.listItem(list, i));
  if (op !== Op.jump && op !== Op.branch && op !== Op.switch) return;
  const block = f.blockOf(v);
  for (let s = 0, n = f.successorCount(block); s < n; s++) {
    const edge = f.successor(block, s);
    for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) escape(f.edgeArg(edge, i));
  }
}
