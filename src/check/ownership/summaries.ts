/**
 * Borrow summaries: what a function's result, and what each argument that it can write through, may hold of the arguments afterwards. Found
 * on demand, callees before callers; functions that call one another are repeated together until nothing changes.
 */

import { Kind } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind, type TypeId } from "../types.ts";
import type { Call, Flow, Graph } from "./flow.ts";
import type { LoanSets } from "./loanSets.ts";
import { wholeNumber, wholeOf, wholes, type Input } from "./inputs.ts";
import { CaptureSummaries } from "./captureSummaries.ts";
import { DeclaredSummaries } from "./declaredSummaries.ts";
import { Liveness } from "./liveness.ts";
import { mixMark, moveMark, passMark, strayMark } from "./loanNumbers.ts";
import { LoanSolver } from "./loans.ts";
import { MixLevels, type Answers } from "./mixLevels.ts";
import { emptySummary, same, summary, type Summary } from "./summary.ts";
import { SummaryNeeds } from "./summaryNeeds.ts";
import { summaryOfSolved } from "./summaryOfSolved.ts";
import { StoringFunctions } from "./storingFunctions.ts";
import { summaryOf } from "./summaryText.ts";
import type { TypeFacts } from "./typeFacts.ts";

interface Frame {
  readonly f: FunctionDefinition;
  readonly flow: Flow;
  readonly callees: readonly FunctionDefinition[];
  readonly index: number;
  low: number;
  next: number;
}

/** A flow's loans, as they are when all that it calls is known. */
export interface Solved {
  readonly graph: Graph;
  readonly liveness: Liveness;
  readonly solver: LoanSolver;
}

/** The functions whose summaries a function's came from, and what was asked of `MixLevels`. */
interface Origin {
  readonly callees: readonly FunctionDefinition[];
  readonly answers: Answers;
}

export class Summaries {
  readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly sets: LoanSets;
  private readonly lower: (f: FunctionDefinition) => Flow;
  private readonly done = new Map<FunctionDefinition, Summary>();
  private readonly needs: SummaryNeeds;
  private readonly inputs = new Map<FunctionDefinition, readonly Input[]>();
  readonly mixLevels: MixLevels;
  private isMixKnown = false;
  private isFindingMixing = false;
  /** The program's flows that were solved for their summaries. */
  private readonly solved = new Map<Flow, Solved>();
  /** What is live depends on nothing that is found here: flows that are solved several times ask for it once. */
  private readonly lives = new WeakMap<Flow, Liveness>();
  /** While it is being found: what functions' summaries came from. */
  private readonly origins = new Map<FunctionDefinition, Origin>();
  /** Of calls that go by types alone. */
  private widest = new WeakMap<Call, Summary>();
  private readonly joined = new Map<Summary, Summary>();
  /** For calls without function values that store something in what they are given. */
  private readonly quiet = new Map<FunctionDefinition, Summary>();
  /** Those whose summaries are being found together. */
  private readonly solving = new Set<FunctionDefinition>();
  readonly storing: StoringFunctions;
  readonly declared: DeclaredSummaries;
  readonly captures: CaptureSummaries;

  constructor(c: Checker, facts: TypeFacts, sets: LoanSets, lower: (f: FunctionDefinition) => Flow) {
    this.c = c;
    this.facts = facts;
    this.sets = sets;
    this.lower = lower;
    this.needs = new SummaryNeeds(c, facts);
    this.mixLevels = new MixLevels(c, facts);
    this.captures = new CaptureSummaries(c, facts, this);
    this.storing = new StoringFunctions(c, facts);
    this.declared = new DeclaredSummaries(c, facts, this.storing);
  }

  /**
   * Finds what functions of the program move about behind one input, and what function values store in what they are given, of which those know that call
   * what is known by its type only. It is taken that none does, until nothing changes.
   */
  private findMixing(): void {
    if (this.isMixKnown) return;
    this.isMixKnown = true;
    this.isFindingMixing = true;
    const candidates = this.mixLevels.candidates();
    const values = this.facts.keeping.mayStoreInParameters();
    for (let changed = candidates.length + values.length > 0; changed; ) {
      changed = false;
      for (const f of values) {
        this.ensure(f);
        if (this.storing.add(f, this.inputsOf(f), this.done.get(f) ?? emptySummary)) changed = true;
      }
      // Few programs have such functions: all that was found is found anew.
      if (changed) {
        this.forgetAll();
        continue;
      }
      for (const f of candidates) {
        if (!this.needs.isNeeded(f)) continue;
        const known = f.trait === 0 ? this.of(f) : this.ofDefault(f);
        if (this.mixLevels.add(f, this.inputsOf(f), known)) changed = true;
      }
      this.mixLevels.forget();
      if (changed) this.forgetOutdated();
    }
    this.isFindingMixing = false;
    this.mixLevels.recordIn(undefined);
    this.origins.clear();
  }

