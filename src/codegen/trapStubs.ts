/**
 * Stubs of failed checks: each stands behind its function, moves the operands of its message to the handler's argument registers and calls it.
 * Equal checks share one.
 */
import type { CodeBuffer, Label } from "../../encoders/codeBuffer.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module, Signature } from "../ir/module.ts";
import type { MachineFunction } from "./machine.ts";
import { ParallelMoves } from "./parallelMoves.ts";
import type { CallPlacements } from "./selector.ts";
import { writeMoves } from "./moveSteps.ts";
import type { PlaceMover } from "./moveSteps.ts";

export interface TrapStub {
  readonly label: Label;
  /** Whether the frame is there. */
  readonly framed: boolean;
  readonly trap: number;
  readonly position: number;
  readonly site: number;
  readonly places: readonly number[];
  /** Register classes. */
  readonly kinds: readonly number[];
}

/** Equal checks stand close together; looking through all of them would be quadratic. */
const NEAR = 8;

export class TrapStubs {
  readonly all: TrapStub[] = [];
  private readonly parallel = new ParallelMoves();

  clear(): void {
    this.all.length = 0;
  }

  /** Label of the stub for the check that instruction `i` makes; the operands of its message are those from `first` on. */
  labelFor(mf: MachineFunction, i: number, first: number, framed: boolean, asm: Pick<CodeBuffer, "newLabel">): Label {
    const { all } = this;
    const places: number[] = [];
    const kinds: number[] = [];
    for (let k = first; k < mf.operandLength[i]; k++) {
      places.push(mf.operandPlace[mf.operandStart[i] + k]);
      const register = mf.operandRegister[mf.operandStart[i] + k];
      kinds.push(register > 0 ? mf.registerClass[register] : 0);
    }
    const trap = mf.extra[i];
    const position = mf.position[i];
    const site = mf.site[i];
    for (let s = all.length - 1; s >= 0 && s >= all.length - NEAR; s--) {
      const known = all[s] as TrapStub;
      if (known.framed === framed && known.trap === trap && known.position === position && known.site === site && known.places.join() === places.join()) return known.label;
    }
    const label = asm.newLabel();
    all.push({ label, framed, trap, position, site, places, kinds });
    return label;
  }

  /** Writes the moves of a stub's operands; returns the handler to be called, undefined where a trap has none. */
  moveOperands(stub: TrapStub, module: Module, placements: CallPlacements, mover: PlaceMover): SymbolId | undefined {
    const handler = module.traps[stub.trap]?.handler;
    if (handler === undefined) return undefined;
    const { parallel } = this;
    const id = module.functionSignatures[handler] as number;
    const { places } = placements.argumentsOf(id, module.signatures[id] as Signature);
    for (let k = 0; k < Math.min(places.length, stub.places.length); k++) parallel.add(stub.places[k] as number, places[k] as number, stub.kinds[k] as number);
    parallel.resolve();
    writeMoves(parallel, mover);
    return handler;
  }
}
