/** Instruction selection for arm64: the handlers by operation, memory operands. */
import { SXTW, UXTW, UXTX } from "../../../encoders/arm64/registers.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { widthOfType, type SelectorCodes } from "../selector.ts";
import type { CompilerContext } from "../target.ts";
import { Placements } from "./convention.ts";
import { Flags, M, Memory } from "./machineOps.ts";
import { CLOBBER_CALL } from "./registerFile.ts";
import { callSelectors } from "./selectCalls.ts";
import { floatSelectors } from "./selectFloat.ts";
import { integerSelectors } from "./selectInteger.ts";
import { sumSelectors } from "./selectSums.ts";
import { memorySelectors } from "./selectMemory.ts";
import { OperandSelector } from "./selectOperands.ts";

export type SelectHandler = (s: Selector, v: number) => void;
/** By the number of the operation. */
export type SelectHandlers = Readonly<Record<number, SelectHandler>>;

const missing: SelectHandler = ({ f }, v) => {
  throw new Error(`codegen/arm64/select.missing: no code for ${opNames[f.op[v]]}`);
};
const handlers: readonly SelectHandler[] = Object.assign(new Array<SelectHandler>(opNames.length).fill(missing), integerSelectors, sumSelectors, memorySelectors, callSelectors, floatSelectors);

/** How far accesses to one place are looked for. */
const NEAR = 12;

const codes: SelectorCodes = { enter: M.enter, jump: M.jump, return: M.return, undefined: M.undefined, call: M.call, loadIncoming: M.loadIncoming, constant: M.constant };

export class Selector extends OperandSelector {
  readonly placements: Placements;

  constructor(context: CompilerContext) {
    super(context, codes, Flags.trap, CLOBBER_CALL);
    this.placements = new Placements(context.options.platform?.calls);
  }

  protected handle(op: number, v: number): void {
    handlers[op]?.(this, v);
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
    // What is in a register anyway is no index: so that accesses beside one another can be pairs.
    if (f.op[base] === Op["ptr.add"] && displacement === 0 && !this.isMadeAnyway(base) && (!this.isConstant(this.strip(f.a[base])) || this.uses[base] === 1)) {
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
    const waiting = f.op[base] === Op.address ? this.inLoopRegister(base) : 0;
    if (f.op[base] === Op.address && waiting === 0) {
      this.memoryShape = Memory.symbol;
      this.memorySymbol = f.a[base];
      this.memoryDisplacement = displacement + f.b[base];
      return;
    }
    this.memoryShape = Memory.base;
    this.memoryBase = waiting !== 0 ? waiting : this.inRegister(base);
  }

  /** Whether address `base` is in a register, or will be: for an access just before, behind its first word. */
  private isMadeAnyway(base: number): boolean {
    const { f } = this;
    if (this.registerOf[base] !== 0) return true;
    if (this.uses[base] === 1) return false;
    for (let v = f.previous[this.root], steps = 0; v !== 0 && v !== base && steps < NEAR; v = f.previous[v], steps++) {
      if ((f.op[v] === Op.load && f.a[v] === base && f.b[v] !== 0) || (f.op[v] === Op.store && f.b[v] === base && f.c[v] !== 0)) return true;
    }
    return false;
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
}
