/** Calls: of functions by name, of methods, of function values, of variants as constructors; pipes. */

import { meaningIndex, meaningKind, MeaningKind, namesCallee } from "../check/checkedProgram.ts";
import type { Instance } from "../check/checkedProgram.ts";
import type { DefinitionId, FunctionDefinition } from "../check/definitions.ts";
import type { Substitution } from "../check/substitute.ts";
import { T, TypeKind, type TypeId } from "../check/types.ts";
import { ValueFlag, type SymbolId, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Kind, emptyList, type List, type Node } from "../syntax/ast.ts";
import { emitPlaceOfFinal } from "./blocks.ts";
import { emitBuiltin } from "./builtins.ts";
import { convertNumber } from "./convert.ts";
import { emit, emitInto, emitOwn, emitOwnInto, finalType } from "./dispatch.ts";
import { register, registerMemory } from "./emitters.ts";
import { loadPieces } from "./exits.ts";
import { pointerAdapter, variadicAdapter } from "./foreign.ts";
import type { Generator } from "./generator.ts";
import { variantInto, variantMeant, variantValue } from "./literals.ts";
import { callDynamic, calleeOf, type Callee } from "./callees.ts";
import { derefed } from "./deref.ts";
import { derivedSymbol } from "./derived.ts";
import { standsInPlace } from "./inPlace.ts";
import { ownPart, ownTemporary, ownValue, taken, wholeAfter, type Cleanup } from "./owned.ts";
import { isPlace } from "./places.ts";
import { type Piece, Shape } from "./shape.ts";

register({
  [Kind.Call]: (g, n) => callNode(g, n, g.ast.callee(n), 0 as Node, 0 as Value),
  [Kind.Pipe]: (g, n) => pipe(g, n, 0 as Value),
});

registerMemory({
  [Kind.Call]: (g, n, pointer, offset) => {
    const variant = variantMeant(g, g.ast.callee(n));
    if (variant !== undefined) variantInto(g, variant, g.program.typeOf(n), argumentsOf(g, n, 0 as Node), pointer, offset);
    else calledInto(g, n, pointer, offset, (into) => callNode(g, n, g.ast.callee(n), 0 as Node, into));
  },
  [Kind.Pipe]: (g, n, pointer, offset) => calledInto(g, n, pointer, offset, (into) => pipe(g, n, into)),
});

/** A call whose Memory result goes to an address; what the language itself brings may have it elsewhere. */
function calledInto(g: Generator, n: Node, pointer: Value, offset: number, call: (into: Value) => Value): void {
  const into = g.addressAt(pointer, offset);
  const result = call(into);
  if (result !== into) g.storeValue(g.program.typeOf(n), result, 0 as Value, into, 0);
}

/** The arguments of a call, after `first` if there is one. */
function argumentsOf(g: Generator, call: Node, first: Node): Node[] {
  const nodes: Node[] = first === 0 ? [] : [first];
  if (g.ast.kind[call] !== Kind.Call) return nodes;
  const args = g.ast.arguments(call);
  for (let i = 0; i < g.ast.length(args); i++) nodes.push(g.ast.item(args, i));
  return nodes;
}

/** `left |> right`: the left value is the first argument of the right side's call; a `?` or `!` behind that applies to the result. */
function pipe(g: Generator, n: Node, into: Value): Value {
  const { ast, program } = g;
  const right = ast.right(n);
  let target = right;
  while (ast.kind[target] === Kind.Try || ast.kind[target] === Kind.Unwrap || ast.kind[target] === Kind.Paren) target = ast.operand(target);
  if (target === right) return callPiped(g, n, right, ast.left(n), into);
  g.piped.set(target, ast.left(n));
  let value: Value;
  if (into !== 0 && g.shapes.of(program.typeOf(n)) === Shape.Memory) {
    emitOwnInto(g, right, into, 0);
    value = into;
  } else value = emitOwn(g, right);
  g.piped.delete(target);
  return value;
}

