/** Selection of floating-point operations and conversions. Width 2 is f32, 3 is f64. */
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { M } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";

function binary(op: number) {
  return (s: Selector, v: number): void => {
    const [a, b] = [s.inRegister(s.f.a[v]), s.inRegister(s.f.b[v])];
    s.row(op, widthOfType[s.f.type[v]], v);
    if (op === M.fcopysign) s.earlyDef(s.result(v));
    else s.def(s.result(v));
    s.use(a);
    s.use(b);
  };
}

function unary(op: number) {
  return (s: Selector, v: number): void => {
    s.unary(op, widthOfType[s.f.type[s.f.a[v]]], s.result(v), s.inRegister(s.f.a[v]));
  };
}

function multiplyAdd(s: Selector, v: number): void {
  const { f } = s;
  const [a, b, c] = [s.inRegister(f.a[v]), s.inRegister(f.b[v]), s.inRegister(f.c[v])];
  s.row(M.fma, widthOfType[f.type[v]], v);
  s.def(s.result(v));
  s.use(a);
  s.use(b);
  s.use(c);
}

function toFloat(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const from = s.widened(f.a[v], signed);
    const row = s.unary(signed ? M.intToFloat : M.u64ToFloat, widthOfType[f.type[v]], s.result(v), from);
    mf.moveWidth[row] = Math.max(2, widthOfType[f.type[f.a[v]]]);
  };
}

function toInteger(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const own = widthOfType[f.type[v]];
    const converted = own < 2 ? mf.newRegister(0) : s.result(v);
    const row = s.unary(signed ? M.floatToInt : M.floatToUnsigned, widthOfType[f.type[f.a[v]]], converted, s.inRegister(f.a[v]));
    mf.moveWidth[row] = Math.max(2, own);
    if (own >= 2) return;
    const clamp = s.row(M.clamp, own, v);
    s.earlyDef(s.result(v));
    s.use(converted);
    mf.extra[clamp] = signed ? 1 : 0;
  };
}

function bitcast(s: Selector, v: number): void {
  const { f } = s;
  s.unary(isFloat(f.type[v]) ? M.toFloatBits : M.fromFloatBits, f.type[v] === Type.f32 || f.type[f.a[v]] === Type.f32 ? 2 : 3, s.result(v), s.inRegister(f.a[v]));
}

export const floatSelectors: SelectHandlers = {
  [Op.fadd]: binary(M.fadd), [Op.fsub]: binary(M.fsub), [Op.fmul]: binary(M.fmul), [Op.fdiv]: binary(M.fdiv), [Op.fcopysign]: binary(M.fcopysign),
  [Op.fneg]: unary(M.fneg), [Op.fabs]: unary(M.fabs), [Op.fsqrt]: unary(M.fsqrt), [Op.ffloor]: unary(M.frintm), [Op.fceil]: unary(M.frintp),
  [Op.ftrunc]: unary(M.frintz), [Op.fnearest]: unary(M.frintn), [Op.fma]: multiplyAdd, [Op.fpromote]: unary(M.fpromote), [Op.fdemote]: unary(M.fdemote),
  [Op.stof]: toFloat(true), [Op.utof]: toFloat(false), [Op.ftos]: toInteger(true), [Op.ftou]: toInteger(false), [Op.bitcast]: bitcast,
};
