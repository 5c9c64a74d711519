/** From files to a checked program: parsing, includes, checking. */

import { checkProgram } from "../check/program.ts";
import type { CheckedProgram } from "../check/checkedProgram.ts";
import type { LoadedModule, LoadFailure, ModuleHost } from "../check/modules.ts";
import { evaluateConstant } from "../irgen/evaluate.ts";
import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap, type SourceFile } from "../source/sourceMap.ts";
import { Ast } from "../syntax/ast.ts";
import { besidePath, withEnding } from "./besidePath.ts";
import type { BuildHost } from "./host.ts";
import type { TargetRow } from "../../os/targets.ts";
import type { CheckedTarget } from "../check/context.ts";
import type { SummaryTexts } from "../check/ownership/summaryText.ts";
import { buildRequest, type BuildRequest, type Failure } from "./request.ts";

export interface FrontEnd {
  readonly ast: Ast;
  readonly names: Interner;
  readonly sources: SourceMap;
  readonly diagnostics: Diagnostics;
  readonly failures: Failure[];
  /** The user's file; undefined if it could not be read. */
  readonly root: SourceFile | undefined;
}

/** Everything empty, and the user's file read. */
export function openProgram(request: BuildRequest, host: BuildHost): FrontEnd {
  const sources = new SourceMap();
  const failures: Failure[] = [];
  const bytes = request.bytes ?? readRoot(request.path, host, failures);
  const root = bytes === undefined ? undefined : sources.add(request.path === "-" ? "<stdin>" : request.path, bytes);
  return { ast: new Ast(), names: host.libraryIndexes?.names() ?? new Interner(), sources, diagnostics: new Diagnostics(), failures, root };
}

function readRoot(path: string, host: BuildHost, failures: Failure[]): Uint8Array | undefined {
  const read = host.read(path);
  if (read.ok) return read.bytes;
  const advice = read.missing && host.read(`${path}.lang`).ok ? [`did you mean ${path}.lang?`] : [];
  failures.push({ code: read.missing ? "E0801" : "E0802", message: `'${path}' cannot be read: ${read.reason}`, advice });
  return undefined;
}

/** Checks the program; what is wrong with it is in `diagnostics`. */
export function checkSources(front: FrontEnd, root: SourceFile, request: BuildRequest, host: BuildHost): CheckedProgram {
  const { ast, names, sources, diagnostics } = front;
  const files = new Files(sources, host, root, request.checkMemory === true);
  return checkProgram({
    ast, names, sources, diagnostics,
    root: files.root,
    prelude: files.library("std/core.lang"),
    host: files,
    target: factsOf(request),
    evaluate: (checked, node, type) => evaluateConstant(checked, names, sources, node, type),
    librarySummary: host.librarySummary === undefined ? undefined : (path, offset) => host.librarySummary?.(path, offset),
    onOwnership: request.tools.dumpOwnership ? (text) => request.tools.onDump("ownership", text) : undefined,
    needsMain: needsMain(request),
  });
}

/** The borrow summaries of all functions of the library, for the executable to carry. */
export function summarise(paths: readonly string[], target: TargetRow, host: BuildHost): SummaryTexts {
  // What the prelude includes is there already.
  const prelude = new TextDecoder().decode(host.library("std/core.lang"));
  const modules = paths.filter((path) => path !== "std/core.lang" && path.split("/").length === 2 && !/_check|heap_report/.test(path) && !prelude.includes(JSON.stringify(path)));
  const bytes = new TextEncoder().encode(modules.map((path, i) => `import ${JSON.stringify(path)} as m${i}\n`).join(""));
  const request = buildRequest("/nowhere/all.lang", bytes, target, { level: "O0", output: "nothing" });
  const { ast, names, sources, diagnostics, root } = openProgram(request, host);
  if (root === undefined) throw new Error("driver/frontEnd.summarise: no program");
  const files = new Files(sources, host, root, false);
  let found: SummaryTexts = {};
  checkProgram({
    ast, names, sources, diagnostics, root: files.root, prelude: files.library("std/core.lang"), host: files, target: factsOf(request),
    evaluate: (checked, node, type) => evaluateConstant(checked, names, sources, node, type), needsMain: false, wholeLibrary: true, onSummaries: (summaries) => { found = summaries; },
  });
  if (diagnostics.errorCount > 0) throw new Error(`driver/frontEnd.summarise: ${JSON.stringify(diagnostics.list.find(({ severity }) => severity === "error"))}`);
  return found;
}

function factsOf({ target, debug }: BuildRequest): CheckedTarget {
  return { OS: target.os, ARCH: target.architecture, BACKEND: target.backend, LIBC: target.libc, DEBUG: debug, TARGET: target.name, variadicBits: target.variadicBits };
}

