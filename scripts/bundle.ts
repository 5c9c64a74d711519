/** Makes the single executable of the compiler, with std/, os/ and the conformance suite inside, for this machine or another. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BunPlugin } from "bun";
import { askedWords, memoryWord } from "../encoders/arm64/table.ts";
import { bakedGroupsModule, bakedTableModule } from "../encoders/x86_64/bake.ts";
import { alsoImported, deferModules } from "./deferred.ts";
import { constantTables, inlineConstants } from "./inlineConstants.ts";
import { makeConstants } from "./knownFunctions.ts";
import { targets } from "../os/targets.ts";
import { libraryPaths } from "../src/driver/embedded.ts";
import { summarise } from "../src/driver/frontEnd.ts";
import { carriedSlack, encodePlaces } from "../src/driver/carriedPlaces.ts";
import { host, jitPolicies } from "../src/driver/host.ts";
import { encodeLibrary, type LibrarySource } from "../src/driver/libraryFile.ts";
import { makePrebuilt, prebuiltLevels } from "../src/driver/prebuilt.ts";
import { Interner } from "../src/source/interner.ts";
import { indexDeclarations } from "../src/syntax/declarationIndex.ts";
import { encodeTree, nodeShapes } from "../src/syntax/treeEncoder.ts";
import { allowLargePages } from "./largePages.ts";
import { placeCarried } from "./placeCarried.ts";
import { recordStarts, recordedStarts } from "./starts.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** The sources in a folder: texts by `prefix` and the path. */
function sources(folder: string, prefix = ""): Record<string, string> {
  const files: Record<string, string> = {};
  for (const path of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
    if (path.endsWith(".lang")) files[prefix + path] = readFileSync(join(root, folder, path), "utf8");
  }
  return files;
}

const firstTarget = targets[0];
if (firstTarget === undefined) throw new Error("scripts/bundle: no target");
/** The files that a file of the library includes, in whatever case, and itself. */
function withIncluded(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, included] of readFileSync(join(root, path), "utf8").matchAll(/^\s*include "([^"]+)"/gm)) withIncluded(included as string, found);
  return found;
}

const prelude = withIncluded("std/core.lang");

/** What programs read together: the prelude, each system's layer, the modules. */
function groupOf(path: string): string {
  if (!prelude.has(path)) return "modules";
  return path.startsWith("os/") ? (/^os\/(macos|windows)/.exec(path)?.[1] ?? "linux") : "prelude";
}

const summaries = summarise(libraryPaths(), firstTarget, host);
const library = Object.entries({ ...sources("std", "std/"), ...sources("os", "os/") }).map(([path, source]): Omit<LibrarySource, "tree"> => {
  const text = new TextEncoder().encode(source);
  return { path, text, group: groupOf(path), index: indexDeclarations(text), summaries: summaries[path] ?? {} };
});

/** Those with a C library are compiled from source: the executable would be half as large again. */
const carried = targets.filter(({ interpreter, os, libc }) => interpreter === undefined && (os !== "windows" || libc === "none"));

const groups = [...new Set(library.map(({ group }) => group))];
const carriedNames = ["library", ...groups.flatMap((group) => [`text-${group}`, `trees-${group}`]), ...carried.flatMap(({ name }) => prebuiltLevels.map((level) => `${name}-${level}`))];

let knownHash: string | undefined;

/** The hash of everything that the compiler is made of, in hexadecimal. */
function sourcesHash(): string {
  if (knownHash !== undefined) return knownHash;
  const hash = createHash("sha256").update(Bun.version);
  for (const folder of ["src", "encoders", "formats", "os", "std", "scripts"]) {
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
      if (/\.(ts|lang)$/.test(path) && !path.endsWith(".test.ts")) hash.update(`${folder}/${path}\0`).update(readFileSync(join(root, folder, path))).update("\0");
    }
  }
  return (knownHash = hash.digest("hex"));
}

/**
 * The folder of what the executable carries of the library: its source, and as machine code a file a target and level, which a build opens if it wants it. Made
 * once for the same sources; several processes may ask for it at the same time.
 */
