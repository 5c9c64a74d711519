/** Who may know whom (imports go down the line, never back up; the libraries beside `src/` import nothing of it), style, and that documents name what is there. */

import { describe, expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** What each folder may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  encoders: [],
  formats: [],
  os: [],
  "src/source": [],
  "src/syntax": ["src/source"],
  "src/check": ["src/syntax", "src/source"],
  "src/ir": [],
  "src/analysis": ["src/ir"],
  "src/opt": ["src/analysis", "src/ir"],
  "src/cabi": ["encoders"],
  "src/irgen": ["src/cabi", "src/check", "src/syntax", "src/source", "src/ir"],
  "src/codegen": ["src/ir", "src/analysis", "src/link", "encoders"],
  "src/link": ["formats", "encoders"],
  "src/debug": ["src/link"],
  "src/prebuilt": ["src/irgen", "src/ir", "src/codegen", "src/link"],
  "src/driver": ["src/irgen", "src/check", "src/syntax", "src/source", "src/ir", "src/analysis", "src/opt", "src/codegen", "src/debug", "src/prebuilt", "src/link", "encoders", "formats", "os"],
  "src/cli": ["src/driver", "src/source", "src/opt", "conformance", "os", "package.json"],
  conformance: [],
};

/** The files that may touch the machine. */
const impure = /^(src\/cli\/|src\/driver\/(host|nodeFiles|linuxFiles|checkout|absolutePath|carriedBytes|embeddedSuite)\.ts$)/;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `${folder}/${path}`);
}

