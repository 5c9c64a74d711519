/** The compiler of -O1 and above, of an architecture's parts: selection, allocation, emission. */
import type { IrFunction } from "../ir/function.ts";
import type { Allocation } from "./allocation.ts";
import { checkAllocation } from "./check.ts";
import { lowerDivision } from "./lowerDivision.ts";
import type { MachineFunction } from "./machine.ts";
import { printMachine } from "./printMachine.ts";
import type { Describer } from "./printMachine.ts";
import type { SelectorBase } from "./selector.ts";
import type { CompilerContext } from "./target.ts";

/** What a function asks of its frame: bytes of stack arguments, whether it calls what returns, whether it returns. */
export interface Demands {
  readonly outgoing: number;
  readonly hasCalls: boolean;
  readonly returns: boolean;
}

/** Writes the function that was allocated last. */
export interface Emitter {
  emit(f: IrFunction, mf: MachineFunction, demands: Demands): void;
}

export class OptimizingCompiler {
  private readonly context: CompilerContext;
  private readonly selector: SelectorBase;
  private readonly allocation: Allocation;
  private readonly emitter: Emitter;
  private readonly describe: Describer;

  /** `emitter` reads `allocation`; `describe` names instructions and registers in dumps. */
  constructor(context: CompilerContext, selector: SelectorBase, allocation: Allocation, emitter: Emitter, describe: Describer) {
    this.context = context;
    this.selector = selector;
    this.allocation = allocation;
    this.emitter = emitter;
    this.describe = describe;
  }

  compile(f: IrFunction): void {
    const { selector, allocation, context, describe } = this;
    const { dump, verify } = context.options;
    lowerDivision(f, context.options.level === "Os");
    const mf = selector.select(f);
    const name = dump === undefined ? "" : context.module.nameOf(f.symbol);
    dump?.("machine", name, printMachine(mf, describe));
    allocation.run(mf);
    dump?.("allocated", name, printMachine(mf, describe, allocation));
    if (verify === true) {
      const problems = checkAllocation(mf, allocation);
      if (problems.length > 0) {
        throw new Error(`codegen/optimizing.compile: the registers of ${context.module.nameOf(f.symbol)} are wrong:\n${problems.join("\n")}\n${printMachine(mf, describe, allocation)}`);
      }
    }
    this.emitter.emit(f, mf, selector);
  }
}
