/** Selection of multiplication: by constants, checked, and for the high half. */

import { CC_NE, CC_O, RAX, RDX } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import { Constraint, Role } from "../machine.ts";
import { Flags, M } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { widthOfType } from "../selector.ts";
import { alu } from "./selectInteger.ts";

/** Signed product with the overflow flag; the row stays open. */
function product(s: Selector, width: number, result: number, a: number, b: number): number {
  const { f, mf } = s;
  if (s.isConstant(a)) [a, b] = [b, a];
  if (s.isImmediate(b, width)) {
    const value = s.immediateOf(b, width);
    if (s.foldsLoad(a)) {
      s.prepareMemory(f.a[a], f.b[a]);
      const row = s.row(M.imulImmediate, width, s.root);
      s.def(result);
      s.addMemory(row);
      mf.immediate[row] = value;
      return row;
    }
    const from = s.inRegister(a);
    const row = s.row(M.imulImmediate, width, s.root);
    s.def(result);
    s.useAny(from);
    mf.immediate[row] = value;
    return row;
  }
  return alu(s, M.imul, width, result, a, b, true);
}

function multiply(s: Selector, v: number): void {
  const { f, mf } = s;
  const width = Math.max(2, widthOfType[f.type[v]]);
  let [a, b] = [s.strip(f.a[v]), s.strip(f.b[v])];
  if (s.isConstant(a)) [a, b] = [b, a];
  if (s.isImmediate(b, width) && !s.isConstant(a)) {
    const value = s.immediateOf(b, widthOfType[f.type[v]]);
    const result = s.result(v);
    if (value > 1 && (value & (value - 1)) === 0) {
      const row = s.row(M.shl, width, v);
      s.defTied(result, s.register(a));
      mf.immediate[row] = 31 - Math.clz32(value);
      mf.extra[row] = 1;
      return;
    }
    if (value === 3 || value === 5 || value === 9) {
      const from = s.register(a);
      const row = s.row(M.lea, width, v);
      s.def(result);
      mf.memoryOperand[row] = 1;
      mf.memory[row] = 2;
      mf.scale[row] = value === 3 ? 1 : value === 5 ? 2 : 3;
      s.use(from);
      s.use(from);
      return;
    }
  }
  // A folded load of a narrow type would read too much.
  if (width !== widthOfType[f.type[v]]) {
    if (s.foldsLoad(a)) s.register(a);
    if (s.foldsLoad(b)) s.register(b);
  }
  product(s, width, s.result(v), a, b);
}

function signedMultiplyTrap(s: Selector, v: number): void {
  const { f } = s;
  const width = widthOfType[f.type[v]];
  if (width === 0) {
    const row = byteProduct(s, v, s.result(v), true);
    s.trapOn(row, CC_NE, f.c[v], 0);
    return;
  }
  s.trapOn(product(s, width, s.result(v), f.a[v], f.b[v]), CC_O, f.c[v], 0);
}

/** 8-bit numbers multiply in 32 bits; the flags say whether the product equals its low byte extended again. */
function byteProduct(s: Selector, v: number, result: number, signed: boolean): number {
  const { f, mf } = s;
  const [a, b] = [s.inRegister(f.a[v]), s.inRegister(f.b[v])];
  const row = s.row(M.byteProduct, 0, s.root);
  mf.immediate[row] = signed ? 1 : 0;
  mf.operand(result, Role.earlyDef, Constraint.register);
  s.scratch(0);
  mf.operand(a, Role.use, Constraint.register);
  mf.operand(b, Role.use, Constraint.register);
  return row;
}

/** rdx:rax = rax * b. `low` and `high` are the registers that want the halves, or 0. */
function wideProduct(s: Selector, v: number, op: number, width: number, low: number, high: number): number {
  const { f } = s;
  // A constant is made in rax, so that the other one stays where it is.
  const [first, second] = s.isConstant(s.strip(f.b[v])) ? [f.b[v], f.a[v]] : [f.a[v], f.b[v]];
  const a = s.registerOrConstant(first);
  const b = s.inRegister(second);
  const row = s.row(op, width, s.root);
  s.defFixed(low, RAX);
  s.defFixed(high, RDX);
  s.useFixed(a, RAX);
  s.useAny(b);
  return row;
}

function unsignedMultiplyTrap(s: Selector, v: number): void {
  const { f } = s;
  const width = widthOfType[f.type[v]];
  if (width === 0) s.trapOn(byteProduct(s, v, s.result(v), false), CC_NE, f.c[v], 0);
  else s.trapOn(wideProduct(s, v, M.mulWide, width, s.result(v), 0), CC_O, f.c[v], 0);
}

function multiplyHigh(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const width = widthOfType[f.type[v]];
    if (width >= 2) {
      // The low half of the same product, if that is what stands before: one instruction makes both.
      const low = f.previous[v];
      const both = f.op[low] === Op.mul && s.registerOf[low] !== 0 && f.type[low] === f.type[v] && ((f.a[low] === f.a[v] && f.b[low] === f.b[v]) || (f.a[low] === f.b[v] && f.b[low] === f.a[v]));
      if (both) s.makesAlso(low);
      wideProduct(s, v, signed ? M.imulWide : M.mulWide, width, both ? s.registerOf[low] : 0, s.result(v));
      return;
    }
    const extend = signed ? M.signExtend : M.zeroExtend;
    const [a, b] = [s.inRegister(f.a[v]), s.inRegister(f.b[v])];
    const [x, y, p] = [mf.newRegister(0), mf.newRegister(0), mf.newRegister(0)];
    for (const [from, to] of [[a, x], [b, y]] as const) {
      const row = s.row(extend, width, v);
      mf.moveWidth[row] = 2;
      s.def(to);
      s.useAny(from);
    }
    s.row(M.imul, 2, v);
    s.defTied(p, x);
    s.useAny(y);
    const row = s.row(signed ? M.sar : M.shr, 2, v);
    s.defTied(s.result(v), p);
    mf.immediate[row] = width === 0 ? 8 : 16;
    mf.extra[row] = 1;
  };
}

function multiplyOverflows(signed: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const width = widthOfType[f.type[f.a[v]]];
    const result = s.result(v);
    const unused = mf.newRegister(0);
    const row = width === 0 ? byteProduct(s, v, unused, signed)
      : signed ? product(s, width, unused, f.a[v], f.b[v]) : wideProduct(s, v, M.mulWide, width, 0, 0);
    s.beginConsumer(row, Flags.set, width === 0 ? CC_NE : CC_O);
    s.def(result);
  };
}

export const multiplySelectors: SelectHandlers = {
  [Op.mul]: multiply,
  [Op.smulh]: multiplyHigh(true),
  [Op.umulh]: multiplyHigh(false),
  [Op["smul.trap"]]: signedMultiplyTrap,
  [Op["umul.trap"]]: unsignedMultiplyTrap,
  [Op["smul.overflows"]]: multiplyOverflows(true),
  [Op["umul.overflows"]]: multiplyOverflows(false),
};
