/** What the program's variables are at each point: owned, moved (wholly, in parts), borrowed. A use that the language refuses is never written. */

import type { Type } from "./types.ts";

export type Reference = "none" | "shared" | "mut";

export interface Variable {
  readonly name: string;
  /** Of the value, or of what is behind the reference. A slice is an array of unknown length: `slice`. */
  readonly type: Type;
  readonly reference: Reference;
  readonly slice: boolean;
  readonly mutable: boolean;
  /** Loops and closures around its declaration. A variable moves, and what is borrowed from it ends, only where this is the depth. */
  readonly depth: number;
  /** May never move: it is captured, or `self` behind a reference. */
  readonly pinned: boolean;
  /** Paths of parts that moved; "" is the whole. */
  moved: ReadonlySet<string>;
  /** A reference whose target changed, and a closure likewise: never named again. */
  dead: boolean;
  /** What this may refer to. */
  loans: readonly Loan[];
}

export interface Loan {
  readonly of: Variable;
  readonly kind: "shared" | "mut";
}

interface State {
  readonly moved: ReadonlySet<string>;
  readonly dead: boolean;
  readonly loans: readonly Loan[];
}

const whole: ReadonlySet<string> = new Set([""]);
const nothing: ReadonlySet<string> = new Set();

export class Scope {
  variables: Variable[] = [];
  /** Loops and closures around. */
  depth = 0;
  /** Variables before this index are read only: a closure or a guard is being written. */
  floor = 0;
  /** What the statement being written has borrowed so far. */
  private pendingShared = new Set<Variable>();
  private pendingMut = new Set<Variable>();
  /** What may not be named for now. */
  readonly hidden = new Set<Variable>();
  /** What the closure being written names, or undefined. */
  log: Set<Variable> | undefined;
  /** Moves within a loop that leaves it at once: they hold behind it. */
  private leaving: Variable[][] = [];

  declare(name: string, type: Type, more: Partial<Variable> = {}): Variable {
    const variable: Variable = { name, type, reference: "none", slice: false, mutable: false, depth: this.depth, pinned: false, moved: nothing, dead: false, loans: [], ...more };
    this.variables.push(variable);
    return variable;
  }

  newStatement(): void {
    this.pendingShared.clear();
    this.pendingMut.clear();
  }

  /** Runs `write` as an operand of its own that ends before the statement goes on: a block's statements. */
  nested<T>(write: () => T): T {
    const [shared, mut] = [this.pendingShared, this.pendingMut];
    this.pendingShared = new Set(shared);
    this.pendingMut = new Set(mut);
    const done = write();
    this.pendingShared = shared;
    this.pendingMut = mut;
    return done;
  }

  isHeld(variable: Variable): boolean {
    return this.holders(variable).length > 0;
  }

  private holders(of: Variable): Variable[] {
    const found: Variable[] = [];
    const walk = (target: Variable): void => {
      for (const variable of this.variables) {
        if (!variable.dead && !found.includes(variable) && variable.loans.some((loan) => loan.of === target)) {
          found.push(variable);
          walk(variable);
        }
      }
    };
    walk(of);
    return found;
  }

  /** Holders that must end for `of` to be read, or changed; undefined if one cannot. */
  private toEnd(of: Variable, change: boolean): Variable[] | undefined {
    const ending: Variable[] = [];
    for (const holder of this.holders(of)) {
      const mutable = change || this.mutLoan(holder, of);
      if (!mutable) continue;
      if (holder.depth !== this.depth || this.variables.indexOf(holder) < this.floor || this.pendingShared.has(holder) || this.pendingMut.has(holder)) return undefined;
      ending.push(holder);
    }
    return ending;
  }

  private mutLoan(holder: Variable, of: Variable): boolean {
    return holder.loans.some((loan) => (loan.kind === "mut" ? loan.of === of || this.mutOrShared(loan.of, of) : loan.of !== of && this.mutLoan(loan.of, of)));
  }

  private mutOrShared(holder: Variable, of: Variable): boolean {
    return holder.loans.some((loan) => loan.of === of || this.mutOrShared(loan.of, of));
  }

  private hasPart(variable: Variable, path: string): boolean {
    if (variable.dead || this.hidden.has(variable)) return false;
    // A closure captures the whole of what it names.
    if (this.log !== undefined && variable.moved.size > 0 && this.variables.indexOf(variable) < this.floor) return false;
    for (const moved of variable.moved) {
      if (moved === "" || path === "" || moved === path || moved.startsWith(`${path}.`) || path.startsWith(`${moved}.`)) return false;
    }
    return true;
  }

  /** Whether the part can be looked at now. */
  canRead(variable: Variable, path = ""): boolean {
    if (!this.hasPart(variable, path) || this.pendingMut.has(variable)) return false;
    return this.toEnd(variable, false) !== undefined;
  }

