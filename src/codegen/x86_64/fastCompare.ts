/** -O0: comparisons, the flags and conditions that they leave, and what selects by them. */

import { CC_E, CC_NE, CC_NP, CC_P, RSP } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import { CC_EQUAL_ORDERED, CC_UNEQUAL_UNORDERED, conditionOf, exchanged } from "./conditions.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { compareFloats } from "./fastFloat.ts";
import { applyAlu, widthOf } from "./fastOperands.ts";
import * as rows from "./rows.ts";

const NONE = -1;

/** Writes the comparison of `v`, releases its operands, and returns the condition under which it holds. */
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
    condition = exchanged[condition];
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

/** Writes 1 to the register if the condition holds, else 0. */
function setCondition(c: FastCompiler, condition: number, register: number): void {
  const { asm } = c;
  if (condition < CC_EQUAL_ORDERED) {
    asm.r(rows.setcc + condition, register);
    return;
  }
  const other = c.allocate(false);
  asm.r(rows.setcc + (condition === CC_EQUAL_ORDERED ? CC_NP : CC_P), other);
  asm.r(rows.setcc + (condition === CC_EQUAL_ORDERED ? CC_E : CC_NE), register);
  asm.rr((condition === CC_EQUAL_ORDERED ? rows.and : rows.or).rr[2], register, other);
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
  c.copyTo(register, no, false);
  const condition = testCondition(c, f.a[v]);
  const row = rows.cmov[widthOf[f.type[v]]];
  if (condition < CC_EQUAL_ORDERED) asm.rr(row + condition, register, other);
  else if (condition === CC_UNEQUAL_UNORDERED) {
    asm.rr(row + CC_NE, register, other);
    asm.rr(row + CC_P, register, other);
  } else {
    const skip = asm.newLabel();
    asm.jcc(CC_P, skip);
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
  c.copyTo(register, no, false);
  const condition = testCondition(c, f.a[v]);
  const skip = asm.newLabel();
  if (condition < CC_EQUAL_ORDERED) asm.jcc(condition ^ 1, skip);
  else if (condition === CC_EQUAL_ORDERED) {
    asm.jcc(CC_P, skip);
    asm.jcc(CC_NE, skip);
  } else {
    const take = asm.newLabel();
    asm.jcc(CC_P, take);
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
