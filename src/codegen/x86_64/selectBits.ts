/** Selection of division, shifts, counts of bits and conversions of integers. */

import { RAX, RCX, RDX } from "../../../encoders/x86_64/registers.ts";
import type { IrFunction } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { Constraint, Role } from "../machine.ts";
import { widthOfType } from "../selector.ts";
import { shiftAmount } from "../shiftAmount.ts";
import { M } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";

function divide(signed: boolean, remainder: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const width = widthOfType[f.type[v]];
    let a = s.registerOrConstant(f.a[v]);
    let b = s.inRegister(f.b[v]);
    if (width < 2) {
      // Narrow numbers divide as 32-bit ones.
      const [x, y] = [mf.newRegister(0), mf.newRegister(0)];
      const from = s.inRegister(f.a[v]);
      for (const [source, to] of [[from, x], [b, y]] as const) {
        const row = s.row(signed ? M.signExtend : M.zeroExtend, width, v);
        mf.moveWidth[row] = 2;
        s.def(to);
        s.useAny(source);
      }
      a = x;
      b = y;
    }
    s.row(signed ? M.idiv : M.div, Math.max(2, width), v);
    const result = s.result(v);
    s.defFixed(remainder ? 0 : result, RAX);
    // rdx is written before the divisor is read.
    mf.operand(remainder ? result : 0, Role.earlyDef, Constraint.fixed, RDX);
    s.useFixed(a, RAX);
    s.useAny(b);
  };
}

/** Two words by one: the low one in rax, the high one in rdx. */
function divideWide(s: Selector, v: number): void {
  const { f } = s;
  const [low, high] = [s.registerOrConstant(f.a[v]), s.registerOrConstant(f.b[v])];
  const divisor = s.inRegister(f.c[v]);
  s.row(M.divWide, 3, v);
  s.defFixed(s.result(v), RAX);
  s.defFixed(0, RDX);
  s.useFixed(low, RAX);
  s.useFixed(high, RDX);
  s.useAny(divisor);
}

function shift(op: number, vexOp: number, narrow: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const own = widthOfType[f.type[v]];
    // Left shifts of narrow numbers may run in 32 bits; the others need the type's own width.
    const width = narrow && own < 2 ? 2 : own;
    const mask = (8 << own) - 1;
    const amount = shiftAmount(s, f.b[v], mask + 1);
    const result = s.result(v);
    if (f.op[amount] === Op.const) {
      const by = f.a[amount] & mask;
      const row = s.row(op, width, v);
      s.defTied(result, s.registerOrConstant(f.a[v]));
      mf.immediate[row] = by;
      mf.extra[row] = 1;
      return;
    }
    if (vexOp >= 0 && s.features.bmi2 && own >= 2) {
      const [from, by] = [s.inRegister(f.a[v]), s.inRegister(amount)];
      s.row(vexOp, width, v);
      s.def(result);
      s.useAny(from);
      s.use(by);
      return;
    }
    let by = s.registerOrConstant(amount);
    if (own < 2 && op !== M.rol && op !== M.ror) {
      // The processor takes the amount modulo 32.
      const masked = mf.newRegister(0);
      const row = s.row(M.and, 2, v);
      s.defTied(masked, by);
      mf.immediate[row] = mask;
      mf.extra[row] = 1;
      by = masked;
    }
    const from = s.registerOrConstant(f.a[v]);
    s.row(op, width, v);
    s.defTied(result, from);
    s.useFixed(by, RCX);
  };
}

function bits(op: number) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const from = s.inRegister(f.a[v]);
    s.row(op, widthOfType[f.type[v]], v);
    mf.operand(s.result(v), Role.earlyDef, Constraint.register);
    s.scratch(0);
    if (op === M.popcount && !s.features.popcnt) s.scratch(0);
    s.use(from);
  };
}

function swapBytes(s: Selector, v: number): void {
  const width = widthOfType[s.f.type[v]];
  if (width === 0) {
    // One byte: a copy.
    const byte = s.inRegister(s.f.a[v]);
    s.row(M.zeroExtend, 0, v);
    s.def(s.result(v));
    s.useAny(byte);
    return;
  }
  const from = s.registerOrConstant(s.f.a[v]);
  const row = s.row(width === 1 ? M.rol : M.bswap, width, v);
  s.defTied(s.result(v), from);
  if (width === 1) {
    s.mf.immediate[row] = 8;
    s.mf.extra[row] = 1;
  }
}

// ── conversions ──

/** Whether `v` of 32 bits is made by an instruction that clears the upper half of its register. */
function writesWord(f: IrFunction, v: number): boolean {
  const op = f.op[v];
  if (op === Op.shl || op === Op.lshr) return f.op[f.b[v]] === Op.const && (f.a[f.b[v]] & 31) !== 0;
  return op === Op.add || op === Op.sub || op === Op.and || op === Op.or || op === Op.xor || op === Op.load || (op >= Op["sadd.trap"] && op <= Op["usub.trap"]);
}

function extend(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const a = s.strip(f.a[v]);
    const from = widthOfType[f.type[f.a[v]]];
    const to = Math.max(2, widthOfType[f.type[v]]);
    const result = s.result(v);
    if (a === f.a[v] && s.foldsLoad(a)) {
      s.prepareMemory(f.a[a], f.b[a]);
      const row = s.row(signed ? M.loadSigned : M.load, from, v);
      mf.moveWidth[row] = to;
      s.def(result);
      s.addMemory(row);
      return;
    }
    const register = s.inRegister(a);
    const row = s.row(signed ? M.signExtend : M.zeroExtend, from, v);
    mf.moveWidth[row] = to;
    if (!signed && from === 2 && a === f.a[v] && writesWord(f, a)) {
      mf.extra[row] = 1;
      s.defTied(result, register);
      return;
    }
    s.def(result);
    s.useAny(register);
  };
}

export const bitSelectors: SelectHandlers = {
  [Op.sdiv]: divide(true, false),
  [Op.udiv]: divide(false, false),
  [Op.srem]: divide(true, true),
  [Op.urem]: divide(false, true),
  [Op["udiv.wide"]]: divideWide,
  [Op.shl]: shift(M.shl, M.shlx, true),
  [Op.lshr]: shift(M.shr, M.shrx, false),
  [Op.ashr]: shift(M.sar, M.sarx, false),
  [Op.rotl]: shift(M.rol, -1, false),
  [Op.rotr]: shift(M.ror, -1, false),
  [Op.clz]: bits(M.clz),
  [Op.ctz]: bits(M.ctz),
  [Op.popcount]: bits(M.popcount),
  [Op.bswap]: swapBytes,
  [Op.sext]: extend(true),
  [Op.zext]: extend(false),
};
