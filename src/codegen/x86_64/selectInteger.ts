/** Selection of sums, differences and logic of integers. */

import { CC_B, CC_O } from "../../../encoders/x86_64/registers.ts";
import type { IrFunction } from "../../ir/function.ts";
import { Op, opValueOperands } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { Constraint, Role } from "../machine.ts";
import { Flags, M } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { widthOfType } from "../selector.ts";

/** `d = a op b`; the row stays open for a consumer of its flags. `b` may be an immediate or a load. */
export function alu(s: Selector, op: number, width: number, result: number, a: number, b: number, commutes: boolean): number {
  const { f, mf } = s;
  if (commutes) {
    // The first operand is overwritten: better one that ends here; an immediate and a load can only be second.
    const swap = s.isConstant(a) || (!s.isConstant(b) && !s.foldsLoad(b) && (s.foldsLoad(a) || betterTied(s, b, a)));
    if (swap) {
      const other = a;
      a = b;
      b = other;
    }
  }
  const first = s.registerOrConstant(a);
  if (s.isImmediate(b, width) && op !== M.imul) {
    const row = s.row(op, width, s.root);
    s.defTied(result, first);
    mf.immediate[row] = s.immediateOf(b, width);
    mf.extra[row] = 1;
    return row;
  }
  if (s.foldsLoad(b)) {
    s.prepareMemory(f.a[b], f.b[b]);
    const row = s.row(op, width, s.root);
    s.defTied(result, first);
    s.addMemory(row);
    return row;
  }
  const second = s.inRegister(b);
  const row = s.row(op, width, s.root);
  s.defTied(result, first);
  s.useAny(second);
  return row;
}

/**
 * Should `b` rather than `a` be overwritten by the result? One that came in as a block's parameter, because the result probably goes round
 * to it; else one that ends here; of two such the one made last, because the other lives longer already. What was made outside of the loop
 * lives through it.
 */
export function betterTied(s: Selector, b: number, a: number): boolean {
  const { f } = s;
  const { depth } = s.blocks;
  const here = depth[f.block[s.root]];
  const livesOn = depth[f.block[a]] < here;
  if (livesOn !== depth[f.block[b]] < here) return livesOn;
  if (f.op[a] === Op.param || f.op[b] === Op.param) {
    const [param, other] = f.op[a] === Op.param ? [a, b] : [b, a];
    const livesOn = s.uses[param] > 1 && s.uses[other] === 1 && s.registerOf[param] !== 0 && f.op[other] !== Op.param && isUsedBehind(f, s.root, param);
    return (param === b) !== livesOn;
  }
  if (s.uses[a] !== 1 || s.uses[b] !== 1) return s.uses[b] === 1 && s.uses[a] > 1;
  return f.block[a] === f.block[b] && b > a;
}

/** Whether one of the next instructions of the block reads `v`. */
function isUsedBehind(f: IrFunction, place: number, v: number): boolean {
  let next = f.next[place];
  for (let steps = 0; steps < 8 && next !== 0; steps++, next = f.next[next]) {
    const operands = opValueOperands[f.op[next]];
    if (((operands & 1) !== 0 && f.a[next] === v) || ((operands & 2) !== 0 && f.b[next] === v) || ((operands & 4) !== 0 && f.c[next] === v)) return true;
  }
  return false;
}

/** Without flags narrow numbers may run in 32 bits, unless a load of the narrow width is folded. */
function plainWidth(s: Selector, v: number): number {
  const width = widthOfType[s.f.type[v]];
  return width >= 2 || s.foldsLoad(s.f.b[v]) || s.foldsLoad(s.f.a[v]) ? width : 2;
}

function wrapping(op: number, commutes: boolean) {
  return (s: Selector, v: number): void => {
    alu(s, op, plainWidth(s, v), s.result(v), s.f.a[v], s.f.b[v], commutes);
  };
}

/**
 * `x + (a < b)` and `x - (a < b)` of unsigned words: the comparison's carry is added. Where it tells of the sum or difference that stands just
 * before it, that is where the carry comes from, and both are one row.
 */
