/**
 * Comparisons of what was compared just before: `i < n` and then whether i is within n. The flags are still there where nothing was written since
 * but the jump that used them, also in the block that the jump falls into, if no other way leads there.
 */
import { NO_PLACE } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";

const NONE = -1;

export class RepeatedCompares {
  private row = NONE;
  private length = NONE;

  /** A block begins; `falls`: only what was written last leads to it. */
  begin(falls: boolean): void {
    if (!falls) this.row = NONE;
  }

  /** Whether row `i` compares what was compared last, and the code, `length` long, was not continued since. */
  repeats(mf: MachineFunction, i: number, length: number): boolean {
    const j = this.row;
    if (j === NONE || this.length !== length || mf.op[i] !== mf.op[j] || mf.width[i] !== mf.width[j] || mf.scale[i] !== mf.scale[j] || mf.immediate[i] !== mf.immediate[j]) return false;
    const count = inputs(mf, i);
    if (count !== inputs(mf, j)) return false;
    for (let k = 0; k < count; k++) {
      const place = mf.operandPlace[mf.operandStart[i] + k];
      if (place < 0 || place === NO_PLACE || place !== mf.operandPlace[mf.operandStart[j] + k]) return false;
    }
    return true;
  }

  /** Row `i` compared, and a jump, if any, has used the flags: the code is `length` long now. */
  note(i: number, length: number): void {
    this.row = i;
    this.length = length;
  }
}

/** Operands of the comparison itself. */
function inputs(mf: MachineFunction, i: number): number {
  return mf.consumer[i] === 0 ? mf.operandLength[i] : mf.consumerOperand[i];
}
