/**
 * For the bundle: modules that many builds never enter are loaded when one of their functions is first called. Loading a module costs by the functions it
 * declares, called or not, and a build of a small program calls a third of them. The source imports them as any other module; in the executable a
 * stand-in declares the same names, and its first call puts the module's own functions in their place.
 */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BunPlugin } from "bun";

/** The compiler, which every build loads. */
const compilerModule = "src/driver/build.ts";

/**
 * Modules that are loaded together, by what calls for them. From outside of its group only functions and types of a module can be imported. What only
 * modules of a group import comes with it.
 */
export const deferredGroups: Readonly<Record<string, readonly string[]>> = {
  // The compiler and the library's source, which a program that is kept from an earlier build needs not.
  compiler: [compilerModule, "src/driver/embedded.ts"],
  // What node:fs does.
  files: ["src/driver/nodeFiles.ts", "src/driver/checkout.ts"],
  cacheFolder: ["src/cli/cacheFolder.ts"],
  // Programs of several files.
  paths: ["src/driver/absolutePath.ts"],
  // Constants.
  interpreter: ["src/irgen/evaluate.ts", "src/ir/interpret.ts", "src/irgen/constants.ts"],
  // Programs with types that are more than numbers; and those with borrows or owned values.
  typeFacts: ["src/check/ownership/typeFacts.ts"],
  ownership: ["src/check/ownership/check.ts", "src/check/ownership/dump.ts", "src/check/ownership/librarySummaries.ts"],
  // Of C.
  foreign: ["src/syntax/foreign.ts", "src/irgen/foreign.ts", "src/irgen/cCalls.ts", "src/cabi/place.ts"],
  // What stops a build.
  mistakes: ["src/source/suggest.ts", "src/source/render.ts", "src/check/methodAdvice.ts"],
  // Architectures.
  x86_64: ["src/codegen/x86_64/optimizingCompiler.ts"],
  // The encoder's rows as text, which the executable has parsed.
  rows: ["encoders/x86_64/parseRow.ts"],
  unoptimized_x86_64: ["src/codegen/x86_64/fastCompiler.ts"],
  arm64: ["src/codegen/arm64/optimizingCompiler.ts"],
  wide: ["src/codegen/expandWide.ts", "src/codegen/helpers.ts", "src/codegen/fusedMultiplyAdd.ts"],
  // Formats.
  dynamicElf: ["src/driver/imageDynamicElf.ts"],
  macho: ["src/driver/imageMacho.ts"],
  pe: ["src/driver/imagePe.ts", "src/debug/unwindWindows_x86_64.ts", "src/debug/unwindWindows_arm64.ts"],
  objects: ["src/link/writeObject.ts", "src/driver/assemblyText.ts"],
  foreignObjects: ["src/link/readObject.ts"],
  // Names that linkers of C define.
  provided: ["src/link/provided.ts"],
  veneers: ["src/link/veneers_arm64.ts"],
  // What somebody asked for.
  text: ["src/ir/parse.ts", "src/ir/print.ts", "src/ir/verify.ts", "src/check/dump.ts", "src/syntax/dump.ts", "src/codegen/printMachine.ts", "src/codegen/check.ts"],
  debug: ["src/debug/dwarf.ts", "encoders/x86_64/instructionLength.ts"],
  llvm: ["src/driver/llvm.ts"],
};

/** What follows the path of a module to mean itself and not what stands in for it. */
const own = "?own";

/** What every start loads, and so whatever is loaded later; and modules of the code generator that those of all architectures need. */
const startModule = "src/cli/commands.ts";
const codeModules = ["src/codegen/allocation.ts", "src/codegen/finishCode.ts", "src/codegen/optimizing.ts", "src/codegen/selector.ts", "src/codegen/selectControl.ts", "src/codegen/switchPlan.ts", "encoders/codeBuffer.ts"];

/** Modules that are loaded when they are asked for; and among them those that reach none of the compiler. */
const askedFor = /\/src\/cli\/(?:bytes|check|clang|conformance|doc|emit|env|explain|fmt|run|stages|test|usage|version)\.ts$/;
const withoutCompiler = /\/(?:env|explain|run|usage|version)\.ts$/;

const importOf = (root: string, path: string, suffix = ""): string => `import ${JSON.stringify(`${join(root, path)}${suffix}`)};\n`;

/**
 * What else a module is to import. The bundler puts those modules into one chunk that the same entries reach, and each chunk takes its time to load; with entries
 * that reach one part or another of it, the compiler would come in seventy. So whoever reaches some of it reaches it all.
 */
export function alsoImported(root: string, path: string): string {
  if (!askedFor.test(path)) return "";
  return withoutCompiler.test(path) ? importOf(root, startModule) : wholeCompiler(root);
}

function wholeCompiler(root: string): string {
  return importOf(root, startModule) + importOf(root, compilerModule, own) + codeModules.map((path) => importOf(root, path)).join("");
}

/** The names of the functions that a module exports. */
function exportedFunctions(source: string): readonly string[] {
  return [...source.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name as string);
}

/** What stands in for the module at first: its functions, which load it. */
export function standIn(group: string, at: number, names: readonly string[]): string {
  const lines = names.map((name) => `export function ${name}(...given) {\n  load();\n  return ${name}(...given);\n}`);
  return `${lines.join("\n")}\nlet loaded = false;\nfunction load() {\n  if (loaded) return;\n  const own = require("deferred:${group}").module${at};\n  loaded = true;\n${names.map((name) => `  ${name} = own.${name};`).join("\n")}\n}\n`;
}

/** Defers the groups' modules of the project in `root`, whose sources go through `prepare` as all others do. */
export function deferModules(root: string, prepare: (path: string, source: string) => string): BunPlugin {
  const places = new Map(Object.entries(deferredGroups).flatMap(([group, paths]) => paths.map((path, at) => [join(root, path), { group, at }] as const)));
  return {
    name: "defer",
    setup(build) {
      build.onResolve({ filter: /^deferred:/ }, ({ path }) => ({ path: path.slice("deferred:".length), namespace: "deferred" }));
      build.onLoad({ filter: /./, namespace: "deferred" }, ({ path: group }) => ({
        contents: wholeCompiler(root) + (deferredGroups[group] ?? []).map((path, at) => `export * as module${at} from ${JSON.stringify(`${join(root, path)}${own}`)};`).join("\n"),
        loader: "ts",
      }));
      build.onResolve({ filter: /^[./].*\.ts/ }, ({ path, importer }) => {
        if (path.endsWith(own)) return { path };
        const place = places.get(join(dirname(importer), path));
        // Within a group modules know one another.
        return place !== undefined && importer.endsWith(own) && places.get(importer.slice(0, -own.length))?.group === place.group ? { path: `${join(dirname(importer), path)}${own}` } : undefined;
      });
      build.onLoad({ filter: /\.ts\?own$/ }, ({ path }) => ({ contents: prepare(path.slice(0, -own.length), readFileSync(path.slice(0, -own.length), "utf8")), loader: "ts" }));
      build.onLoad({ filter: /\/(src|encoders|formats|os)\/.*\.ts$/ }, ({ path }) => {
        const place = places.get(path);
        return place === undefined ? undefined : { contents: standIn(place.group, place.at, exportedFunctions(readFileSync(path, "utf8"))), loader: "ts" };
      });
    },
  };
}
