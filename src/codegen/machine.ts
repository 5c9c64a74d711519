/**
 * Machine IR: instructions of a target over virtual registers, as columns. Selection makes it, the allocator reads its operands and
 * writes their places, the target's emission reads both. What an instruction does is the target's affair; what it reads and writes,
 * and under which constraints, is said here in neutral terms. See README.md for the phases of an instruction.
 *
 * Flags of the processor never live from one instruction to another: what sets flags and what uses them is one row.
 */

import { grown, grownBytes } from "../ir/grown.ts";

export type VirtualRegister = number & { readonly brand: "VirtualRegister" };

/** When an operand is read or written. */
export const Role = {
  /** Read with the other inputs; its register may be reused for a result. */
  use: 0,
  /** Read when results may already have been written. */
  lateUse: 1,
  /** Written after all inputs were read. */
  def: 2,
  /** Written while inputs may still be read; also scratch registers. */
  earlyDef: 3,
} as const;

/** Where an operand may be. */
export const Constraint = {
  /** Any register of its class. */
  register: 0,
  /** A register or its place on the stack. */
  any: 1,
  /** The register given: the allocator copies the value there before, or from there after. */
  fixed: 2,
  /** Of a def: the register of the use with the operand index given, whose value is copied there before. */
  same: 3,
  /** Of that use: it is only copied, so it may be anywhere, constants too. */
  tied: 4,
} as const;

/** `operandInfo`: role, constraint << 3, register or operand index << 8. */
export const roleOf = (info: number): number => info & 7;
export const constraintOf = (info: number): number => (info >> 3) & 7;
export const detailOf = (info: number): number => info >> 8;

/** Places: registers 0 to 63, then stack slots; a constant c that is made where it is needed is −c. */
export const FIRST_STACK = 64;
export const NO_PLACE = 0x7fffffff;

export class MachineFunction {
  count = 0;
  /** The target's: opcode; width; who uses the flags, and under which condition; shape of the memory operand; scale. */
  op = new Uint8Array(256);
  width = new Uint8Array(256);
  consumer = new Uint8Array(256);
  condition = new Uint8Array(256);
  memory = new Uint8Array(256);
  scale = new Uint8Array(256);
  immediate = new Int32Array(256);
  displacement = new Int32Array(256);
  /** A symbol, a slot, a trap code, a table: what the opcode says. */
  symbol = new Int32Array(256);
  extra = new Int32Array(256);
  position = new Int32Array(256);
  site = new Int32Array(256);
  /** Operands of instruction i: from operandStart[i] to operandStart[i] + operandLength[i]. */
  operandStart = new Int32Array(256);
  operandLength = new Uint16Array(256);
  /** Width of what a conditional move moves. */
  moveWidth = new Uint8Array(256);
  /** Where the registers of the memory operand, and the operands of the user of the flags, begin within the instruction. */
  memoryOperand = new Uint8Array(256);
  consumerOperand = new Uint8Array(256);
  /** Index into the target's list of clobber masks, 0 for none. */
  clobbers = new Uint8Array(256);

  operandCount = 0;
  /** Virtual register; 0 for none (the constraint alone counts); −c for constant c, which only fixed, tied and any uses may have. */
  operandRegister = new Int32Array(1024);
  operandInfo = new Int32Array(1024);
  /** Written by the allocator. */
  operandPlace = new Int32Array(1024);

  /** Virtual registers are numbered from 1. Class by register: 0 integer, 1 float. */
  registerCount = 1;
  registerClass = new Uint8Array(256);

  /** The order of instructions in the code: block b has those from blockStart[b] up to blockStart[b + 1]. */
  order = new Int32Array(256);
  orderCount = 0;
  blockCount = 0;
  blockStart = new Int32Array(64);
  loopDepth = new Uint8Array(64);
  cold = new Uint8Array(64);

  /** Block where the frame may be made, 0: at the entry. By block: 1 if the frame is there then. */
  frameBlock = 0;
  framed = new Uint8Array(64);

  /** Parameters of block b: from paramStart[b], paramCount[b] of them, in `params`. */
  paramStart = new Int32Array(64);
  paramCount = new Int32Array(64);
  params = new Int32Array(64);
  paramTotal = 0;

  /** Edges of block b: from firstEdge[b] up to firstEdge[b + 1]; a terminator names its edges by their order. */
  firstEdge = new Int32Array(64);
  edgeCount = 0;
  edgeTarget = new Int32Array(64);
  edgeSource = new Int32Array(64);
  edgeArgStart = new Int32Array(64);
  /** Arguments, as operandRegister: virtual registers or constants. */
  args = new Int32Array(64);
  argTotal = 0;

