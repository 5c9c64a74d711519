/** Instruction selection for arm64: handlers by operation, memory operands, second operands, conditions. */
import { EQ, GE, GT, HI, HS, LE, LO, LS, LT, MI, NE, SXTW, UXTW, UXTX, VS } from "../../../encoders/arm64/registers.ts";
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import type { IrFunction } from "../../ir/function.ts";
import { Constraint, Role } from "../machine.ts";
import type { MachineFunction } from "../machine.ts";
import { SelectorBase, isFloat, widthOfType } from "../selector.ts";
import type { CompilerContext } from "../target.ts";
import { isShortFloat, isShortInteger } from "./constants.ts";
import { Placements } from "./convention.ts";
import { Flags, M, Memory, Second } from "./machineOps.ts";
import { callSelectors } from "./selectCalls.ts";
import { floatSelectors } from "./selectFloat.ts";
import { integerSelectors } from "./selectInteger.ts";
import { memorySelectors } from "./selectMemory.ts";

export { isFloat, widthOfType };
export type SelectHandler = (s: Selector, v: number) => void;
export type SelectHandlers = readonly (readonly [Op, SelectHandler])[];

const handlers: SelectHandler[] = opNames.map((name) => () => {
  throw new Error(`codegen/arm64/select: no code for ${name}`);
});
for (const group of [integerSelectors, memorySelectors, callSelectors, floatSelectors]) for (const [op, handler] of group) handlers[op] = handler;

const signedConditions = new Map<number, number>([[Op.slt, LT], [Op.sle, LE], [Op.sgt, GT], [Op.sge, GE]]);
const conditions = new Map<number, number>([
  [Op.eq, EQ], [Op.ne, NE], ...signedConditions, [Op.ult, LO], [Op.ule, LS], [Op.ugt, HI], [Op.uge, HS],
  // After fcmp: unordered sets C and V, so these are false for NaN, and ne is true.
  [Op.feq, EQ], [Op.fne, NE], [Op.flt, MI], [Op.fle, LS], [Op.fgt, GT], [Op.fge, GE],
]);

/** The same sum with the negated second operand. */
const opposite = new Uint8Array(256);
for (const [op, other] of [[M.add, M.sub], [M.adds, M.subs], [M.cmp, M.cmn]] as const) {
  opposite[op] = other;
  opposite[other] = op;
}

/** By width: the operations whose instructions leave zeros above. */
const clean = [0, 1, 2].map((width) => {
  const table = new Uint8Array(opNames.length);
  for (const op of [Op.load, ...(width === 0 ? conditions.keys() : [])]) table[op] = 1;
  if (width < 2) return table;
  for (const op of [
    Op.add, Op.sub, Op.mul, Op.and, Op.or, Op.xor, Op.shl, Op.lshr, Op.ashr, Op.rotl, Op.rotr, Op.sdiv, Op.udiv, Op.srem, Op.urem, Op.clz, Op.ctz, Op.popcount,
    Op.bswap, Op.sext, Op.zext, Op["sadd.trap"], Op["uadd.trap"], Op["ssub.trap"], Op["usub.trap"], Op.select,
  ]) table[op] = 1;
  return table;
});

/** Of each class of registers: constants that wait in one through a loop. */
const MOST_HOISTED = 6;

/** Flags, as `ccmp` has them, under which a condition holds; those of its opposite are those under which it does not. */
const satisfying = new Uint8Array(16);
for (const [condition, flags] of [[EQ, 4], [NE, 0], [HS, 2], [LO, 0], [MI, 8], [MI ^ 1, 0], [VS, 1], [VS ^ 1, 0], [HI, 2], [LS, 0], [GE, 0], [LT, 8], [GT, 0], [LE, 4]] as const) satisfying[condition] = flags;

export class Selector extends SelectorBase {
  readonly placements: Placements;

