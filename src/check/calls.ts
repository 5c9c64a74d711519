/** Calls: of functions, function values and what the language brings itself (methods and variants have files of their own); pipes. */

import { Kind, emptyList, type List, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { checkBuiltin, checkOrdered } from "./builtins.ts";
import { checkSpawned } from "./closures.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { columnAt, type Checker } from "./context.ts";
import { coerce, converts } from "./convert.ts";
import type { Definition, FunctionDefinition, LocalId } from "./definitions.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { areTypes, callGeneric } from "./genericCalls.ts";
import { resolveArguments } from "./generics.ts";
import { derefTarget } from "./implementations.ts";
import { adviceToMake, castAdvice } from "./methodAdvice.ts";
import { padded } from "./methods.ts";
import { resolvePath, findLocal } from "./names.ts";
import { definitionValue, functionType, nameDefinition, reach, variantAtHand } from "./nameExpressions.ts";
import { tryResult, unwrapResult } from "./jumps.ts";
import { immutability, isPlace, markAssigned, throughPointer } from "./places.ts";
import { isLiteralType, settleDefault } from "./settle.ts";
import { ensureFunction, hasC } from "./signatures.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, scalarSize, type TypeId } from "./types.ts";
import { taint, taintBy } from "./unknowns.ts";
import { callVariant } from "./variantCalls.ts";
import { anyway, count, wrongCount } from "./wrongCalls.ts";
import { callMethod } from "./methodCalls.ts";

/** `callee(arguments)`. */
export function checkCall(c: Checker, n: Node, expected: TypeId): TypeId {
  return callOf(c, n, c.ast.callee(n), 0 as Node, c.ast.arguments(n), expected);
}

/** A call of `callee`, with `first` (of a pipe, already checked, or 0) before the arguments. `n` is what is reported and given the result. */
function callOf(c: Checker, n: Node, callee: Node, first: Node, args: List, expected: TypeId): TypeId {
  const { ast } = c;
  switch (ast.kind[callee]) {
    case Kind.Name: {
      if (findLocal(c, ast.name(callee)) !== 0) break;
      const definition = nameDefinition(c, callee, expected, false, args);
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
      return c.error("E0302", callee, `${c.nameText(definition.name)} is a struct`, { labels: c.declaredAt(definition), advice: adviceToMake(c, definition) });
    case "scalarType":
      anyway(c, args, T.error);
      return c.error("E0302", callee, `${c.nameText(definition.name)} is a type`, { advice: castAdvice(c, c.nameText(definition.name), args) });
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

/** A call of a generic function with the right number of arguments. */
export function callInstance(c: Checker, n: Node, callee: Node, f: FunctionDefinition, seeds: readonly TypeId[], skip: 0 | 1, first: Node, args: List, expected: TypeId): TypeId {
  const given = c.ast.length(args) + (first === 0 ? 0 : 1);
  const wanted = f.parameters.length - skip;
  if (given !== wanted) {
    return wrongCount(c, n, f, { given, wanted }, args, c.types.hasParameter(f.result) ? T.error : f.result);
  }
  return callGeneric(c, n, callee, f, seeds, skip, first, args, expected, (index) => parameterLabel(c, f, index));
}

/** The arguments of a function or method against its parameters; `skip`: 1 leaves the receiver out. */
export function callFunction(c: Checker, n: Node, f: FunctionDefinition, skip: 0 | 1, first: Node, args: List): TypeId {
  const { ast } = c;
  const given = ast.length(args) + (first === 0 ? 0 : 1);
  const isForeign = f.origin === "extern" || f.origin === "import";
  const { parameters } = f;
  const count = parameters.length - skip;
  if (given !== count && !(f.variadic && given > count)) {
    return wrongCount(c, n, f, { given, wanted: count }, args, f.result);
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
  if (wanted === T.error && c.learning) taint(c, found);
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
  if (type === T.str && ast.kind[n] === Kind.String) {
    program.setWanted(n, types.pointer(T.u8));
  } else if (types.kindOf(type) === TypeKind.Reference) {
    // No value is wanted that it could be read through to: `&n` is where scanf writes.
    program.setWanted(n, types.pointer(types.inner(type)));
  } else if (type === T.f32) {
    program.setWanted(n, T.f64);
  } else if (hasNoPlaceBehind(c, type)) {
    c.error("E0342", n, `C compilers do not agree where ${c.typeName(type)} is passed behind ... on ${c.target.TARGET}`, { advice: ["pass its address"] });
  } else if (isIntegerType(type)) {
    if (scalarSize(type) < 4) program.setWanted(n, T.i32);
  } else if (type !== T.f64 && type !== T.bool && type !== T.char && types.kindOf(type) !== TypeKind.Pointer && !(types.kindOf(type) === TypeKind.Function && types.isExternal(type)) && !(types.kindOf(type) === TypeKind.Struct && hasC(c, type))) {
    c.error("E0342", n, `C cannot be passed ${c.aType(type)} behind ...`, { advice: type === T.str ? ["pass s.ptr, and s.len beside it"] : [] });
  }
}

/** Numbers too wide for the target: for Windows on arm64 clang's callers begin those of 128 bits in a register of an even number, its va_arg reads them from the next one. */
function hasNoPlaceBehind(c: Checker, type: TypeId): boolean {
  if (c.target.variadicBits === 128) return false;
  if (c.types.kindOf(type) === TypeKind.Struct) return hasC(c, type) && !c.infinite && c.layouts.size(type) === 16 && c.layouts.alignment(type) === 16;
  return isIntegerType(type) && scalarSize(type) === 16;
}

/** A function in a Box or Rc is called through it. */
function adviceOnOwnedFunction(c: Checker, type: TypeId): readonly string[] {
  let stars = 0;
  let at = type;
  for (; at !== 0 && c.types.kindOf(at) !== TypeKind.Function; stars++) at = c.types.kindOf(at) === TypeKind.Reference ? c.types.inner(at) : derefTarget(c, at);
  return at === 0 ? [] : [`the function is behind it: write (${"*".repeat(stars)}f)(…)`];
}

/** A call of a function that is a value. */
function callValue(c: Checker, n: Node, callee: Node, type: TypeId, first: Node, args: List): TypeId {
  const { ast, types } = c;
  if (type === T.error || type === T.never) return anyway(c, args, T.error);
  const base = throughReferences(c, type);
  if (types.kindOf(base) !== TypeKind.Function) {
    anyway(c, args, T.error);
    return c.error("E0302", callee, `${c.typeName(type)} cannot be called`, { advice: adviceOnOwnedFunction(c, type) });
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
  c.error("E0382", callee, `a call of ${c.aType(base)} changes what it captured, and ${why.message}`, { labels: why.labels, advice: why.advice });
}

function ownParameter(c: Checker, n: Node): boolean {
  const { ast, program } = c;
  if (ast.kind[n] === Kind.Paren) return ownParameter(c, ast.operand(n));
  const m = program.meaningOf(n);
  return ast.kind[n] === Kind.Name && meaningKind(m) === MeaningKind.Local && ast.kind[program.localNode(meaningIndex(m) as LocalId)] === Kind.Parameter;
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