/** A pipe's right side with the left side as first argument. `n`: the node whose type the result has. */
export function callPiped(g: Generator, n: Node, target: Node, left: Node, into: Value): Value {
  return callNode(g, n, g.ast.kind[target] === Kind.Call ? g.ast.callee(target) : target, left, into, target);
}

/** The type of a pipe's right side when it is called. */
export function pipedType(g: Generator, target: Node): TypeId {
  return g.ast.kind[target] === Kind.Call ? g.program.typeOf(target) : g.types.inner(g.program.typeOf(target));
}

/**
 * A call whose result has the type of `n`. `first`: a node that comes before the arguments (a pipe's left side), or 0.
 * `into`: where a Memory result goes, or 0 for a temporary. `call`: the node that has the arguments, if it is another.
 */
function callNode(g: Generator, n: Node, callee: Node, first: Node, into: Value, call: Node = n): Value {
  const { ast, program, types } = g;
  callee = ast.withoutParentheses(callee);
  const args = ast.kind[call] === Kind.Call ? ast.arguments(call) : emptyList;
  const means = program.meaningOf(callee);
  // A closure called at once is a function value like any other, and so is what an operator's method gives. A pipe's right side may be a name.
  if (meaningKind(means) === MeaningKind.Definition && namesCallee(ast, program, callee)) {
    const definition = program.definition(meaningIndex(means) as DefinitionId);
    if (definition.kind === "builtin") return emitBuiltin(g, n, definition.builtin, first, args);
    if (definition.kind === "variant") {
      const parts = argumentsOf(g, call, first);
      const type = program.typeOf(n);
      if (g.shapes.of(type) !== Shape.Memory) return variantValue(g, definition, type, parts);
      const address = into === 0 ? g.temporary(type) : into;
      variantInto(g, definition, type, parts, address, 0);
      return address;
    }
    if (definition.kind === "function") {
      // Type arguments may stand behind the name.
      const path = ast.kind[callee] === Kind.Index ? ast.operand(callee) : callee;
      const isMethod = ast.kind[path] === Kind.Field && definition.receiver !== "none" && !namesType(g, ast.operand(path));
      return callFunction(g, n, definition, program.argsOf(callee), isMethod ? ast.operand(path) : (0 as Node), first, args, into);
    }
  }
  // A function value.
  let type = finalType(g, callee);
  let code = emit(g, callee);
  let environment = g.second;
  if (g.needsDrop(type) && !isPlace(g, callee) && g.reachable) {
    // A closure that is made to be called at once.
    const address = g.temporary(type);
    g.storeValue(type, code, environment, address, 0);
    ownTemporary(g, type, address);
  }
  while (types.kindOf(type) === TypeKind.Reference) {
    type = types.inner(type);
    code = g.loadValue(type, code, 0);
    environment = g.second;
  }
  const values: Value[] = [];
  const result = types.inner(type);
  const target = resultTarget(g, result, into, values);
  const pending: Cleanup[] = [];
  pushArgumentsOf(g, argumentsOf(g, call, first), type, values, pending);
  wholeAfter(g, pending);
  if (!g.reachable) return g.nothing(result);
  g.b.position = ast.start[n] as number;
  g.callsIndirectly = true;
  const adapter = types.isExternal(type) ? pointerAdapter(g, type, argumentTypes(g, types.items(type), argumentsOf(g, call, first))) : undefined;
  if (adapter !== undefined) values.push(code);
  else if (!types.isExternal(type)) values.push(environment);
  const done = adapter !== undefined ? g.b.call(adapter, values) : g.b.callIndirect(code, g.valueSignature(type), values);
  return takeResult(g, done, result, target, into !== 0);
}

/** Pushes what a function value of type `type` is called with. */
function pushArgumentsOf(g: Generator, nodes: readonly Node[], type: TypeId, values: Value[], pending: Cleanup[]): void {
  const { types } = g;
  nodes.forEach((node, i) => pushArgument(g, node, i < types.listLength(type) ? types.listItem(type, i) : (0 as TypeId), values, pending));
}