  constructor(context: CompilerContext) {
    super(context, { jump: M.jump, constant: M.constant, trap: Flags.trap });
    this.placements = new Placements(context.options.platform?.calls);
  }

  /** Whether the function has a return. */
  returns = false;

  override select(f: IrFunction): MachineFunction {
    this.returns = false;
    this.hoisted.length = 0;
    this.hoists = undefined;
    return super.select(f);
  }

  // ── constants of loops that take more than an instruction to make stay in registers ──

  /** Triples: the block that makes it, the constant, its register. */
  private readonly hoisted: number[] = [];
  /** Whether the function has loops and is worth it; undefined until it is asked. */
  private hoists: boolean | undefined;

  override inRegister(v: number): number {
    const c = this.strip(v);
    if (!this.isConstant(c) || !this.hoistable(c)) return super.inRegister(c);
    const { hoisted } = this;
    const block = this.blocks.outside[this.f.block[this.root]];
    let sameClass = 0;
    for (let i = 0; i < hoisted.length; i += 3) {
      if (hoisted[i] === block && hoisted[i + 1] === c) return hoisted[i + 2] as number;
      if (isFloat(this.f.type[hoisted[i + 1] as number]) === isFloat(this.f.type[c])) sameClass++;
    }
    if (block < 0 || sameClass === MOST_HOISTED) return super.inRegister(c);
    const register = this.mf.newRegister(isFloat(this.f.type[c]) ? 1 : 0);
    hoisted.push(block, c, register);
    return register;
  }

  private hoistable(c: number): boolean {
    const { f, blocks } = this;
    const block = f.block[this.root];
    if (this.hoists === false || !(blocks.depth[block] > 0) || blocks.cold[block] === 1) return false;
    if (f.op[c] === Op.slot || (f.op[c] === Op.const && (isFloat(f.type[c]) ? isShortFloat(f.type[c], f.a[c], f.b[c]) : isShortInteger(f.a[c], f.b[c])))) return false;
    if (this.hoists === undefined) {
      this.hoists = this.context.options.level !== "O0" && blocks.hasLoops;
      if (this.hoists) blocks.findOutside(f);
    }
    return this.hoists;
  }

  protected override beforeTerminator(block: number): void {
    const { hoisted } = this;
    for (let i = 0; i < hoisted.length; i += 3) {
      if (hoisted[i] !== block) continue;
      this.beginGroup();
      this.makeConstant(hoisted[i + 1] as number, hoisted[i + 2] as number);
    }
  }

  protected handle(op: number, v: number): void {
    handlers[op]?.(this, v);
  }

  /** A widening from a register whose upper bits are zero already is no instruction. */
  override strip(v: number): number {
    const { f } = this;
    for (let base = super.strip(v); ; base = super.strip(f.a[base])) {
      if (f.op[base] !== Op.zext || !this.isClean(f.a[base])) return base;
    }
  }

  /** Whether the bits of v's register above its type are zero: writing 32 bits of a register clears the others. */
  isClean(v: number): boolean {
    const { f } = this;
    return clean[widthOfType[f.type[v]]]?.[f.op[v]] === 1;
  }

  // ── narrow integers: the upper bits of their registers are undefined ──

  /** A register with `v` widened to 32 bits; call before the row of the user is begun. */
  widened(v: number, signed: boolean): number {
    const { f, mf } = this;
    const width = widthOfType[f.type[v]];
    const from = this.inRegister(v);
    if (width >= 2 || (!signed && this.isClean(v))) return from;
    const made = mf.newRegister(0);
    this.unary(signed ? M.bitfieldSigned : M.bitfieldUnsigned, 2, made, from, ((8 << width) - 1) << 6);
    return made;
  }

  /** As inRegister, but the constant 0 is the zero register: for operands where number 31 means that. */
  registerOrZero(v: number): number {
    const c = this.strip(v);
    return this.isInteger(c, 0) ? -c : this.inRegister(v);
  }