  /** Whether it can be changed, or borrowed by `&mut`, now. */
  canChange(variable: Variable, path = ""): boolean {
    if (!this.hasPart(variable, path)) return false;
    return this.canAssign(variable);
  }

  /** As `canChange`, though it may have moved. */
  canAssign(variable: Variable): boolean {
    if (variable.dead || this.hidden.has(variable) || this.pendingMut.has(variable) || this.pendingShared.has(variable)) return false;
    if (this.variables.indexOf(variable) < this.floor) return false;
    if (variable.reference === "none" ? !variable.mutable : variable.reference !== "mut") return false;
    return this.toEnd(variable, true) !== undefined;
  }

  canMove(variable: Variable, path = ""): boolean {
    if (variable.reference !== "none" || variable.pinned || variable.depth !== this.depth) return false;
    if (this.variables.indexOf(variable) < this.floor || !this.hasPart(variable, path)) return false;
    if (this.pendingMut.has(variable) || this.pendingShared.has(variable)) return false;
    return this.toEnd(variable, true) !== undefined;
  }

  read(variable: Variable): void {
    this.log?.add(variable);
    for (const ending of this.toEnd(variable, false) ?? []) ending.dead = true;
  }

  /** It stays borrowed to the end of the statement, with all that it refers to. */
  borrow(variable: Variable, kind: "shared" | "mut"): void {
    this.log?.add(variable);
    for (const ending of this.toEnd(variable, kind === "mut") ?? []) ending.dead = true;
    (kind === "mut" ? this.pendingMut : this.pendingShared).add(variable);
    const roots = (from: Variable): void => {
      for (const loan of from.loans) {
        (loan.kind === "mut" ? this.pendingMut : this.pendingShared).add(loan.of);
        roots(loan.of);
      }
    };
    roots(variable);
  }

  change(variable: Variable): void {
    this.log?.add(variable);
    for (const ending of this.toEnd(variable, true) ?? []) ending.dead = true;
  }

  move(variable: Variable, path = ""): void {
    this.log?.add(variable);
    for (const ending of this.toEnd(variable, true) ?? []) ending.dead = true;
    variable.moved = path === "" ? whole : new Set([...variable.moved, path]);
  }

  /** The whole was assigned. */
  restore(variable: Variable): void {
    variable.moved = nothing;
  }

  // ── control flow ──

  snapshot(): Map<Variable, State> {
    return new Map(this.variables.map((variable) => [variable, { moved: variable.moved, dead: variable.dead, loans: variable.loans }]));
  }

  reset(to: ReadonlyMap<Variable, State>): void {
    for (const [variable, { moved, dead, loans }] of to) {
      variable.moved = moved;
      variable.dead = dead;
      variable.loans = loans;
    }
  }

  /** What holds behind branches that ended so: whatever one of them moved or ended. */
  merge(ends: readonly ReadonlyMap<Variable, State>[]): void {
    const first = ends[0];
    if (first === undefined) return;
    this.reset(first);
    for (const end of ends.slice(1)) {
      for (const [variable, { moved, dead, loans }] of end) {
        variable.moved = new Set([...variable.moved, ...moved]);
        variable.dead ||= dead;
        variable.loans = [...new Set([...variable.loans, ...loans])];
      }
    }
  }

  /** A block: what is declared in it ends, and so does what refers to it. */
  block<T>(write: () => T): T {
    const kept = this.variables.length;
    const done = write();
    const gone = this.variables.slice(kept);
    for (const variable of this.variables.slice(0, kept)) if (variable.loans.some((loan) => gone.includes(loan.of))) variable.dead = true;
    this.variables.length = kept;
    return done;
  }

  /** The body of a loop, which may run any number of times. */
  loop<T>(write: () => T): T {
    const before = this.snapshot();
    this.depth++;
    this.leaving.push([]);
    const done = this.block(write);
    this.depth--;
    this.merge([before, this.snapshot()].map((state) => new Map([...state].filter(([variable]) => this.variables.includes(variable)))));
    for (const variable of this.leaving.pop() ?? []) variable.moved = whole;
    return done;
  }

  /** Whether it may move if the loop around is left behind the move. */
  canMoveLeaving(variable: Variable): boolean {
    if (this.leaving.length === 0 || variable.depth !== this.depth - 1 || variable.reference !== "none" || variable.pinned) return false;
    if (this.variables.indexOf(variable) < this.floor || variable.moved.size > 0 || variable.dead) return false;
    return this.holders(variable).length === 0 && !this.pendingShared.has(variable) && !this.pendingMut.has(variable);
  }

  moveLeaving(variable: Variable): void {
    this.leaving.at(-1)?.push(variable);
  }

  /** What may look at the variables, and does not move or change them: a closure's body, a guard. */
  looking<T>(write: () => T): T {
    const [floor, kept] = [this.floor, this.variables.length];
    this.floor = kept;
    this.depth++;
    const done = this.block(write);
    this.depth--;
    this.floor = floor;
    return done;
  }
}
