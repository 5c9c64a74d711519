/** A program as the kernel sees it: symbols, functions, data, signatures and traps. Knows nothing of the language. */

import type { IrFunction, SignatureId, SymbolId } from "./function.ts";
import type { Type } from "./types.ts";

/** How arguments and results travel. `lang`: the code generator's choice; `c`: the target's C ABI. */
export type Convention = "lang" | "c";

export interface Signature {
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
  readonly convention: Convention;
  /** C variadic: the arguments after `parameters` are the variable ones. */
  readonly variadic: boolean;
  /** Where a front end that knows the target's C ABI wants all of it; without, the code generator places scalars in order. */
  readonly passing?: Passing | undefined;
}

/** Places of a C function's parameters and results: a register by the code generator's number, or −1 − offset for the stack at that offset. */
export interface Passing {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  /** Bytes of stack arguments. */
  readonly stackSize: number;
}

/** `local`: seen in this module only. `exported`: defined here, seen by others. `imported`: defined elsewhere. */
export type Linkage = "local" | "exported" | "imported";

export interface ModuleSymbol {
  readonly name: string;
  readonly kind: "function" | "data";
  linkage: Linkage;
}

export interface DataRelocation {
  /** Byte offset of an 8-byte word that holds the symbol's address plus the addend. */
  readonly offset: number;
  readonly symbol: SymbolId;
  readonly addend: number;
}

export interface Data {
  readonly symbol: SymbolId;
  /** Initial contents; shorter than `size` where the rest is zero. */
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly alignment: number;
  readonly writable: boolean;
  /** A NUL-terminated string without relocations: may be merged with equal ones. */
  readonly mergeable: boolean;
  readonly relocations: readonly DataRelocation[];
}

export interface FunctionAttributes {
  /** Never inlined; always inlined where possible; rarely executed; never returns. */
  readonly inline: "auto" | "never" | "always";
  readonly cold: boolean;
  readonly noreturn: boolean;
  /**
   * What the function does with memory, for passes that know it by that: `allocates(size, alignment) -> ptr`, a block that nothing else refers to;
   * `frees(ptr, …)` such a block; `grows(ptr, …) -> ptr, …` gives a greater one for it; `counts.up(ptr)` and `counts.down(ptr) -> i8`, 1 if that reached 0, of a count of owners.
   */
  readonly memory?: MemoryRole | undefined;
}

export const memoryRoles = ["allocates", "frees", "grows", "counts.up", "counts.down"] as const;
export type MemoryRole = (typeof memoryRoles)[number];

/** What stands behind a trap code: the handler to call with the trap's operands; it must not return. None: an undefined instruction. */
export interface Trap {
  readonly name: string;
  readonly handler: SymbolId | undefined;
}

/** Functions that operations may become calls of, where the code generator does not write them out: whoever removes symbols must keep them. */
export const runtimeFunctions = { copy: "lang_memcpy", move: "lang_memmove", fill: "lang_memset" } as const;

/** The call through which instructions were inlined: `callee` was called at `position`, itself within `parent` (0: not inlined). */
export interface InlineSite {
  readonly callee: SymbolId;
  readonly position: number;
  readonly parent: number;
}

const ordinary: FunctionAttributes = { inline: "auto", cold: false, noreturn: false };

export class Module {
  readonly symbols: ModuleSymbol[] = [];
  readonly signatures: Signature[] = [];
  /** Signature of each function symbol, by symbol id. */
  readonly functionSignatures: SignatureId[] = [];
  readonly attributes: FunctionAttributes[] = [];
  /** Bodies by symbol id. */
  readonly functions = new Map<SymbolId, IrFunction>();
  readonly data = new Map<SymbolId, Data>();
  readonly traps: Trap[] = [];
  readonly inlineSites: InlineSite[] = [{ callee: 0 as SymbolId, position: 0, parent: 0 }];
  private readonly signatureIds = new Map<string, SignatureId>();
  /** Of our own functions with few parameters, which are most, by `shortKey`. */
  private readonly shortSignatureIds = new Map<number, SignatureId>();
  private readonly symbolIds = new Map<string, SymbolId>();

  /** The number of a signature; the same one for the same types. `passing` says where a front end's C convention places each value. */
  signature(parameters: readonly Type[], results: readonly Type[], convention: Convention = "lang", variadic = false, passing?: Passing): SignatureId {
    const short = convention === "lang" && !variadic && passing === undefined ? shortKey(parameters, results) : 0;
    const known = short === 0 ? undefined : this.shortSignatureIds.get(short);
    if (known !== undefined) return known;
    const id = this.longSignature(parameters, results, convention, variadic, passing);
    if (short !== 0) this.shortSignatureIds.set(short, id);
    return id;
  }

  private longSignature(parameters: readonly Type[], results: readonly Type[], convention: Convention, variadic: boolean, passing: Passing | undefined): SignatureId {
    const places = passing === undefined ? "" : `@${passing.parameters.join()}>${passing.results.join()}>${passing.stackSize}`;
    const key = `${convention}${variadic ? "+" : ""}(${parameters.join()})${results.join()}${places}`;
    const known = this.signatureIds.get(key);
    if (known !== undefined) return known;
    const id = this.signatures.length as SignatureId;
    this.signatures.push({ parameters, results, convention, variadic, passing });
    this.signatureIds.set(key, id);
    return id;
  }

  /** Declares a function; its body comes into `functions`, or it is imported. Names are unique. */
  declareFunction(name: string, signature: SignatureId, linkage: Linkage, attributes: FunctionAttributes = ordinary): SymbolId {
    const id = this.addSymbol(name, "function", linkage);
    this.functionSignatures[id] = signature;
    this.attributes[id] = attributes;
    return id;
  }

  /** Declares a global or constant; its bytes come into `data`, or it is imported. */
  declareData(name: string, linkage: Linkage): SymbolId {
    return this.addSymbol(name, "data", linkage);
  }

  /** The symbol of this name, if it is declared. */
  find(name: string): SymbolId | undefined {
    return this.symbolIds.get(name);
  }

  nameOf(symbol: SymbolId): string {
    return (this.symbols[symbol] as ModuleSymbol).name;
  }

  signatureOf(symbol: SymbolId): Signature {
    return this.signatures[this.functionSignatures[symbol] as SignatureId] as Signature;
  }

  /** A new trap, by its number; without a `handler` it is an undefined instruction. */
  trap(name: string, handler?: SymbolId): number {
    this.traps.push({ name, handler });
    return this.traps.length - 1;
  }

  private addSymbol(name: string, kind: "function" | "data", linkage: Linkage): SymbolId {
    const id = this.symbols.length as SymbolId;
    this.symbolIds.set(name, id);
    // Each has its entry: one look-up tells whether this one is new.
    if (this.symbolIds.size === id) throw new Error(`ir/module.addSymbol: the symbol '${name}' is declared twice`);
    this.symbols.push({ name, kind, linkage });
    return id;
  }
}

/** The types of a signature as digits of one number, after a 1 that says how many there are; 0 if there are too many for that. */
function shortKey(parameters: readonly Type[], results: readonly Type[]): number {
  if (parameters.length + results.length > 11) return 0;
  let key = 1;
  for (let i = 0; i < parameters.length; i++) key = key * 16 + (parameters[i] as number);
  key = key * 16 + 15; // no type's number
  for (let i = 0; i < results.length; i++) key = key * 16 + (results[i] as number);
  return key;
}
