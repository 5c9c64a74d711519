/**
 * The code generator's door: IR in, one relocatable object and its trace records out.
 *
 *     const generator = new CodeGenerator(x86_64, module, { level: "O0" });
 *     generator.compileFunction(f);            // as soon as f is built; f may be reused afterwards
 *     const { object, trace } = generator.finish("main");
 */

import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import type { ObjectBuilder, ObjectFile, SectionId, SymbolId as ObjectSymbol } from "../link/object.ts";
import { Legalizer } from "./legalize.ts";
import { ObjectWriter } from "./objectWriter.ts";
import type { CodegenOptions } from "./options.ts";
import type { FunctionCompiler, Target } from "./target.ts";
import { TraceRecords } from "./traceRecords.ts";

export interface Generated {
  readonly object: ObjectFile;
  /** The same object, for what is added to it afterwards (tables made from `trace`). */
  readonly builder: ObjectBuilder;
  readonly trace: TraceRecords;
  /** The object's section that holds the code. */
  readonly textSection: SectionId;
  /** The object's symbol of a symbol of the module. */
  readonly objectSymbol: (symbol: SymbolId) => ObjectSymbol;
}

export class CodeGenerator {
  private readonly objects: ObjectWriter;
  private readonly trace = new TraceRecords();
  private readonly compiler: FunctionCompiler;
  private readonly legalizer: Legalizer;

  constructor(target: Target, module: Module, options: CodegenOptions, name = module.symbols[0]?.name ?? "module") {
    this.objects = new ObjectWriter(name, target.machine, module, options.atoms ?? true, options.level === "Os" ? target.codeAlignment : options.level === "O2" ? target.loopAlignment : 16);
    this.compiler = target.createCompiler({ module, options, objects: this.objects, trace: this.trace });
    this.legalizer = new Legalizer(target, module, options);
  }

  /** Compiles one function. Calls of functions that are not declared with a body yet are fine. */
  compileFunction(f: IrFunction): void {
    this.compiler.compile(this.legalizer.legalize(f));
  }

  /** Defines `name` (declared as an exported function) as the process entry, which calls `start` with the initial stack pointer. */
  emitEntry(name: SymbolId, start: SymbolId): void {
    this.compiler.emitEntry(name, start);
  }

  /** Helper functions that the code came to need, then the module's data, then the finished object. Call once. */
  finish(): Generated {
    for (let helper = this.legalizer.nextHelper(); helper !== undefined; helper = this.legalizer.nextHelper()) this.compileFunction(helper);
    const { builder } = this.objects;
    const object = this.objects.finish(this.compiler.finish());
    return { object, builder, trace: this.trace, textSection: this.objects.text, objectSymbol: (symbol) => this.objects.objectSymbol(symbol) };
  }
}

/** Compiles the module's functions in the order given, and its data. */
export function generate(target: Target, module: Module, order: readonly SymbolId[], options: CodegenOptions): Generated {
  const generator = new CodeGenerator(target, module, options);
  for (const symbol of order) {
    const f = module.functions.get(symbol);
    if (f === undefined) throw new Error(`codegen/generate.generate: ${module.nameOf(symbol)} has no body`);
    generator.compileFunction(f);
  }
  return generator.finish();
}
