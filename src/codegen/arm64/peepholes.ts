/** Accesses that two instructions of the machine IR make in one: to two words, or with the step of their base register. */
import { SP } from "../../../encoders/arm64/registers.ts";
import { memoryWord } from "../../../encoders/arm64/table.ts";
import { POSITIONS } from "../intervals.ts";
import { V0 } from "./convention.ts";
import type { MachineEmitter } from "./emit.ts";
import { floatLoads, floatStores, loads, stores } from "./emitState.ts";
import type { Access } from "./emitState.ts";
import { ALONE, Flags, M, Memory, Second } from "./machineOps.ts";

/** By opcode and width: accesses to two words. */
const pairRows: readonly (readonly (number | undefined)[] | undefined)[] = Object.assign([], Object.fromEntries([[M.load, "ldp", "w", "x"], [M.store, "stp", "w", "x"], [M.fload, "ldp", "s", "d"], [M.fstore, "stp", "s", "d"]]
  .map(([op, name, four, eight]) => [op, [undefined, undefined, memoryWord(`${name}_${four}_offset`), memoryWord(`${name}_${eight}_offset`)]])));

/** By opcode and width: accesses that can move on their base register. */
const accessRows: readonly (readonly (Access | undefined)[] | undefined)[] = Object.assign([], { [M.load]: loads, [M.store]: stores, [M.fload]: [undefined, undefined, ...floatLoads], [M.fstore]: [undefined, undefined, ...floatStores] });

/** Writes instructions `i` and `j`, which follow one another without moves between, as one access to a pair if they are that. */
export function asPair(e: MachineEmitter, i: number, j: number): boolean {
  const { mf } = e;
  const op = mf.op[i];
  const width = mf.width[i];
  const row = pairRows[op]?.[width];
  if (row === undefined || op !== mf.op[j] || width !== mf.width[j] || mf.memory[i] !== mf.memory[j] || e.accesses) return false;
  if (mf.extra[i] === ALONE || mf.extra[j] === ALONE) return false;
  const [first, second] = [e.place(i, 0), e.place(j, 0)];
  const isLoad = op === M.load || op === M.fload;
  if (isLoad && first === second) return false;
  let base = SP;
  let [at, next] = [mf.displacement[i], mf.displacement[j]];
  if (mf.memory[i] === Memory.slot) {
    at += e.slotAt[mf.symbol[i]];
    next += e.slotAt[mf.symbol[j]];
  } else if (mf.memory[i] === Memory.base) {
    base = e.place(i, mf.memoryOperand[i]);
    if (base !== e.place(j, mf.memoryOperand[j]) || (op === M.load && first === base)) return false;
  } else return false;
  const size = 1 << width;
  const low = Math.min(at, next);
  if (Math.abs(at - next) !== size || (low & (size - 1)) !== 0 || low < -64 * size || low > 63 * size) return false;
  const floats = op === M.fload || op === M.fstore ? V0 : 0;
  e.asm.pair(row, (at < next ? first : second) - floats, (at < next ? second : first) - floats, base, low >> width);
  return true;
}

/**
 * Writes the access at place `n` with the sum that moves on its base register, where that follows soon and nothing between
 * wants the register.
 */
export function withIncrement(e: MachineEmitter, n: number, block: number): boolean {
  const { mf, moves } = e;
  const i = mf.order[n];
  const rows = accessRows[mf.op[i]]?.[mf.width[i]];
  if (rows === undefined || mf.memory[i] !== Memory.base || mf.displacement[i] !== 0 || mf.loopDepth[block] === 0 || e.accesses) return false;
  const base = e.place(i, mf.memoryOperand[i]);
  const value = e.place(i, 0);
  if (value === base) return false;
  for (let m = n + 1, end = Math.min(n + 5, mf.blockStart[block + 1]); m < end; m++) {
    const j = mf.order[m];
    if (moves.waits((m * POSITIONS + 2) * 4)) return false;
    if (e.absorbed.has(m)) continue;
    if (mf.consumer[j] !== Flags.none || mf.clobbers[j] !== 0) return false;
    const isSum = (mf.op[j] === M.add || mf.op[j] === M.sub) && mf.width[j] === 3 && mf.scale[j] === Second.immediate;
    if (isSum && mf.immediate[j] < 256 && e.place(j, 0) === base && e.place(j, 1) === base) {
      e.asm.nine(rows.post, value >= V0 ? value - V0 : value, base, mf.op[j] === M.add ? mf.immediate[j] : -mf.immediate[j]);
      e.absorbed.add(m);
      return true;
    }
    for (let k = 0; k < mf.operandLength[j]; k++) if (e.place(j, k) === base) return false;
  }
  return false;
}
