/** Calls: of functions, function values, what the language brings itself; pipes. */

import { isConstantLiteral } from "../constantLiterals.ts";
import { Kind, type List, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind, namesCallee } from "../checkedProgram.ts";
import type { Definition, FunctionDefinition } from "../definitions.ts";
import { intrinsicNames } from "../intrinsics.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Op, StatementFlag, type Call } from "./flow.ts";
import { lend, lendWithin, operands } from "./lowerArguments.ts";
import { condition } from "./lowerControl.ts";
import { held, inspect, isQuiet, operand, part, used } from "./lowerExpressions.ts";
import { isGiven } from "./lowerGiven.ts";
import { placeOrValue } from "./lowerPlaces.ts";
import { lookAtAll, lowerFormat } from "./lowerShown.ts";
import { takePayload, tryWith } from "./lowerStatements.ts";
import type { Lowering } from "./lowering.ts";
import { names, shareParameter } from "./naming.ts";
import { Root, fieldStep, noPath, variantStep, type PathId } from "./paths.ts";
import { makesOfOthers } from "./traitMakers.ts";

export function lowerCall(l: Lowering, n: Node, to: PathId): void {
  const { ast } = l.c;
  call(l, n, ast.callee(n), 0 as Node, noPath, ast.arguments(n), to);
}

/** A call of `callee`; `first` (of a pipe, evaluated already: `firstPath`, or 0) stands before the arguments. */
function call(l: Lowering, n: Node, callee: Node, first: Node, firstPath: PathId, args: List, to: PathId): void {
  const { ast, program } = l.c;
  const definition = calledDefinition(l, callee);
  const nodes: Node[] = [];
  for (let i = 0; i < ast.length(args); i++) nodes.push(ast.item(args, i));
  if (definition === undefined) {
    callValue(l, n, callee, first, firstPath, nodes, to);
  } else if (definition.kind === "variant") {
    const all = first === 0 ? nodes : [first, ...nodes];
    all.forEach((node, i) => {
      const step = variantStep(definition.index, i);
      if (node !== first) part(l, node, to, step);
      else if (to !== noPath && firstPath !== noPath) l.take(firstPath, l.field(to, step, l.flow.paths.typeOf(firstPath)), node);
    });
  } else if (definition.kind === "builtin") {
    callBuiltin(l, n, definition.builtin, first, firstPath, nodes, to);
  } else if (definition.kind === "function") {
    callFunction(l, n, callee, definition, first, firstPath, nodes, to);
  } else {
    callValue(l, n, callee, first, firstPath, nodes, to);
  }
  if (program.typeOf(n) === T.never) l.closeBlock();
}

/** What a callee names; undefined if it is a value. */
function calledDefinition(l: Lowering, callee: Node): Definition | undefined {
  const { ast, program } = l.c;
  let at = callee;
  // Type arguments behind a name.
  if (ast.kind[at] === Kind.Index && meaningKind(program.meaningOf(at)) !== MeaningKind.Definition) {
    const inner = ast.operand(at);
    if (meaningKind(program.meaningOf(inner)) === MeaningKind.Definition && l.c.definition(meaningIndex(program.meaningOf(inner))).kind === "function") at = inner;
  }
  const m = program.meaningOf(at);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  if (!namesCallee(ast, program, at)) return undefined;
  const definition = l.c.definition(meaningIndex(m));
  return definition.kind === "const" || definition.kind === "global" ? undefined : definition;
}

