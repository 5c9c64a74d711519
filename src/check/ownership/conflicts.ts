/** Accesses against the loans that are live there: what may not be read, changed, moved or ended while it is borrowed. */

import type { Node } from "../../syntax/ast.ts";
import { Conflict, type ConflictReport } from "./conflictReport.ts";
import { Op, StatementFlag, type Flow, type Graph, type Loan } from "./flow.ts";
import { LiveSet, type Liveness } from "./liveness.ts";
import { loanOf } from "./loanNumbers.ts";
import type { LoanSolver } from "./loans.ts";
import { emptySet, type SetId } from "./loanSets.ts";
import { Root, Step, Way, isFieldStep, isFromEnd, noPath, type PathId } from "./paths.ts";

/** How a place is accessed. */
export const Access = { read: 0, write: 1, move: 2, share: 3, change: 4, end: 5 } as const;

/** What an access means for what lies behind pointers on the way from the accessed place. */
const Depth = { shallow: 0, owned: 1, deep: 2 } as const;

/** So many statements of a block at a time: what is live behind each of them is kept. */
const piece = 512;

export class Conflicts {
  private readonly flow: Flow;
  private readonly graph: Graph;
  private readonly solver: LoanSolver;
  private readonly liveness: Liveness;
  private readonly report: ConflictReport;
  /** By statement: it may touch what a loan refers to, whatever is live there. */
  private readonly touches: Uint8Array;
  // The access that was looked at last.
  private path: PathId = noPath;
  private access: number = Access.read;
  private depth: number = Depth.deep;
  private pattern = 0 as Node;

  constructor(flow: Flow, graph: Graph, solver: LoanSolver, liveness: Liveness, report: ConflictReport) {
    this.flow = flow;
    this.graph = graph;
    this.solver = solver;
    this.liveness = liveness;
    this.report = report;
    this.touches = new Uint8Array(flow.statementCount);
  }

  /** Reports each access that conflicts with a loan which is live there. */
  check(): void {
    const { flow, graph, solver, liveness } = this;
    const live = new LiveSet(flow.paths.count);
    for (const block of graph.order) {
      const start = flow.start[block] as number;
      const end = flow.end[block] as number;
      if (!this.matters(start, end)) continue;
      // From the back what is live where a piece of the block ends; then piece by piece, so that not all that is live anywhere is kept at once.
      liveness.atEnd(block, live);
      const ends: Int32Array[] = [];
      for (let s = end - 1; s >= start + piece; s--) {
        if (s === end - 1 || (s + 1 - start) % piece === 0) ends.push(live.list());
        liveness.before(s, live);
      }
      solver.enter(block);
      for (let s = start; s < end; s += piece) {
        if (s > start) live.become(ends.pop() as Int32Array);
        this.checkPiece(s, Math.min(s + piece, end), live);
      }
    }
  }

  /** Something in the block is to be looked at. */
  private matters(start: number, end: number): boolean {
    const { flow } = this;
    let any = flow.globals.length > 0;
    for (let s = start; s < end; s++) {
      if (this.look(s)) {
        this.touches[s] = 1;
        any = true;
      } else if (!any && (flow.op[s] === Op.escape || (flow.op[s] === Op.call && this.report.mayStray(flow.b[s] as number)))) any = true;
    }
    return any;
  }

  /** Statements of a block, of which what is live behind the last is known. */
  private checkPiece(start: number, end: number, live: LiveSet): void {
    const { flow, solver, liveness } = this;
    // What is live behind the statements that matter, from the back; then the loans, from the front.
    const behind = new Map<number, Int32Array>();
    for (let s = end - 1; s >= start; s--) {
      if (this.touches[s] === 1) {
        // What the statement gives a value is not held from before; what it uses comes with the next step.
        liveness.define(s, live);
        behind.set(s, live.list());
      }
      liveness.before(s, live);
    }
    for (let s = start; s < end; s++) {
      const after = behind.get(s);
      if (after !== undefined) this.checkStatement(s, after);
      if (flow.op[s] === Op.escape) this.checkEscape(s);
      else if (flow.op[s] === Op.call) this.report.strays(s);
      solver.transfer(s);
      for (const global of flow.globals) this.checkGlobal(s, global);
    }
  }

  /** What was put into a global, a Cell say, ends before the program. */
  private checkGlobal(s: number, global: PathId): void {
    const { flow, solver } = this;
    if (flow.op[s] !== Op.call && flow.op[s] !== Op.assign) return;
    const passing = solver.sets.of(solver.held.held(global)).map(loanOf).find((loan) => {
      if (loan < 0 || loan >> 1 === solver.held.heap >> 1) return false;
      const loaned = flow.loans[loan - flow.firstLoan];
      return loaned === undefined || flow.paths.kindOf(flow.paths.rootOf(loaned.place)) < Root.shared;
    });
    if (passing !== undefined) this.report.intoGlobal(s, passing);
  }

  /** The place that a statement accesses; 0 if none. */
  private accessed(s: number): PathId {
    const { flow } = this;
    switch (flow.op[s]) {
      case Op.read:
      case Op.copy:
      case Op.move:
        return flow.b[s] as PathId;
      case Op.borrow:
        return flow.loans[flow.b[s] as number]?.place ?? noPath;
      case Op.assign:
      case Op.dead:
        return flow.a[s] as PathId;
      default:
        return noPath;
    }
  }

