/** A module of IR as LLVM IR text, with the places of its panics: what `-o x.ll` writes. */

import { llvmText } from "../codegen/llvm/module.ts";
import { Places, type PositionedFile } from "../debug/places.ts";
import { TRACE_ADDRESSES, TRACE_TABLE, traceTableBytes } from "../debug/traceTable.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { displayName } from "../irgen/mangle.ts";
import type { SourceFile } from "../source/sourceMap.ts";
import { codeTargets } from "./codeTargets.ts";
import { llvmTriple } from "./llvmTriple.ts";
import type { BuildRequest } from "./request.ts";

/** The module as LLVM text for the request's target. */
export function printLlvm(module: Module, entry: SymbolId, hasMain: boolean, request: BuildRequest, files: readonly SourceFile[]): string {
  // What is linked by others brings its own start.
  const isProgram = hasMain && request.llvmFor !== "object";
  const text = llvmOfModule(module, request, files, isProgram ? entry : undefined, displayName);
  if (text === undefined) throw new Error(`driver/llvm.printLlvm: no LLVM IR for ${request.target.name}`);
  return text;
}

/** A module of any front end as LLVM text, which begins at `entry` if it is a program; undefined for targets that have none. `name` is what people call a symbol. */
export function llvmOfModule(
  module: Module, { target, level, features, llvm14 }: Pick<BuildRequest, "target" | "level" | "features" | "llvm14">, files: readonly PositionedFile[], entry: SymbolId | undefined, name: (symbol: string) => string,
): string | undefined {
  const triple = llvmTriple({ target });
  if (triple === undefined) return undefined;
  const places = new Places(files);
  return llvmText(module, entry, codeTargets[target.architecture], {
    triple,
    entry: target.entry,
    typedPointers: llvm14 === true,
    level,
    features,
    inLibrary: (position) => places.find(position) && /^(std|os)\//.test(places.path(places.file)),
    traceTable: {
      symbol: TRACE_TABLE,
      firstAddress: TRACE_ADDRESSES,
      bytes: (records) => traceTableBytes(records, module.inlineSites, (symbol) => name(module.nameOf(symbol as SymbolId)), places),
    },
  });
}
