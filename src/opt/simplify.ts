/**
 * Algebra on single instructions: constants folded, neutral operands dropped, comparisons turned around, extensions and address sums joined.
 * One walk in reverse postorder: operands are simple before their users are looked at. What replaces a value is noted in a map that is applied
 * once at the end. Rules for integers are in simplifyInteger.ts, for comparisons in simplifyCompare.ts, for the rest here.
 */

import { IntColumn } from "../analysis/columns.ts";
import { noValue, type Block, type Edge, type IrFunction, type SymbolId, type Value } from "../ir/function.ts";
import { fold } from "../ir/fold.ts";
import { Effect, Op, opEffects, opValueOperands } from "../ir/ops.ts";
import { Type, isFloat, typeSize } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { constantLoad } from "./constantData.ts";
import { become, isOne, isTruth, isZero, pending } from "./rule.ts";
import { wideRules } from "./simplifyWide.ts";
import { compareRules, negated, orderFrom0 } from "./simplifyCompare.ts";
import { integerRules } from "./simplifyInteger.ts";
import { Subject } from "./subjects.ts";
import { endByTrap, removeUnreachable } from "./unreachable.ts";

const replacements = new IntColumn();

export const simplify: FunctionPass = { name: "simplify", over: "function", upon: Subject.values | Subject.ranges, settles: true, needs: ["reachable"], run };

function run(f: IrFunction, context: PassContext): boolean {
  const flow = context.controlFlow(f);
  let map = replacements.zeroed(f.valueCount);
  let changed = false;
  let replaced = false;
  failing.length = 0;
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    for (let v = f.first[block] as Value; v !== 0; ) {
      const after = f.nextOf(v);
      if (f.valueCount + 8 >= map.length) {
        const larger = new Int32Array(2 * map.length);
        larger.set(map);
        map = larger;
      }
      resolveOperands(f, v, map);
      for (let round = 0; round < 4; round++) {
        const to = rewrite(f, v, context);
        if (to === noValue) break;
        changed = true;
        if (to === v) continue; // changed in place: look again
        if (to !== gone) {
          map[v] = to;
          replaced = true;
        }
        f.remove(v);
        break;
      }
      v = after;
    }
  }
  if (replaced) f.substitute(map);
  if (failing.length > 0) {
    for (const v of failing) if (f.block[v] !== -1 && f.op[v] === Op["trap.if"]) endByTrap(f, v, context);
    removeUnreachable(f, context);
  }
  return changed;
}

/** Checks that always fail: their blocks are cut when the walk is over. */
const failing: Value[] = [];

/** Stands for "remove the instruction; it has no result". */
const gone = -1 as Value;

function resolveOperands(f: IrFunction, v: Value, map: Int32Array): void {
  const values = opValueOperands[f.op[v] as number] as number;
  if ((values & 1) !== 0) { const to = map[f.a[v] as number] as number; if (to !== 0) f.a[v] = chase(map, to); }
  if ((values & 2) !== 0) { const to = map[f.b[v] as number] as number; if (to !== 0) f.b[v] = chase(map, to); }
  if ((values & 4) !== 0) { const to = map[f.c[v] as number] as number; if (to !== 0) f.c[v] = chase(map, to); }
}

function chase(map: Int32Array, v: number): number {
  while (map[v] !== 0 && map[v] !== undefined) v = map[v] as number;
  return v;
}

/** `noValue`: nothing to do; `v` itself: changed in place; `gone`: to be removed; otherwise what replaces `v`. */
function rewrite(f: IrFunction, v: Value, context: PassContext): Value {
  const op = f.opOf(v);
  const effects = opEffects[op] as number;
  const operands = opValueOperands[op] as number;
  if ((operands & 1) === 0 || op === Op.result) return noValue;
  const a = f.arg0(v);
  if ((effects & (Effect.reads | Effect.writes | Effect.terminates)) !== 0 || op === Op["trap.if"]) return rewriteEffect(f, v, op, context);
  const b = (operands & 2) !== 0 ? f.arg1(v) : noValue;
  const c = (operands & 4) !== 0 ? f.arg2(v) : noValue;
  if (op === Op.select) return rewriteSelect(f, v, a, b, c, context);
  if (f.isConst(a) && (b === noValue || f.isConst(b)) && (c === noValue || f.isConst(c))) {
    const folded = fold(f, op, f.typeOf(v), a, b, c);
    if (folded !== noValue) return context.allow() ? folded : noValue;
  }
  // A constant stands on the right where the order does not matter: rules and numbering then see one form.
  if ((effects & Effect.commutes) !== 0 && f.isConst(a) && !f.isConst(b)) {
    if (!context.allow()) return noValue;
    f.a[v] = b;
    f.b[v] = a;
    return v;
  }
  const type = f.typeOf(a);
  if (type >= Type.v128) return noValue;
  const to = isFloat(type) ? floatRules(f, v, op, a, b)
    : op >= Op["sadd.overflows"] && op <= Op.uge ? compareRules(f, v, op, a, b)
    : op >= Op.sext ? conversionRules(f, v, op, a, b)
    : type === Type.i128 ? wideRules(f, v, op, a, b)
    : integerRules(f, v, op, a, b);
  return to !== noValue && context.allow() ? applied(f, v, to) : noValue;
}

