/**
 * One function for each kind of node, found by its number. The topics of this folder register theirs here, so that they need not know each
 * other. (This module imports none of them: it must stand before they run.)
 */

import type { TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { type Node, kinds } from "../syntax/ast.ts";
import type { Generator } from "./generator.ts";

/** Emits an expression of type `type`, its own, and returns its value as that type's shape says. */
export type Emitter = (g: Generator, n: Node, type: TypeId) => Value;
/** Emits a place: returns a pointer and leaves the constant offset in `g.offset`. */
export type PlaceEmitter = (g: Generator, n: Node) => Value;
/** Emits an expression of Memory shape into the memory at `pointer + offset`. */
export type MemoryEmitter = (g: Generator, n: Node, pointer: Value, offset: number) => void;

const missing: Emitter = (g, n) => {
  throw new Error(`irgen/emitters.missing: no emitter for ${g.ast.kindName(n)}`);
};

export const emitters: Emitter[] = new Array<Emitter>(kinds.length).fill(missing);
export const memoryEmitters: (MemoryEmitter | undefined)[] = new Array(kinds.length).fill(undefined);
export const places: (PlaceEmitter | undefined)[] = new Array(kinds.length).fill(undefined);

/** Emitters of values, by kind of node. */
export function register(rows: Readonly<Record<number, Emitter>>): void {
  Object.assign(emitters, rows);
}

/** Emitters into memory, by kind of node. */
export function registerMemory(rows: Readonly<Record<number, MemoryEmitter>>): void {
  Object.assign(memoryEmitters, rows);
}

/** Emitters of places, by kind of node. */
export function registerPlaces(rows: Readonly<Record<number, PlaceEmitter>>): void {
  Object.assign(places, rows);
}
