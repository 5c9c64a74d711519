/**
 * Borrow summaries: what a function's result, and what each argument that it can write through, may hold of the arguments afterwards. Found
 * on demand, callees before callers; functions that call one another are repeated together until nothing changes.
 */

import { Kind } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Graph, type Call, type Flow } from "./flow.ts";
import type { LoanSets, SetId } from "./loanSets.ts";
import { Liveness } from "./liveness.ts";
import { isMark, lentMark, loanOf, strayMark } from "./loanNumbers.ts";
import { LoanSolver } from "./loans.ts";
import { noPath } from "./paths.ts";
import { summaryOf } from "./summaryText.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Lists of 2i (what argument i itself refers to) and 2i + 1 (what is stored behind it). */
export interface Summary {
  readonly result: readonly number[];
  /** By parameter: what may be stored behind it afterwards, beside what was. */
  readonly contents: readonly (readonly number[])[];
  readonly isEmpty: boolean;
}

const emptySummary: Summary = { result: [], contents: [], isEmpty: true };

function summary(result: readonly number[], contents: readonly (readonly number[])[]): Summary {
  return { result, contents, isEmpty: result.length === 0 && contents.every((one) => one.length === 0) };
}

interface Frame {
  readonly f: FunctionDefinition;
  readonly flow: Flow;
  readonly callees: readonly FunctionDefinition[];
  readonly index: number;
  low: number;
  next: number;
}

export class Summaries {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly sets: LoanSets;
  private readonly lower: (f: FunctionDefinition) => Flow;
  private readonly done = new Map<FunctionDefinition, Summary>();
  private readonly needed = new Map<FunctionDefinition, boolean>();

  constructor(c: Checker, facts: TypeFacts, sets: LoanSets, lower: (f: FunctionDefinition) => Flow) {
    this.c = c;
    this.facts = facts;
    this.sets = sets;
    this.lower = lower;
  }

  /** The summary that a call goes by. */
  ofCall(call: Call): Summary {
    if (call.rule !== "summary" || call.callee === undefined) return this.widest(call.parameters, call.result, call.rule === "value", [strayMark, lentMark]);
    const { callee } = call;
    if (!this.isNeeded(callee)) return emptySummary;
    return this.done.get(callee) ?? emptySummary;
  }

  of(f: FunctionDefinition): Summary {
    if (!this.isNeeded(f)) return emptySummary;
    this.ensure(f);
    return this.done.get(f) ?? emptySummary;
  }

  /** As `of`; undefined for a function of which nothing can come out. */
  known(f: FunctionDefinition): Summary | undefined {
    return this.isNeeded(f) ? this.of(f) : undefined;
  }

  /** What the function's result may hold of its arguments, also where no call goes by it. */
  resultOf(f: FunctionDefinition): readonly number[] {
    this.ensure(f);
    return this.done.get(f)?.result ?? [];
  }

  /** What comes out of a closure of a flow that was prepared: by its result, or behind its arguments. */
  handedOnBy(closure: FunctionDefinition): readonly number[] {
    const known = this.done.get(closure);
    return known === undefined ? [] : [...known.result, ...known.contents.slice(0, closure.parameters.length).flat()];
  }

  /** Makes sure that the summaries of all callees of a flow are known. */
  prepare(flow: Flow): void {
    for (const callee of this.calleesOf(flow)) this.ensure(callee);
  }

  /** Anything can come out of it, or be stored through an argument. */
  private isNeeded(f: FunctionDefinition): boolean {
    const known = this.needed.get(f);
    if (known !== undefined) return known;
    const { facts } = this;
    if (this.c.ast.kind[f.node] === Kind.Closure) {
      const { program } = this.c;
      const captures = program.capturesOf(f.node);
      const needs = captures.length + f.parameters.length > 1 && captures.some(({ local }) => facts.holds(program.localType(local)));
      this.needed.set(f, needs);
      return needs;
    }
    // The library hands on through raw pointers, also those to bytes.
    const carries = (type: TypeId): boolean => facts.holds(type) || (facts.isRawPointer(type) && this.isLibrary(f));
    const holders = f.parameters.filter(carries).length;
    const needed = holders > 0 && (carries(f.result) || (holders > 1 && f.parameters.some((type) => facts.behind.holdsBehind(type))) || f.parameters.some((type) => facts.closures.mayHold(type, false)));
    this.needed.set(f, needed);
    return needed;
  }

  /** Something may come out of a closure that was given to a function. */
  private handsOn(closure: FunctionDefinition): boolean {
    return this.facts.holds(closure.result) || closure.parameters.some((type) => this.facts.holds(type));
  }

  private calleesOf(flow: Flow): FunctionDefinition[] {
    const found = new Set<FunctionDefinition>();
    for (const closure of flow.closures) if (this.isNeeded(closure) || this.handsOn(closure)) found.add(closure);
    for (const call of flow.calls) if (call.rule === "summary" && call.callee !== undefined && this.isNeeded(call.callee)) found.add(call.callee);
    return [...found];
  }