/** The rules say what to do as a value or as a new instruction; in place changes are prepared in `pending`. */
function applied(f: IrFunction, v: Value, to: Value): Value {
  if (to !== v) return to;
  f.op[v] = pending.op;
  f.a[v] = pending.a;
  f.b[v] = pending.b;
  if (pending.clearC) f.c[v] = 0;
  f.flags[v] = 0;
  return v;
}

function rewriteSelect(f: IrFunction, v: Value, a: Value, b: Value, c: Value, context: PassContext): Value {
  if (f.isConst(a)) return context.allow() ? (f.a[a] !== 0 ? b : c) : noValue;
  if (b === c) return context.allow() ? b : noValue;
  const opposite = isZeroTest(f, a);
  if (opposite !== noValue && context.allow()) {
    f.a[v] = opposite;
    f.b[v] = c;
    f.c[v] = b;
    return v;
  }
  if (isNumber(f.typeOf(v)) && isOne(f, b) && isZero(f, c) && isTruth(f, a) && context.allow()) {
    f.op[v] = Op.zext;
    f.b[v] = 0;
    f.c[v] = 0;
    return v;
  }
  if (f.typeOf(v) === Type.i8 && f.isConst(b) && f.isConst(c) && isTruth(f, a)) {
    if (f.a[b] === 1 && f.a[c] === 0) return context.allow() ? a : noValue;
    if (f.a[b] === 0 && f.a[c] === 1 && context.allow()) {
      const inverse = negated(f.opOf(a));
      const one = f.int(Type.i8, 1);
      f.op[v] = inverse === Op.none ? Op.xor : inverse;
      f.a[v] = inverse === Op.none ? a : f.arg0(a);
      f.b[v] = inverse === Op.none ? one : f.arg1(a);
      f.c[v] = 0;
      return v;
    }
  }
  return simplerCondition(f, v, a, context);
}

/** An integer wider than a truth value, in one register. */
function isNumber(type: Type): boolean {
  return type > Type.i8 && type < Type.i128;
}

/** If a value is `x == 0` or `x ^ 1` of a truth value: the value that is true when it is false. */
function isZeroTest(f: IrFunction, v: Value): Value {
  if (f.typeOf(v) !== Type.i8) return noValue;
  const op = f.op[v];
  if (op === Op.eq && f.typeOf(f.arg0(v)) === Type.i8 && isZero(f, f.arg1(v))) return f.arg0(v);
  if (op === Op.xor && isTruth(f, f.arg0(v)) && f.isConst(f.arg1(v)) && f.a[f.arg1(v)] === 1) return f.arg0(v);
  return noValue;
}

// ── memory, traps, terminators: only their operands ──

function rewriteEffect(f: IrFunction, v: Value, op: Op, context: PassContext): Value {
  switch (op) {
    case Op.load: {
      if (shortenAddress(f, v, f.a, f.b, context)) return v;
      const known = constantLoad(f, v, context.module);
      return known !== noValue && context.allow() ? known : noValue;
    }
    case Op.store: return shortenAddress(f, v, f.b, f.c, context) ? v : noValue;
    case Op.copy:
    case Op.move:
    case Op.fill: {
      const size = f.arg2(v);
      const nothing = isZero(f, size) || (op !== Op.fill && f.a[v] === f.b[v]);
      return nothing && context.allow() ? gone : noValue;
    }
    case Op["trap.if"]: {
      const condition = f.arg0(v);
      if (f.isConst(condition)) {
        if (!context.allow()) return noValue;
        if (f.a[condition] === 0) return gone;
        failing.push(v);
        return noValue;
      }
      return simplerCondition(f, v, condition, context);
    }
    case Op.branch: {
      const condition = f.arg0(v);
      const opposite = isZeroTest(f, condition);
      if (opposite !== noValue && context.allow()) {
        const yes = f.b[v] as Edge;
        f.a[v] = opposite;
        f.b[v] = f.c[v] as number;
        f.c[v] = yes;
        return v;
      }
      return simplerCondition(f, v, condition, context);
    }
    default: return noValue;
  }
}