/** Types of all arguments of a call of a C function: those declared, then of the variable ones as C promotes them. */
function argumentTypes(g: Generator, declared: readonly TypeId[], nodes: readonly Node[]): readonly TypeId[] {
  return nodes.map((node, i) => {
    if (i < declared.length) return declared[i] as TypeId;
    const type = finalType(g, node);
    return type === T.f32 ? T.f64 : g.shapes.of(type) === Shape.Scalar && g.layouts.size(type) < 4 ? T.i32 : type;
  });
}

function namesType(g: Generator, n: Node): boolean {
  const nodeKind = g.ast.kind[n];
  if (nodeKind !== Kind.Name && nodeKind !== Kind.Field && nodeKind !== Kind.Index) return false;
  const means = g.program.meaningOf(n);
  if (meaningKind(means) !== MeaningKind.Definition) return false;
  const { kind } = g.program.definition(meaningIndex(means) as DefinitionId);
  return kind === "struct" || kind === "enum" || kind === "alias" || kind === "scalarType" || kind === "typeParameter" || kind === "trait" || kind === "module";
}

function callFunction(g: Generator, n: Node, definition: FunctionDefinition, args: readonly TypeId[], receiver: Node, first: Node, list: List, into: Value): Value {
  const { ast, program } = g;
  const callee = calleeOf(g, definition, args);
  const values: Value[] = [];
  const pending: Cleanup[] = [];
  // Parameters as the method is declared: its impl has the same.
  const substitution = program.substitutionFor(definition, args);
  const result = substitution?.apply(definition.result) ?? definition.result;
  const target = resultTarget(g, result, into, values);
  let parameter = 0;
  // A receiver's implicit borrow is taken after the arguments are evaluated: of a place only the address is computed here.
  if (receiver !== 0) pushReceiver(g, receiver, parameterType(definition, parameter++, substitution), values, pending);
  if (first !== 0) pushArgument(g, first, parameterType(definition, parameter++, substitution), values, pending);
  for (let i = 0, count = ast.length(list); i < count; i++) pushArgument(g, ast.item(list, i), parameterType(definition, parameter++, substitution), values, pending);
  wholeAfter(g, pending);
  if (!g.reachable) return g.nothing(result);
  g.b.position = ast.start[n] as number;
  return finishCall(g, callee, values, result, target, into !== 0, definition.variadic ? adapterOf(g, definition, first, list) : undefined);
}

/** The type of a parameter, as the callee's type arguments have it; 0 of a variable argument. */
function parameterType(definition: FunctionDefinition, index: number, substitution: Substitution | undefined): TypeId {
  const type = definition.parameters[index];
  return type === undefined ? (0 as TypeId) : (substitution?.apply(type) ?? type);
}

/** What stands between a call with variable arguments and the C function. */
function adapterOf(g: Generator, definition: FunctionDefinition, first: Node, list: List): SymbolId | undefined {
  const nodes = Array.from({ length: g.ast.length(list) }, (_, i) => g.ast.item(list, i));
  return variadicAdapter(g, definition, argumentTypes(g, definition.parameters, first === 0 ? nodes : [first, ...nodes]));
}

/** Calls what a callee stands for with the values of all parameters. */
function finishCall(g: Generator, callee: Callee, values: Value[], result: TypeId, target: Value, stored: boolean, variadic?: SymbolId): Value {
  const { b } = g;
  if (callee.kind === "dyn") return takeResult(g, callDynamic(g, callee.method, callee.args, values, target !== 0 && g.shapes.pieces(result) === undefined), result, target, stored);
  if (callee.kind === "derived") return takeResult(g, b.call(derivedSymbol(g, callee.name, callee.type), values), result, target, stored);
  if (variadic === undefined && standsInPlace(g, callee.function)) {
    const results = g.functions.inPlaceOf(callee.function, values);
    return results === undefined ? g.nothing(result) : takeResults(g, results, result, target, stored);
  }
  const symbol = variadic ?? g.functions.of(callee.function, callee.args);
  g.noteCall(symbol);
  const call = b.call(symbol, values);
  if (result === T.never) {
    b.f.flags[call] = ValueFlag.noreturn;
    g.unreachable();
    return 0 as Value;
  }
  return takeResult(g, call, result, target, stored);
}

