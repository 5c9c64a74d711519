/** Writes the moves that the allocation placed between instructions, and sets of parallel moves. */
import type { Allocation } from "./allocation.ts";
import { NO_PLACE } from "./machine.ts";
import { Step } from "./parallelMoves.ts";
import type { ParallelMoves } from "./parallelMoves.ts";

/** What an architecture gives: a copy between two places, or of constant −from; an exchange. `kind` is a register class. */
export interface PlaceMover {
  move(from: number, to: number, kind: number): void;
  exchange(a: number, b: number, kind: number): void;
}

/** The steps of an allocation, in the order of the code. */
export class MoveSteps {
  private readonly mover: PlaceMover;
  private readonly allocation: Allocation;
  private next = 0;
  /** The move made last, while no instruction has been written since. */
  private lastFrom = NO_PLACE;
  private lastTo = NO_PLACE;

  constructor(mover: PlaceMover, allocation: Allocation) {
    this.mover = mover;
    this.allocation = allocation;
  }

  /** Begins with the first step at `key` or behind it. */
  begin(key: number): void {
    this.next = this.allocation.firstStep(key);
    this.lastTo = NO_PLACE;
  }

  /** Whether a step stands before `key` that is not written yet. */
  waits(key: number): boolean {
    return this.next < this.allocation.stepCount && this.allocation.stepKey[this.next] < key;
  }

  /** Writes the steps before `key`. */
  writeBefore(key: number): void {
    while (this.waits(key)) this.write(this.next++);
  }

  /** Writes the steps of another place in the code here: from `key` up to `end`. */
  writeFrom(key: number, end: number): void {
    const { allocation } = this;
    this.lastTo = NO_PLACE;
    for (let at = allocation.firstStep(key); at < allocation.stepCount && allocation.stepKey[at] < end; at++) this.write(at);
    this.lastTo = NO_PLACE;
  }

  /** An instruction follows: what the last move left where it was may change. */
  endMoves(): void {
    this.lastTo = NO_PLACE;
  }

  private write(at: number): void {
    const { allocation, mover } = this;
    const from = allocation.stepFrom[at];
    const to = allocation.stepTo[at];
    if (allocation.step[at] !== Step.move) {
      this.lastTo = NO_PLACE;
      mover.exchange(from, to, allocation.stepKind[at]);
      return;
    }
    // Back where it just came from: it still is there.
    if (from === this.lastTo && to === this.lastFrom) return;
    this.lastFrom = from;
    this.lastTo = to;
    mover.move(from, to, allocation.stepKind[at]);
  }
}

/** Writes a set of moves that has been resolved. */
export function writeMoves(parallel: ParallelMoves, mover: PlaceMover): void {
  for (let m = 0; m < parallel.stepCount; m++) {
    if (parallel.step[m] === Step.move) mover.move(parallel.stepFrom[m], parallel.stepTo[m], parallel.stepKind[m]);
    else mover.exchange(parallel.stepFrom[m], parallel.stepTo[m], parallel.stepKind[m]);
  }
}