const isTest = (path: string) => path.endsWith(".test.ts") || /(^|\/)testing(\.ts$|\/)/.test(path);
const folderOf = (path: string) => Object.keys(allowed).filter((folder) => path === folder || path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
const importsOf = (path: string) => [...readFileSync(join(root, path), "utf8").matchAll(/^\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");

const files = ["src", "encoders", "formats", "os", "conformance"].flatMap(sources).filter((path) => !isTest(path));

describe("imports", () => {
  test("go down the line only", () => {
    const wrong: string[] = [];
    for (const path of files) {
      const own = folderOf(path);
      if (own === undefined) {
        wrong.push(`${path}: stands in no known folder`);
        continue;
      }
      for (const name of importsOf(path)) {
        if (!name.startsWith(".")) continue;
        const target = relative(root, join(root, dirname(path), name));
        const folder = folderOf(target) ?? target;
        if (folder !== own && !(allowed[own] as readonly string[]).includes(folder)) wrong.push(`${path} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("passes never import one another", () => {
    const passes = files.filter((path) => path.startsWith("src/opt/"));
    const isPass = (path: string) => /\bexport const \w+: (Function|Module)?Pass\b/.test(readFileSync(join(root, path), "utf8"));
    const wrong = passes.filter(isPass).flatMap((path) => importsOf(path).filter((name) => name.startsWith("./") && isPass(join("src/opt", name))).map((name) => `${path} imports ${name}`));
    expect(wrong).toEqual([]);
  });

  test("only the command line and the host touch the machine", () => {
    const wrong: string[] = [];
    for (const path of files) {
      if (impure.test(path)) continue;
      const text = readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      for (const name of importsOf(path)) if (name.startsWith("node:") || name.startsWith("bun")) wrong.push(`${path} imports ${name}`);
      for (const word of text.match(/\bBun\.\w+|\bprocess\.\w+|\bperformance\.now|\bDate\.now|\bMath\.random/g) ?? []) wrong.push(`${path} uses ${word}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("style", () => {
  test("no file is longer than 600 lines, none has `any`, `!` or a barrel", () => {
    const wrong: string[] = [];
    for (const path of files) {
      const text = readFileSync(join(root, path), "utf8");
      const lines = text.split("\n").length;
      if (lines > 600) wrong.push(`${path}: ${lines} lines`);
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").replace(/"(\\.|[^"\\\n])*"|`(\\.|[^`\\])*`/g, "\"\"");
      if (/[:<,|]\s*any\b(?!\s*[:?])/.test(code.replace(/^\s*any: \d+,$/gm, ""))) wrong.push(`${path}: any`);
      if (/\bas unknown as\b/.test(code)) wrong.push(`${path}: as unknown as`);
      if (/[\w\])]!(\.|;|,|\)|\[)/.test(code)) wrong.push(`${path}: a non-null !`);
      if (/^export \* from/m.test(code)) wrong.push(`${path}: a barrel`);
      if (/(^|\/)utils?\.ts$/.test(path)) wrong.push(`${path}: say what it is`);
    }
    expect(wrong).toEqual([]);
  });

  test("no function is longer than 120 lines, but the interpreter's loop", () => {
    const wrong: string[] = [];
    for (const path of files) {
      const lines = readFileSync(join(root, path), "utf8").split("\n");
      lines.forEach((line, i) => {
        // A function at the margin or a method: it ends with the first brace that stands as far left as it begins.
        const [, indent] = /^( {0,2})(?:export |private |protected |async |static )*(?:function\*? \w+|\w+)(?:<.*>)?\(.*\{$/.exec(line) ?? [];
        if (indent === undefined || /^ *(?:if|for|while|switch) \(/.test(line)) return;
        const length = lines.indexOf(`${indent}}`, i) - i + 1;
        if (length > 120 && path !== "src/ir/interpretLoop.ts") wrong.push(`${path}:${i + 1}: ${length} lines`);
      });
    }
    expect(wrong).toEqual([]);
  });

  test("every folder says what it is for", () => {
    const folders = [...Object.keys(allowed).filter((folder) => folder !== "package.json"), "std", "bench", "docs", "examples", "scripts", "scripts/fuzz", "encoders/x86_64", "formats/elf", "src/codegen/x86_64"];
    const missing = folders.filter((folder) => !readdirSync(join(root, folder)).includes("README.md"));
    expect(missing).toEqual([]);
  });
});

describe("documents", () => {
  const paths = ["bench", "conformance", "docs", "encoders", "examples", "formats", "os", "scripts", "src", "std"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`))
    .concat(readdirSync(root));
  const known = new Set(paths);
  const documents = paths.filter((path) => path.endsWith(".md"));

  /** The path, or one that its `*` and `{a,b}` stand for, is there. */
  function isThere(path: string): boolean {
    if (!/[*{]/.test(path)) return known.has(path.replace(/\/$/, ""));
    const pattern = new RegExp(`^${path.replace(/[.+()]/g, "\\$&").replace(/\{([^}]*)\}/g, (_, names: string) => `(${names.replaceAll(",", "|")})`).replace(/\*/g, "[^/]*")}$`);
    return paths.some((one) => pattern.test(one));
  }

  test("files and folders that they name are there, and links lead somewhere", () => {
    const wrong: string[] = [];
    for (const path of documents) {
      const text = readFileSync(join(root, path), "utf8");
      const folder = dirname(path);
      for (const [, target = ""] of text.replace(/```[\s\S]*?```|`[^`\n]*`/g, "").matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (!/^https?:/.test(target) && target !== "self" && !isThere(join(folder, target))) wrong.push(`${path} links to ${target}`);
      }
      for (const [, name = ""] of text.matchAll(/`((?:\.\.\/)*[\w/*{},-]+(?:\.test)?\.(?:ts|lang|sh|ps1|md|mjs))`/g)) {
        // By its path, or, of the folder or below it, by its name alone.
        const below = folder === "." ? "" : `${folder}/`;
        const found = isThere(join(folder, name)) || isThere(name) || isThere(`src/${name}`) || paths.some((one) => one.startsWith(below) && one.endsWith(`/${name}`));
        if (!found ) wrong.push(`${path} names ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("a folder's README says what enters and what leaves, on a page", () => {
    const wrong: string[] = [];
    for (const path of documents.filter((one) => /\/README\.md$/.test(one) && !/^(examples|docs\/tour)\//.test(one))) {
      const text = readFileSync(join(root, path), "utf8");
      for (const word of ["enters", "leaves", "promised"]) if (!text.toLowerCase().includes(word)) wrong.push(`${path}: what is ${word}?`);
      const lines = text.split("\n").length - 1;
      if (lines > 50) wrong.push(`${path}: ${lines} lines`);
    }
    expect(wrong).toEqual([]);
  });
});