  private forgetAll(): void {
    this.done.clear();
    this.solved.clear();
    this.joined.clear();
    this.origins.clear();
    this.widest = new WeakMap();
  }

  private noteOrigins(group: readonly Frame[]): void {
    const answers: Answers = new Map();
    this.mixLevels.recordIn(answers);
    for (const { f, callees } of group) this.origins.set(f, { callees, answers });
  }

  /** Forgets the summaries of functions that were found by other answers than there are now, and of those that call them. */
  private forgetOutdated(): void {
    const { origins, done } = this;
    const callers = new Map<FunctionDefinition, FunctionDefinition[]>();
    for (const [f, { callees }] of origins) {
      for (const callee of callees) {
        const known = callers.get(callee);
        if (known === undefined) callers.set(callee, [f]);
        else known.push(f);
      }
    }
    const outdated = [...origins.keys()].filter((f) => this.mixLevels.isOutdated((origins.get(f) as Origin).answers));
    for (let f = outdated.pop(); f !== undefined; f = outdated.pop()) {
      if (!origins.delete(f)) continue;
      done.delete(f);
      this.solved.delete(this.lower(f));
      outdated.push(...(callers.get(f) ?? []));
    }
    this.joined.clear();
  }

  /** The summary that a call goes by. */
  ofCall(call: Call): Summary {
    const { callee } = call;
    if (call.rule !== "summary" || callee === undefined) {
      let widest = this.widest.get(call);
      if (widest === undefined) this.widest.set(call, (widest = this.ofTypes(call)));
      return widest;
    }
    if (!this.needs.isNeeded(callee)) return emptySummary;
    return this.done.get(callee) ?? emptySummary;
  }

  /** The summary of a call that calls, and is given, no function value which stores something in what it is given. */
  ofQuietCall(call: Call): Summary {
    const { callee, rule } = call;
    if (this.storing.isEmpty || this.isFindingMixing) return this.ofCall(call);
    if (rule === "value") return this.ofTypes(call, true);
    return rule !== "summary" || callee === undefined ? this.ofCall(call) : this.quietOf(callee);
  }

  private quietOf(f: FunctionDefinition): Summary {
    const known = this.quiet.get(f);
    if (known !== undefined) return known;
    const open = this.needs.isNeeded(f) ? this.done.get(f) ?? emptySummary : emptySummary;
    // Of those that call one another each goes by what the others may do at most, and so does one that calls itself.
    if (this.solving.has(f)) return open;
    this.quiet.set(f, open);
    if (open.isEmpty || this.facts.isLibrary(f) || f.trait !== 0 || !this.hasBody(f) || !f.parameters.some((type) => this.facts.closures.mayHold(type, false))) return open;
    const flow = this.lower(f);
    this.prepare(flow);
    const found = this.mattering(f, summaryOfSolved(flow, this.run(flow, true).solver));
    this.quiet.set(f, found);
    return found;
  }

  private ofTypes({ rule, parameters, result }: Call, isQuiet = false): Summary {
    const isValue = rule === "value";
    return this.declared.widest(parameters, result, isValue, isValue && !this.facts.closures.mayPass(parameters[parameters.length - 1] as TypeId) ? [] : [passMark], isQuiet);
  }

  of(f: FunctionDefinition): Summary {
    if (!this.needs.isNeeded(f)) return emptySummary;
    this.ensure(f);
    return this.done.get(f) ?? emptySummary;
  }

  /** As `of`; undefined for a function of which nothing can come out. */
  known(f: FunctionDefinition): Summary | undefined {
    return this.needs.isNeeded(f) ? this.of(f) : undefined;
  }

  /** What the numbers in the function's summary stand for. */
  inputsOf(f: FunctionDefinition): readonly Input[] {
    const before = this.inputs.get(f);
    if (before !== undefined) return before;
    const { c: { ast, program, types } } = this;
    const captures = ast.kind[f.node] === Kind.Closure ? program.capturesOf(f.node) : [];
    const captured = captures.map(({ local, mode }) => {
      const type = program.localType(local);
      return mode === "borrow" || mode === "borrowMut" ? types.reference(type, mode === "borrowMut") : type;
    });
    const roots = [...f.parameters, ...captured];
    const found = this.facts.isLibrary(f) || f.trait !== 0 ? wholes(roots) : this.facts.inputs.of(roots);
    this.inputs.set(f, found);
    return found;
  }

