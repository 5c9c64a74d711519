/** Types as they are written: from a node to a TypeId. Also expressions that stand where a type is meant, as in `max[i64]`. */

import { Flag, Kind, UnaryOperator, type List, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { nameElsewhere } from "../source/suggest.ts";
import { constantLength } from "./constants.ts";
import type { Checker } from "./context.ts";
import { dynObstacle } from "./conformance.ts";
import type { Definition, TraitDefinition } from "./definitions.ts";
import { applyArguments, resolveTrait, wrongArguments } from "./generics.ts";
import { findDeclared, nearName, reportNoType, resolvePath, typeOfDefinition } from "./names.ts";
import { T, TypeFlag, TypeKind, type TypeId } from "./types.ts";

/** Types of the library that come with generics. */
export const ownedTypes: ReadonlySet<number> = new Set([
  Names.String, Names.List, Names.Map, Names.Set, Names.Box, Names.Rc, Names.Weak, Names.Arc, Names.ArcWeak, Names.Cell,
]);

/** The type that a node means; reports what is no type and gives `error` for it. */
export function resolveType(c: Checker, n: Node): TypeId {
  const type = resolve(c, n);
  c.program.setType(n, type);
  return type;
}

/** A type of a variable, field, element or argument: one that has a size. */
export function resolveSizedType(c: Checker, n: Node): TypeId { return sized(c, n, resolveType(c, n)); }

function sized(c: Checker, n: Node, type: TypeId): TypeId {
  if (type === T.never) return c.error("E0363", n, "never has no values, so nothing can have this type");
  if (c.types.kindOf(type) === TypeKind.Dyn) return c.error("E0363", n, `${c.typeName(type)} has no size of its own`, { advice: [`hold it behind a reference or a box: &${c.typeName(type)}, Box[${c.typeName(type)}]`] });
  return type;
}

function resolve(c: Checker, n: Node): TypeId {
  const { ast, types } = c;
  switch (ast.kind[n]) {
    case Kind.Name:
    case Kind.Field:
      return resolveNamed(c, n);
    case Kind.Paren:
      return resolveType(c, ast.operand(n));
    case Kind.PointerType: {
      const target = resolveType(c, ast.target(n));
      return target === T.error ? T.error : types.pointer(target);
    }
    case Kind.ReferenceType: {
      const target = resolveType(c, ast.target(n));
      return target === T.error ? T.error : types.reference(target, ast.has(n, Flag.mutable));
    }
    case Kind.Unary: {
      const operator = ast.unaryOperator(n);
      const target = resolveType(c, ast.operand(n));
      if (operator !== UnaryOperator.Dereference && operator !== UnaryOperator.Borrow && operator !== UnaryOperator.BorrowMutable) return c.error("E0218", n, "a type is needed here");
      if (target === T.error) return T.error;
      return operator === UnaryOperator.Dereference ? types.pointer(target) : types.reference(target, operator === UnaryOperator.BorrowMutable);
    }
    case Kind.ArrayType: {
      const element = resolveSizedType(c, ast.arrayElement(n));
      const length = constantLength(c, ast.arrayLength(n));
      if (element === T.error || length === undefined) return T.error;
      return types.array(element, length);
    }
    case Kind.SliceType: {
      const target = resolveSizedType(c, ast.target(n));
      return target === T.error ? T.error : types.slice(target, ast.has(n, Flag.mutable));
    }
    case Kind.OptionalType: {
      const target = resolveType(c, ast.target(n));
      return target === T.error ? T.error : types.optional(target);
    }
    case Kind.Tuple:
    case Kind.TupleType: {
      const parts = resolveAll(c, ast.elements(n));
      return parts.includes(T.error) ? T.error : types.tuple(parts);
    }
    case Kind.FunctionType: {
      const parameters = resolveAll(c, ast.parameters(n));
      const result = ast.result(n) === 0 ? T.void : resolveType(c, ast.result(n));
      if (parameters.includes(T.error) || result === T.error) return T.error;
      const flags = (ast.has(n, Flag.mutable) ? TypeFlag.mutable : 0) | (ast.has(n, Flag.external) ? TypeFlag.external : 0) | (ast.has(n, Flag.variadic) ? TypeFlag.variadic : 0);
      return types.function(parameters, result, flags);
    }
    case Kind.Index:
      return resolveGeneric(c, n);
    case Kind.DynType:
      return resolveDyn(c, n);
    case Kind.Error:
      return T.error;
    default:
      return c.error("E0218", n, "a type is needed here");
  }
}

/** The types that the nodes of a list mean. */
function resolveAll(c: Checker, list: List): TypeId[] {
  const found: TypeId[] = [];
  for (let i = 0; i < c.ast.length(list); i++) found.push(resolveType(c, c.ast.item(list, i)));
  return found;
}

/** `dyn Trait`. Whether the trait can be one is looked at when all traits are known. */
function resolveDyn(c: Checker, n: Node): TypeId {
  // An operator's trait is refused below, whatever its arguments.
  const reference = resolveTrait(c, c.ast.path(n), T.void);
  if (reference === undefined) return T.error;
  const trait = c.definition(reference.trait);
  if (trait.kind === "trait" && c.boundsKnown && !canBeDyn(c, n, trait)) return T.error;
  return c.types.dyn(reference.trait, reference.args);
}

/** So many traits are looked at one within the other: the signatures of one name the next. */
const deepestDyn = 32;

/** Looks whether a trait can be `dyn`, and reports at `n` what cannot. Those that are met too deep within others wait for the outermost. */
function canBeDyn(c: Checker, n: Node, trait: TraitDefinition): boolean {
  if (c.dynDepth > deepestDyn) {
    c.dynChecks.push({ node: n, trait });
    return true;
  }
  c.dynDepth++;
  const obstacle = dynObstacle(c, trait);
  if (obstacle !== undefined) {
    const isIterator = trait.name === Names.Iterator && c.unitOfFile[trait.file] === c.prelude;
    const advice = isIterator ? ["hand out a function that gives the next item, mut func() ?T, or a trait of your own that has next alone"] : [];
    c.error("E0352", n, `${c.nameText(trait.name)} cannot be dyn: ${obstacle.message}`, { labels: c.declaredAt(obstacle.method), advice });
  }
  if (c.dynDepth === 1) for (let next = c.dynChecks.pop(); next !== undefined; next = c.dynChecks.pop()) canBeDyn(c, next.node, next.trait);
  c.dynDepth--;
  return obstacle === undefined;
}

function resolveNamed(c: Checker, n: Node): TypeId {
  const { ast } = c;
  if (ast.kind[n] === Kind.Name) {
    const name = ast.name(n);
    if (name === Names.Self) {
      if (c.selfType === 0) return c.error("E0225", n, "Self has no meaning outside an impl");
      return c.selfType;
    }
    // Locals are no types, so they do not hide any here.
    const definition = findDeclared(c, name, n);
    if (definition === undefined) {
      if (ownedTypes.has(name)) return c.unsupported(n, `the type ${c.nameText(name)} is`);
      if (name === Names.Result) return c.error("E0304", n, "Result needs two types: Result[T, E]");
      // `Vec<i64>`: the brackets were told of.
      if (c.isLost(name) || c.syntaxErrors.includes(ast.end[n] as number)) return T.error;
      return c.error("E0202", n, `unknown type ${c.nameText(name)}`, { advice: nearName(c, name, "type") });
    }
    return typeMeant(c, n, definition);
  }
  const definition = resolvePath(c, n);
  if (definition === "error") return T.error;
  if (definition === "value") return reportNoType(c, n, "E0202", "this is no type");
  return typeMeant(c, n, definition);
}

/**
 * The type of a declaration that is written `name type`: a parameter, a field, a variable. Where they stand the other way round, as in C, that is said, and
 * the tree is put right, so that what uses the name finds it. `named` has the name.
 */
export function resolveDeclared(c: Checker, named: Node, written: Node): TypeId {
  const { ast } = c;
  const name = ast.kind[written] === Kind.Name ? ast.name(written) : 0;
  if (name === 0 || ast.name(named) === 0) return resolveSizedType(c, written);
  const definition = findDeclared(c, name, written);
  if (definition !== undefined) {
    const type = typeMeant(c, written, definition);
    c.program.setType(written, type);
    return sized(c, written, type);
  }
  // `number int` is a variable with a type of another language, not the other way round.
  const elsewhere = nameElsewhere(c.nameText(name));
  if (elsewhere !== undefined && typeNamed(c, c.names.intern(elsewhere), written) !== undefined) return resolveSizedType(c, written);
  const inFront = c.nameText(ast.name(named));
  const meant = nameElsewhere(inFront) ?? inFront;
  const type = typeNamed(c, c.names.intern(meant), written);
  if (type === undefined) return resolveSizedType(c, written);
  c.errorAt("E0137", { start: ast.start[named] as number, end: ast.end[written] as number }, "the type stands behind the name", { advice: [`write ${c.nameText(name)} ${meant}`] });
  ast.a[named] = name;
  return isUnsized(c, type) ? T.error : type;
}

/** The type that is declared by that name, `error` for one with parameters; undefined if there is none. */
function typeNamed(c: Checker, name: NameId, n: Node): TypeId | undefined {
  const definition = findDeclared(c, name, n);
  switch (definition?.kind) {
    case "struct":
    case "enum":
    case "alias": return definition.typeParameters.length > 0 ? T.error : typeOfDefinition(c, definition);
    case "scalarType":
    case "typeParameter": return definition.type;
    default: return undefined;
  }
}

/** The type that `n` means, whose name was found to mean `definition`. */
function typeMeant(c: Checker, n: Node, definition: Definition): TypeId {
  c.setDefinition(n, definition);
  if (c.refused[definition.id] === true) return T.error;
  if ((definition.kind === "struct" || definition.kind === "enum" || definition.kind === "alias") && definition.typeParameters.length > 0) {
    return wrongArguments(c, n, definition, 0);
  }
  const type = typeOfDefinition(c, definition);
  if (definition.kind === "trait") {
    return c.error("E0218", n, `${c.nameText(definition.name)} is a trait, not a type`, { labels: c.declaredAt(definition), advice: [`a value of any type that has it: &dyn ${c.nameText(definition.name)}, or a type parameter T: ${c.nameText(definition.name)}`] });
  }
  if (type === 0) {
    return c.error("E0218", n, `${c.nameText(definition.name)} is ${kindInWords(definition.kind)}, not a type`, { labels: c.declaredAt(definition) });
  }
  return type;
}

/** What a definition of that kind is, as messages say it: with its article. */
export function kindInWords(kind: string): string {
  switch (kind) {
    case "const": return "a constant";
    case "global": return "a variable";
    case "enum": return "an enum";
    case "alias":
    case "scalarType": return "a type";
    case "builtin": return "a function";
    case "typeParameter": return "a type parameter";
    default: return `a ${kind}`;
  }
}

/** `Result[T, E]`, `List[T]`. */
function resolveGeneric(c: Checker, n: Node): TypeId {
  const { ast, types } = c;
  const object = ast.operand(n);
  const list = ast.arguments(n);
  if (ast.kind[object] === Kind.Name) {
    const name = ast.name(object);
    const declared = findDeclared(c, name, object);
    if (declared === undefined && name === Names.Result) {
      if (ast.length(list) !== 2) return c.error("E0304", n, `Result has 2 type arguments, not ${ast.length(list)}`);
      const ok = resolveType(c, ast.item(list, 0));
      const error = resolveType(c, ast.item(list, 1));
      return ok === T.error || error === T.error ? T.error : types.result(ok, error);
    }
    if (declared === undefined && ownedTypes.has(name)) return c.unsupported(object, `the type ${c.nameText(name)} is`);
    if (declared?.kind === "struct" || declared?.kind === "enum" || declared?.kind === "alias") {
      if (c.refused[declared.id] === true) return T.error;
      c.setDefinition(object, declared);
      return applyArguments(c, n, declared, list);
    }
  } else if (ast.kind[object] === Kind.Field) {
    const found = resolvePath(c, object);
    if (found === "error") return T.error;
    if (found !== "value" && (found.kind === "struct" || found.kind === "enum" || found.kind === "alias")) return applyArguments(c, n, found, list);
  }
  const base = resolveType(c, object);
  if (base === T.error) return T.error;
  return c.error("E0345", n, `${c.typeName(base)} has no type parameters`);
}

/** A node that could be an expression and is a type: what stands in the brackets of `max[i64]` or in `@sizeof(…)`. */
export function looksLikeType(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.PointerType:
    case Kind.ReferenceType:
    case Kind.ArrayType:
    case Kind.SliceType:
    case Kind.OptionalType:
    case Kind.TupleType:
    case Kind.FunctionType:
    case Kind.DynType:
      return true;
    case Kind.Name: {
      const definition = findDeclared(c, ast.name(n), n);
      if (definition === undefined) return ast.name(n) === Names.Self || ast.name(n) === Names.Result;
      return definition.kind === "struct" || definition.kind === "enum" || definition.kind === "alias" || definition.kind === "scalarType" || definition.kind === "typeParameter";
    }
    case Kind.Index:
      return looksLikeType(c, ast.operand(n));
    case Kind.Field: {
      const definition = resolvePath(c, n);
      return typeof definition !== "string" && typeOfDefinition(c, definition) !== 0;
    }
    case Kind.Unary:
    case Kind.Paren:
      return looksLikeType(c, ast.operand(n));
    case Kind.Tuple: {
      const elements = ast.elements(n);
      for (let i = 0; i < ast.length(elements); i++) if (!looksLikeType(c, ast.item(elements, i))) return false;
      return true;
    }
    default:
      return false;
  }
}

/** Types that no variable or element may have. */
export function isUnsized(c: Checker, type: TypeId): boolean {
  return type === T.never || c.types.kindOf(type) === TypeKind.Dyn;
}
