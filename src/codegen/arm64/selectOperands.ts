/** What selection's handlers share: narrow integers, the zero register, second operands, constants of loops, whole rows. */
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import type { Block, IrFunction } from "../../ir/function.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { Constraint, Role } from "../machine.ts";
import type { MachineFunction } from "../machine.ts";
import { SelectorBase, isFloat, widthOfType } from "../selector.ts";
import { isShortFloat, isShortInteger } from "./constants.ts";
import { M, Second } from "./machineOps.ts";
import { pairLoads } from "./pairLoads.ts";

/** The same sum with the negated second operand. */
const opposite = new Uint8Array(256);
for (const [op, other] of [[M.add, M.sub], [M.adds, M.subs], [M.cmp, M.cmn]] as const) {
  opposite[op] = other;
  opposite[other] = op;
}

const comparisons = [
  Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge, Op.feq, Op.fne, Op.flt, Op.fle, Op.fgt, Op.fge,
] as const;

/** By width: the operations whose instructions leave zeros above. */
const clean = [0, 1, 2].map((width) => {
  const table = new Uint8Array(opNames.length);
  for (const op of [Op.load, ...(width === 0 ? comparisons : [])]) table[op] = 1;
  if (width < 2) return table;
  for (const op of [
    Op.add, Op.sub, Op.mul, Op.and, Op.or, Op.xor, Op.shl, Op.lshr, Op.ashr, Op.rotl, Op.rotr, Op.sdiv, Op.udiv, Op.srem, Op.urem, Op.clz, Op.ctz, Op.popcount,
    Op.bswap, Op.sext, Op.zext, Op["sadd.trap"], Op["uadd.trap"], Op["ssub.trap"], Op["usub.trap"], Op.select,
  ]) table[op] = 1;
  return table;
});

/** Of each class of registers: constants that wait in one through a loop; of those that one instruction makes, and of others. */
const MOST_SHORT = 6;
const MOST_LONG = 8;

export abstract class OperandSelector extends SelectorBase {
  override select(f: IrFunction): MachineFunction {
    this.hoisted.length = 0;
    this.paramsKnown = false;
    this.hoists = undefined;
    const mf = super.select(f);
    if (this.context.options.level !== "O0") pairLoads(mf);
    return mf;
  }

  // ── constants of loops stay in registers ──

  /** Rows of four: the block that makes it, the constant, its register, what it counts among (its class, whether one instruction makes it). */
  private readonly hoisted: number[] = [];
  /** Whether the function has loops and is worth it; undefined until it is asked. */
  private hoists: boolean | undefined;

  override inRegister(v: number): number {
    const c = this.strip(v);
    const waiting = this.isConstant(c) ? this.inLoopRegister(c) : 0;
    return waiting !== 0 ? waiting : super.inRegister(c);
  }

  /** The register in which constant `c` waits through the loop that is being selected; 0 if it is made where it is used. */
  inLoopRegister(c: number): number {
    if (!this.inHotLoop()) return 0;
    const { f, hoisted } = this;
    const block = this.blocks.outside[f.block[this.root]];
    const short = this.isShort(c);
    // Around calls, making it again is cheaper than a register that they keep.
    if (block < 0 || (short && this.blocks.callsWithin[block] === 1)) return 0;
    const registerClass = isFloat(f.type[c]) ? 1 : 0;
    const kind = registerClass * 2 + (short ? 1 : 0);
    let alike = 0;
    for (let i = 0; i < hoisted.length; i += 4) {
      if (hoisted[i] === block && hoisted[i + 1] === c) return hoisted[i + 2] as number;
      if (hoisted[i + 3] === kind) alike++;
    }
    if (alike === (short ? MOST_SHORT : MOST_LONG)) return 0;
    const register = this.mf.newRegister(registerClass);
    hoisted.push(block, c, register, kind);
    return register;
  }

  private inHotLoop(): boolean {
    const { f, blocks } = this;
    const block = f.block[this.root];
    if (this.hoists === false || !(blocks.depth[block] > 0) || blocks.cold[block] === 1) return false;
    if (this.hoists === undefined) {
      this.hoists = this.context.options.level !== "O0" && blocks.hasLoops;
      if (this.hoists) blocks.findOutside(f);
    }
    return this.hoists;
  }

  /** Whether one instruction makes constant `c`. */
  private isShort(c: number): boolean {
    const { f } = this;
    return f.op[c] === Op.slot || (f.op[c] === Op.const && (isFloat(f.type[c]) ? isShortFloat(f.type[c], f.a[c], f.b[c]) : isShortInteger(f.a[c], f.b[c])));
  }

  protected override beforeTerminator(block: number): void {
    const { hoisted } = this;
    for (let i = 0; i < hoisted.length; i += 4) {
      if (hoisted[i] !== block) continue;
      this.beginGroup();
      this.makeConstant(hoisted[i + 1] as number, hoisted[i + 2] as number);
    }
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
    const width = widthOfType[f.type[v]];
    if (f.op[v] !== Op.param || width > 1 || isFloat(f.type[v])) return clean[width]?.[f.op[v]] === 1;
    if (!this.paramsKnown) this.findCleanParams();
    return this.cleanParams[v] === 1;
  }

  /** By value: narrow block parameters to which only what is clean goes. */
  private cleanParams = new Uint8Array(1024);
  private paramsKnown = false;

  /** All are taken for clean until an edge brings one something else. */
  private findCleanParams(): void {
    const { f, blocks } = this;
    if (f.valueCount > this.cleanParams.length) this.cleanParams = new Uint8Array(f.valueCount * 2);
    const { cleanParams } = this;
    this.paramsKnown = true;
    cleanParams.fill(0, 0, f.valueCount);
    for (let i = 1; i < blocks.count; i++) for (let p = f.firstParam[blocks.order[i]]; p !== 0; p = f.next[p]) cleanParams[p] = 1;
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < blocks.count; i++) {
        const block = blocks.order[i] as Block;
        for (let s = 0, successors = f.successorCount(block); s < successors; s++) {
          const edge = f.successor(block, s);
          let k = f.edgeArgs[edge];
          for (let p = f.firstParam[f.edgeTarget[edge]]; p !== 0; p = f.next[p], k++) {
            if (cleanParams[p] === 0 || widthOfType[f.type[p]] > 1) continue;
            const arg = f.pool[k];
            // Constants are made with their sign.
            if (f.op[arg] === Op.const ? f.a[arg] >= 0 : this.isClean(arg)) continue;
            cleanParams[p] = 0;
            changed = true;
          }
        }
      }
    }
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

  /** As `use`, but read when the row's other results may have been written. */
  lateUse(register: number): void {
    if (register < 0) this.useAny(register);
    else this.mf.operand(register, Role.lateUse, Constraint.register);
  }

  /** The width of v's instruction: narrow numbers run in 32 bits. */
  atLeast32(v: number): number {
    return Math.max(2, widthOfType[this.f.type[v]]);
  }

  earlyDef(register: number): void {
    this.mf.operand(register, Role.earlyDef, Constraint.register);
  }
}