function withCarry(s: Selector, v: number, consumer: number): boolean {
  const { f } = s;
  if (f.type[v] !== Type.i64) return false;
  const added = consumer === Flags.addCarry;
  const carried = isCarry(s, f.b[v]) ? f.b[v] : added && isCarry(s, f.a[v]) ? f.a[v] : 0;
  if (carried === 0) return false;
  const other = carried === f.b[v] ? f.a[v] : f.b[v];
  const comparison = f.a[carried];
  const [less, more] = f.op[comparison] === Op.ult ? [f.a[comparison], f.b[comparison]] : [f.b[comparison], f.a[comparison]];
  const result = s.result(v);
  const to = s.registerOrConstant(other);
  const before = f.previous[comparison];
  const adjacent = f.previous[v] === carried && f.previous[carried] === comparison && before !== 0 && f.type[before] === Type.i64 && before !== other;
  let row: number;
  if (adjacent && added && f.op[before] === Op.add && less === before && (f.a[before] === more || f.b[before] === more)) {
    s.makesAlso(before);
    row = alu(s, M.add, 3, s.result(before), f.a[before], f.b[before], true);
  } else if (adjacent && !added && f.op[before] === Op.sub && f.a[before] === less && f.b[before] === more) {
    s.makesAlso(before);
    row = alu(s, M.sub, 3, s.result(before), less, more, false);
  } else {
    const left = s.inRegister(less);
    const right = s.inRegister(more);
    row = s.row(M.cmp, 3, s.root);
    s.use(left);
    s.useAny(right);
  }
  s.beginConsumer(row, consumer, CC_B);
  s.mf.operand(result, Role.def, Constraint.same, s.mf.operandLength[row] + 1);
  s.mf.operand(to, Role.use, Constraint.tied);
  return true;
}

/** A comparison of unsigned words as a number, that is wanted for nothing else. */
function isCarry(s: Selector, v: number): boolean {
  const { f } = s;
  if (f.op[v] !== Op.zext || s.uses[v] !== 1 || s.registerOf[v] !== 0 || f.block[v] !== f.block[s.root]) return false;
  const comparison = f.a[v];
  if ((f.op[comparison] !== Op.ult && f.op[comparison] !== Op.ugt) || s.uses[comparison] !== 1 || s.registerOf[comparison] !== 0 || f.block[comparison] !== f.block[s.root]) return false;
  return f.type[f.a[comparison]] === Type.i64;
}

/** Addition: `lea` where the first operand lives on, so that no copy is needed. */
function add(s: Selector, v: number): void {
  if (withCarry(s, v, Flags.addCarry)) return;
  const { f, mf } = s;
  const width = Math.max(2, widthOfType[f.type[v]]);
  let a = s.strip(f.a[v]);
  let b = s.strip(f.b[v]);
  if (s.isConstant(a)) [a, b] = [b, a];
  const result = s.result(v);
  const immediate = s.isImmediate(b, width);
  const folds = s.foldsLoad(a) || s.foldsLoad(b);
  if (!s.isConstant(a) && !folds && s.uses[a] > 1 && (immediate || (!s.isConstant(b) && s.uses[b] > 1))) {
    const row = s.row(M.lea, width, v);
    s.def(result);
    mf.memoryOperand[row] = 1;
    mf.memory[row] = immediate ? 1 : 2;
    s.use(s.register(a));
    if (immediate) mf.displacement[row] = s.immediateOf(b, width);
    else s.use(s.register(b));
    return;
  }
  const shift = s.strip(b);
  // a + (b << 1..3)
  if (width === 3 && f.op[shift] === Op.shl && s.uses[shift] === 1 && s.registerOf[shift] === 0 && f.op[f.b[shift]] === Op.const &&
      f.a[f.b[shift]] >= 1 && f.a[f.b[shift]] <= 3 && !s.isConstant(a) && !folds) {
    const index = s.inRegister(f.a[shift]);
    const base = s.register(a);
    const row = s.row(M.lea, width, v);
    s.def(result);
    mf.memoryOperand[row] = 1;
    mf.memory[row] = 2;
    mf.scale[row] = f.a[f.b[shift]];
    s.use(base);
    s.use(index);
    return;
  }
  alu(s, M.add, plainWidth(s, v), result, f.a[v], f.b[v], true);
}

function subtract(s: Selector, v: number): void {
  if (withCarry(s, v, Flags.subtractCarry)) return;
  const { f, mf } = s;
  const width = Math.max(2, widthOfType[f.type[v]]);
  const a = s.strip(f.a[v]);
  const b = f.b[v];
  if (f.op[a] === Op.const && f.a[a] === 0 && f.b[a] === 0) {
    const row = s.row(M.neg, width, v);
    s.defTied(s.result(v), s.registerOrConstant(b));
    void row;
    return;
  }
  if (s.isImmediate(b, width) && f.a[b] !== -2147483648 && s.uses[a] > 1 && !s.isConstant(a)) {
    const row = s.row(M.lea, width, v);
    s.def(s.result(v));
    mf.memoryOperand[row] = 1;
    mf.memory[row] = 1;
    mf.displacement[row] = -s.immediateOf(b, width);
    s.use(s.register(a));
    return;
  }
  wrapping(M.sub, false)(s, v);
}

