/** Where the locals of the function at hand live: as values, as variables of the builder, or in stack slots. */

import { LocalFlag } from "../check/checkedProgram.ts";
import type { LocalId } from "../check/definitions.ts";
import type { Variable } from "../ir/builder.ts";
import type { Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

/** Where a local lives. */
export const Home = { None: 0, Value: 1, Variable: 2, Slot: 3 } as const;

export class Locals {
  private readonly g: Generator;
  private kind: Uint8Array;
  /** The value, the variable or the slot's address; of a Pair, its first half. */
  private first: Int32Array;
  private second: Int32Array;

  constructor(g: Generator, count: number) {
    this.g = g;
    this.kind = new Uint8Array(count + 64);
    this.first = new Int32Array(count + 64);
    this.second = new Int32Array(count + 64);
  }

  /** Makes room for `count` locals; what is known of those there are stays. */
  reserve(count: number): void {
    if (count <= this.kind.length) return;
    const { kind, first, second } = this;
    this.kind = new Uint8Array(count * 2);
    this.kind.set(kind);
    this.first = new Int32Array(count * 2);
    this.first.set(first);
    this.second = new Int32Array(count * 2);
    this.second.set(second);
  }

  /** Makes a home for a local and puts a value there (Memory: copies from the address `value`). */
  declare(local: LocalId, value: Value, second: Value): void {
    const { g } = this;
    const type = g.program.localType(local);
    const shape = g.shapes.of(type);
    if (shape === Shape.Void) {
      this.kind[local] = Home.None;
      return;
    }
    if (shape === Shape.Memory || g.program.localHas(local, LocalFlag.addressTaken) || g.needsDrop(type) || g.debug !== undefined) {
      const address = this.declareSlot(local);
      g.storeValue(type, value, second, address, 0);
    } else if (g.program.localHas(local, LocalFlag.assigned)) {
      this.declareVariables(local);
      this.write(local, value, second);
    } else {
      this.kind[local] = Home.Value;
      this.first[local] = value;
      this.second[local] = second;
    }
  }

  /** Gives a local a stack slot and returns its address. */
  declareSlot(local: LocalId): Value {
    const { g } = this;
    const type = g.program.localType(local);
    const address = g.debug?.homeOf(local) ?? g.temporary(type);
    this.kind[local] = Home.Slot;
    this.first[local] = address;
    g.debug?.add(local, type, address);
    return address;
  }

  /** Makes a value that never changes a local's home. */
  adoptValue(local: LocalId, value: Value, second: Value): void {
    const { g } = this;
    if (g.debug !== undefined) return this.declare(local, value, second);
    this.kind[local] = Home.Value;
    this.first[local] = value;
    this.second[local] = second;
  }

  /** Makes memory that is there already a local's home. */
  adoptSlot(local: LocalId, address: Value): void {
    const { g } = this;
    this.kind[local] = Home.Slot;
    this.first[local] = address;
    g.debug?.add(local, g.program.localType(local), address);
  }

  /** Gives a Scalar or Pair local variables that may be written several times. */
  declareVariables(local: LocalId): void {
    const { g } = this;
    const type = g.program.localType(local);
    if (g.debug !== undefined) return void this.declareSlot(local);
    const pair = g.shapes.of(type) === Shape.Pair;
    this.kind[local] = Home.Variable;
    this.first[local] = g.b.variable(pair ? Type.ptr : g.shapes.scalar(type));
    if (pair) this.second[local] = g.b.variable(g.shapes.second(type));
  }

  /** Gives another value to a local that has variables. */
  write(local: LocalId, value: Value, second: Value): void {
    const { g } = this;
    if (!g.reachable) return;
    g.b.write(this.first[local] as Variable, value);
    if (g.shapes.of(g.program.localType(local)) === Shape.Pair) g.b.write(this.second[local] as Variable, second);
  }

  /** Where a local lives (`Home`); of one in a slot, the slot's address. */
  homeOf(local: LocalId): number { return this.kind[local] as number; }
  slotOf(local: LocalId): Value { return this.first[local] as Value; }

  /** The value; of a Pair the second half is left in `g.second`. */
  read(local: LocalId): Value {
    const { g } = this;
    const type = g.program.localType(local);
    switch (this.kind[local]) {
      case Home.Value:
        g.second = this.second[local] as Value;
        return this.first[local] as Value;
      case Home.Variable: {
        const first = g.b.read(this.first[local] as Variable);
        if (g.shapes.of(type) === Shape.Pair) g.second = g.b.read(this.second[local] as Variable);
        return first;
      }
      case Home.Slot:
        return g.loadValue(type, this.first[local] as Value, 0);
      default:
        return 0 as Value;
    }
  }
}
