/** -O0: comparisons, the flags and conditions that they leave, and what selects by them. */

import { CC_A, CC_AE, CC_B, CC_BE, CC_E, CC_G, CC_GE, CC_L, CC_LE, CC_NE, RSP } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { compareFloats } from "./fastFloat.ts";
import { applyAlu, widthOf } from "./fastOperands.ts";
import * as rows from "./rows.ts";

const NONE = -1;

const conditionOf = new Uint8Array(128);
for (const [op, condition] of [
  [Op.eq, CC_E], [Op.ne, CC_NE], [Op.slt, CC_L], [Op.sle, CC_LE], [Op.sgt, CC_G], [Op.sge, CC_GE],
  [Op.ult, CC_B], [Op.ule, CC_BE], [Op.ugt, CC_A], [Op.uge, CC_AE],
] as const) conditionOf[op] = condition;

/** Exchanged operands: a < b is b > a. */
export const swapped = new Uint8Array(16);
for (let condition = 0; condition < 16; condition++) swapped[condition] = condition;
for (const [from, to] of [[CC_L, CC_G], [CC_LE, CC_GE], [CC_B, CC_A], [CC_BE, CC_AE]] as const) {
  swapped[from] = to;
  swapped[to] = from;
}

/** Writes the comparison of `v`, releases its operands, and returns the condition under which it holds (fastFloat.ts: 16 and 17 for two). */
export function compare(c: FastCompiler, v: number): number {
  const { f, asm } = c;
  const op = f.op[v];
  if (op >= Op.feq) return compareFloats(c, v);
  let a = f.a[v];
  let b = f.b[v];
  const width = widthOf[f.type[a]];
  let condition = conditionOf[op];
  if (f.op[a] === Op.const && f.op[b] !== Op.const) {
    const other = a;
    a = b;
    b = other;
    condition = swapped[condition];
  }
  if (c.regOf[a] < 0 && c.homeOf[a] !== 0 && c.isImmediate(b, width)) {
    asm.mi(rows.cmp.ri[width], RSP, NONE, 0, c.homeOf[a] - 1, immediateOf(f.a[b], width));
  } else {
    const register = c.use(a);
    if (c.isImmediate(b, width) && f.a[b] === 0) asm.rr(rows.test[width], register, register);
    else if (c.isImmediate(b, width)) asm.ri(rows.cmp.ri[width], register, immediateOf(f.a[b], width));
    else applyAlu(c, rows.cmp, width, register, b);
  }
  c.release(a);
  c.release(b);
  return condition;
}

function immediateOf(low: number, width: number): number {
  return width === 0 ? (low << 24) >> 24 : width === 1 ? (low << 16) >> 16 : low;
}

/** Flags for "v is not 0", where v is a comparison left open or any value; releases it. */
export function testCondition(c: FastCompiler, v: number): number {
  if (c.open === v) {
    c.open = 0;
    return compare(c, v);
  }
  const width = widthOf[c.f.type[v]];
  const register = c.use(v);
  c.asm.rr(rows.test[width], register, register);
  c.release(v);
  return CC_NE;
}

function comparison(c: FastCompiler, v: number): void {
  if (c.fusesWithNext(v)) {
    c.open = v;
    return;
  }
  const condition = compare(c, v);
  const register = c.allocate(false);
  setCondition(c, condition, register);
  c.define(v, register);
}

/** 16: equal and ordered; 17: unequal or unordered (ucomisd sets the parity flag for NaN). */
function setCondition(c: FastCompiler, condition: number, register: number): void {
  const { asm } = c;
  if (condition < 16) {
    asm.r(rows.setcc + condition, register);
    return;
  }
  const other = c.allocate(false);
  asm.r(rows.setcc + (condition === 16 ? 11 : 10), other);
  asm.r(rows.setcc + (condition === 16 ? CC_E : CC_NE), register);
  asm.rr((condition === 16 ? rows.and : rows.or).rr[2], register, other);
}

function select(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const yes = f.b[v];
  const no = f.c[v];
  if (c.isFloat(v)) {
    selectFloat(c, v);
    return;
  }
  // Operands first: making a constant changes the flags. The comparison's own registers are locked by then or loaded after.
  const other = c.use(yes);
  const register = c.allocate(false);
  c.copyTo(register, no);
  const condition = testCondition(c, f.a[v]);
  const row = rows.cmov[widthOf[f.type[v]]];
  if (condition < 16) asm.rr(row + condition, register, other);
  else if (condition === 17) {
    asm.rr(row + CC_NE, register, other);
    asm.rr(row + 10, register, other);
  } else {
    const skip = asm.newLabel();
    asm.jcc(10, skip);
    asm.rr(row + CC_E, register, other);
    asm.bind(skip);
  }
  c.release(yes);
  c.release(no);
  c.define(v, register);
}

function selectFloat(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const yes = f.b[v];
  const no = f.c[v];
  const other = c.use(yes);
  const register = c.allocate(true);
  c.copyTo(register, no);
  const condition = testCondition(c, f.a[v]);
  const skip = asm.newLabel();
  if (condition < 16) asm.jcc(condition ^ 1, skip);
  else if (condition === 16) {
    asm.jcc(10, skip);
    asm.jcc(CC_NE, skip);
  } else {
    const take = asm.newLabel();
    asm.jcc(10, take);
    asm.jcc(CC_E, skip);
    asm.bind(take);
  }
  c.move(register, other);
  asm.bind(skip);
  c.release(yes);
  c.release(no);
  c.define(v, register);
}

export const comparisonHandlers: Handlers = [
  [Op.eq, comparison], [Op.ne, comparison], [Op.slt, comparison], [Op.sle, comparison], [Op.sgt, comparison], [Op.sge, comparison],
  [Op.ult, comparison], [Op.ule, comparison], [Op.ugt, comparison], [Op.uge, comparison],
  [Op.feq, comparison], [Op.fne, comparison], [Op.flt, comparison], [Op.fle, comparison], [Op.fgt, comparison], [Op.fge, comparison],
  [Op.select, select],
];
