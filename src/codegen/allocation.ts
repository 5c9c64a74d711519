/**
 * From intervals with registers to code that runs: the place of every operand, slots on the stack, and the moves where the parts of an
 * interval meet, where edges pass arguments, and where operands are fixed or tied to others.
 *
 * A value that is on the stack anywhere is stored once, where it is defined, unless the places where it goes to the stack are
 * executed less often than its definition; then it is stored there.
 */

import { Intervals, ON_STACK, POSITIONS } from "./intervals.ts";
import { LinearScan } from "./linearScan.ts";
import { Liveness } from "./liveness.ts";
import { Constraint, FIRST_STACK, MachineFunction, NO_PLACE, Role, constraintOf, detailOf, roleOf } from "./machine.ts";
import { MoveList } from "./moveList.ts";
import { ParallelMoves } from "./parallelMoves.ts";
import type { RegisterFile } from "./registerFile.ts";
import { grown, grownBytes, grownFloats } from "../ir/grown.ts";

/** Moves are grouped by key: position * 4 + one of these. */
const AT_START = 0;
const AT_GAP = 1;
const AT_END = 2;

const NO_SLOT = -1;

export class Allocation {
  /** Machine registers that the function changes. */
  usedMask = 0;
  /** 8-byte slots on the stack: places FIRST_STACK up to FIRST_STACK + slotCount. */
  slotCount = 0;

  /** Steps in the order of the code, by key (position * 4 + group). */
  stepCount = 0;
  stepKey = new Float64Array(256);
  step = new Uint8Array(256);
  stepFrom = new Int32Array(256);
  stepTo = new Int32Array(256);
  stepKind = new Uint8Array(256);

  readonly live = new Liveness();
  readonly intervals = new Intervals();
  private readonly scan: LinearScan;
  private mf = new MachineFunction();

  private readonly moves = new MoveList();
  private readonly parallel = new ParallelMoves();

  /** By virtual register: its slot; what its moves to the stack would cost; 1 if they are dropped. */
  private slot = new Int32Array(256);
  private storeCost = new Float64Array(256);
  private dropStores = new Uint8Array(256);
  private spilled = new Int32Array(64);
  private spilledCount = 0;
  private defBlock = new Int32Array(256);
  private defPosition = new Int32Array(256);

  /** The group of moves being resolved, and how many parts may still be looked at for spare registers. */
  private movesAt = 0;
  private spareBudget = 0;

  readonly file: RegisterFile;

  constructor(file: RegisterFile) {
    this.file = file;
    this.scan = new LinearScan(this.mf, this.intervals, file);
  }

  /** Places everything in `mf`, whose operands have their places afterwards; the moves are the steps. */
  run(mf: MachineFunction): void {
    this.mf = mf;
    this.live.compute(mf);
    this.intervals.build(mf, this.live);
    this.scan.run(mf);
    this.usedMask = this.scan.usedMask;
    this.moves.count = 0;
    this.findSpilled();
    if (this.intervals.count > mf.registerCount) this.joinParts();
    if (mf.edgeCount > 0) this.joinEdges();
    this.slotCount = 0;
    if (this.spilledCount > 0) {
      this.chooseStores();
      this.assignSlots();
    }
    this.fillOperands();
    this.operandMoves();
    this.orderMoves();
  }