  private hasBody(f: FunctionDefinition): boolean {
    return f.origin === "lang" && f.bodyChecked && f.node !== 0 && this.c.ast.body(f.node) !== 0;
  }

  /** Mistakes in its body were reported; what they would do to its callers is not. */
  private isMistaken(f: FunctionDefinition): boolean {
    return f.origin === "lang" && f.trait === 0 && f.node !== 0 && !f.bodyChecked && this.c.ast.body(f.node) !== 0 && !this.isLibrary(f);
  }

  /** Tarjan's way through the functions that are called: each group of functions that call one another after the groups that it calls. */
  private ensure(root: FunctionDefinition): void {
    if (this.done.has(root)) return;
    const index = new Map<FunctionDefinition, number>();
    const onStack = new Set<FunctionDefinition>();
    const stack: Frame[] = [];
    const frames: Frame[] = [];
    const enter = (f: FunctionDefinition): void => {
      const carried = this.carried(f);
      if (carried !== undefined) {
        this.done.set(f, carried);
        return;
      }
      if (f.origin === "lang" && !f.bodyChecked && this.isLibrary(f)) this.c.program.ensureChecked(f);
      // Whoever calls a trait's method knows only its declaration.
      if (!this.hasBody(f) || f.trait !== 0) {
        this.done.set(f, this.isMistaken(f) ? emptySummary : this.declared(f));
        return;
      }
      const flow = this.lower(f);
      const frame: Frame = { f, flow, callees: this.calleesOf(flow), index: index.size, low: index.size, next: 0 };
      index.set(f, frame.index);
      stack.push(frame);
      frames.push(frame);
      onStack.add(f);
    };
    enter(root);
    for (let frame = frames[frames.length - 1]; frame !== undefined; frame = frames[frames.length - 1]) {
      const callee = frame.callees[frame.next];
      if (callee !== undefined) {
        frame.next++;
        const seen = index.get(callee);
        if (seen !== undefined) {
          if (onStack.has(callee)) frame.low = Math.min(frame.low, seen);
        } else if (!this.done.has(callee)) {
          enter(callee);
        }
        continue;
      }
      frames.pop();
      const parent = frames[frames.length - 1];
      if (parent !== undefined) parent.low = Math.min(parent.low, frame.low);
      if (frame.low !== frame.index) continue;
      const group: Frame[] = [];
      for (;;) {
        const member = stack.pop();
        if (member === undefined) break;
        onStack.delete(member.f);
        group.push(member);
        if (member === frame) break;
      }
      this.solveGroup(group);
    }
  }

  /** The summary of a function of the library that the executable carries. */
  private carried(f: FunctionDefinition): Summary | undefined {
    const { c } = this;
    if (c.librarySummary === undefined || f.trait !== 0 || !this.isLibrary(f)) return undefined;
    const file = c.sources.files[f.file];
    const text = file === undefined ? undefined : c.librarySummary(file.path, (c.ast.start[f.node] as number) - file.base);
    return text === undefined ? undefined : summaryOf(text);
  }

  private isLibrary(f: FunctionDefinition): boolean {
    return this.c.unitOfFile[f.file]?.library === true;
  }

  private solveGroup(group: readonly Frame[]): void {
    const graphs = group.map((frame) => new Graph(frame.flow));
    for (let changed = true; changed; ) {
      changed = false;
      group.forEach((frame, i) => {
        const before = this.done.get(frame.f);
        const found = this.solve(frame.flow, graphs[i] as Graph);
        // Nothing in std keeps a reference to itself in itself; what is moved about by raw pointers looks as if it did.
        const now = this.isLibrary(frame.f) ? summary(found.result, found.contents.map((list, p) => list.filter((one) => one !== p * 2))) : found;
        if (before !== undefined && same(before, now)) return;
        this.done.set(frame.f, now);
        changed ||= before !== undefined || !now.isEmpty;
      });
      if (group.length === 1 && !(group[0] as Frame).callees.includes((group[0] as Frame).f)) return;
    }
  }

  /** The summary of a flow whose callees' are known. */
  solve(flow: Flow, graph: Graph): Summary {
    const solver = new LoanSolver(flow, graph, new Liveness(flow, graph), this.sets, this.facts, this);
    solver.run();
    return this.fromSolver(flow, solver);
  }

  /** The summary that a solved flow shows. */
  fromSolver(flow: Flow, solver: LoanSolver): Summary {
    const { sets } = this;
    const { heap } = solver.held;
    const count = flow.parameters.length - 1;
    const outside = (set: number, without: number): number[] => {
      // What lies in memory that was allocated here is held by whoever holds that.
      let all = set as SetId;
      if (sets.of(all).some((loan) => loanOf(loan) >> 1 === heap >> 1)) all = sets.union(all, sets.filter(solver.calls.contents[count] as typeof all, (loan) => !isMark(loan)));
      return sets.of(sets.from(sets.of(all).map(loanOf))).filter((loan) => ((loan >= 0 && loan < heap) || isMark(loan)) && loan !== without);
    };
    return summary(outside(solver.resultHolds, -1), solver.calls.contents.slice(0, count).map((set, i) => (flow.parameters[i] === noPath ? [] : outside(set, i * 2 + 1))));
  }