  /** A summary by whole arguments: what it says of their parts it says of them. */
  byWholes(f: FunctionDefinition, one: Summary): Summary {
    const inputs = this.inputsOf(f);
    if (one.places.length === 0 && inputs.every((input) => input.of < 0)) return one;
    const before = this.joined.get(one);
    if (before !== undefined) return before;
    const ofWhole = (number: number): number => (number >= strayMark ? number : wholeNumber(inputs, number));
    const list = (numbers: readonly number[]): number[] => [...new Set(numbers.map(ofWhole))].sort((a, b) => a - b);
    const contents: number[][] = inputs.filter((input) => input.of < 0).map(() => []);
    for (const lists of [one.contents, one.places]) {
      lists.forEach((numbers, i) => {
        const whole = wholeOf(inputs, i);
        contents[whole]?.push(...numbers.filter((number) => number >= strayMark || ofWhole(number) >> 1 !== whole));
      });
    }
    const found = summary(list(one.result), contents.map(list));
    this.joined.set(one, found);
    return found;
  }

  /** By whole arguments and captures. */
  wholesOf(f: FunctionDefinition): Summary | undefined {
    const known = this.done.get(f);
    return known === undefined ? undefined : this.byWholes(f, known);
  }

  /** What the function's result may hold of its arguments, also where no call goes by it. */
  resultOf(f: FunctionDefinition): readonly number[] {
    this.ensure(f);
    return this.wholesOf(f)?.result ?? [];
  }

  /** What the body of a trait's own method does: who calls it knows only the declaration. */
  private ofDefault(f: FunctionDefinition): Summary {
    const flow = this.lower(f);
    this.prepare(flow);
    const found = this.solve(flow);
    // Nothing tells when it is outdated.
    this.solved.delete(flow);
    return found;
  }

  /** What comes out of a closure of a flow that was prepared: by its result, or behind its arguments. */
  handedOnBy(closure: FunctionDefinition): readonly number[] {
    const known = this.wholesOf(closure);
    return known === undefined ? [] : [...known.result, ...known.contents.slice(0, closure.parameters.length).flat()];
  }

  /** Makes sure that the summaries of all callees of a flow are known. */
  prepare(flow: Flow): void {
    this.findMixing();
    for (const callee of this.calleesOf(flow)) this.ensure(callee);
  }

  /** Something may come out of a closure that was given to a function. */
  private handsOn(closure: FunctionDefinition): boolean {
    return this.facts.holds(closure.result) || closure.parameters.some((type) => this.facts.holds(type));
  }

  private calleesOf(flow: Flow): FunctionDefinition[] {
    const found = new Set<FunctionDefinition>();
    for (const closure of flow.closures) if (this.needs.isNeeded(closure) || this.handsOn(closure)) found.add(closure);
    for (const { rule, callee, functions } of flow.calls) {
      if (rule === "summary" && callee !== undefined && this.needs.isNeeded(callee)) found.add(callee);
      for (const f of functions ?? []) if (f !== undefined && this.facts.holds(f.result)) found.add(f);
    }
    return [...found];
  }

  private hasBody(f: FunctionDefinition): boolean {
    return f.origin === "lang" && f.bodyChecked && f.node !== 0 && this.c.ast.body(f.node) !== 0;
  }

  /** Mistakes in its body were reported; what they would do to its callers is not. */
  private isMistaken(f: FunctionDefinition): boolean {
    return f.origin === "lang" && f.trait === 0 && f.node !== 0 && !f.bodyChecked && this.c.ast.body(f.node) !== 0 && !this.facts.isLibrary(f);
  }

