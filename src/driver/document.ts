/** The references of source files, made from their documentation comments. */

import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast } from "../syntax/ast.ts";
import { parseFile } from "../syntax/parser.ts";
import { type Reference, readReference } from "../syntax/reference.ts";
import type { FileResult } from "./host.ts";
import type { BuildAnswer, Failure } from "./request.ts";

export interface FileReference {
  readonly path: string;
  /** Markdown; "" if nothing in the file is public. */
  readonly text: string;
}

interface Parsed {
  readonly path: string;
  readonly reference: Reference;
}

/** The reference of each of `paths`, as `read` gives them; the answer says what could not be read or parsed. */
export function documentFiles(paths: readonly string[], read: (path: string) => FileResult): { readonly answer: BuildAnswer; readonly references: readonly FileReference[] } {
  const sources = new SourceMap();
  const diagnostics = new Diagnostics();
  const failures: Failure[] = [];
  const parsed: Parsed[] = [];
  for (const path of paths) {
    const found = read(path);
    if (!found.ok) {
      failures.push({ code: found.missing ? "E0801" : "E0802", message: `'${path}' cannot be read: ${found.reason}`, advice: [] });
      continue;
    }
    const file = sources.add(path, found.bytes);
    const ast = new Ast();
    const names = new Interner();
    const errors = diagnostics.errorCount;
    const root = parseFile(ast, names, file, diagnostics);
    if (diagnostics.errorCount === errors) parsed.push({ path, reference: readReference(ast, names, file, root) });
  }
  bringTogether(parsed);
  const references = parsed.map(({ path, reference }) => ({ path, text: reference.markdown(path === "-" ? "<stdin>" : path.replace(/\.lang$/, "")) }));
  return { answer: { sources, diagnostics: diagnostics.list, bytes: undefined, failures, times: [], tests: [] }, references };
}

/** Tells each type of the traits that other files give it. A name that several files declare is known in none but these; a trait that only its own file knows says nothing to others. */
function bringTogether(parsed: readonly Parsed[]): void {
  const hidden = new Set(parsed.flatMap(({ reference }) => [...reference.hidden]));
  for (const { reference: { foreign } } of parsed) {
    for (const implementation of foreign) {
      const trait = /^\w+/.exec(implementation.trait)?.[0] ?? "";
      if (hidden.has(trait) && !parsed.some(({ reference }) => reference.declares(trait))) continue;
      const owners = parsed.filter(({ reference }) => reference.declares(implementation.type));
      if (owners.length === 1) owners[0]?.reference.adopt(implementation);
    }
  }
}

/** What stands in for another file on some targets or with some option, and offers the same. */
const standIns: ReadonlySet<string> = new Set(["std/heap_check.lang", "std/heap_libc.lang", "std/start_check.lang"]);

/** The standard library's reference: of those of its files that `library` has and that stand for themselves. */
export function documentLibrary(paths: readonly string[], library: (path: string) => Uint8Array | undefined): ReturnType<typeof documentFiles> {
  return documentFiles(paths.filter((path) => !standIns.has(path)), (path) => {
    const bytes = library(path);
    return bytes === undefined ? { ok: false, reason: "the library has no such file", missing: true } : { ok: true, bytes };
  });
}
