/** Bodies of functions, and the ones that the compiler itself makes: `lang_main`, test runners, expressions evaluated at compile time. */

import { ResultTag, type FunctionDefinition, type LocalId } from "../check/definitions.ts";
import { T, isIntegerType, type TypeId } from "../check/types.ts";
import { ValueFlag, type SymbolId, type Value, type Block } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Ast, type Node } from "../syntax/ast.ts";
import { emitPlaceOfFinal, payloadOffset, returnValue } from "./blocks.ts";
import { isBorrow, noteBorrow, tellsBorrows } from "./borrowFacts.ts";
import { adoptCaptures } from "./closures.ts";
import { resize } from "./convert.ts";
import { emitEffect, emitInto } from "./dispatch.ts";
import { dropInPlace } from "./dropGlue.ts";
import type { Generator } from "./generator.ts";
import { commitMoves, enterScope, leaveScope, ownLocal } from "./owned.ts";
import { bindPattern } from "./patterns.ts";
import { tagOf } from "./subject.ts";
import { writeInPlace } from "./inPlace.ts";
import { emitShow, printText } from "./show.ts";
import { Shape } from "./shape.ts";

const encoder = new TextEncoder();

/** While a constant is computed, a function turns out to have a mistake in it, which was reported. */
export class WrongBody extends Error {
  readonly definition: FunctionDefinition;

  constructor(definition: FunctionDefinition) {
    super("irgen/functions.WrongBody: nobody caught it");
    this.definition = definition;
  }
}

/** Generates a function of the source, or one that the compiler provides. */
export function makeFunction(g: Generator, definition: FunctionDefinition, symbol: SymbolId): void {
  const { ast } = g;
  ensureBody(g, definition);
  g.begin(symbol, (ast.end[definition.node] as number) - (ast.start[definition.node] as number), beginningOf(ast, definition.node));
  writeBody(g, definition);
  g.debug?.end(symbol, beginningOf(ast, definition.node), ast.body(definition.node));
  if (!g.end()) g.unsupported.push({ node: definition.node, what: "variables of more than 2 GiB in one function are" });
}

/** Writes the body of a function where it is called with `inputs`, piece by piece. Its results, piece by piece; undefined if it never returns. */
export function writeFunctionInPlace(g: Generator, definition: FunctionDefinition, symbol: SymbolId, inputs: readonly Value[]): readonly Value[] | undefined {
  ensureBody(g, definition);
  return writeInPlace(g, symbol, inputs, () => {
    g.b.position = beginningOf(g.ast, definition.node);
    writeBody(g, definition);
  });
}

function ensureBody({ program, ast, names, options }: Generator, definition: FunctionDefinition): void {
  if (ast.body(definition.node) === 0) {
    // After a syntax mistake, which was reported.
    if (options.answered !== undefined) throw new WrongBody(definition);
    throw new Error(`irgen/functions.ensureBody: '${names.name(definition.name)}' has no body`);
  }
  // While constants are computed, those that a checked body names may not be known yet.
  if (!definition.bodyChecked || options.answered !== undefined) program.ensureChecked(definition);
  if (!definition.bodyChecked && options.answered !== undefined) throw new WrongBody(definition);
  if (!definition.bodyChecked) throw new Error(`irgen/functions.ensureBody: '${names.name(definition.name)}' was not checked`);
}

/** The body, in the frame that begins. */
function writeBody(g: Generator, definition: FunctionDefinition): void {
  const { program, ast } = g;
  const result = program.seen(definition.result);
  g.frame.resultType = result;
  let parameter = 0;
  if (g.shapes.pieces(result) === undefined) g.frame.resultAddress = g.input(parameter++);
  enterScope(g);
  const tells = tellsBorrows(g, definition.parameters);
  const locals = definition.parameterLocals;
  for (let i = 0; i < locals.length; i++) {
    const local = locals[i] as LocalId;
    parameter = takeParameter(g, local, program.seen(definition.parameters[i] as TypeId), parameter, tells);
    ownLocal(g, local);
  }
  if (ast.kind[definition.node] === Kind.Closure) beginClosure(g, definition, parameter);
  finishBody(g, ast.body(definition.node), result);
}

