/** Whether impls do what their traits ask; whether two stand in each other's way; which traits can be `dyn`. */

import { Names } from "../source/interner.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { fieldsHeld, type FunctionDefinition, type ImplDefinition, type TraitDefinition } from "./definitions.ts";
import { ownTypes, parameterOf, reportUnmet, traitText } from "./generics.ts";
import { askHead, findImpl, headOf, preludeTrait, solveBounds, withSupertraits } from "./implementations.ts";
import { substitute } from "./matching.ts";
import { isLibraryOwned } from "./visibility.ts";
import { implsOverlap, mayOverlap } from "./overlap.ts";
import { ensureFunction, unitOf } from "./signatures.ts";
import { isolated } from "./surroundings.ts";
import { suggest } from "../source/suggest.ts";
import { hasStructurally, isCopy, isKnownTrait, isOperatorTrait } from "./traits.ts";
import { ensureTrait } from "./traitDeclarations.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** Checks an impl of a trait of the user's files. */
export function checkImpl(c: Checker, implementation: ImplDefinition): void {
  const { ast } = c;
  const reference = implementation.trait;
  checkParameters(c, implementation);
  if (reference === undefined) return;
  const trait = c.definition(reference.trait);
  if (trait.kind !== "trait") return;
  ensureTrait(c, trait);
  const name = traitText(c, reference, implementation.target);
  const node = ast.implTrait(implementation.node);
  /** Methods whose names are misspelled in the impl. */
  const misspelled: (string | undefined)[] = [];
  const strays = implementation.methods.filter((method) => !trait.methods.some((one) => one.name === method.name));
  const left = trait.methods.filter((one) => !one.hasDefault && !implementation.methods.some((method) => method.name === one.name));
  // One too many and one too few are one mistake: a name.
  const other = strays.length === 1 && left.length === 1 ? left[0] : undefined;
  for (const method of implementation.methods) {
    const wanted = trait.methods.find((one) => one.name === method.name);
    if (wanted === undefined) {
      // It may be what could not be read there.
      if (c.hasSyntaxError(trait.node)) continue;
      const near = suggest(c.nameText(method.name), trait.methods.map((one) => c.nameText(one.name))) ?? (other === undefined ? undefined : c.nameText(other.name));
      misspelled.push(near);
      c.errorAt("E0348", c.nameSpan(method.node, method.name), `${name} has no method ${c.nameText(method.name)}`, {
        labels: other === undefined ? c.declaredAt(trait) : c.declaredAt(other), advice: [near === undefined ? `put it into: impl ${c.typeName(implementation.target)} { … }` : `did you mean ${near}?`],
      });
    } else {
      compareMethods(c, method, wanted, [implementation.target, ...reference.args]);
    }
  }
  const missing = left.filter((one) => !misspelled.includes(c.nameText(one.name)));
  if (missing.length > 0) {
    c.error("E0347", node, `${missing.map((one) => c.nameText(one.name)).join(", ")} of ${name} ${missing.length === 1 ? "is" : "are"} missing`, {
      labels: missing.slice(0, 3).map((one) => c.declaredAt(one)).flat(),
    });
  }
  isolated(c, unitOf(c, implementation), implementation.target, () => {
    c.typeParameters = implementation.typeParameters;
    for (const base of withSupertraits(c, [reference], implementation.target).slice(1)) {
      const definition = c.definition(base.trait);
      if (definition.kind !== "trait" || findImpl(c, implementation.target, definition, base.args) !== undefined) continue;
      c.error("E0346", node, `${c.typeName(implementation.target)} is not ${traitText(c, base, implementation.target)}, which ${name} builds on`, {
        labels: c.declaredAt(trait), advice: [`derive it, or write: impl ${traitText(c, base, implementation.target)} for ${c.typeName(implementation.target)}`],
      });
    }
    const unmet = solveBounds(c, trait.typeParameters.slice(1), [...reference.args]);
    if (unmet !== undefined) reportUnmet(c, node, unmet, `${c.nameText(trait.name)} needs it`);
  });
  if (trait.known === Names.Drop && isCopy(c, implementation.target)) {
    c.error("E0351", node, `${c.typeName(implementation.target)} is Copy, and what is copied cannot be dropped`, { labels: copyLabel(c, implementation.target) });
  }
  if (trait.known === Names.Copy) checkCopy(c, implementation, node);
  checkTwins(c, implementation, trait, node);
}

