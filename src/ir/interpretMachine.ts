/** The registers, frames and memory of a running interpretation: what the loop and interpret.ts share. */

import type { SymbolId } from "./function.ts";
import type { Decoded } from "./interpretDecode.ts";
import type { InterpreterMemory } from "./interpretMemory.ts";

/** Why the loop stopped. */
export const Stop = { returned: 0, trap: 1, fault: 2, budget: 3, depth: 4, special: 5 } as const;

export class Machine {
  words = new Int32Array(1 << 14);
  doubles = new Float64Array(this.words.buffer);
  readonly memory: InterpreterMemory;
  budget: number;
  readonly maximumDepth: number;
  /** Callers, outermost first: the function; its counter at the call, the first word of its registers, the start of its slots. */
  depth = 0;
  readonly functions: Decoded[] = [];
  private saved = new Int32Array(3 * 64);
  /** The frame that runs. */
  decoded: Decoded;
  pc = 0;
  base = 0;
  stack: number;
  /** What went wrong, with `Stop.fault`. */
  fault = "";
  /** The symbol called, with `Stop.special` on a call of a function without a body. */
  callee: SymbolId | -1 = -1;
  private readonly lookUp: (symbol: SymbolId) => Decoded | undefined;

  constructor(memory: InterpreterMemory, budget: number, maximumDepth: number, decoded: Decoded, lookUp: (symbol: SymbolId) => Decoded | undefined) {
    this.memory = memory;
    this.budget = budget;
    this.maximumDepth = maximumDepth;
    this.decoded = decoded;
    this.lookUp = lookUp;
    this.stack = memory.stackStart;
    this.reserve(decoded.frameWords);
  }

  reserve(end: number): void {
    if (end <= this.words.length) return;
    let size = this.words.length;
    while (size < end) size *= 2;
    const words = new Int32Array(size);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
  }

  /** Makes the registers and slots of a function that is about to run; false if the stack is exhausted. */
  enter(decoded: Decoded): boolean {
    this.reserve(this.base + decoded.frameWords);
    const { memory, words, base } = this;
    const { constants } = decoded;
    for (let i = 0; i < constants.length; i++) words[base + i] = constants[i] as number;
    if (decoded.slots.length > 0) {
      const end = this.stack + decoded.slots.length;
      if (end > memory.stackEnd) return false;
      memory.reserve(end);
      memory.access.set(decoded.slots, this.stack);
      memory.bytes.fill(0, this.stack, end);
      for (const { register, offset } of decoded.slotAddresses) {
        this.words[this.base + register] = this.stack + offset;
        this.words[this.base + register + 1] = 0;
      }
    }
    return true;
  }

  private leave(): void {
    if (this.decoded.slots.length > 0) this.memory.access.fill(0, this.stack, this.stack + this.decoded.slots.length);
  }

  /** Ends the frame that runs; `results` are its registers. False when it was the first one: the results are in words 0, 4, 8, …. */
  return(at: number, count: number): boolean {
    const { words, decoded } = this;
    const from = this.base;
    this.leave();
    if (this.depth === 0) {
      const results = new Int32Array(4 * count);
      for (let i = 0; i < count; i++) for (let w = 0; w < 4; w++) results[4 * i + w] = words[from + (decoded.code[at + i] as number) + w] as number;
      words.set(results);
      return false;
    }
    const depth = --this.depth;
    const caller = this.functions[depth] as Decoded;
    const pc = this.saved[3 * depth] as number;
    const base = this.saved[3 * depth + 1] as number;
    this.stack = this.saved[3 * depth + 2] as number;
    // The call's own words tell where its results go.
    const code = caller.code;
    let place = pc + 3 + (code[pc + 2] as number);
    const wanted = code[place++] as number;
    for (let i = 0; i < count && i < wanted; i++) {
      const to = base + (code[place + i] as number);
      const value = from + (decoded.code[at + i] as number);
      words[to] = words[value] as number;
      words[to + 1] = words[value + 1] as number;
      words[to + 2] = words[value + 2] as number;
      words[to + 3] = words[value + 3] as number;
    }
    this.decoded = caller;
    this.base = base;
    this.pc = place + wanted;
    return true;
  }

  /** The counter at which caller `depth` waits. */
  counterOf(depth: number): number {
    return this.saved[3 * depth] as number;
  }

  /** Calls a function from the call instruction at `pc`. */
  call(symbol: SymbolId, pc: number): number {
    this.pc = pc;
    const callee = this.lookUp(symbol);
    this.callee = symbol;
    if (callee === undefined) return Stop.special;
    if (this.depth >= this.maximumDepth) return Stop.depth;
    const caller = this.decoded;
    const code = caller.code;
    const from = this.base;
    const to = from + caller.frameWords;
    const depth = this.depth++;
    if (3 * depth + 3 > this.saved.length) {
      const saved = new Int32Array(2 * this.saved.length);
      saved.set(this.saved);
      this.saved = saved;
    }
    this.functions[depth] = caller;
    this.saved[3 * depth] = pc;
    this.saved[3 * depth + 1] = from;
    this.saved[3 * depth + 2] = this.stack;
    this.stack += caller.slots.length;
    this.base = to;
    if (!this.enter(callee)) return Stop.depth;
    const { words } = this;
    const count = code[pc + 2] as number;
    const params = to + callee.constants.length;
    for (let i = 0; i < count; i++) {
      const at = from + (code[pc + 3 + i] as number);
      words[params + 4 * i] = words[at] as number;
      words[params + 4 * i + 1] = words[at + 1] as number;
      words[params + 4 * i + 2] = words[at + 2] as number;
      words[params + 4 * i + 3] = words[at + 3] as number;
    }
    this.decoded = callee;
    this.pc = 0;
    return Stop.returned;
  }
}
