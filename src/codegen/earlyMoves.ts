/**
 * The moves of a loop's way back, made before the branch that takes it: then that branch goes back itself, and no jump is left. They are made
 * once in vain when the loop is left, so nothing that lives on there may lie where they write.
 */
import type { Allocation } from "./allocation.ts";
import { POSITIONS } from "./intervals.ts";
import { NO_PLACE, Role, roleOf } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";
import { Step } from "./parallelMoves.ts";

/** When the moves of an edge's block are made. */
export const Early = { no: 0, /** before the row that decides */ before: 1, /** between it and the jump */ between: 2 } as const;

/** The architecture's opcodes of a plain jump, and the user of flags that ends a block; whether a row compares in the jump itself; whether a constant is made without touching flags. */
export interface EarlyMoveCodes {
  readonly jump: number;
  readonly branch: number;
  readonly comparesInJump: (op: number) => boolean;
  readonly constantsKeepFlags: boolean;
}

const MOST_STEPS = 6;
const NONE = -1;

export class EarlyMoves {
  /** By block: when its moves are made before the branch to it, which then goes where the block would; Early.no for the others. */
  when = new Uint8Array(64);
  /** By block that ends with such a branch: the block whose moves it makes; -1 for the others. */
  made = new Int32Array(64);
  private readonly codes: EarlyMoveCodes;

  constructor(codes: EarlyMoveCodes) {
    this.codes = codes;
  }

  compute(mf: MachineFunction, allocation: Allocation): void {
    const count = mf.blockCount;
    if (count > this.when.length) {
      this.when = new Uint8Array(count * 2);
      this.made = new Int32Array(count * 2);
    }
    const { when, made, codes } = this;
    when.fill(Early.no, 0, count);
    made.fill(NONE, 0, count);
    for (let block = 0; block < count; block++) {
      if (mf.loopDepth[block] === 0 || mf.cold[block] === 1 || mf.consumer[lastRow(mf, block)] !== codes.branch) continue;
      const edge = mf.firstEdge[block];
      if (mf.firstEdge[block + 1] - edge !== 2) continue;
      for (let other = 0; other < 2; other++) {
        const back = mf.edgeTarget[edge + 1 - other];
        if (!this.isWayBack(mf, back, block) || mf.loopDepth[mf.edgeTarget[edge + other]] >= mf.loopDepth[back]) continue;
        const early = this.whenMade(mf, allocation, block, back, edge + other);
        if (early === Early.no) continue;
        when[back] = early;
        made[block] = back;
      }
    }
  }

  /** Whether `back` holds nothing but moves on the way from `block` to the head of its loop. */
  private isWayBack(mf: MachineFunction, back: number, block: number): boolean {
    if (mf.blockStart[back + 1] - mf.blockStart[back] !== 1 || mf.op[lastRow(mf, back)] !== this.codes.jump) return false;
    return mf.edgeTarget[mf.firstEdge[back]] <= block && mf.loopDepth[back] > 0 && mf.paramCount[back] === 0 && mf.framed[back] === mf.framed[block] && back !== mf.frameBlock;
  }

  private whenMade(mf: MachineFunction, allocation: Allocation, block: number, back: number, leaving: number): number {
    if (allocation.live.incomingCount[back] !== 1) return Early.no;
    const first = allocation.firstStep(mf.blockStart[back] * POSITIONS * 4);
    const endKey = mf.blockStart[back + 1] * POSITIONS * 4;
    let end = first;
    let constants = false;
    for (; end < allocation.stepCount && allocation.stepKey[end] < endKey; end++) if (allocation.stepFrom[end] < 0) constants = true;
    if (end === first || end - first > MOST_STEPS) return Early.no;
    const isWritten = (place: number): boolean => {
      for (let s = first; s < end; s++) if (allocation.stepTo[s] === place || (allocation.step[s] !== Step.move && allocation.stepFrom[s] === place)) return true;
      return false;
    };
    if (allocation.someLivesOn(leaving, isWritten)) return Early.no;
    const row = lastRow(mf, block);
    if (!this.codes.comparesInJump(mf.op[row]) && (!constants || this.codes.constantsKeepFlags)) return Early.between;
    for (let k = mf.operandStart[row], last = k + mf.operandLength[row]; k < last; k++) {
      const place = mf.operandPlace[k];
      if (place === NO_PLACE || place < 0) continue;
      if (isWritten(place)) return Early.no;
      if (roleOf(mf.operandInfo[k]) < Role.def) continue;
      for (let s = first; s < end; s++) if (allocation.stepFrom[s] === place) return Early.no;
    }
    return Early.before;
  }
}

function lastRow(mf: MachineFunction, block: number): number {
  return mf.order[mf.blockStart[block + 1] - 1];
}