/** Calls an instance with the values of its parameters; its result goes to the address `into`, if there is one. */
export function callInstance(g: Generator, { function: definition, args }: Instance, parameters: readonly Value[], result: TypeId, into: Value): Value {
  const values: Value[] = [];
  const target = resultTarget(g, result, into, values);
  values.push(...parameters);
  const value = finishCall(g, calleeOf(g, definition, args), values, result, target, into !== 0);
  if (into !== 0 && g.shapes.of(result) !== Shape.Memory) g.storeValue(result, value, g.second, into, 0);
  return value;
}

/** Calls a method on the value of `receiver` (borrowed as the method wants it), and puts the result at `into`. */
export function callMethodInto(g: Generator, n: Node, method: Instance, receiver: Node, result: TypeId, into: Value): void {
  const values: Value[] = [];
  const pending: Cleanup[] = [];
  const substitution = g.program.substitutionFor(method.function, method.args);
  const declared = method.function.parameters[0] as TypeId;
  pushReceiver(g, receiver, substitution?.apply(declared) ?? declared, values, pending);
  wholeAfter(g, pending);
  if (!g.reachable) return;
  g.b.position = g.ast.start[n] as number;
  callInstance(g, method, values, result, into);
}

/** For a result that travels by address: the address, pushed as first argument. */
function resultTarget(g: Generator, result: TypeId, into: Value, values: Value[]): Value {
  if (g.shapes.of(result) !== Shape.Memory) return 0 as Value;
  if (g.shapes.pieces(result) !== undefined) return into;
  const address = into !== 0 ? into : g.temporary(result);
  values.push(address);
  return address;
}

/** Reads a call's results; of a Memory type its address is returned. */
function takeResult(g: Generator, call: Value, result: TypeId, target: Value, stored: boolean): Value {
  const { b, shapes } = g;
  const shape = shapes.of(result);
  if (shape === Shape.Void || shape === Shape.Scalar) return shape === Shape.Void ? (0 as Value) : call;
  const results = [call];
  if (shape === Shape.Pair) results.push(b.result(call, 1, shapes.second(result)));
  else shapes.pieces(result)?.forEach((piece, i) => { if (i > 0) results.push(b.result(call, i, piece.type)); });
  return takeResults(g, results, result, target, stored);
}

/** Puts results together, piece by piece; of a Memory type their address is returned. */
function takeResults(g: Generator, results: readonly Value[], result: TypeId, target: Value, stored: boolean): Value {
  const { b, shapes } = g;
  switch (shapes.of(result)) {
    case Shape.Void:
      return 0 as Value;
    case Shape.Scalar:
      return results[0] as Value;
    case Shape.Pair:
      g.second = results[1] as Value;
      return results[0] as Value;
    default: {
      const pieces = shapes.pieces(result);
      if (pieces === undefined) return target;
      const address = stored ? target : g.temporary(result);
      for (let i = 0; i < pieces.length; i++) b.store(results[i] as Value, address, (pieces[i] as Piece).offset);
      return address;
    }
  }
}

/** Evaluates an argument and pushes its parts. */
export function pushArgument(g: Generator, n: Node, parameter: TypeId, values: Value[], pending: Cleanup[]): void {
  const type = finalType(g, n);
  const shape = g.shapes.of(type);
  if (shape === Shape.Memory) {
    const address = g.temporary(type);
    emitInto(g, n, address, 0);
    pushBuilt(g, type, address, values, pending);
    return;
  }
  let value = emit(g, n);
  const { second } = g;
  taken(g, n);
  if (shape === Shape.Void || !g.reachable) return;
  // An argument of an extern func narrows as C's would; a variable argument is promoted.
  if (parameter !== 0 && parameter !== type && shape === Shape.Scalar && g.types.kindOf(parameter) === TypeKind.Scalar && g.types.kindOf(type) === TypeKind.Scalar) value = convertNumber(g, value, type, parameter);
  if (parameter === 0) value = promoted(g, value, type);
  values.push(value);
  if (shape === Shape.Pair) values.push(second);
  ownValue(g, type, value, second, pending);
}

