/**
 * A build from request to bytes, on one page:
 *
 *   files ─ parse, check ─▶ program ─ irgen ─▶ module ─ opt ─▶ module ─ codegen ─▶ object ─ link ─▶ bytes
 *
 * Pure: files come from `host`, results go back as data. At -O0 each function is compiled as soon as it is generated.
 */

import { CodeGenerator } from "../codegen/generate.ts";
import type { CheckedProgram } from "../check/checkedProgram.ts";
import { dumpTyped } from "../check/dump.ts";
import type { VariableInput } from "../debug/variableInput.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { parseModule } from "../ir/parse.ts";
import { printModule } from "../ir/print.ts";
import { problemsText, verifyModule } from "../ir/verify.ts";
import { createGenerator, finishProgram, memoryFunctions } from "../irgen/irgen.ts";
import { madeForPrograms } from "../irgen/prebuilt.ts";
import { displayName } from "../irgen/mangle.ts";
import type { ObjectFile } from "../link/object.ts";
import { runPipeline } from "../opt/pipeline.ts";
import type { SourceFile } from "../source/sourceMap.ts";
import { dumpAst, dumpTokens } from "../syntax/dump.ts";
import { lex } from "../syntax/lexer.ts";
import { parseFile } from "../syntax/parser.ts";
import { addLibraryFile, checkSources, openProgram, type FrontEnd } from "./frontEnd.ts";
import type { Linked } from "./account.ts";
import type { BuildHost } from "./host.ts";
import type { BuildAnswer, BuildRequest, StageTime } from "./request.ts";
import { addCodeTables, wantsTrace, type TableOptions } from "./codeTables.ts";
import { codeTargets } from "./codeTargets.ts";
import { imageOf } from "./images.ts";
import { Dumps } from "./dumps.ts";
import { entryName, keptFunctions, linkExecutable } from "./linkExecutable.ts";
import { reportLinkFailures } from "./linkFailures.ts";
import { printLlvm } from "./llvm.ts";
import { prebuiltFor, takesPrebuilt } from "./prebuilt.ts";
import { pull } from "../prebuilt/pull.ts";
import type { PrebuiltLibrary } from "../prebuilt/library.ts";

const encoder = new TextEncoder();

/** By the code generator, and by prebuilt code. */
const calledFromOutside = [...memoryFunctions, "lang_buffer_put"];

/** Does what the request says. Whatever the user did wrong is in the answer; a throw is a bug of ours. */
export function build(request: BuildRequest, host: BuildHost): BuildAnswer {
  return new Build(request, host).run();
}

class Build {
  private readonly request: BuildRequest;
  private readonly host: BuildHost;
  private readonly front: FrontEnd;
  private readonly times: StageTime[] = [];
  private tests: BuildAnswer["tests"] = [];
  private variables: VariableInput | undefined;
  private readonly dumps: Dumps;
  private lastTime: number;
  private prebuilt: PrebuiltLibrary | undefined;
  private hasMain = true;
  private readonly declared: Map<SymbolId, number> | undefined;
  private linked: Linked | undefined;
  private module: Module | undefined;

  constructor(request: BuildRequest, host: BuildHost) {
    this.request = request;
    this.host = host;
    this.lastTime = host.now();
    this.dumps = new Dumps(request);
    this.declared = request.tools.account === true ? new Map() : undefined;
    this.front = openProgram(request, host);
  }

  run(): BuildAnswer {
    const { front, request } = this;
    const { root } = front;
    if (root === undefined) return this.answer(undefined);
    if (!takesPrebuilt(request)) this.host.expectLibrary?.();
    this.lap("read");

    if (request.output === "tokens" || request.output === "ast") {
      // These stop before includes are followed. Tokens are printed even of a file that does not parse.
      if (request.output === "tokens") return this.text(dumpTokens(lex(front.ast, front.names, root, front.diagnostics), front.ast, front.names, front.sources));
      return this.text(dumpAst(front.ast, front.names, parseFile(front.ast, front.names, root, front.diagnostics)));
    }

    if (request.path.endsWith(".ir")) return this.write(this.fromText(root));

    const program = checkSources(front, root, request, this.host);
    this.tests = program.tests.map(({ title, node }) => ({ title, position: front.ast.start[node] as number }));
    this.lap("check");
    if (front.diagnostics.errorCount > 0 || request.output === "nothing") return this.answer(undefined);
    if (request.output === "typed") return this.text(dumpTyped(program, front.names, front.sources));

    return this.write(this.generate(program));
  }

