/**
 * Global value numbering: one walk down the dominator tree with a table of what is computed already, so that an instruction that computes the same
 * as one that dominates it is replaced by it. With the tree come facts: within the blocks that a branch or a passed `trap.if` dominates, its
 * condition is known, and so are its negation and its mirror; after a checked sum the wrapping one is the same. Loads are numbered by availableMemory.ts.
 * Linear but for the look-ups in the table of memory, which is short.
 */

import { IntColumn, IntList } from "../analysis/columns.ts";
import { MemoryFacts } from "../analysis/memory.ts";
import { caseOf } from "../analysis/switchCases.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type IrFunction, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects, opListOperand, opValueOperands } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { AvailableMemory } from "./availableMemory.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { isTruth } from "./rule.ts";
import { negated } from "./simplifyCompare.ts";
import { Subject } from "./subjects.ts";

export const numbering: FunctionPass = { name: "numbering", over: "function", upon: Subject.flow | Subject.values | Subject.stores | Subject.slots, settles: true, needs: ["reachable"], run };

const facts = new MemoryFacts();
const memory = new AvailableMemory(facts);
const replacements = new IntColumn();
const scopedColumn = new IntColumn();
const starts = new IntColumn();
const knownStarts = new IntColumn();
let map = new Int32Array(0);
let changed = false;

/** The table: chains of entries, newest first, so that leaving a block takes its entries off the heads. After a walk it is empty again. */
const bucketCount = 1024;
const heads = new Int32Array(bucketCount).fill(-1);
/** Entries of so many numbers: op, type, a, b, c, the value that computes it, the next entry of the bucket, the bucket. */
const entrySize = 8;
let entries = new Int32Array(entrySize * 256);
/** Where the next one goes. */
let entriesEnd = 0;

/** Constants that values are known to equal within the blocks being walked, with what they were before. */
let scoped = new Int32Array(0);
const undoValue = new IntList();
const undoConstant = new IntList();

function run(f: IrFunction, context: PassContext): boolean {
  const flow = context.controlFlow(f).withDominators();
  facts.compute(context.module, f, flow, context.thorough ? context.callEffects : undefined);
  memory.start(f, flow, context.thorough);
  map = replacements.zeroed(f.valueCount);
  scoped = scopedColumn.zeroed(f.valueCount);
  changed = false;
  undoValue.clear();
  undoConstant.clear();
  const start = starts.zeroed(f.blockCount);
  const knownStart = knownStarts.zeroed(f.blockCount);
  flow.walkDominated(
    (block) => {
      start[block] = entriesEnd;
      knownStart[block] = undoValue.length;
      memory.enter(block);
      visit(f, flow, block, context);
    },
    (block) => {
      leave(start[block] as number, knownStart[block] as number);
      memory.leave(block);
    },
  );
  if (changed) f.substitute(map);
  return changed;
}

function leave(end: number, known: number): void {
  while (entriesEnd > end) {
    entriesEnd -= entrySize;
    heads[entries[entriesEnd + 7] as number] = entries[entriesEnd + 6] as number;
  }
  while (undoValue.length > known) scoped[undoValue.pop()] = undoConstant.pop();
}

function bucketOf(op: number, type: number, a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(op, 0x27d4eb2f) ^ type;
  hash ^= hash >>> 15;
  return hash & (bucketCount - 1);
}

function find(op: number, type: number, a: number, b: number, c: number): number {
  for (let at = heads[bucketOf(op, type, a, b, c)] as number; at >= 0; at = entries[at + 6] as number)
    if (entries[at + 2] === a && entries[at + 3] === b && entries[at + 4] === c && entries[at] === op && entries[at + 1] === type) return entries[at + 5] as number;
  return 0;
}

function insert(op: number, type: number, a: number, b: number, c: number, value: number): void {
  if (entriesEnd === entries.length) {
    const larger = new Int32Array(2 * entries.length);
    larger.set(entries);
    entries = larger;
  }
  const bucket = bucketOf(op, type, a, b, c);
  const at = entriesEnd;
  entries[at] = op;
  entries[at + 1] = type;
  entries[at + 2] = a;
  entries[at + 3] = b;
  entries[at + 4] = c;
  entries[at + 5] = value;
  entries[at + 6] = heads[bucket] as number;
  entries[at + 7] = bucket;
  heads[bucket] = at;
  entriesEnd = at + entrySize;
}

