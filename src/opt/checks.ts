/**
 * Removes checks that cannot fail: one walk down the dominator tree with the intervals and orders of valueFacts.ts. Comparisons that are decided
 * become constants, checked arithmetic that cannot overflow becomes plain, and division of what is not negative by powers of two becomes shifts.
 * A loop's variable that only grows from a known start never lies below it. Linear but for questions about pairs, which look back a fixed way.
 */

import { ByteColumn, FloatColumn, IntColumn } from "../analysis/columns.ts";
import { arithmeticInterval, highest, interval, lowest, otherInterval, ownInterval } from "../analysis/ranges.ts";
import { caseOf } from "../analysis/switchCases.ts";
import { ValueFacts } from "../analysis/valueFacts.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type Edge, type IrFunction, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects, opValueOperands } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { divideCheaply } from "./divisions.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { isTruth } from "./rule.ts";
import { negated } from "./simplifyCompare.ts";
import { Subject } from "./subjects.ts";

export const checks: FunctionPass = { name: "checks", over: "function", upon: Subject.flow | Subject.values, settles: true, needs: ["reachable"], run };

const facts = new ValueFacts();
const replacements = new IntColumn();
const visited = new ByteColumn();
const paramLows = new FloatColumn();
const paramHighs = new FloatColumn();
const intervalStarts = new IntColumn();
const relationStarts = new IntColumn();
let map = new Int32Array(0);
let seen = new Uint8Array(0);
let paramLow = new Float64Array(0);
let paramHigh = new Float64Array(0);
let changed = false;

function run(f: IrFunction, context: PassContext): boolean {
  const flow = context.controlFlow(f).withDominators();
  facts.start(f);
  map = replacements.zeroed(f.valueCount);
  seen = visited.zeroed(f.blockCount);
  paramLow = paramLows.filled(f.valueCount, Infinity);
  paramHigh = paramHighs.filled(f.valueCount, -Infinity);
  const intervals = intervalStarts.zeroed(f.blockCount);
  const relations = relationStarts.zeroed(f.blockCount);
  changed = false;
  flow.walkDominated(
    (block) => {
      intervals[block] = facts.intervals;
      relations[block] = facts.relations;
      visit(f, flow, block, context);
    },
    (block) => facts.leave(intervals[block] as number, relations[block] as number),
  );
  if (changed) f.substitute(map);
  return changed;
}

function resolve(v: number): Value {
  while (v < map.length && map[v] !== 0) v = map[v] as number;
  return v as Value;
}

function visit(f: IrFunction, flow: ControlFlow, block: Block, context: PassContext): void {
  if (block !== flow.order[0]) defineParams(f, flow, block);
  // Not before: a block may be its own predecessor.
  seen[block] = 1;
  learnFromEdge(f, flow, block);
  for (let v = f.first[block] as Value; v !== 0; ) {
    const after = f.nextOf(v);
    const op = f.opOf(v);
    const operands = opValueOperands[op] as number;
    if ((operands & 1) !== 0) f.a[v] = resolve(f.a[v] as number);
    if ((operands & 2) !== 0) f.b[v] = resolve(f.b[v] as number);
    if ((operands & 4) !== 0) f.c[v] = resolve(f.c[v] as number);
    const effects = opEffects[op] as number;
    if (op === Op["trap.if"]) visitTrap(f, v, context);
    else if ((effects & Effect.terminates) !== 0) visitTerminator(f, block, v, op, context);
    else if (facts.isTracked(v) && (effects & (Effect.reads | Effect.writes | Effect.calls)) === 0 && op !== Op.result && op !== Op["frame.address"]) visitPure(f, v, op, context);
    v = after;
  }
}

// ── block parameters ──

