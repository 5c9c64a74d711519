/** The kernel without the language: a module of IR becomes an executable, an object, or text. What other front ends call; `docs/kernel.md` shows whole programs. */

import { findTarget, type TargetRow } from "../../os/targets.ts";
import { CodeGenerator, type Generated } from "../codegen/generate.ts";
import type { PositionedFile } from "../debug/places.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module, ModuleSymbol } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import type { Library } from "../link/libraries.ts";
import { keptSymbols, link, type LinkOptions } from "../link/link.ts";
import type { LinkError } from "../link/linkError.ts";
import type { ObjectFile } from "../link/object.ts";
import { levels, runPipeline, type Level } from "../opt/pipeline.ts";
import { addCodeTables } from "./codeTables.ts";
import { codeTargets } from "./codeTargets.ts";
import { imageOf, type ImageOfTarget } from "./images.ts";
import { llvmOfModule } from "./llvm.ts";
import { moduleErrors, type ModuleError } from "./kernelErrors.ts";
import { isFeature } from "./march.ts";

export interface KernelOptions {
  /** As `findTarget` understands it; default `linux-x86_64`. `linux-x86_64-libc` and `-musl` load the C library, whose functions may be imported. */
  readonly target?: string;
  readonly level?: Level;
  /** Processor features beyond the architecture's baseline, by the names that `-march=` takes: `bmi2`, `lse`. */
  readonly features?: readonly string[];
  /** What the positions of instructions mean: files whose bytes they count, such as a `SourceMap`'s. With them there is debug information, by line. */
  readonly sources?: { readonly files: readonly PositionedFile[] };
  /** The folder that the sources' paths are relative to, for debuggers. */
  readonly directory?: string;
  /** Whether the module is verified first; at -O0 that takes about as long as the rest, with optimisation a small part of it. Default: yes; of one that is wrong, anything may be made without. */
  readonly verify?: boolean;
}

export interface ExecutableOptions extends KernelOptions {
  /** No symbols and no debug information. */
  readonly strip?: boolean;
  /** Objects of others, by `readObject` of `link/readObject`. */
  readonly objects?: readonly ObjectFile[];
  /** Archives of others, by `readLibrary` of `link/libraries`: members are taken as they are needed. */
  readonly libraries?: readonly Library[];
}

export interface ObjectOptions extends KernelOptions {
  /** `object` (the default): what the system's linker takes; `assembly`: the same as text for `as` or `llvm-mc`; `llvm`: LLVM IR as text, for Linux. Text is UTF-8. */
  readonly form?: "object" | "assembly" | "llvm";
}

export type KernelError = LinkError | ModuleError;
/** What was made, or all that is wrong with the module or its symbols. */
export type KernelResult = { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly ok: false; readonly errors: readonly KernelError[] };

/** Where a process begins. */
const start = "_start";

/**
 * An executable: verifies, optimises and compiles `module`, in place, and links it. `entry` is a function of one `ptr` parameter, the initial stack pointer, that
 * never returns: it ends the process by a system call, or by a function of the system (on macOS and Windows, and Linux with a C library, where `imported` functions
 * are looked for). What is wrong with the module comes back as errors; an option or an entry that there cannot be is thrown.
 */
export function compileModule(module: Module, entry: SymbolId, options: ExecutableOptions = {}): KernelResult {
  const asked = request(options);
  if (typeof asked === "string") throw new Error(`driver/kernel.compileModule: ${asked}`);
  const wrong = entryProblem(module, entry);
  if (wrong !== undefined) throw new Error(`driver/kernel.compileModule: ${wrong}`);
  const { target, level, image } = asked;
  const errors = moduleErrors(module, { target, verify: options.verify ?? true, start, imports: image.imports });
  if (errors.length > 0) return { ok: false, errors };
  runPipeline(module, level, { roots: [entry] });
  const generator = codeGenerator(module, asked);
  for (const f of module.functions.values()) generator.compileFunction(f);
  const beginning = startSymbol(module);
  beginning.symbol.linkage = "exported";
  generator.emitEntry(beginning.id, entry);
  const { start: startObject, entry: loaderEntry = start, undefinedAdvice, ...rest } = image;
  const linking: LinkOptions = { machine: target.architecture, entry: loaderEntry, strip: options.strip === true, compact: level === "Os", libraries: options.libraries ?? [], ...rest };
  const around = [...(options.objects ?? []), ...(startObject === undefined ? [] : [startObject(start)])];
  const made = generator.finish();
  // It is in the object now, and the module is as one that may be compiled again.
  beginning.symbol.linkage = "local";
  addTables(made, module, asked, (object) => keptSymbols([object, ...around], linking));
  const linked = link([made.object, ...around], linking);
  if (linked.ok) return { ok: true, bytes: linked.bytes };
  return { ok: false, errors: linked.errors.map((error) => (error.code === "E0807" ? { ...error, advice: [...error.advice, ...(undefinedAdvice?.(error.symbol) ?? [])] } : error)) };
}

