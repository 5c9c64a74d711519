/** A checked program becomes a module of the IR: everything that its entry reaches, and nothing else. */

import type { CheckedProgram } from "../check/checkedProgram.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Interner } from "../source/interner.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import { makeBufferPut, makeEmpty, makeFunction, makeMain, makeTestMain, writeFunctionInPlace } from "./functions.ts";
import { cSymbolOf } from "./foreign.ts";
import { Generator } from "./generator.ts";
import type { GeneratorOptions } from "./options.ts";
// The topics register their emitters.
import "./assignments.ts";
import "./blocks.ts";
import "./calls.ts";
import "./closures.ts";
import "./failing.ts";
import "./forLoops.ts";
import "./intrinsics.ts";
import "./literals.ts";
import "./loops.ts";
import "./match.ts";
import "./operators.ts";
import "./elements.ts";
import "./places.ts";

/** A generator ready for requests: `symbolOf`, `drain`. */
export function createGenerator(program: CheckedProgram, names: Interner, sources: SourceMap, options: GeneratorOptions): Generator {
  const g = new Generator(program, names, sources, options);
  g.functions.makeBody = (definition, symbol) => {
    // Whether the program needs its stack guarded is known when everything else is made.
    const name = program.isLibrary(definition.file) ? names.name(definition.name) : "";
    if (name === "lang_main") g.mainSymbol = symbol;
    // Whether anything is printed into a String, too: where nothing is, this does nothing and goes.
    else if (name === "lang_buffer_put") g.bufferSymbol = symbol;
    else makeFunction(g, definition, symbol);
  };
  g.functions.writeInPlace = (definition, symbol, inputs) => writeFunctionInPlace(g, definition, symbol, inputs);
  return g;
}

/** What code generators call for long copies and fills; passes do not see these calls. */
export const memoryFunctions = ["lang_memcpy", "lang_memmove", "lang_memset"] as const;

/** Makes all that the program reaches; returns what it starts with: `lang_start`, which takes the initial stack pointer. */
export function finishProgram(g: Generator): SymbolId {
  const { program } = g;
  const entry = g.runtime("lang_start");
  g.drain();
  // What is exported to C is reached from outside.
  for (const definition of program.definitions) {
    if (definition !== undefined && definition.kind === "function" && definition.exported && definition.bodyChecked && definition.origin === "lang") cSymbolOf(g, definition);
  }
  g.drain();
  if (g.options.tests === true) for (const test of program.tests) g.functions.of(test.function);
  else if (program.main !== undefined) g.functions.of(program.main);
  g.drain();
  if (g.usesMemory) for (const name of memoryFunctions) g.runtime(name);
  g.drain();
  if (g.mainSymbol !== undefined) {
    if (g.options.tests === true) makeTestMain(g, g.mainSymbol);
    else makeMain(g, g.mainSymbol);
  }
  g.drain();
  if (g.bufferSymbol !== undefined) {
    if (g.usesBuffers) makeBufferPut(g, g.bufferSymbol);
    else makeEmpty(g, g.bufferSymbol);
  }
  g.drain();
  return entry;
}