function defineParams(f: IrFunction, flow: ControlFlow, block: Block): void {
  if (f.firstParam[block] === 0) return;
  let complete = true;
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) if (seen[flow.source[flow.incomingEdge(block, i)] as number] === 0) complete = false;
  for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p)) {
    if (!facts.isTracked(p)) continue;
    let low = paramLow[p] as number;
    let high = paramHigh[p] as number;
    if (!complete) {
      const direction = growth(f, flow, block, p);
      // What comes round may be cut to an interval by itself: (i + 1) & 255.
      for (let i = 0, n = flow.incomingCount(block); i < n; i++) {
        const edge = flow.incomingEdge(block, i);
        const arg = resolve(f.edgeArg(edge, f.a[p] as number));
        if (seen[flow.source[edge] as number] !== 0 || arg === p) continue;
        ownInterval(f, arg as Value);
        if ((direction & 1) === 0) low = Math.min(low, interval.low);
        if ((direction & 2) === 0) high = Math.max(high, interval.high);
      }
    }
    if (low <= high) facts.define(p, low, high);
  }
  if (flow.incomingCount(block) > 1) for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p)) if (facts.isTracked(p)) learnFromAllEdges(f, flow, block, p);
}

/**
 * What the conditions of all incoming edges say alike of a parameter's arguments holds for the parameter: in a turned loop, that its variable is
 * below the end, which the guard asks before the loop and the latch at the end of each turn.
 */
function learnFromAllEdges(f: IrFunction, flow: ControlFlow, block: Block, p: Value): void {
  const index = f.a[p] as number;
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) {
    const edge = flow.incomingEdge(block, i);
    const v = f.terminator(flow.source[edge] as Block);
    if (f.op[v] !== Op.branch || f.b[v] === f.c[v]) continue;
    const condition = resolve(f.a[v] as number);
    const arg = resolve(f.edgeArg(edge, index));
    const a = resolve(f.a[condition] as number);
    const b = resolve(f.b[condition] as number);
    let op = f.opOf(condition);
    if (op < Op.eq || op > Op.uge || (a !== arg && b !== arg)) continue;
    if (f.b[v] !== edge) op = negated(op);
    if (a !== arg) op = mirrored(op);
    const bound = a === arg ? b : a;
    // The bound must mean the same on every edge.
    if (!f.isFloating(bound) && !(f.blockOf(bound) !== block && flow.dominates(f.blockOf(bound), block))) continue;
    let all = true;
    for (let j = 0; j < n && all; j++) {
      const other = flow.incomingEdge(block, j);
      // What an inner loop with the same header does not change stays as true as it was.
      all = j === i || resolve(f.edgeArg(other, index)) === p || edgeImplies(f, flow, other, index, op, bound) || (op === Op.sle && stepsUpTo(f, flow, block, p, other, bound));
    }
    if (all) facts.assume(op, p, bound);
  }
}

function mirrored(op: Op): Op {
  switch (op) {
    case Op.slt: return Op.sgt;
    case Op.sle: return Op.sge;
    case Op.sgt: return Op.slt;
    case Op.sge: return Op.sle;
    case Op.ult: return Op.ugt;
    case Op.ule: return Op.uge;
    case Op.ugt: return Op.ult;
    case Op.uge: return Op.ule;
    default: return op;
  }
}

function edgeImplies(f: IrFunction, flow: ControlFlow, edge: Edge, index: number, op: Op, bound: Value): boolean {
  const v = f.terminator(flow.source[edge] as Block);
  const arg = resolve(f.edgeArg(edge, index));
  if (f.op[v] === Op.branch && f.b[v] !== f.c[v]) {
    const condition = resolve(f.a[v] as number);
    let is = f.opOf(condition);
    if (is >= Op.eq && is <= Op.uge) {
      if (f.b[v] !== edge) is = negated(is);
      const a = resolve(f.a[condition] as number);
      const b = resolve(f.b[condition] as number);
      if (is === op && a === arg && b === bound) return true;
      if (mirrored(is) === op && b === arg && a === bound) return true;
    }
  }
  // What holds where the edge's source is not seen yet is not known; elsewhere the dominator's facts hold here.
  return (f.isFloating(arg) || flow.dominates(f.blockOf(arg), flow.immediateDominator[f.edgeBlock(edge)] as Block)) && facts.compare(op, arg, bound) === 1;
}