  /** What is negative is the constant 0, read from the zero register. */
  override use(register: number): void {
    if (register < 0) this.useAny(register);
    else super.use(register);
  }

  /** Whether `v` is the integer constant `value`. */
  isInteger(v: number, value: number): boolean {
    const { f } = this;
    return this.isImmediate(v, widthOfType[f.type[v]]) && this.immediateOf(v, widthOfType[f.type[v]]) === value;
  }

  // ── whole rows ──

  unary(op: number, width: number, d: number, a: number, immediate = 0): number {
    const row = this.row(op, width, this.root);
    this.def(d);
    this.use(a);
    this.mf.immediate[row] = immediate;
    return row;
  }

  /** d = a op b, plain registers, `amount` of Second `kind` on b. */
  binary(op: number, width: number, d: number, a: number, b: number, kind: number = Second.register, amount = 0): number {
    const row = this.row(op, width, this.root);
    if (op !== M.cmp && op !== M.cmn && op !== M.tst && op !== M.ccmp) this.def(d);
    this.use(a);
    if (kind !== Second.immediate) this.use(b);
    this.mf.scale[row] = kind;
    this.mf.immediate[row] = amount;
    return row;
  }

  /** The IR constant as what add and sub take, else -1. Negative ones give -1 too. */
  addImmediate(v: number, width: number, negate: boolean): number {
    const c = this.strip(v);
    if (!this.isImmediate(c, width)) return -1;
    const value = negate ? -this.immediateOf(c, width) : this.immediateOf(c, width);
    return value >= 0 && (value < 4096 || ((value & 4095) === 0 && value < 1 << 24)) ? value : -1;
  }

  /** d = a ± b with the immediate, shifted or extended form where there is one. `op` is add, sub, adds, subs or cmp. */
  sum(op: number, width: number, d: number, a: number, b: number): number {
    const immediate = this.addImmediate(b, width, false);
    if (immediate >= 0) return this.binary(op, width, d, this.inRegister(a), 0, Second.immediate, immediate);
    // The flags are the same, but for 0, which is no negative.
    const negated = this.addImmediate(b, width, true);
    if (negated >= 0) return this.binary(opposite[op], width, d, this.inRegister(a), 0, Second.immediate, negated);
    if ((op === M.add || op === M.adds) && !this.hasSecond(b, width, false) && this.hasSecond(a, width, false)) [a, b] = [b, a];
    return this.withSecond(op, width, d, a, b, false);
  }

  // ── second operands ──

  /** Whether `v` has one user, which may do its work. */
  isFoldable(v: number): boolean {
    return this.uses[v] === 1 && this.registerOf[v] === 0 && this.strip(v) === v;
  }

  private secondKind = 0;
  private secondAmount = 0;

  /** Finds what of `v` an instruction can do to its second operand: a shift by a constant, or, in sums, a widening and a shift. */
  private hasSecond(v: number, width: number, logic: boolean): boolean {
    const { f } = this;
    if (!this.isFoldable(v) || widthOfType[f.type[v]] !== width || width < 2) return false;
    const shift = f.op[v] === Op.shl ? 0 : f.op[v] === Op.lshr ? 1 : f.op[v] === Op.ashr ? 2 : f.op[v] === Op.rotr && logic ? 3 : -1;
    this.secondAmount = 0;
    if (shift < 0) return !logic && this.isExtension(v);
    if (f.op[f.b[v]] !== Op.const) return false;
    this.secondAmount = f.a[f.b[v]] & ((8 << width) - 1);
    this.secondKind = Second.shifted + shift;
    if (shift === 0 && !logic && this.secondAmount <= 4 && this.isFoldable(f.a[v])) this.isExtension(f.a[v]);
    return true;
  }

  private isExtension(v: number): boolean {
    const { f } = this;
    if ((f.op[v] !== Op.sext && f.op[v] !== Op.zext) || this.isConstant(f.a[v])) return false;
    this.secondKind = Second.extended + widthOfType[f.type[f.a[v]]] + (f.op[v] === Op.sext ? 4 : 0);
    return true;
  }

