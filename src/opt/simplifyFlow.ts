/**
 * Makes the graph of blocks as small as it is: branches on constants and to one place become jumps, blocks that only jump are stepped over,
 * chains are joined, and what cannot be reached goes. Linear in a pass over the blocks; repeated while more may be found (at most four times).
 */

import { ByteColumn, IntColumn } from "../analysis/columns.ts";
import { countUses } from "../analysis/uses.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";
import { removeUnreachable } from "./unreachable.ts";

const reached = new ByteColumn();
const replacements = new IntColumn();
const valueUses = new IntColumn();
const incomingCounts = new IntColumn();
const deadParams = new ByteColumn();
const leaving = new IntColumn();
/** Of the round at hand, what may let another one find more than branches to fold: a block that only jumps was left, or a constant took a parameter's place. */
let leftSome = false;
let constantsSpread = false;

export const simplifyFlow: FunctionPass = { name: "simplifyFlow", over: "function", upon: Subject.flow, settles: true, makes: ["reachable"], breaks: ["laidOut"], run };

function run(f: IrFunction, context: PassContext): boolean {
  let changed = false;
  for (let round = 0; round < 4; round++) {
    const folded = foldTerminators(f, context);
    if (round > 0 && !folded && !leftSome && !constantsSpread) break;
    if (folded) context.controlFlowChanged();
    leftSome = false;
    constantsSpread = false;
    // What a round leaves, the next one can reach unless it folds a branch itself.
    let again = ((round === 0 || folded) && removeUnreachable(f, context)) || folded;
    if (f.order.length > 1) {
      if (stepOver(f, context)) {
        removeUnreachable(f, context);
        again = true;
      }
      again = joinChains(f, context) || again;
    }
    if (!again) break;
    changed = true;
  }
  return changed;
}

/** What the terminators' own operands decide. */
function foldTerminators(f: IrFunction, context: PassContext): boolean {
  let changed = false;
  for (const block of f.order) {
    const v = f.terminator(block);
    const op = f.op[v];
    if (op === Op.branch) changed = foldBranch(f, v, context) || changed;
    else if (op === Op.switch) changed = foldSwitch(f, v, context) || changed;
  }
  return changed;
}

function foldBranch(f: IrFunction, v: Value, context: PassContext): boolean {
  const condition = f.arg0(v);
  const yes = f.b[v] as Edge;
  const no = f.c[v] as Edge;
  if (f.isConst(condition)) {
    if (!context.allow()) return false;
    toJump(f, v, f.a[condition] !== 0 ? yes : no);
    return true;
  }
  if (!sameEdges(f, yes, no) || !context.allow()) return false;
  toJump(f, v, yes);
  return true;
}

function foldSwitch(f: IrFunction, v: Value, context: PassContext): boolean {
  const value = f.arg0(v);
  const otherwise = f.c[v] as Edge;
  const count = f.switchCount(v);
  if (f.isConst(value)) {
    if (!context.allow()) return false;
    let taken = otherwise;
    for (let i = 0; i < count; i++) if (f.switchLow(v, i) === f.a[value] && f.switchHigh(v, i) === f.b[value]) taken = f.switchEdge(v, i);
    toJump(f, v, taken);
    return true;
  }
  let kept = 0;
  for (let i = 0; i < count; i++) if (!sameEdges(f, f.switchEdge(v, i), otherwise)) kept++;
  if (kept === count && count > 1) return false;
  if (!context.allow()) return false;
  if (kept === 0) {
    toJump(f, v, otherwise);
    return true;
  }
  const rows: number[] = [];
  for (let i = 0; i < count; i++) if (!sameEdges(f, f.switchEdge(v, i), otherwise)) rows.push(f.switchLow(v, i), f.switchHigh(v, i), f.switchEdge(v, i));
  if (kept === 1) {
    const key = f.constant(f.typeOf(value), rows[0] as number, rows[1] as number);
    const test = f.insertBefore(v, f.create(Op.eq, Type.i8, value, key, 0, f.position[v] as number));
    f.site[test] = f.site[v] as number;
    f.op[v] = Op.branch;
    f.a[v] = test;
    f.b[v] = rows[2] as number;
    return true;
  }
  f.b[v] = f.list(rows);
  return true;
}

function toJump(f: IrFunction, v: Value, edge: Edge): void {
  f.op[v] = Op.jump;
  f.a[v] = edge;
  f.b[v] = 0;
  f.c[v] = 0;
}

function sameEdges(f: IrFunction, one: Edge, other: Edge): boolean {
  if (f.edgeTarget[one] !== f.edgeTarget[other]) return false;
  const count = f.edgeArgCount[one] as number;
  const a = f.edgeArgs[one] as number;
  const b = f.edgeArgs[other] as number;
  for (let i = 0; i < count; i++) if (f.pool[a + i] !== f.pool[b + i]) return false;
  return true;
}