/**
 * The loop's variable `p` goes round by the edge one higher, and only where it is not the bound: if it was not above it, it is not above it then.
 * So the variable of `for i in 1..=n` stays in 1..=n.
 */
function stepsUpTo(f: IrFunction, flow: ControlFlow, header: Block, p: Value, edge: Edge, bound: Value): boolean {
  const arg = resolve(f.edgeArg(edge, f.a[p] as number));
  const by = f.arg1(arg);
  const exact = f.op[arg] === Op["sadd.trap"] || (f.op[arg] === Op.add && ((f.flags[arg] as number) & ValueFlag.noSignedWrap) !== 0);
  if (!exact || resolve(f.a[arg] as number) !== p || !isOne(f, by)) return false;
  let block = flow.source[edge] as Block;
  for (let steps = 0; steps < 8 && block !== header && flow.dominates(header, block); steps++, block = flow.immediateDominator[block] as Block) {
    if (flow.incomingCount(block) !== 1) continue;
    const incoming = flow.incomingEdge(block, 0);
    const v = f.terminator(flow.source[incoming] as Block);
    if (f.op[v] !== Op.branch || f.b[v] === f.c[v]) continue;
    const condition = resolve(f.a[v] as number);
    if (f.op[condition] !== Op.eq && f.op[condition] !== Op.ne) continue;
    const [a, b] = [resolve(f.a[condition] as number), resolve(f.b[condition] as number)];
    const differ = (f.op[condition] === Op.ne) === (f.b[v] === incoming);
    if (differ && ((a === p && b === bound) || (a === bound && b === p))) return true;
  }
  return false;
}

/** How a loop's variable moves: 1: never down, 2: never up, 3: not at all, 0: not known. */
function growth(f: IrFunction, flow: ControlFlow, header: Block, param: Value): number {
  let direction = 3;
  for (let i = 0, n = flow.incomingCount(header); i < n && direction !== 0; i++) {
    const edge = flow.incomingEdge(header, i);
    if (seen[flow.source[edge] as number] === 0) direction &= step(f, flow, param, resolve(f.edgeArg(edge, f.a[param] as number)), 4);
  }
  return direction;
}

function step(f: IrFunction, flow: ControlFlow, param: Value, v: Value, depth: number): number {
  if (v === param) return 3;
  if (depth === 0) return 0;
  const op = f.opOf(v);
  const wraps = op === Op.add || op === Op.sub ? ((f.flags[v] as number) & ValueFlag.noSignedWrap) === 0 : op !== Op["sadd.trap"] && op !== Op["ssub.trap"];
  if (!wraps) {
    const by = resolve(f.b[v] as number);
    // The amount must be known where the loop begins.
    if (!f.isFloating(by) && !(f.blockOf(by) !== f.blockOf(param) && flow.dominates(f.blockOf(by), f.blockOf(param)))) return 0;
    if (facts.lowOf(by) < 0 && facts.highOf(by) > 0) return 0;
    const up = (facts.lowOf(by) >= 0) === (op === Op.add || op === Op["sadd.trap"]);
    return step(f, flow, param, resolve(f.a[v] as number), depth - 1) & (up ? 1 : 2);
  }
  if (op === Op.select) return step(f, flow, param, resolve(f.b[v] as number), depth - 1) & step(f, flow, param, resolve(f.c[v] as number), depth - 1);
  if (op !== Op.param || !flow.reachable(f.blockOf(v)) || f.blockOf(v) === f.order[0]) return 0;
  let direction = 3;
  const block = f.blockOf(v);
  for (let i = 0, n = flow.incomingCount(block); i < n && direction !== 0; i++) {
    const edge = flow.incomingEdge(block, i);
    if (flow.dominates(block, flow.source[edge] as Block)) return 0; // another loop's variable
    direction &= step(f, flow, param, resolve(f.edgeArg(edge, f.a[v] as number)), depth - 1);
  }
  return direction;
}

