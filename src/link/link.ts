/** Objects in, an executable out: the whole of linking on a page. */
import { elfExecutable } from "./elf.ts";
import { GlobalOffsetTable } from "./globalOffsetTable.ts";
import type { ImageFormat, LinkSummary } from "./image.ts";
import { codePadding } from "./codePadding.ts";
import { importObject, liveImports } from "./imports.ts";
import type { Imports, ImportSource } from "./imports.ts";
import { imageSymbols } from "./imageSymbols.ts";
import { pullMembers } from "./libraries.ts";
import type { Library, PullResult } from "./libraries.ts";
import type { LinkError } from "./linkError.ts";
import { mergeSections } from "./merge.ts";
import { SymbolType } from "./object.ts";
import type { Machine, ObjectFile, SymbolId } from "./object.ts";
import { outputSections } from "./outputs.ts";
import type { OutputSection } from "./outputs.ts";
import { Program, REMOVED } from "./program.ts";
import { countPointers, fixedAddresses, ownPointers } from "./pointers.ts";
import { providedAddress } from "./provided.ts";
import { reach } from "./reach.ts";
import { applyRelocations } from "./relocate.ts";
import { resolve } from "./resolve.ts";
import { tooLarge } from "./tooLarge.ts";
import { addVeneers } from "./veneers_arm64.ts";

export interface LinkOptions {
  readonly machine: Machine;
  /** The symbol where the program starts. */
  readonly entry: string;
  /** Archives, whose members are taken as they are needed. */
  readonly libraries?: readonly Library[];
  /** Symbols that stay, whoever refers to them. Missing ones are no error. */
  readonly exported?: readonly string[];
  /** No section headers, no symbols, no debug information. Default: all of them. */
  readonly strip?: boolean;
  /** The smallest file: read-only data lies with the code. */
  readonly compact?: boolean;
  /** Remove what can't be reached from the entry and the exported symbols. Default: yes. */
  readonly removeDead?: boolean;
  /** Functions of dynamic libraries: which one a name that nobody defines means. */
  readonly imports?: ImportSource;
  /** Address of the first byte; default: the format's. */
  readonly base?: number;
  /** Default: ELF. */
  readonly format?: ImageFormat;
  /** For tests: how far calls reach, where an architecture's do not reach everything. */
  readonly callReach?: number;
}

export type LinkResult =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly summary: LinkSummary }
  | { readonly ok: false; readonly errors: readonly LinkError[] };

/** How calls get beyond the reach of an instruction, where code can be larger than that. */
const addFarCalls: Partial<Record<Machine, typeof addVeneers>> = { arm64: addVeneers };
/** What one typed array surely holds; all of a small-model program must be within 2 GiB anyway. */
const maximumFile = 2 ** 31;

/**
 * Which symbols of the first object the linker would keep, asked before there is debug information about them: nothing need be said of the others.
 * All of them where the objects cannot be linked, which `link` will say.
 */
export function keptSymbols(given: readonly ObjectFile[], options: LinkOptions): (symbol: SymbolId) => boolean {
  const all = (): boolean => true;
  const gathered = gather(given, options);
  if (!gathered.ok) return all;
  const program = new Program(gathered.objects, options.machine);
  const { globals, errors } = resolve(program);
  const entry = globals.get(options.entry);
  if (errors.length > 0 || entry === undefined) return all;
  const roots = rootsOf(globals, entry, options);
  if (reach(program, { roots, removeDead: options.removeDead ?? true, keepInfo: false }, new GlobalOffsetTable()).length > 0) return all;
  return (symbol) => program.symbolSection[program.symbolBase[0] + symbol] !== REMOVED;
}

/** The objects with the members of libraries that they need, and with stubs for what dynamic libraries have. */
function gather(given: readonly ObjectFile[], { libraries, imports: source, machine }: LinkOptions): PullResult & { readonly imports?: Imports | undefined } {
  const pulled: PullResult = libraries === undefined ? { ok: true, objects: given } : pullMembers(given, libraries);
  if (!pulled.ok || source === undefined) return pulled;
  const imports = importObject(pulled.objects, source, machine);
  return imports === undefined ? pulled : { ok: true, objects: [...pulled.objects, imports.object], imports };
}

/** What is needed whatever else is: where the program starts, and what it exports. */
function rootsOf(globals: ReadonlyMap<string, number>, entry: number, { exported = [] }: LinkOptions): number[] {
  const roots = [entry];
  for (const name of exported) {
    const symbol = globals.get(name);
    if (symbol !== undefined) roots.push(symbol);
  }
  return roots;
}

/**
 * Links the objects to a static executable. What is wrong with them comes back as errors; the order of the objects decides the order of their
 * sections, and nothing else.
 */
