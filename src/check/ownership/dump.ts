/** What `--dump-ownership` prints: each function's summary, and line by line the state of its variables and what is dropped. */

import type { Checker } from "../context.ts";
import type { FunctionDefinition, LocalId } from "../definitions.ts";
import { OwnershipCheck } from "./check.ts";
import { describe, inputName, localName } from "./describe.ts";
import { Op, StatementFlag, type Flow, type Loan } from "./flow.ts";
import { functionsToCheck } from "./functions.ts";
import type { Input } from "./inputs.ts";
import { LiveSet, Liveness } from "./liveness.ts";
import { mixMark, strayMark, viewMark } from "./loanNumbers.ts";
import type { SetId } from "./loanSets.ts";
import { LoanSolver } from "./loans.ts";
import { Moves } from "./moves.ts";
import { Root, type PathId } from "./paths.ts";
import type { Summary } from "./summary.ts";
import type { Node } from "../../syntax/ast.ts";

type State = "owned" | "moved" | "partially_moved" | "borrowed" | "borrowed_mut";

interface Line {
  readonly states: Map<string, State>;
  readonly drops: string[];
}

/** All functions of the user's files, in the order of the text. */
export function dumpOwnership(c: Checker): string {
  const check = new OwnershipCheck(c, true);
  return functionsToCheck(c, true).map((f) => dumpFunction(check, f)).join("\n");
}

function dumpFunction(check: OwnershipCheck, f: FunctionDefinition): string {
  const { c } = check;
  const flow = check.flowOf(f);
  check.summaries.prepare(flow);
  const lines = linesOf(check, flow);
  const out = [`${head(c, f)}`, `  summary: ${summaryText(c, f, check.summaries.inputsOf(f), check.summaries.solve(flow))}`];
  for (const [number, { states, drops }] of [...lines].sort(([a], [b]) => a - b)) {
    const parts = [...states].map(([name, state]) => `${name} ${state}`);
    if (drops.length > 0) parts.push(`drop ${drops.join(", ")}`);
    if (parts.length > 0) out.push(`  ${String(number).padStart(4)}: ${parts.join(", ")}`);
  }
  return `${out.join("\n")}\n`;
}

function head(c: Checker, f: FunctionDefinition): string {
  const parameters = f.parameters.map((type, i) => {
    const local = f.parameterLocals[i];
    return `${local === undefined ? "_" : localName(c, local)} ${c.typeName(type)}`;
  });
  const owner = f.owner === 0 ? "" : `${c.typeName(f.owner)}.`;
  const name = f.name === 0 ? c.ast.kindName(f.node).toLowerCase() : `func ${owner}${c.nameText(f.name)}`;
  return `${name}(${parameters.join(", ")}) ${c.typeName(f.result)}`;
}

/** "the result may hold a, what b holds; what c refers to may hold a" */
function summaryText(c: Checker, f: FunctionDefinition, inputs: readonly Input[], summary: Summary): string {
  const name = (i: number): string => inputName(c, f, inputs, i);
  const list = (items: readonly number[]): string => items.filter((one) => one !== viewMark).map((one) => (one >= mixMark ? "what lies behind it elsewhere" : one >= strayMark ? "variables of its own" : (one & 1) === 0 ? name(one >> 1) : `what ${name(one >> 1)} holds`)).join(", ");
  const parts: string[] = [];
  if (summary.result.length > 0) parts.push(`the result may hold ${list(summary.result)}`);
  summary.contents.forEach((items, i) => {
    if (items.length > 0) parts.push(`what ${name(i)} refers to may hold ${list(items)}`);
  });
  summary.places.forEach((items, i) => {
    if (items.length > 0) parts.push(`${name(i)} may hold ${list(items)}`);
  });
  return parts.length === 0 ? "hands on nothing" : parts.join("; ");
}