function visitTerminator(f: IrFunction, block: Block, v: Value, op: Op, context: PassContext): void {
  if (op === Op.branch) {
    const known = decide(f, f.arg0(v), 3);
    if (known >= 0 && !f.isConst(f.arg0(v)) && context.allow()) {
      const constant = f.int(Type.i8, known);
      f.a[v] = constant;
      changed = true;
    }
  }
  for (let s = 0, n = f.successorCount(block); s < n; s++) {
    const edge: Edge = f.successor(block, s);
    let i = 0;
    for (let p = f.firstParam[f.edgeBlock(edge)] as Value; p !== 0; p = f.nextOf(p), i++) {
      if (!facts.isTracked(p)) continue;
      const arg = resolve(f.edgeArg(edge, i));
      paramLow[p] = Math.min(paramLow[p] as number, facts.lowOf(arg));
      paramHigh[p] = Math.max(paramHigh[p] as number, facts.highOf(arg));
    }
  }
}

// ── conditions ──

/** What is decided on the only way into a block holds in it; where that is a loop's first block, those who come round have gone that way before. */
function learnFromEdge(f: IrFunction, flow: ControlFlow, block: Block): void {
  const edge = onlyEntry(flow, block);
  if (edge === undefined) return;
  const v = f.terminator(flow.source[edge] as Block);
  if (f.op[v] === Op.branch && f.b[v] !== f.c[v]) learn(f, f.arg0(v), f.b[v] === edge, 3);
  else if (f.op[v] === Op.switch && f.c[v] !== edge) {
    const i = caseOf(f, v, edge);
    if (i >= 0) facts.assume(Op.eq, f.arg0(v), f.constant(f.typeOf(f.arg0(v)), f.switchLow(v, i), f.switchHigh(v, i)));
  }
}

/** The edge by which a block is entered from outside what it dominates; undefined: there are several, or none. */
function onlyEntry(flow: ControlFlow, block: Block): Edge | undefined {
  let entry: Edge | undefined;
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) {
    const edge = flow.incomingEdge(block, i);
    if (n > 1 && flow.dominates(block, flow.source[edge] as Block)) continue;
    if (entry !== undefined) return undefined;
    entry = edge;
  }
  return entry;
}

function learn(f: IrFunction, condition: Value, holds: boolean, depth: number): void {
  const op = f.opOf(condition);
  if (op >= Op.eq && op <= Op.uge) {
    const a = resolve(f.a[condition] as number);
    if (facts.isTracked(a)) facts.assume(holds ? op : negated(op), a, resolve(f.b[condition] as number));
    return;
  }
  if (depth > 0 && op === (holds ? Op.and : Op.or) && isTruth(f, condition)) {
    learn(f, f.arg0(condition), holds, depth - 1);
    learn(f, f.arg1(condition), holds, depth - 1);
  } else if (depth > 0 && op === Op.xor && isTruth(f, f.arg0(condition)) && f.isConst(f.arg1(condition)) && f.a[f.arg1(condition)] === 1) learn(f, f.arg0(condition), !holds, depth - 1);
}

/** 1: the condition is true here, 0: false, -1: not known. */
function decide(f: IrFunction, condition: Value, depth: number): number {
  const op = f.opOf(condition);
  if (op === Op.const) return f.a[condition] !== 0 ? 1 : 0;
  if (op >= Op.eq && op <= Op.uge) return facts.compare(op, resolve(f.a[condition] as number), resolve(f.b[condition] as number));
  if (depth === 0 || (op !== Op.and && op !== Op.or) || !isTruth(f, condition)) return -1;
  const a = decide(f, f.arg0(condition), depth - 1);
  const b = decide(f, f.arg1(condition), depth - 1);
  const absorbing = op === Op.and ? 0 : 1;
  if (a === absorbing || b === absorbing) return absorbing;
  return a >= 0 && b >= 0 ? 1 - absorbing : -1;
}

