/** The compiler of -O1 and above: selection, allocation, emission. */

import { Assembler } from "../../../encoders/x86_64/assembler.ts";
import type { IrFunction, SymbolId } from "../../ir/function.ts";
import { Allocation } from "../allocation.ts";
import { lowerDivision } from "../lowerDivision.ts";
import { checkAllocation } from "../check.ts";
import { linuxPlatform } from "../platform.ts";
import { printMachine } from "../printMachine.ts";
import type { CompilerContext } from "../target.ts";
import { MachineEmitter } from "./emit.ts";
import { emitEntryCode } from "./entry.ts";
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
    this.emitter.emit(f, mf, allocation, selector.outgoing, selector.hasCalls);
  }

  emitEntry(name: SymbolId, start: SymbolId): void {
    const { asm, context } = this;
    const at = asm.length;
    asm.beginRegion(false);
    emitEntryCode(asm, start, (context.options.platform ?? linuxPlatform).entry);
    asm.endRegion();
    context.trace.addFunction(name, at, asm.length - at, 0, context.trace.siteCount, context.trace.lineCount);
    context.objects.defineFunction(name, at, asm.length - at);
  }
}