  isShifted(v: number, width: number): boolean {
    return this.hasSecond(v, width, true);
  }

  /** d = not a. */
  invert(width: number, d: number, a: number): void {
    this.withSecond(M.orn, width, d, this.f.int(Type.i64, 0), a, true);
  }

  /** d = a op b, with what `b` does as part of the instruction if it can be. */
  withSecond(op: number, width: number, d: number, a: number, b: number, logic: boolean): number {
    const { f } = this;
    if (!this.hasSecond(b, width, logic)) {
      const left = this.registerOrZero(a);
      return this.binary(op, width, d, left, this.inRegister(b));
    }
    const [kind, amount] = [this.secondKind, this.secondAmount];
    let from = f.a[b];
    if (kind >= Second.extended && (f.op[from] === Op.sext || f.op[from] === Op.zext) && f.op[b] === Op.shl) from = f.a[from];
    // Number 31 is the stack pointer in front of an extension.
    const left = kind >= Second.extended ? this.inRegister(a) : this.registerOrZero(a);
    return this.binary(op, width, d, left, this.inRegister(from), kind, amount);
  }

  /** The 13 bits of a constant for logical instructions of this width (2 or 3), else -1. */
  bitmask(v: number, width: number): number {
    const { f } = this;
    const c = this.strip(v);
    if (f.op[c] !== Op.const) return -1;
    return encodeBitmask(f.a[c], f.b[c], width === 3);
  }

  // ── memory operands ──

  private memoryShape = 0;
  private memoryBase = 0;
  private memoryIndex = 0;
  private memoryScale = 0;
  private memorySymbol = 0;
  private memoryDisplacement = 0;

  /** Prepares [pointer + offset] for an access of 1 << log bytes: constants, slots and one index are folded. */
  prepareMemory(pointer: number, offset: number, log: number): void {
    const { f } = this;
    let base = this.strip(pointer);
    let displacement = offset;
    while (f.op[base] === Op["ptr.add"]) {
      const b = this.strip(f.b[base]);
      if (!this.isImmediate(b, 3) || ((displacement + f.a[b]) | 0) !== displacement + f.a[b]) break;
      displacement += f.a[b];
      base = this.strip(f.a[base]);
    }
    this.memoryDisplacement = displacement;
    this.memoryScale = 0;
    this.memorySymbol = 0;
    if (f.op[base] === Op.slot) {
      this.memoryShape = Memory.slot;
      this.memorySymbol = f.a[base];
      return;
    }
    if (f.op[base] === Op["ptr.add"] && displacement === 0 && !this.isConstant(this.strip(f.a[base])) ) {
      let index = this.strip(f.b[base]);
      let scaled = 0;
      if (f.op[index] === Op.shl && f.type[index] === Type.i64 && f.op[f.b[index]] === Op.const && f.a[f.b[index]] === log && log > 0) {
        scaled = 1;
        index = this.strip(f.a[index]);
      } else if (f.op[index] === Op.mul && f.type[index] === Type.i64 && f.op[f.b[index]] === Op.const && f.b[f.b[index]] === 0 && f.a[f.b[index]] === 1 << log && log > 0) {
        scaled = 1;
        index = this.strip(f.a[index]);
      }
      let option = UXTX;
      if ((f.op[index] === Op.sext || f.op[index] === Op.zext) && f.type[index] === Type.i64 && widthOfType[f.type[f.a[index]]] === 2 && !this.isConstant(f.a[index])) {
        option = f.op[index] === Op.sext ? SXTW : UXTW;
        index = f.a[index];
      }
      this.memoryShape = Memory.indexed;
      this.memoryBase = this.inRegister(f.a[base]);
      this.memoryIndex = this.inRegister(index);
      this.memoryScale = (option << 1) | scaled;
      return;
    }
    if (f.op[base] === Op.address) {
      this.memoryShape = Memory.symbol;
      this.memorySymbol = f.a[base];
      this.memoryDisplacement = displacement + f.b[base];
      return;
    }
    this.memoryShape = Memory.base;
    this.memoryBase = this.inRegister(base);
  }