function visitTrap(f: IrFunction, v: Value, context: PassContext): void {
  const condition = f.arg0(v);
  const known = decide(f, condition, 3);
  if (known === 0 && context.allow()) {
    f.remove(v);
    changed = true;
    return;
  }
  learn(f, condition, false, 3);
}

// ── values ──

function visitPure(f: IrFunction, v: Value, op: Op, context: PassContext): void {
  const a = f.arg0(v);
  if (op >= Op.eq && op <= Op.uge) {
    const known = facts.compare(op, a, f.arg1(v));
    facts.define(v, 0, 1);
    if (known < 0 || !context.allow()) return;
    map[v] = f.int(Type.i8, known);
    f.remove(v);
    changed = true;
    return;
  }
  if (op === Op.select) {
    const b = f.arg1(v);
    const c = f.arg2(v);
    return facts.define(v, Math.min(facts.lowOf(b), facts.lowOf(c)), Math.max(facts.highOf(b), facts.highOf(c)));
  }
  const operands = opValueOperands[op] as number;
  if ((operands & 1) === 0 || !facts.isTracked(a)) return op >= Op["sadd.overflows"] && op <= Op.fge ? facts.define(v, 0, 1) : undefined;
  const aLow = facts.lowOf(a);
  const aHigh = facts.highOf(a);
  const bLow = (operands & 2) !== 0 ? facts.lowOf(f.arg1(v)) : 0;
  const bHigh = (operands & 2) !== 0 ? facts.highOf(f.arg1(v)) : 0;
  if (op === Op.add || op === Op.sub || op === Op.mul || ((opEffects[op] as number) & Effect.traps) !== 0) return visitArithmetic(f, v, op, aLow, aHigh, bLow, bHigh, context);
  otherInterval(f, v, aLow, aHigh, bLow, bHigh);
  facts.define(v, interval.low, interval.high);
  if (op >= Op.sdiv && op <= Op.urem && divideCheaply(f, v, facts, context)) changed = true;
}

function visitArithmetic(f: IrFunction, v: Value, op: Op, aLow: number, aHigh: number, bLow: number, bHigh: number, context: PassContext): void {
  const type = f.typeOf(v);
  arithmeticInterval(op, aLow, aHigh, bLow, bHigh);
  const { low, high } = interval;
  const least = lowest[type] as number;
  const most = highest[type] as number;
  // 2^63 stands for the largest i64 in intervals of values; a sum that reaches it may have left the type. Whatever the rounding, what is not
  // negative takes no difference above, and no sum below, the value that it is applied to.
  const isSum = op === Op.add || op === Op["sadd.trap"];
  const isDifference = op === Op.sub || op === Op["ssub.trap"];
  const fitsBelow = low >= least || (isSum && (aLow >= 0 || bLow >= 0)) || (isDifference && bHigh <= 0);
  const fitsAbove = (high < 2 ** 53 ? high <= most : high < most) || (isSum && (aHigh <= 0 || bHigh <= 0)) || (isDifference && bLow >= 0);
  const fitsSigned = fitsBelow && fitsAbove;
  const flags = f.flags[v] as number;
  switch (op) {
    case Op.add:
    case Op.sub:
    case Op.mul:
      if (!fitsSigned && (flags & ValueFlag.noSignedWrap) === 0 && !hasRoomForOne(f, v, op)) return;
      facts.define(v, Math.max(low, least), Math.min(high, most));
      // Who sees it elsewhere, as the step of a loop or in a caller, is to know it too.
      if ((flags & ValueFlag.noSignedWrap) === 0 && op !== Op.mul && isOne(f, f.arg1(v)) && context.allow()) f.flags[v] = flags | ValueFlag.noSignedWrap;
      return;
    case Op["sadd.trap"]:
    case Op["ssub.trap"]:
    case Op["smul.trap"]: {
      facts.define(v, Math.max(low, least), Math.min(high, most));
      if (fitsSigned || hasRoomForOne(f, v, op)) toPlain(f, v, op, ValueFlag.noSignedWrap, context);
      return;
    }
    default: {
      const a = f.arg0(v);
      const b = f.arg1(v);
      const one = isOne(f, b);
      const fits = op === Op["usub.trap"] ? facts.compare(Op.ule, b, a) === 1 || (one && facts.hasRoom(Op.ult, a, false))
        : (aLow >= 0 && bLow >= 0 && high <= 2 * most + 1 && high < 2 ** 64) || (op === Op["uadd.trap"] && ((one && facts.hasRoom(Op.ult, a, true)) || sumFitsUnsigned(f, type, a, b)));
      if (aLow >= 0 && bLow >= 0 && low >= 0 && fitsSigned) facts.define(v, low, high);
      else if (op === Op["usub.trap"] && aLow >= 0) facts.define(v, 0, aHigh);
      if (fits) toPlain(f, v, op, aLow >= 0 && bLow >= 0 && fitsSigned ? ValueFlag.noSignedWrap | ValueFlag.noUnsignedWrap : ValueFlag.noUnsignedWrap, context);
    }
  }
}