/** Adds the call if anything can come of it: arguments that hold something must live until here. */
export function emitCall(l: Lowering, call: Call, to: PathId): void {
  if (l.block < 0) return;
  const holds = l.facts.holds(call.result) || (l.flow.isLibrary && l.facts.isRawPointer(call.result));
  if (!holds && call.args.every((path) => path === noPath)) return;
  l.flow.calls.push(call);
  l.emit(Op.call, holds ? to : noPath, l.flow.calls.length - 1, call.node);
  if (holds && to !== noPath && !l.flow.isLibrary) noteFunctions(l, call, to);
  // What is passed by value is the callee's to drop.
  if (!l.flow.isLibrary) for (const path of call.args) if (path !== noPath && l.facts.needsDrop(l.flow.paths.typeOf(path)) && l.flow.paths.kindOf(l.flow.paths.rootOf(path)) === Root.temporary) l.emit(Op.init, path, 0, call.node);
  // Its clones see what is put into it later.
  if (holds && to !== noPath && !l.flow.isLibrary && l.facts.behind.sharesCells(call.result)) l.borrow(l.shared(call.result, call.node), false, to, call.node, StatementFlag.adds);
}

function callFunction(l: Lowering, n: Node, callee: Node, f: FunctionDefinition, first: Node, firstPath: PathId, nodes: readonly Node[], to: PathId): void {
  const { ast, program } = l.c;
  // Type arguments may stand behind the method's name.
  const path = ast.kind[callee] === Kind.Index ? ast.operand(callee) : callee;
  const isMethod = f.receiver !== "none" && ast.kind[path] === Kind.Field
    && (meaningKind(program.meaningOf(ast.operand(path))) !== MeaningKind.Definition || nodes.length + (first === 0 ? 0 : 1) < f.parameters.length);
  const args: PathId[] = [];
  // The receiver's place first, its borrow behind the arguments.
  const receiver = isMethod ? receiverPlace(l, ast.operand(path), selfOf(l, f, callee)) : noPath;
  const keeper = isMethod && !nodes.every((node) => isQuiet(l, node)) ? held(l, receiver, callee) : noPath;
  if (first !== 0) args.push(firstPath);
  args.push(...operands(l, nodes));
  used(l, keeper, callee);
  const before = (isMethod ? 1 : 0) + (first === 0 ? 0 : 1);
  if (f.typeParameters.length > 0) {
    nodes.forEach((node, i) => {
      lend(l, f, node, f.parameters[i + before]);
      lendWithin(l, f, node, f.parameters[i + before], program.wantedOf(node) === 0 ? program.typeOf(node) : program.wantedOf(node));
    });
    if (receiver !== noPath) lendWithin(l, f, ast.operand(path), f.owner, l.flow.paths.typeOf(receiver));
    if (first !== 0) lendWithin(l, f, first, f.parameters[0], program.typeOf(first));
  }
  if (isMethod) args.unshift(receive(l, receiver, f, ast.operand(path)));
  if (l.block < 0) return;
  if (f.name === l.facts.spawnName && l.facts.isLibrary(f)) leaveThread(l, n, args);
  const functions = f.typeParameters.length === 0 || l.flow.isLibrary ? undefined : f.parameters.map((type, i) => (l.facts.isFunction(type) ? functionAt(l, nodes[i - before]) : undefined));
  emitCall(l, { node: n, callee: f, rule: "summary", args, parameters: f.parameters, result: program.typeOf(n), typeArguments: program.instanceArgs(program.instanceOf(callee)), functions, given: givenOf(l, f, isMethod ? ast.operand(path) : first, isMethod || first !== 0, nodes) }, to);
}

/** Which arguments hold function values that the body was given itself, and no others. */
function givenOf(l: Lowering, f: FunctionDefinition, first: Node, hasFirst: boolean, nodes: readonly Node[]): readonly boolean[] | undefined {
  if (l.flow.isLibrary || !f.parameters.some((type) => l.facts.closures.mayHold(type, false))) return undefined;
  const found = nodes.map((node) => isGiven(l, node));
  return hasFirst ? [isGiven(l, first), ...found] : found;
}

/** The closure that is written there, or the function that is named. */
function functionAt(l: Lowering, n: Node | undefined): FunctionDefinition | undefined {
  if (n === undefined) return undefined;
  const { ast, program } = l.c;
  const at = ast.withoutParentheses(n);
  const m = program.meaningOf(at);
  if (ast.kind[at] !== Kind.Closure && (ast.kind[at] !== Kind.Name || meaningKind(m) !== MeaningKind.Definition)) return undefined;
  const definition = l.c.definition(meaningIndex(m));
  return definition.kind === "function" ? definition : undefined;
}