  /** A function without a body that is seen. */
  private declared(f: FunctionDefinition): Summary {
    return this.widest(f.parameters, f.result, false, this.marksOf(f));
  }

  /** What a function without a body that is seen may give to closures, beside what it was given: references to its own variables. */
  marksOf(f: FunctionDefinition): readonly number[] {
    if (f.trait === 0) return [];
    if (!this.facts.closures.callsClosures(f.trait)) return [];
    return this.isLibrary(f) ? [lentMark] : [strayMark, lentMark];
  }

  /**
   * The widest that the types allow. What is written as a type parameter holds only what arguments hold that are written with one, not the
   * references that lead there.
   */
  widest(parameters: readonly TypeId[], result: TypeId, hasValue: boolean, marks: readonly number[]): Summary {
    const { facts } = this;
    const all: number[] = [];
    const generic: number[] = [];
    parameters.forEach((type, i) => {
      if (!facts.holds(type)) return;
      if (hasValue && i === parameters.length - 1) {
        // It is called through a reference; what it hands on is held by the value itself.
        all.push(i * 2 + 1);
        generic.push(i * 2 + 1);
        return;
      }
      all.push(i * 2, i * 2 + 1);
      if (this.isBorrow(type)) generic.push(i * 2 + 1);
      else generic.push(i * 2, i * 2 + 1);
    });
    const of = (type: TypeId): readonly number[] => (!facts.holds(type) ? [] : facts.writesReference(type) ? all : generic);
    const stored = (type: TypeId, i: number): readonly number[] => {
      if (!facts.holds(type) || (hasValue && i === parameters.length - 1)) return [];
      let found: number[] = [];
      if (facts.isFunction(type)) {
        // It may be called with what the others hold.
        const items = this.c.types.items(type);
        for (const item of items) found.push(...of(item));
        if (items.some((item) => facts.writesReference(item))) found.push(...marks);
      } else {
        if (facts.behind.holdsBehind(type)) found.push(...of(this.behind(type)));
        if (marks.length > 0 && facts.closures.mayHold(type, true)) found.push(...marks);
      }
      found = found.filter((one, at) => one !== i * 2 && one !== i * 2 + 1 && found.indexOf(one) === at);
      return found;
    };
    return summary(of(result), parameters.map(stored));
  }

  private isBorrow(type: TypeId): boolean {
    const kind = this.c.types.kindOf(type);
    return kind === TypeKind.Reference || kind === TypeKind.Slice || type === T.str;
  }

  private behind(type: TypeId): TypeId {
    const { types } = this.c;
    let at = type;
    while (types.kindOf(at) === TypeKind.Reference || types.kindOf(at) === TypeKind.Pointer) at = types.inner(at);
    return at;
  }

  /** Arguments of the call that are function values, and are given references to the callee's own variables. */
  strays(call: Call, mark = strayMark): readonly number[] {
    if (call.rule !== "summary" && call.rule !== "value") return [];
    return this.ofCall(call).contents.flatMap((items, i) => (items.includes(mark) ? [i] : []));
  }

  /** A closure may store its arguments in what it captured: in this capture, or any (-1); also by way of others. */
  storesInCaptures(closure: FunctionDefinition, capture: number, mark = strayMark): boolean {
    if (!this.isNeeded(closure)) return false;
    const known = this.done.get(closure);
    if (known === undefined) return true;
    const first = closure.parameters.length;
    // Of what is lent, the reference itself matters: what is stored behind it was there before.
    const isGiven = (one: number): boolean => (one < first * 2 ? mark === strayMark || (one & 1) === 0 : one >= strayMark && mark === strayMark);
    const seen = new Set<number>();
    const stores = (i: number): boolean => {
      if (seen.has(i)) return false;
      seen.add(i);
      return (known.contents[i] ?? []).some((one) => isGiven(one) || (one < strayMark && one >= first * 2 && stores(one >> 1)));
    };
    if (capture >= 0) return stores(first + capture);
    return known.contents.some((_, i) => i >= first && stores(i));
  }

  /** The type of a variable that a closure captured. */
  captureType(closure: FunctionDefinition, i: number): TypeId | undefined {
    const { program } = this.c;
    const capture = program.capturesOf(closure.node)[i];
    return capture === undefined ? undefined : program.localType(capture.local);
  }

  /** By capture of a closure of a flow that was prepared: what it may store there of what it captured, numbered from its first capture. */
  storedAmongCaptures(closure: FunctionDefinition): readonly (readonly number[])[] {
    const known = this.isNeeded(closure) ? this.done.get(closure) : undefined;
    if (known === undefined) return [];
    const first = closure.parameters.length;
    return known.contents.slice(first).map((list) => list.filter((one) => one >= first * 2 && one < strayMark).map((one) => one - first * 2));
  }
}

function same(one: Summary, other: Summary): boolean {
  return one.result.join() === other.result.join() && one.contents.map((list) => list.join()).join(";") === other.contents.map((list) => list.join()).join(";");
}
