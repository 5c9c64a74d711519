/** Checks every file of the library whole, reached by a program or not. */

import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { checkProgram } from "../src/check/program.ts";
import type { LoadedModule } from "../src/check/modules.ts";
import { embeddedFile } from "../src/driver/embedded.ts";
import { evaluateConstant } from "../src/irgen/evaluate.ts";
import { Diagnostics } from "../src/source/diagnostics.ts";
import { Interner } from "../src/source/interner.ts";
import { SourceMap } from "../src/source/sourceMap.ts";
import { Ast } from "../src/syntax/ast.ts";

const prelude = new TextDecoder().decode(embeddedFile("std/core.lang"));
const modules = readdirSync(import.meta.dir).filter((name) => name.endsWith(".lang") && name !== "core.lang" && !/_check|heap_report/.test(name) && !prelude.includes(`"std/${name}"`));

test("every body of the library is without mistake", () => {
  const sources = new SourceMap();
  const diagnostics = new Diagnostics();
  const loaded = new Map<string, LoadedModule>();
  const load = (path: string): LoadedModule | undefined => {
    const name = path.endsWith(".lang") ? path : `${path}.lang`;
    const known = loaded.get(name);
    const bytes = name === "main.lang" ? new TextEncoder().encode(modules.map((file) => `import "std/${file}" as module_${file.replace(".lang", "")}\n`).join("")) : embeddedFile(name);
    if (known !== undefined || bytes === undefined) return known;
    const found = { file: sources.add(name, bytes), library: name !== "main.lang" };
    loaded.set(name, found);
    return found;
  };
  const root = load("main.lang");
  if (root === undefined) throw new Error("no root");
  const names = new Interner();
  checkProgram({
    ast: new Ast(), names, evaluate: (checked, node, type) => evaluateConstant(checked, names, sources, node, type), sources, diagnostics, root, prelude: load("std/core.lang"), needsMain: false, wholeLibrary: true,
    host: { loadModule: (path) => load(path) ?? { code: "E0701", message: `no file ${path}` } },
    target: { OS: "linux", ARCH: "x86_64", BACKEND: "x86", LIBC: "none", DEBUG: false, TARGET: "linux-x86_64" },
  });
  const shown = diagnostics.list.filter((one) => one.severity === "error").map((one) => {
    const place = sources.place(one.span.start);
    return `${place?.path}:${place?.line}:${place?.column}: ${one.code} ${one.message}`;
  });
  expect(shown).toEqual([]);
});