/**
 * An object for another linker, or text: verifies, optimises and compiles `module`, in place. Its `exported` symbols stay, and are seen by who links it; a function
 * that C calls has a signature of the convention `c`. What is wrong with the module comes back as errors; an option that there cannot be is thrown.
 */
export function compileObject(module: Module, options: ObjectOptions = {}): KernelResult {
  const asked = request(options);
  if (typeof asked === "string") throw new Error(`driver/kernel.compileObject: ${asked}`);
  const { target, level, image } = asked;
  const form = options.form ?? "object";
  const errors = moduleErrors(module, { target, verify: options.verify ?? true, imports: image.imports });
  if (errors.length > 0) return { ok: false, errors };
  runPipeline(module, level);
  if (form === "llvm") {
    const text = llvmOfModule(module, asked, asked.sources ?? [], undefined, (name) => name);
    if (text === undefined) throw new Error(`driver/kernel.compileObject: no LLVM IR is made for ${target.name}`);
    return { ok: true, bytes: new TextEncoder().encode(text) };
  }
  const generator = codeGenerator(module, asked);
  for (const f of module.functions.values()) generator.compileFunction(f);
  const made = generator.finish();
  addTables(made, module, asked, undefined);
  return { ok: true, bytes: form === "object" ? Uint8Array.from(image.writeObject(made.object)) : new TextEncoder().encode(image.assembly(made.object)) };
}

/** Options that hold together. */
interface Asked {
  readonly target: TargetRow;
  readonly image: ImageOfTarget;
  readonly level: Level;
  readonly features: readonly string[];
  readonly sources: readonly PositionedFile[] | undefined;
  readonly directory: string;
}

/** What is wrong with options where types cannot say it: they come from outside. */
function request({ target: spelling = "linux-x86_64", level = "O1", features = [], sources, directory = "" }: KernelOptions): Asked | string {
  const found = findTarget(String(spelling));
  if (!found.ok) return `${found.message}; ${found.advice}`;
  const { target } = found;
  if (!Object.hasOwn(levels, level)) return `there is no level '${level}': the levels are ${Object.keys(levels).join(", ")}`;
  const feature = features.find((name) => !isFeature(name, target.architecture));
  if (feature !== undefined) return `${target.architecture} has no feature '${feature}' that is known here`;
  return { target, image: imageOf({ target }), level, features, sources: sources?.files, directory };
}

/** Why `_start` cannot call the entry. */
function entryProblem(module: Module, entry: SymbolId): string | undefined {
  if (module.symbols[entry]?.kind !== "function") return `the entry, symbol ${entry}, is no function of the module`;
  const { parameters, results } = module.signatureOf(entry);
  if (parameters.length !== 1 || parameters[0] !== Type.ptr || results.length > 0) return `the entry, ${module.nameOf(entry)}, has another signature than (ptr) without a result`;
  return undefined;
}

/** The symbol of `_start`, which an earlier call may have declared. */
function startSymbol(module: Module): { readonly id: SymbolId; readonly symbol: ModuleSymbol } {
  const id = module.find(start) ?? module.declareFunction(start, module.signature([], []), "exported");
  return { id, symbol: module.symbols[id] };
}

function codeGenerator(module: Module, { target, level, features, sources }: Asked): CodeGenerator {
  return new CodeGenerator(codeTargets[target.architecture], module, { level, platform: target, features, lines: sources !== undefined });
}

/** Adds the tables beside the code; debug information where the positions' files are given. */
function addTables(made: Generated, module: Module, { target, sources, directory }: Asked, keptIn: ((object: ObjectFile) => ReturnType<typeof keptSymbols>) | undefined): void {
  addCodeTables(made, module, {
    target, files: sources ?? [], displayName: (symbol) => symbol,
    debug: sources === undefined ? undefined : { producer: "clang LLVM (lang kernel)", source: sources[0]?.path ?? "", directory, entry: start, keptIn },
  });
}
