/** The struct, tuple, array or sequence that a part is named of: where it lies, through references and what derefs. */

import { TypeKind, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Flag, type Node } from "../syntax/ast.ts";
import { derefed } from "./deref.ts";
import { emit, emitPlace, finalType } from "./dispatch.ts";
import type { Generator } from "./generator.ts";

/** Follows references, pointers and what derefs from the place of `n` to the place of the aggregate itself, which `isOwner` knows. */
export function aggregatePlace(g: Generator, n: Node, isOwner: (type: TypeId) => boolean): TypeId {
  let type = finalType(g, n);
  const { types } = g;
  const isPointer = (t: TypeId) => types.kindOf(t) === TypeKind.Reference || types.kindOf(t) === TypeKind.Pointer;
  if (isPointer(type)) {
    // What lies behind a pointer is read: checks before it cannot wait.
    const deferred = g.frame.deferredChecks;
    g.frame.deferredChecks = undefined;
    base = emit(g, n);
    g.frame.deferredChecks = deferred;
    type = behind(g, type);
  } else base = emitPlace(g, n);
  while (!isOwner(type) && g.reachable) {
    const target = g.program.derefTarget(type);
    if (target === 0) break;
    base = derefed(g, type, target, g.addressAt(base, g.offset));
    type = behind(g, types.reference(target, false));
  }
  return type;
}

/** From the value of a reference or pointer of type `type` in `base` (and `g.second`) to what is behind it and all that follow. */
function behind(g: Generator, type: TypeId): TypeId {
  const { types } = g;
  g.offset = 0;
  g.metadata = g.second;
  let at = types.inner(type);
  while (types.kindOf(at) === TypeKind.Reference || types.kindOf(at) === TypeKind.Pointer) {
    base = g.loadValue(at, base, 0);
    g.metadata = g.second;
    at = types.inner(at);
  }
  return at;
}

/** Pointer that `aggregatePlace` found; the offset is in `g.offset`. */
export let base = 0 as Value;

/** The struct has a field of this name that the node may mean: a private one of a type of std that derefs, only within std (check/members.ts, meansField). */
export function hasField(g: Generator, n: Node, type: TypeId): boolean {
  if (g.types.kindOf(type) !== TypeKind.Struct) return false;
  const definition = g.program.definition(g.types.definition(type));
  if (definition.kind !== "struct") return false;
  const name = g.ast.fieldName(n);
  const field = definition.fields.find((one) => one.name === name);
  if (field === undefined) return false;
  return g.ast.has(field.node, Flag.public) || g.program.derefTarget(type) === 0 || !g.program.isLibrary(definition.file) || isLibraryText(g, g.ast.start[n] as number);
}

function isLibraryText(g: Generator, position: number): boolean {
  const file = g.sources.fileAt(position);
  return file !== undefined && g.program.isLibraryText(file.id);
}

/** The place of part `index` of what `object` is or leads to: the pointer, and the offset in `g.offset`. */
export function partPlace(g: Generator, object: Node, index: number, isOwner: (type: TypeId) => boolean): Value {
  const type = aggregatePlace(g, object, isOwner);
  g.offset += g.layouts.of(type).offsets[index] as number;
  return base;
}
