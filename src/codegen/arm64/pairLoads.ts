/** Brings loads of neighbouring words together, so that emission makes one of the two. */
import type { MachineFunction } from "../machine.ts";
import { ALONE, Flags, M, Memory } from "./machineOps.ts";

/** How many instructions a load may pass: the farther, the longer its value holds a register. */
const FARTHEST = 10;

/** Rows that no load passes: they write memory, or may end the program. */
const barriers = new Uint8Array(256);
for (const op of [
  M.store, M.fstore, M.call, M.callRegister, M.syscall, M.storeOutgoing, M.copyBlock, M.fillBlock, M.copyLoop, M.moveLoop, M.fillLoop,
  M.atomicLoad, M.atomicStore, M.atomicAdd, M.atomicSwap, M.atomicCompare, M.fence, M.undefined,
]) barriers[op] = 1;

/** Moves each load of a function in front of which its neighbour was loaded from the same base behind that one. */
export function pairLoads(mf: MachineFunction): void {
  const { order, blockStart } = mf;
  for (let block = 0; block < mf.blockCount; block++) {
    const end = blockStart[block + 1];
    for (let n = blockStart[block]; n + 2 < end; n++) {
      const i = order[n];
      if (!isPlainLoad(mf, i)) continue;
      const last = Math.min(end, n + FARTHEST);
      for (let m = n + 1; m < last; m++) {
        const j = order[m];
        if (areNeighbours(mf, i, j)) {
          for (let k = m; k > n + 1; k--) order[k] = order[k - 1];
          order[n + 1] = j;
          n++;
          break;
        }
        if (barriers[mf.op[j]] === 1 || mf.clobbers[j] !== 0 || mf.consumer[j] === Flags.trap) break;
      }
    }
  }
}

function isPlainLoad(mf: MachineFunction, i: number): boolean {
  return (mf.op[i] === M.load || mf.op[i] === M.fload) && mf.width[i] >= 2 && mf.memory[i] === Memory.base && mf.extra[i] !== ALONE;
}

function areNeighbours(mf: MachineFunction, i: number, j: number): boolean {
  if (mf.op[i] !== mf.op[j] || mf.width[i] !== mf.width[j] || !isPlainLoad(mf, j)) return false;
  const size = 1 << mf.width[i];
  const low = Math.min(mf.displacement[i], mf.displacement[j]);
  if (Math.abs(mf.displacement[i] - mf.displacement[j]) !== size || (low & (size - 1)) !== 0 || low < -64 * size || low > 63 * size) return false;
  return mf.operandRegister[mf.operandStart[i] + mf.memoryOperand[i]] === mf.operandRegister[mf.operandStart[j] + mf.memoryOperand[j]];
}
