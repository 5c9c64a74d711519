/** Functions of the library that exist as machine code already: only declared here, and no pass sees into them. */

import type { FunctionDefinition } from "../check/definitions.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Generator } from "./generator.ts";

/** What a function asks of the program that it is in, itself or through others: a guarded stack, `lang_buffer_put` that knows Strings, `lang_buffer_put` at all, `lang_main`. */
export const Needs = { stackGuard: 1, buffers: 2, bufferPut: 4, main: 8 } as const;

/** Functions that every program has made for it: what asks for one needs that. */
export const madeForPrograms: Readonly<Record<string, number | undefined>> = { lang_buffer_put: Needs.bufferPut, lang_main: Needs.main };

/** What there is. */
export interface Prebuilt {
  /** The number of the function `name` that is declared at `offset` bytes of `file`; -1 if there is none. */
  callable(name: string, file: string, offset: number): number;
  /** Bits of `Needs`. */
  needs(atom: number): number;
  /** There is a global variable of that name. */
  hasData(name: string): boolean;
}

/** True if the function may come from, or go into, a prebuilt library: one of std or os, that takes no functions (calls with a closure are worth a copy of their own). */
export function mayBePrebuilt(g: Generator, definition: FunctionDefinition, args: readonly TypeId[], name: string): boolean {
  if (!g.program.isLibrary(definition.file) || madeForPrograms[name] !== undefined || definition.origin === "extern" || definition.origin === "import") return false;
  const isFunction = (type: TypeId): boolean => g.types.kindOf(type) === TypeKind.Function;
  return !definition.parameters.some(isFunction) && !args.some((type) => isFunction(type) || g.types.items(type).some(isFunction));
}

/** Takes the function from the prebuilt library, if that has it; tells the generator what it needs. */
export function usePrebuilt(g: Generator, prebuilt: Prebuilt, definition: FunctionDefinition, args: readonly TypeId[], name: string): boolean {
  if (!mayBePrebuilt(g, definition, args, name)) return false;
  const file = g.sources.files[definition.file];
  if (file === undefined) return false;
  const atom = prebuilt.callable(name, file.path, (g.ast.start[definition.node] as number) - file.base);
  if (atom < 0) return false;
  const needs = prebuilt.needs(atom);
  if ((needs & Needs.stackGuard) !== 0) g.callsIndirectly = true;
  if ((needs & Needs.buffers) !== 0) g.usesBuffers = true;
  for (const [own, need = 0] of Object.entries(madeForPrograms)) if ((needs & need) !== 0) g.runtime(own);
  return true;
}

/** For making a library: what the functions made so far are and need. */
export class MadeFunctions {
  readonly definitions = new Map<SymbolId, { readonly definition: FunctionDefinition; readonly args: readonly TypeId[] }>();
  /** Bits of `Needs`, of each function's own body. */
  readonly needs = new Map<SymbolId, number>();

  /** What the function just made needs; the program as a whole is not asked for it. */
  takeDown(g: Generator, symbol: SymbolId, hasLargeFrame: boolean): void {
    this.needs.set(symbol, (g.callsIndirectly || hasLargeFrame ? Needs.stackGuard : 0) | (g.usesBuffers ? Needs.buffers : 0));
    g.callsIndirectly = g.usesBuffers = false;
  }
}