  /** Tarjan's way through the functions that are called: each group of functions that call one another after the groups that it calls. */
  private ensure(root: FunctionDefinition): void {
    this.findMixing();
    if (this.done.has(root)) return;
    const index = new Map<FunctionDefinition, number>();
    const onStack = new Set<FunctionDefinition>();
    const stack: Frame[] = [];
    const frames: Frame[] = [];
    const enter = (f: FunctionDefinition): void => {
      const carried = this.carried(f);
      if (carried !== undefined) {
        this.done.set(f, this.mattering(f, carried));
        return;
      }
      if (f.origin === "lang" && !f.bodyChecked && this.facts.isLibrary(f)) this.c.program.ensureChecked(f);
      // Whoever calls a trait's method knows only its declaration.
      if (!this.hasBody(f) || f.trait !== 0) {
        this.done.set(f, this.isMistaken(f) ? emptySummary : this.mattering(f, this.declared.of(f)));
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
    if (c.librarySummary === undefined || f.trait !== 0 || !this.facts.isLibrary(f)) return undefined;
    const file = c.sources.files[f.file];
    const text = file === undefined ? undefined : c.librarySummary(file.path, (c.ast.start[f.node] as number) - file.base);
    return text === undefined ? undefined : summaryOf(text);
  }

  private solveGroup(group: readonly Frame[]): void {
    if (this.isFindingMixing) this.noteOrigins(group);
    for (const { f } of group) this.solving.add(f);
    this.repeat(group);
    for (const { f } of group) this.solving.delete(f);
  }

  private repeat(group: readonly Frame[]): void {
    // When each was solved last, and when its summary last became another: who calls none that did since finds what it found.
    let solutions = 0;
    const solvedAt = new Map<FunctionDefinition, number>();
    const changedAt = new Map<FunctionDefinition, number>();
    for (let changed = true; changed; ) {
      changed = false;
      for (const frame of group) {
        const last = solvedAt.get(frame.f);
        if (last !== undefined && !frame.callees.some((callee) => (changedAt.get(callee) ?? -1) >= last)) continue;
        solvedAt.set(frame.f, ++solutions);
        const before = this.done.get(frame.f);
        const found = this.mattering(frame.f, this.solve(frame.flow));
        // Nothing in std keeps a reference to itself in itself; what is moved about by raw pointers looks as if it did.
        const now = this.facts.isLibrary(frame.f) ? this.ofLibrary(frame.f, found) : found;
        if (before !== undefined && same(before, now)) continue;
        this.done.set(frame.f, now);
        changedAt.set(frame.f, solutions);
        changed ||= before !== undefined || !now.isEmpty;
      }
      if (group.length === 1 && !(group[0] as Frame).callees.includes((group[0] as Frame).f)) return;
    }
  }

  /**
   * A function of the library that gives a value with a `&mut` in it and something else counts as putting that there: what the methods of such a
   * value do, as those of a map's Entry do with the key, their summaries by whole arguments do not tell. Nothing is put behind a key that is known by its bounds only.
   */
  private ofLibrary(f: FunctionDefinition, { result, contents, places, resultParts }: Summary): Summary {
    const { facts } = this;
    const isPair = this.c.types.kindOf(f.result) === TypeKind.Struct && !facts.isOwner(f.result) && facts.fieldTypes(f.result).some((field) => facts.isMutableBorrow(field));
    const isInert = (type: TypeId | undefined): boolean => type !== undefined && facts.closures.isInert(type);
    return summary(result, contents.map((list, p) => {
      const given = isPair && result.includes(p * 2) && !isInert(f.parameters[p]) ? result.filter((one) => one >> 1 !== p && !list.includes(one)) : [];
      return [...list.filter((one) => one !== p * 2), ...given];
    }), places, resultParts);
  }

  private mattering(f: FunctionDefinition, found: Summary): Summary {
    return this.needs.isForMixing(f) ? summary([], found.contents.map((list) => list.filter((one) => one === mixMark || one === moveMark))) : found;
  }

  /** The summary of a flow whose callees' are known. */
  solve(flow: Flow): Summary {
    const solved = this.run(flow);
    if (!flow.isLibrary) this.solved.set(flow, solved);
    return summaryOfSolved(flow, solved.solver);
  }

  /** What was found of a flow that was prepared, for who looks at it once more. */
  take(flow: Flow): Solved {
    const known = this.solved.get(flow);
    this.solved.delete(flow);
    return known ?? this.run(flow);
  }

  private run(flow: Flow, isQuiet = false): Solved {
    const { graph } = flow;
    const liveness = this.lives.get(flow) ?? new Liveness(flow, graph);
    this.lives.set(flow, liveness);
    const solver = new LoanSolver(flow, graph, liveness, this.sets, this.facts, this, isQuiet);
    solver.run();
    return { graph, liveness, solver };
  }

  /** The callee stores more than references that it was given. */
  isMarked(call: Call): boolean { return (call.rule === "summary" || call.rule === "value") && this.ofCall(call).isMarked; }

  /** Arguments of the call that are function values, and are given references to the callee's own variables. */
  strays(call: Call, mark = strayMark): readonly number[] {
    if (!this.isMarked(call)) return [];
    const inputs = call.rule === "summary" && call.callee !== undefined ? this.inputsOf(call.callee) : [];
    return this.ofCall(call).contents.flatMap((items, i) => (items.includes(mark) ? [wholeOf(inputs, i)] : []));
  }

  /** A summary of the function is needed: something may come out of it, or be stored through it. */
  isNeeded(f: FunctionDefinition): boolean { return this.needs.isNeeded(f); }

  /** What `passMark` tells of may happen in this program. */
  mayPass(): boolean { return this.facts.closures.passesAnything(); }

  /** What the body of a function does that a call of a flow that was prepared is given. */
  ofBody(f: FunctionDefinition): Summary { return this.done.get(f) ?? emptySummary; }

  /** The summary of a closure of a flow that was prepared. */
  ofClosure(closure: FunctionDefinition): Summary {
    return this.needs.isNeeded(closure) ? this.done.get(closure) ?? emptySummary : emptySummary;
  }
}