/** The position of a function in messages: behind its attributes. */
function beginningOf(ast: Ast, node: Node): number {
  return ast.start[ast.kind[node] === Kind.Function ? ast.signature(node) : node] as number;
}

/** What a closure captured, behind the last parameter; and parameters that are patterns. */
function beginClosure(g: Generator, definition: FunctionDefinition, index: number): void {
  const { ast, program } = g;
  const entry = g.b.current;
  if (program.capturesOf(definition.node).length > 0) adoptCaptures(g, definition.node, g.b.f.param(entry, index));
  const list = ast.parameters(definition.node);
  for (let i = 0, count = definition.parameterLocals.length; i < count; i++) {
    const pattern = ast.parameterPattern(ast.item(list, i));
    if (pattern === 0) continue;
    const local = definition.parameterLocals[i] as LocalId;
    const type = program.seen(definition.parameters[i] as TypeId);
    const inMemory = g.shapes.of(type) === Shape.Memory;
    const value = inMemory ? g.locals.slotOf(local) : g.locals.read(local);
    g.frame.matched = g.owned.get(local);
    bindPattern(g, pattern, { type, value, second: g.second, inMemory });
    commitMoves(g);
  }
}

/** Gives a parameter its home. Returns the number of the next IR parameter. */
function takeParameter(g: Generator, local: LocalId, type: TypeId, index: number, tells: boolean): number {
  const { b } = g;
  const pieces = g.shapes.pieces(type);
  if (g.shapes.of(type) === Shape.Memory) {
    if (pieces === undefined) {
      // The caller made the copy: it is this function's own.
      g.locals.adoptSlot(local, g.input(index));
      return index + 1;
    }
    const address = g.locals.declareSlot(local);
    for (const piece of pieces) b.store(g.input(index++), address, piece.offset);
    return index;
  }
  const count = pieces?.length ?? 0;
  if (isBorrow(g, type)) {
    // A borrow is never nil.
    const pointer = g.input(index);
    if (g.frame.inputs === undefined) b.f.flags[pointer] = (b.f.flags[pointer] as number) | ValueFlag.nonnull;
    if (tells && g.frame.inputs === undefined) noteBorrow(g, pointer, type);
  }
  g.locals.declare(local, count > 0 ? g.input(index) : (0 as Value), count > 1 ? g.input(index + 1) : (0 as Value));
  return index + count;
}

/** The body's value is the function's result. */
function finishBody(g: Generator, body: Node, result: TypeId): void {
  if (g.shapes.of(result) === Shape.Void || g.program.typeOf(body) === T.never || g.program.typeOf(body) === T.void) {
    emitEffect(g, body);
    leaveScope(g);
    if (g.reachable) {
      if (result === T.never) g.b.unreachable();
      else g.return();
    }
    g.reachable = false;
    return;
  }
  returnValue(g, body);
  g.frame.scopes.pop();
}

