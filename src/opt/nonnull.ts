/**
 * Comparisons with nil that pointers cannot meet: slots, symbols, blocks of memory, what the front end promised (`!nonnull`), constant distances from these, and block
 * parameters that only such pointers come to. Parameters are taken to be so until an edge says otherwise, so that a pointer that walks along a loop
 * counts. Linear in the edges for each round, and rounds are few.
 */

import { ByteColumn, IntColumn } from "../analysis/columns.ts";
import { ValueFlag, type IrFunction, type SymbolId, type Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const nonnull: FunctionPass = { name: "nonnull", over: "function", upon: Subject.values, needs: ["reachable"], run };

const doubted = new ByteColumn();
const replacements = new IntColumn();
let maybeNil = new Uint8Array(0);

function run(f: IrFunction, context: PassContext): boolean {
  const comparisons: Value[] = [];
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if ((f.op[v] === Op.eq || f.op[v] === Op.ne) && f.typeOf(f.arg0(v)) === Type.ptr && f.smallInt(f.arg1(v)) === 0) comparisons.push(v);
    }
  }
  if (comparisons.length === 0) return false;
  maybeNil = doubted.zeroed(f.valueCount);
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of f.order) {
      for (let s = 0, n = f.successorCount(block); s < n; s++) {
        const edge = f.successor(block, s);
        let p = f.firstParam[f.edgeBlock(edge)] as Value;
        for (let i = 0; p !== 0; p = f.nextOf(p), i++) {
          if (f.typeOf(p) !== Type.ptr || maybeNil[p] !== 0 || isSome(f, context.module, f.edgeArg(edge, i))) continue;
          maybeNil[p] = 1;
          changed = true;
        }
      }
    }
  }
  // Values first: making them moves the columns.
  const truth = [f.int(Type.i8, 0), f.int(Type.i8, 1)] as const;
  const map = replacements.zeroed(f.valueCount);
  let found = false;
  for (const v of comparisons) {
    if (!isSome(f, context.module, f.arg0(v)) || !context.allow()) continue;
    map[v] = f.op[v] === Op.ne ? truth[1] : truth[0];
    f.remove(v);
    found = true;
  }
  if (found) f.substitute(map);
  return found;
}

/** The pointer is not nil. */
function isSome(f: IrFunction, module: Module, pointer: Value): boolean {
  let v = pointer;
  for (; f.op[v] === Op["ptr.add"]; v = f.arg0(v)) if (!f.isConst(f.arg1(v))) return false;
  switch (f.op[v]) {
    case Op.slot:
    case Op.address:
      return true;
    case Op.param:
      return f.block[v] === f.order[0] ? ((f.flags[v] as number) & ValueFlag.nonnull) !== 0 : maybeNil[v] === 0;
    case Op.load:
      return ((f.flags[v] as number) & ValueFlag.nonnull) !== 0;
    case Op.const:
      return f.a[v] !== 0 || f.b[v] !== 0;
    case Op.call: {
      const role = module.attributes[f.a[v] as SymbolId]?.memory;
      return role === "allocates" || role === "grows";
    }
    default:
      return false;
  }
}