function resolve(v: number): number {
  let to = v;
  while (to < map.length && map[to] !== 0) to = map[to] as number;
  const known = to < scoped.length ? (scoped[to] as number) : 0;
  if (known === 0) return to;
  changed = true;
  return known;
}

function visit(f: IrFunction, flow: ControlFlow, block: Block, context: PassContext): void {
  if (f.firstParam[block] !== 0 && block !== flow.order[0]) joinParams(f, flow, block, context);
  learnFromEdge(f, flow, block);
  for (let v = f.first[block] as Value; v !== 0; ) {
    const after = f.nextOf(v);
    const op = f.opOf(v);
    resolveOperands(f, v, op);
    const effects = opEffects[op] as number;
    if ((effects & (Effect.reads | Effect.writes | Effect.calls)) !== 0) visitMemory(f, v, op, context);
    else if (op === Op["trap.if"]) visitTrap(f, v, context);
    else if ((effects & Effect.terminates) !== 0) resolveEdges(f, block);
    else if (op !== Op.result && op !== Op["frame.address"]) visitPure(f, v, op, context);
    v = after;
  }
}

/** A parameter whose arguments are all one value is that value; two with the same arguments on every edge are one. The parameters stay for `deadCode`. */
function joinParams(f: IrFunction, flow: ControlFlow, block: Block, context: PassContext): void {
  const edges = flow.incomingCount(block);
  for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p)) {
    const index = f.a[p] as number;
    let same = 0;
    let single = true;
    for (let i = 0; i < edges && single; i++) {
      const arg = replacementOf(f.edgeArg(flow.incomingEdge(block, i), index));
      if (arg === p || arg === same) continue;
      single = same === 0;
      same = arg;
    }
    if (single && same !== 0 && (f.isFloating(same as Value) || flow.dominates(f.blockOf(same as Value), block))) {
      if (!context.allow()) continue;
      map[p] = same;
      changed = true;
      continue;
    }
    if (index > 12) continue;
    for (let q = f.firstParam[block] as Value; q !== p; q = f.nextOf(q)) {
      if (f.type[q] !== f.type[p] || map[q] !== 0) continue;
      let equal = true;
      for (let i = 0; i < edges && equal; i++) {
        const edge = flow.incomingEdge(block, i);
        equal = replacementOf(f.edgeArg(edge, index)) === replacementOf(f.edgeArg(edge, f.a[q] as number));
      }
      if (!equal || !context.allow()) continue;
      map[p] = q;
      changed = true;
      break;
    }
  }
}

/** Not what is known in some blocks only: the edge comes from elsewhere. */
function replacementOf(v: number): number {
  while (v < map.length && map[v] !== 0) v = map[v] as number;
  return v;
}

function resolveOperands(f: IrFunction, v: Value, op: Op): void {
  const operands = opValueOperands[op] as number;
  if ((operands & 1) !== 0) f.a[v] = resolve(f.a[v] as number);
  if ((operands & 2) !== 0) f.b[v] = resolve(f.b[v] as number);
  if ((operands & 4) !== 0) f.c[v] = resolve(f.c[v] as number);
  const which = opListOperand[op] as number;
  if (which === 0) return;
  const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as number;
  if (list !== 0) for (let i = list + 1, end = i + (f.pool[list] as number); i < end; i++) f.pool[i] = resolve(f.pool[i] as number);
}

function resolveEdges(f: IrFunction, block: Block): void {
  for (let s = 0, n = f.successorCount(block); s < n; s++) {
    const edge = f.successor(block, s);
    const from = f.edgeArgs[edge] as number;
    for (let i = from, end = from + (f.edgeArgCount[edge] as number); i < end; i++) f.pool[i] = resolve(f.pool[i] as number);
  }
}

function replace(f: IrFunction, v: Value, by: number): void {
  map[v] = by;
  f.remove(v);
  changed = true;
}