function copyLabel(c: Checker, type: TypeId): ReturnType<Checker["declaredAt"]> {
  const definition = c.definitionBehind(type);
  return definition === undefined ? [] : c.declaredAt(definition);
}

/** A type parameter that the impl's head does not determine could be anything. */
function checkParameters(c: Checker, implementation: ImplDefinition): void {
  const found = implementation.typeParameters.map((): TypeId => 0 as TypeId);
  const note = (type: TypeId): void => {
    if (!c.types.hasParameter(type)) return;
    const kind = c.types.kindOf(type);
    if (kind === TypeKind.TypeParameter) {
      const index = implementation.typeParameters.indexOf(c.types.definition(type));
      if (index >= 0) found[index] = type;
      return;
    }
    if (kind >= TypeKind.Pointer && kind <= TypeKind.Function && kind !== TypeKind.Tuple) note(c.types.inner(type));
    if (kind === TypeKind.Result) note(c.types.errorType(type));
    for (const item of c.types.items(type)) note(item);
  };
  note(implementation.target);
  for (const arg of implementation.trait?.args ?? []) note(arg);
  // What bounds of the others tell counts: I: Iterator[T].
  for (const id of implementation.typeParameters) for (const bound of parameterOf(c, id).bounds) for (const arg of bound.args) note(arg);
  implementation.typeParameters.forEach((id, i) => {
    if (found[i] !== 0) return;
    const parameter = c.definition(id);
    c.error("E0226", parameter.node, `nothing in the head of this impl says what ${c.nameText(parameter.name)} is`, { advice: ["give the method that uses it the type parameter"] });
  });
}

/** A type of the program whose parts are all Copy, and which has no Drop. */
export function mayDeriveCopy(c: Checker, type: TypeId): boolean {
  const definition = c.definitionBehind(type);
  if ((definition?.kind !== "struct" && definition?.kind !== "enum") || c.unitOfFile[definition.file]?.library !== false) return false;
  const drop = preludeTrait(c, Names.Drop);
  if (drop !== undefined && findImpl(c, type, drop, []) !== undefined) return false;
  return fieldsHeld(definition).every((field) => isCopy(c, substitute(c.types, field.type, definition.typeParameters, c.types.items(type))));
}

/** A hand-written Copy: all parts are Copy, and there is no Drop. */
function checkCopy(c: Checker, implementation: ImplDefinition, node: Node): void {
  const definition = c.definitionBehind(implementation.target);
  if (definition?.kind !== "struct" && definition?.kind !== "enum") return;
  const args = c.types.items(implementation.target);
  for (const field of fieldsHeld(definition)) {
    const type = substitute(c.types, field.type, definition.typeParameters, args);
    if (type !== T.error && !isCopy(c, type)) {
      c.error("E0351", node, `Copy is not possible: ${c.typeName(type)} has it not`, { labels: [c.label(field.node, "because of this part")] });
    }
  }
}

/** A method has not the parameters that its trait declares: what is wrong in its body may follow from that. */
function forgetBody(c: Checker, method: FunctionDefinition): void {
  const body = c.ast.body(method.node);
  if (body === 0) return;
  const { start, end } = c.span(body);
  c.diagnostics.remove((one) => one.severity === "error" && one.span.start >= start && one.span.start < end);
}