/** An argument of a Memory type that was built where the callee may have it. */
export function pushBuilt(g: Generator, type: TypeId, address: Value, values: Value[], pending: Cleanup[]): void {
  ownPart(g, type, address, 0, pending);
  pushMemory(g, type, address, values);
}

/** C's default promotions for variable arguments. */
function promoted(g: Generator, value: Value, type: TypeId): Value {
  const scalar = g.b.f.typeOf(value);
  if (scalar === Type.f32) return g.b.emit(Op.fpromote, value);
  if (scalar === Type.i8 || scalar === Type.i16) return g.b.typed(type === T.i8 || type === T.i16 ? Op.sext : Op.zext, Type.i32, value);
  return value;
}

/** Adds an aggregate as an argument: its pieces, or its address. */
export function pushMemory(g: Generator, type: TypeId, address: Value, values: Value[]): void {
  if (!g.reachable) return;
  const pieces = g.shapes.pieces(type);
  if (pieces === undefined) values.push(address);
  else values.push(...loadPieces(g, pieces, address));
}

/** The object of a method call as the first parameter wants it: borrowed, read through, what it derefs to, or as it is. */
export function pushReceiver(g: Generator, receiver: Node, parameter: TypeId, values: Value[], pending: Cleanup[]): void {
  const { types, b } = g;
  let type = finalType(g, receiver);
  if (type === parameter) {
    pushArgument(g, receiver, parameter, values, pending);
    return;
  }
  const wantsReference = types.kindOf(parameter) === TypeKind.Reference || types.kindOf(parameter) === TypeKind.Pointer;
  const target = wantsReference ? types.inner(parameter) : parameter;
  const isPointer = (t: TypeId): boolean => types.kindOf(t) === TypeKind.Reference || types.kindOf(t) === TypeKind.Pointer;
  // The address of what is looked at, and its table of methods if it has one.
  let address: Value;
  let table = 0 as Value;
  const push = (): void => {
    values.push(address);
    if (g.layouts.isUnsized(target)) values.push(table);
  };
  // A reference may itself be what has the method: Self of a generic function that stands for one.
  if (isPointer(type) && !(wantsReference && type === target)) {
    address = emit(g, receiver);
    table = g.second;
    type = types.inner(type);
  } else if (wantsReference || g.program.derefTarget(type) !== 0) {
    const pointer = emitPlaceOfFinal(g, receiver, type);
    table = g.metadata;
    address = g.addressAt(pointer, g.offset);
  } else {
    const value = emit(g, receiver);
    if (!g.reachable) return;
    if (types.kindOf(parameter) === TypeKind.Slice && types.kindOf(type) === TypeKind.Array) values.push(value, b.f.int(Type.i64, types.arrayLength(type)));
    else if (g.shapes.of(type) === Shape.Memory) pushMemory(g, type, value, values);
    else {
      values.push(value);
      if (g.shapes.of(type) === Shape.Pair) values.push(g.second);
    }
    return;
  }
  while (g.reachable && type !== target) {
    if (isPointer(type)) {
      address = g.loadValue(type, address, 0);
      table = g.second;
      type = types.inner(type);
      continue;
    }
    const next = g.program.derefTarget(type);
    if (next === 0) break;
    address = derefed(g, type, next, address);
    table = g.second;
    type = next;
  }
  if (!g.reachable) return;
  if (wantsReference) {
    push();
    return;
  }
  const value = g.loadValue(type, address, 0);
  if (types.kindOf(parameter) === TypeKind.Slice && types.kindOf(type) === TypeKind.Array) values.push(address, b.f.int(Type.i64, types.arrayLength(type)));
  else if (g.shapes.of(type) === Shape.Memory) pushMemory(g, type, value, values);
  else {
    values.push(value);
    if (g.shapes.of(type) === Shape.Pair) values.push(g.second);
  }
}
