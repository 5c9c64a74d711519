/** The messages about conflicts: both places, where the borrow is used later, and the function that handed it on. */

import type { Label } from "../../source/diagnostics.ts";
import type { ErrorCode } from "../../source/errorCodes.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { Flag, Kind, type Node } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { LocalId } from "../definitions.ts";
import { Access } from "./conflicts.ts";
import { describe, inputName, isNamed, localName } from "./describe.ts";
import { Op, type Flow, type Graph, type Loan } from "./flow.ts";
import { LiveSet, type Liveness } from "./liveness.ts";
import type { LoanSolver } from "./loans.ts";
import { Root, noPath, type PathId } from "./paths.ts";
import { lentMark, passMark, strayMark } from "./loanNumbers.ts";
import type { Summaries } from "./summaries.ts";
import type { Call } from "./flow.ts";

const marks = [strayMark, lentMark, passMark] as const;

export class Conflict {
  readonly statement: number;
  readonly path: PathId;
  readonly access: number;
  readonly loan: Loan;
  readonly number: number;

  constructor(statement: number, path: PathId, access: number, loan: Loan, number: number) {
    this.statement = statement;
    this.path = path;
    this.access = access;
    this.loan = loan;
    this.number = number;
  }
}

export class ConflictReport {
  private readonly c: Checker;
  private readonly flow: Flow;
  private readonly graph: Graph;
  private readonly solver: LoanSolver;
  private readonly liveness: Liveness;
  private readonly summaries: Summaries;
  private readonly reported = new Set<string>();
  /** Calls that are wrong already: what follows from borrows within them is not told of. */
  private readonly wrongCalls: Node[] = [];

  constructor(c: Checker, flow: Flow, graph: Graph, solver: LoanSolver, liveness: Liveness, summaries: Summaries) {
    this.c = c;
    this.flow = flow;
    this.graph = graph;
    this.solver = solver;
    this.liveness = liveness;
    this.summaries = summaries;
  }

  conflict(conflict: Conflict, live: readonly PathId[]): void {
    const { c, flow } = this;
    const { loan, access, statement } = conflict;
    // The same use of a place beside the same borrow is told of once: the arms of a match look at one value.
    const key = `${conflict.number} ${access} ${conflict.path}`;
    if (this.reported.has(key) || this.wrongCalls.some((call) => this.isWithin(loan.node, call))) return;
    this.reported.add(key);
    const loanNumber = conflict.number + flow.firstLoan;
    const node = flow.node[statement] as Node;
    const place = describe(c, flow, conflict.path);
    const lent = describe(c, flow, loan.place);
    const holders = this.holders(live, loanNumber);
    const later = this.laterUse(statement, holders);
    const labels: Label[] = [];
    if (access === Access.end) {
      this.ended(conflict, holders, later);
      return;
    }
    const isLoop = loan.node === node;
    if (!isLoop) labels.push(c.label(loan.node, `${lent} borrowed ${loan.mutable ? "as &mut " : ""}here`));
    const joined = this.handedOn(loanNumber);
    if (joined !== undefined) labels.push(joined);
    if (later !== undefined && later !== node) labels.push(c.label(later, isLoop ? "and the borrow of the round before is still used here" : "the borrow is still used here"));
    const advice = [isLoop ? "let the borrow end within each round" : later === undefined ? "let the borrow end before this" : "move this behind the last use of the borrow"];
    const [code, message] = this.message(access, loan, place, lent, isLoop);
    if ((code === "E0402" || code === "E0404" || code === "E0401") && loan.place !== conflict.path) advice.push("fields are separate places, elements of one array or slice are not");
    c.error(code, node, message, { labels, advice });
  }