/** The method has the parameters and the result that the trait declares. */
function compareMethods(c: Checker, method: FunctionDefinition, wanted: FunctionDefinition, outer: readonly TypeId[]): void {
  ensureFunction(c, method);
  ensureFunction(c, wanted);
  const { types } = c;
  const at = c.nameSpan(method.node, method.name);
  const trait = wanted.trait === 0 ? undefined : c.definition(wanted.trait);
  /** Written in the head of the impl, an operator may have another right side, or another result. */
  const otherHead = (right: TypeId, result: TypeId): string[] => {
    const [target] = outer as [TypeId];
    return trait?.kind === "trait" && isOperatorTrait(trait) ? [`write: impl ${traitText(c, { trait: trait.id, args: result === 0 ? [right] : [right, result] }, target)} for ${c.typeName(target)}`] : [];
  };
  const say = (what: string): void => {
    forgetBody(c, method);
    c.errorAt("E0353", at, `${c.nameText(method.name)} ${what}`, { labels: c.declaredAt(wanted) });
  };
  // Its signature could not be read.
  if (c.ast.lost.has(method.name)) return;
  const own = method.typeParameters.slice(method.outerParameters);
  const wantedOwn = wanted.typeParameters.slice(wanted.outerParameters);
  if (own.length !== wantedOwn.length) {
    say(`has ${own.length} type ${own.length === 1 ? "parameter" : "parameters"}, and the trait's has ${wantedOwn.length}`);
    return;
  }
  if (method.receiver !== wanted.receiver) {
    const words = { none: "no self", value: "self", reference: "&self", mutableReference: "&mut self" } as const;
    say(`takes ${words[method.receiver]}, and the trait's takes ${words[wanted.receiver]}`);
    return;
  }
  if (method.parameters.length !== wanted.parameters.length) {
    say(`has ${method.parameters.length} ${method.parameters.length === 1 ? "parameter" : "parameters"}, and the trait's has ${wanted.parameters.length}`);
    return;
  }
  const args = [...outer, ...ownTypes(c, own)];
  for (let i = 0; i < method.parameters.length; i++) {
    const should = substitute(types, wanted.parameters[i] as TypeId, wanted.typeParameters, args);
    const is = method.parameters[i] as TypeId;
    if (is === should || is === T.error || should === T.error) continue;
    const list = c.ast.parameters(c.ast.signature(method.node));
    const node = c.ast.item(list, i);
    const typeNode = c.ast.declaredType(node);
    forgetBody(c, method);
    c.error("E0353", typeNode === 0 ? node : typeNode, `the trait's ${c.nameText(method.name)} takes ${c.typeName(should)} here, not ${c.typeName(is)}`, { labels: c.declaredAt(wanted), advice: otherHead(is, 0 as TypeId) });
    return;
  }
  const result = substitute(types, wanted.result, wanted.typeParameters, args);
  if (method.result !== result && method.result !== T.error && result !== T.error) {
    const node = c.ast.signatureResult(c.ast.signature(method.node));
    const message = `the trait's ${c.nameText(method.name)} gives ${c.typeName(result)}, not ${c.typeName(method.result)}`;
    if (node === 0) c.errorAt("E0353", at, message, { labels: c.declaredAt(wanted) });
    else c.error("E0353", node, message, { labels: c.declaredAt(wanted), advice: otherHead(args[1] as TypeId, method.result) });
    return;
  }
  // Who knows the trait only must be able to call it: no bound that the trait does not ask for.
  own.forEach((id, i) => {
    for (const bound of parameterOf(c, id).bounds) {
      const asked = parameterOf(c, wantedOwn[i] ?? id).bounds.map((one) => ({ trait: one.trait, args: one.args.map((arg) => substitute(types, arg, wanted.typeParameters, args)) }));
      const isAsked = withSupertraits(c, asked, parameterOf(c, id).type).some((one) => one.trait === bound.trait && one.args.every((arg, j) => arg === bound.args[j]));
      if (!isAsked) say(`asks for ${c.nameText(parameterOf(c, id).name)}: ${traitText(c, bound, parameterOf(c, id).type)}, and the trait's does not`);
    }
  });
}

