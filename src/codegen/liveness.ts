/**
 * Which virtual registers live at the borders of blocks. Only those used outside of the block that defines them get a bit. From each use
 * the walk goes up the predecessors until it meets the definition, so the cost is that of the live ranges found; there is no fixpoint.
 */

import { Role, roleOf } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";
import { grown } from "../ir/grown.ts";

export class Liveness {
  /** 32-bit words of a set. */
  words = 1;
  /** Sets of block b begin at b * words. */
  liveIn = new Int32Array(256);
  liveOut = new Int32Array(256);
  /** Number of bits; the register behind bit i. */
  globalCount = 0;
  globals = new Int32Array(64);
  /** Predecessors as linked lists over edges: edge + 1. */
  firstIncoming = new Int32Array(64);
  nextIncoming = new Int32Array(64);
  incomingCount = new Int32Array(64);

  private definedIn = new Int32Array(256);
  private bit = new Int32Array(256);
  /** Uses outside of the defining block: (register, block). */
  private usePairs = new Int32Array(256);
  private pairCount = 0;
  private stack = new Int32Array(64);

  compute(mf: MachineFunction): void {
    this.linkEdges(mf);
    this.globalCount = 0;
    // What a single block uses it defines.
    this.pairCount = 0;
    if (mf.blockCount > 1) this.findGlobals(mf);
    const words = (this.globalCount + 31) >> 5;
    this.words = words;
    const size = words * mf.blockCount;
    if (size > this.liveIn.length) {
      this.liveIn = new Int32Array(size * 2);
      this.liveOut = new Int32Array(size * 2);
    } else {
      this.liveIn.fill(0, 0, size);
      this.liveOut.fill(0, 0, size);
    }
    for (let i = 0; i < this.pairCount; i += 2) this.spread(mf, this.usePairs[i], this.usePairs[i + 1]);
  }

  /** The block from which the only edge to `block` comes; -1 if there is none, or more than one. */
  onlyPredecessor(mf: MachineFunction, block: number): number {
    return this.incomingCount[block] === 1 ? mf.edgeSource[this.firstIncoming[block] - 1] : -1;
  }

  private linkEdges(mf: MachineFunction): void {
    if (mf.blockCount >= this.firstIncoming.length) {
      this.firstIncoming = new Int32Array(mf.blockCount * 2);
      this.incomingCount = new Int32Array(mf.blockCount * 2);
      this.stack = new Int32Array(mf.blockCount * 2);
    }
    if (mf.edgeCount >= this.nextIncoming.length) this.nextIncoming = new Int32Array(mf.edgeCount * 2);
    this.firstIncoming.fill(0, 0, mf.blockCount);
    this.incomingCount.fill(0, 0, mf.blockCount);
    for (let edge = 0; edge < mf.edgeCount; edge++) {
      const target = mf.edgeTarget[edge];
      this.nextIncoming[edge] = this.firstIncoming[target];
      this.firstIncoming[target] = edge + 1;
      this.incomingCount[target]++;
    }
  }

  /** Blocks come in an order in which definitions precede uses, so one walk knows where each register is defined when it is used. */
  private findGlobals(mf: MachineFunction): void {
    if (mf.registerCount > this.definedIn.length) {
      this.definedIn = new Int32Array(mf.registerCount * 2);
      this.bit = new Int32Array(mf.registerCount * 2);
    }
    const { definedIn, bit } = this;
    bit.fill(-1, 0, mf.registerCount);
    const { order, operandStart, operandLength, operandRegister, operandInfo } = mf;
    for (let block = 0; block < mf.blockCount; block++) {
      for (let i = mf.paramStart[block], end = i + mf.paramCount[block]; i < end; i++) definedIn[mf.params[i]] = block;
      for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
        const instruction = order[n];
        const first = operandStart[instruction];
        for (let i = first, end = first + operandLength[instruction]; i < end; i++) {
          const register = operandRegister[i];
          if (register <= 0) continue;
          if (roleOf(operandInfo[i]) >= Role.def) definedIn[register] = block;
          else if (definedIn[register] !== block) this.useOutside(register, block);
        }
      }
      for (let edge = mf.firstEdge[block]; edge < mf.firstEdge[block + 1]; edge++) {
        for (let i = mf.edgeArgStart[edge]; i < mf.edgeArgStart[edge + 1]; i++) {
          const register = mf.args[i];
          if (register > 0 && definedIn[register] !== block) this.useOutside(register, block);
        }
      }
    }
  }

  /** A block uses what another one defines. */
  private useOutside(register: number, block: number): void {
    if (this.bit[register] < 0) {
      if (this.globalCount === this.globals.length) this.globals = grown(this.globals);
      this.globals[this.globalCount] = register;
      this.bit[register] = this.globalCount++;
    }
    if (this.pairCount + 2 > this.usePairs.length) this.usePairs = grown(this.usePairs);
    this.usePairs[this.pairCount++] = register;
    this.usePairs[this.pairCount++] = block;
  }

  private spread(mf: MachineFunction, register: number, useBlock: number): void {
    const { words, liveIn, liveOut, stack } = this;
    const index = this.bit[register];
    const word = index >> 5;
    const mask = 1 << (index & 31);
    const home = this.definedIn[register];
    if ((liveIn[useBlock * words + word] & mask) !== 0) return;
    liveIn[useBlock * words + word] |= mask;
    let top = 0;
    stack[top++] = useBlock;
    while (top > 0) {
      const block = stack[--top];
      for (let link = this.firstIncoming[block]; link !== 0; link = this.nextIncoming[link - 1]) {
        const source = mf.edgeSource[link - 1];
        liveOut[source * words + word] |= mask;
        if (source === home || (liveIn[source * words + word] & mask) !== 0) continue;
        liveIn[source * words + word] |= mask;
        stack[top++] = source;
      }
    }
  }
}