function linesOf(check: OwnershipCheck, flow: Flow): Map<number, Line> {
  const { c } = check;
  const { graph } = flow;
  const moves = new Moves(c, check.facts, flow, graph);
  const liveness = new Liveness(flow, graph);
  const solver = new LoanSolver(flow, graph, liveness, check.sets, check.facts, check.summaries);
  solver.run();
  const lines = new Map<number, Line>();
  const live = new LiveSet(flow.paths.count);
  const moved = moves.newState();
  for (const block of graph.order) {
    const start = flow.start[block] as number;
    const end = flow.end[block] as number;
    const behind: (readonly PathId[])[] = [];
    liveness.atEnd(block, live);
    for (let s = end - 1; s >= start; s--) {
      behind[s - start] = Array.from(live.list(), (path) => path as PathId);
      liveness.before(s, live);
    }
    moves.enter(block, moved);
    solver.enter(block);
    for (let s = start; s < end; s++) {
      const place = c.sources.place(positionOf(c, flow, s));
      const line: Line = lines.get(place?.line ?? 0) ?? { states: new Map<string, State>(), drops: [] };
      lines.set(place?.line ?? 0, line);
      const dropped = droppedBy(c, flow, s, moves, moved);
      if (dropped !== undefined && !line.drops.includes(dropped)) line.drops.push(dropped);
      moves.transfer(s, moved);
      solver.transfer(s);
      const held = heldLoans(solver, behind[s - start] ?? []);
      for (const root of flow.locals) {
        const kind = flow.paths.kindOf(root);
        if (kind !== Root.local && kind !== Root.parameter) continue;
        const name = localName(c, flow.paths.ownerOf(root) as LocalId);
        // Where scopes end, what ends is what is dropped.
        if (flow.op[s] === Op.dead) continue;
        if (!isNear(c, flow, root, s)) continue;
        line.states.set(name, stateOf(flow, root, moves, moved, solver, held));
      }
    }
  }
  return lines;
}

/** Where a statement belongs: the end of a scope to its last line. */
function positionOf(c: Checker, flow: Flow, s: number): number {
  const node = flow.node[s] as number;
  return flow.op[s] === Op.dead && c.ast.kindName(node as Node) !== "Return" ? Math.max(c.ast.start[node] as number, (c.ast.end[node] as number) - 1) : (c.ast.start[node] as number);
}

/** The variable is declared before the statement, and what it is declared in has not ended. */
function isNear(c: Checker, flow: Flow, root: PathId, s: number): boolean {
  const declared = c.ast.start[c.program.localNode(flow.paths.ownerOf(root) as LocalId)] as number;
  if (declared > positionOf(c, flow, s)) return false;
  // Its scope ends at its `dead`.
  for (let i = 0; i < flow.statementCount; i++) {
    if (flow.op[i] === Op.dead && flow.a[i] === root && (c.ast.end[flow.node[i] as number] as number) >= positionOf(c, flow, s)) return true;
  }
  return false;
}

function heldLoans(solver: LoanSolver, live: readonly PathId[]): SetId {
  let set = 0 as SetId;
  for (const path of live) set = solver.sets.union(set, solver.held.at(path));
  return solver.held.closure(set);
}

function stateOf(flow: Flow, root: PathId, moves: Moves, moved: Uint32Array, solver: LoanSolver, held: SetId): State {
  const place = moves.movedPlace(root, moved);
  if (place !== 0) return place === root ? "moved" : "partially_moved";
  let state: State = "owned";
  for (const number of flow.loansOf.get(root) ?? []) {
    const loan = flow.loans[number] as Loan;
    if (!solver.held.keeps(held, number + flow.firstLoan)) continue;
    if (loan.mutable) return "borrowed_mut";
    state = "borrowed";
  }
  return state;
}

function droppedBy(c: Checker, flow: Flow, s: number, moves: Moves, moved: Uint32Array): string | undefined {
  if (((flow.flags[s] as number) & StatementFlag.drops) === 0) return undefined;
  const a = flow.a[s] as PathId;
  if (flow.paths.kindOf(a) === Root.capture) return undefined;
  const place = moves.movedPlace(a, moved);
  const name = describe(c, flow, a);
  if (flow.op[s] === Op.assign) return place === 0 ? `the old ${name}` : undefined;
  if (place === 0) return name;
  if (moves.isCertain(a, s)) return place === a ? undefined : `the rest of ${name}`;
  return `${name} unless it was moved`;
}