/** Where only zero matters, `x != 0` of a byte says no more than `x`, and the order of two values no more than whether it is not the least one. */
function simplerCondition(f: IrFunction, v: Value, condition: Value, context: PassContext): Value {
  const isByte = f.op[condition] === Op.ne && f.typeOf(f.arg0(condition)) === Type.i8 && isZero(f, f.arg1(condition));
  const simpler = isByte ? f.arg0(condition) : orderFrom0(f, condition);
  if (simpler === noValue || !context.allow()) return noValue;
  f.a[v] = simpler;
  return v;
}

/** A constant added to the pointer goes into the offset. */
function shortenAddress(f: IrFunction, v: Value, pointer: Int32Array, offset: Int32Array, context: PassContext): boolean {
  const from = pointer[v] as Value;
  if (f.op[from] === Op["ptr.add"] && f.isConst(f.arg1(from))) {
    const sum = (offset[v] as number) + (f.a[f.arg1(from)] as number);
    if (f.b[f.arg1(from)] !== (f.a[f.arg1(from)] as number) >> 31 || sum !== (sum | 0) || !context.allow()) return false;
    pointer[v] = f.arg0(from);
    offset[v] = sum;
    return true;
  }
  return false;
}

// ── conversions, pointers ──

function conversionRules(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const inner = f.opOf(a);
  const type = f.typeOf(v);
  switch (op) {
    case Op.sext:
    case Op.zext:
      if (inner === op) return become(v, op, f.arg0(a));
      if (op === Op.sext && inner === Op.zext) return become(v, Op.zext, f.arg0(a));
      if (op === Op.sext && f.typeOf(a) === Type.i8 && isTruth(f, a)) return become(v, Op.zext, a);
      return noValue;
    case Op.trunc: {
      if (inner === Op.trunc) return become(v, op, f.arg0(a));
      if (inner !== Op.sext && inner !== Op.zext) return noValue;
      const origin = f.arg0(a);
      const from = f.typeOf(origin);
      if (from === type) return origin;
      return (typeSize[from] as number) > (typeSize[type] as number) ? become(v, Op.trunc, origin) : become(v, inner, origin);
    }
    case Op.bitcast:
      if (f.typeOf(a) === type) return a;
      if (inner !== Op.bitcast) return noValue;
      return f.typeOf(f.arg0(a)) === type ? f.arg0(a) : become(v, op, f.arg0(a));
    case Op["ptr.add"]: {
      if (!f.isConst(b)) return noValue;
      if (isZero(f, b)) return a;
      const amount = f.a[b] as number;
      if (f.b[b] !== amount >> 31) return noValue;
      if (inner === Op.address) {
        const sum = (f.b[a] as number) + amount;
        return sum === (sum | 0) ? f.address(f.a[a] as SymbolId, sum) : noValue;
      }
      if (inner !== Op["ptr.add"] || !f.isConst(f.arg1(a)) || f.b[f.arg1(a)] !== (f.a[f.arg1(a)] as number) >> 31) return noValue;
      return become(v, op, f.arg0(a), f.int(Type.i64, amount + (f.a[f.arg1(a)] as number)));
    }
    default: return noValue;
  }
}

/** Only what is exact for every operand, NaN and signed zeros included. */
function floatRules(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  switch (op) {
    case Op.fneg: return f.op[a] === Op.fneg ? f.arg0(a) : noValue;
    case Op.fabs: return f.op[a] === Op.fneg || f.op[a] === Op.fabs ? become(v, op, f.arg0(a)) : noValue;
    case Op.fmul:
    case Op.fdiv: {
      if (!f.isConst(b)) return noValue;
      const factor = f.floatOf(b);
      if (factor === 1) return a;
      if (factor === -1) return become(v, Op.fneg, a);
      // Division by a power of two is multiplication by its reciprocal, where both are normal.
      if (op === Op.fdiv && Number.isInteger(Math.log2(Math.abs(factor))) && Math.abs(factor) >= 2 ** -100 && Math.abs(factor) <= 2 ** 100)
        return become(v, Op.fmul, a, f.typeOf(v) === Type.f32 ? f.f32(1 / factor) : f.f64(1 / factor));
      return op === Op.fmul && factor === 2 ? become(v, Op.fadd, a, a) : noValue;
    }
    case Op.fsub: return f.isConst(b) && Object.is(f.floatOf(b), 0) ? a : noValue;
    case Op.fadd: return f.isConst(b) && Object.is(f.floatOf(b), -0) ? a : noValue;
    case Op.bitcast: return f.op[a] === Op.bitcast && f.typeOf(f.arg0(a)) === f.typeOf(v) ? f.arg0(a) : noValue;
    default: return noValue;
  }
}

