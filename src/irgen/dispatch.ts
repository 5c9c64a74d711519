/** How any expression is emitted: its value, its value in memory, its place, with the conversion that its place wants. */

import type { TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { convert, convertInto } from "./convert.ts";
import { emitters, memoryEmitters, places, type Emitter } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { markMoved, ownTemporary, ownedAt } from "./owned.ts";
import { Shape } from "./shape.ts";

/** The value of an expression as its place wants it. Of a Memory type: an address that may be that of a variable; copy before writing. */
export function emit(g: Generator, n: Node): Value {
  const type = g.program.plainType(n);
  if (type !== 0) return emitTyped(g, n, type);
  const wanted = g.program.wantedOf(n);
  const own = g.program.typeOf(n);
  return wanted === 0 || own === wanted ? emitTyped(g, n, own) : convert(g, n, own, wanted);
}

/** The value of an expression in its own type, unconverted. */
export function emitOwn(g: Generator, n: Node): Value {
  return emitTyped(g, n, g.program.typeOf(n));
}

/** The same, of an expression whose own type is known. */
export function emitTyped(g: Generator, n: Node, type: TypeId): Value {
  if (!g.reachable) return g.nothing(type);
  if (g.shapes.of(type) === Shape.Memory) {
    const pointer = emitPlace(g, n);
    return g.addressAt(pointer, g.offset);
  }
  const before = g.b.position;
  g.b.position = g.ast.start[n] as number;
  const value = (emitters[g.ast.kind[n] as number] as Emitter)(g, n, type);
  g.b.position = before;
  return value;
}

/** Puts the value of an expression, as its place wants it, into memory. */
export function emitInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const wanted = g.program.wantedOf(n);
  const own = g.program.typeOf(n);
  if (wanted === 0 || wanted === own) emitOwnInto(g, n, pointer, offset);
  else convertInto(g, n, own, wanted, pointer, offset);
}

/** Puts the value of an expression, in its own type, into memory. */
export function emitOwnInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  if (!g.reachable) return;
  const type = g.program.typeOf(n);
  if (g.shapes.of(type) === Shape.Memory) {
    const into = memoryEmitters[g.ast.kind[n] as number];
    if (into !== undefined) {
      const before = g.b.position;
      g.b.position = g.ast.start[n] as number;
      into(g, n, pointer, offset);
      g.b.position = before;
      if (g.needsDrop(type)) takenOwn(g, n);
      return;
    }
  }
  const value = emitTyped(g, n, type);
  g.storeValue(type, value, g.second, pointer, offset);
  if (g.needsDrop(type)) takenOwn(g, n);
}

/** The value of `n`, in its own type, was taken. */
function takenOwn(g: Generator, n: Node): void {
  markMoved(g, ownedAt(g, n));
}

/**
 * The address of a place: pointer returned, constant offset in `g.offset`. An expression that is no place is put into a temporary.
 * References are not looked through: the place of a reference is where the reference is.
 */
export function emitPlace(g: Generator, n: Node): Value {
  const type = g.program.typeOf(n);
  const place = places[g.ast.kind[n] as number];
  if (g.reachable && place !== undefined) {
    const before = g.b.position;
    g.b.position = g.ast.start[n] as number;
    const pointer = place(g, n);
    g.b.position = before;
    if (pointer !== 0) return pointer;
  }
  const address = g.temporary(type);
  if (g.shapes.of(type) === Shape.Memory && g.reachable && memoryEmitters[g.ast.kind[n] as number] === undefined)
    throw new Error(`irgen/dispatch.emitPlace: ${g.ast.kindName(n)} is neither a place nor built in memory`);
  emitOwnInto(g, n, address, 0);
  g.offset = 0;
  g.frame.made = ownTemporary(g, type, address);
  if (g.frame.made !== undefined) g.temporaries.set(n, g.frame.made);
  return address;
}

/** Emits for its effects only: a value that is made is dropped at the end of the statement. */
export function emitEffect(g: Generator, n: Node): void {
  if (n === 0 || !g.reachable) return;
  if (g.ast.kind[n] === Kind.Paren && g.program.wantedOf(n) === 0) {
    emitEffect(g, g.ast.operand(n));
    return;
  }
  emitDropped(g, n);
}

/** Emits an expression whose value, in its own type, nobody takes. */
export function emitDropped(g: Generator, n: Node): void {
  const type = g.program.typeOf(n);
  const value = emitTyped(g, n, type);
  // A Memory value has its temporary already.
  if (g.needsDrop(type) && g.shapes.of(type) === Shape.Pair && places[g.ast.kind[g.ast.withoutParentheses(n)] as number] === undefined) {
    const address = g.temporary(type);
    g.storeValue(type, value, g.second, address, 0);
    ownTemporary(g, type, address);
  }
}

/** The type that an expression has where it stands. */
export function finalType(g: Generator, n: Node): TypeId {
  const wanted = g.program.wantedOf(n);
  return wanted === 0 ? g.program.typeOf(n) : wanted;
}
