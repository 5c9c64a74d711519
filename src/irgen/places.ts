/** What names places (names, fields, what pointers point to; elements are in elements.ts): as places (an address) and as values. */

import { meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import type { DefinitionId, LocalId } from "../check/definitions.ts";
import { TypeKind } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { derefed } from "./deref.ts";
import { emit, emitInto, emitPlace, finalType } from "./dispatch.ts";
import { register, registerMemory, registerPlaces } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";
import { nameInto, nameValue, definitionValue, namePlace } from "./nameExpressions.ts";
import { hasField, partPlace } from "./aggregates.ts";
import { memberValue } from "./elements.ts";

/** An expression that denotes a place in memory (or a local that may live in a register). */
export function isPlace(g: Generator, n: Node): boolean {
  const { ast } = g;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return isPlace(g, ast.operand(n));
    case Kind.Name: {
      const means = g.program.meaningOf(n);
      return meaningKind(means) === MeaningKind.Local ? g.locals.homeOf(meaningIndex(means) as LocalId) === Home.Slot : true;
    }
    case Kind.TupleField:
    case Kind.Field:
      return true;
    case Kind.Index:
      return ast.kind[ast.item(ast.arguments(n), 0)] !== Kind.Range;
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Dereference;
    default:
      return false;
  }
}

register({
  [Kind.Name]: nameValue,
  [Kind.VariantName]: nameValue,
  [Kind.Paren]: (g, n) => emit(g, g.ast.operand(n)),
});

registerPlaces({
  [Kind.Name]: namePlace,
  [Kind.Paren]: (g, n) => emitPlace(g, g.ast.operand(n)),
  [Kind.Field]: fieldPlace,
  [Kind.TupleField]: tuplePlace,
  [Kind.Unary]: (g, n) => {
    if (g.ast.unaryOperator(n) !== UnaryOperator.Dereference) return 0 as Value;
    const deferred = g.frame.deferredChecks;
    g.frame.deferredChecks = undefined;
    const operand = g.ast.operand(n);
    const type = finalType(g, operand);
    const kind = g.types.kindOf(type);
    let pointer: Value;
    if (kind === TypeKind.Reference || kind === TypeKind.Pointer) pointer = emit(g, operand);
    else {
      const place = emitPlace(g, operand);
      pointer = derefed(g, type, g.program.typeOf(n), g.addressAt(place, g.offset));
    }
    g.metadata = g.second;
    g.frame.deferredChecks = deferred;
    g.offset = 0;
    return pointer;
  },
});

registerMemory({
  [Kind.Name]: nameInto, [Kind.VariantName]: nameInto, [Kind.Field]: nameInto,
  // Not by a place of its own, which would be dropped as well.
  [Kind.Paren]: (g, n, pointer, offset) => emitInto(g, g.ast.operand(n), pointer, offset),
});

function tuplePlace(g: Generator, n: Node): Value {
  return partPlace(g, g.ast.operand(n), g.ast.tupleIndex(n), (type) => g.types.kindOf(type) === TypeKind.Tuple);
}

function structPlace(g: Generator, n: Node): Value {
  return partPlace(g, g.ast.operand(n), meaningIndex(g.program.meaningOf(n)), (type) => hasField(g, n, type));
}

function fieldPlace(g: Generator, n: Node): Value {
  const means = g.program.meaningOf(n);
  switch (meaningKind(means)) {
    case MeaningKind.Field:
      return structPlace(g, n);
    case MeaningKind.Definition:
      return namePlace(g, n);
    default:
      return 0 as Value;
  }
}

function valueAt(g: Generator, n: Node, pointer: Value): Value {
  return g.loadValue(g.program.typeOf(n), pointer, g.offset);
}

register({
  [Kind.TupleField]: (g, n) => valueAt(g, n, tuplePlace(g, n)),
  [Kind.Field]: (g, n) => {
    const means = g.program.meaningOf(n);
    switch (meaningKind(means)) {
      case MeaningKind.Field:
        return valueAt(g, n, structPlace(g, n));
      case MeaningKind.Member:
        return memberValue(g, g.ast.operand(n), meaningIndex(means));
      case MeaningKind.Definition:
        return definitionValue(g, n, meaningIndex(means) as DefinitionId);
      default:
        throw new Error("irgen/places: a field without meaning");
    }
  },
});

/** `&x`, `&mut x`: the address of the place, or of a temporary that holds the value. */
export function borrow(g: Generator, operand: Node): Value {
  const pointer = emitPlace(g, operand);
  if (g.layouts.isUnsized(g.program.typeOf(operand))) g.second = g.metadata;
  return g.addressAt(pointer, g.offset);
}
