/** Generic functions, methods and variants: as callees, as values. What each is an instance of is recorded at its node. */

import { Kind, type List, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { argumentNodes, checkSolved, functionName, solveCall, type Call } from "./inference.ts";
import type { EnumDefinition, FunctionDefinition, VariantDefinition } from "./definitions.ts";
import { reportUnmet } from "./generics.ts";
import { solveBounds } from "./implementations.ts";
import { match, substitute } from "./matching.ts";
import { padded } from "./methods.ts";
import { findLocal, resolvePath } from "./names.ts";
import { looksLikeType } from "./typeNodes.ts";
import { T, TypeFlag, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, resolved, tieCall, toldAt } from "./unknowns.ts";

/** Makes a callee mean an instance: the node itself, and what it applies type arguments to. */
export function setInstance(c: Checker, callee: Node, f: FunctionDefinition, args: readonly TypeId[]): void {
  const { types, program, ast } = c;
  const parameters = f.parameters.map((type) => substitute(types, type, f.typeParameters, args));
  const type = types.function(parameters, substitute(types, f.result, f.typeParameters, args), f.variadic ? TypeFlag.variadic : 0);
  for (let at = callee; ; at = ast.operand(at)) {
    c.setDefinition(at, f);
    program.setInstanceArgs(at, args);
    program.setType(at, type);
    if (ast.kind[at] !== Kind.Index) break;
  }
}

/** A call of a generic function whose type parameters are `seeds` as far as they are known; `skip`: 1 leaves the receiver out. */
export function callGeneric(c: Checker, n: Node, callee: Node, f: FunctionDefinition, seeds: readonly TypeId[], skip: 0 | 1, first: Node, list: List, expected: TypeId, label: (index: number) => ReturnType<Checker["label"]> | undefined): TypeId {
  const { types } = c;
  const args = argumentNodes(c, first, list);
  const found = seeded(c, n, seeds, f.typeParameters.length);
  const call: Call = { parameters: f.typeParameters, wanted: f.parameters.slice(skip), result: f.result, found, args, first, node: n };
  const isFine = solveCall(c, call, expected, (index) => label(index + skip));
  const name = functionName(c, f);
  if (isFine) {
    const own = f.typeParameters.slice(f.outerParameters).map((id) => c.nameText(c.definition(id).name)).join(", ");
    const written = f.implementation === 0 ? `${c.nameText(f.name)}[${own}](…)` : own === "" ? "give the variable a type" : `….${c.nameText(f.name)}[${own}](…)`;
    // What takes it is wrong itself.
    if (expected === T.error && found.includes(0 as TypeId)) return T.error;
    // What is known and has no such impl is a mistake, whatever the rest is found to be: zip(xs) of a list.
    const unmet = found.includes(0 as TypeId) ? solveBounds(c, f.typeParameters, found) : undefined;
    if (unmet !== undefined && !types.hasHole(unmet.type) && !types.hasVariable(unmet.type)) return reportUnmet(c, n, unmet, `${name} needs it`);
    const open = openArguments(c, n, found);
    if (open !== undefined) {
      tieCall(c, f.typeParameters, open, args, f.parameters.slice(skip));
      setInstance(c, callee, f, open.map((type) => (types.hasVariable(type) ? T.error : type)));
      return substitute(types, f.result, f.typeParameters, open);
    }
    if (!checkSolved(c, n, name, f.typeParameters, found, written)) {
      setInstance(c, callee, f, found.map((type) => (type === 0 ? T.error : type)));
      return T.error;
    }
  }
  const result = substitute(types, f.result, f.typeParameters, found);
  setInstance(c, callee, f, found.map((type) => (type === 0 ? T.error : type)));
  return types.hasHole(result) ? T.error : result;
}

/** The type arguments at `n` that are known, with what former passes found out of the others. */
function seeded(c: Checker, n: Node, seeds: readonly TypeId[], length: number): TypeId[] {
  const found = padded(seeds, length);
  toldAt(c, n)?.forEach((type, i) => { if (found[i] === 0) found[i] = type; });
  return found;
}

/** The type arguments with variables for what is unknown; undefined if all is known, or what is not is to be reported. */
function openArguments(c: Checker, n: Node, found: readonly TypeId[]): TypeId[] | undefined {
  if (found.includes(0 as TypeId)) return leaveOpen(c, n, found)?.slice();
  return c.learning && found.some((type) => c.types.hasVariable(type)) ? found.map((type) => resolved(c, type)) : undefined;
}

/** A generic function as a value: its type arguments are written, or told by the type that is wanted. */
export function genericValue(c: Checker, n: Node, f: FunctionDefinition, seeds: readonly TypeId[], expected: TypeId): TypeId {
  const { types } = c;
  const found = seeded(c, n, seeds, f.typeParameters.length);
  let wanted = expected;
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  if (types.kindOf(wanted) === TypeKind.Function && found.includes(0 as TypeId)) {
    const attempt = [...found];
    if (match(types, types.function(f.parameters, f.result, TypeFlag.mutable), types.function(types.items(wanted), types.inner(wanted), 0), f.typeParameters, attempt)) {
      attempt.forEach((type, i) => { found[i] = type; });
    }
  }
  const open = openArguments(c, n, found);
  if (open !== undefined) {
    tieCall(c, f.typeParameters, open, [], []);
    setInstance(c, n, f, open);
    return c.program.typeOf(n);
  }
  const name = functionName(c, f);
  if (!checkSolved(c, n, name, f.typeParameters, found, `${c.nameText(f.name)}[…]`)) return T.error;
  setInstance(c, n, f, found);
  return c.program.typeOf(n);
}

/** The parts of a variant of a generic enum. Gives the enum's type. */
export function callGenericVariant(c: Checker, n: Node, variant: VariantDefinition, owner: EnumDefinition, seeds: readonly TypeId[] | undefined, first: Node, list: List, expected: TypeId): TypeId {
  const found = seeded(c, n, seeds ?? [], owner.typeParameters.length);
  const call: Call = { parameters: owner.typeParameters, wanted: variant.fields.map((field) => field.type), result: owner.type, found, args: argumentNodes(c, first, list), first, node: n };
  if (!solveCall(c, call, expected, () => undefined)) return T.error;
  const open = openArguments(c, n, found);
  if (open !== undefined) {
    tieCall(c, owner.typeParameters, open, call.args, call.wanted);
    return substitute(c.types, owner.type, owner.typeParameters, open);
  }
  const name = `${c.nameText(owner.name)}.${c.nameText(variant.name)}`;
  if (!checkSolved(c, n, name, owner.typeParameters, found, `${c.nameText(owner.name)}[…].${c.nameText(variant.name)}(…)`)) return T.error;
  return substitute(c.types, owner.type, owner.typeParameters, found);
}

/** The type of a variant without parts of a generic enum: told by its path or by what is wanted. */
export function genericVariantValue(c: Checker, n: Node, variant: VariantDefinition, owner: EnumDefinition, seeds: readonly TypeId[] | undefined, expected: TypeId): TypeId {
  const { types } = c;
  if (seeds !== undefined && !seeds.includes(0 as TypeId)) return types.enum(owner.id, seeds);
  for (let at = expected; ; at = types.inner(at)) {
    const kind = types.kindOf(at);
    if (kind === TypeKind.Enum && types.definition(at) === owner.id && !types.hasHole(at)) return at;
    if (kind !== TypeKind.Optional && kind !== TypeKind.Reference) break;
  }
  if (expected === T.error) return T.error;
  const found = seeded(c, n, seeds ?? [], owner.typeParameters.length);
  if (!found.includes(0 as TypeId)) return types.enum(owner.id, found);
  const open = leaveOpen(c, n, found);
  if (open !== undefined) return types.enum(owner.id, open);
  const names = owner.typeParameters.map((id) => c.nameText(c.definition(id).name)).join(", ");
  return c.error("E0307", n, `nothing here says what ${names} of ${c.nameText(owner.name)} ${owner.typeParameters.length === 1 ? "is" : "are"}`, {
    labels: c.declaredAt(owner), advice: [`write it: ${c.nameText(owner.name)}[…].${c.nameText(variant.name)}`],
  });
}

/** All in the brackets are types, so that they are type arguments and no index. */
export function areTypes(c: Checker, list: List): boolean {
  const { ast } = c;
  const length = ast.length(list);
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (ast.kind[item] === Kind.Name && findLocal(c, ast.name(item)) !== 0) return false;
    if (!looksLikeType(c, item)) return false;
  }
  return length > 0;
}

/** `List[i64]`, a path's owner: an Index of a type's name with types in it. */
export function isAppliedType(c: Checker, n: Node): boolean {
  const { ast } = c;
  if (ast.kind[n] !== Kind.Index) return false;
  const object = ast.operand(n);
  if (ast.kind[object] === Kind.Name) return findLocal(c, ast.name(object)) === 0 && looksLikeType(c, object);
  if (ast.kind[object] !== Kind.Field) return false;
  const found = resolvePath(c, object);
  return typeof found !== "string" && (found.kind === "struct" || found.kind === "enum" || found.kind === "alias");
}
