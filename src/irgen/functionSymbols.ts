/** The symbols of functions: the first time that one is asked for, its body is queued. Only what `main` reaches is made. */

import type { Instance } from "../check/checkedProgram.ts";
import type { DefinitionId, FunctionDefinition } from "../check/definitions.ts";
import type { Substitution } from "../check/substitute.ts";
import { T, type TypeId } from "../check/types.ts";
import type { SignatureId, SymbolId, Value } from "../ir/function.ts";
import type { Linkage, MemoryRole } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import { Kind } from "../syntax/ast.ts";
import { callingAdapter, isPlain, isPlainExport } from "./cCalls.ts";
import { cFunction, checkPassing, foreignSignature, foreignSymbol } from "./foreign.ts";
import { makeForwarder } from "./forwarder.ts";
import type { Generator } from "./generator.ts";
import { usePrebuilt } from "./prebuilt.ts";

/** Functions of std that passes know by what they do with memory. */
const memoryRoleOf: Readonly<Record<string, MemoryRole>> = { lang_alloc: "allocates", lang_dealloc: "frees", "std_2flist.grow__list": "grows", "std_2fstring.grow__text": "grows", lang_count_up: "counts.up", lang_count_down: "counts.down" };

/** What is rare in std: it stays a call, so that what it is part of is small, keeps its values in registers and is inlined. */
const rarelyCalled: readonly string[] = ["std_2flist.grow__list", "std_2fstring.grow__text", "std_2futf8.utf8__encode__wide", ".rebuild"];

/** A type argument written with more types than this comes of a function that calls itself with ever greater ones. */
const greatestArgument = 1024;

const none: readonly TypeId[] = [];

export class FunctionSymbols {
  private readonly g: Generator;
  /** Of functions that are not generic: by definition. */
  private readonly symbols: SymbolId[] = [];
  /** Of instances of generic functions, and of what stands within them: by definition and type arguments. */
  private readonly instanceSymbols = new Map<string, SymbolId>();
  private readonly valueSymbols = new Map<DefinitionId, SymbolId>();
  private readonly valuesBehind = new Map<SymbolId, Instance>();
  /** Of functions whose only body so far stands where they are called. */
  private readonly inPlace = new Map<DefinitionId, SymbolId>();
  /** Generic functions that would need endlessly many instances. */
  readonly endless = new Set<FunctionDefinition>();

  constructor(g: Generator) {
    this.g = g;
  }

  /** The symbol of a function, with `args` of an instance of a generic one; its body is queued the first time. */
  of(definition: FunctionDefinition, args: readonly TypeId[] = none): SymbolId {
    const { g } = this;
    const target = definition.origin === "os" && definition.definedBy !== undefined ? definition.definedBy : definition;
    const key = args.length === 0 ? "" : instanceKey(target.id, args);
    const known = args.length === 0 ? this.symbols[target.id] : this.instanceSymbols.get(key);
    if (known !== undefined) return known;
    const inPlace = args.length === 0 ? this.inPlace.get(target.id) : undefined;
    if (inPlace !== undefined) {
      this.symbols[target.id] = inPlace;
      this.enqueueBody(target, inPlace, undefined);
      return inPlace;
    }
    if (isEndless(g, args)) {
      this.endless.add(target);
      const symbol = g.module.declareFunction(g.symbolNames.helper("endless"), g.signatures.of(target, g.program.substitutionFor(target, args)), "imported");
      this.instanceSymbols.set(key, symbol);
      return symbol;
    }
    const substitution = g.program.substitutionFor(target, args);
    const isForeign = target.origin === "extern" || target.origin === "import";
    // What C and we pass alike needs nothing between; else an exported function is one of ours, and cSymbolOf puts C's around it.
    const isC = isForeign || (target.exported && isPlainExport(g, cFunction(target)));
    const name = g.symbolNames.of(target, isC, substitution);
    // One C function may be declared in several files.
    const existing = isC ? g.module.find(name) : undefined;
    if (existing !== undefined && !isForeign) return existing;
    const isAnswered = g.options.answered?.includes(name) === true;
    const imported = isForeign || isAnswered;
    if (isForeign || target.exported) checkPassing(g, target);
    if (isForeign && !isPlain(g, cFunction(target)) && !target.variadic) {
      const adapter = callingAdapter(g, cFunction(target), `${name}.call`, foreignSymbol(g, target, name));
      this.symbols[target.id] = adapter;
      return adapter;
    }
    if (existing !== undefined) return existing;
    const { made, prebuilt } = g.options;
    const isPrebuilt = prebuilt !== undefined && !imported && usePrebuilt(g, prebuilt, target, args, name);
    const symbol = this.declare(target, name, isC ? foreignSignature(g, target) : g.signatures.of(target, substitution), imported ? "imported" : isC ? "exported" : "local");
    if (args.length === 0) this.symbols[target.id] = symbol;
    else this.instanceSymbols.set(key, symbol);
    made?.definitions.set(symbol, { definition: target, args });
    if (!imported && !isPrebuilt) this.enqueueBody(target, symbol, substitution);
    return symbol;
  }

  /** True if the function has been asked for: called, or taken as a value. */
  isKnown(definition: FunctionDefinition): boolean {
    return this.symbols[definition.id] !== undefined || this.inPlace.has(definition.id);
  }

