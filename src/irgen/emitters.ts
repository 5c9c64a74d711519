/**
 * One function for each kind of node, found by its number. The topics of this folder register theirs here, so that they need not know each
 * other. (This module imports none of them: it must stand before they run.)
 */

import type { Value } from "../ir/function.ts";
import { Kind, type KindName, type Node, kinds } from "../syntax/ast.ts";
import type { Generator } from "./generator.ts";

/** Emits an expression and returns its value as its own type's shape says. */
export type Emitter = (g: Generator, n: Node) => Value;
/** Emits an expression of Memory shape into the memory at `pointer + offset`. */
export type MemoryEmitter = (g: Generator, n: Node, pointer: Value, offset: number) => void;

const missing: Emitter = (g, n) => {
  throw new Error(`irgen/emitters.missing: no emitter for ${g.ast.kindName(n)}`);
};

export const emitters: Emitter[] = kinds.map(() => missing);
export const memoryEmitters: (MemoryEmitter | undefined)[] = kinds.map(() => undefined);
export const places: (Emitter | undefined)[] = kinds.map(() => undefined);

/** Emitters of values, by kind of node. */
export function register(rows: Partial<Record<KindName, Emitter>>): void {
  for (const [name, emitter] of Object.entries(rows)) emitters[Kind[name as KindName]] = emitter;
}

/** Emitters into memory, by kind of node. */
export function registerMemory(rows: Partial<Record<KindName, MemoryEmitter>>): void {
  for (const [name, emitter] of Object.entries(rows)) memoryEmitters[Kind[name as KindName]] = emitter;
}

/** Emitters of places: they return a pointer and leave the constant offset in `g.offset`. */
export function registerPlaces(rows: Partial<Record<KindName, Emitter>>): void {
  for (const [name, emitter] of Object.entries(rows)) places[Kind[name as KindName]] = emitter;
}
