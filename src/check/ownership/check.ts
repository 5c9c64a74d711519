/** The ownership checks of a whole program: section 8 of the reference. The way in. */

import { Kind, type Node } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition, LocalId } from "../definitions.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { ConflictReport } from "./conflictReport.ts";
import { Conflicts } from "./conflicts.ts";
import { Op, type Flow, type Lent } from "./flow.ts";
import { wholeOf, wholes, type Input } from "./inputs.ts";
import { checkImplementation } from "./implementations.ts";
import { bodyOf, isLibrary } from "./functions.ts";
import { LoanSets } from "./loanSets.ts";
import { value } from "./lowerExpressions.ts";
import { bindPattern } from "./lowerPatterns.ts";
import { installDefers, leaveFunction, statements } from "./lowerStatements.ts";
import { Lowering } from "./lowering.ts";
import { Moves } from "./moves.ts";
import { Root, noPath, type PathId } from "./paths.ts";
import { Refusals } from "./refusals.ts";
import { Summaries } from "./summaries.ts";
import { typeFacts, type TypeFacts } from "./typeFacts.ts";

/** Checks these functions, and the implementations of traits in the user's files. Mistakes are in the checker's diagnostics. */
export function checkOwnership(c: Checker, functions: readonly FunctionDefinition[]): void {
  new OwnershipCheck(c).run(functions);
}

export class OwnershipCheck {
  readonly c: Checker;
  readonly facts: TypeFacts;
  readonly sets = new LoanSets();
  readonly summaries: Summaries;
  private readonly refusals: Refusals;
  private readonly everything: boolean;
  private readonly flows = new Map<FunctionDefinition, Flow>();

  /** `everything`: plain numbers too, and no reports: for the dump. `forAll`: for all programs that use the library. */
  constructor(c: Checker, everything = false, forAll = false) {
    this.c = c;
    this.everything = everything;
    this.facts = typeFacts(c, forAll);
    this.refusals = new Refusals(c, this.facts);
    this.summaries = new Summaries(c, this.facts, this.sets, (f) => this.flowOf(f));
  }

  run(functions: readonly FunctionDefinition[]): void {
    const { c } = this;
    for (const f of functions) {
      if (c.diagnostics.full) return;
      this.check(f);
      this.flows.delete(f);
    }
    for (const definition of c.definitions.slice()) {
      if (definition.kind !== "impl" || definition.derived || c.diagnostics.full) continue;
      if (c.unitOfFile[definition.file]?.library !== true) checkImplementation(c, this.summaries, this.facts, definition);
    }
  }

  check(f: FunctionDefinition): void {
    const { c, summaries } = this;
    const flow = this.flowOf(f);
    for (const lent of flow.lent) this.checkLent(lent);
    this.checkKeptInItself(f);
    if (flow.moves > 0) new Moves(c, this.facts, flow, flow.graph).check();
    if (flow.loans.length === 0 && !this.escapes(flow)) return;
    summaries.prepare(flow);
    const { graph, liveness, solver } = summaries.take(flow);
    const report = new ConflictReport(c, flow, graph, solver, liveness, summaries);
    new Conflicts(flow, graph, solver, liveness, report).check();
  }

  /** A function value whose result outlives what it is given does not refer to that. */
  private checkLent({ node, f, type, parameters }: Lent): void {
    const { c, facts } = this;
    const { types } = c;
    if (types.kindOf(type) !== TypeKind.Function || !facts.holds(types.inner(type))) return;
    const hands = f === undefined
      ? parameters.some((i) => facts.pointees.mayPointInto(types.inner(type), facts.pointees.lentBy(types.listItem(type, i))))
      : this.summaries.resultOf(f).some((one) => (one & 1) === 0 && parameters.includes(one >> 1));
    if (hands) c.error("E0408", node, "what this function returns refers to what it is given, which it has only for the call", { advice: ["return a copy or a clone"] });
  }

  /** Who calls a function value knows its type only: that it stores in what it is given no reference to that itself. */
  private checkKeptInItself(f: FunctionDefinition): void {
    const { c, facts, summaries } = this;
    const given = f.parameters.map((type) => facts.isBorrow(type) && facts.mayHoldItself(type));
    if (!given.includes(true)) return;
    if (c.ast.kind[f.node] !== Kind.Closure && !facts.closures.isUsedAsValue(f)) return;
    const { contents, places } = summaries.of(f);
    const inputs = summaries.inputsOf(f);
    const isKept = [contents, places].some((lists) => lists.some((from, i) => given[wholeOf(inputs, i)] === true && from.includes(wholeOf(inputs, i) * 2)));
    if (isKept) c.error("E0408", f.node, "this function is used as a value, and stores a reference to what it is given in that itself", { advice: ["call it by its name, or let it keep a copy, a clone, an index"] });
  }

  private escapes(flow: Flow): boolean {
    for (let s = 0; s < flow.statementCount; s++) if (flow.op[s] === Op.escape) return true;
    return false;
  }