  /** The last step: the object as what was asked for, or the IR's text as it is. */
  private write(object: ObjectFile | string | undefined): BuildAnswer {
    if (object === undefined) return this.answer(undefined);
    if (typeof object === "string") return this.text(object);
    switch (this.request.output) {
      case "assembly":
        return this.text(imageOf(this.request).assembly(object));
      case "object":
        return this.object(object);
      default:
        return this.executable(object);
    }
  }

  /** From the checked program to an object, or to the IR's text if that is asked for. Undefined after a failure. */
  private generate(program: CheckedProgram): ObjectFile | string | undefined {
    const { front, request } = this;
    const { level } = request;
    const direct = level === "O0" && request.output !== "ir" && request.output !== "llvm" && !this.dumps.wanted && !request.tools.verifyIr;
    let compiler: CodeGenerator | undefined;
    this.prebuilt = prebuiltFor(request, this.host);
    const g = createGenerator(program, front.names, front.sources, {
      variablesInMemory: level === "O0",
      debugVariables: this.namesVariables,
      unchecked: request.unchecked,
      bodiesInPlace: level === "O1" && request.tools.optLimit === undefined, // what is counted is what passes do
      tests: request.tests,
      foreign: request.target,
      noSystemCalls: request.target.systemCalls === "none",
      reuse: direct,
      prebuilt: this.prebuilt,
      declared: this.declared,
      onFunction: direct ? (f) => (compiler as CodeGenerator).compileFunction(f) : undefined,
    });
    if (direct) compiler = this.codeGenerator(g.module);
    const entry = finishProgram(g);
    this.hasMain = program.main !== undefined || request.tests;
    for (const { node, name } of g.functions.endless) {
      const start = front.ast.start[node] as number;
      front.diagnostics.error("E0354", { start, end: start + 4 }, `${front.names.name(name)} would need endlessly many instances: it calls itself, perhaps through others, with ever greater types`);
    }
    for (const { node, what } of g.unsupported) front.diagnostics.error("E0399", { start: front.ast.start[node] as number, end: front.ast.end[node] as number }, `${what} not supported yet`);
    this.lap(direct ? "irgen, codegen" : "irgen");
    this.variables = g.debug;
    if (front.diagnostics.errorCount > 0) return undefined;
    if (g.debug === undefined) program.release(); // debuggers are told of it later
    return this.finish(g.module, entry, compiler);
  }

  /** IR as text, what `-o x.ir` writes, in the place of a source: it starts with `lang_start`. */
  private fromText(root: SourceFile): ObjectFile | string | undefined {
    const { front, request } = this;
    const refuse = (line: number, message: string): undefined => {
      const { start, end } = lineSpan(root, line);
      front.diagnostics.error("E0817", { start, end }, message);
    };
    const parsed = parseModule(new TextDecoder().decode(root.bytes));
    this.lap("parse");
    if ("problem" in parsed) return refuse(parsed.problem.line, parsed.problem.message);
    const { module } = parsed;
    const problems = verifyModule(module);
    if (problems.length > 0) return refuse(1, problemsText(problems.slice(0, 5)).trim());
    const entry = module.find("lang_start");
    if (request.output === "nothing") return undefined;
    if (entry === undefined || !module.functions.has(entry)) return refuse(1, "there is no function @lang_start with a body, where a program starts");
    return this.finish(module, entry, undefined);
  }

  /** From the module to an object, unless `compiler` has compiled its functions already; or to the IR's text if that is asked for. */
  private finish(module: Module, entry: SymbolId, done: CodeGenerator | undefined): ObjectFile | string | undefined {
    const { front, request } = this;
    this.module = module;
    let compiler = done;
    if (compiler === undefined) {
      if (!this.optimise(module, entry)) return undefined;
      if (request.output === "ir") return printModule(module);
      if (request.output === "llvm") return printLlvm(module, entry, this.hasMain, request, front.sources.files);
      compiler = this.codeGenerator(module);
      for (const f of module.functions.values()) compiler.compileFunction(f);
      this.lap("codegen");
    }
    // What is linked by others brings its own start.
    if (request.output === "executable") compiler.emitEntry(module.declareFunction(entryName, module.signature([], []), "exported"), entry);
    const made = compiler.finish();
    this.dumps.explainMissing();
    const tables: TableOptions = {
      target: request.target, files: front.sources.files, displayName,
      debug: !request.debug ? undefined : {
        producer: "clang LLVM (lang)", source: front.root?.path ?? "", directory: this.host.folder(), entry: entryName,
        keptIn: request.output === "executable" ? (linked) => keptFunctions(linked, request) : undefined,
        variables: this.variables,
      },
      withoutUnwinding: request.image?.tiny === true,
    };
    if (this.prebuilt !== undefined) {
      pull(this.prebuilt, { ...made, module, positionOf: (file, offset) => this.positionOf(file, offset), wantsTrace: () => wantsTrace(made.builder, tables) });
    }
    addCodeTables(made, module, tables);
    this.lap("tables");
    return made.object;
  }