/** One is added to what is known to be smaller than something, or taken from what is greater. */
function hasRoomForOne(f: IrFunction, v: Value, op: Op): boolean {
  if (!isOne(f, f.arg1(v))) return false;
  if (op === Op.add || op === Op["sadd.trap"]) return facts.hasRoom(Op.slt, f.arg0(v), true);
  return (op === Op.sub || op === Op["ssub.trap"]) && facts.hasRoom(Op.slt, f.arg0(v), false);
}

/** Sums of products of halves, as of numbers of many words, come to 2^64 - 1 exactly: counted in whole numbers. */
function sumFitsUnsigned(f: IrFunction, type: Type, a: Value, b: Value): boolean {
  return type === Type.i64 && unsignedMost(f, a, 3) + unsignedMost(f, b, 3) < 1n << 64n;
}

/** What a word is at most, as unsigned. */
function unsignedMost(f: IrFunction, v: Value, depth: number): bigint {
  const all = (1n << 64n) - 1n;
  if (facts.lowOf(v) >= 0) return facts.highOf(v) < 2 ** 53 ? BigInt(facts.highOf(v)) : all >> 1n;
  const op = f.opOf(v);
  const exact = op === Op["uadd.trap"] || op === Op["umul.trap"] || ((op === Op.add || op === Op.mul) && ((f.flags[v] as number) & ValueFlag.noUnsignedWrap) !== 0);
  if (!exact || depth === 0) return all;
  const a = unsignedMost(f, resolve(f.a[v] as number), depth - 1);
  const b = unsignedMost(f, resolve(f.b[v] as number), depth - 1);
  const most = op === Op["uadd.trap"] || op === Op.add ? a + b : a * b;
  return most < all ? most : all;
}

function isOne(f: IrFunction, v: Value): boolean {
  return f.isConst(v) && f.a[v] === 1 && f.b[v] === 0;
}

const plainForms: Readonly<Record<number, Op>> = {
  [Op["sadd.trap"]]: Op.add, [Op["uadd.trap"]]: Op.add, [Op["ssub.trap"]]: Op.sub, [Op["usub.trap"]]: Op.sub, [Op["smul.trap"]]: Op.mul, [Op["umul.trap"]]: Op.mul,
};

function toPlain(f: IrFunction, v: Value, op: Op, flags: number, context: PassContext): void {
  if (!context.allow()) return;
  f.op[v] = plainForms[op] as Op;
  f.c[v] = 0;
  f.flags[v] = flags;
  changed = true;
}
