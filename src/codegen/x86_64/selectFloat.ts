/** Selection of floating-point operations and conversions. Width 2 is f32, 3 is f64. */

import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { Constraint, Role } from "../machine.ts";
import { M } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";
import { betterTied } from "./selectInteger.ts";

function binary(op: number, commutes: boolean) {
  return (s: Selector, v: number): void => {
    const { f } = s;
    let [a, b] = [f.a[v], f.b[v]];
    const width = widthOfType[f.type[v]];
    if (commutes && (s.isConstant(a) || (!s.isConstant(b) && !s.foldsLoad(b) && (s.foldsLoad(a) || betterTied(s, b, a))))) [a, b] = [b, a];
    const first = s.registerOrConstant(a);
    if (s.foldsLoad(b)) {
      s.prepareMemory(f.a[b], f.b[b]);
      const row = s.row(op, width, v);
      s.defTied(s.result(v), first);
      s.addMemory(row);
      return;
    }
    // A constant is an operand in memory: emission finds it in `immediate`.
    if (f.op[b] === Op.const && (f.a[b] !== 0 || f.b[b] !== 0)) {
      const row = s.row(op, width, v);
      s.defTied(s.result(v), first);
      s.mf.immediate[row] = b;
      s.mf.extra[row] = 1;
      return;
    }
    const second = s.inRegister(b);
    s.row(op, width, v);
    s.defTied(s.result(v), first);
    s.useAny(second);
  };
}

function unary(op: number, immediate = 0) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const from = s.inRegister(f.a[v]);
    const row = s.row(op, widthOfType[f.type[f.a[v]]], v);
    s.def(s.result(v));
    s.use(from);
    mf.immediate[row] = immediate;
  };
}

/** In place, with a mask. */
function negate(s: Selector, v: number): void {
  const from = s.registerOrConstant(s.f.a[v]);
  s.row(M.fneg, widthOfType[s.f.type[v]], v);
  s.defTied(s.result(v), from);
}

function copySign(s: Selector, v: number): void {
  const { f, mf } = s;
  const [from, sign] = [s.inRegister(f.a[v]), s.inRegister(f.b[v])];
  s.row(M.fcopysign, widthOfType[f.type[v]], v);
  mf.operand(s.result(v), Role.earlyDef, Constraint.register);
  s.use(from);
  s.use(sign);
}

function multiplyAdd(s: Selector, v: number): void {
  const { f } = s;
  const [b, c] = [s.inRegister(f.b[v]), s.inRegister(f.c[v])];
  const a = s.registerOrConstant(f.a[v]);
  s.row(M.fma, widthOfType[f.type[v]], v);
  s.defTied(s.result(v), a);
  s.use(b);
  s.use(c);
}

function toFloat(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const width = widthOfType[f.type[f.a[v]]];
    const target = widthOfType[f.type[v]];
    let from = s.inRegister(f.a[v]);
    if (!signed && width === 3) {
      const row = s.row(M.u64ToFloat, target, v);
      mf.operand(s.result(v), Role.earlyDef, Constraint.register);
      // The number is shifted on the way.
      const index = mf.operandLength[row];
      mf.operand(mf.newRegister(0), Role.def, Constraint.same, index + 1);
      mf.operand(from, Role.use, Constraint.tied);
      s.scratch(0);
      return;
    }
    let wide = width === 3;
    if (width < 2 || !signed) {
      const extended = mf.newRegister(0);
      const row = s.row(signed ? M.signExtend : M.zeroExtend, width, v);
      mf.moveWidth[row] = 3;
      s.def(extended);
      s.useAny(from);
      from = extended;
      wide = true;
    }
    const row = s.row(M.intToFloat, target, v);
    mf.immediate[row] = wide ? 1 : 0;
    s.def(s.result(v));
    s.useAny(from);
  };
}

function toInteger(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const from = s.inRegister(f.a[v]);
    const row = s.row(signed ? M.floatToInt : M.floatToUnsigned, widthOfType[f.type[f.a[v]]], v);
    mf.moveWidth[row] = widthOfType[f.type[v]];
    mf.operand(s.result(v), Role.earlyDef, Constraint.register);
    s.use(from);
  };
}

/** Between the classes; within one, the same register serves (Selector.strip). */
function bitcast(s: Selector, v: number): void {
  const { f } = s;
  const from = s.inRegister(f.a[v]);
  s.row(isFloat(f.type[v]) ? M.toFloatBits : M.fromFloatBits, f.type[v] === Type.f32 || f.type[f.a[v]] === Type.f32 ? 2 : 3, v);
  s.def(s.result(v));
  s.use(from);
}

export const floatSelectors: SelectHandlers = {
  [Op.fadd]: binary(M.fadd, true),
  [Op.fsub]: binary(M.fsub, false),
  [Op.fmul]: binary(M.fmul, true),
  [Op.fdiv]: binary(M.fdiv, false),
  [Op.fneg]: negate,
  [Op.fabs]: unary(M.fabs),
  [Op.fsqrt]: unary(M.fsqrt),
  [Op.ffloor]: unary(M.fround, 9),
  [Op.fceil]: unary(M.fround, 10),
  [Op.ftrunc]: unary(M.fround, 11),
  [Op.fnearest]: unary(M.fround, 8),
  [Op.fma]: multiplyAdd,
  [Op.fcopysign]: copySign,
  [Op.fpromote]: unary(M.fpromote),
  [Op.fdemote]: unary(M.fdemote),
  [Op.stof]: toFloat(true),
  [Op.utof]: toFloat(false),
  [Op.ftos]: toInteger(true),
  [Op.ftou]: toInteger(false),
  [Op.bitcast]: bitcast,
};