  /** Each variable has a slot, and debuggers are told which. */
  private get namesVariables(): boolean {
    return this.request.debug && this.request.level === "O0" && this.request.output !== "llvm";
  }

  /** The position of a byte of a file of the library, read or not. */
  private positionOf(path: string, offset: number): number {
    const { sources } = this.front;
    const file = sources.files.find((known) => known.path === path) ?? addLibraryFile(sources, this.host, path);
    if (file === undefined) throw new Error(`driver/build.positionOf: '${path}' is not in the library`);
    return file.base + offset;
  }

  private codeGenerator(module: Module): CodeGenerator {
    const { request, dumps } = this;
    return new CodeGenerator(codeTargets[request.target.architecture], module, {
      level: request.level,
      platform: request.target,
      atoms: request.level !== "O0",
      features: request.features,
      verify: request.tools.verifyIr,
      lines: request.debug,
      slots: this.namesVariables,
      accesses: request.checkMemory === true,
      ...(["machine", "allocated"].some((stage) => dumps.wants(stage)) ? { dump: (stage: string, name: string, text: string) => dumps.machine(stage, name, text) } : {}),
    });
  }

  private optimise(module: Module, entry: SymbolId): boolean {
    const { request, host, dumps } = this;
    const { tools } = request;
    if (dumps.wants("ir")) dumps.module("ir", module);
    const result = runPipeline(module, request.level, {
      // The code generator's calls of the memory functions are not in the IR.
      roots: [entry, ...[...calledFromOutside, ...(this.prebuilt === undefined ? [] : Object.keys(madeForPrograms))].map((name) => module.find(name)).filter((symbol) => symbol !== undefined)],
      now: tools.timePasses ? () => host.now() : undefined,
      verifyEach: tools.verifyIr,
      stopAfter: tools.stopAfter,
      optLimit: tools.optLimit,
      dump: !dumps.wanted ? undefined : (pass, f) => {
        if (!dumps.wants(pass) && !dumps.wants(`after:${pass}`)) return;
        if (f === undefined) dumps.module(`after ${pass}`, module);
        else dumps.function(`after ${pass}`, module, f);
      },
    });
    this.lap("optimise");
    for (const { pass, milliseconds } of result.times) this.times.push({ stage: `  ${pass}`, milliseconds });
    const [first] = result.problems;
    if (first !== undefined) throw new Error(`driver/build.optimise: the IR is wrong after opt/${first.pass}: ${JSON.stringify(first.problem)}`);
    return true;
  }

  private object(object: ObjectFile): BuildAnswer {
    return this.answer(imageOf(this.request).writeObject(object));
  }

  private executable(object: ObjectFile): BuildAnswer {
    const result = linkExecutable([object], this.request);
    this.lap("link");
    if (result.ok) {
      const { declared, module } = this;
      if (declared !== undefined) this.linked = { summary: result.summary, declared: new Map([...declared].map(([symbol, position]) => [module?.nameOf(symbol) ?? "", position])), sources: this.front.sources };
      return this.answer(result.bytes);
    }
    reportLinkFailures(result.failures, this.front);
    return this.answer(undefined);
  }

  private text(text: string): BuildAnswer {
    return this.answer(encoder.encode(text.endsWith("\n") ? text : `${text}\n`));
  }

  private answer(bytes: Uint8Array | undefined): BuildAnswer {
    const { front, request, times, tests } = this;
    const failed = front.diagnostics.errorCount > 0 && request.output !== "tokens";
    return { sources: front.sources, diagnostics: front.diagnostics.list, bytes: failed ? undefined : bytes, failures: front.failures, times, tests, linked: this.linked };
  }

  private lap(stage: string): void {
    const now = this.host.now();
    this.times.push({ stage, milliseconds: now - this.lastTime });
    this.lastTime = now;
  }
}

/** The positions of a line's text; lines count from 1. */
function lineSpan(file: SourceFile, line: number): { readonly start: number; readonly end: number } {
  let start = 0;
  for (let at = 1; at < line; at++) start = file.bytes.indexOf(10, start) + 1;
  const end = file.bytes.indexOf(10, start);
  return { start: file.base + start, end: file.base + (end < 0 ? file.bytes.length : end) };
}