function carriedFolder(): string {
  const all = join(root, "dist/prebuilt");
  const folder = join(all, sourcesHash().slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(all, { recursive: true });
  const yesterday = Date.now() - 24 * 3600 * 1000;
  for (const name of readdirSync(all)) if ((statSync(join(all, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) < yesterday) rmSync(join(all, name), { recursive: true, force: true });
  const aside = mkdtempSync(join(all, "new-"));
  const names = new Interner();
  const sources = library.map((source) => ({ ...source, tree: encodeTree(source.text, names) }));
  const { library: bytes, texts, trees } = encodeLibrary(sources, { names, shapes: nodeShapes() });
  const program = new Uint8Array(readFileSync(join(root, "scripts/prebuilt.lang")));
  const files = new Map([["library", bytes]]);
  for (const [group, text] of texts) files.set(`text-${group}`, text);
  for (const [group, tree] of trees) files.set(`trees-${group}`, tree);
  for (const target of carried) for (const level of prebuiltLevels) files.set(`${target.name}-${level}`, makePrebuilt(program, target, level, host).encode());
  for (const [name, file] of files) writeFileSync(join(aside, name), Buffer.concat([file, new Uint8Array(carriedSlack)]));
  writeFileSync(join(aside, "places"), encodePlaces(carriedNames.map((name) => ({ address: 0, length: (files.get(name) as Uint8Array).length }))));
  renameUnlessThere(aside, folder);
  return folder;
}

/** The folder `aside` as `folder`, unless another process was quicker, with the same files. */
function renameUnlessThere(aside: string, folder: string): void {
  try {
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** The module that names those files. */
function makeCarriedModule(): string {
  const folder = carriedFolder();
  const imports = [...carriedNames, "places"].map((name, i) => `import file${i} from ${JSON.stringify(join(folder, name))} with { type: "file" };`);
  // In an executable the names are whole paths, in a bundle for Node they are beside it.
  const whole = 'const whole = (path) => (path.startsWith("./") ? `${import.meta.dirname}/${path}` : path);';
  const paths = carriedNames.map((_, i) => `file${i}`).join(", ");
  return `${imports.join("\n")}\n${whole}\nexport const carriedNames = ${JSON.stringify(carriedNames)};\nconst paths = [${paths}];\nexport const carriedPath = (number) => whole(paths[number]);\nexport const placesPath = whole(file${carriedNames.length});\n`;
}

/** A module's source, with its empty constants filled in their order. */
function filled(source: string, ...values: readonly (object | string)[]): string {
  const pieces = source.split("= undefined;");
  if (pieces.length !== values.length + 1) throw new Error(`scripts/bundle: no place for ${values.length} constants in ${source.slice(0, 100)}`);
  return pieces.map((piece, i) => (i < values.length ? `${piece}= ${JSON.stringify(values[i])};` : piece)).join("");
}

let madeModule: string | undefined;

/** The same for every executable made by this process. */
function carriedModule(): string {
  return (madeModule ??= makeCarriedModule());
}

const constants = await constantTables(root.replace(/\/$/, ""));

/** A module as it comes into the bundle. */
function prepared(path: string, source: string): string {
  return makeConstants(root, path, inlineConstants(path, source, constants));
}

/** Words of ARM64's rows: those that its code generator asks for when it is loaded, and those that it names. */
function armWords(): string {
  const folder = join(root, "src/codegen/arm64");
  for (const name of readdirSync(folder)) for (const [, row] of readFileSync(join(folder, name), "utf8").matchAll(/\bword\("(\w+)"\)/g)) memoryWord(row as string);
  return `export const bakedWords = ${JSON.stringify(askedWords())};\n`;
}

const bakedWords = armWords();

/** Bun's own hash, in place of ours in TypeScript. */
const nativeSha256 = 'export function sha256(bytes, from = 0, to = bytes.length) {\n  return new Uint8Array(new Bun.CryptoHasher("sha256").update(bytes.subarray(from, to)).digest());\n}\n';

/** Replaces what the checkout reads when it starts by what the bundle carries. */
const embed: BunPlugin = {
  name: "embed",
  setup(build) {
    build.onLoad({ filter: /src\/driver\/carriedFiles\.ts$/ }, () => ({ contents: carriedModule(), loader: "js" }));
    build.onLoad({ filter: /src\/driver\/embeddedSuite\.ts$/ }, ({ path }) => ({ contents: filled(readFileSync(path, "utf8"), sources("conformance")), loader: "ts" }));
  },
};

/** Likewise what it computes. */
const bake: BunPlugin = {
  name: "bake",
  setup(build) {
    build.onLoad({ filter: /src\/driver\/identity\.ts$/ }, ({ path }) => ({ contents: filled(readFileSync(path, "utf8"), sourcesHash()), loader: "ts" }));
    build.onLoad({ filter: /formats\/sha256\.ts$/ }, () => ({ contents: nativeSha256, loader: "js" }));
    build.onLoad({ filter: /encoders\/arm64\/bakedWords\.ts$/ }, () => ({ contents: bakedWords, loader: "js" }));
    build.onLoad({ filter: /encoders\/x86_64\/bakedTable\.ts$/ }, () => ({ contents: bakedTableModule(), loader: "ts" }));
    build.onLoad({ filter: /encoders\/x86_64\/rows\/groups\.ts$/ }, () => ({ contents: bakedGroupsModule(), loader: "ts" }));
    build.onLoad({ filter: /\/(src|encoders|formats|os)\/.*\.ts$/ }, ({ path }) => ({ contents: alsoImported(root, path) + prepared(path, readFileSync(path, "utf8")), loader: "ts" }));
  },
};

/** Files of Linux without node:fs. */
const linuxFiles: BunPlugin = {
  name: "linuxFiles",
  setup(build) {
    build.onLoad({ filter: /src\/driver\/files\.ts$/ }, () => ({ contents: readFileSync(join(root, "src/driver/linuxFiles.ts"), "utf8"), loader: "ts" }));
  },
};

const defer = deferModules(root.replace(/\/$/, ""), prepared);

/** What Bun calls a platform to make executables for, such as `bun-linux-x64`. */
export type BunTarget = Bun.Build.CompileTarget;

/** Writes the compiler as a module for Node, which needs neither Bun nor a Node that reads TypeScript. Gives what went wrong, or nothing. */
export async function bundleForNode(folder: string): Promise<readonly string[]> {
  const result = await Bun.build({ entrypoints: [join(root, "src/cli/main.ts")], plugins: [embed], format: "esm", splitting: true, target: "node", outdir: folder, naming: "[name].[ext]", throw: false });
  return result.success ? [] : result.logs.map(String);
}

/** Writes the executable `output`, for this machine if no `target` is named (whose runtime Bun then takes from npm). Gives its size in bytes and what it does without, or what went wrong. */
export async function bundle(output: string, target?: BunTarget): Promise<{ readonly ok: true; readonly size: number; readonly without?: string } | { readonly ok: false; readonly logs: readonly string[] }> {
  mkdirSync(dirname(output), { recursive: true });
  // Bun adds the ending itself where it is missing.
  const ending = output.endsWith(".exe") ? ".exe" : "";
  const aside = `${output.slice(0, output.length - ending.length)}.new${ending}`;
  const order = await bytecodeOrder();
  const result = order.ok ? await compile(aside, order.files, target) : order;
  if (!result.ok) return result;
  rmSync(output, { force: true });
  renameSync(aside, output);
  return { ok: true, size: statSync(output).size, ...(result.without.length === 0 ? {} : { without: result.without.join("; ") }) };
}

type Compiled = { readonly ok: true; readonly without: readonly string[] } | { readonly ok: false; readonly logs: readonly string[] };

async function compile(outfile: string, order: readonly string[], target?: BunTarget): Promise<Compiled> {
  const linux = (target ?? process.platform).includes("linux");
  const result = await Bun.build({
    entrypoints: [join(root, "src/cli/main.ts")],
    plugins: [...(linux ? [linuxFiles] : []), defer, embed, bake],
    minify: { syntax: true, whitespace: true, identifiers: false },
    bytecode: true,
    format: "esm",
    // A command's modules are a chunk, loaded when the command is asked for.
    splitting: true,
    target: "bun",
    // A small build is over before the machine's compiled code would pay; host.ts ends that.
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false, jitPolicy: jitPolicies.small, bytecodeOrder: [...order], ...(target === undefined ? {} : { target }) },
    throw: false,
  });
  if (!result.success) return { ok: false, logs: result.logs.map(String) };
  return { ok: true, without: linux ? changeRuntime(outfile) : [] };
}

/** Changes what an executable for Linux has of Bun's runtime, and says what it does without. */
function changeRuntime(path: string): readonly string[] {
  const bytes = readFileSync(path);
  const pages = allowLargePages(bytes);
  const places = placeCarried(bytes, carriedNames.map((name) => withoutSlack(readFileSync(join(carriedFolder(), name)))));
  writeFileSync(path, bytes);
  return [...(pages.ok ? [] : [`large pages: ${pages.problem}`]), ...(places.ok ? [] : [`places of what it carries: ${places.problem}`])];
}

function withoutSlack(file: Uint8Array): Uint8Array {
  return file.subarray(0, file.length - carriedSlack);
}

/** What usual starts enter, for any platform: recorded on this machine, once for the same sources. */
async function bytecodeOrder(): Promise<{ readonly ok: true; readonly files: readonly string[] } | { readonly ok: false; readonly logs: readonly string[] }> {
  const folder = join(carriedFolder(), "starts");
  if (!existsSync(folder)) {
    const aside = mkdtempSync(join(carriedFolder(), "new-"));
    try {
      const executable = join(aside, process.platform === "win32" ? "lang.exe" : "lang");
      const made = await compile(executable, []);
      if (!made.ok) return made;
      recordStarts(executable, root, join(aside, "starts"));
      renameUnlessThere(join(aside, "starts"), folder);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return { ok: true, files: recordedStarts(folder) };
}
