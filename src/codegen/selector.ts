/**
 * What instruction selection is on every architecture: backwards through the blocks, so that uses are met before definitions: what was folded
 * into all its users is never selected, nor is what nobody uses. Each IR instruction makes a group of machine instructions in forward
 * order; the groups of a block are put together in reverse at the end. What a group is, the architecture's `handle` says.
 */

import type { Block, IrFunction } from "../ir/function.ts";
import { IrFunction as IrFunctionClass, ValueFlag } from "../ir/function.ts";
import type { SignatureId, SymbolId } from "../ir/function.ts";
import type { Signature } from "../ir/module.ts";
import { Effect, Op, opEffects, opListOperand, opValueOperands } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BlockOrder } from "./blockOrder.ts";
import { Constraint, MachineFunction, Role } from "./machine.ts";
import type { CompilerContext } from "./target.ts";
import { grown } from "../ir/grown.ts";

/** Width by type: 0 to 3 for 8 to 64 bits; floats too. */
export const widthOfType = new Uint8Array(16);
for (const [type, width] of [[Type.i8, 0], [Type.i16, 1], [Type.i32, 2], [Type.i64, 3], [Type.ptr, 3], [Type.f32, 2], [Type.f64, 3]] as const) widthOfType[type] = width;

const alwaysNeeded = Effect.writes | Effect.traps | Effect.terminates | Effect.calls;

/** The architecture's opcodes of what is selected alike everywhere. */
export interface SelectorCodes {
  readonly enter: number;
  readonly jump: number;
  readonly return: number;
  readonly undefined: number;
  readonly call: number;
  /** A parameter from the stack. */
  readonly loadIncoming: number;
  /** A register gets the IR constant, address or slot `immediate`. */
  readonly constant: number;
}

/** Where a list of values travels: a register, or −1 − offset for the stack at that offset from the first stack argument. */
export interface Placement {
  readonly places: Int8Array | Int32Array;
  /** Bytes of stack arguments, a multiple of 16. */
  readonly stackSize: number;
  /** x86_64: outside, the two results are the halves of the first one's register. */
  readonly inOneRegister?: boolean;
}

/** The calling conventions of an architecture. */
export interface CallPlacements {
  argumentsOf(id: number, signature: Signature): Placement;
  resultsOf(id: number, signature: Signature): Placement;
}

export abstract class SelectorBase {
  readonly context: CompilerContext;
  readonly mf = new MachineFunction();
  readonly blocks = new BlockOrder();
  f: IrFunction = new IrFunctionClass(0 as SymbolId, 0 as SignatureId);
  /** By value: uses; virtual register or 0; number of memory writes before it in its block. */
  uses = new Int32Array(1024);
  registerOf = new Int32Array(1024);
  epoch = new Int32Array(1024);
  /** The instruction being selected: loads are folded only if nothing wrote memory between them and this. */
  root = 0;
  /** The instruction before it that its group makes, too; 0 for none. */
  protected alsoMade = 0;
  /** Bytes of outgoing stack arguments; whether anything is called; whether the function has a return. */
  outgoing = 0;
  hasCalls = false;
  returns = false;
  /** Machine blocks: the IR block, or -1 - edge for one that splits a critical edge. */
  blockSource = new Int32Array(64);
  private machineBlock = new Int32Array(64);
  private edgeBlock = new Int32Array(64);
  private groups = new Int32Array(256);
  private groupCount = 0;

  abstract readonly placements: CallPlacements;
  readonly codes: SelectorCodes;
  /** What a call may change, as `MachineFunction.clobbers` counts it. */
  readonly callClobbers: number;
  /** The user of flags that ends the program. */
  private readonly trapConsumer: number;

  constructor(context: CompilerContext, codes: SelectorCodes, trapConsumer: number, callClobbers: number) {
    this.context = context;
    this.codes = codes;
    this.trapConsumer = trapConsumer;
    this.callClobbers = callClobbers;
  }

  /** Makes the group of instruction `v`; for Op.param, of the function's entry. */
  protected abstract handle(op: number, v: number): void;

  /** A call that does not return is selected next. */
  beforeLastCall(): void {}

