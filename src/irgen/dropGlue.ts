/** How a value of a type is dropped: by its own `Drop`, then its parts in reverse. One function is made for each type. */

import { OptionalTag, ResultTag } from "../check/definitions.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { dropFunctionValue } from "./closures.ts";
import { traitSymbol } from "./callees.ts";
import { loadTag } from "./compare.ts";
import type { Generator } from "./generator.ts";
import { forEachElement } from "./loopBlocks.ts";

/** A part of an aggregate that needs to be dropped. */
export interface Part {
  /** The field's index; that of a variant's field is `variantPart`. */
  readonly number: number;
  readonly type: TypeId;
  readonly offset: number;
}

/** Numbers of the fields of variants lie behind those of structs. */
const variantStep = 4096;

/** The number of a field of a variant. */
export function variantPart(variant: number, field: number): number {
  return (variant + 1) * variantStep + field;
}

/** The parts of a struct, tuple, enum, optional or result that need to be dropped. */
export function dropsOf(g: Generator, type: TypeId): readonly Part[] {
  const { types } = g;
  const layout = g.layouts.of(type);
  const fields = (list: readonly TypeId[], offsets: readonly number[], first: number): Part[] =>
    list.map((part, i) => ({ number: first + i, type: part, offset: offsets[i] ?? 0 })).filter((part) => g.needsDrop(part.type));
  switch (types.kindOf(type)) {
    case TypeKind.Tuple:
      return fields(types.items(type), layout.offsets, 0);
    case TypeKind.Struct: {
      const definition = g.program.definition(types.definition(type));
      return definition.kind === "struct" ? fields(definition.fields.map((field) => g.fieldType(type, field.type)), layout.offsets, 0) : [];
    }
    case TypeKind.Enum: {
      const definition = g.program.definition(types.definition(type));
      if (definition.kind !== "enum") return [];
      return definition.variants.flatMap((variant) => fields(variant.fields.map((field) => g.fieldType(type, field.type)), layout.variants[variant.index] ?? [], variantPart(variant.index, 0)));
    }
    case TypeKind.Optional:
      return fields([types.inner(type)], layout.variants[OptionalTag.Some] ?? [], variantPart(OptionalTag.Some, 0));
    case TypeKind.Result:
      return [
        ...fields([types.inner(type)], layout.variants[ResultTag.Ok] ?? [], variantPart(ResultTag.Ok, 0)),
        ...fields([types.errorType(type)], layout.variants[ResultTag.Err] ?? [], variantPart(ResultTag.Err, 0)),
      ];
    default:
      return [];
  }
}

/** Drops a part by itself, and says so; false leaves it to be dropped as usual. */
export type DropPart = (part: Part) => boolean;

/** Drops the value at an address. `special` drops the parts of which some were moved. */
export function dropInPlace(g: Generator, type: TypeId, address: Value, special?: DropPart): void {
  if (!g.reachable || !g.needsDrop(type)) return;
  if (g.types.kindOf(type) === TypeKind.Function) {
    dropFunctionValue(g, g.b.load(Type.ptr, address, 8));
    return;
  }
  if (special !== undefined && g.types.kindOf(type) === TypeKind.Array) {
    const element = g.types.inner(type);
    const size = g.layouts.size(element);
    for (let i = 0; i < g.types.arrayLength(type); i++) if (!special({ number: i, type: element, offset: i * size })) dropInPlace(g, element, g.addressAt(address, i * size));
    return;
  }
  if (special !== undefined) {
    // A part was assigned: of what has a Drop none moves.
    const method = dropMethod(g, type);
    if (method !== undefined) {
      g.noteCall(method);
      g.b.call(method, [address]);
    }
    dropParts(g, type, address, special);
    return;
  }
  const symbol = dropSymbol(g, type);
  g.noteCall(symbol);
  g.b.call(symbol, [address]);
}

/** The function that drops a value of the type, given its address. */
export function dropSymbol(g: Generator, type: TypeId): SymbolId {
  const key = `drop ${type}`;
  const known = g.helpers.get(key);
  if (known !== undefined) return known;
  const symbol = g.module.declareFunction(g.symbolNames.helper(`drop ${g.symbolNames.label(type)}`), g.module.signature([Type.ptr], []), "local");
  g.helpers.set(key, symbol);
  g.enqueue(() => {
    g.begin(symbol);
    const address = g.b.f.param(g.b.current, 0);
    const method = dropMethod(g, type);
    if (method !== undefined) {
      g.noteCall(method);
      g.b.call(method, [address]);
    }
    dropParts(g, type, address, () => false);
    if (g.reachable) g.b.return();
    g.end();
  });
  return symbol;
}

/** The type's own `drop`. */
function dropMethod(g: Generator, type: TypeId): SymbolId | undefined {
  const trait = g.program.preludeTrait("Drop");
  return trait === undefined || g.program.findImpl(type, trait)?.implementation === undefined ? undefined : traitSymbol(g, trait, type);
}

function dropParts(g: Generator, type: TypeId, address: Value, special: DropPart): void {
  const { types, b } = g;
  if (!g.reachable) return;
  const kind = types.kindOf(type);
  if (kind === TypeKind.Array) {
    dropElements(g, types.inner(type), address, b.f.int(Type.i64, types.arrayLength(type)));
    return;
  }
  if (kind === TypeKind.Function) {
    // Behind a trait object.
    dropFunctionValue(g, b.load(Type.ptr, address, 8));
    return;
  }
  const drop = (part: Part): void => {
    if (!special(part)) dropInPlace(g, part.type, g.addressAt(address, part.offset));
  };
  const parts = dropsOf(g, type);
  if (kind === TypeKind.Struct || kind === TypeKind.Tuple) {
    for (let i = parts.length - 1; i >= 0; i--) drop(parts[i] as Part);
    return;
  }
  // Variants: those with parts to drop, one after the other by the tag.
  const byVariant = new Map<number, Part[]>();
  for (const part of parts) {
    const variant = Math.floor(part.number / variantStep) - 1;
    byVariant.set(variant, [...(byVariant.get(variant) ?? []), part]);
  }
  const tag = loadTag(g, type, address, 0);
  const done = b.block();
  for (const [variant, of] of byVariant) {
    const inside = b.block();
    const next = b.block();
    g.branch(b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), variant)), inside, next);
    b.seal(inside);
    g.startBlock(inside);
    for (let i = of.length - 1; i >= 0; i--) drop(of[i] as Part);
    g.jump(done);
    b.seal(next);
    g.startBlock(next);
  }
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}

/** Drops `count` elements from `start` on, forward. */
export function dropElements(g: Generator, element: TypeId, start: Value, count: Value): void {
  if (!g.needsDrop(element)) return;
  const { b } = g;
  const size = g.layouts.size(element);
  forEachElement(g, count, (at) => {
    dropInPlace(g, element, b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, size))));
  });
}