  reset(): void {
    this.count = 0;
    this.operandCount = 0;
    this.registerCount = 1;
    this.orderCount = 0;
    this.blockCount = 0;
    this.frameBlock = 0;
    this.paramTotal = 0;
    this.edgeCount = 0;
    this.argTotal = 0;
  }

  newRegister(registerClass: number): VirtualRegister {
    const register = this.registerCount++;
    if (register === this.registerClass.length) this.registerClass = grownBytes(this.registerClass);
    this.registerClass[register] = registerClass;
    return register as VirtualRegister;
  }

  /** A new instruction; operands are added next, by `operand`. */
  instruction(op: number, width: number, position: number, site: number): number {
    const at = this.count++;
    if (at === this.op.length) this.growInstructions();
    this.op[at] = op;
    this.width[at] = width;
    this.consumer[at] = 0;
    this.condition[at] = 0;
    this.memory[at] = 0;
    this.scale[at] = 0;
    this.immediate[at] = 0;
    this.displacement[at] = 0;
    this.symbol[at] = 0;
    this.extra[at] = 0;
    this.position[at] = position;
    this.site[at] = site;
    this.operandStart[at] = this.operandCount;
    this.operandLength[at] = 0;
    this.moveWidth[at] = 0;
    this.memoryOperand[at] = 0;
    this.consumerOperand[at] = 0;
    this.clobbers[at] = 0;
    return at;
  }

  /** Adds an operand to the instruction made last; returns its index within the instruction. */
  operand(register: number, role: number, constraint: number, detail = 0): number {
    const at = this.operandCount++;
    if (at === this.operandRegister.length) this.growOperands();
    this.operandRegister[at] = register;
    this.operandInfo[at] = role | (constraint << 3) | (detail << 8);
    this.operandPlace[at] = NO_PLACE;
    return this.operandLength[this.count - 1]++;
  }

  appendToOrder(instruction: number): void {
    if (this.orderCount === this.order.length) this.order = grown(this.order);
    this.order[this.orderCount++] = instruction;
  }

  /** Makes room for `count` blocks, numbered in code order. */
  setBlocks(count: number): void {
    this.blockCount = count;
    if (count + 1 < this.blockStart.length) return;
    let capacity = this.blockStart.length;
    while (capacity <= count + 1) capacity *= 2;
    this.blockStart = new Int32Array(capacity);
    this.loopDepth = new Uint8Array(capacity);
    this.cold = new Uint8Array(capacity);
    this.framed = new Uint8Array(capacity);
    this.paramStart = new Int32Array(capacity);
    this.paramCount = new Int32Array(capacity);
    this.firstEdge = new Int32Array(capacity);
  }

  addParam(register: number): void {
    if (this.paramTotal === this.params.length) this.params = grown(this.params);
    this.params[this.paramTotal++] = register;
  }

  addEdge(source: number, target: number): number {
    const edge = this.edgeCount++;
    if (edge + 1 >= this.edgeTarget.length) {
      this.edgeTarget = grown(this.edgeTarget);
      this.edgeSource = grown(this.edgeSource);
      this.edgeArgStart = grown(this.edgeArgStart);
    }
    this.edgeTarget[edge] = target;
    this.edgeSource[edge] = source;
    this.edgeArgStart[edge] = this.argTotal;
    this.edgeArgStart[edge + 1] = this.argTotal;
    return edge;
  }

  /** An argument of the edge made last. */
  addArg(register: number): void {
    if (this.argTotal === this.args.length) this.args = grown(this.args);
    this.args[this.argTotal++] = register;
    this.edgeArgStart[this.edgeCount] = this.argTotal;
  }

  private growInstructions(): void {
    this.op = grownBytes(this.op);
    this.width = grownBytes(this.width);
    this.consumer = grownBytes(this.consumer);
    this.condition = grownBytes(this.condition);
    this.memory = grownBytes(this.memory);
    this.scale = grownBytes(this.scale);
    this.immediate = grown(this.immediate);
    this.displacement = grown(this.displacement);
    this.symbol = grown(this.symbol);
    this.extra = grown(this.extra);
    this.position = grown(this.position);
    this.site = grown(this.site);
    this.operandStart = grown(this.operandStart);
    const lengths = new Uint16Array(this.operandLength.length * 2);
    lengths.set(this.operandLength);
    this.operandLength = lengths;
    this.moveWidth = grownBytes(this.moveWidth);
    this.memoryOperand = grownBytes(this.memoryOperand);
    this.consumerOperand = grownBytes(this.consumerOperand);
    this.clobbers = grownBytes(this.clobbers);
  }

  private growOperands(): void {
    this.operandRegister = grown(this.operandRegister);
    this.operandInfo = grown(this.operandInfo);
    this.operandPlace = grown(this.operandPlace);
  }
}