function visitPure(f: IrFunction, v: Value, op: Op, context: PassContext): void {
  const type = f.type[v] as number;
  const effects = opEffects[op] as number;
  const isTurned = (effects & Effect.commutes) !== 0 && (f.a[v] as number) > (f.b[v] as number);
  const a = (isTurned ? f.b[v] : f.a[v]) as number;
  const b = (isTurned ? f.a[v] : f.b[v]) as number;
  // Which of two checks fails does not matter: the earlier one has not.
  const c = (effects & Effect.traps) !== 0 ? 0 : (f.c[v] as number);
  const key = op >= Op["sadd.overflows"] && op <= Op.fge ? f.type[a] as number : op >= Op.sext && op <= Op.bitcast ? type | ((f.type[a] as number) << 4) : type;
  const found = find(op, key, a, b, c);
  if (found !== 0) {
    if (context.allow()) replace(f, v, found);
    return;
  }
  insert(op, key, a, b, c, v);
  if ((effects & Effect.traps) === 0) return;
  insert(plainForms[op] as Op, type, a, b, 0, v);
  insert(overflowForms[op] as Op, type, a, b, 0, f.int(Type.i8, 0));
}

const plainForms: Readonly<Record<number, Op>> = {
  [Op["sadd.trap"]]: Op.add, [Op["uadd.trap"]]: Op.add, [Op["ssub.trap"]]: Op.sub, [Op["usub.trap"]]: Op.sub, [Op["smul.trap"]]: Op.mul, [Op["umul.trap"]]: Op.mul,
};
const overflowForms: Readonly<Record<number, Op>> = {
  [Op["sadd.trap"]]: Op["sadd.overflows"], [Op["uadd.trap"]]: Op["uadd.overflows"], [Op["ssub.trap"]]: Op["ssub.overflows"],
  [Op["usub.trap"]]: Op["usub.overflows"], [Op["smul.trap"]]: Op["smul.overflows"], [Op["umul.trap"]]: Op["umul.overflows"],
};

// ── what conditions tell ──

function visitTrap(f: IrFunction, v: Value, context: PassContext): void {
  const condition = f.arg0(v);
  if (f.isConst(condition)) {
    if (f.a[condition] === 0 && context.allow()) {
      f.remove(v);
      changed = true;
    }
    return;
  }
  learn(f, condition, false, 3);
}

function learnFromEdge(f: IrFunction, flow: ControlFlow, block: Block): void {
  if (flow.incomingCount(block) !== 1) return;
  const edge = flow.incomingEdge(block, 0);
  const v = f.terminator(flow.source[edge] as Block);
  const subject = f.arg0(v);
  if (f.op[v] === Op.branch && f.b[v] !== f.c[v]) {
    if (!f.isFloating(subject)) learn(f, subject, f.b[v] === edge, 3);
  } else if (f.op[v] === Op.switch && f.c[v] !== edge && !f.isFloating(subject)) {
    const i = caseOf(f, v, edge);
    if (i >= 0) know(subject, f.constant(f.typeOf(subject), f.switchLow(v, i), f.switchHigh(v, i)));
  }
}

function know(v: Value, constant: Value): void {
  if (v >= scoped.length || scoped[v] !== 0) return;
  undoValue.push(v);
  undoConstant.push(0);
  scoped[v] = constant;
}

