/** Calls: of functions, methods, function values, variants and what the language brings itself; pipes. */

import { Kind, emptyList, type List, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { receive } from "./receivers.ts";
import { checkBuiltin, checkOrdered } from "./builtins.ts";
import { checkSpawned } from "./closures.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { columnAt, type Checker } from "./context.ts";
import { coerce, converts } from "./convert.ts";
import type { Definition, FunctionDefinition, LocalId, VariantDefinition } from "./definitions.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { areTypes, callGeneric, callGenericVariant } from "./genericCalls.ts";
import { reportUnmet, resolveArguments } from "./generics.ts";
import { needsType } from "./inference.ts";
import { throughPointers } from "./members.ts";
import { methodAdvice } from "./methodAdvice.ts";
import { findMethod, isDropNamed, padded, traitOf } from "./methods.ts";
import { resolvePath, findLocal, structureOf } from "./names.ts";
import { advicePrivate, isVisible } from "./visibility.ts";
import { definitionValue, functionType, nameDefinition, reach, variantAtHand } from "./nameExpressions.ts";
import { tryResult, unwrapResult } from "./jumps.ts";
import { immutability, isPlace, markAssigned, throughPointer } from "./places.ts";
import { isLiteralType, settleDefault } from "./settle.ts";
import { ensureFunction, ensureStructure, hasC } from "./signatures.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, scalarSize, type TypeId } from "./types.ts";
import { isUnknown, leaveOpen, taintBy, tie, toldAt } from "./unknowns.ts";

export function checkCall(c: Checker, n: Node, expected: TypeId): TypeId {
  return callOf(c, n, c.ast.callee(n), 0 as Node, c.ast.arguments(n), expected);
}

/** A call of `callee`, with `first` (of a pipe, already checked, or 0) before the arguments. `n` is what is reported and given the result. */
function callOf(c: Checker, n: Node, callee: Node, first: Node, args: List, expected: TypeId): TypeId {
  const { ast } = c;
  switch (ast.kind[callee]) {
    case Kind.Name: {
      if (findLocal(c, ast.name(callee)) !== 0) break;
      const definition = nameDefinition(c, callee, expected);
      if (definition === undefined) return anyway(c, args, T.error);
      return callDefinition(c, n, callee, definition, first, args, expected);
    }
    case Kind.VariantName: {
      const variant = variantAtHand(c, callee, expected);
      if (variant === undefined) return anyway(c, args, T.error);
      return callDefinition(c, n, callee, variant, first, args, expected);
    }
    case Kind.Field: {
      const path = resolveCallee(c, callee);
      if (path === "error") return anyway(c, args, T.error);
      if (path !== "value" && path.kind === "function" && path.receiver !== "none" && ast.length(args) === 0 && first === 0) {
        return c.error("E0338", n, `${c.nameText(path.name)} takes self`, { labels: c.declaredAt(path), advice: [`call it on a value: ….${c.nameText(path.name)}()`] });
      }
      if (path !== "value") return callDefinition(c, n, callee, path, first, args, expected);
      return callMethod(c, n, callee, first, args, expected);
    }
    case Kind.Index: {
      const object = ast.operand(callee);
      const isName = ast.kind[object] === Kind.Name;
      if (!isName && ast.kind[object] !== Kind.Field) break;
      const path = isName ? resolvePath(c, object) : resolveCallee(c, object);
      if (path === "error") return anyway(c, args, T.error);
      if (path === "value") {
        if (isName || !areTypes(c, ast.arguments(callee))) break;
        return callMethod(c, n, callee, first, args, expected);
      }
      if (path.kind === "function" && path.typeParameters.length > path.outerParameters && c.refused[path.id] !== true) {
        const outer = c.pathArguments;
        const seeds = writtenArguments(c, callee, path, outer ?? []);
        if (seeds === undefined) return anyway(c, args, T.error);
        ensureFunction(c, path);
        c.pathArguments = seeds;
        return callDefinition(c, n, callee, path, first, args, expected);
      }
      if (path.kind === "builtin" && areTypes(c, ast.arguments(callee)) && takesType(path.builtin)) return callBuiltinAs(c, n, callee, object, path, first, args);
      if (path.kind === "function" || path.kind === "builtin") {
        if (c.refused[path.id] !== true) c.error("E0345", callee, `${c.nameText(path.name)} has no type parameters`, { labels: c.declaredAt(path) });
        return anyway(c, args, T.error);
      }
      break;
    }
  }
  const type = infer(c, callee);
  return callValue(c, n, callee, type, first, args);
}

/** What a Field that is called means as a path. */
function resolveCallee(c: Checker, callee: Node): ReturnType<typeof resolvePath> {
  const object = c.ast.operand(callee);
  const kind = c.ast.kind[object];
  return kind === Kind.Name || kind === Kind.Field || kind === Kind.Index ? resolvePath(c, callee) : "value";
}

/** The type arguments in the brackets of the Index `n` behind those that the path told. */
export function writtenArguments(c: Checker, n: Node, f: FunctionDefinition, outer: readonly TypeId[]): TypeId[] | undefined {
  const list = c.ast.arguments(n);
  const wanted = f.typeParameters.length - f.outerParameters;
  if (c.ast.length(list) !== wanted) {
    c.error("E0304", n, `${c.nameText(f.name)} has ${count(wanted, "type argument")}, not ${c.ast.length(list)}`, { labels: c.declaredAt(f) });
    return undefined;
  }
  const own = resolveArguments(c, list);
  return own === undefined ? undefined : [...padded(outer, f.outerParameters), ...own];
}

/** Functions of the language that take the type of their arguments in brackets. */
function takesType(name: string): boolean { return name === "min" || name === "max" || name === "clamp"; }

/** `max[i64](a, b)`: the arguments are of the type that is written. */
function callBuiltinAs(c: Checker, n: Node, callee: Node, name: Node, builtin: Definition & { readonly kind: "builtin" }, first: Node, args: List): TypeId {
  const types = resolveArguments(c, c.ast.arguments(callee));
  if (types === undefined) return anyway(c, args, T.error);
  if (types.length !== 1) {
    c.error("E0304", callee, `${builtin.builtin} has 1 type argument, not ${types.length}`);
    return anyway(c, args, T.error);
  }
  for (const at of [callee, name]) {
    c.setDefinition(at, builtin);
    c.program.setType(at, T.void);
  }
  return checkOrdered(c, n, builtin.builtin, first, args, types[0] ?? T.error);
}

function callDefinition(c: Checker, n: Node, callee: Node, definition: Definition, first: Node, args: List, expected: TypeId): TypeId {
  const seeds = c.pathArguments;
  c.pathArguments = undefined;
  c.setDefinition(callee, definition);
  if (c.refused[definition.id] === true) {
    c.program.setType(callee, T.error);
    return anyway(c, args, T.error);
  }
  switch (definition.kind) {
    case "function": {
      if (definition.name === Names.panic && isFormatOnly(c, args) && c.unitOfFile[definition.file] === c.prelude) {
        // The message is written piece by piece, so that it needs no String.
        const builtin = c.definition(columnAt(c.universe, Names.panic));
        c.setDefinition(callee, builtin);
        c.program.setType(callee, T.void);
        return checkBuiltin(c, n, "panic", first, args);
      }
      if (definition.name === Names.spawn && c.unitOfFile[definition.file]?.library === true) checkSpawned(c, first, args);
      reach(c, definition);
      if (definition.typeParameters.length > 0) return callInstance(c, n, callee, definition, seeds ?? [], 0, first, args, expected);
      c.program.setType(callee, functionType(c, definition));
      return callFunction(c, n, definition, 0, first, args);
    }
    case "variant":
      return callVariant(c, n, callee, definition, first, args, expected, seeds);
    case "builtin":
      c.program.setType(callee, T.void);
      return checkBuiltin(c, n, definition.builtin, first, args);
    case "const":
    case "global":
      return callValue(c, n, callee, recorded(c, callee, definitionValue(c, callee, definition, 0 as TypeId)), first, args);
    case "struct":
      anyway(c, args, T.error);
      return c.error("E0302", callee, `${c.nameText(definition.name)} is a struct`, { labels: c.declaredAt(definition), advice: [`write ${c.nameText(definition.name)} { … }`] });
    case "scalarType":
      anyway(c, args, T.error);
      return c.error("E0302", callee, `${c.nameText(definition.name)} is a type`, { advice: [definition.type === T.str ? "a value becomes text in f\"{x}\"" : `convert with as: x as ${c.nameText(definition.name)}`] });
    default:
      anyway(c, args, T.error);
      return c.error("E0302", callee, `${c.nameText(definition.name)} cannot be called`, { labels: c.declaredAt(definition) });
  }
}

/** The only argument is an f-string. */
function isFormatOnly(c: Checker, args: List): boolean {
  return c.ast.length(args) === 1 && c.ast.kind[c.ast.item(args, 0)] === Kind.FormatString;
}

function recorded(c: Checker, n: Node, type: TypeId): TypeId {
  c.program.setType(n, type);
  return type;
}

/** Checks arguments of a call that is wrong already, for the mistakes in them. */
function anyway(c: Checker, args: List, result: TypeId): TypeId {
  for (let i = 0; i < c.ast.length(args); i++) {
    const argument = c.ast.item(args, i);
    // What needs a hint would only complain of missing it.
    if (c.ast.kind[argument] !== Kind.Array && !needsType(c, argument)) infer(c, argument);
  }
  return result;
}

/** A call of a generic function with the right number of arguments. */
function callInstance(c: Checker, n: Node, callee: Node, f: FunctionDefinition, seeds: readonly TypeId[], skip: 0 | 1, first: Node, args: List, expected: TypeId): TypeId {
  const given = c.ast.length(args) + (first === 0 ? 0 : 1);
  const wanted = f.parameters.length - skip;
  if (given !== wanted) {
    wrongCount(c, n, f, given, wanted);
    return anyway(c, args, c.types.hasParameter(f.result) ? T.error : f.result);
  }
  return callGeneric(c, n, callee, f, seeds, skip, first, args, expected, (index) => parameterLabel(c, f, index));
}

/** The arguments of a function or method against its parameters; `skip`: 1 leaves the receiver out. */
function callFunction(c: Checker, n: Node, f: FunctionDefinition, skip: 0 | 1, first: Node, args: List): TypeId {
  const { ast } = c;
  const given = ast.length(args) + (first === 0 ? 0 : 1);
  const isForeign = f.origin === "extern" || f.origin === "import";
  const { parameters } = f;
  const count = parameters.length - skip;
  if (given !== count && !(f.variadic && given > count)) {
    wrongCount(c, n, f, given, count);
    return anyway(c, args, f.result);
  }
  for (let i = 0; i < given; i++) {
    const argument = first === 0 ? ast.item(args, i) : i === 0 ? first : ast.item(args, i - 1);
    if (i >= count) {
      variadicArgument(c, argument, argument === first);
      continue;
    }
    const wanted = parameters[i + skip] as TypeId;
    if (argument === first) {
      coerce(c, argument, wanted, parameterLabel(c, f, i + skip));
    } else {
      const found = check(c, argument, wanted);
      if (found === wanted) continue;
      if (isForeign && narrows(c, argument, found, wanted)) continue;
      if (!fitsSilently(c, argument, found, wanted)) coerce(c, argument, wanted, parameterLabel(c, f, i + skip));
    }
  }
  return f.result;
}

/** The usual case without making a label: what converts by itself. */
function fitsSilently(c: Checker, n: Node, found: TypeId, wanted: TypeId): boolean {
  if (found === wanted || found === T.never) return true;
  if (found === T.error) return false;
  if (isLiteralType(found) || !converts(c, found, wanted)) return false;
  c.program.setWanted(n, wanted);
  return true;
}

function parameterLabel(c: Checker, f: FunctionDefinition, index: number): ReturnType<Checker["label"]> | undefined {
  const { ast } = c;
  if (f.node === 0 || ast.kind[f.node] !== Kind.Function) return undefined;
  const list = ast.parameters(ast.signature(f.node));
  return index < ast.length(list) ? c.label(ast.item(list, index), "the parameter is declared here") : undefined;
}

/** An argument of a C function is cut to the parameter's size, as C does. */
function narrows(c: Checker, n: Node, found: TypeId, wanted: TypeId): boolean {
  const from = throughReferences(c, settleDefault(c, n, found));
  if (!(isIntegerType(from) && isIntegerType(wanted)) && !(isFloatType(from) && isFloatType(wanted))) return false;
  c.program.setWanted(n, wanted);
  return true;
}

/** Behind `...`: what C promotes small numbers to. */
function variadicArgument(c: Checker, n: Node, checked: boolean): void {
  const { ast, types, program } = c;
  const type = checked ? settleDefault(c, n, program.typeOf(n)) : ast.kind[n] === Kind.String ? check(c, n, types.pointer(T.u8)) : infer(c, n);
  if (type === T.error || type === T.never) return;
  const base = throughReferences(c, type);
  if (type === T.str && ast.kind[n] === Kind.String) {
    program.setWanted(n, types.pointer(T.u8));
  } else if (base === T.f32) {
    program.setWanted(n, T.f64);
  } else if (isIntegerType(base) && scalarSize(base) <= 8) {
    if (scalarSize(base) < 4) program.setWanted(n, T.i32);
    else if (base !== type) program.setWanted(n, base);
  } else if (base === T.bool || base === T.char) {
    program.setWanted(n, base);
  } else if (types.kindOf(type) === TypeKind.Reference) {
    program.setWanted(n, types.pointer(types.inner(type)));
  } else if (base !== T.f64 && types.kindOf(type) !== TypeKind.Pointer && !(types.kindOf(type) === TypeKind.Function && types.isExternal(type)) && !(types.kindOf(type) === TypeKind.Struct && hasC(c, type))) {
    c.error("E0342", n, `C cannot be passed a ${c.typeName(type)} behind ...`, { advice: type === T.str ? ["pass s.ptr, and s.len beside it"] : [] });
  }
}

function wrongCount(c: Checker, n: Node, f: FunctionDefinition, given: number, wanted: number): void {
  // Its parameters were not understood.
  if (c.ast.lost.has(f.name)) return;
  c.error("E0303", n, `${c.nameText(f.name)} takes ${count(wanted, "argument")}, not ${given}`, { labels: c.declaredAt(f) });
}

export function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number === 0 ? "no" : number} ${what}s`;
}

/** `object.name(arguments)`. */
function callMethod(c: Checker, n: Node, callee: Node, first: Node, args: List, expected: TypeId): TypeId {
  const { ast, program } = c;
  // `object.name[A](…)` is an Index around the Field.
  const field = ast.kind[callee] === Kind.Index ? ast.operand(callee) : callee;
  const object = ast.operand(field);
  const name = ast.fieldName(field);
  const type = infer(c, object);
  if (type === T.error || type === T.never || isUnknown(c, type)) return anyway(c, args, T.error);
  const found = findMethod(c, type, name, field);
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
    return c.errorAt("E0338", c.tail(field, name), `${c.nameText(name)} takes no self`, { labels: c.declaredAt(method), advice: [`call it on the type: ${c.typeName(base)}.${c.nameText(name)}(…)`] });
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
  if (isBuiltIn || (field !== undefined && ast.length(args) === 0)) {
    return c.errorAt("E0205", c.tail(callee, name), `${text} reads like a field`, { advice: [`write .${text} without ()`] });
  }
  if (ast.lost.has(name)) return T.error;
  const owner = c.definitionBehind(base);
  const advice = methodAdvice(c, name, base);
  return c.errorAt("E0205", c.tail(callee, name), `${c.typeName(base)} has no method ${text}`, { labels: owner === undefined ? [] : c.declaredAt(owner), advice });
}

/** A call of a function that is a value. */
function callValue(c: Checker, n: Node, callee: Node, type: TypeId, first: Node, args: List): TypeId {
  const { ast, types } = c;
  if (type === T.error || type === T.never) return anyway(c, args, T.error);
  const base = throughReferences(c, type);
  if (types.kindOf(base) !== TypeKind.Function) {
    anyway(c, args, T.error);
    return c.error("E0302", callee, `${c.typeName(type)} cannot be called`);
  }
  if (types.isMutable(base)) requireCallable(c, callee, type, base);
  const given = ast.length(args) + (first === 0 ? 0 : 1);
  const wanted = types.listLength(base);
  if (given !== wanted && !(types.isVariadic(base) && given > wanted)) {
    taintBy(c, base, ast.start[n] as number);
    c.error("E0303", n, `this function takes ${count(wanted, "argument")}, not ${given}`);
    return anyway(c, args, types.inner(base));
  }
  for (let i = 0; i < given; i++) {
    const argument = first === 0 ? ast.item(args, i) : i === 0 ? first : ast.item(args, i - 1);
    if (i >= wanted) variadicArgument(c, argument, argument === first);
    else if (argument === first) coerce(c, argument, types.listItem(base, i));
    else checkAs(c, argument, types.listItem(base, i));
  }
  return types.inner(base);
}

/** A `mut func` is called through a mutable place; a parameter of that type is one. */
function requireCallable(c: Checker, callee: Node, type: TypeId, base: TypeId): void {
  if (!isPlace(c, callee)) return;
  const isParameter = type === base && ownParameter(c, callee);
  const why = isParameter ? undefined : c.types.kindOf(type) === TypeKind.Reference ? throughPointer(c, type) : immutability(c, callee);
  if (why === undefined) {
    markAssigned(c, callee);
    return;
  }
  c.error("E0382", callee, `a call of a ${c.typeName(base)} changes what it captured, and ${why.message}`, { labels: why.labels, advice: why.advice });
}

function ownParameter(c: Checker, n: Node): boolean {
  const { ast, program } = c;
  if (ast.kind[n] === Kind.Paren) return ownParameter(c, ast.operand(n));
  const m = program.meaningOf(n);
  return ast.kind[n] === Kind.Name && meaningKind(m) === MeaningKind.Local && ast.kind[program.localNode(meaningIndex(m) as LocalId)] === Kind.Parameter;
}

/** A variant with parts. */
function callVariant(c: Checker, n: Node, callee: Node, variant: VariantDefinition, first: Node, args: List, expected: TypeId, seeds: readonly TypeId[] | undefined): TypeId {
  const { ast } = c;
  const given = ast.length(args) + (first === 0 ? 0 : 1);
  if (variant.owner === 0) {
    c.program.setType(callee, T.void);
    return callBuiltinVariant(c, n, variant, first, args, given, expected);
  }
  const owner = c.definition(variant.owner);
  if (owner.kind !== "enum") return T.error;
  ensureStructure(c, owner);
  c.program.setType(callee, owner.type);
  const { fields } = variant;
  if (given !== fields.length) {
    anyway(c, args, T.error);
    const message = fields.length === 0 ? `${c.nameText(variant.name)} has no parts` : `${c.nameText(variant.name)} has ${count(fields.length, "part")}, not ${given}`;
    return c.error("E0333", n, message, { labels: c.declaredAt(variant), advice: fields.length === 0 ? [`write ${c.nameText(variant.name)} without ()`] : [] });
  }
  if (owner.typeParameters.length > 0) {
    const type = callGenericVariant(c, n, variant, owner, seeds, first, args, expected);
    c.program.setType(callee, type);
    return type;
  }
  for (let i = 0; i < given; i++) {
    const argument = first === 0 ? ast.item(args, i) : i === 0 ? first : ast.item(args, i - 1);
    const wanted = (fields[i] as (typeof fields)[number]).type;
    if (argument === first) coerce(c, argument, wanted);
    else checkAs(c, argument, wanted);
  }
  return owner.type;
}

/** `Some(x)`, `Ok(x)`, `Err(e)`: what they are of is told by what is wanted, else by the part. */
function callBuiltinVariant(c: Checker, n: Node, variant: VariantDefinition, first: Node, args: List, given: number, expected: TypeId): TypeId {
  const { ast, types } = c;
  const name = c.nameText(variant.name);
  if (variant.name === Names.None || given !== 1) {
    anyway(c, args, T.error);
    return c.error("E0333", n, variant.name === Names.None ? "None has no parts" : `${name} has 1 part, not ${given}`);
  }
  const argument = first === 0 ? ast.item(args, 0) : first;
  let wanted = expected;
  if (variant.name === Names.Some) {
    const inner = types.kindOf(wanted) === TypeKind.Optional ? types.inner(wanted) : (0 as TypeId);
    if (inner !== 0) {
      part(c, argument, first, inner);
      return wanted;
    }
    const found = settleDefault(c, argument, first === 0 ? check(c, argument, 0 as TypeId) : c.program.typeOf(argument));
    if (found === T.void) return c.error("E0334", argument, "Some needs a value, and this has none");
    return found === T.error ? T.error : types.optional(found);
  }
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  if (types.kindOf(wanted) !== TypeKind.Result) {
    const told = toldAt(c, n);
    if (told !== undefined && !told.includes(0 as TypeId)) {
      part(c, argument, first, told[variant.name === Names.Ok ? 0 : 1] ?? T.error);
      return types.result(told[0] ?? T.error, told[1] ?? T.error);
    }
    const given = first === 0 ? check(c, argument, 0 as TypeId) : c.program.typeOf(argument);
    const found = settleDefault(c, argument, given);
    if (found === T.error || expected === T.error) return T.error;
    if (expected === 0 || expected === T.void) {
      const open = leaveOpen(c, n, told ?? [0 as TypeId, 0 as TypeId]);
      if (open !== undefined) {
        tie(c, open[variant.name === Names.Ok ? 0 : 1] ?? T.error, given);
        return types.result(open[0] ?? T.error, open[1] ?? T.error);
      }
    }
    if (expected !== 0 && expected !== T.void) return c.error("E0301", n, `expected ${c.typeName(expected)}, found ${name}(…)`);
    return c.error("E0307", n, `the type of this ${name} is not known`, { advice: ["write the type: let x Result[T, E] = …"] });
  }
  part(c, argument, first, variant.name === Names.Ok ? types.inner(wanted) : types.errorType(wanted));
  return wanted;
}

function part(c: Checker, argument: Node, first: Node, wanted: TypeId): void {
  if (first === 0) checkAs(c, argument, wanted);
  else coerce(c, argument, wanted);
}

/** `a |> f`, `a |> f(b)`, perhaps with ? or ! behind, which apply to the result. */
export function checkPipe(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  const left = ast.left(n);
  check(c, left, 0 as TypeId);
  let target = ast.right(n);
  const wrappers: Node[] = [];
  while (ast.kind[target] === Kind.Try || ast.kind[target] === Kind.Unwrap || ast.kind[target] === Kind.Paren) {
    wrappers.push(target);
    target = ast.operand(target);
  }
  const hint = wrappers.length === 0 ? expected : (0 as TypeId);
  const isCall = ast.kind[target] === Kind.Call;
  let type = callOf(c, isCall ? target : n, isCall ? ast.callee(target) : target, left, isCall ? ast.arguments(target) : emptyList, hint);
  settleDefault(c, left, program.typeOf(left));
  if (isCall) program.setType(target, type);
  if (type === T.never) c.diverges = true;
  for (let i = wrappers.length - 1; i >= 0; i--) {
    const wrapper = wrappers[i] as Node;
    if (ast.kind[wrapper] === Kind.Try) type = tryResult(c, wrapper, type);
    else if (ast.kind[wrapper] === Kind.Unwrap) type = unwrapResult(c, wrapper, type);
    program.setType(wrapper, type);
  }
  if (!isCall && meaningKind(program.meaningOf(target)) === MeaningKind.None) settleDefault(c, target, program.typeOf(target));
  return type;
}