/** The functions in the result of a call of the library: those that it was given, where there are no others to give. */
function noteFunctions(l: Lowering, { callee, functions, args }: Call, to: PathId): void {
  const { types } = l.c;
  if (callee === undefined || callee.typeParameters.length === 0 || !l.facts.isLibrary(callee)) return;
  const { paths, functions: known } = l.flow;
  if (paths.baseOf(to) !== to) return;
  const look = (type: TypeId, path: PathId): void => {
    if (l.facts.isFunction(type)) {
      const [i, ...others] = callee.parameters.flatMap((one, k) => (one === type ? [k] : []));
      const f = i === undefined || others.length > 0 ? undefined : functions?.[i];
      // What gives values of the type that it takes may have been put together with itself.
      if (f !== undefined && !types.items(type).some((item) => shareParameter(types, types.inner(type), item))) known.put(path, f);
    } else if (types.kindOf(type) === TypeKind.TypeParameter) {
      const [i, ...others] = callee.parameters.flatMap((one, k) => (names(types, one, type) ? [k] : []));
      const from = i === undefined || others.length > 0 || callee.parameters[i] !== type ? noPath : (args[i] ?? noPath);
      if (from !== noPath && isOnlyOfLibrary(l, type)) known.copy(path, from);
    } else if (l.facts.inputs.isPlain(type)) {
      l.facts.fieldTypes(type).forEach((field, i) => { look(field, paths.step(path, fieldStep(i), l.facts.fieldType(paths.typeOf(path), i))); });
    }
  };
  look(callee.result, to);
}

/** Only traits of the library are known of values of the type parameter: none of them makes another value of it. */
function isOnlyOfLibrary(l: Lowering, type: TypeId): boolean {
  const definition = l.c.definition(l.c.types.definition(type));
  return definition.kind === "typeParameter" && definition.bounds.every(({ trait }) => l.facts.isLibrary(l.c.definition(trait)) && makesOfOthers(l.c, l.facts, trait) === "nothing");
}

/** What a thread is given may be used when this function is left. */
function leaveThread(l: Lowering, n: Node, args: readonly PathId[]): void {
  for (const path of args) if (path !== noPath) l.emit(Op.escape, 0, path, n);
}

/** Where the method's object lies: for a receiver by value that is itself a value, the temporary that holds it. */
export function receiverPlace(l: Lowering, object: Node, owner: TypeId): PathId {
  const { types } = l.c;
  let at = placeOrValue(l, object);
  const isOwner = (type: TypeId): boolean => {
    if (type === owner) return true;
    const kind = types.kindOf(type);
    return kind === types.kindOf(owner) && (kind === TypeKind.Struct || kind === TypeKind.Enum) && types.definition(type) === types.definition(owner);
  };
  for (let i = 0; i < 16 && at !== noPath; i++) {
    const type = l.flow.paths.typeOf(at);
    if (isOwner(type)) break;
    const kind = types.kindOf(type);
    if (kind !== TypeKind.Reference && kind !== TypeKind.Pointer && l.facts.derefTarget(type) === 0) break;
    at = l.deref(at);
  }
  return at;
}

/** The type that a method's receiver is taken of. */
export function selfOf(l: Lowering, f: FunctionDefinition, callee: Node): TypeId {
  const { program } = l.c;
  const args = program.instanceArgs(program.instanceOf(callee));
  if (f.trait !== 0) return args[0] ?? f.owner;
  return args.length === 0 ? f.owner : program.substitute(f.owner, f.typeParameters, args);
}

