/**
 * A program's IR as LLVM IR text with the same meaning. Pure: text comes out, nobody is run. See README.md for what is kept and what differs.
 */

import { ValueFlag, type IrFunction, type SymbolId } from "../../ir/function.ts";
import { runtimeFunctions, type Data, type Module } from "../../ir/module.ts";
import { Effect, Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { Legalizer } from "../legalize.ts";
import type { Level } from "../options.ts";
import type { Platform } from "../platform.ts";
import type { Target } from "../target.ts";
import type { TraceRecords } from "../traceRecords.ts";
import { FunctionText } from "./function.ts";
import { entryLines, llvmPlatform, type LlvmPlatform } from "./platform.ts";
import { entryText, memoryText } from "./runtime.ts";
import { CallSites } from "./sites.ts";
import { addressText, conventionText, escaped, globalName, parameterTypes, resultAddress, resultText, signatureAt, skipsRegister, stackWords, typeText } from "./text.ts";

export interface LlvmOptions {
  /** Pointers say what they point to: LLVM 14 wants that, 15 and 16 understand it, later ones do not. */
  readonly typedPointers: boolean;
  /** LLVM's name of the target. */
  readonly triple: string;
  /** What a program's entry finds. */
  readonly entry: Platform["entry"];
  readonly level: Level;
  readonly features: readonly string[];
  /** Whether a position is the library's: panics tell where the program's own code was. */
  readonly inLibrary: (position: number) => boolean;
  /** The trace table's symbol and its bytes, made when the places of all calls are known; the addresses in it are added here. */
  readonly traceTable: { readonly symbol: string; readonly bytes: (records: TraceRecords) => Uint8Array; readonly firstAddress: number };
}

/** The module as text; `entry` is what a program starts with, given the initial stack pointer; undefined for what others link. */
export function llvmText(module: Module, entry: SymbolId | undefined, target: Target, options: LlvmOptions): string {
  const text = new ModuleText(module, entry, target, options).text();
  if (!options.typedPointers) return text;
  // What is quoted stays: names and bytes.
  return text.replace(/"[^"]*"|\bptr\b/g, (word) => (word === "ptr" ? "i8*" : word)).replace(/@llvm\.mem(cpy|move|set)((?:\.p0)+)\./g, (_, name: string, pointers: string) => `@llvm.mem${name}${pointers.replaceAll("p0", "p0i8")}.`);
}

class ModuleText {
  private readonly module: Module;
  private readonly entry: SymbolId | undefined;
  private readonly options: LlvmOptions;
  private readonly platform: LlvmPlatform;
  private readonly legalizer: Legalizer;
  private readonly sites = new CallSites();
  private readonly intrinsics = new Map<string, string>();
  private readonly asksForCaller: Set<number>;
  private readonly toldOfCaller: ReadonlySet<number>;

  constructor(module: Module, entry: SymbolId | undefined, target: Target, options: LlvmOptions) {
    this.module = module;
    this.entry = entry;
    this.options = options;
    this.platform = llvmPlatform(target.machine);
    this.legalizer = new Legalizer(target, module, { level: options.level, features: options.features });
    this.asksForCaller = new Set();
    for (const f of module.functions.values()) if (hasInstruction(f, (op) => op === Op["frame.address"])) this.asksForCaller.add(f.symbol);
    this.toldOfCaller = this.panickingInLibrary();
  }

  text(): string {
    const { module, options } = this;
    const functions: string[] = [];
    const defined = new Set<number>([...module.functions.keys(), ...module.data.keys()]);
    for (const f of [...module.functions.values()]) functions.push(this.function(f));
    for (let helper = this.legalizer.nextHelper(); helper !== undefined; helper = this.legalizer.nextHelper()) {
      defined.add(helper.symbol);
      functions.push(this.function(helper));
    }
    // Linkers have a stub for each function of a library: its address needs no table on Linux.
    const near = options.triple.includes("linux") ? "dso_local " : "";
    const globals: string[] = [];
    for (const [symbol, data] of module.data) globals.push(this.data(symbol, data));
    module.symbols.forEach(({ name, kind }, index) => {
      const symbol = index as SymbolId;
      if (defined.has(symbol) || name === options.traceTable.symbol) return;
      if (kind === "data") globals.push(`${globalName(name)} = external global i8`);
      else {
        const signature = module.signatureOf(symbol);
        const parameters = parameterTypes(signature, options.typedPointers);
        globals.push(`declare ${near}${conventionText(signature)}${resultText(signature)} ${globalName(name)}(${parameters.join(", ")})`);
      }
    });
    const features = options.features.length === 0 ? "" : ` "target-features"="${options.features.map((feature) => `+${this.platform.featureNames[feature] ?? feature}`).join(",")}"`;
    // A large frame touches each of its pages, so that an exhausted stack is met at the guard; a nil pointer faults, it is not undefined.
    const common = `nounwind null_pointer_is_valid "probe-stack"="inline-asm" "frame-pointer"="none"${features}`;
    return [
      options.typedPointers
        ? "; LLVM IR as text for LLVM 14 to 16: pointers have types. Without --emit=llvm14 the text is for LLVM 15 and later."
        : "; LLVM IR as text for LLVM 15 and later: pointers are opaque. For LLVM 14, whose vectoriser fails on these, --emit=llvm14 writes typed ones.",
      this.entry === undefined ? `; An object: clang --target=${options.triple} -O2 -c FILE.ll` : `; An executable: clang --target=${options.triple} -O2 -nostdlib -static -no-pie FILE.ll`,
      `target triple = "${options.triple}"`,
      "",
      this.entry === undefined ? "" : entryText(module, this.entry, entryLines(this.platform, options.entry)),
      ...globals,
      this.table(),
      this.global("lang.sites", "internal ", "constant", `[${this.sites.count + 1} x i8]`, "zeroinitializer", ""),
      this.global("lang.frame", "internal ", "global", "[4 x ptr]", "zeroinitializer", ", align 8"),
      "",
      ...functions,
      memoryText(module),
      ...this.intrinsics.values(),
      `attributes #0 = { ${common} }`,
      `attributes #1 = { ${common} "no-builtins" }`,
      `!0 = !{!"branch_weights", i32 1, i32 1048575}`,
      "!1 = !{}",
      "",
    ].join("\n");
  }

  private function(original: IrFunction): string {
    const { module } = this;
    const f = this.legalizer.legalize(original);
    this.sites.beginFunction(f.symbol);
    const ownCode = !this.isLibrary(original);
    const body = new FunctionText(f, { module, sites: this.sites, typed: this.options.typedPointers, platform: this.platform, asksForCaller: this.asksForCaller, toldOfCaller: this.toldOfCaller, ownCode, intrinsics: this.intrinsics }).body();
    this.sites.endFunction();
    const signature = signatureAt(module, f.signature);
    const parameters: string[] = [];
    let index = 0;
    for (let p = f.firstParam[f.order[0] as number] as number; p !== 0; p = f.next[p] as number) {
      const words = f.type[p] !== Type.ptr ? "" : pointerFacts(f.flags[p] as number, f.b[p] as number);
      if (index < signature.parameters.length - stackWords(signature) || signature.passing === undefined) {
        if (skipsRegister(signature, index)) parameters.push(`i64 %empty${index}`);
        parameters.push(`${typeText(f.type[p] as Type)} ${resultAddress(signature, index)}${words}%p${index++}`);
      }
    }
    if (stackWords(signature) > 0) parameters.push(`${parameterTypes(signature, this.options.typedPointers).at(-1) as string} %stack`);
    const name = module.nameOf(f.symbol);
    const attributes = module.attributes[f.symbol];
    const linkage = module.symbols[f.symbol]?.linkage === "exported" ? "dso_local " : "internal ";
    const memory = Object.values<string>(runtimeFunctions).includes(name);
    const words = [
      // What stands for memory functions must not become a call of itself.
      memory ? "#1" : "#0",
      ...(attributes?.inline === "never" || f.slotBytes() >= LARGE_FRAME ? ["noinline"] : attributes?.inline === "always" ? ["alwaysinline"] : []),
      ...(attributes?.cold === true ? ["cold"] : []), ...(attributes?.noreturn === true ? ["noreturn"] : []),
    ];
    const result = resultText(signature);
    const fresh = attributes?.memory === "allocates" && result === "ptr" ? "noalias " : "";
    return `define ${linkage}${conventionText(signature)}${fresh}${result} ${globalName(name)}(${parameters.join(", ")}) ${words.join(" ")} {\n${body}\n}\n`;
  }

  private data(symbol: SymbolId, data: Data): string {
    const { module } = this;
    const types: string[] = [];
    const values: string[] = [];
    let at = 0;
    const plain = (end: number): void => {
      const stored = Math.min(end, data.bytes.length);
      if (stored > at) {
        types.push(`[${stored - at} x i8]`);
        values.push(`[${stored - at} x i8] c"${escaped(data.bytes.subarray(at, stored))}"`);
        at = stored;
      }
      if (end > at) {
        types.push(`[${end - at} x i8]`);
        values.push(`[${end - at} x i8] zeroinitializer`);
        at = end;
      }
    };
    for (const { offset, symbol: to, addend } of [...data.relocations].sort((x, y) => x.offset - y.offset)) {
      plain(offset);
      types.push("ptr");
      values.push(`ptr ${addressText(module, to, addend, this.options.typedPointers)}`);
      at += 8;
    }
    plain(data.size);
    const linkage = module.symbols[symbol]?.linkage === "exported" ? "dso_local " : "internal ";
    const kind = `${data.mergeable && !data.writable ? "unnamed_addr " : ""}${data.writable ? "global" : "constant"}`;
    return this.global(module.nameOf(symbol), linkage, kind, `<{ ${types.join(", ")} }>`, `<{ ${values.join(", ")} }>`, `, align ${Math.max(1, data.alignment)}`);
  }

  private global(name: string, linkage: string, kind: string, type: string, value: string, rest: string): string {
    if (!this.options.typedPointers) return `${globalName(name)} = ${linkage}${kind} ${type} ${value}${rest}`;
    const whole = globalName(`${name}.whole`);
    return `${whole} = internal ${kind} ${type} ${value}${rest}\n${globalName(name)} = ${linkage}alias i8, ptr bitcast (${type}* ${whole} to ptr)`;
  }

  /** The addresses of functions in the table are distances from it. */
  private table(): string {
    const { symbol, bytes: make, firstAddress } = this.options.traceTable;
    if (this.module.find(symbol) === undefined) return "";
    const { records } = this.sites;
    const bytes = make(records);
    const words = Array.from({ length: records.functionCount }, (_, f) =>
      `i32 trunc (i64 sub (i64 ptrtoint (ptr getelementptr (i8, ptr @lang.sites, i64 ${records.functionStart[f]}) to i64), i64 ptrtoint (ptr ${globalName(symbol)} to i64)) to i32)`);
    const head = bytes.subarray(0, firstAddress);
    const rest = bytes.subarray(firstAddress + 4 * words.length);
    const types = [`[${head.length} x i8]`, ...words.map(() => "i32"), `[${rest.length} x i8]`];
    const values = [`[${head.length} x i8] c"${escaped(head)}"`, ...words, `[${rest.length} x i8] c"${escaped(rest)}"`];
    return this.global(symbol, "internal ", "constant", `<{ ${types.join(", ")} }>`, `<{ ${values.join(", ")} }>`, ", align 8");
  }

  private isLibrary(f: IrFunction): boolean {
    for (const block of f.order) {
      for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) if (f.site[v] === 0 && f.position[v] !== 0) return this.options.inLibrary(f.position[v] as number);
    }
    return true;
  }

  /** The library's functions that may panic, directly or through what they call. */
  private panickingInLibrary(): ReadonlySet<number> {
    const { module } = this;
    const panicking = new Set<number>();
    const callers = new Map<number, number[]>();
    const pending: number[] = [];
    for (const f of module.functions.values()) {
      let panics = false;
      for (const block of f.order) {
        for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) {
          const op = f.opOf(v);
          if ((f.effects(v) & Effect.traps) !== 0 || op === Op.trap || op === Op["call.indirect"]) panics = true;
          if (op !== Op.call) continue;
          const callee = f.a[v] as number;
          if (this.asksForCaller.has(callee)) panics = true;
          const known = callers.get(callee);
          if (known === undefined) callers.set(callee, [f.symbol]);
          else known.push(f.symbol);
        }
      }
      if (panics) pending.push(f.symbol);
    }
    for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
      if (panicking.has(symbol)) continue;
      panicking.add(symbol);
      pending.push(...(callers.get(symbol) ?? []));
    }
    for (const symbol of panicking) {
      const f = module.functions.get(symbol as SymbolId);
      if (f === undefined || !this.isLibrary(f)) panicking.delete(symbol);
    }
    return panicking;
  }
}

function hasInstruction(f: IrFunction, wanted: (op: Op) => boolean): boolean {
  for (const block of f.order) for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) if (wanted(f.opOf(v))) return true;
  return false;
}

/** Frames from this size on stay their function's own: inlined, one would be the frame of `lang_main`, before that has the stack's guard installed. */
const LARGE_FRAME = 64 * 1024;

/** What LLVM is told of a pointer parameter: its flags, and how many bytes behind it can be read. */
function pointerFacts(flags: number, readable: number): string {
  const words = [[ValueFlag.nonnull, "nonnull "], [ValueFlag.noalias, "noalias "], [ValueFlag.readonly, "readonly "]] as const;
  return words.filter(([flag]) => (flags & flag) !== 0).map(([, word]) => word).join("") + (readable !== 0 ? `dereferenceable(${readable}) ` : "");
}
