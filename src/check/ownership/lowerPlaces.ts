/** The places that expressions name: locals, fields, elements, what lies behind references. */

import { Kind, UnaryOperator, type Node } from "../../syntax/ast.ts";
import { BuiltinMember, MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { LocalId } from "../definitions.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Op, StatementFlag } from "./flow.ts";
import { operatorCall } from "./lowerOperators.ts";
import type { Lowering } from "./lowering.ts";
import { meansField } from "../members.ts";
import { Step, fieldStep, noPath, type PathId } from "./paths.ts";
import { value, own, used, isQuiet, held } from "./lowerExpressions.ts";

/** The expression may name memory that was there before. */
export function isPlaceKind(l: Lowering, n: Node): boolean {
  const { ast } = l.c;
  switch (ast.kind[n]) {
    case Kind.Name:
    case Kind.Field:
    case Kind.TupleField:
      return true;
    case Kind.Index:
      return ast.kind[ast.item(ast.arguments(n), 0)] !== Kind.Range;
    case Kind.Paren:
      return isPlaceKind(l, ast.operand(n));
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Dereference;
    default:
      return false;
  }
}

/** The place that `n` names, or a temporary that holds its value; 0 where neither is of interest. */
export function placeOrValue(l: Lowering, n: Node): PathId {
  const at = l.c.ast.withoutParentheses(n);
  if (isPlaceKind(l, at)) return place(l, at);
  if (l.block < 0) return noPath;
  return l.made(l.c.program.typeOf(at), at, (to) => own(l, at, to));
}

/** The place that `n` names: 0 for constants, most globals, functions, which are outside these checks. */
export function place(l: Lowering, n: Node): PathId {
  const { ast, program, types } = l.c;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return place(l, ast.operand(n));
    case Kind.Name: {
      const m = program.meaningOf(n);
      if (meaningKind(m) === MeaningKind.Definition && !l.flow.isLibrary) {
        const definition = l.c.definition(meaningIndex(m));
        return definition.kind === "global" && l.facts.holds(definition.type) && !l.facts.isCopy(definition.type) ? l.global(definition) : noPath;
      }
      if (meaningKind(m) !== MeaningKind.Local) return noPath;
      const local = meaningIndex(m) as LocalId;
      return l.isPlain(local) ? noPath : l.local(local);
    }
    case Kind.Field: {
      const m = program.meaningOf(n);
      if (meaningKind(m) === MeaningKind.Definition) return noPath;
      if (meaningKind(m) === MeaningKind.Member) return member(l, n, meaningIndex(m));
      const index = meaningIndex(m);
      const owner = ownerOfField(l, n, index);
      return l.field(owner, fieldStep(index), program.typeOf(n));
    }
    case Kind.TupleField: {
      let at = placeOrValue(l, ast.operand(n));
      while (at !== noPath && types.kindOf(l.flow.paths.typeOf(at)) !== TypeKind.Tuple) {
        const next = l.deref(at);
        if (next === at) break;
        at = next;
      }
      return l.field(at, fieldStep(ast.tupleIndex(n)), program.typeOf(n));
    }
    case Kind.Index: {
      const called = operatorCall(l, n);
      if (called !== undefined) return called;
      const base = placeOrValue(l, ast.operand(n));
      const at = elements(l, base);
      const subscript = ast.item(ast.arguments(n), 0);
      const keeper = isQuiet(l, subscript) ? noPath : held(l, at, ast.operand(n));
      value(l, subscript, noPath);
      used(l, keeper, n);
      return l.field(at, Step.index, program.typeOf(n));
    }
    case Kind.Unary: {
      const called = operatorCall(l, n);
      if (called !== undefined) return called;
      return l.deref(placeOrValue(l, ast.operand(n)));
    }
    default:
      return placeOrValue(l, n);
  }
}

/** Where the elements of an array, slice, text or pointer lie. */
export function elements(l: Lowering, base: PathId): PathId {
  const { types } = l.c;
  let at = base;
  while (at !== noPath) {
    const type = l.flow.paths.typeOf(at);
    const kind = types.kindOf(type);
    if (kind === TypeKind.Array || kind === TypeKind.Dyn || (type === T.error)) return at;
    const next = l.deref(at);
    if (next === at) return at;
    at = next;
    if (kind === TypeKind.Slice || type === T.str || kind === TypeKind.Pointer) return at;
  }
  return noPath;
}

/** The struct that has the field which `n` names, through references and boxes. */
function ownerOfField(l: Lowering, n: Node, index: number): PathId {
  const { ast, types } = l.c;
  let at = placeOrValue(l, ast.operand(n));
  while (at !== noPath) {
    const here = l.flow.paths.typeOf(at);
    const kind = types.kindOf(here);
    if (kind === TypeKind.Struct && l.facts.derefTarget(here) === 0) return at;
    if (kind === TypeKind.Struct && isFieldNamed(l, here, index, n)) return at;
    const next = l.deref(at);
    if (next === at) return at;
    at = next;
  }
  return at;
}

/** Field `index` of the struct type has the name that `n` says. */
function isFieldNamed(l: Lowering, type: TypeId, index: number, n: Node): boolean {
  const structure = l.c.definition(l.c.types.definition(type));
  const field = structure.kind === "struct" ? structure.fields[index] : undefined;
  return structure.kind === "struct" && field?.name === l.c.ast.fieldName(n) && meansField(l.c, n, structure, type, field);
}

/** `.len` looks at the outermost word only; `.ptr` is a raw pointer. */
function member(l: Lowering, n: Node, index: number): PathId {
  const { ast, types, program } = l.c;
  let at = placeOrValue(l, ast.operand(n));
  if (at === noPath) return noPath;
  while (types.kindOf(l.flow.paths.typeOf(at)) === TypeKind.Reference) at = l.deref(at);
  if (index === BuiltinMember.len) {
    l.emit(Op.read, 0, l.accessible(at), n, StatementFlag.shallow);
    return noPath;
  }
  const to = l.temporary(program.typeOf(n), n);
  const type = l.flow.paths.typeOf(at);
  let from = elements(l, at);
  if ((types.kindOf(type) === TypeKind.Slice || type === T.str) && l.flow.paths.stepOf(at) !== Step.owned) {
    // The pointer in a slice is the slice's own: whoever holds the slice does not matter.
    from = l.temporary(type, n);
    l.emit(Op.copy, from, at, n);
  }
  l.emit(Op.raw, to, from, n);
  return to;
}