  private message(access: number, loan: Loan, place: string, lent: string, isLoop: boolean): [ErrorCode, string] {
    const what = lent === place ? "it is" : `${lent} is`;
    const round = isLoop ? "still borrowed since the round before" : "borrowed";
    switch (access) {
      case Access.write:
        return ["E0401", `${place} cannot be assigned while ${what} ${round}`];
      case Access.move:
        return ["E0406", `${place} cannot be moved while ${what} ${round}`];
      case Access.share:
        return ["E0403", `${place} cannot be borrowed while ${what} ${isLoop ? round : "borrowed as &mut"}`];
      case Access.change:
        return loan.mutable
          ? ["E0404", `${place} cannot be borrowed as &mut ${isLoop ? `again: ${what} ${round}` : `while ${what} borrowed as &mut already`}`]
          : ["E0402", `${place} cannot be borrowed as &mut while ${what} ${round}`];
      default:
        return ["E0405", `${place} cannot be used while ${what} borrowed as &mut`];
    }
  }

  /** A scope ends while what it declared is borrowed. */
  private ended(conflict: Conflict, holders: readonly PathId[], later: Node | undefined): void {
    const { c, flow } = this;
    const { loan, statement } = conflict;
    const loanNumber = conflict.number + flow.firstLoan;
    const labels: Label[] = [];
    const joined = this.handedOn(loanNumber);
    if (joined !== undefined) labels.push(joined);
    const outside = holders.find((path) => flow.paths.kindOf(path) === Root.result || flow.paths.kindOf(path) === Root.content);
    const end = flow.node[statement] as Node;
    if (!isNamed(flow, loan.place)) {
      if (later !== undefined) labels.push(c.label(later, "the borrow is used here"));
      if (outside === undefined) c.error("E0409", loan.node, "this temporary value ends with its statement, and is still borrowed", { labels, advice: ["give the value a name with let"] });
      // A variable would end with the function likewise.
      else c.error("E0409", loan.node, "this refers to a temporary value, which ends with the function", { labels, advice: [flow.paths.kindOf(outside) === Root.result ? "return the value itself, or borrow from a parameter" : "store the value itself, or let the caller pass what is to be referred to"] });
      return;
    }
    const name = describe(c, flow, loan.place);
    if (outside !== undefined && flow.definition.parameterLocals.length >= 0) {
      const isResult = flow.paths.kindOf(outside) === Root.result;
      const into = isResult ? "" : inputName(c, flow.definition, flow.inputs, flow.paths.ownerOf(outside));
      if (isResult && c.ast.start[end] !== c.ast.start[loan.node]) labels.push(this.endLabel(end, "returned here"));
      if (flow.frames.has(loan.place)) {
        c.error("E0408", loan.node, isResult ? `the result refers to a closure that borrows ${name}, and that ends with the function` : `a closure that borrows ${name} ends with the function, and what ${into} refers to still holds it`, {
          labels, advice: ["write move before the closure, which then has values of its own: a reference, where that is what it captures"],
        });
        return;
      }
      c.error("E0408", loan.node, isResult ? `the result refers to ${name}, which ends with the function` : `${name} ends with the function, and what ${into} refers to still holds this borrow`, {
        labels, advice: [isResult ? (this.isCaptured(loan.node) ? "let the closure take it along: move |…| …" : "return the value itself, or borrow from a parameter") : `store the value itself, or let the caller pass what ${into} is to refer to`],
      });
      return;
    }
    const root = flow.paths.rootOf(loan.place);
    const rootText = localName(c, flow.paths.ownerOf(root) as LocalId);
    if (holders.every((path) => flow.paths.rootOf(path) === root)) {
      labels.push(this.endLabel(end, `${rootText} ends here, part by part`));
      c.error("E0407", loan.node, `${name} may end before what refers to it, a part of ${rootText} as well, whose drop may look at it`, { labels, advice: [`keep what is referred to in a variable of its own, declared before ${rootText}`] });
      return;
    }
    labels.push(this.endLabel(end, `${name} ends here`));
    if (later !== undefined) labels.push(c.label(later, "the borrow is still used here"));
    c.error("E0407", loan.node, `${name} does not live long enough`, { labels, advice: [`declare ${rootText} further out, before what holds the borrow`] });
  }

