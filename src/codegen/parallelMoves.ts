/**
 * Turns moves that happen all at once into moves that happen one after the other: a place is written when nobody has to read it any more;
 * what remains are cycles, which go through a spare place, or which exchanges turn. Constants come last: they read nothing.
 */

/** Kinds of steps. */
export const Step = { move: 0, exchange: 1 } as const;

/** Knows a place that holds nothing while the moves happen: its number, or -1. */
export interface SparePlaces {
  spareFor(kind: number): number;
}

export class ParallelMoves {
  count = 0;
  from = new Int32Array(64);
  to = new Int32Array(64);
  /** Class of what is moved, 0 integer, 1 float; it says how memory is moved. */
  kind = new Uint8Array(64);

  /** The steps of the last `resolve`. */
  stepCount = 0;
  step = new Uint8Array(128);
  stepFrom = new Int32Array(128);
  stepTo = new Int32Array(128);
  stepKind = new Uint8Array(128);

  clear(): void {
    this.count = 0;
  }

  /** `from`: a place, or minus a constant. No two moves have the same target. */
  add(from: number, to: number, kind: number): void {
    if (from === to) return;
    if (this.count === this.from.length) this.grow();
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.kind[this.count++] = kind;
  }

  resolve(spares?: SparePlaces): void {
    const { from, to, kind } = this;
    const { count } = this;
    this.stepCount = 0;
    let constants = 0;
    // Constants go to the end of the columns.
    for (let i = 0; i < count - constants; ) {
      if (from[i] >= 0) {
        i++;
        continue;
      }
      constants++;
      const last = count - constants;
      const constant = from[i];
      const target = to[i];
      const targetKind = kind[i];
      from[i] = from[last];
      to[i] = to[last];
      kind[i] = kind[last];
      from[last] = constant;
      to[last] = target;
      kind[last] = targetKind;
    }
    if (count > constants) this.resolvePlaces(count - constants, spares);
    for (let i = count - constants; i < count; i++) this.emit(Step.move, from[i], to[i], kind[i]);
    this.count = 0;
  }

  /** Makes steps of the first `count` moves, none of which is of a constant. */
  private resolvePlaces(count: number, spares: SparePlaces | undefined): void {
    const { from, to, kind } = this;
    while (count > 0) {
      let progress = false;
      for (let i = 0; i < count; i++) {
        const target = to[i];
        let read = false;
        for (let j = 0; j < count; j++) {
          if (j !== i && from[j] === target) {
            read = true;
            break;
          }
        }
        if (read && from[i] !== target) continue;
        if (from[i] !== target) this.emit(Step.move, from[i], target, kind[i]);
        count--;
        from[i] = from[count];
        to[i] = to[count];
        kind[i] = kind[count];
        i--;
        progress = true;
      }
      if (progress || count === 0) continue;
      const spare = spares === undefined ? -1 : spares.spareFor(kind[0]);
      if (spare >= 0) {
        // What lies at the first target is read from the spare place: the target can be written.
        const saved = to[0];
        this.emit(Step.move, saved, spare, kind[0]);
        for (let j = 0; j < count; j++) if (from[j] === saved) from[j] = spare;
        continue;
      }
      // After the exchange, what was to be read from `a` is in `b`.
      const a = to[0];
      const b = from[0];
      this.emit(Step.exchange, b, a, kind[0]);
      for (let j = 0; j < count; j++) from[j] = from[j] === a ? b : from[j] === b ? a : from[j];
    }
  }

  private emit(step: number, from: number, to: number, kind: number): void {
    const at = this.stepCount++;
    if (at === this.step.length) {
      const capacity = at * 2;
      this.step = copy8(this.step, capacity);
      this.stepKind = copy8(this.stepKind, capacity);
      this.stepFrom = copy(this.stepFrom, capacity);
      this.stepTo = copy(this.stepTo, capacity);
    }
    this.step[at] = step;
    this.stepFrom[at] = from;
    this.stepTo[at] = to;
    this.stepKind[at] = kind;
  }

  private grow(): void {
    const capacity = this.from.length * 2;
    this.from = copy(this.from, capacity);
    this.to = copy(this.to, capacity);
    this.kind = copy8(this.kind, capacity);
  }
}

function copy(from: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(capacity);
  to.set(from);
  return to;
}

function copy8(from: Uint8Array, capacity: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(capacity);
  to.set(from);
  return to;
}