  /** The block's end is selected: what else stands before it, in a group of its own. */
  protected beforeTerminator(_block: number): void {}

  select(f: IrFunction): MachineFunction {
    const { mf } = this;
    this.f = f;
    mf.reset();
    this.outgoing = 0;
    this.hasCalls = false;
    this.returns = false;
    this.alsoMade = 0;
    this.reserve(f);
    this.blocks.compute(f);
    this.scan();
    this.layBlocks();
    const blocks = mf.blockCount;
    const groupEnds = new Int32Array(blocks + 1);
    this.groupCount = 0;
    for (let m = blocks - 1; m >= 0; m--) {
      const source = this.blockSource[m];
      if (source < 0) {
        this.beginGroup();
        this.row(this.codes.jump, 0, 0);
      } else this.block(source as Block, m === 0);
      groupEnds[m] = this.groupCount;
    }
    // Groups were made from the last block to the first, and backwards within each.
    for (let m = 0; m < blocks; m++) {
      mf.blockStart[m] = mf.orderCount;
      const first = m === blocks - 1 ? 0 : groupEnds[m + 1];
      for (let g = groupEnds[m] - 1; g >= first; g--) {
        const end = g + 1 < this.groupCount ? this.groups[g + 1] : mf.count;
        for (let i = this.groups[g]; i < end; i++) mf.appendToOrder(i);
      }
    }
    mf.blockStart[blocks] = mf.orderCount;
    return mf;
  }

  private reserve(f: IrFunction): void {
    if (f.valueCount > this.uses.length) {
      let capacity = this.uses.length;
      while (capacity < f.valueCount) capacity *= 2;
      this.uses = new Int32Array(capacity);
      this.registerOf = new Int32Array(capacity);
      this.epoch = new Int32Array(capacity);
    }
    this.uses.fill(0, 0, f.valueCount);
    this.registerOf.fill(0, 0, f.valueCount);
    if (f.blockCount > this.machineBlock.length) this.machineBlock = new Int32Array(f.blockCount * 2);
    if (f.edgeCount > this.edgeBlock.length) this.edgeBlock = new Int32Array(f.edgeCount * 2);
  }

  /** Counts uses, and writes to memory. */
  private scan(): void {
    const { f, uses, epoch, blocks } = this;
    const { op: ops, a, b, c, pool } = f;
    for (let i = 0; i < blocks.count; i++) {
      const block = blocks.order[i] as Block;
      let writes = 0;
      for (let v = f.first[block]; v !== 0; v = f.next[v]) {
        const op = ops[v];
        epoch[v] = writes;
        if ((opEffects[op] & (Effect.writes | Effect.calls)) !== 0) writes++;
        const values = opValueOperands[op];
        if ((values & 1) !== 0) uses[a[v]]++;
        if ((values & 2) !== 0) uses[b[v]]++;
        if ((values & 4) !== 0) uses[c[v]]++;
        const which = opListOperand[op];
        if (which !== 0) {
          const list = which === 1 ? a[v] : which === 2 ? b[v] : c[v];
          if (list !== 0) for (let k = list + 1, end = list + 1 + pool[list]; k < end; k++) uses[pool[k]]++;
        }
        if (op === Op.jump || op === Op.branch || op === Op.switch) {
          const count = f.successorCount(block);
          for (let s = 0; s < count; s++) {
            const edge = f.successor(block, s);
            const from = f.edgeArgs[edge];
            for (let k = from, end = from + f.edgeArgCount[edge]; k < end; k++) uses[pool[k]]++;
          }
        }
      }
    }
  }