export function link(given: readonly ObjectFile[], options: LinkOptions): LinkResult {
  const gathered = gather(given, options);
  if (!gathered.ok) return gathered;
  const { objects, imports } = gathered;
  const foreign = objects.find((o) => o.machine !== options.machine);
  if (foreign !== undefined) {
    return failed({ code: "E0809", symbol: "", message: `${foreign.name} is for ${foreign.machine}, not ${options.machine}`, places: [], advice: [] });
  }
  const program = new Program(objects, options.machine);

  // Who is meant by each name. From here on there are no new symbols.
  const { globals, provided, errors } = resolve(program);
  if (errors.length > 0) return { ok: false, errors };
  const entry = globals.get(options.entry);
  if (entry === undefined) {
    return failed({ code: "E0807", symbol: options.entry, message: `undefined symbol ${options.entry}, where the program should start`, places: [], advice: [] });
  }

  // What of all this is needed. From here on no section comes to life or dies.
  const got = new GlobalOffsetTable();
  const roots = rootsOf(globals, entry, options);
  const missing = reach(program, { roots, removeDead: options.removeDead ?? true, keepInfo: options.strip !== true }, got);
  if (missing.length > 0) return { ok: false, errors: missing };
  mergeSections(program);
  if (got.count > 0) {
    program.live[program.gotSection] = 1;
    program.size[program.gotSection] = got.count * 8;
  }

  // Where everything goes. From here on all addresses are fixed.
  const format = options.format ?? elfExecutable;
  let outputs = outputSections(program, format.relocatable);
  const veneers = addFarCalls[options.machine]?.(program, outputs, options.callReach);
  if (veneers !== undefined) outputs = outputSections(program, format.relocatable);
  const fixed = format.relocatable ? fixedAddresses(program, outputs) : [];
  if (fixed.length > 0) return { ok: false, errors: fixed };
  const imported = imports === undefined ? [] : liveImports(program, imports);
  const imageOptions = { machine: options.machine, base: options.base ?? format.base, compact: options.compact ?? false, imports: imported, pointerCount: () => countPointers(program, outputs, got) };
  const placed = format.place(outputs, imageOptions);
  if (placed.end >= 2 ** 47) {
    return failed({ code: "E0814", symbol: "", message: `the program needs ${placed.end} bytes of address space`, places: [], advice: [] });
  }
  for (const { name, symbol } of provided) {
    program.symbolOffset[symbol] = providedAddress(name, { base: imageOptions.base, end: placed.end, outputs, address: placed.address });
  }
  const addresses = { section: sectionAddresses(program, outputs, placed.address), symbol: new Float64Array(program.symbolCount + 1), got, base: imageOptions.base, threadPointer: placed.threadPointer, veneers };
  fillSymbolAddresses(program, addresses.section, addresses.symbol);
  if (got.count > 0) program.content[program.gotSection] = got.content(addresses.symbol, placed.threadPointer);

  // The file: measured, allocated once, written once.
  const plan = placed.finish(addresses.symbol[entry], options.strip === true ? undefined : imageSymbols(program, outputs, placed.address, addresses.symbol), {
    slots: new Float64Array(imported.map(({ slot }) => addresses.symbol[slot])),
    pointers: format.relocatable ? ownPointers(program, outputs, addresses) : new Float64Array(0),
  });
  if (plan.size > maximumFile) {
    return failed({ code: "E0814", symbol: "", message: `the file would have ${plan.size} bytes`, places: [], advice: [] });
  }
  const file = new Uint8Array(plan.size);
  const failures: LinkError[] = [];
  outputs.forEach((output, o) => {
    if (output.kind === "bss" || output.kind === "tlsZero") return;
    const start = placed.offset[o];
    if (output.kind === "text" && output.inputs.length > 1) file.fill(codePadding[options.machine], start, start + output.size);
    output.inputs.forEach((section, i) => {
      const at = start + output.inputOffset[i];
      const content = program.content[section];
      file.set(content, at);
      if (veneers?.write(section, file.subarray(at, at + content.length), addresses.symbol, addresses.section) === false) {
        failures.push({ code: "E0811", symbol: "", message: "the program's code spans more than 4 GiB", places: [], advice: [] });
      }
      if (program.relocations[section].count === 0) return;
      for (const error of applyRelocations(program, section, file.subarray(at, at + content.length), addresses)) failures.push(error);
    });
  });
  if (failures.length > 0) {
    const reason = tooLarge(program, placed.end - imageOptions.base, failures);
    return reason === undefined ? { ok: false, errors: failures.slice(0, 20) } : failed(reason);
  }
  plan.write(file);
  return { ok: true, bytes: file, summary: { program, outputs, placed, entry: addresses.symbol[entry] } };
}

function failed(error: LinkError): LinkResult {
  return { ok: false, errors: [error] };
}

/** By section number; 0 for what isn't in the image. */
function sectionAddresses(program: Program, outputs: readonly OutputSection[], outputAddress: Float64Array): Float64Array {
  const address = new Float64Array(program.sectionCount);
  outputs.forEach((output, o) => {
    output.inputs.forEach((section, i) => {
      address[section] = outputAddress[o] + output.inputOffset[i];
    });
  });
  return address;
}

/** By symbol number; NaN where only the relocation's addend tells, or where nothing is left. */
function fillSymbolAddresses(program: Program, section: Float64Array, address: Float64Array): void {
  const { symbolSection, symbolOffset, symbolCount, live, merged } = program;
  for (let i = 0; i < symbolCount; i++) {
    const s = symbolSection[i];
    if (s >= 0) address[i] = live[s] === 1 ? section[s] + symbolOffset[i] : NaN;
    else address[i] = s === REMOVED ? NaN : symbolOffset[i];
  }
  if (merged.length === 0) return;
  program.objects.forEach(({ symbols }, o) => {
    for (let i = 0; i < symbols.count; i++) {
      const number = program.symbolBase[o] + i;
      const s = symbolSection[number];
      if (s >= 0 && merged[s] !== undefined && symbols.type(i as SymbolId) === SymbolType.section) address[number] = NaN;
    }
  });
}