  /** The flow of a function's body. */
  flowOf(f: FunctionDefinition): Flow {
    const known = this.flows.get(f);
    if (known !== undefined) return known;
    this.refusals.isSilent = this.everything || isLibrary(this.c, f);
    const flow = this.lower(f);
    this.refusals.isSilent = false;
    this.flows.set(f, flow);
    return flow;
  }

  /** Each variable that a closure captured, as one more parameter. */
  private captures(l: Lowering, f: FunctionDefinition): void {
    const { c } = this;
    const { flow } = l;
    if (c.ast.kind[f.node] !== Kind.Closure) return;
    for (const { local, mode } of c.program.capturesOf(f.node)) {
      const index = flow.parameters.length;
      flow.addParameter(flow.paths.root(Root.content, T.error, index));
      flow.contents.push(flow.paths.root(Root.content, T.str, index));
      const root = l.bindCapture(local, mode);
      flow.captures.push(root);
      if (mode !== "borrow" && mode !== "borrowMut") flow.ownedCaptures.add(root);
      if (mode !== "borrow") l.scopes[0]?.items.push(root);
    }
  }

  /** The parts of parameters and captures that hold references of their own, each with its place. */
  private parts(flow: Flow): void {
    const { facts } = this;
    const { paths, definition } = flow;
    const roots = [...definition.parameters, ...flow.captures.map((root) => paths.typeOf(root))];
    flow.inputs = flow.isLibrary ? wholes(roots) : facts.inputs.of(roots);
    for (let i = roots.length; i < flow.inputs.length; i++) {
      const { of, isBehind, steps, stepTypes, type } = flow.inputs[i] as Input;
      const capture = flow.captures[of - definition.parameters.length];
      let at = flow.parameters[of] as PathId;
      if (at !== noPath) {
        at = isBehind ? (flow.contents[of] as PathId) : (capture ?? at);
        steps.forEach((step, k) => { at = paths.step(at, step, stepTypes[k] as TypeId); });
      }
      flow.addParameter(at);
      flow.contents.push(paths.root(Root.content, facts.behind.holdsInside(type) ? type : T.void, flow.wholeOf(of)));
    }
  }

  /** Variables that closures in a body capture are of interest. */
  private findClosures(l: Lowering, body: Node): void {
    const { ast, program } = this.c;
    const { kind, start, end } = ast;
    const from = start[body] as number;
    const to = end[body] as number;
    for (let n: number = body; n > 0 && (start[n] as number) >= from && (end[n] as number) <= to; n--) {
      if (kind[n] === Kind.Closure) for (const { local } of program.capturesOf(n as Node)) l.captured.add(local);
    }
  }

  private parameterPatterns(l: Lowering, f: FunctionDefinition): void {
    const { ast } = this.c;
    const list = ast.parameters(f.node);
    for (let i = 0; i < ast.length(list); i++) {
      const parameter = ast.item(list, i);
      const pattern = ast.kind[parameter] === Kind.Parameter ? ast.parameterPattern(parameter) : (0 as Node);
      const local = f.parameterLocals[i];
      if (pattern !== 0 && local !== undefined) bindPattern(l, pattern, l.isPlain(local) ? noPath : l.local(local));
    }
  }

  private lower(f: FunctionDefinition): Flow {
    const { c, facts } = this;
    const l = new Lowering(c, facts, this.refusals, f, isLibrary(c, f));
    installDefers(l);
    l.everything = this.everything && !l.flow.isLibrary;
    const { flow } = l;
    const { paths } = flow;
    l.startBlock(l.newBlock());
    l.enterScope();
    // Before parameters are bound: closures may capture them.
    const body = bodyOf(c, f);
    this.findClosures(l, body);
    f.parameters.forEach((type, i) => {
      const local = f.parameterLocals[i];
      const isHolder = facts.holds(type) || facts.isRawPointer(type);
      const path = local === undefined || (local as number) === 0 || l.isPlain(local as LocalId) ? noPath : l.bind(local as LocalId, Root.parameter);
      if (path !== noPath) l.scopes[0]?.items.push(path);
      flow.addParameter(isHolder ? path : noPath);
      flow.contents.push(paths.root(Root.content, facts.behind.holdsInside(type) ? type : T.void, i));
    });
    this.captures(l, f);
    this.parts(flow);
    // What the body allocates, as one more parameter.
    const heap = flow.parameters.length;
    flow.addParameter(paths.root(Root.content, T.error, heap));
    flow.contents.push(paths.root(Root.content, T.str, heap));
    if (facts.holds(f.result) || (flow.isLibrary && facts.isRawPointer(f.result))) flow.result = paths.root(Root.result, f.result, 0);
    if (flow.result !== noPath) flow.resultParts = flow.addParts(flow.result, facts);
    if (c.ast.kind[f.node] === Kind.Closure) this.parameterPatterns(l, f);
    if (c.ast.kind[body] === Kind.Block) statements(l, body, flow.result);
    else value(l, body, flow.result);
    leaveFunction(l, body);
    l.closeBlock();
    return flow;
  }
}