/** The condition is known to hold, or not to. */
function learn(f: IrFunction, condition: Value, holds: boolean, depth: number): void {
  const op = f.opOf(condition);
  if (f.isFloating(condition)) return;
  if (!holds) know(condition, f.int(Type.i8, 0));
  else if (isTruth(f, condition)) know(condition, f.int(Type.i8, 1));
  if (depth > 0 && op === (holds ? Op.and : Op.or) && isTruth(f, condition)) {
    learn(f, f.arg0(condition), holds, depth - 1);
    learn(f, f.arg1(condition), holds, depth - 1);
  }
  if (op < Op.eq || op > Op.fge) return;
  const a = resolve(f.a[condition] as number) as Value;
  const b = resolve(f.b[condition] as number) as Value;
  const type = f.typeOf(a);
  if (op === (holds ? Op.eq : Op.ne) && !f.isFloating(a) && f.isConst(b)) know(a, b);
  const yes = f.int(Type.i8, 1);
  const no = f.int(Type.i8, 0);
  const inverse = negated(op);
  note(op, type, a, b, holds ? yes : no);
  if (inverse !== Op.none) note(inverse, type, a, b, holds ? no : yes);
  const mirrored = mirrors[op];
  if (mirrored === undefined) return;
  note(mirrored, type, b, a, holds ? yes : no);
  const opposite = negated(mirrored);
  if (opposite !== Op.none) note(opposite, type, b, a, holds ? no : yes);
  // a < b: neither equal, nor greater.
  const strict = holds ? stricts[op] : stricts[inverse];
  if (strict === undefined) return;
  note(Op.eq, type, a, b, no);
  note(Op.ne, type, a, b, yes);
  const weak = weaks[holds ? op : inverse];
  if (weak === undefined) return;
  note(weak, type, a, b, yes);
  note(negated(weak), type, a, b, no);
  const weakMirror = mirrors[weak] as Op;
  note(weakMirror, type, b, a, yes);
  note(negated(weakMirror), type, b, a, no);
}

/** The comparison is known to give a constant. */
function note(op: Op, type: Type, a: Value, b: Value, truth: Value): void {
  const swap = ((opEffects[op] as number) & Effect.commutes) !== 0 && a > b;
  insert(op, type, swap ? b : a, swap ? a : b, 0, truth);
}

const mirrors: Readonly<Record<number, Op>> = {
  [Op.slt]: Op.sgt, [Op.sgt]: Op.slt, [Op.sle]: Op.sge, [Op.sge]: Op.sle, [Op.ult]: Op.ugt, [Op.ugt]: Op.ult, [Op.ule]: Op.uge, [Op.uge]: Op.ule,
  [Op.flt]: Op.fgt, [Op.fgt]: Op.flt, [Op.fle]: Op.fge, [Op.fge]: Op.fle,
};
const stricts: Readonly<Record<number, boolean>> = { [Op.slt]: true, [Op.sgt]: true, [Op.ult]: true, [Op.ugt]: true };
const weaks: Readonly<Record<number, Op>> = { [Op.slt]: Op.sle, [Op.sgt]: Op.sge, [Op.ult]: Op.ule, [Op.ugt]: Op.uge };

// ── memory ──

/** A load from one of two addresses, of both of which it is known what lies there, chooses between these values. */
function loadsEither(f: IrFunction, v: Value, context: PassContext): boolean {
  const pointer = f.arg0(v);
  if (f.op[pointer] !== Op.select) return false;
  const offset = f.b[v] as number;
  const type = f.typeOf(v);
  const yes = memory.find(f.arg1(pointer), offset, type);
  const no = yes === 0 ? 0 : memory.find(f.arg2(pointer), offset, type);
  if (no === 0 || !context.allow()) return false;
  f.op[v] = Op.select;
  f.flags[v] = 0;
  f.a[v] = f.arg0(pointer);
  f.b[v] = resolve(yes);
  f.c[v] = resolve(no);
  changed = true;
  return true;
}

function visitMemory(f: IrFunction, v: Value, op: Op, context: PassContext): void {
  switch (op) {
    case Op.load: {
      if (((f.flags[v] as number) & ValueFlag.volatile) !== 0) return memory.writeAll();
      if (loadsEither(f, v, context)) return;
      const known = memory.load(v);
      if (known !== 0 && context.allow()) replace(f, v, resolve(known));
      return;
    }
    case Op.store: {
      const slot = facts.privateSlot(facts.rootOf(f.arg1(v)));
      if (((f.flags[v] as number) & ValueFlag.volatile) === 0 && ((slot >= 0 && facts.isNeverRead(slot)) || memory.holds(v))) {
        if (context.allow()) {
          f.remove(v);
          changed = true;
        }
        return;
      }
      return memory.store(v);
    }
    case Op.copy:
    case Op.move:
    case Op.fill: return memory.writeRange(f.arg0(v), f.isConst(f.arg2(v)) && f.b[f.arg2(v)] === 0 ? (f.a[f.arg2(v)] as number) : -1);
    case Op.call: return memory.call(v);
    default: return memory.writeAll();
  }
}
