/** Selection of comparisons and of what uses them: branches, checks, selects, results of 0 or 1. */

import { CC_E, CC_GE, CC_L, CC_NE } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import { Constraint, Role } from "../machine.ts";
import { CC_EQUAL_ORDERED, conditionOf, exchanged } from "./conditions.ts";
import { Flags, M } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";

/** Makes the row of a comparison whose flags the instruction being selected uses. −1 if `v` is none, or better computed once. */
export function compareInto(s: Selector, v: number): number {
  const { f } = s;
  const condition = conditionOf[f.op[v]];
  if (condition < 0) {
    // `x ^ 1` of a comparison: the opposite.
    if (f.op[v] === Op.xor && f.op[f.b[v]] === Op.const && f.a[f.b[v]] === 1 && s.uses[v] === 1) {
      const inner = f.a[v];
      if (conditionOf[f.op[inner]] >= 0 && (s.uses[inner] === 1 || f.block[inner] === f.block[s.root])) return compare(s, inner) ^ 1;
    }
    return -1;
  }
  if (s.uses[v] > 1 && (f.block[v] !== f.block[s.root] || s.registerOf[v] !== 0)) return -1;
  return compare(s, v);
}

/** Makes the row that compares for `v`; gives the condition under which its flags say yes. */
function compare(s: Selector, v: number): number {
  const { f } = s;
  let condition = conditionOf[f.op[v]] as number;
  let a = f.a[v];
  let b = f.b[v];
  const type = f.type[a];
  const width = widthOfType[type];
  if (isFloat(type)) {
    // conditionOf has these with their operands exchanged.
    if (f.op[v] === Op.flt || f.op[v] === Op.fle) compareTwo(s, M.ucomi, b, a, width);
    else compareTwo(s, M.ucomi, a, b, width);
    return condition;
  }
  if (s.isConstant(a) && !s.isConstant(b)) {
    const other = a;
    a = b;
    b = other;
    condition = exchanged[condition];
  }
  if (s.isImmediate(b, width)) {
    compareWithImmediate(s, a, s.immediateOf(b, width), width, condition);
    return condition;
  }
  if (s.foldsLoad(a) && !s.foldsLoad(b)) {
    compareWithMemory(s, M.cmp, b, a, width);
    return exchanged[condition];
  }
  compareTwo(s, M.cmp, a, b, width);
  return condition;
}

/** The second may be a load, or a float constant. */
function compareTwo(s: Selector, op: number, a: number, b: number, width: number): void {
  if (s.foldsLoad(b)) {
    compareWithMemory(s, op, a, b, width);
    return;
  }
  const left = s.inRegister(a);
  // A float is an operand in memory: emission finds it in `immediate`.
  if (op === M.ucomi && s.f.op[b] === Op.const && (s.f.a[b] !== 0 || s.f.b[b] !== 0)) {
    const row = s.row(op, width, s.root);
    s.use(left);
    s.mf.immediate[row] = b;
    return;
  }
  const right = s.inRegister(b);
  s.row(op, width, s.root);
  s.use(left);
  s.useAny(right);
}

/** The load `b` becomes the operand in memory. */
function compareWithMemory(s: Selector, op: number, a: number, b: number, width: number): void {
  const { f } = s;
  const left = s.inRegister(a);
  s.prepareMemory(f.a[b], f.b[b]);
  const row = s.row(op, width, s.root);
  s.use(left);
  s.addMemory(row);
}

function compareWithImmediate(s: Selector, a: number, value: number, width: number, condition: number): void {
  const { f, mf } = s;
  const isLoad = s.foldsLoad(a);
  if (value === 0 && f.op[a] === Op.and && s.uses[a] === 1 && s.registerOf[a] === 0 && (condition === CC_E || condition === CC_NE || condition === CC_L || condition === CC_GE)) {
    testBits(s, f.a[a], f.b[a], width);
    return;
  }
  if (value === 0 && !isLoad) {
    const register = s.inRegister(a);
    s.row(M.test, width, s.root);
    s.use(register);
    s.use(register);
    return;
  }
  let row: number;
  if (isLoad) {
    s.prepareMemory(f.a[a], f.b[a]);
    row = s.row(M.cmp, width, s.root);
    s.addMemory(row);
  } else {
    const register = s.inRegister(a);
    row = s.row(M.cmp, width, s.root);
    s.useAny(register);
  }
  mf.immediate[row] = value;
  mf.extra[row] = 1; // there is an immediate
}

/** `a & mask` compared with 0. */
function testBits(s: Selector, a: number, mask: number, width: number): void {
  const left = s.inRegister(a);
  if (s.isImmediate(mask, width)) {
    const row = s.row(M.test, width, s.root);
    s.useAny(left);
    s.mf.immediate[row] = s.immediateOf(mask, width);
    s.mf.extra[row] = 1; // there is an immediate
    return;
  }
  const right = s.inRegister(mask);
  s.row(M.test, width, s.root);
  s.use(left);
  s.use(right);
}

/** A comparison whose result is wanted as a number. */
function setResult(s: Selector, v: number): void {
  const { mf } = s;
  const result = s.result(v);
  const condition = compare(s, v);
  const row = mf.count - 1;
  s.beginConsumer(row, Flags.set, condition);
  s.def(result);
  if (condition >= CC_EQUAL_ORDERED) s.scratch(0);
}

function select(s: Selector, v: number): void {
  const { f, mf } = s;
  const type = f.type[v];
  const result = s.result(v);
  const float = isFloat(type);
  // The chosen value must be ready before flags are set. One that is only copied may be a constant.
  const no = s.registerOrConstant(f.c[v]);
  const yes = s.inRegister(f.b[v]);
  const condition = s.condition(f.a[v]);
  const row = mf.count - 1;
  s.beginConsumer(row, float ? Flags.moveFloat : Flags.move, condition);
  mf.moveWidth[row] = widthOfType[type];
  mf.operand(result, Role.def, Constraint.same, mf.operandLength[row] + 1);
  mf.operand(no, Role.use, Constraint.tied);
  mf.operand(yes, Role.use, float ? Constraint.register : Constraint.any);
}

function branch(s: Selector, v: number): void {
  const { f, mf } = s;
  const condition = s.condition(f.a[v]);
  s.beginConsumer(mf.count - 1, Flags.branch, condition);
}

function trapIf(s: Selector, v: number): void {
  const { f, mf } = s;
  const condition = s.condition(f.a[v]);
  s.trapOn(mf.count - 1, condition, f.b[v], f.c[v]);
}

export const comparisonSelectors: SelectHandlers = {
  [Op.eq]: setResult, [Op.ne]: setResult, [Op.slt]: setResult, [Op.sle]: setResult, [Op.sgt]: setResult, [Op.sge]: setResult,
  [Op.ult]: setResult, [Op.ule]: setResult, [Op.ugt]: setResult, [Op.uge]: setResult,
  [Op.feq]: setResult, [Op.fne]: setResult, [Op.flt]: setResult, [Op.fle]: setResult, [Op.fgt]: setResult, [Op.fge]: setResult,
  [Op.select]: select,
  [Op.branch]: branch,
  [Op["trap.if"]]: trapIf,
};

