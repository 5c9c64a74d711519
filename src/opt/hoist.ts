/**
 * Loop-invariant code motion: what computes the same in every turn of a loop moves before it, as far out as it stays the same.
 *
 * Pure operations move freely, divisions where the divisor rules a fault out, loads where nothing in the loop can write there and the address is
 * good anyway (a slot, a datum) or the load is the first thing that the loop does. A check moves only when it stands first in the header,
 * before anything that is seen from outside: then it fails at the same point of the program; what it asks moves along. Facts about wrapping do not.
 * Of an index that is partly the same in every turn (`base + (x + i) * 8`), that part joins the base and moves along.
 * Each loop gets a block before its header to move to; the ones that stay empty go in `simplifyFlow`.
 */

import { ByteColumn, IntColumn, IntList } from "../analysis/columns.ts";
import { Loops } from "../analysis/loops.ts";
import { MemoryFacts } from "../analysis/memory.ts";
import { countUses } from "../analysis/uses.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type IrFunction, type List, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects, opListOperand, opValueOperands } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { preheaders } from "./preheaders.ts";
import { Subject } from "./subjects.ts";

export const hoist: FunctionPass = { name: "hoist", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["laidOut"], run };

const loops = new Loops();
const facts = new MemoryFacts();
const writesAll = new ByteColumn();
const firstWritten = new IntColumn();
const nextWritten = new IntList();
/** The root of what is written, or a call, negated. */
const writtenRoot = new IntList();
let clobbersAll = new Uint8Array(0);
let written = new Int32Array(0);
/** Counted when the first index is split. */
let used: Int32Array | undefined;
const useCounts = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  let flow = context.controlFlow(f);
  if (!flow.hasLoops) return false;
  loops.compute(f, flow.withDominators());
  if (loops.count === 0) return false;
  const changed = preheaders(f, context, flow, loops);
  if (changed) {
    flow = context.controlFlow(f).withDominators();
    loops.compute(f, flow);
  }
  used = undefined;
  facts.compute(context.module, f, flow, context.thorough ? context.callEffects : undefined);
  collectWrites(f, flow);
  let moved = false;
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    const loop = loops.loopOf(block);
    if (loop < 0) continue;
    // Until something is seen from outside, all of a header runs whenever the loop is entered.
    let first = loops.header(loop) === block;
    for (let v = f.first[block] as Value; v !== 0; ) {
      const after = f.nextOf(v);
      if (f.op[v] === Op["ptr.add"] && splitIndex(f, context, flow, v, loop)) moved = true;
      const to = destination(f, flow, v, loop, first);
      if (to >= 0 && context.allow()) {
        const op = f.op[v] as number;
        if (op === Op["trap.if"] && comesAlong(f, f.arg0(v), loop)) {
          const condition = f.arg0(v);
          f.remove(condition);
          f.insertBefore(f.terminator(to as Block), condition);
        }
        f.remove(v);
        f.insertBefore(f.terminator(to as Block), v);
        if (op >= Op.add && op <= Op.urem) f.flags[v] = 0;
        else if (op === Op.load && !first) f.flags[v] = (f.flags[v] as number) & ~ValueFlag.nonnull;
        moved = true;
      } else if (first && ((opEffects[f.op[v] as number] as number) & (Effect.traps | Effect.writes | Effect.calls)) !== 0) first = false;
      v = after;
    }
  }
  return moved || changed;
}

/** Which memory each loop may write: anything, or what the listed roots lead to. A loop writes what its inner loops write. */
function collectWrites(f: IrFunction, flow: ControlFlow): void {
  clobbersAll = writesAll.zeroed(loops.count);
  written = firstWritten.filled(loops.count, -1);
  nextWritten.clear();
  writtenRoot.clear();
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    const innermost = loops.loopOf(block);
    if (innermost < 0) continue;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      const op = f.opOf(v);
      if (((opEffects[op] as number) & (Effect.writes | Effect.calls)) === 0 || op === Op.trap) continue;
      const known = op === Op.store || op === Op.copy || op === Op.move || op === Op.fill || op === Op.call;
      for (let loop = innermost; loop >= 0; loop = loops.parent(loop)) {
        if (!known) clobbersAll[loop] = 1;
        else {
          nextWritten.push(written[loop] as number);
          writtenRoot.push(op === Op.call ? -v : facts.rootOf(op === Op.store ? f.arg1(v) : f.arg0(v)));
          written[loop] = nextWritten.length - 1;
        }
      }
    }
  }
}

function loopMayWrite(loop: number, address: Value): boolean {
  const root = facts.rootOf(address);
  if (facts.isConstant(root)) return false;
  if (clobbersAll[loop] !== 0 && !facts.isUnseen(root)) return true;
  let looked = 0;
  for (let at = written[loop] as number; at >= 0; at = nextWritten.data[at] as number)
    if (++looked > 32 || mayWrite(writtenRoot.data[at] as number, root)) return true;
  return false;
}

function mayWrite(written: number, root: Value): boolean {
  return written < 0 ? facts.callMayWrite(-written as Value, root) : facts.rootsMayMeet(written as Value, root);
}