  /** Numbers the machine blocks, with a block of its own for each critical edge, and makes parameters, edges and arguments. */
  private layBlocks(): void {
    const { f, mf, blocks } = this;
    let count = 0;
    let capacity = blocks.count;
    for (let i = 0; i < blocks.count; i++) capacity += f.successorCount(blocks.order[i] as Block);
    if (capacity > this.blockSource.length) this.blockSource = new Int32Array(capacity * 2);
    for (let i = 0; i < blocks.count; i++) {
      const block = blocks.order[i] as Block;
      this.machineBlock[block] = count;
      this.blockSource[count++] = block;
      const successors = f.successorCount(block);
      if (successors < 2) {
        if (successors === 1) this.edgeBlock[f.successor(block, 0)] = -1;
        continue;
      }
      for (let s = 0; s < successors; s++) {
        const edge = f.successor(block, s);
        const critical = blocks.incoming[f.edgeTarget[edge]] > 1;
        this.edgeBlock[edge] = critical ? count : -1;
        if (critical) this.blockSource[count++] = -1 - edge;
      }
    }
    mf.setBlocks(count);
    if (blocks.frameBlock >= 0) mf.frameBlock = this.machineBlock[blocks.frameBlock];
    let from = 0;
    for (let m = 0; m < count; m++) {
      const source = this.blockSource[m];
      if (source >= 0) from = m;
      mf.framed[m] = blocks.frameBlock < 0 ? 1 : source >= 0 ? blocks.framed[source] : m > 0 ? mf.framed[m - 1] : 0;
      mf.paramStart[m] = mf.paramTotal;
      mf.firstEdge[m] = mf.edgeCount;
      if (source < 0) {
        const edge = -1 - source;
        const target = f.edgeTarget[edge];
        mf.loopDepth[m] = Math.min(blocks.depth[target], mf.loopDepth[from]);
        mf.cold[m] = blocks.cold[target];
        mf.paramCount[m] = 0;
        this.machineEdge(m, edge);
        continue;
      }
      mf.loopDepth[m] = Math.min(255, blocks.depth[source]);
      mf.cold[m] = blocks.cold[source];
      if (m > 0) for (let p = f.firstParam[source]; p !== 0; p = f.next[p]) mf.addParam(this.register(p));
      mf.paramCount[m] = mf.paramTotal - mf.paramStart[m];
      const successors = f.successorCount(source as Block);
      for (let s = 0; s < successors; s++) {
        const edge = f.successor(source as Block, s);
        if (this.edgeBlock[edge] >= 0) mf.addEdge(m, this.edgeBlock[edge]);
        else this.machineEdge(m, edge);
      }
    }
    mf.firstEdge[count] = mf.edgeCount;
  }

  private machineEdge(from: number, edge: number): void {
    const { f, mf } = this;
    mf.addEdge(from, this.machineBlock[f.edgeTarget[edge]]);
    const first = f.edgeArgs[edge];
    for (let i = first, end = first + f.edgeArgCount[edge]; i < end; i++) mf.addArg(this.registerOrConstant(f.pool[i]));
  }

  protected beginGroup(): void {
    if (this.groupCount === this.groups.length) this.groups = grown(this.groups);
    this.groups[this.groupCount++] = this.mf.count;
  }

  private block(block: Block, entry: boolean): void {
    const { f, registerOf } = this;
    for (let v = f.last[block] as number; v !== 0; v = f.previous[v]) {
      const op = f.op[v];
      if (v === this.alsoMade || (registerOf[v] === 0 && (opEffects[op] & alwaysNeeded) === 0)) continue;
      this.root = v;
      this.beginGroup();
      this.handle(op, v);
      if (v === f.last[block]) this.beforeTerminator(block);
    }
    if (entry) {
      this.beginGroup();
      this.handle(Op.param, f.firstParam[block]);
    }
  }

  /** The group at hand makes `v`, too: an instruction that nothing stands between, or only what is folded into the group. */
  makesAlso(v: number): void {
    this.alsoMade = v;
  }

  // ── values ──

  /** Same bits in the same register: truncation of integers, and casts between integers and pointers. */
  strip(v: number): number {
    const { f } = this;
    for (;;) {
      const op = f.op[v];
      if (op !== Op.trunc && op !== Op.bitcast) return v;
      const a = f.a[v];
      if (isFloat(f.type[a]) !== isFloat(f.type[v])) return v;
      v = a;
    }
  }

  isConstant(v: number): boolean {
    const op = this.f.op[v];
    return op === Op.const || op === Op.slot || op === Op.address;
  }

  /** The virtual register of a value that is not a constant; the value is needed from now on. */
  register(v: number): number {
    v = this.strip(v);
    const known = this.registerOf[v];
    if (known !== 0) return known;
    return (this.registerOf[v] = this.mf.newRegister(isFloat(this.f.type[v]) ? 1 : 0));
  }