  /** The borrow is made by a closure that stands around `n`, within the function. */
  private isCaptured(n: Node): boolean {
    const { ast } = this.c;
    const { kind, start, end } = ast;
    const whole = this.flow.definition.node;
    for (let at = n + 1; at < whole && (start[at] as number) >= (start[whole] as number); at++) {
      if (kind[at] === Kind.Closure && (start[at] as number) <= (start[n] as number) && (end[at] as number) >= (end[n] as number)) return !ast.has(at as Node, Flag.move);
    }
    return false;
  }

  /** The end of a block, or the statement that leaves it. */
  private endLabel(n: Node, text: string): Label {
    const { ast } = this.c;
    const start = ast.start[n] as number;
    const end = ast.end[n] as number;
    const kind = ast.kindName(n);
    return kind === "Return" || kind === "Break" || kind === "Continue" || kind === "Try" ? { start, end, text } : { start: Math.max(start, end - 1), end, text };
  }

  private isWithin(n: Node, whole: Node): boolean {
    const { start, end } = this.c.ast;
    return (start[n] as number) >= (start[whole] as number) && (end[n] as number) <= (end[whole] as number);
  }

  /** Something that ends is put into a global. */
  intoGlobal(s: number, loan: number): void {
    const node = this.flow.node[s] as Node;
    const key = `${node} global`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.wrongCalls.push(node);
    this.c.error("E0420", node, "a global cannot hold a reference to what may end before the program", { labels: this.escapeLabels(loan), advice: ["only what lives for ever may be stored in a global: texts and arrays that are constants"] });
  }

  private escapeLabels(loan: number): Label[] {
    const { c, flow } = this;
    const labels: Label[] = [];
    if (loan >= flow.firstLoan) {
      const { node, place } = flow.loans[loan - flow.firstLoan] as Loan;
      labels.push(c.label(node, `${describe(c, flow, place)} borrowed here`));
    } else {
      const local = flow.definition.parameterLocals[flow.wholeOf(loan >> 1)];
      if (local !== undefined) labels.push(c.label(c.program.localNode(local), "it may refer to what this was given"));
    }
    return labels;
  }

  escape(s: number, loan: number): void {
    const { c, flow } = this;
    const labels = this.escapeLabels(loan);
    const node = flow.node[s] as Node;
    if (c.ast.kindName(node) === "Assign") {
      c.error("E0420", node, "a global cannot hold a reference to what may end before the program", { labels, advice: ["only what lives for ever may be stored in a global: texts and arrays that are constants"] });
    } else {
      c.error("E0420", node, "the thread may still use this reference when what it refers to has ended", { labels, advice: ["move the value into the closure, or share it in an Arc"] });
    }
  }

  mayStray(number: number): boolean {
    const call = this.flow.calls[number] as Call;
    if (call.rule === "captures") return call.callee !== undefined && (this.flow.made.get(call.callee)?.variables.some((_, i) => this.summaries.captures.lendsToCapture(call.callee as FunctionDefinition, i)) ?? false);
    return this.summaries.isMarked(call) && marks.some((mark) => this.summaries.strays(call, mark).length > 0);
  }

  /** A function gives a closure references to its own variables, and the closure keeps what it is given. */
  strays(s: number): void {
    const { c, flow, solver } = this;
    const call = flow.calls[flow.b[s] as number] as Call;
    if (call.rule === "captures" && call.callee !== undefined && solver.calls.strays.lendsToKeeper(call.callee)) {
      c.error("E0408", call.node, "this closure lends its own variables to a function value that it captured, and that one keeps what it is given", { advice: ["let the function value keep a copy or a clone"] });
      return;
    }
    if (!this.summaries.isMarked(call)) return;
    const isKept = (one: number): boolean => solver.calls.strays.of(call, one).some((i) => solver.calls.strays.areKept(call, i, one === lentMark ? lentMark : strayMark))
      || this.summaries.strays(call, one).some((i) => solver.calls.valueStores.keepsLent(call, i));
    const mark = marks.find((one) => isKept(one) && (one !== passMark || this.summaries.mayPass()));
    if (mark === undefined) return;
    this.wrongCalls.push(call.node);
    const name = call.callee === undefined ? "the function" : c.nameText(call.callee.name);
    c.error("E0408", call.node, mark !== lentMark ? `${name} gives this closure references to its own variables, and the closure keeps what it is given` : `${name} lends this closure what it is given for the call only, and the closure keeps it`, {
      labels: call.callee === undefined ? [] : c.declaredAt(call.callee), advice: ["let the closure keep a copy or a clone"],
    });
  }

