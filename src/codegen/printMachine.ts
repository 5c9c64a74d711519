/** Machine IR as text, before allocation with virtual registers, afterwards with places and moves. */

import type { Allocation } from "./allocation.ts";
import { POSITIONS } from "./intervals.ts";
import { Constraint, FIRST_STACK, NO_PLACE, constraintOf, detailOf, roleOf } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";
import { Step } from "./parallelMoves.ts";

/** A target's names. */
export interface Describer {
  readonly opName: (op: number) => string;
  readonly registerName: (register: number) => string;
  readonly consumerName: (consumer: number, condition: number) => string;
}

/** Machine IR as text; with an allocation, each operand with its place and each move where it happens. */
export function printMachine(mf: MachineFunction, names: Describer, allocation?: Allocation): string {
  const lines: string[] = [];
  const placeName = (place: number): string =>
    place < 0 ? `constant v${-place}` : place === NO_PLACE ? "none" : place >= FIRST_STACK ? `stack${place - FIRST_STACK}` : names.registerName(place);
  const register = (r: number): string => (r < 0 ? `constant v${-r}` : r === 0 ? "-" : `${mf.registerClass[r] === 1 ? "f" : "r"}${r}`);
  let step = 0;
  const steps = (limit: number): void => {
    if (allocation === undefined) return;
    for (; step < allocation.stepCount && allocation.stepKey[step] < limit; step++) {
      const arrow = allocation.step[step] === Step.move ? "=" : "<->";
      lines.push(`      ${placeName(allocation.stepTo[step])} ${arrow} ${placeName(allocation.stepFrom[step])}`);
    }
  };
  for (let block = 0; block < mf.blockCount; block++) {
    const params = Array.from(mf.params.subarray(mf.paramStart[block], mf.paramStart[block] + mf.paramCount[block]), register);
    lines.push(`m${block}(${params.join(", ")}):${mf.loopDepth[block] > 0 ? ` depth ${mf.loopDepth[block]}` : ""}${mf.cold[block] === 1 ? " cold" : ""}`);
    for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
      const i = mf.order[n];
      steps((n * POSITIONS + 2) * 4);
      const operands: string[] = [];
      for (let k = mf.operandStart[i], end = k + mf.operandLength[i]; k < end; k++) {
        const info = mf.operandInfo[k];
        const constraint = constraintOf(info);
        const role = ["", "late ", "def ", "early def "][roleOf(info)] ?? "";
        const where = constraint === Constraint.fixed ? ` in ${names.registerName(detailOf(info))}` : constraint === Constraint.same ? ` same as ${detailOf(info)}`
          : constraint === Constraint.any ? " any" : constraint === Constraint.tied ? " tied" : "";
        operands.push(`${role}${register(mf.operandRegister[k])}${where}${allocation === undefined ? "" : ` @${placeName(mf.operandPlace[k])}`}`);
      }
      const details = [
        mf.immediate[i] === 0 ? "" : `#${mf.immediate[i]}`,
        mf.memory[i] === 0 ? "" : `memory ${mf.memory[i]} scale ${1 << mf.scale[i]} + ${mf.displacement[i]}`,
        names.consumerName(mf.consumer[i], mf.condition[i]),
      ].filter((text) => text !== "");
      lines.push(`  ${n}: ${names.opName(mf.op[i])}.${8 << mf.width[i]} ${operands.join(", ")}${details.length > 0 ? ` (${details.join("; ")})` : ""}`);
      steps((n + 1) * POSITIONS * 4);
    }
    for (let edge = mf.firstEdge[block]; edge < mf.firstEdge[block + 1]; edge++) {
      const args = Array.from(mf.args.subarray(mf.edgeArgStart[edge], mf.edgeArgStart[edge + 1]), register);
      lines.push(`    -> m${mf.edgeTarget[edge]}(${args.join(", ")})`);
    }
  }
  return `${lines.join("\n")}\n`;
}

