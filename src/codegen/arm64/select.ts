/** Instruction selection for arm64: handlers by operation, memory operands, second operands, conditions. */
import { EQ, GE, GT, HI, HS, LE, LO, LS, LT, MI, NE, SXTW, UXTW, UXTX } from "../../../encoders/arm64/registers.ts";
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { Constraint, Role } from "../machine.ts";
import { SelectorBase, isFloat, widthOfType } from "../selector.ts";
import type { CompilerContext } from "../target.ts";
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

export class Selector extends SelectorBase {
  readonly placements: Placements;

  constructor(context: CompilerContext) {
    super(context, { jump: M.jump, constant: M.constant, trap: Flags.trap });
    this.placements = new Placements(context.options.platform?.calls);
  }

  protected handle(op: number, v: number): void {
    handlers[op]?.(this, v);
  }

  // ── narrow integers: the upper bits of their registers are undefined ──

  /** A register with `v` widened to 32 bits; call before the row of the user is begun. */
  widened(v: number, signed: boolean): number {
    const { f, mf } = this;
    const width = widthOfType[f.type[v]];
    const from = this.inRegister(v);
    if (width >= 2) return from;
    const op = f.op[this.strip(v)];
    if (!signed && this.strip(v) === v && (op === Op.load || conditions.has(op))) return from;
    const made = mf.newRegister(0);
    this.unary(signed ? M.bitfieldSigned : M.bitfieldUnsigned, 2, made, from, ((8 << width) - 1) << 6);
    return made;
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
    if (op !== M.cmp && op !== M.tst) this.def(d);
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
    const { f } = this;
    const immediate = this.addImmediate(b, width, false);
    if (immediate >= 0) return this.binary(op, width, d, this.inRegister(a), 0, Second.immediate, immediate);
    const plain = op === M.add ? M.sub : op === M.sub ? M.add : op === M.cmp || op === M.adds || op === M.subs ? -1 : op;
    const negated = plain >= 0 ? this.addImmediate(b, width, true) : -1;
    if (negated >= 0) return this.binary(plain, width, d, this.inRegister(a), 0, Second.immediate, negated);
    const shift = this.strip(b);
    const own = f.type[shift];
    if ((f.op[shift] === Op.shl || f.op[shift] === Op.lshr || f.op[shift] === Op.ashr) && shift === b && this.uses[shift] === 1 && this.registerOf[shift] === 0 &&
        f.op[f.b[shift]] === Op.const && widthOfType[own] === width && width >= 2) {
      const kind = f.op[shift] === Op.shl ? 0 : f.op[shift] === Op.lshr ? 1 : 2;
      const left = this.inRegister(a);
      return this.binary(op, width, d, left, this.inRegister(f.a[shift]), Second.shifted + kind, f.a[f.b[shift]] & ((8 << width) - 1));
    }
    if ((f.op[shift] === Op.sext || f.op[shift] === Op.zext) && shift === b && this.uses[shift] === 1 && this.registerOf[shift] === 0 && width === 3 && !this.isConstant(f.a[shift])) {
      const from = widthOfType[f.type[f.a[shift]]];
      const left = this.inRegister(a);
      return this.binary(op, width, d, left, this.inRegister(f.a[shift]), Second.extended + from + (f.op[shift] === Op.sext ? 4 : 0));
    }
    const left = this.inRegister(a);
    return this.binary(op, width, d, left, this.inRegister(b));
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

  /** The condition `v` as flags of a new row, which the caller gives a consumer; returns the condition code. */
  condition(v: number): number {
    const { f } = this;
    if (conditions.has(f.op[v]) && (this.uses[v] === 1 || (f.block[v] === f.block[this.root] && this.registerOf[v] === 0))) return this.compare(v);
    const width = widthOfType[f.type[v]];
    const register = this.inRegister(v);
    if (width < 2) this.binary(M.tst, 2, 0, register, 0, Second.immediate, encodeBitmask(width === 0 ? 255 : 65535, 0, false));
    else this.binary(M.cmp, width, 0, register, 0, Second.immediate, 0);
    return NE;
  }

  /** The row of comparison `v`, and its condition. */
  compare(v: number): number {
    const { f } = this;
    const [a, b] = [f.a[v], f.b[v]];
    const condition = conditions.get(f.op[v]) as number;
    const width = widthOfType[f.type[a]];
    if (isFloat(f.type[a])) {
      const [x, y] = [this.inRegister(a), this.inRegister(b)];
      this.row(M.fcmp, width, this.root);
      this.use(x);
      this.use(y);
      return condition;
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
      if (value >= 0 && value < 4096) {
        this.binary(M.cmp, 2, 0, left, 0, Second.immediate, value);
        return condition;
      }
    }
    this.binary(M.cmp, 2, 0, left, this.inRegister(b), Second.extended + width + (signed ? 4 : 0));
    return condition;
  }

  earlyDef(register: number): void {
    this.mf.operand(register, Role.earlyDef, Constraint.register);
  }
}
