/** Patterns of the tree as the matrix of exhaustive.ts takes them: by what they are made, and of which parts. */

import { Flag, Kind, type Node } from "../syntax/ast.ts";
import { range as rangeOf } from "./arithmetic.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { constantInteger, constantKey } from "./constants.ts";
import type { Checker } from "./context.ts";
import { partsOf } from "./patternConstants.ts";
import { isRest } from "./patterns.ts";
import { T, isIntegerType, type TypeId } from "./types.ts";

export type Constructor =
  | { readonly kind: "variant"; readonly index: number }
  | { readonly kind: "single" }
  | { readonly kind: "range"; readonly from: bigint; readonly to: bigint }
  | { readonly kind: "literal"; readonly key: string }
  /** Of texts, floats and pointers all that no pattern names. */
  | { readonly kind: "others" }
  /** A slice of `prefix + suffix` elements, or at least so many. */
  | { readonly kind: "slice"; readonly prefix: number; readonly suffix: number; readonly open: boolean };

export type Pattern =
  | { readonly kind: "any" }
  | { readonly kind: "or"; readonly alternatives: readonly Pattern[] }
  | { readonly kind: "made"; readonly by: Constructor; readonly parts: readonly Pattern[] };

export const any: Pattern = { kind: "any" };
/** The pattern of a node as the test of exhaustiveness sees it. */
export function lower(c: Checker, n: Node): Pattern {
  const { ast, program, types } = c;
  const type = program.typeOf(n);
  switch (ast.kind[n]) {
    case Kind.BindingPattern:
      return ast.subpattern(n) === 0 ? any : lower(c, ast.subpattern(n));
    case Kind.OrPattern:
      return { kind: "or", alternatives: lowerList(c, ast.elements(n)) };
    case Kind.LiteralPattern:
      return lowerConstant(c, ast.operand(n), type);
    case Kind.RangePattern: {
      const whole = rangeOf(type);
      const from = ast.left(n) === 0 ? whole.least : constantInteger(c, ast.left(n));
      let to = ast.right(n) === 0 ? whole.most : constantInteger(c, ast.right(n));
      if (from === undefined || to === undefined) return any;
      if (ast.right(n) !== 0 && !ast.has(n, Flag.inclusive)) to = to - 1n;
      return { kind: "made", by: { kind: "range", from, to }, parts: [] };
    }
    case Kind.PathPattern: {
      const definition = definitionOf(c, n);
      if (definition?.kind === "variant") return { kind: "made", by: { kind: "variant", index: definition.index }, parts: [] };
      if (definition?.kind === "const") return lowerConstant(c, ast.path(n), type);
      return any;
    }
    case Kind.VariantPattern: {
      const definition = definitionOf(c, n);
      if (definition?.kind !== "variant") return any;
      return { kind: "made", by: { kind: "variant", index: definition.index }, parts: spread(c, ast.subpatterns(n), partsOf(c, definition, type).length) };
    }
    case Kind.StructPattern: {
      const definition = definitionOf(c, n);
      if (definition?.kind !== "variant" && definition?.kind !== "struct") return any;
      const parts: Pattern[] = definition.fields.map(() => any);
      const list = ast.subpatterns(n);
      for (let i = 0; i < ast.length(list); i++) {
        const field = ast.item(list, i);
        parts[meaningIndex(program.meaningOf(field))] = lower(c, ast.subpattern(field));
      }
      return { kind: "made", by: definition.kind === "variant" ? { kind: "variant", index: definition.index } : { kind: "single" }, parts };
    }
    case Kind.TuplePattern:
      if (type === T.void) return any;
      return { kind: "made", by: { kind: "single" }, parts: spread(c, ast.elements(n), types.listLength(type)) };
    case Kind.SlicePattern: {
      const list = ast.elements(n);
      const length = ast.length(list);
      let rest = -1;
      for (let i = 0; i < length; i++) if (isRest(c, ast.item(list, i))) rest = i;
      const parts: Pattern[] = [];
      for (let i = 0; i < length; i++) if (i !== rest) parts.push(lower(c, ast.item(list, i)));
      return { kind: "made", by: { kind: "slice", prefix: rest < 0 ? length : rest, suffix: rest < 0 ? 0 : length - 1 - rest, open: rest >= 0 }, parts };
    }
    default:
      return any;
  }
}

function lowerList(c: Checker, list: ReturnType<Checker["ast"]["elements"]>): Pattern[] {
  const found: Pattern[] = [];
  for (let i = 0; i < c.ast.length(list); i++) found.push(lower(c, c.ast.item(list, i)));
  return found;
}

/** Parts with `..` filled up to `count`. */
function spread(c: Checker, list: ReturnType<Checker["ast"]["elements"]>, count: number): Pattern[] {
  const { ast } = c;
  const found: Pattern[] = [];
  const length = ast.length(list);
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (ast.kind[item] === Kind.RestPattern) for (let j = length - 1; j < count; j++) found.push(any);
    else found.push(lower(c, item));
  }
  while (found.length < count) found.push(any);
  return found;
}

function lowerConstant(c: Checker, n: Node, type: TypeId): Pattern {
  if (isIntegerType(type) || type === T.char || type === T.bool) {
    const value = constantInteger(c, n);
    if (value === undefined) return any;
    if (type === T.bool) return { kind: "made", by: { kind: "variant", index: Number(value) }, parts: [] };
    return { kind: "made", by: { kind: "range", from: value, to: value }, parts: [] };
  }
  // What cannot be compared here stands for itself: it covers nothing else.
  return { kind: "made", by: { kind: "literal", key: constantKey(c, n) ?? `node ${n}` }, parts: [] };
}

function definitionOf(c: Checker, n: Node) {
  const m = c.program.meaningOf(n);
  return meaningKind(m) === MeaningKind.Definition ? c.definition(meaningIndex(m)) : undefined;
}