/** The block to move to, or -1. */
function destination(f: IrFunction, flow: ControlFlow, v: Value, innermost: number, first: boolean): number {
  const op = f.opOf(v);
  const effects = opEffects[op] as number;
  if ((effects & (Effect.terminates | Effect.writes | Effect.calls)) !== 0 || op === Op.result || op === Op["frame.address"]) return -1;
  // A comparison next to its branch costs nothing that moving would save; a check that moves takes its own along.
  if (isTest(op)) return -1;
  let to = -1;
  for (let loop = innermost; loop >= 0; loop = loops.parent(loop)) {
    if (!isInvariant(f, v, op, loop)) break;
    const always = first && loop === innermost;
    if (op === Op.load && (((f.flags[v] as number) & ValueFlag.volatile) !== 0 || (!staysSame(f, v) && (loopMayWrite(loop, f.arg0(v)) || !(always || isGood(f, v)))))) break;
    if ((effects & Effect.traps) !== 0 && !always) break;
    if ((effects & Effect.faults) !== 0 && !always && !dividesSafely(f, v)) break;
    to = preheaderOf(f, flow, loop);
  }
  return to;
}

/** `base + (x + i) * size` where base and x stay the same in the loop becomes `(base + x * size) + i * size`. */
function splitIndex(f: IrFunction, context: PassContext, flow: ControlFlow, v: Value, innermost: number): boolean {
  const base = f.arg0(v);
  const offset = f.arg1(v);
  const op = f.opOf(offset);
  const scales = (op === Op.shl || op === Op.mul) && f.isConst(f.arg1(offset));
  const sum = scales ? f.arg0(offset) : offset;
  if (f.op[sum] !== Op.add || f.isConst(f.arg1(sum)) || !isOutside(f, base, innermost) || isOutside(f, sum, innermost)) return false;
  const first = isOutside(f, f.arg0(sum), innermost);
  if (first === isOutside(f, f.arg1(sum), innermost)) return false;
  used ??= countUses(f, useCounts);
  // What is asked of the sum besides keeps it.
  if (used[sum] !== 1 || (scales && used[offset] !== 1)) return false;
  const [x, i] = first ? [f.arg0(sum), f.arg1(sum)] : [f.arg1(sum), f.arg0(sum)];
  let loop = innermost;
  for (let outer = loops.parent(loop); outer >= 0 && isOutside(f, base, outer) && isOutside(f, x, outer); outer = loops.parent(outer)) loop = outer;
  const to = preheaderOf(f, flow, loop);
  if (to < 0 || !context.allow()) return false;
  const before = f.terminator(to as Block);
  const make = (made: Op, type: Type, a: Value, b: Value): Value => f.insertBefore(before, f.create(made, type, a, b, 0, f.position[v] as number));
  f.a[v] = make(Op["ptr.add"], Type.ptr, base, scales ? make(op, Type.i64, x, f.arg1(offset)) : x);
  if (scales) f.a[offset] = i;
  else f.b[v] = i;
  return true;
}

function isOutside(f: IrFunction, v: Value, loop: number): boolean {
  return f.isFloating(v) || !loops.contains(loop, f.block[v] as Block);
}

function isInvariant(f: IrFunction, v: Value, op: Op, loop: number): boolean {
  const operands = opValueOperands[op] as number;
  if ((operands & 1) !== 0 && !isOutside(f, f.arg0(v), loop) && !(op === Op["trap.if"] && comesAlong(f, f.arg0(v), loop))) return false;
  if ((operands & 2) !== 0 && !isOutside(f, f.arg1(v), loop)) return false;
  if ((operands & 4) !== 0 && !isOutside(f, f.arg2(v), loop)) return false;
  const which = opListOperand[op] as number;
  if (which === 0) return true;
  const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as List;
  for (let i = 0, n = f.listLength(list); i < n; i++) if (!isOutside(f, f.listItem(list, i), loop)) return false;
  return true;
}

function isTest(op: Op): boolean {
  return op >= Op["sadd.overflows"] && op <= Op.fge;
}

/** What a check asks stands in the loop, and is the same in every turn. */
function comesAlong(f: IrFunction, condition: Value, loop: number): boolean {
  const op = f.opOf(condition);
  return isTest(op) && loops.contains(loop, f.block[condition] as Block) && isInvariant(f, condition, op, loop);
}

/** The load is of memory that was made before whatever it starts from was known: it gives the same wherever that is. (A slot is known before it is filled.) */
function staysSame(f: IrFunction, v: Value): boolean {
  return ((f.flags[v] as number) & ValueFlag.constantMemory) !== 0 && f.op[facts.rootOf(f.arg0(v))] !== Op.slot;
}

/** The load cannot fault wherever it stands. */
function isGood(f: IrFunction, v: Value): boolean {
  return facts.isReadable(f.arg0(v), f.b[v] as number, typeSize[f.typeOf(v)] as number);
}

/** The divisor is a constant other than 0, and other than -1 where that can overflow. */
function dividesSafely(f: IrFunction, v: Value): boolean {
  const b = f.arg1(v);
  if (f.op[v] === Op["udiv.wide"] || !f.isConst(b) || f.typeOf(b) === Type.i128) return false;
  const zero = f.a[b] === 0 && f.b[b] === 0;
  const minusOne = f.a[b] === -1 && f.b[b] === -1;
  return !zero && !(minusOne && (f.op[v] === Op.sdiv || f.op[v] === Op.srem));
}

function preheaderOf(f: IrFunction, flow: ControlFlow, loop: number): number {
  const header = loops.header(loop);
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const source = flow.source[flow.incomingEdge(header, i)] as Block;
    if (!loops.contains(loop, source)) return f.successorCount(source) === 1 ? source : -1;
  }
  return -1;
}