function receive(l: Lowering, place: PathId, f: FunctionDefinition, object: Node): PathId {
  if (place === noPath || l.block < 0) return noPath;
  const { types } = l.c;
  const type = l.flow.paths.typeOf(place);
  if (f.receiver === "value" && types.kindOf(type) === TypeKind.Array && types.kindOf(f.owner) === TypeKind.Slice) {
    // The slice of an array's elements is a borrow; constants live for ever.
    const mutable = types.isMutable(f.owner);
    if (!mutable && isConstantLiteral(l.c.ast, l.c.program, object)) return noPath;
    const to = l.temporary(types.slice(types.inner(type), mutable), object);
    l.borrow(place, mutable, to, object, StatementFlag.byPattern);
    return to;
  }
  if (f.receiver === "value" && types.kindOf(type) === TypeKind.Slice && types.isMutable(type) && types.kindOf(f.owner) === TypeKind.Slice && !types.isMutable(f.owner)) {
    // A method of []T only looks at the elements of a []mut.
    const to = l.temporary(types.slice(types.inner(type), false), object);
    l.borrow(l.deref(place), false, to, object, StatementFlag.byPattern);
    return to;
  }
  if (f.receiver === "value") {
    if (!l.facts.isTracked(type)) {
      l.take(place, noPath, object);
      return noPath;
    }
    const to = l.temporary(type, object);
    l.take(place, to, object);
    return to;
  }
  const mutable = f.receiver === "mutableReference";
  const to = l.temporary(types.reference(type, mutable), object);
  l.borrow(place, mutable, to, object, StatementFlag.byPattern);
  return to;
}

/** A function value: what it holds may be handed on, too. */
function callValue(l: Lowering, n: Node, callee: Node, first: Node, firstPath: PathId, nodes: readonly Node[], to: PathId): void {
  const { program, types } = l.c;
  let type = program.typeOf(callee);
  while (types.kindOf(type) === TypeKind.Reference) type = types.inner(type);
  const place = placeOrValue(l, callee);
  const args: PathId[] = [];
  if (first !== 0) args.push(firstPath);
  for (const node of nodes) args.push(operand(l, node));
  let held: PathId = noPath;
  const at = l.throughReferences(place);
  if (place !== noPath && l.block >= 0) {
    // Calling looks at it; a mut func changes what it captured.
    const mutable = types.isMutable(type);
    held = l.temporary(types.reference(type, mutable), callee);
    l.borrow(at, mutable, held, callee);
  }
  if (l.block < 0) return;
  const parameters = types.kindOf(type) === TypeKind.Function ? types.items(type) : [];
  while (args.length > parameters.length) args.pop();
  emitCall(l, { node: n, callee: undefined, rule: "value", args: [...args, held], parameters: [...parameters, type], result: program.typeOf(n), receiver: at === noPath ? undefined : at, given: [...args.map(() => false), isGiven(l, callee)] }, to);
}

function callBuiltin(l: Lowering, n: Node, name: string, first: Node, firstPath: PathId, nodes: readonly Node[], to: PathId): void {
  const { ast, program } = l.c;
  const all = first === 0 ? nodes : [first, ...nodes];
  const looked = (node: Node): void => {
    if (node === first) return;
    if (ast.kind[l.c.ast.withoutParentheses(node)] === Kind.FormatString) lowerFormat(l, l.c.ast.withoutParentheses(node));
    else inspect(l, node);
  };
  switch (name) {
    case "min":
    case "max":
    case "clamp":
    case "swap": {
      const args = all.map((node) => (node === first ? firstPath : operand(l, node)));
      if (l.block < 0) return;
      const types = all.map((node) => program.typeOf(node));
      emitCall(l, { node: n, callee: undefined, rule: name === "swap" ? "exchange" : "union", args, parameters: types, result: program.typeOf(n) }, to);
      return;
    }
    case "assert":
    case "assume":
      if (nodes[0] !== undefined && first === 0) {
        const fails = l.newBlock();
        condition(l, nodes[0], fails);
        const holds = l.block;
        l.closeBlock();
        l.startBlock(fails);
        if (nodes[1] !== undefined) looked(nodes[1]);
        l.closeBlock();
        if (holds < 0) return;
        const after = l.newBlock();
        l.flow.addEdge(holds, after);
        l.startBlock(after);
      }
      return;
    case "spawn":
      leaveThread(l, n, all.map((node) => (node === first ? firstPath : operand(l, node))));
      return;
    case "syscall":
      for (const node of all) if (node !== first) operand(l, node);
      return;
    case "assert_eq":
      lookAtAll(l, n, all.filter((node) => node !== first), false);
      return;
    default:
      for (const node of all) looked(node);
  }
}