  /** Writes the body of a function of the program's own where it is called with these values, piece by piece; gives its results. If it is asked for again, it is made, too. */
  inPlaceOf(definition: FunctionDefinition, inputs: readonly Value[]): readonly Value[] | undefined {
    const { g } = this;
    const symbol = this.declare(definition, g.symbolNames.of(definition, false, undefined), g.signatures.of(definition, undefined), "local");
    this.inPlace.set(definition.id, symbol);
    return this.writeInPlace(definition, symbol, inputs);
  }

  private declare(definition: FunctionDefinition, name: string, signature: SignatureId, linkage: Linkage): SymbolId {
    const { g } = this;
    const isNever = definition.result === T.never;
    const symbol = g.module.declareFunction(name, signature, linkage, {
      // What never returns looks at its caller's place in the code (std/panic.lang), and is cold anyway.
      inline: isNever || this.isRarelyCalled(definition, name) ? "never" : "auto",
      cold: isNever,
      noreturn: isNever,
      memory: this.memoryRole(definition, name),
    });
    g.options.declared?.set(symbol, g.ast.start[definition.node] as number);
    return symbol;
  }

  private enqueueBody(definition: FunctionDefinition, symbol: SymbolId, substitution: Substitution | undefined): void {
    this.g.enqueueAs(substitution, () => this.makeBody(definition, symbol));
  }

  /** What passes know of the allocator and of counts of owners. The checking allocator is to see every block. */
  private memoryRole(definition: FunctionDefinition, name: string): MemoryRole | undefined {
    const { g } = this;
    const role = (name.startsWith("lang_") || name.startsWith("std_2f")) && g.program.isLibrary(definition.file) ? memoryRoleOf[name] : undefined;
    return role !== undefined && g.sources.files[definition.file]?.path !== "std/heap_check.lang" ? role : undefined;
  }

  private isRarelyCalled(definition: FunctionDefinition, name: string): boolean {
    return this.g.program.isLibrary(definition.file) && isRare(name);
  }

  /** Set by irgen.ts: writes a function's body where it is called; gives its results, undefined if it never returns. */
  writeInPlace: (definition: FunctionDefinition, symbol: SymbolId, inputs: readonly Value[]) => readonly Value[] | undefined = () => {
    throw new Error("irgen/functionSymbols.writeInPlace: not set");
  };

  /** Set by irgen.ts: generates a function's body. (Bodies know all other files of this folder; this one knows none of them.) */
  makeBody: (definition: FunctionDefinition, symbol: SymbolId) => void = () => {
    throw new Error("irgen/functionSymbols.makeBody: not set");
  };

  /** The code behind a named function (or an instance of one) used as a value: the same, with an environment that it ignores. */
  valueOf(definition: FunctionDefinition, args: readonly TypeId[] = none): SymbolId {
    const { g } = this;
    const isClosure = g.ast.kind[definition.node] === Kind.Closure;
    // A closure within an instance is an instance of its own.
    const substitution = isClosure ? g.program.substitution : g.program.substitutionFor(definition, args);
    const key = substitution === undefined ? "" : instanceKey(definition.id, substitution.args);
    const known = substitution === undefined ? this.valueSymbols.get(definition.id) : this.instanceSymbols.get(`value ${key}`);
    if (known !== undefined) return known;
    const see = (type: TypeId): TypeId => (substitution === undefined ? type : substitution.apply(type));
    const result = see(definition.result);
    const signature = g.signatures.lang(definition.parameters.map(see), result, [Type.ptr]);
    const target = isClosure ? undefined : this.of(definition, args);
    const symbol = g.module.declareFunction(target === undefined ? g.symbolNames.of(definition, false, substitution) : `${g.module.nameOf(target)}.value`, signature, "local");
    if (substitution === undefined) this.valueSymbols.set(definition.id, symbol);
    else this.instanceSymbols.set(`value ${key}`, symbol);
    if (!isClosure || substitution === undefined) this.noteValue(symbol, definition, args);
    // A closure is called through values only: its own code takes the environment.
    g.options.declared?.set(symbol, g.ast.start[definition.node] as number);
    if (target === undefined) g.enqueueAs(substitution, () => this.makeBody(definition, symbol));
    else g.enqueue(() => makeForwarder(g, symbol, target, result, 1));
    return symbol;
  }

  /** Keeps of which function a symbol is the value. */
  noteValue(symbol: SymbolId, definition: FunctionDefinition, args: readonly TypeId[]): void {
    this.valuesBehind.set(symbol, { function: definition, args });
  }

  /** The function whose code a function value's symbol is; of a closure within an instance that cannot be told. */
  behind(symbol: SymbolId): Instance | undefined { return this.valuesBehind.get(symbol); }
}

function isRare(name: string): boolean {
  return rarelyCalled.some((end) => name.endsWith(end));
}

function isEndless(g: Generator, args: readonly TypeId[]): boolean {
  return args.length > 0 && args.some((type) => g.types.extent(type) > greatestArgument);
}

function instanceKey(id: DefinitionId, args: readonly TypeId[]): string {
  return `${id}:${args.join(",")}`;
}