/** A trait is implemented once for a type. */
function checkTwins(c: Checker, implementation: ImplDefinition, trait: TraitDefinition, node: Node): void {
  const { target } = implementation;
  const isAny = headOf(c, target) === 0;
  if (isAny && c.prelude?.pending !== undefined && isLibraryOwned(c, trait)) c.declarePending(c.prelude, undefined);
  askHead(c, target);
  const heads = isAny ? [...trait.implementations.keys()] : [headOf(c, target), 0];
  for (const head of heads) {
    for (const other of trait.implementations.get(head) ?? []) {
      // Each pair once, at the one that stands later.
      if (other === implementation || !standsBefore(c, other, implementation) || !implsOverlap(c, implementation, other)) continue;
      const operand = isOperatorTrait(trait) ? ` with ${c.typeName(implementation.trait?.args[0] ?? target)} on the right` : "";
      c.error("E0349", node, `${c.nameText(trait.name)} is implemented twice for ${c.typeName(target)}${operand}`, {
        labels: c.ast.kind[other.node] === Kind.Impl ? [c.label(c.ast.implTrait(other.node), "first implemented here")] : [],
      });
      return;
    }
  }
  if (trait.known !== 0 && isKnownTrait(trait.known) && trait.known !== Names.Send && trait.known !== Names.Sync && hasStructurally(c, target, trait.known)
    && (!isOperatorTrait(trait) || mayOverlap(c, target, implementation.trait?.args[0] ?? target))) {
    const definition = c.definitionBehind(target);
    c.error("E0349", node, `${c.typeName(target)} has ${c.nameText(trait.name)} already`, { labels: definition === undefined ? [] : c.declaredAt(definition, "derived here") });
  }
}

/** In the text, the library's before all others: the order of declaration depends on what was asked for meanwhile. */
function standsBefore(c: Checker, one: ImplDefinition, other: ImplDefinition): boolean {
  const isLibrarys = isLibraryOwned(c, one);
  if (isLibrarys !== isLibraryOwned(c, other)) return isLibrarys;
  return (c.ast.start[one.node] as number) < (c.ast.start[other.node] as number);
}

/** Why a trait cannot be `dyn`; undefined if it can. */
export function dynObstacle(c: Checker, trait: TraitDefinition): { readonly message: string; readonly method: FunctionDefinition } | undefined {
  const self = ownTypes(c, trait.typeParameters)[0] ?? T.error;
  for (const reference of withSupertraits(c, [{ trait: trait.id, args: ownTypes(c, trait.typeParameters.slice(1)) }], self)) {
    const definition = c.definition(reference.trait);
    if (definition.kind !== "trait") continue;
    const [operator] = definition.methods;
    if (operator !== undefined && isOperatorTrait(definition)) return { message: `${c.nameText(operator.name)} takes self by value`, method: operator };
    const its = ownTypes(c, definition.typeParameters)[0] ?? T.error;
    for (const method of definition.methods) {
      ensureFunction(c, method);
      const name = c.nameText(method.name);
      if (method.receiver === "none") return { message: `${name} has no receiver`, method };
      if (method.typeParameters.length > method.outerParameters) return { message: `${name} has type parameters`, method };
      if (mentions(c, method.result, its) || method.parameters.slice(1).some((type) => mentions(c, type, its))) return { message: `${name} names Self besides its receiver`, method };
    }
  }
  return undefined;
}

function mentions(c: Checker, type: TypeId, parameter: TypeId): boolean {
  const { types } = c;
  if (type === parameter) return true;
  if (!types.hasParameter(type)) return false;
  const kind = types.kindOf(type);
  if (kind === TypeKind.TypeParameter) return false;
  if (kind >= TypeKind.Pointer && kind <= TypeKind.Function && kind !== TypeKind.Tuple && mentions(c, types.inner(type), parameter)) return true;
  if (kind === TypeKind.Result && mentions(c, types.errorType(type), parameter)) return true;
  return types.items(type).some((item) => mentions(c, item, parameter));
}
