/**
 * Checks an allocation without trusting it: runs the allocated code symbolically, knowing for every place which virtual registers' values it
 * holds, and asks of every use whether its place holds what it should (after Cranelift's checker for regalloc2). Blocks are walked until
 * what holds at their starts does not change; at a join only what holds on all edges counts.
 */

import type { Allocation } from "./allocation.ts";
import { POSITIONS } from "./intervals.ts";
import { Constraint, NO_PLACE, Role, constraintOf, detailOf, roleOf } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";
import { Step } from "./parallelMoves.ts";
import type { RegisterFile } from "./registerFile.ts";

/** Place to the values in it: virtual registers, or minus a constant. */
type State = Map<number, ReadonlySet<number>>;

const none: ReadonlySet<number> = new Set();

/** Gives what is wrong, in words; empty if every use gets its value. */
export function checkAllocation(mf: MachineFunction, allocation: Allocation): string[] {
  const { file } = allocation;
  const starts: (State | undefined)[] = [new Map()];
  const work = [0];
  const problems = new Set<string>();
  while (work.length > 0) {
    const block = work.pop() as number;
    const state: State = new Map(starts[block]);
    // What is found wrong while less is known would be wrong at the end too: knowledge only shrinks.
    walkBlock(mf, allocation, file, block, state, problems);
    for (let edge = mf.firstEdge[block]; edge < mf.firstEdge[block + 1]; edge++) {
      const target = mf.edgeTarget[edge];
      const only = mf.firstEdge[block + 1] - mf.firstEdge[block] === 1;
      const arriving: State = new Map(state);
      // Moves at the start of a block belong to its one edge: they are made before its parameters get their names.
      if (!only) runSteps(allocation, mf.blockStart[target] * POSITIONS * 4, mf.blockStart[target] * POSITIONS * 4 + 1, arriving);
      nameParams(mf, edge, arriving);
      const known = starts[target];
      if (known === undefined) {
        starts[target] = arriving;
        work.push(target);
      } else if (meet(known, arriving)) work.push(target);
    }
  }
  return [...problems];
}

/** Places that hold an argument hold the parameter now; a parameter's old value is gone. */
function nameParams(mf: MachineFunction, edge: number, state: State): void {
  const target = mf.edgeTarget[edge];
  const first = mf.paramStart[target];
  const params = new Map<number, number[]>();
  const dead = new Set<number>();
  let param = first;
  for (let i = mf.edgeArgStart[edge]; i < mf.edgeArgStart[edge + 1]; i++, param++) {
    const arg = mf.args[i];
    params.set(arg, [...(params.get(arg) ?? []), mf.params[param]]);
    dead.add(mf.params[param]);
  }
  if (dead.size === 0) return;
  for (const [place, values] of state) {
    const now = new Set<number>();
    for (const value of values) {
      if (!dead.has(value)) now.add(value);
      for (const p of params.get(value) ?? []) now.add(p);
    }
    state.set(place, now);
  }
}

function meet(known: State, arriving: State): boolean {
  let changed = false;
  for (const [place, values] of known) {
    const other = arriving.get(place) ?? none;
    const both = new Set([...values].filter((value) => other.has(value)));
    if (both.size === values.size) continue;
    changed = true;
    if (both.size === 0) known.delete(place);
    else known.set(place, both);
  }
  return changed;
}

function runSteps(allocation: Allocation, from: number, to: number, state: State): void {
  let low = 0;
  let high = allocation.stepCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (allocation.stepKey[middle] < from) low = middle + 1;
    else high = middle;
  }
  for (let s = low; s < allocation.stepCount && allocation.stepKey[s] < to; s++) {
    const source = allocation.stepFrom[s];
    const target = allocation.stepTo[s];
    const moved = source < 0 ? new Set([source]) : (state.get(source) ?? none);
    if (allocation.step[s] === Step.exchange) state.set(source, state.get(target) ?? none);
    state.set(target, moved);
  }
}

function walkBlock(mf: MachineFunction, allocation: Allocation, file: RegisterFile, block: number, state: State, problems: Set<string>): void {
  const incoming = countIncoming(mf, block);
  for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
    const i = mf.order[n];
    const base = n * POSITIONS * 4;
    // With one edge into the block, its moves were made on that edge, unless the edge's source has no other.
    const skipStart = n === mf.blockStart[block] && incoming === "branch";
    runSteps(allocation, base + (skipStart ? 1 : 0), base + 8, state);
    const first = mf.operandStart[i];
    const end = first + mf.operandLength[i];
    for (let k = first; k < end; k++) {
      const info = mf.operandInfo[k];
      const register = mf.operandRegister[k];
      if (roleOf(info) >= Role.def || register === 0) continue;
      const place = mf.operandPlace[k];
      if (place < 0) {
        if (place !== register) problems.add(`instruction ${n}: operand ${k - first} is constant ${-place} instead of ${register}`);
        continue;
      }
      if (!(state.get(place) ?? none).has(register)) {
        problems.add(`instruction ${n}: operand ${k - first} wants r${register} in place ${place}, which holds ${[...(state.get(place) ?? none)].join(" ") || "nothing known"}`);
      }
      if (constraintOf(info) === Constraint.register && place >= file.count) problems.add(`instruction ${n}: operand ${k - first} must be in a register`);
    }
    // Inputs that must survive results written early.
    for (let k = first; k < end; k++) {
      const info = mf.operandInfo[k];
      if (roleOf(info) < Role.def) continue;
      const early = roleOf(info) === Role.earlyDef || constraintOf(info) === Constraint.same;
      if (!early) continue;
      const tied = constraintOf(info) === Constraint.same ? first + detailOf(info) : -1;
      for (let u = first; u < end; u++) {
        if (u === tied || roleOf(mf.operandInfo[u]) >= Role.def || mf.operandRegister[u] === 0) continue;
        if (mf.operandPlace[u] === mf.operandPlace[k]) problems.add(`instruction ${n}: operand ${u - first} is overwritten by the early result ${k - first}`);
      }
    }
    for (const registerClass of [0, 1] as const) {
      const clobbered = file.clobbers[registerClass][mf.clobbers[i]] ?? 0;
      for (let bits = clobbered; bits !== 0; bits &= bits - 1) state.delete(file.maskBase[registerClass] + 31 - Math.clz32(bits & -bits));
    }
    const written = new Set<number>();
    for (let k = first; k < end; k++) {
      const info = mf.operandInfo[k];
      if (roleOf(info) < Role.def) continue;
      const place = mf.operandPlace[k];
      if (place === NO_PLACE) continue;
      if (written.has(place)) problems.add(`instruction ${n}: two results in place ${place}`);
      written.add(place);
      const register = mf.operandRegister[k];
      // A register is defined once, but a loop comes round: what held its last value is stale.
      if (mf.loopDepth[block] > 0 && register !== 0) {
        for (const [other, values] of state) if (values.has(register)) state.set(other, new Set([...values].filter((value) => value !== register)));
      }
      state.set(place, register === 0 ? none : new Set([register]));
    }
    runSteps(allocation, base + 8, base + POSITIONS * 4, state);
  }
}

function countIncoming(mf: MachineFunction, block: number): "branch" | "other" {
  for (let edge = 0; edge < mf.edgeCount; edge++) {
    if (mf.edgeTarget[edge] !== block) continue;
    const source = mf.edgeSource[edge];
    return mf.firstEdge[source + 1] - mf.firstEdge[source] > 1 ? "branch" : "other";
  }
  return "other";
}
