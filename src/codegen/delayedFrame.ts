/** Whether a function can make its frame later than at its entry: paths that end before that block then pay nothing for it. */
import type { Allocation } from "./allocation.ts";
import { POSITIONS } from "./intervals.ts";
import { FIRST_STACK, NO_PLACE } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";

/** The architecture's instructions that reach into the caller's arguments or make the callee's. */
export interface StackArgumentCodes {
  readonly loadIncoming: number;
  readonly storeOutgoing: number;
}

/**
 * Whether the frame can be made at `mf.frameBlock`: nothing before it may be on the stack or in a register that must be saved (`saved`, a
 * mask of integer registers). In a cold block there, which ends the program, such a register does no harm.
 */
export function canDelayFrame(mf: MachineFunction, allocation: Allocation, saved: number, codes: StackArgumentCodes): boolean {
  const harmless = (place: number, cold: boolean): boolean => place < 0 || (place < FIRST_STACK && (cold || place >= 32 || ((saved >>> place) & 1) === 0));
  for (let block = 0; block < mf.blockCount; block++) {
    if (mf.framed[block] === 1) continue;
    const cold = mf.cold[block] === 1;
    for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
      const i = mf.order[n];
      if (mf.op[i] === codes.loadIncoming || mf.op[i] === codes.storeOutgoing) return false;
      for (let k = mf.operandStart[i], end = k + mf.operandLength[i]; k < end; k++) {
        const place = mf.operandPlace[k];
        if (place !== NO_PLACE && !harmless(place, cold)) return false;
      }
    }
    const endKey = mf.blockStart[block + 1] * POSITIONS * 4;
    for (let s = allocation.firstStep(mf.blockStart[block] * POSITIONS * 4); s < allocation.stepCount && allocation.stepKey[s] < endKey; s++) {
      if (!harmless(allocation.stepTo[s], cold) || !harmless(allocation.stepFrom[s], cold)) return false;
    }
  }
  return true;
}