/** An executable starts in `main`, unless it is one of tests; an object and the texts on the way to one may be for others to link. */
function needsMain(request: BuildRequest): boolean {
  return !request.tests && (request.output === "executable" || request.llvmFor === "executable");
}

/** A file of the library among the sources; undefined if it has none of that name. */
export function addLibraryFile(sources: SourceMap, host: BuildHost, path: string): SourceFile | undefined {
  const bytes = host.library(path);
  const index = host.libraryIndexes?.of(path);
  return bytes && sources.add(path, bytes, index !== undefined && "table" in index ? () => index.tree().lineStarts : undefined);
}

/** What stands in for files of the library under `--check-memory`. */
const checkingFiles: Readonly<Record<string, string | undefined>> = { "std/heap.lang": "std/heap_check.lang", "std/heap_libc.lang": "std/heap_check.lang", "std/start.lang": "std/start_check.lang" };

/** Finds included and imported files: beside the file that names them, else in the library. Each is loaded once. */
class Files implements ModuleHost {
  /** By identity; those of the library by name behind a NUL. */
  private readonly loaded = new Map<string, LoadedModule>();
  /** The user's, by the path that led there: a file that many name is read once. */
  private readonly beside = new Map<string, LoadedModule>();
  private readonly libraryFiles = new Set<number>();
  readonly root: LoadedModule;
  private readonly sources: SourceMap;
  private readonly host: BuildHost;
  private readonly checkMemory: boolean;

  constructor(sources: SourceMap, host: BuildHost, root: SourceFile, checkMemory: boolean) {
    this.checkMemory = checkMemory;
    this.sources = sources;
    this.host = host;
    this.root = { file: root, library: false, isCopy: this.isCopy(root) };
  }

  loadModule(path: string, from: SourceFile | undefined): LoadedModule | LoadFailure {
    const name = this.standIn(withEnding(path));
    const fromLibrary = from === undefined || this.libraryFiles.has(from.id);
    if (!fromLibrary) {
      const near = besidePath(from.path, name);
      const before = this.beside.get(near);
      if (before !== undefined) return before;
      const read = this.host.read(near);
      // In the project's own folder the library stands beside the program, and is the library.
      if (read.ok && !this.isLibrarys(name, read.bytes)) {
        const identity = this.host.identity(near);
        const found = this.users(identity) ?? this.add(identity, near, read.bytes);
        this.beside.set(near, found);
        return found;
      }
      if (!read.ok && !read.missing) return { code: "E0802", message: `'${near}' cannot be read: ${read.reason}` };
    }
    const key = `\0${name}`;
    const known = this.loaded.get(key);
    if (known !== undefined) return known;
    const found = this.addLibrary(name);
    if (found !== undefined) return found;
    return { code: "E0701", message: `there is no file '${name}'${fromLibrary ? " in the library" : ", neither beside this one nor in the library"}` };
  }

  /** The user's file of that identity, if it is loaded. The root gets one only now: a program of one file needs none. */
  private users(identity: string): LoadedModule | undefined {
    const { root } = this;
    return this.loaded.get(identity) ?? (identity === this.host.identity(root.file.path) ? root : undefined);
  }

  standIn(path: string): string {
    return (this.checkMemory ? checkingFiles[path] : undefined) ?? path;
  }

  /** A file that every program has. */
  library(path: string): LoadedModule {
    const found = this.addLibrary(path);
    if (found === undefined) throw new Error(`driver/frontEnd.library: '${path}' is not in the library`);
    return found;
  }

  private addLibrary(path: string): LoadedModule | undefined {
    const file = addLibraryFile(this.sources, this.host, path);
    if (file === undefined) return undefined;
    this.libraryFiles.add(file.id);
    const loaded: LoadedModule = { file, library: true, isCopy: false, index: this.host.libraryIndexes?.of(path) };
    this.loaded.set(`\0${path}`, loaded);
    return loaded;
  }

  /** A file of the library that was read as the user's: from a folder std or os, and the same. */
  private isCopy({ path, bytes }: SourceFile): boolean {
    const name = /^(?:.*\/)?((?:std|os)\/.+)$/.exec(path)?.[1];
    return name !== undefined && this.isLibrarys(name, bytes);
  }

  /** The library's file of this name has these bytes. */
  private isLibrarys(name: string, bytes: Uint8Array): boolean {
    const known = /^(?:std|os)\//.test(name) ? this.host.library(name) : undefined;
    return known !== undefined && known.length === bytes.length && known.every((byte, i) => byte === bytes[i]);
  }

  private add(key: string, path: string, bytes: Uint8Array): LoadedModule {
    const file = this.sources.add(path, bytes);
    const loaded = { file, library: false, isCopy: this.isCopy(file) };
    this.loaded.set(key, loaded);
    return loaded;
  }
}
