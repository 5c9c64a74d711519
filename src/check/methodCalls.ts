/** Calls of methods: `object.name(arguments)`. */

import { Kind, type List, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { receive } from "./receivers.ts";
import type { Checker } from "./context.ts";
import { isString } from "./convert.ts";
import { itemsOfWantedList, takingItems } from "./givenArrays.ts";
import type { DefinitionId, FunctionDefinition } from "./definitions.ts";
import { check, infer } from "./expressions.ts";
import { reportUnmet } from "./generics.ts";
import { isFieldVisible, isSliced, throughPointers } from "./members.ts";
import { methodAdvice } from "./methodAdvice.ts";
import { findMethod, isDropNamed, traitOf, type FoundReceiver } from "./methods.ts";
import { structureOf } from "./names.ts";
import { advicePrivate, isVisible } from "./visibility.ts";
import { functionType, reach } from "./nameExpressions.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { isUnknown, taintBy } from "./unknowns.ts";
import { writtenArguments, callInstance, callFunction } from "./calls.ts";
import { anyway } from "./wrongCalls.ts";

/** `object.name(arguments)`. */
export function callMethod(c: Checker, n: Node, callee: Node, first: Node, args: List, expected: TypeId): TypeId {
  const { ast, program } = c;
  // `object.name[A](…)` is an Index around the Field.
  const field = ast.kind[callee] === Kind.Index ? ast.operand(callee) : callee;
  const object = ast.operand(field);
  const name = ast.fieldName(field);
  let type = itemsOfWantedList(c, object, name, expected) || infer(c, object);
  if (type === T.error || type === T.never || isUnknown(c, type)) return anyway(c, args, T.error);
  let declared = findMethod(c, type, name, field);
  if (declared === undefined && isSliced(c, object) && c.types.kindOf(type) === TypeKind.Slice && !c.types.isMutable(type)) {
    // `xs[a..b].sort()`: what only a []mut has borrows the part by &mut.
    const mutable = c.types.slice(c.types.inner(type), true);
    declared = findMethod(c, mutable, name, field);
    if (declared !== undefined) type = check(c, object, mutable);
    if (type === T.error) return anyway(c, args, T.error);
  }
  const found = declared === undefined ? undefined : (askedByText(c, type, declared, field, first, args) ?? takingItems(c, object, type, declared, name) ?? declared);
  if (found === undefined) taintBy(c, type, c.tail(field, name).start);
  if (found === undefined) return withoutMethod(c, field, throughPointers(c, type), args);
  const { base } = found;
  const method = found.method.function;
  if (found.method.rival !== undefined) {
    anyway(c, args, T.error);
    const one = traitOf(c, method);
    const traits = [one, found.method.rival].filter((trait) => trait !== undefined).map((trait) => c.nameText(trait.name));
    return c.errorAt("E0207", c.tail(field, name), `${traits.join(" and ")} both have a method ${c.nameText(name)} for ${c.typeName(base)}`, { labels: c.declaredAt(method), advice: [`say which: ${traits[0] ?? ""}.${c.nameText(name)}(…)`] });
  }
  // What is unmet while something is unknown is reported when that is known.
  if (found.method.unmet !== undefined && !c.learning) {
    anyway(c, args, T.error);
    return reportUnmet(c, n, found.method.unmet, `${c.nameText(name)} of ${c.typeName(base)} needs it`);
  }
  if (!isVisible(c, method, field)) {
    anyway(c, args, T.error);
    return c.errorAt("E0208", c.tail(field, name), `${c.nameText(name)} is private to its module`, { labels: c.declaredAt(method), advice: advicePrivate(c, method) });
  }
  if (isDropNamed(c, method, field, name)) return anyway(c, args, T.error);
  c.setDefinition(callee, method);
  if (c.refused[method.id] === true) return anyway(c, args, T.error);
  reach(c, method);
  if (method.typeParameters.length === 0) program.setType(callee, functionType(c, method));
  if (method.receiver === "none") {
    anyway(c, args, T.error);
    if (missesSelf(c, method) || c.ast.lost.has(method.name)) return T.error;
    return c.errorAt("E0338", c.tail(field, name), `${c.nameText(name)} takes no self`, { labels: c.declaredAt(method), advice: [`call it on the type: ${c.typeName(base)}.${c.nameText(name)}(…), or let it take &self`] });
  }
  let seeds: readonly TypeId[] | undefined = found.method.args;
  if (callee !== field) {
    if (method.typeParameters.length === method.outerParameters) {
      anyway(c, args, T.error);
      return c.error("E0345", callee, `${c.nameText(name)} has no type parameters`, { labels: c.declaredAt(method) });
    }
    seeds = writtenArguments(c, callee, method, seeds);
    if (seeds === undefined) return anyway(c, args, T.error);
  }
  const result = method.typeParameters.length === 0 ? callFunction(c, n, method, 1, first, args) : callInstance(c, n, callee, method, seeds, 1, first, args, expected);
  receive(c, object, type, base, method);
  return result;
}

/** An impl of a trait for the type (for any, where no declaration tells it) has such a method, which that trait has not: E0348 says so. */
function isStray(c: Checker, owner: DefinitionId | undefined, name: NameId): boolean {
  return c.implementations.some((one) => {
    const trait = one.trait === undefined ? undefined : c.definition(one.trait.trait);
    return trait?.kind === "trait" && (owner === undefined || c.definitionBehind(one.target)?.id === owner) && one.methods.some((method) => method.name === name) && !trait.methods.some((method) => method.name === name);
  });
}

/** What maps and sets of Strings have beside these for a key that is a `str`. */
const textMethods: ReadonlyMap<string, string> = new Map([["get", "get_str"], ["get_mut", "get_str_mut"], ["contains", "contains_str"], ["remove", "remove_str"]]);
/** An argument of these kinds may be looked at before its parameter's type is known: nothing in it depends on that. */
const plainKinds: ReadonlySet<number> = new Set([Kind.String, Kind.Name, Kind.Field, Kind.Index, Kind.Call, Kind.Unwrap, Kind.Try, Kind.Paren, Kind.Unary]);

/** A map or set of Strings that is asked by a `str`: the method which takes that, so that no String need be made. */
function askedByText(c: Checker, type: TypeId, found: FoundReceiver, field: Node, first: Node, args: List): FoundReceiver | undefined {
  const { ast, types } = c;
  if (first !== 0 || ast.length(args) !== 1) return undefined;
  const owner = types.kindOf(found.base) === TypeKind.Struct ? c.definitionBehind(found.base) : undefined;
  if (owner === undefined || (owner.name !== Names.Map && owner.name !== Names.Set) || c.unitOfFile[owner.file] !== c.prelude || !isString(c, types.listItem(found.base, 0))) return undefined;
  const other = textMethods.get(c.nameText(ast.fieldName(field)));
  const argument = ast.item(args, 0);
  if (other === undefined || !plainKinds.has(ast.kind[argument] as number)) return undefined;
  if (throughReferences(c, ast.kind[argument] === Kind.String ? T.str : infer(c, argument)) !== T.str) return undefined;
  return findMethod(c, type, c.names.intern(other), field);
}

/** The body names `self`, which the parameters lack: that is a mistake there. */
function missesSelf(c: Checker, method: FunctionDefinition): boolean {
  const { ast } = c;
  const from = ast.start[method.node] as number;
  for (let at: number = method.node; at > 0 && (ast.start[at] as number) >= from; at--) if (ast.kind[at] === Kind.Name && ast.name(at as Node) === Names.self) return true;
  return false;
}

/** No method of that name: perhaps a field that holds a function, perhaps a slip. */
function withoutMethod(c: Checker, callee: Node, base: TypeId, args: List): TypeId {
  const { ast, types } = c;
  const name = ast.fieldName(callee);
  const text = c.nameText(name);
  const structure = structureOf(c, base);
  const field = structure?.kind === "struct" ? structure.fields.find((one) => one.name === name) : undefined;
  if (field !== undefined && types.kindOf(throughReferences(c, field.type)) === TypeKind.Function) {
    anyway(c, args, T.error);
    return c.errorAt("E0205", c.tail(callee, name), `${text} is a field of ${c.typeName(base)}, not a method`, { advice: [`call the function in it: (….${text})(…)`] });
  }
  const isBuiltIn = (name === Names.len || name === Names.ptr) && (base === T.str || types.kindOf(base) === TypeKind.Array || types.kindOf(base) === TypeKind.Slice);
  anyway(c, args, T.error);
  if (isBuiltIn || (field !== undefined && structure !== undefined && isFieldVisible(c, structure, field.node, c.tail(callee, name).start) && ast.length(args) === 0)) {
    return c.errorAt("E0205", c.tail(callee, name), `${text} reads like a field`, { advice: [`write .${text} without ()`] });
  }
  if (c.isLost(name)) return T.error;
  const owner = c.definitionBehind(base);
  // It may stand in an impl whose head could not be read.
  if (c.isIncomplete(owner) || (c.ast.isImplLost && owner !== undefined && c.unitOfFile[owner.file]?.library !== true)) return T.error;
  if (isStray(c, owner?.kind === "struct" || owner?.kind === "enum" ? owner.id : undefined, name)) return T.error;
  const advice = methodAdvice(c, name, base);
  return c.errorAt("E0205", c.tail(callee, name), `${c.typeName(base)} has no method ${text}`, { labels: owner === undefined ? [] : c.declaredAt(owner), advice });
}
