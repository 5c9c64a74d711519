/** The compiler of every level: selection, allocation, emission. */

import { Assembler } from "../../../encoders/arm64/assembler.ts";
import type { IrFunction, SymbolId } from "../../ir/function.ts";
import { Allocation } from "../allocation.ts";
import { lowerDivision } from "../lowerDivision.ts";
import { checkAllocation } from "../check.ts";
import { printMachine } from "../printMachine.ts";
import type { CompilerContext } from "../target.ts";
import { MachineEmitter } from "./emit.ts";
import { FP, LR, SP } from "../../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../../encoders/arm64/table.ts";
import { describe } from "./describe.ts";
import { registerFile } from "./registerFile.ts";
import { Selector } from "./select.ts";

export class OptimizingCompiler {
  readonly asm = new Assembler(1 << 16);
  private readonly context: CompilerContext;
  private readonly selector: Selector;
  private readonly allocation = new Allocation(registerFile);
  private readonly emitter: MachineEmitter;

  constructor(context: CompilerContext) {
    this.context = context;
    this.selector = new Selector(context);
    this.emitter = new MachineEmitter(this.asm, context);
  }

  compile(f: IrFunction): void {
    const { selector, allocation, context } = this;
    const { dump, verify } = context.options;
    lowerDivision(f, context.options.level === "Os");
    const mf = selector.select(f);
    const name = dump === undefined ? "" : context.module.nameOf(f.symbol);
    dump?.("machine", name, printMachine(mf, describe));
    allocation.run(mf);
    dump?.("allocated", name, printMachine(mf, describe, allocation));
    if (verify === true) {
      const problems = checkAllocation(mf, allocation, registerFile);
      if (problems.length > 0) {
        throw new Error(`codegen/check: ${context.module.nameOf(f.symbol)}:\n${problems.join("\n")}\n${printMachine(mf, describe, allocation)}`);
      }
    }
    this.emitter.emit(f, mf, allocation, selector);
  }

  emitEntry(name: SymbolId, start: SymbolId): void {
    const { asm, context } = this;
    const at = asm.length;
    asm.beginRegion();
    const entry = context.options.platform?.entry ?? "stack";
    // C's main is entered with argc, argv and envp, which are to lie at the stack pointer
    if (entry === "main") {
      asm.pair(memoryWord("stp_x_pre"), 0, 1, SP, -4);
      asm.unsigned(memoryWord("str_x_unsigned"), 2, SP, 2);
    }
    // Windows' unwinder ends where this frame's caller is, and not here
    if (entry === "nothing") asm.pair(memoryWord("stp_x_pre"), FP, LR, SP, -2);
    // C's main gets argv in x1, and argc lies before that in the kernel's block
    if (entry === "argv") asm.immediate(word("sub_immediate"), 1, 0, 1, 8);
    else asm.immediate(word("add_immediate"), 1, 0, SP, 0); // sp is aligned already
    asm.callSymbol(start);
    asm.emit(word("udf"));
    asm.endRegion();
    context.trace.addFunction(name, at, asm.length - at, entry === "nothing" ? 8 : 0, context.trace.siteCount, context.trace.lineCount);
    context.objects.defineFunction(name, at, asm.length - at);
  }
}
