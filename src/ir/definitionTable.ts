/** Which value each variable of the source has at the end of each block, as far as that is known: for the builder. */

import type { Variable } from "./builder.ts";
import type { Block, Value } from "./function.ts";

/** Blocks are counted in steps of so many: a key is block × STEP + variable + 1, and 0 stands for none. */
const STEP = 65536;

export class DefinitionTable {
  /** Open addressing. */
  private keys = new Float64Array(256);
  private values = new Int32Array(256);
  private used = 0;

  /** Forgets all: for the next function. */
  clear(): void {
    if (this.used > 0) this.keys.fill(0);
    this.used = 0;
  }

  /** The variable's value at the end of the block; 0 if it is not known. */
  find(block: Block, variable: Variable): Value {
    const key = block * STEP + variable + 1;
    const mask = this.keys.length - 1;
    for (let at = hash(block, variable) & mask; ; at = (at + 1) & mask) {
      const found = this.keys[at];
      if (found === key) return this.values[at] as Value;
      if (found === 0) return 0 as Value;
    }
  }

  /** The variable has this value at the end of the block. */
  set(block: Block, variable: Variable, value: Value): void {
    if (variable >= STEP - 1) throw new Error("ir/definitionTable.set: more than 65,535 variables in a function; use stack slots");
    if (this.used * 2 >= this.keys.length) this.grow();
    const key = block * STEP + variable + 1;
    const mask = this.keys.length - 1;
    let at = hash(block, variable) & mask;
    while (this.keys[at] !== 0 && this.keys[at] !== key) at = (at + 1) & mask;
    if (this.keys[at] === 0) this.used++;
    this.keys[at] = key;
    this.values[at] = value;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.values = new Int32Array(keys.length * 2);
    const mask = this.keys.length - 1;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      if (key === 0) continue;
      const block = Math.floor((key - 1) / STEP);
      let at = hash(block, key - 1 - block * STEP) & mask;
      while (this.keys[at] !== 0) at = (at + 1) & mask;
      this.keys[at] = key;
      this.values[at] = values[i] as number;
    }
  }
}

function hash(block: number, variable: number): number {
  const mixed = Math.imul(block, 0x9e3779b1) ^ Math.imul(variable, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