  /** Live places that hold the loan. */
  private holders(live: readonly PathId[], loan: number): PathId[] {
    const { flow, solver } = this;
    const found: PathId[] = [];
    const { held } = solver;
    for (const path of live) if (held.keeps(held.closure(held.at(path)), loan)) found.push(flow.paths.rootOf(path));
    for (const path of flow.contents) if (held.keeps(held.closure(held.held(path)), loan)) found.push(path);
    return found;
  }

  /** The next statement that uses one of the holders. */
  private laterUse(s: number, holders: readonly PathId[]): Node | undefined {
    const { flow, graph, liveness } = this;
    const roots = new Set(holders);
    const used = new LiveSet(flow.paths.count);
    const usesAny = (at: number): boolean => {
      used.clear();
      liveness.usesOf(at, used);
      for (let i = 0; i < used.size; i++) if (roots.has(flow.paths.rootOf(used.at(i)))) return true;
      return false;
    };
    let block = 0;
    for (const one of graph.order) if (s >= (flow.start[one] as number) && s < (flow.end[one] as number)) block = one;
    const seen = new Set<number>();
    const queue: { block: number; from: number }[] = [{ block, from: s + 1 }];
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      for (let at = item.from; at < (flow.end[item.block] as number); at++) {
        if (flow.op[at] === Op.exit || !usesAny(at)) continue;
        // A temporary that is passed on is used where the value was taken.
        return flow.node[at] as Node;
      }
      for (let at = graph.successorStart[item.block] as number; at < (graph.successorStart[item.block + 1] as number); at++) {
        const next = graph.successors[at] as number;
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push({ block: next, from: flow.start[next] as number });
      }
    }
    return undefined;
  }

  /** `max`, `min`, … of a call of one. */
  private builtinName(n: Node): string {
    const { ast } = this.c;
    const callee = ast.kind[n] === Kind.Call ? ast.callee(n) : n;
    return ast.kind[callee] === Kind.Name ? this.c.nameText(ast.name(callee)) : "this";
  }

  /** The call that the loan went through, as its function's summary says. */
  private handedOn(loan: number): Label | undefined {
    const { c, flow, graph, solver } = this;
    const saved = solver.held.save();
    let found: Label | undefined;
    for (const block of graph.order) {
      solver.enter(block);
      for (let s = flow.start[block] as number; s < (flow.end[block] as number); s++) {
        const call = flow.op[s] === Op.call ? (flow.calls[flow.b[s] as number] as Call) : undefined;
        const had = call !== undefined && call.args.some((path) => path !== noPath && solver.held.keeps(solver.held.closure(solver.held.held(path)), loan));
        solver.transfer(s);
        if (call === undefined || !had || found !== undefined) continue;
        const name = call.callee !== undefined ? c.nameText(call.callee.name) : call.rule === "value" ? "this function value" : this.builtinName(call.node);
        const to = flow.a[s] as PathId;
        if (to !== noPath && solver.held.keeps(solver.held.held(to), loan)) {
          found = c.label(call.node, `the result of ${name} may hold the borrow`);
        } else if ((call.rule === "summary" || call.rule === "value") && this.summaries.ofCall(call).contents.some((list) => list.length > 0)) {
          found = c.label(call.node, `${name} may store the borrow in what it is given`);
        }
      }
    }
    solver.held.restore(saved);
    return found;
  }
}
