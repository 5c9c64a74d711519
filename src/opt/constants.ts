/**
 * Sparse conditional constant propagation (Wegman, Zadeck): values are taken for constants and blocks for unreachable until the contrary shows,
 * so that constants are found around loops too. Instead of use lists, sweeps over the reachable blocks in reverse postorder until nothing changes:
 * a value changes at most twice, and two or three sweeps are the rule. Addresses count as constants.
 */

import { ByteColumn, IntColumn } from "../analysis/columns.ts";
import { noValue, type Block, type IrFunction, type Value } from "../ir/function.ts";
import { fold } from "../ir/fold.ts";
import { Effect, Op, opEffects, opValueOperands } from "../ir/ops.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const constants: FunctionPass = { name: "constants", over: "function", upon: Subject.flow, settles: true, needs: ["reachable"], run };

/** State of a value: 0 unknown yet, a floating value it equals, or `varies`. */
const varies = -1;
const sweepLimit = 12;

const states = new IntColumn();
const executed = new ByteColumn();
const taken = new ByteColumn();
const replacements = new IntColumn();
let state = new Int32Array(0);
let changedState = false;

function run(f: IrFunction, context: PassContext): boolean {
  // Where no paths meet with values of their own, `simplify` has found all there is.
  let meets = false;
  for (let i = 1; i < f.order.length && !meets; i++) meets = f.firstParam[f.order[i] as number] !== 0;
  if (!meets) return false;
  const flow = context.controlFlow(f);
  state = states.zeroed(f.valueCount);
  const reached = executed.zeroed(f.blockCount);
  const edges = taken.zeroed(f.edgeCount);
  const entry = flow.order[0] as Block;
  reached[entry] = 1;
  for (let p = f.firstParam[entry] as number; p !== 0; p = f.next[p] as number) state[p] = varies;
  for (let sweep = 0; ; sweep++) {
    // Half-found facts are no facts: without an end in sight nothing is changed.
    if (sweep === sweepLimit) return false;
    changedState = false;
    for (let i = 0; i < flow.count; i++) {
      const block = flow.order[i] as Block;
      if (reached[block] !== 0) visit(f, block, reached, edges);
    }
    // Without loops each block came after all that lead to it: what another sweep would look at is final.
    if (!changedState || !flow.hasLoops) break;
  }
  return apply(f, context, reached);
}

function stateOf(f: IrFunction, v: Value): number {
  return f.isFloating(v) ? v : v < state.length ? (state[v] as number) : varies;
}

function set(v: number, to: number): void {
  const before = state[v] as number;
  if (before === to || before === varies) return;
  state[v] = before === 0 ? to : varies;
  changedState = true;
}

function visit(f: IrFunction, block: Block, reached: Uint8Array, edges: Uint8Array): void {
  for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
    const op = f.opOf(v);
    const effects = opEffects[op] as number;
    if ((effects & Effect.terminates) !== 0) return visitTerminator(f, block, v, op, reached, edges);
    if (op === Op["trap.if"]) {
      const condition = stateOf(f, f.arg0(v));
      if (condition === 0 || (condition > 0 && f.isConst(condition as Value) && f.a[condition] !== 0)) return; // not known yet, or it ends here
      continue;
    }
    if (state[v] === varies) continue;
    if ((effects & (Effect.reads | Effect.writes | Effect.calls)) !== 0 || op === Op.result || op === Op["frame.address"]) {
      set(v, varies);
      continue;
    }
    evaluate(f, v, op);
  }
}

function evaluate(f: IrFunction, v: Value, op: Op): void {
  const operands = opValueOperands[op] as number;
  const a = (operands & 1) !== 0 ? stateOf(f, f.arg0(v)) : varies;
  if (op === Op.select) {
    if (a === 0) return;
    const b = stateOf(f, f.arg1(v));
    const c = stateOf(f, f.arg2(v));
    if (a > 0 && f.isConst(a as Value)) {
      const chosen = f.a[a] !== 0 ? b : c;
      if (chosen !== 0) set(v, chosen);
    } else if (b === varies || c === varies || (b !== c && b !== 0 && c !== 0)) set(v, varies);
    else if (b !== 0 || c !== 0) set(v, b !== 0 ? b : c);
    return;
  }
  const b = (operands & 2) !== 0 ? stateOf(f, f.arg1(v)) : 0;
  const c = (operands & 4) !== 0 ? stateOf(f, f.arg2(v)) : 0;
  if (a === varies || b === varies || c === varies) return set(v, varies);
  if (a === 0 || ((operands & 2) !== 0 && b === 0) || ((operands & 4) !== 0 && c === 0)) return;
  if (!f.isConst(a as Value) || (b !== 0 && !f.isConst(b as Value)) || (c !== 0 && !f.isConst(c as Value))) return set(v, varies);
  const folded = fold(f, op, f.typeOf(v), a as Value, b as Value, c as Value);
  set(v, folded === noValue ? varies : folded);
}

function visitTerminator(f: IrFunction, block: Block, v: Value, op: Op, reached: Uint8Array, edges: Uint8Array): void {
  let only = -1;
  if (op === Op.branch || op === Op.switch) {
    const condition = stateOf(f, f.arg0(v));
    if (condition === 0) return;
    if (condition > 0 && f.isConst(condition as Value)) {
      if (op === Op.branch) only = f.a[condition] !== 0 ? (f.b[v] as number) : (f.c[v] as number);
      else {
        only = f.c[v] as number;
        for (let i = 0; i < f.switchCount(v); i++) if (f.switchLow(v, i) === f.a[condition] && f.switchHigh(v, i) === f.b[condition]) only = f.switchEdge(v, i);
      }
    }
  }
  for (let s = 0, n = f.successorCount(block); s < n; s++) {
    const edge = f.successor(block, s);
    if (only !== -1 && edge !== only) continue;
    const target = f.edgeTarget[edge] as Block;
    if (edges[edge] === 0) {
      edges[edge] = 1;
      changedState = true;
    }
    reached[target] = 1;
    for (let p = f.firstParam[target] as number, i = 0; p !== 0; p = f.next[p] as number, i++) {
      const arg = stateOf(f, f.edgeArg(edge, i));
      if (arg !== 0) set(p, arg);
    }
  }
}

/** Constants take the place of what computes them; branches are folded by `simplifyFlow`, which sees constant conditions now. */
function apply(f: IrFunction, context: PassContext, reached: Uint8Array): boolean {
  const map = replacements.zeroed(f.valueCount);
  let changed = false;
  for (const block of f.order) {
    if (reached[block] === 0) continue;
    for (let p = f.firstParam[block] as number; p !== 0; p = f.next[p] as number) {
      if ((state[p] as number) <= 0 || !context.allow()) continue;
      map[p] = state[p] as number;
      changed = true;
    }
    for (let v = f.first[block] as Value; v !== 0; ) {
      const after = f.nextOf(v);
      if ((state[v] as number) > 0 && context.allow()) {
        map[v] = state[v] as number;
        f.remove(v);
        changed = true;
      }
      v = after;
    }
  }
  if (changed) f.substitute(map);
  return changed;
}
