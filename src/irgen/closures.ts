/**
 * Closures: a code pointer and an environment that holds what is captured. The environment's first word is the function that drops it, 0
 * where nothing is to be done: an environment that only borrows lies in the frame of its creator, one that owns is allocated.
 */

import type { Capture } from "../check/captures.ts";
import { LocalFlag, meaningIndex } from "../check/checkedProgram.ts";
import type { DefinitionId, FunctionDefinition } from "../check/definitions.ts";
import { ValueFlag, type SymbolId, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { finalType } from "./dispatch.ts";
import { dropInPlace, dropsOf } from "./dropGlue.ts";
import { register } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";
import { mangle } from "./mangle.ts";
import { markMoved, taken } from "./owned.ts";
import { Shape } from "./shape.ts";

register({ [Kind.Closure]: closureValue });

interface Field {
  readonly capture: Capture;
  readonly offset: number;
  /** The environment holds the variable's address. */
  readonly byAddress: boolean;
}

interface Environment {
  readonly fields: readonly Field[];
  readonly size: number;
  readonly alignment: number;
}

/** The word at the start of an environment: the function that drops it. */
const headerSize = 8;

/**
 * Where the captures of a closure lie in its environment. What is borrowed and cannot change meanwhile is copied if it is one or two words:
 * the variable then need not be in memory.
 */
function environmentOf(g: Generator, closure: Node): Environment {
  const { program, shapes, layouts } = g;
  const fields: Field[] = [];
  let size = headerSize;
  let alignment = 8;
  for (const capture of program.capturesOf(closure)) {
    const type = program.localType(capture.local);
    const shape = shapes.of(type);
    if (shape === Shape.Void) continue;
    const isBorrow = capture.mode === "borrow" || capture.mode === "borrowMut";
    const byAddress = isBorrow && (shape === Shape.Memory || program.localHas(capture.local, LocalFlag.addressTaken) || g.needsDrop(type));
    const align = byAddress ? 8 : layouts.alignment(type);
    const offset = Math.ceil(size / align) * align;
    fields.push({ capture, offset, byAddress });
    size = offset + (byAddress ? 8 : layouts.size(type));
    alignment = Math.max(alignment, align);
  }
  return { fields, size: Math.ceil(size / alignment) * alignment, alignment };
}

/** The value of a closure: its code, and in `g.second` its environment, which is made here. */
function closureValue(g: Generator, n: Node): Value {
  const { program, b } = g;
  const definition = program.definition(meaningIndex(program.meaningOf(n)) as DefinitionId);
  if (definition.kind !== "function") throw new Error("irgen/closures.closureValue: a closure without a function");
  const code = b.f.address(g.functions.valueOf(definition));
  const { fields, size, alignment } = environmentOf(g, n);
  if (fields.length === 0) {
    g.second = b.f.int(Type.ptr, 0);
    return code;
  }
  const owned = program.ownsCaptures(n);
  const environment = owned ? allocate(g, size, alignment) : b.f.slotAddress(b.f.slot(size, alignment));
  storeForGood(g, owned ? b.f.address(dropSymbol(g, n, definition)) : b.f.int(Type.ptr, 0), environment, 0);
  for (const field of fields) {
    const { local } = field.capture;
    if (field.byAddress) {
      if (g.locals.homeOf(local) !== Home.Slot) throw new Error("irgen/closures.closureValue: a variable captured by address has none");
      storeForGood(g, g.locals.slotOf(local), environment, field.offset);
      continue;
    }
    const type = program.localType(local);
    const value = g.locals.read(local);
    if (g.shapes.of(type) === Shape.Memory || !isRead(g, field)) g.storeValue(type, value, g.second, environment, field.offset);
    else {
      const { second } = g;
      storeForGood(g, value, environment, field.offset);
      if (g.shapes.of(type) === Shape.Pair) storeForGood(g, second, environment, field.offset + 8);
    }
  }
  // What the environment took it drops.
  for (const { capture } of fields) {
    if (capture.mode !== "move") continue;
    if (capture.parts.length === 0) markMoved(g, g.owned.get(capture.local));
    for (const part of capture.parts) taken(g, part);
  }
  g.second = environment;
  return code;
}

/** The captured value is one that the body only reads: it becomes a value there. */
function isRead(g: Generator, { capture }: Field): boolean {
  const { program } = g;
  const type = program.localType(capture.local);
  // What is dropped has its place in memory everywhere.
  return !capture.changed && !program.localHas(capture.local, LocalFlag.addressTaken) && g.shapes.of(type) !== Shape.Memory && !g.needsDrop(type);
}

/** A store to an environment of what stays there as long as it lives. */
function storeForGood(g: Generator, value: Value, environment: Value, offset: number): void {
  if (!g.reachable) return;
  g.b.store(value, environment, offset);
  const { f } = g.b;
  const last = f.last[g.b.current] as number;
  f.flags[last] = (f.flags[last] as number) | ValueFlag.constantMemory;
}

/** Reads what `storeForGood` stored. */
function loadForGood(g: Generator, type: Type, environment: Value, offset: number): Value {
  const v = g.b.load(type, environment, offset);
  g.b.f.flags[v] = (g.b.f.flags[v] as number) | ValueFlag.constantMemory;
  return v;
}

function allocate(g: Generator, size: number, alignment: number): Value {
  const symbol = g.runtime("lang_alloc");
  g.noteCall(symbol);
  return g.b.call(symbol, [g.b.f.int(Type.i64, size), g.b.f.int(Type.i64, alignment)]);
}

/** The function that drops a closure's environment: what it owns, then the memory. */
function dropSymbol(g: Generator, n: Node, definition: FunctionDefinition): SymbolId {
  const name = `${g.module.nameOf(g.functions.valueOf(definition))}.drop`;
  const known = g.module.find(name);
  if (known !== undefined) return known;
  const symbol = g.module.declareFunction(name, g.module.signature([Type.ptr], [], "lang"), "local");
  g.enqueue(() => {
    g.begin(symbol, 0, g.ast.start[n] as number);
    const { b } = g;
    const environment = b.f.param(b.current, 0);
    const { fields, size, alignment } = environmentOf(g, n);
    for (let i = fields.length - 1; i >= 0; i--) {
      const { capture, offset } = fields[i] as Field;
      if (capture.mode !== "move") continue;
      if (capture.parts.length === 0) dropInPlace(g, g.program.localType(capture.local), g.addressAt(environment, offset));
      for (const part of capture.parts.toReversed()) {
        const within = droppedAt(g, part);
        if (within >= 0) dropInPlace(g, finalType(g, part), g.addressAt(environment, offset + within));
      }
    }
    const free = g.runtime("lang_dealloc");
    g.noteCall(free);
    b.call(free, [environment, b.f.int(Type.i64, size), b.f.int(Type.i64, alignment)]);
    b.return();
    g.end();
  });
  return symbol;
}

/** Where in a captured variable a field of it lies that is to be dropped; -1 if it is not. */
function droppedAt(g: Generator, n: Node): number {
  const { ast, program } = g;
  if (ast.kind[n] === Kind.Name) return 0;
  const index = ast.kind[n] === Kind.TupleField ? ast.tupleIndex(n) : meaningIndex(program.meaningOf(n));
  const part = dropsOf(g, finalType(g, ast.operand(n))).find(({ number }) => number === index);
  const outer = part === undefined ? -1 : droppedAt(g, ast.operand(n));
  return part === undefined || outer < 0 ? -1 : outer + part.offset;
}

/** At the start of a closure's body: gives what it captured homes in the environment. */
export function adoptCaptures(g: Generator, closure: Node, environment: Value): void {
  const { program } = g;
  for (const field of environmentOf(g, closure).fields) {
    const { local } = field.capture;
    const { offset } = field;
    if (field.byAddress) g.locals.adoptSlot(local, loadForGood(g, Type.ptr, environment, offset));
    else if (!isRead(g, field)) g.locals.adoptSlot(local, g.addressAt(environment, offset));
    else {
      const type = program.localType(local);
      const pair = g.shapes.of(type) === Shape.Pair;
      const value = loadForGood(g, pair ? Type.ptr : g.shapes.scalar(type), environment, offset);
      g.locals.adoptValue(local, value, pair ? loadForGood(g, g.shapes.second(type), environment, offset + 8) : (0 as Value));
    }
  }
}

/** Drops a function value: a closure that owns its environment has it dropped. */
export function dropFunctionValue(g: Generator, environment: Value): void {
  if (!g.reachable || environment === g.b.f.int(Type.ptr, 0)) return;
  const symbol = dropHelper(g);
  g.noteCall(symbol);
  g.b.call(symbol, [environment]);
}

/** The function that drops any environment, or none. */
function dropHelper(g: Generator): SymbolId {
  const known = g.helpers.get("drop func");
  if (known !== undefined) return known;
  const symbol = g.module.declareFunction(mangle(["drop func"]), g.module.signature([Type.ptr], [], "lang"), "local");
  g.helpers.set("drop func", symbol);
  g.enqueue(() => {
    g.begin(symbol);
    const { b } = g;
    const environment = b.f.param(b.current, 0);
    const none = b.f.int(Type.ptr, 0);
    const held = b.block();
    const owned = b.block();
    const done = b.block();
    g.branch(b.emit(Op.eq, environment, none), done, held);
    b.seal(held);
    g.startBlock(held);
    const drop = loadForGood(g, Type.ptr, environment, 0);
    g.branch(b.emit(Op.eq, drop, none), done, owned);
    b.seal(owned);
    g.startBlock(owned);
    b.callIndirect(drop, g.module.signature([Type.ptr], [], "lang"), [environment]);
    g.jump(done);
    b.seal(done);
    g.startBlock(done);
    b.return();
    g.end();
  });
  return symbol;
}