  /** The first step at `key` or behind it. */
  firstStep(key: number): number {
    const { stepKey } = this;
    let low = 0;
    let high = this.stepCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stepKey[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // ── what lies on the stack ──

  /** Collects the virtual registers of which some part lies on the stack. */
  private findSpilled(): void {
    const { mf, intervals } = this;
    const registers = mf.registerCount;
    if (registers > this.slot.length) {
      this.slot = new Int32Array(registers * 2);
      this.storeCost = new Float64Array(registers * 2);
      this.dropStores = new Uint8Array(registers * 2);
      this.defBlock = new Int32Array(registers * 2);
      this.defPosition = new Int32Array(registers * 2);
    }
    this.slot.fill(NO_SLOT, 0, registers);
    this.spilledCount = 0;
    for (let part = 1; part < intervals.count; part++) {
      if (intervals.place[part] !== ON_STACK) continue;
      const register = intervals.register[part];
      if (this.slot[register] !== NO_SLOT) continue;
      this.slot[register] = 0;
      this.storeCost[register] = 0;
      this.dropStores[register] = 0;
      if (this.spilledCount === this.spilled.length) this.spilled = grown(this.spilled);
      this.spilled[this.spilledCount++] = register;
    }
  }

  /** How often a block is executed, compared with others. */
  private weight(block: number): number {
    const { mf } = this;
    return mf.cold[block] === 1 ? 0.01 : 10 ** Math.min(6, mf.loopDepth[block]);
  }

  /** A move between places of one virtual register; one to the stack may turn out to be needless. */
  private partMove(key: number, from: number, to: number, register: number, block: number): void {
    if (from === to) return;
    if (to === ON_STACK) this.storeCost[register] += this.weight(block);
    this.moves.add(key, from, to, register);
  }

  /** The block in which a position lies. */
  private blockAt(position: number): number {
    const { mf } = this;
    const n = Math.floor(position / POSITIONS);
    let low = 0;
    let high = mf.blockCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (mf.blockStart[middle] <= n) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Parts that meet within a block. At the border of a block its edges say what moves. */
  private joinParts(): void {
    const { mf, intervals } = this;
    for (let register = 1; register < mf.registerCount; register++) {
      let part = register;
      for (let next = intervals.nextPart[part]; next !== 0; part = next, next = intervals.nextPart[next]) {
        const position = intervals.start(next);
        if (intervals.end[part] !== position) continue;
        const block = this.blockAt(position);
        if (mf.blockStart[block] * POSITIONS === position) continue;
        this.partMove(position * 4 + AT_GAP, intervals.place[part], intervals.place[next], register, block);
      }
    }
  }

  /** What moves along edges: parts that lie elsewhere on the other side, and arguments to parameters. */
  private joinEdges(): void {
    const { mf, intervals, live } = this;
    const { words, liveIn, globals } = live;
    for (let edge = 0; edge < mf.edgeCount; edge++) {
      const source = mf.edgeSource[edge];
      const target = mf.edgeTarget[edge];
      const from = mf.blockStart[source + 1] * POSITIONS - 1;
      const to = mf.blockStart[target] * POSITIONS;
      const only = mf.firstEdge[source + 1] - mf.firstEdge[source] === 1;
      const key = only ? (mf.blockStart[source + 1] - 1) * POSITIONS * 4 + AT_END : to * 4 + AT_START;
      for (let w = 0; w < words; w++) {
        for (let bits = liveIn[target * words + w]; bits !== 0; bits &= bits - 1) {
          const register = globals[(w << 5) + 31 - Math.clz32(bits & -bits)];
          if (intervals.nextPart[register] === 0) continue;
          this.partMove(key, intervals.place[intervals.partAt(register, from)], intervals.place[intervals.partAt(register, to)], register, source);
        }
      }
      let param = mf.paramStart[target];
      for (let i = mf.edgeArgStart[edge]; i < mf.edgeArgStart[edge + 1]; i++, param++) {
        const arg = mf.args[i];
        const wanted = mf.params[param];
        const place = intervals.place[wanted];
        // Places on the stack are told apart by the register whose slot it is.
        const toPlace = place === ON_STACK ? FIRST_STACK + wanted : place;
        if (arg < 0) this.moves.add(key, arg, toPlace, wanted);
        else {
          const part = intervals.partAt(arg, from);
          this.moves.add(key, intervals.place[part] === ON_STACK ? FIRST_STACK + arg : intervals.place[part], toPlace, wanted);
        }
      }
    }
  }

  /** Whether `at` holds for the place of something at the end of an edge's source that lives on over the edge. */
  someLivesOn(edge: number, at: (place: number) => boolean): boolean {
    const { mf, intervals } = this;
    const { words, liveIn, globals } = this.live;
    const target = mf.edgeTarget[edge];
    const from = mf.blockStart[mf.edgeSource[edge] + 1] * POSITIONS - 1;
    const place = (register: number): number => this.finalPlace(intervals.place[intervals.partAt(register, from)], register);
    for (let w = 0; w < words; w++) {
      for (let bits = liveIn[target * words + w]; bits !== 0; bits &= bits - 1) {
        if (at(place(globals[(w << 5) + 31 - Math.clz32(bits & -bits)]))) return true;
      }
    }
    for (let i = mf.edgeArgStart[edge]; i < mf.edgeArgStart[edge + 1]; i++) if (mf.args[i] > 0 && at(place(mf.args[i]))) return true;
    return false;
  }

  /** For each value that is on the stack somewhere: store it where it is defined, or where it leaves its register? */
  private chooseStores(): void {
    const { mf, intervals } = this;
    this.findDefinitions();
    for (let i = 0; i < this.spilledCount; i++) {
      const register = this.spilled[i];
      const place = intervals.place[register];
      if (place === ON_STACK) {
        this.dropStores[register] = 1;
        continue;
      }
      if (this.storeCost[register] < this.weight(this.defBlock[register])) continue;
      this.dropStores[register] = 1;
      const position = this.defPosition[register];
      // A parameter of a block is stored when the block begins, a result in the gap after its instruction.
      const start = mf.blockStart[this.defBlock[register]] * POSITIONS;
      const gap = position === start ? start : position - (position % POSITIONS) + POSITIONS;
      this.moves.add(gap * 4 + AT_GAP, place, FIRST_STACK + register, register);
    }
    // Places by register until now: drop what became needless.
    const { moves } = this;
    moves.filter((i) => moves.to[i] !== ON_STACK || this.dropStores[moves.register[i]] !== 1);
  }

  /** Where the spilled registers are defined. */
  private findDefinitions(): void {
    const { intervals } = this;
    for (let i = 0; i < this.spilledCount; i++) {
      const register = this.spilled[i];
      this.defPosition[register] = intervals.start(register);
      this.defBlock[register] = this.blockAt(this.defPosition[register]);
    }
  }

  /** Slots are shared by values whose lives, from first to last part, do not overlap. */
  private assignSlots(): void {
    const { intervals } = this;
    const byStart = Array.from(this.spilled.subarray(0, this.spilledCount)).sort((a, b) => intervals.start(a) - intervals.start(b));
    const slotEnd: number[] = [];
    for (const register of byStart) {
      let last = register;
      while (intervals.nextPart[last] !== 0) last = intervals.nextPart[last];
      const start = intervals.start(register);
      let slot = slotEnd.findIndex((end) => end <= start);
      if (slot < 0) slot = slotEnd.push(0) - 1;
      slotEnd[slot] = intervals.end[last];
      this.slot[register] = slot;
    }
    this.slotCount = slotEnd.length;
  }

  /** Final number of a place: ON_STACK and the markers of joinEdges become slots. */
  private finalPlace(place: number, register: number): number {
    if (place === ON_STACK) return FIRST_STACK + this.slot[register];
    if (place >= FIRST_STACK) return FIRST_STACK + this.slot[place - FIRST_STACK];
    return place;
  }

  /** Gives the operands of instructions and moves their final places. */
  private fillOperands(): void {
    const { mf, intervals, moves } = this;
    const { useNext, useOperand, firstUse } = intervals;
    for (let part = 1; part < intervals.count; part++) {
      const register = intervals.register[part];
      const place = this.finalPlace(intervals.place[part], register);
      for (let use = firstUse[part]; use !== 0; use = useNext[use]) if (useOperand[use] >= 0) mf.operandPlace[useOperand[use]] = place;
    }
    for (let i = 0; i < moves.count; i++) {
      const register = moves.register[i];
      moves.from[i] = this.finalPlace(moves.from[i], register);
      moves.to[i] = this.finalPlace(moves.to[i], register);
    }
  }

  /** Copies into and out of fixed registers, and into registers that an instruction overwrites. */
  private operandMoves(): void {
    const { mf } = this;
    const { order, operandStart, operandLength, operandRegister, operandInfo, operandPlace } = mf;
    for (let n = 0; n < mf.orderCount; n++) {
      const instruction = order[n];
      const first = operandStart[instruction];
      for (let i = first, end = first + operandLength[instruction]; i < end; i++) {
        const info = operandInfo[i];
        const constraint = constraintOf(info);
        if (constraint === Constraint.register) continue;
        const register = operandRegister[i];
        if (constraint === Constraint.fixed) {
          const machine = detailOf(info);
          const isDef = roleOf(info) >= Role.def;
          if (machine < 32) this.usedMask |= 1 << machine;
          if (register > 0 && operandPlace[i] !== NO_PLACE) {
            if (isDef) this.moves.add((n * POSITIONS + 5) * 4, machine, operandPlace[i], register);
            else this.moves.add((n * POSITIONS + 1) * 4, operandPlace[i], machine, register);
          } else if (register < 0) this.moves.add((n * POSITIONS + 1) * 4, register, machine, 0);
          operandPlace[i] = machine;
        } else if (constraint === Constraint.same) {
          const use = first + detailOf(info);
          const source = operandRegister[use];
          this.moves.add((n * POSITIONS + 1) * 4, source < 0 ? source : operandPlace[use], operandPlace[i], register);
          operandPlace[use] = operandPlace[i];
        } else if (register < 0 && constraint === Constraint.any) operandPlace[i] = register;
      }
    }
  }

  /** Sorts the moves by key and makes steps of each group. */
  private orderMoves(): void {
    const { mf, parallel, moves } = this;
    this.stepCount = 0;
    this.spareBudget = 200_000;
    moves.inOrder((move) => {
      const register = moves.register[move];
      const to = moves.to[move];
      const kind = register > 0 ? mf.registerClass[register] : to >= 16 && to < 32 ? 1 : 0;
      parallel.add(moves.from[move], to, kind);
    }, (key) => {
      this.movesAt = key;
      parallel.resolve(this);
      for (let s = 0; s < parallel.stepCount; s++) this.addStep(key, s);
    });
  }

  /** A register for cycles of moves along an edge within a loop: one that holds nothing at either end and that the function need not restore. */
  spareFor(kind: number): number {
    const { mf, intervals, file } = this;
    const group = this.movesAt % 4;
    const position = Math.floor(this.movesAt / 4);
    // Copies of operands, within an instruction's positions, are no edge's.
    if (group === AT_GAP || position % POSITIONS !== 0 || kind !== 0) return -1;
    const block = this.blockAt(position);
    if (mf.loopDepth[block] === 0 || this.spareBudget < intervals.count) return -1;
    this.spareBudget -= intervals.count;
    const edge = group === AT_END ? mf.firstEdge[block] : this.live.firstIncoming[block] - 1;
    const from = mf.blockStart[mf.edgeSource[edge] + 1] * POSITIONS - 1;
    const to = mf.blockStart[mf.edgeTarget[edge]] * POSITIONS;
    let occupied = file.calleeSaved[0];
    for (let part = 1; part < intervals.count; part++) {
      const place = intervals.place[part];
      // Floats of some targets are numbered from 32, slots lie above.
      if (place < 0 || place >= 32) continue;
      if (intervals.covers(part, from) || intervals.covers(part, to)) occupied |= 1 << place;
    }
    const spare = (file.allocatable[0] ?? []).find((register) => (occupied & (1 << register)) === 0) ?? -1;
    if (spare >= 0) this.usedMask |= 1 << spare;
    return spare;
  }

  /** Adds step `s` of the group that was resolved last. */
  private addStep(key: number, s: number): void {
    const at = this.stepCount++;
    if (at === this.step.length) {
      this.stepKey = grownFloats(this.stepKey);
      this.stepFrom = grown(this.stepFrom);
      this.stepTo = grown(this.stepTo);
      this.step = grownBytes(this.step);
      this.stepKind = grownBytes(this.stepKind);
    }
    this.stepKey[at] = key;
    this.step[at] = this.parallel.step[s];
    this.stepFrom[at] = this.parallel.stepFrom[s];
    this.stepTo[at] = this.parallel.stepTo[s];
    this.stepKind[at] = this.parallel.stepKind[s];
  }
}
