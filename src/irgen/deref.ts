/** Going through what derefs: boxes, counted references, lists as slices, strings as texts; and what a reference to a `dyn` value carries. */

import { TypeKind, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { TableWord, methodTable, widenedTable } from "./callees.ts";
import { callInstance } from "./calls.ts";
import type { Generator } from "./generator.ts";

/** The address of what the value at `address` derefs to; its table of methods, if it has one, is left in `g.second`. */
export function derefed(g: Generator, type: TypeId, target: TypeId, address: Value): Value {
  const trait = g.program.preludeTrait("Deref");
  const method = trait?.methods[0];
  if (method === undefined) throw new Error("irgen/deref.derefed: std has no Deref");
  return callInstance(g, { function: method, args: [type, target] }, [address], g.types.reference(target, false), 0 as Value);
}

/**
 * The table of methods that makes a reference to a `from` one to `to`, a `dyn` or a struct that ends with one; undefined if that needs none.
 * `table`: the one that a reference to a `from` has, if it is a `dyn` already.
 */
export function tableFor(g: Generator, from: TypeId, to: TypeId, table: Value): Value | undefined {
  if (from === to || !g.layouts.isUnsized(to)) return undefined;
  const isDyn = g.types.kindOf(to) === TypeKind.Dyn;
  if (g.layouts.isUnsized(from)) {
    if (isDyn !== (g.types.kindOf(from) === TypeKind.Dyn)) return undefined;
    return isDyn ? widenedTable(g, from, to, table) : tableFor(g, lastField(g, from), lastField(g, to), table);
  }
  return isDyn ? methodTable(g, from, to) : tableFor(g, lastField(g, from), lastField(g, to), table);
}

function lastField(g: Generator, type: TypeId): TypeId {
  const definition = g.program.definition(g.types.definition(type));
  const last = definition.kind === "struct" ? definition.fields[definition.fields.length - 1] : undefined;
  if (last === undefined) throw new Error("irgen/deref.lastField: a struct without fields");
  return g.fieldType(type, last.type);
}

/** The size or alignment in bytes of the value behind a reference, which may be known only by its table. */
export function measured(g: Generator, type: TypeId, table: Value, what: "size" | "align"): Value {
  const { b } = g;
  if (!g.layouts.isUnsized(type)) return b.f.int(Type.i64, what === "size" ? g.layouts.size(type) : g.layouts.alignment(type));
  if (g.types.kindOf(type) === TypeKind.Dyn) return b.load(Type.i64, table, TableWord[what]);
  const layout = g.layouts.of(type);
  const inner = measured(g, lastField(g, type), table, "align");
  const own = b.f.int(Type.i64, layout.alignment);
  const align = b.typed(Op.select, Type.i64, b.emit(Op.ult, inner, own), own, inner);
  if (what === "align") return align;
  const end = b.emit(Op.add, b.f.int(Type.i64, layout.offsets[layout.offsets.length - 1] as number), measured(g, lastField(g, type), table, "size"));
  const less = b.emit(Op.sub, align, b.f.int(Type.i64, 1));
  return b.emit(Op.and, b.emit(Op.add, end, less), b.emit(Op.xor, less, b.f.int(Type.i64, -1)));
}