/** Edges to blocks that hold nothing but a jump go where the jump goes, if the block's parameters serve only that jump. */
function stepOver(f: IrFunction, context: PassContext): boolean {
  // Uses of parameters other than by the jump of their own block forbid it.
  let candidates = 0;
  let withParams = 0;
  for (const block of f.order) {
    if (!isTrampoline(f, block)) continue;
    candidates++;
    if (f.firstParam[block] !== 0) withParams++;
  }
  if (candidates === 0) return false;
  const uses = withParams === 0 ? noUses : usesBesideJumps(f);
  let changed = false;
  const edges = leaving.room(f.edgeCount);
  for (const block of f.order) {
    for (let s = 0, n = f.successors(block, edges, 0); s < n; s++) {
      const edge = edges[s] as Edge;
      // A chain of trampolines may be a ring (an empty endless loop): a few steps are enough.
      for (let steps = 0; ; steps++) {
        const over = f.edgeTarget[edge] as Block;
        if (over === block || !isTrampoline(f, over)) break;
        const jump = f.terminator(over);
        const onward = f.a[jump] as Edge;
        const target = f.edgeTarget[onward] as Block;
        if (target === over) break;
        if (steps === 8 || !paramsServeOnly(f, over, uses)) {
          leftSome = true;
          break;
        }
        if (!context.allow()) break;
        const args: number[] = [];
        for (let i = 0; i < (f.edgeArgCount[onward] as number); i++) {
          const arg = f.edgeArg(onward, i);
          args.push(f.op[arg] === Op.param && f.block[arg] === over ? f.edgeArg(edge, f.a[arg] as number) : arg);
        }
        const fresh = f.edge(target, args);
        f.edgeTarget[edge] = target;
        f.edgeArgs[edge] = f.edgeArgs[fresh] as number;
        f.edgeArgCount[edge] = args.length;
        changed = true;
      }
    }
  }
  if (changed) context.controlFlowChanged();
  return changed;
}

const noUses = new Int32Array(0);

function isTrampoline(f: IrFunction, block: Block): boolean {
  const v = f.first[block] as number;
  return f.op[v] === Op.jump && block !== f.order[0];
}

/** How often each value is used; a parameter of a block that only jumps: by anything but this jump. */
function usesBesideJumps(f: IrFunction): Int32Array {
  const uses = countUses(f, valueUses);
  for (const block of f.order) {
    if (!isTrampoline(f, block)) continue;
    const onward = f.a[f.first[block] as number] as Edge;
    for (let i = 0, n = f.edgeArgCount[onward] as number; i < n; i++) {
      const arg = f.edgeArg(onward, i);
      if (f.op[arg] === Op.param && f.block[arg] === block) uses[arg] = (uses[arg] as number) - 1;
    }
  }
  return uses;
}

function paramsServeOnly(f: IrFunction, block: Block, uses: Int32Array): boolean {
  for (let p = f.firstParam[block] as number; p !== 0; p = f.next[p] as number) if (uses[p] !== 0) return false;
  return true;
}

/**
 * A block that is reached over one jump only is appended to the block that jumps. One that is reached over one edge of a branch needs no parameters
 * for constants and slots: a slot that goes nowhere else becomes values. What a loop computes keeps its parameter behind the loop, where another
 * register may wait for it.
 */
function joinChains(f: IrFunction, context: PassContext): boolean {
  const { order } = f;
  // Joining changes the graph, so that asking for all of it would be for nothing.
  const incoming = incomingCounts.zeroed(f.blockCount);
  const edges = leaving.room(f.edgeCount);
  const { edgeTarget } = f;
  for (let i = 0; i < order.length; i++) {
    for (let s = 0, n = f.successors(order[i] as Block, edges, 0); s < n; s++) {
      const target = edgeTarget[edges[s] as number] as number;
      incoming[target] = (incoming[target] as number) + 1;
    }
  }
  const map = replacements.zeroed(f.valueCount);
  const gone = reached.zeroed(f.blockCount);
  let dead: Uint8Array | undefined;
  let joined = 0;
  let replaced = false;
  for (let i = 0; i < order.length; i++) {
    const block = order[i] as Block;
    if (gone[block] !== 0) continue;
    for (;;) {
      const jump = f.terminator(block);
      if (f.op[jump] !== Op.jump) {
        for (let s = 0, n = f.successors(block, edges, 0); s < n; s++) {
          const edge = edges[s] as Edge;
          const target = f.edgeTarget[edge] as Block;
          if (target === block || target === f.order[0] || incoming[target] !== 1) continue;
          for (let p = f.firstParam[target] as Value, index = 0; p !== 0; p = f.nextOf(p), index++) {
            const arg = f.edgeArg(edge, index);
            if (!f.isFloating(arg) || !context.allow()) continue;
            dead ??= deadParams.zeroed(f.valueCount);
            dead[p] = 1;
            map[p] = arg;
            constantsSpread = true;
          }
        }
        break;
      }
      const edge = f.a[jump] as Edge;
      const target = f.edgeTarget[edge] as Block;
      if (target === block || target === f.order[0] || incoming[target] !== 1 || !context.allow()) break;
      for (let p = f.firstParam[target] as Value, index = 0; p !== 0; p = f.nextOf(p), index++) {
        const arg = f.edgeArg(edge, index);
        if (f.isFloating(arg)) constantsSpread = true;
        map[p] = arg;
        f.block[p] = -1;
        replaced = true;
      }
      f.remove(jump);
      append(f, block, target);
      gone[target] = 1;
      joined++;
    }
  }
  if (joined === 0 && dead === undefined) return false;
  let kept = 0;
  for (const block of f.order) if (gone[block] === 0) f.order[kept++] = block;
  f.order.length = kept;
  if (replaced || dead !== undefined) f.substitute(map);
  if (dead !== undefined) f.removeParams(dead);
  if (joined > 0) context.controlFlowChanged();
  return true;
}

function append(f: IrFunction, block: Block, from: Block): void {
  const first = f.first[from] as number;
  const last = f.last[block] as number;
  for (let v = first; v !== 0; v = f.next[v] as number) f.block[v] = block;
  if (last === 0) f.first[block] = first;
  else f.next[last] = first;
  f.previous[first] = last;
  f.last[block] = f.last[from] as number;
  f.first[from] = 0;
  f.last[from] = 0;
  f.firstParam[from] = 0;
}