  /** For operands that are only copied. */
  registerOrConstant(v: number): number {
    v = this.strip(v);
    return this.isConstant(v) ? -v : this.register(v);
  }

  /** A register with the value; a constant is made just before. Call before the row of the user is begun. */
  inRegister(v: number): number {
    v = this.strip(v);
    if (!this.isConstant(v)) return this.register(v);
    const made = this.mf.newRegister(isFloat(this.f.type[v]) ? 1 : 0);
    this.makeConstant(v, made);
    return made;
  }

  protected makeConstant(v: number, register: number): void {
    const { mf } = this;
    mf.instruction(this.codes.constant, 3, this.f.position[this.root], this.f.site[this.root]);
    mf.immediate[mf.count - 1] = v;
    mf.operand(register, Role.def, Constraint.register);
  }

  /** An integer constant that fits a signed 32-bit immediate of this width (0 to 3). */
  isImmediate(v: number, width: number): boolean {
    const { f } = this;
    return f.op[v] === Op.const && !isFloat(f.type[v]) && (width < 3 || f.b[v] === f.a[v] >> 31);
  }

  immediateOf(v: number, width: number): number {
    const low = this.f.a[v];
    return width === 0 ? (low << 24) >> 24 : width === 1 ? (low << 16) >> 16 : low;
  }

  /** May the load `v` become the memory operand of the instruction being selected? */
  foldsLoad(v: number): boolean {
    const { f } = this;
    return f.op[v] === Op.load && this.uses[v] === 1 && this.registerOf[v] === 0 && f.block[v] === f.block[this.root] &&
      (f.flags[v] & ValueFlag.volatile) === 0 && (this.epoch[v] === this.epoch[this.root] || (f.flags[v] & ValueFlag.constantMemory) !== 0);
  }

  // ── rows ──

  row(op: number, width: number, v: number): number {
    return this.mf.instruction(op, width, this.f.position[v], this.f.site[v]);
  }

  use(register: number): void {
    this.mf.operand(register, Role.use, Constraint.register);
  }

  useAny(register: number): void {
    this.mf.operand(register, Role.use, Constraint.any);
  }

  useFixed(register: number, place: number): void {
    this.mf.operand(register, Role.use, Constraint.fixed, place);
  }

  def(register: number): void {
    this.mf.operand(register, Role.def, Constraint.register);
  }

  defFixed(register: number, place: number): void {
    this.mf.operand(register, Role.def, Constraint.fixed, place);
  }

  scratch(registerClass: number): void {
    this.mf.operand(this.mf.newRegister(registerClass), Role.earlyDef, Constraint.register);
  }

  /** A result in the register of the use that follows directly, which is only copied there. */
  defTied(register: number, use: number): void {
    const index = this.mf.operandLength[this.mf.count - 1];
    this.mf.operand(register, Role.def, Constraint.same, index + 1);
    this.mf.operand(use, Role.use, Constraint.tied);
  }

  /** The virtual register that holds v's result. */
  result(v: number): number {
    return this.register(v);
  }

  /** Ends the operands of what sets the flags; those of the user follow. */
  beginConsumer(row: number, consumer: number, condition: number): void {
    const { mf } = this;
    mf.consumer[row] = consumer;
    mf.condition[row] = condition;
    mf.consumerOperand[row] = mf.operandLength[row];
  }

  /** Makes the last row trap under a condition, with the operands of `list`. */
  trapOn(row: number, condition: number, trap: number, list: number): void {
    const { f, mf } = this;
    this.beginConsumer(row, this.trapConsumer, condition);
    mf.extra[row] = trap;
    if (list === 0) return;
    for (let i = list + 1, end = list + 1 + f.pool[list]; i < end; i++) mf.operand(this.registerOrConstant(f.pool[i]), Role.use, Constraint.any);
  }

  listLength(list: number): number {
    return list === 0 ? 0 : this.f.pool[list];
  }
}

/** Held in a floating register: f32 or f64. */
export function isFloat(type: number): boolean {
  return type === Type.f32 || type === Type.f64;
}
