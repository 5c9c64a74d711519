/** Instruction selection for x86_64: the handlers by operation, memory operands, conditions. */

import { CC_NE } from "../../../encoders/x86_64/registers.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { linuxPlatform } from "../platform.ts";
import { SelectorBase, widthOfType, type SelectorCodes } from "../selector.ts";
import type { CompilerContext } from "../target.ts";
import { Placements } from "./convention.ts";
import { featuresOf } from "./features.ts";
import type { Features } from "./features.ts";
import { Flags, M, Memory } from "./machineOps.ts";
import { CLOBBER_CALL } from "./registerFile.ts";
import { callSelectors } from "./selectCalls.ts";
import { compareInto, comparisonSelectors } from "./selectCompare.ts";
import { floatSelectors } from "./selectFloat.ts";
import { bitSelectors } from "./selectBits.ts";
import { integerSelectors } from "./selectInteger.ts";
import { memorySelectors } from "./selectMemory.ts";
import { multiplySelectors } from "./selectMultiply.ts";

export type SelectHandler = (s: Selector, v: number) => void;
/** By the number of the operation. */
export type SelectHandlers = Readonly<Record<number, SelectHandler>>;

const missing: SelectHandler = ({ f }, v) => {
  throw new Error(`codegen/x86_64/select.missing: no code for ${opNames[f.op[v]]}`);
};
const handlers: readonly SelectHandler[] = Object.assign(new Array<SelectHandler>(opNames.length).fill(missing), integerSelectors, bitSelectors, multiplySelectors, comparisonSelectors, memorySelectors, callSelectors, floatSelectors);

const codes: SelectorCodes = { enter: M.enter, jump: M.jump, return: M.return, undefined: M.undefined, call: M.call, loadIncoming: M.loadIncoming, constant: M.constant };

export class Selector extends SelectorBase {
  readonly features: Features;
  readonly placements: Placements;

  constructor(context: CompilerContext) {
    super(context, codes, Flags.trap, CLOBBER_CALL);
    this.placements = new Placements((context.options.platform ?? linuxPlatform).calls);
    this.features = featuresOf(context.options.features ?? []);
  }

  protected handle(op: number, v: number): void {
    handlers[op](this, v);
  }

  /** Whoever makes it must align the stack. */
  override beforeLastCall(): void {
    this.hasCalls = true;
  }

  // ── memory operands: prepared before the row is begun, added to it afterwards ──

  private memoryShape = 0;
  private memoryBase = 0;
  private memoryIndex = 0;
  private memoryScale = 0;
  private memorySymbol = 0;
  private memoryDisplacement = 0;

  /** Prepares [pointer + offset]: additions, scaled indexes, slots and symbols are folded. */
  prepareMemory(pointer: number, offset: number): void {
    const { f } = this;
    let base = this.strip(pointer);
    let index = 0;
    let scale = 0;
    let displacement = offset;
    // Constant parts first, then one index.
    for (;;) {
      const op = f.op[base];
      if (op !== Op["ptr.add"]) break;
      const b = this.strip(f.b[base]);
      if (f.op[b] === Op.const && this.isImmediate(b, 3) && fits(displacement + f.a[b])) {
        displacement += f.a[b];
        base = this.strip(f.a[base]);
      } else if (index === 0) {
        index = b;
        base = this.strip(f.a[base]);
      } else break;
    }
    if (index !== 0) {
      for (;;) {
        const op = f.op[index];
        const amount = f.b[index];
        if (op === Op.add && scale === 0 && this.isImmediate(amount, 3) && f.type[index] === Type.i64 && fits(displacement + f.a[amount])) {
          displacement += f.a[amount];
          index = this.strip(f.a[index]);
        } else if (op === Op.sub && scale === 0 && this.isImmediate(amount, 3) && f.type[index] === Type.i64 && fits(displacement - f.a[amount])) {
          displacement -= f.a[amount];
          index = this.strip(f.a[index]);
        } else if (op === Op.shl && scale === 0 && f.op[amount] === Op.const && f.a[amount] >= 1 && f.a[amount] <= 3 && f.type[index] === Type.i64) {
          scale = f.a[amount];
          index = this.strip(f.a[index]);
          [index, displacement] = this.withoutConstant(index, displacement, scale);
          break;
        } else if (op === Op.mul && scale === 0 && f.op[amount] === Op.const && f.b[amount] === 0 && (f.a[amount] === 2 || f.a[amount] === 4 || f.a[amount] === 8)) {
          scale = f.a[amount] === 2 ? 1 : f.a[amount] === 4 ? 2 : 3;
          index = this.strip(f.a[index]);
          [index, displacement] = this.withoutConstant(index, displacement, scale);
          break;
        } else break;
      }
    }
    this.memoryScale = scale;
    this.memoryDisplacement = displacement;
    this.memorySymbol = 0;
    this.memoryIndex = index === 0 ? 0 : this.inRegister(index);
    const op = f.op[base];
    if (op === Op.slot) {
      this.memoryShape = index === 0 ? Memory.slot : Memory.slotIndexed;
      this.memorySymbol = f.a[base];
    } else if (op === Op.address && index === 0 && fits(displacement + f.b[base])) {
      this.memoryShape = Memory.symbol;
      this.memorySymbol = f.a[base];
      this.memoryDisplacement = displacement + f.b[base];
    } else {
      this.memoryShape = index === 0 ? Memory.base : Memory.indexed;
      this.memoryBase = this.inRegister(base);
    }
  }

  /** Takes a constant that is added to a scaled index over into the displacement. */
  private withoutConstant(index: number, displacement: number, scale: number): [number, number] {
    const { f } = this;
    const op = f.op[index];
    const amount = f.b[index];
    if ((op !== Op.add && op !== Op.sub) || f.type[index] !== Type.i64 || !this.isImmediate(amount, 3)) return [index, displacement];
    const moved = displacement + (op === Op.add ? 1 : -1) * f.a[amount] * (1 << scale);
    return fits(moved) ? [this.strip(f.a[index]), moved] : [index, displacement];
  }

  /** Adds the prepared memory operand to the row. */
  addMemory(row: number): void {
    const { mf } = this;
    const shape = this.memoryShape;
    mf.memory[row] = shape;
    mf.scale[row] = this.memoryScale;
    mf.displacement[row] = this.memoryDisplacement;
    mf.memoryOperand[row] = mf.operandLength[row];
    if (shape === Memory.slot || shape === Memory.slotIndexed || shape === Memory.symbol) mf.symbol[row] = this.memorySymbol;
    if (shape === Memory.base || shape === Memory.indexed) this.use(this.memoryBase);
    if (shape === Memory.indexed || shape === Memory.slotIndexed) this.use(this.memoryIndex);
  }

  /** The condition `v` as flags of a new row, which the caller gives a consumer; returns the condition code. */
  condition(v: number): number {
    const { f } = this;
    const condition = compareInto(this, v);
    if (condition >= 0) return condition;
    const width = widthOfType[f.type[v]];
    const register = this.inRegister(v);
    this.row(M.test, width, this.root);
    this.use(register);
    this.use(register);
    return CC_NE;
  }
}

function fits(value: number): boolean {
  return (value | 0) === value;
}