/** `a |> f(b)?`: the right side with the left one before its arguments. */
export function lowerPipe(l: Lowering, n: Node, to: PathId): void {
  const { ast, program } = l.c;
  const left = ast.left(n);
  const firstPath = operand(l, left);
  let target = ast.right(n);
  const wrappers: Node[] = [];
  while (ast.kind[target] === Kind.Try || ast.kind[target] === Kind.Unwrap || ast.kind[target] === Kind.Paren) {
    if (ast.kind[target] !== Kind.Paren) wrappers.push(target);
    target = ast.operand(target);
  }
  const isCall = ast.kind[target] === Kind.Call;
  const called = isCall ? target : n;
  const callee = isCall ? ast.callee(target) : target;
  const args = isCall ? ast.arguments(target) : (0 as List);
  if (wrappers.length === 0) {
    call(l, called, callee, left, firstPath, args, to);
    return;
  }
  let type = isCall ? program.typeOf(target) : resultOf(l, callee);
  let at = l.made(type, target, (path) => call(l, called, callee, left, firstPath, args, path));
  for (let i = wrappers.length - 1; i >= 0; i--) {
    const wrapper = wrappers[i] as Node;
    type = l.c.types.inner(type);
    const from = at;
    const unwrap = (next: PathId): void => {
      if (l.block < 0) return;
      if (ast.kind[wrapper] === Kind.Try) tryWith(l, wrapper, from, next);
      else takePayload(l, from, next, wrapper);
    };
    if (i === 0) unwrap(to);
    else at = l.made(type, wrapper, unwrap);
  }
}

function resultOf(l: Lowering, callee: Node): TypeId {
  const { program, types } = l.c;
  let type = program.typeOf(callee);
  while (types.kindOf(type) === TypeKind.Reference) type = types.inner(type);
  return types.kindOf(type) === TypeKind.Function ? types.inner(type) : T.error;
}

/** Intrinsics: what is written behind a raw pointer, and what is read there. */
export function lowerIntrinsic(l: Lowering, n: Node, to: PathId): void {
  const { ast, program } = l.c;
  const name = intrinsicNames[meaningIndex(program.meaningOf(n))] ?? "";
  if (name === "sizeof" || name === "alignof" || name === "item_count" || name === "type_name" || name === "needs_drop") return;
  const list = ast.arguments(n);
  const args: PathId[] = [];
  for (let i = 0; i < ast.length(list); i++) args.push(operand(l, ast.item(list, i)));
  if (l.block < 0) return;
  const types = args.map((path) => (path === noPath ? T.void : l.flow.paths.typeOf(path)));
  const [target] = args;
  switch (name) {
    case "ptr_read":
    case "atomic_load":
      if (to !== noPath && target !== undefined && target !== noPath) l.emit(Op.copy, to, l.deref(target), n);
      return;
    case "ptr_write":
    case "atomic_store":
    case "memcpy":
    case "memmove":
      emitCall(l, { node: n, callee: undefined, rule: name === "memcpy" || name === "memmove" ? "copy" : "write", args, parameters: types, result: T.void }, noPath);
      return;
    case "realloc":
      if (to !== noPath && target !== undefined && target !== noPath) l.emit(Op.raw, to, target, n);
      return;
    case "trap":
      l.closeBlock();
  }
}