  /** What a statement accesses, and how, if a loan refers to something there. */
  private look(s: number): boolean {
    const { flow } = this;
    const { paths } = flow;
    let path = this.accessed(s);
    const loans = path === noPath ? undefined : flow.loansOf.get(paths.rootOf(path));
    if (loans === undefined) return false;
    const flags = flow.flags[s] as number;
    const op = flow.op[s];
    let access: number = Access.read;
    let depth: number = Depth.deep;
    let pattern = 0 as Node;
    if (op === Op.move) access = Access.move;
    else if (op === Op.borrow) {
      const loan = flow.loans[flow.b[s] as number] as Loan;
      access = loan.mutable ? Access.change : Access.share;
      pattern = loan.pattern;
    } else if (op === Op.assign || op === Op.dead) {
      access = op === Op.assign ? Access.write : Access.end;
      depth = (flags & StatementFlag.dropUses) !== 0 ? Depth.deep : (flags & StatementFlag.drops) !== 0 ? Depth.owned : Depth.shallow;
    } else if ((flags & StatementFlag.shallow) !== 0) {
      depth = Depth.shallow;
    }
    if (paths.goes(path, Way.raw)) {
      // Up to the raw pointer, which is read.
      for (let at = path; at !== 0; at = paths.parent(at)) if (paths.stepOf(at) === Step.raw) path = paths.parent(at);
      access = Access.read;
      depth = Depth.shallow;
    }
    this.path = path;
    this.access = access;
    this.depth = depth;
    this.pattern = pattern;
    const isLook = access === Access.read || access === Access.share;
    return (isLook ? flow.mutableLoansOf.get(paths.rootOf(path)) : loans)?.some((number) => this.isTouched(s, number)) === true;
  }

  /** The access that was looked at touches what this loan refers to, and does not go with it. */
  private isTouched(s: number, number: number): boolean {
    const { flow, path, access, pattern } = this;
    const loan = flow.loans[number] as Loan;
    if (!loan.mutable && (access === Access.read || access === Access.share)) return false;
    if (flow.op[s] === Op.borrow && flow.b[s] === number && flow.a[s] === noPath) return false;
    return this.overlaps(path, loan.place, this.depth, access, pattern !== 0 && pattern === loan.pattern);
  }

  private checkStatement(s: number, live: Int32Array): void {
    this.look(s);
    const { flow, path, access, depth } = this;
    const { paths } = flow;
    const op = flow.op[s];
    const root = paths.rootOf(path);
    // What is moved goes on to live elsewhere, and so do references to itself that it holds. So does what is lent to be changed, for who it is lent to.
    const moves = (op === Op.move || (op === Op.borrow && access === Access.change)) && flow.a[s] !== noPath;
    // A Drop within may look at what another field owned, which may have been dropped before.
    const looksAtItself = depth === Depth.deep && (access === Access.write || access === Access.end) && paths.kindOf(root) !== Root.capture;
    const own = moves || looksAtItself ? this.solver.held.valueAt(path) : emptySet;
    for (const number of this.liveBorrows(root, live, own)) {
      if (!this.isTouched(s, number)) continue;
      this.report.conflict(new Conflict(s, path, access, flow.loans[number] as Loan, number), Array.from(live, (one) => one as PathId));
      return;
    }
  }

  /** All loans that something which is still used may hold. */
  private liveLoans(live: Int32Array, moved: SetId): Set<number> {
    const { held } = this.solver;
    const sets: SetId[] = [moved];
    for (const path of live) sets.push(held.at(path as PathId));
    for (const content of this.flow.contents) sets.push(held.held(content));
    return held.reached(sets);
  }

  /** The borrows of places within `root` that something which is still used may hold, in the order of the text. */
  private liveBorrows(root: PathId, live: Int32Array, moved: SetId): number[] {
    const { flow } = this;
    const found: number[] = [];
    for (const held of this.liveLoans(live, moved)) {
      const number = loanOf(held) - flow.firstLoan;
      if (number >= 0 && flow.paths.rootOf((flow.loans[number] as Loan).place) === root) found.push(held);
    }
    return found.sort((a, b) => a - b).map((held) => loanOf(held) - flow.firstLoan);
  }

  /** An access to `path` touches what a loan of `place` refers to. */
  private overlaps(path: PathId, place: PathId, depth: number, access: number, samePattern: boolean): boolean {
    const { paths } = this.flow;
    const one = paths.stepsOf(path);
    const other = paths.stepsOf(place);
    const common = Math.min(one.length, other.length);
    for (let i = 0; i < common; i++) {
      const a = paths.stepOf(one[i] as PathId);
      const b = paths.stepOf(other[i] as PathId);
      if (a === b) continue;
      if (isFieldStep(a) && isFieldStep(b)) return false;
      // Elements that patterns count from the same end; parts of one pattern are never the same.
      if (samePattern) return false;
      if (a < 0 && b < 0 && isFromEnd(a) === isFromEnd(b)) return false;
      return true;
    }
    if (depth === Depth.deep) return true;
    for (let i = common; i < other.length; i++) {
      const step = paths.stepOf(other[i] as PathId);
      if (step === Step.deref || step === Step.raw) return false;
      if (step === Step.owned && depth === Depth.shallow) return false;
    }
    return !(depth === Depth.shallow && access === Access.read && other.length > one.length);
  }

  /** What goes into a global may refer to nothing that ends. */
  private checkEscape(s: number): void {
    const { flow, solver } = this;
    const set = solver.held.valueAt(flow.b[s] as PathId);
    const loans = solver.sets.of(set).map(loanOf).filter((loan) => loan >= 0 && loan !== solver.held.heap && loan !== solver.held.heap + 1);
    if (loans.length > 0) this.report.escape(s, loans[0] as number);
  }
}
