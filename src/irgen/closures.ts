/**
 * Closures: a code pointer and an environment that holds what is captured. The environment's first word is the function that drops it, 0
 * where nothing is to be done: an environment that only borrows lies in the frame of its creator, one that owns is allocated.
 */

import type { Capture } from "../check/captures.ts";
import { LocalFlag, meaningIndex } from "../check/checkedProgram.ts";
import type { DefinitionId, FunctionDefinition } from "../check/definitions.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { Node } from "../syntax/ast.ts";
import { register } from "./emitters.ts";
import { Home, type Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

register({ Closure: closureValue });

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
    const byAddress = isBorrow && (shape === Shape.Memory || program.localHas(capture.local, LocalFlag.addressTaken));
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
  const code = b.f.address(g.valueSymbolOf(definition));
  const { fields, size, alignment } = environmentOf(g, n);
  if (fields.length === 0) {
    g.second = b.f.int(Type.ptr, 0);
    return code;
  }
  const owned = program.ownsCaptures(n);
  const environment = owned ? allocate(g, size, alignment) : b.f.slotAddress(b.f.slot(size, alignment));
  b.store(owned ? b.f.address(dropSymbol(g, n, definition)) : b.f.int(Type.ptr, 0), environment, 0);
  for (const { capture, offset, byAddress } of fields) {
    if (byAddress) {
      if (g.homeOf(capture.local) !== Home.Slot) throw new Error("irgen/closures.closureValue: a variable captured by address has none");
      b.store(g.slotOf(capture.local), environment, offset);
      continue;
    }
    const value = g.readLocal(capture.local);
    g.storeValue(program.localType(capture.local), value, g.second, environment, offset);
  }
  g.second = environment;
  return code;
}

function allocate(g: Generator, size: number, alignment: number): Value {
  const symbol = g.runtime("lang_alloc");
  g.noteCall(symbol);
  return g.b.call(symbol, [g.b.f.int(Type.i64, size), g.b.f.int(Type.i64, alignment)]);
}

/** The function that drops a closure's environment: what it owns, then the memory. */
function dropSymbol(g: Generator, n: Node, definition: FunctionDefinition): SymbolId {
  const name = `${g.module.nameOf(g.valueSymbolOf(definition))}.drop`;
  const known = g.module.find(name);
  if (known !== undefined) return known;
  const symbol = g.module.declareFunction(name, g.module.signature([Type.ptr], [], "lang"), "local");
  g.enqueue(() => {
    g.b.position = g.ast.start[n] as number;
    g.begin(symbol);
    const { b } = g;
    const environment = b.f.param(b.current, 0);
    const { size, alignment } = environmentOf(g, n);
    const free = g.runtime("lang_dealloc");
    g.noteCall(free);
    b.call(free, [environment, b.f.int(Type.i64, size), b.f.int(Type.i64, alignment)]);
    b.return();
    g.end();
  });
  return symbol;
}

/** At the start of a closure's body: gives what it captured homes in the environment. */
export function adoptCaptures(g: Generator, closure: Node, environment: Value): void {
  const { b, program } = g;
  for (const { capture, offset, byAddress } of environmentOf(g, closure).fields) {
    const { local } = capture;
    if (byAddress) g.adoptSlot(local, b.load(Type.ptr, environment, offset));
    else if (capture.changed || program.localHas(local, LocalFlag.addressTaken) || g.shapes.of(program.localType(local)) === Shape.Memory) {
      g.adoptSlot(local, g.addressAt(environment, offset));
    } else {
      const value = g.loadValue(program.localType(local), environment, offset);
      g.adoptValue(local, value, g.second);
    }
  }
}

/** Drops a function value: a closure that owns its environment has it dropped. */
export function dropFunctionValue(g: Generator, environment: Value): void {
  if (!g.reachable) return;
  const { b } = g;
  const none = b.f.int(Type.ptr, 0);
  if (environment === none) return;
  const held = b.block();
  const owned = b.block();
  const done = b.block();
  g.branch(b.emit(Op.eq, environment, none), done, held);
  b.seal(held);
  g.startBlock(held);
  const drop = b.load(Type.ptr, environment, 0);
  g.branch(b.emit(Op.eq, drop, none), done, owned);
  b.seal(owned);
  g.startBlock(owned);
  b.callIndirect(drop, g.module.signature([Type.ptr], [], "lang"), [environment]);
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}