  addMemory(row: number): void {
    const { mf } = this;
    mf.memory[row] = this.memoryShape;
    mf.scale[row] = this.memoryScale;
    mf.displacement[row] = this.memoryDisplacement;
    mf.symbol[row] = this.memorySymbol;
    mf.memoryOperand[row] = mf.operandLength[row];
    if (this.memoryShape === Memory.base || this.memoryShape === Memory.indexed) this.use(this.memoryBase);
    if (this.memoryShape === Memory.indexed) this.use(this.memoryIndex);
  }

  // ── conditions ──

  /** The condition `v` as flags of a new row, which the caller gives a consumer; returns the condition code. `jumps`: that is a branch or a trap. */
  condition(v: number, jumps: boolean): number {
    const { f } = this;
    if (conditions.has(f.op[v]) && (this.uses[v] === 1 || (f.block[v] === f.block[this.root] && this.registerOf[v] === 0))) return this.compare(v, jumps);
    if (this.isFoldable(v)) {
      const both = this.bothConditions(v);
      if (both >= 0) return both;
    }
    const width = widthOfType[f.type[v]];
    const register = this.inRegister(v);
    if (jumps && (width >= 2 || this.isClean(v))) this.unary1(M.zero, Math.max(2, width), register);
    else if (width < 2) this.binary(M.tst, 2, 0, register, 0, Second.immediate, encodeBitmask(width === 0 ? 255 : 65535, 0, false));
    else this.binary(M.cmp, width, 0, register, 0, Second.immediate, 0);
    return NE;
  }

  /** Two conditions of which both, or one, must hold, as flags of a last row that compares only where the first leaves that open; -1 if `v` is not that. */
  bothConditions(v: number): number {
    const { f } = this;
    if (f.type[v] !== Type.i8) return -1;
    let [x, y] = [f.a[v], f.b[v]];
    let both = f.op[v] === Op.and;
    if (f.op[v] === Op.select) {
      // a ? b : false, a ? true : b
      if (this.isInteger(f.c[v], 0)) both = true;
      else if (this.isInteger(f.b[v], 1)) y = f.c[v];
      else return -1;
    } else if (!both && f.op[v] !== Op.or) return -1;
    if (x === y || !this.isCondition(x) || !this.isCondition(y)) return -1;
    if (!this.isSecondCondition(y)) [x, y] = [y, x];
    if (!this.isSecondCondition(y)) return -1;
    const width = widthOfType[f.type[f.a[y]]];
    const c = this.strip(f.b[y]);
    const value = this.isImmediate(c, width) ? this.immediateOf(c, width) : 32;
    const left = this.inRegister(f.a[y]);
    const right = value > -32 && value < 32 ? 0 : this.inRegister(f.b[y]);
    const first = this.condition(x, false);
    const second = conditions.get(f.op[y]) as number;
    const row = this.binary(M.ccmp, width, 0, left, right, right === 0 ? Second.immediate : Second.register, Math.abs(value));
    this.mf.displacement[row] = both ? first | (satisfying[second ^ 1] << 4) : (first ^ 1) | (satisfying[second] << 4);
    if (right === 0 && value < 0) this.mf.displacement[row] |= 1 << 8;
    return second;
  }

  private isCondition(v: number): boolean {
    return this.isFoldable(v) && conditions.has(this.f.op[v]);
  }

  /** Whether `ccmp` can be the comparison `v`. */
  private isSecondCondition(v: number): boolean {
    const type = this.f.type[this.f.a[v]];
    return !isFloat(type) && widthOfType[type] >= 2;
  }

