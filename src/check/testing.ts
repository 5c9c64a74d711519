/** For tests: checks a program given as text, perhaps in several files, and compares its diagnostics with marks in the text. */

import { Ast } from "../syntax/ast.ts";
import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import type { CheckedProgram } from "./checkedProgram.ts";
import type { Evaluate } from "./evaluator.ts";
import type { LoadedModule } from "./modules.ts";
import { checkProgram } from "./program.ts";

/** Paths and texts. The first is the root; "std/core.lang", if given, is the prelude. */
export type Files = Readonly<Record<string, string>>;

export interface Checked {
  readonly program: CheckedProgram;
  readonly names: Interner;
  readonly sources: SourceMap;
  readonly diagnostics: Diagnostics;
  /** `CODE file:line:column`, in the order of the text; the root's file name is left out. */
  readonly found: readonly string[];
  readonly messages: string;
}

export interface CheckOptions {
  readonly needsMain?: boolean;
  readonly warnings?: boolean;
  readonly evaluate?: Evaluate;
  /** How many errors are reported at most, where not as many as a user is told. */
  readonly errors?: number;
}

/** Checks a program; `files` by path, or the text of the only one. */
export function checkText(files: Files | string, options: CheckOptions = {}): Checked {
  const given = typeof files === "string" ? { "main.lang": files } : files;
  const sources = new SourceMap();
  const modules = new Map<string, LoadedModule>();
  const load = (path: string): LoadedModule | undefined => {
    const there = modules.get(path);
    if (there !== undefined) return there;
    const text = given[path];
    if (text === undefined) return undefined;
    const loaded = { file: sources.add(path, new TextEncoder().encode(text)), library: /^(std|os)\//.test(path) };
    modules.set(path, loaded);
    return loaded;
  };
  const [rootPath] = Object.keys(given);
  const root = load(rootPath ?? "");
  if (root === undefined) throw new Error("check/testing.checkText: no file");
  const names = new Interner();
  const diagnostics = new Diagnostics(options.errors);
  const ast = new Ast();
  const program = checkProgram({
    ast, names, sources, diagnostics, root, prelude: load("std/core.lang"), needsMain: options.needsMain ?? false,
    ...(options.evaluate === undefined ? {} : { evaluate: options.evaluate }),
    host: { loadModule: (path) => load(path) ?? load(`${path}.lang`) ?? { code: "E0701", message: `no file ${path}` }, standIn: (path) => path },
    target: { OS: "linux", ARCH: "x86_64", BACKEND: "x86", LIBC: "none", DEBUG: false, TARGET: "linux-x86_64", variadicBits: 128 },
  });
  const shown = diagnostics.list.filter((one) => options.warnings === true || one.severity === "error");
  const placed = shown.map((one) => {
    const place = sources.place(one.span.start);
    const file = place === undefined || place.path === rootPath ? "" : `${place.path}:`;
    return { at: one.span.start, text: `${one.code} ${file}${place?.line ?? 0}:${place?.column ?? 0}`, message: one.message };
  });
  placed.sort((a, b) => a.at - b.at);
  return { program, names, sources, diagnostics, found: placed.map((one) => one.text), messages: placed.map((one) => `${one.text} ${one.message}`).join("\n") };
}

const mark = /«([EW]\d{4})»/;

/**
 * Takes the marks `«CODE»` out of a program's text: each says that this diagnostic begins right behind it. Gives the text without them, and what
 * `Checked.found` is to be.
 */
export function readMarks(text: string, file = ""): { readonly text: string; readonly expected: string[] } {
  const expected: string[] = [];
  let rest = text;
  for (let found = mark.exec(rest); found !== null; found = mark.exec(rest)) {
    const before = rest.slice(0, found.index);
    const line = before.split("\n").length;
    const column = [...before.slice(before.lastIndexOf("\n") + 1)].length + 1;
    expected.push(`${found[1]} ${file}${line}:${column}`);
    rest = before + rest.slice(found.index + found[0].length);
  }
  return { text: rest, expected };
}

/** Checks marked text; what was found and what was marked are to be the same. */
export function checkMarked(marked: Files | string, options: CheckOptions = {}): { readonly found: readonly string[]; readonly expected: readonly string[]; readonly messages: string } {
  const given: Files = typeof marked === "string" ? { "main.lang": marked } : marked;
  const files: Record<string, string> = {};
  const expected: string[] = [];
  Object.entries(given).forEach(([path, text], index) => {
    const read = readMarks(text, index === 0 ? "" : `${path}:`);
    files[path] = read.text;
    expected.push(...read.expected);
  });
  const { found, messages } = checkText(files, options);
  return { found: [...found].sort(), expected: expected.sort(), messages };
}