/** `x << c | x >> w - c` is a rotation. */
function or(s: Selector, v: number): void {
  const { f, mf } = s;
  const [a, b] = [f.a[v], f.b[v]];
  const width = widthOfType[f.type[v]];
  const single = (x: number): boolean => s.uses[x] === 1 && s.registerOf[x] === 0;
  const [left, right] = f.op[a] === Op.shl ? [a, b] : [b, a];
  if (f.op[left] === Op.shl && f.op[right] === Op.lshr && single(left) && single(right) && s.strip(f.a[left]) === s.strip(f.a[right]) && f.type[f.a[left]] === f.type[f.a[right]]) {
    const [up, down] = [f.b[left], f.b[right]];
    const bits = 8 << width;
    if (f.op[up] === Op.const && f.op[down] === Op.const && (f.a[up] & (bits - 1)) + (f.a[down] & (bits - 1)) === bits) {
      const row = s.row(M.rol, width, v);
      s.defTied(s.result(v), s.registerOrConstant(f.a[left]));
      mf.immediate[row] = f.a[up] & (bits - 1);
      mf.extra[row] = 1;
      return;
    }
  }
  wrapping(M.or, true)(s, v);
}

function xor(s: Selector, v: number): void {
  const { f } = s;
  const b = f.b[v];
  if (f.op[b] === Op.const && f.a[b] === -1 && f.b[b] === -1) {
    s.row(M.not, Math.max(2, widthOfType[f.type[v]]), v);
    s.defTied(s.result(v), s.registerOrConstant(f.a[v]));
    return;
  }
  wrapping(M.xor, true)(s, v);
}

function and(s: Selector, v: number): void {
  const { f } = s;
  if (s.features.bmi1) {
    const width = widthOfType[f.type[v]];
    for (const [x, y] of [[f.a[v], f.b[v]], [f.b[v], f.a[v]]] as const) {
      const ones = f.b[x];
      if (width < 2 || f.op[x] !== Op.xor || s.uses[x] !== 1 || s.registerOf[x] !== 0 || f.op[ones] !== Op.const || f.a[ones] !== -1 || f.b[ones] !== -1) continue;
      const inverted = s.inRegister(f.a[x]);
      const other = s.inRegister(y);
      s.row(M.andn, width, v);
      s.def(s.result(v));
      s.use(inverted);
      s.useAny(other);
      return;
    }
  }
  // A mask of 8 or 16 bits is an extension.
  const b = f.b[v];
  if (f.op[b] === Op.const && f.b[b] === 0 && (f.a[b] === 255 || f.a[b] === 65535) && widthOfType[f.type[v]] >= 2 && !s.isConstant(f.a[v]) && !s.foldsLoad(f.a[v])) {
    const from = s.inRegister(f.a[v]);
    s.row(M.zeroExtend, f.a[b] === 255 ? 0 : 1, v);
    s.def(s.result(v));
    s.useAny(from);
    return;
  }
  // A mask that fits 32 bits unsigned: the upper half becomes zero by itself.
  if (f.type[v] === Type.i64 && f.op[b] === Op.const && f.b[b] === 0 && !s.isConstant(f.a[v])) {
    const row = s.row(M.and, 2, v);
    s.defTied(s.result(v), s.registerOrConstant(f.a[v]));
    s.mf.immediate[row] = f.a[b];
    s.mf.extra[row] = 1;
    return;
  }
  wrapping(M.and, true)(s, v);
}

function checked(op: number, condition: number, commutes: boolean) {
  return (s: Selector, v: number): void => {
    const { f } = s;
    const row = alu(s, op, widthOfType[f.type[v]], s.result(v), f.a[v], f.b[v], commutes);
    s.trapOn(row, condition, f.c[v], 0);
  };
}

/** The sum or difference itself is not wanted, only whether it overflows. */
function overflows(op: number, condition: number, commutes: boolean) {
  return (s: Selector, v: number): void => {
    const { f, mf } = s;
    const result = s.result(v);
    const row = alu(s, op, widthOfType[f.type[f.a[v]]], mf.newRegister(0), f.a[v], f.b[v], commutes);
    s.beginConsumer(row, Flags.set, condition);
    s.def(result);
  };
}

export const integerSelectors: SelectHandlers = {
  [Op.add]: add,
  [Op.sub]: subtract,
  [Op.and]: and,
  [Op.or]: or,
  [Op.xor]: xor,
  [Op["sadd.trap"]]: checked(M.add, CC_O, true),
  [Op["uadd.trap"]]: checked(M.add, CC_B, true),
  [Op["ssub.trap"]]: checked(M.sub, CC_O, false),
  [Op["usub.trap"]]: checked(M.sub, CC_B, false),
  [Op["sadd.overflows"]]: overflows(M.add, CC_O, true),
  [Op["uadd.overflows"]]: overflows(M.add, CC_B, true),
  [Op["ssub.overflows"]]: overflows(M.sub, CC_O, false),
  [Op["usub.overflows"]]: overflows(M.sub, CC_B, false),
};