/** `lang_main() i64`, made when all else is known: calls the user's main in its form and reduces its result to an exit status. */
export function makeMain(g: Generator, symbol: SymbolId): void {
  const { program, types } = g;
  g.begin(symbol);
  const { main } = program;
  if (main === undefined) {
    g.b.return([g.b.f.int(Type.i64, 0)]);
    g.end();
    return;
  }
  const { b } = g;
  if (g.mayExhaustStack()) b.call(g.runtime("lang_install_stack_guard"), []);
  const values: Value[] = [];
  const pieces = g.shapes.pieces(main.result);
  const byAddress = g.shapes.of(main.result) === Shape.Memory;
  const target = byAddress ? g.temporary(main.result) : (0 as Value);
  if (byAddress && pieces === undefined) values.push(target);
  if (main.parameters.length > 0) {
    const args = b.call(g.runtime("lang_arguments"), []);
    values.push(args, b.result(args, 1, Type.i64));
  }
  const call = b.call(g.functions.of(main), values);
  if (main.result === T.void) b.return([b.f.int(Type.i64, 0)]);
  else if (main.result === T.never) b.unreachable();
  else if (isIntegerType(main.result)) b.return([resize(g, call, Type.i64, true)]);
  else {
    if (byAddress && pieces !== undefined) pieces.forEach((piece, i) => b.store(i === 0 ? call : b.result(call, i, piece.type), target, piece.offset));
    const tag = tagOf(g, main.result, target, true);
    const good = b.block();
    const bad = b.block();
    g.branch(b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), ResultTag.Ok)), good, bad);
    b.seal(good);
    b.seal(bad);
    g.startBlock(good);
    const ok = types.inner(main.result);
    const status = isIntegerType(ok) ? resize(g, g.loadValue(ok, target, payloadOffset(g, main.result, ResultTag.Ok)), Type.i64, true) : b.f.int(Type.i64, 0);
    b.return([status]);
    g.startBlock(bad);
    const error = types.errorType(main.result);
    const payload = payloadOffset(g, main.result, ResultTag.Err);
    const value = g.loadValue(error, target, payload);
    emitShow(g, b.f.int(Type.i64, 2), error, value, g.second, false);
    printText(g, b.f.int(Type.i64, 2), encoder.encode("\n"));
    b.call(g.runtime("print_end"), [b.f.int(Type.i64, 2)]);
    if (byAddress) dropInPlace(g, error, g.addressAt(target, payload));
    b.return([b.f.int(Type.i64, 1)]);
  }
  g.reachable = false;
  g.end();
}

/** `lang_buffer_put` of a program that prints into Strings. */
export function makeBufferPut(g: Generator, symbol: SymbolId): void {
  const append = g.runtime("lang_buffer_append");
  g.begin(symbol);
  const entry = g.b.current;
  g.noteCall(append);
  g.b.call(append, [0, 1, 2].map((i) => g.b.f.param(entry, i)));
  g.b.return();
  g.reachable = false;
  g.end();
}

/** A function that does nothing. */
export function makeEmpty(g: Generator, symbol: SymbolId): void {
  g.begin(symbol);
  g.b.return();
  g.reachable = false;
  g.end();
}

/** `lang_main() i64` of a program of tests: runs the one whose number is the program's argument. Status 1: there is none. */
export function makeTestMain(g: Generator, symbol: SymbolId): void {
  g.begin(symbol);
  const { b } = g;
  if (g.mayExhaustStack()) b.call(g.runtime("lang_install_stack_guard"), []);
  const number = b.call(g.runtime("lang_test_number"), []);
  const { tests } = g.program;
  const none = b.block();
  const blocks = tests.map(() => b.block());
  b.switch(number, blocks.map((target, i) => ({ low: i, high: 0, target })), none);
  tests.forEach((test, i) => {
    const block = blocks[i] as Block;
    b.seal(block);
    b.switchTo(block);
    b.call(g.functions.of(test.function), []);
    b.return([b.f.int(Type.i64, 0)]);
  });
  b.seal(none);
  b.switchTo(none);
  b.return([b.f.int(Type.i64, 1)]);
  g.reachable = false;
  g.end();
}

/** A function without parameters that writes the value of `node`, as `type`, to the address it is given: what constants are evaluated by. */
export function makeEvaluation(g: Generator, node: Node, type: TypeId, name: string): SymbolId {
  const symbol = g.module.declareFunction(name, g.module.signature([Type.ptr], []), "exported");
  g.enqueue(() => {
    g.begin(symbol);
    const address = g.b.f.param(g.b.current, 0);
    enterScope(g);
    if (g.program.wantedOf(node) !== 0 || g.program.typeOf(node) === type) emitInto(g, node, address, 0);
    else {
      const place = emitPlaceOfFinal(g, node, type);
      g.storeValue(type, g.loadValue(type, place, g.offset), g.second, address, 0);
    }
    leaveScope(g);
    if (g.reachable) g.b.return();
    g.end();
  });
  return symbol;
}

