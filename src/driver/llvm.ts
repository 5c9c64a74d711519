/** A module of IR as LLVM IR text, with the places of its panics: what `-o x.ll` writes. */

import { llvmText } from "../codegen/llvm/module.ts";
import { Places } from "../debug/places.ts";
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
  const triple = llvmTriple(request);
  if (triple === undefined) throw new Error(`driver/llvm.printLlvm: no LLVM IR for ${request.target.name}`);
  const places = new Places(files);
  return llvmText(module, entry, codeTargets[request.target.architecture], {
    triple,
    // What is linked by others brings its own start.
    entry: hasMain && request.llvmFor !== "object" ? request.target.entry : undefined,
    typedPointers: request.llvm14 === true,
    level: request.level,
    features: request.features,
    inLibrary: (position) => places.find(position) && /^(std|os)\//.test(places.path(places.file)),
    traceTable: {
      symbol: TRACE_TABLE,
      firstAddress: TRACE_ADDRESSES,
      bytes: (records) => traceTableBytes(records, module.inlineSites, (symbol) => displayName(module.nameOf(symbol as SymbolId)), places),
    },
  });
}