  /** A row that only reads. */
  private unary1(op: number, width: number, a: number, immediate = 0): void {
    const row = this.row(op, width, this.root);
    this.use(a);
    this.mf.immediate[row] = immediate;
  }

  /** The row of comparison `v`, and its condition. */
  compare(v: number, jumps: boolean): number {
    const { f } = this;
    const [a, b] = [f.a[v], f.b[v]];
    const condition = conditions.get(f.op[v]) as number;
    const width = widthOfType[f.type[a]];
    if (isFloat(f.type[a])) {
      const x = this.inRegister(a);
      if (f.op[b] === Op.const && f.a[b] === 0 && (f.b[b] === 0 || width === 2)) {
        this.unary1(M.fcmpZero, width, x);
        return condition;
      }
      const y = this.inRegister(b);
      this.row(M.fcmp, width, this.root);
      this.use(x);
      this.use(y);
      return condition;
    }
    if (this.isInteger(this.strip(b), 0)) {
      const known = this.compareZero(a, condition, width, jumps);
      if (known >= 0) return known;
    }
    if (width >= 2) {
      this.sum(M.cmp, width, 0, a, b);
      return condition;
    }
    const signed = signedConditions.has(f.op[v]);
    const left = this.widened(a, signed);
    const c = this.strip(b);
    if (f.op[c] === Op.const) {
      const value = signed ? this.immediateOf(c, width) : f.a[c] & ((1 << (8 << width)) - 1);
      if (value > -4096 && value < 4096) {
        this.binary(value < 0 ? M.cmn : M.cmp, 2, 0, left, 0, Second.immediate, Math.abs(value));
        return condition;
      }
    }
    this.binary(M.cmp, 2, 0, left, this.inRegister(b), Second.extended + width + (signed ? 4 : 0));
    return condition;
  }

  /** Comparisons with 0 that are a test of bits, or a part of the branch; -1 if this is none. */
  private compareZero(a: number, condition: number, width: number, jumps: boolean): number {
    const { f } = this;
    if (condition === LT || condition === GE) {
      if (!jumps) return -1;
      this.unary1(M.bit, width, this.inRegister(a), (8 << width) - 1);
      return condition === LT ? NE : EQ;
    }
    if (condition !== EQ && condition !== NE) return -1;
    if (f.op[a] === Op.and && this.isFoldable(a)) {
      const wide = Math.max(2, width);
      const c = this.strip(f.b[a]);
      // Of a narrow one the constant says that the upper bits do not count.
      const low = width < 2 ? f.a[c] & ((1 << (8 << width)) - 1) : f.a[c];
      if (f.op[c] === Op.const) {
        const high = width < 3 ? 0 : f.b[c];
        const bit = high === 0 && low !== 0 && (low & (low - 1)) === 0 ? 31 - Math.clz32(low) : low === 0 && high !== 0 && (high & (high - 1)) === 0 ? 63 - Math.clz32(high) : -1;
        if (jumps && bit >= 0) {
          this.unary1(M.bit, wide, this.inRegister(f.a[a]), bit);
          return condition;
        }
        const bits = encodeBitmask(low, high, wide === 3);
        if (bits >= 0) {
          this.binary(M.tst, wide, 0, this.inRegister(f.a[a]), 0, Second.immediate, bits);
          return condition;
        }
      } else if (width >= 2) {
        this.withSecond(M.tst, width, 0, f.a[a], f.b[a], true);
        return condition;
      }
    }
    if (jumps && (width >= 2 || this.isClean(a))) {
      this.unary1(M.zero, Math.max(2, width), this.inRegister(a));
      return condition;
    }
    if (width >= 2) return -1;
    this.binary(M.tst, 2, 0, this.inRegister(a), 0, Second.immediate, encodeBitmask(width === 0 ? 255 : 65535, 0, false));
    return condition;
  }

  earlyDef(register: number): void {
    this.mf.operand(register, Role.earlyDef, Constraint.register);
  }
}
