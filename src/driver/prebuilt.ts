/** The prebuilt part of the library: made when the executable is bundled, used by ordinary builds. */

import type { TargetRow } from "../../os/targets.ts";
import { CodeGenerator } from "../codegen/generate.ts";
import { createGenerator, finishProgram, memoryFunctions } from "../irgen/irgen.ts";
import { MadeFunctions, Needs, madeForPrograms, mayBePrebuilt } from "../irgen/prebuilt.ts";
import type { Block, IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { mayBeInlined } from "../opt/inlineWorth.ts";
import { runPipeline, type Level } from "../opt/pipeline.ts";
import { makeLibrary } from "../prebuilt/make.ts";
import type { PrebuiltLibrary } from "../prebuilt/library.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import { codeTargets } from "./codeTargets.ts";
import { checkSources, openProgram } from "./frontEnd.ts";
import type { BuildHost } from "./host.ts";
import { buildRequest, type BuildRequest } from "./request.ts";

/** The levels that libraries are made for: at the others, passes see a program whole. */
export const prebuiltLevels: readonly Level[] = ["O0", "O1"];

/** The library for an ordinary build; undefined for others. */
export function prebuiltFor(request: BuildRequest, host: BuildHost): PrebuiltLibrary | undefined {
  return takesPrebuilt(request) ? host.prebuilt?.(request.target.name, request.level) : undefined;
}

/** An ordinary build, not one that looks at stages, differs in what it checks, or has all in view. */
export function takesPrebuilt(request: BuildRequest): boolean {
  const { tools } = request;
  return prebuiltLevels.includes(request.level) && request.output === "executable" && !request.debug && !request.unchecked && request.checkMemory !== true && request.features.length === 0
    && !tools.verifyIr && tools.dumps.length === 0 && tools.stopAfter === undefined && tools.optLimit === undefined;
}

/** A library of what the program `bytes` reaches of std. Throws if that is wrong: it is ours. */
export function makePrebuilt(bytes: Uint8Array, target: TargetRow, level: Level, host: BuildHost): PrebuiltLibrary {
  const request = buildRequest("prebuilt.lang", bytes, target, { level });
  const front = openProgram(request, host);
  if (front.root === undefined) throw new Error("driver/prebuilt.makePrebuilt: no program");
  const program = checkSources(front, front.root, request, host);
  const [mistake] = front.diagnostics.list.filter(({ severity }) => severity === "error");
  if (mistake !== undefined) throw new Error(`driver/prebuilt.makePrebuilt: ${mistake.code} ${mistake.message} at ${JSON.stringify(front.sources.place(mistake.span.start))}`);
  const made = new MadeFunctions();
  const g = createGenerator(program, front.names, front.sources, { variablesInMemory: level === "O0", unchecked: false, foreign: target, noSystemCalls: target.systemCalls === "none", made });
  const entry = finishProgram(g);
  const { module } = g;
  for (const name of memoryFunctions) g.runtime(name);
  g.drain();
  const callable = new Map<SymbolId, number>();
  for (const [symbol, { definition, args }] of made.definitions) {
    if (module.functions.has(symbol) && mayBePrebuilt(g, definition, args, module.nameOf(symbol))) callable.set(symbol, front.ast.start[definition.node] as number);
  }
  // A program's own stand for them.
  for (const name of Object.keys(madeForPrograms)) {
    const ownOfProgram = module.find(name);
    if (ownOfProgram !== undefined) module.attributes[ownOfProgram] = { inline: "never", cold: false, noreturn: false };
  }
  runPipeline(module, level, { roots: [entry, ...callable.keys()] });
  for (const symbol of callable.keys()) if (level !== "O0" && isSmall(module, symbol)) callable.delete(symbol);
  for (const symbol of g.calls.repeating()) made.needs.set(symbol, (made.needs.get(symbol) ?? 0) | Needs.stackGuard);
  const compiler = new CodeGenerator(codeTargets[target.architecture], module, { level, platform: target, atoms: level !== "O0", features: [] });
  for (const f of module.functions.values()) compiler.compileFunction(f);
  const { builder, trace, objectSymbol } = compiler.finish();
  const calls: [SymbolId, SymbolId][] = [];
  g.calls.forEach((caller, callee) => calls.push([caller, callee]));
  return makeLibrary({ module, builder, trace, objectSymbol, callable, needs: made.needs, calls, placeOf: (position) => placeOf(front.sources, position) });
}

function placeOf(sources: SourceMap, position: number): { file: string; offset: number } | undefined {
  const file = sources.files.find(({ base, bytes }) => position >= base && position <= base + bytes.length);
  return file === undefined ? undefined : { file: file.path, offset: position - file.base };
}

/** It may be worth having within its callers: each program makes it itself. */
function isSmall(module: Module, symbol: SymbolId): boolean {
  const f = module.functions.get(symbol);
  const attributes = module.attributes[symbol];
  if (f === undefined) return true;
  if (attributes?.inline === "never") return false;
  return attributes?.inline === "always" || (mayBeInlined(f) && !alwaysCalls(f));
}

/** Each way through the function begins with a call: beside that, the one that leads to it is cheap. */
function alwaysCalls(f: IrFunction): boolean {
  let block = f.order[0] as Block;
  for (let steps = 0; steps < f.order.length; steps++) {
    for (let v = f.first[block] as number; v !== 0; v = f.next[v] as number) if (f.op[v] === Op.call || f.op[v] === Op["call.indirect"] || f.op[v] === Op.syscall) return true;
    if (f.op[f.last[block] as number] !== Op.jump) return false;
    block = f.edgeBlock(f.successor(block, 0));
  }
  return false;
}
