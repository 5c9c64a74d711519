/** Writes an allocated function: its frame, its blocks in their layout, its moves, and the stubs of failed checks behind it. */

import { Assembler } from "../../../encoders/x86_64/assembler.ts";
import type { Label } from "../../../encoders/codeBuffer.ts";
import { CC_E, CC_NE, CC_NP, CC_P, RAX, RSP } from "../../../encoders/x86_64/registers.ts";
import type { IrFunction } from "../../ir/function.ts";
import type { Allocation } from "../allocation.ts";
import { BlockLayout } from "../blockLayout.ts";
import { CodeMarks } from "../codeMarks.ts";
import { canDelayFrame } from "../delayedFrame.ts";
import { Early, EarlyMoves } from "../earlyMoves.ts";
import { FIRST_STACK } from "../machine.ts";
import type { MachineFunction } from "../machine.ts";
import { POSITIONS } from "../intervals.ts";
import type { Demands } from "../optimizing.ts";
import { MoveSteps } from "../moveSteps.ts";
import { RepeatedCompares } from "../repeatedCompares.ts";
import { fillJumpTables } from "../switchPlan.ts";
import type { JumpTable } from "../switchPlan.ts";
import type { CompilerContext } from "../target.ts";
import { TrapStubs } from "../trapStubs.ts";
import { linuxPlatform } from "../platform.ts";
import type { Platform } from "../platform.ts";
import { CC_EQUAL_ORDERED, CC_UNEQUAL_UNORDERED } from "./conditions.ts";
import { FIRST_WINDOWS_FLOAT, Placements, WINDOWS_FLOATS, calleeSaved, savedMask, windowsSaved } from "./convention.ts";
import { EmitState } from "./emitState.ts";
import { PROBE_FROM, emitProbe } from "./entry.ts";
import { controlEmitters } from "./emitControl.ts";
import { floatEmitters } from "./emitFloat.ts";
import { integerEmitters } from "./emitInteger.ts";
import { memoryEmitters } from "./emitMemory.ts";
import { LOOP_ALIGNMENT } from "./loopAlignment.ts";
import { Flags, M, machineOpNames } from "./machineOps.ts";
import * as rows from "./rows.ts";
import { emitJump } from "./sequences.ts";

export type Emit = (e: MachineEmitter, i: number) => void;
/** By the number of the instruction. */
export type Emitters = Readonly<Record<number, Emit>>;

/** No index register. */
const NONE = -1;

const missing: Emit = ({ mf }, i) => {
  throw new Error(`codegen/x86_64/emit.missing: no code for ${machineOpNames[mf.op[i]]}`);
};
const table: readonly Emit[] = Object.assign(new Array<Emit>(machineOpNames.length).fill(missing), integerEmitters, memoryEmitters, controlEmitters, floatEmitters);

export class MachineEmitter extends EmitState {
  /** Label of machine block b is firstLabel + b. */
  private firstLabel = 0;
  private readonly layout = new BlockLayout();
  private readonly compares = new RepeatedCompares();
  private readonly early = new EarlyMoves({ jump: M.jump, branch: Flags.branch, comparesInJump: () => false, constantsKeepFlags: false });
  block = 0;
  private readonly allocation: Allocation;
  readonly platform: Platform;
  private readonly placements: Placements;
  private readonly stubs = new TrapStubs();
  private readonly marks: CodeMarks;
  private readonly moves: MoveSteps;
  private pushed: number[] = [];
  private subtracted = 0;
  /** Whether Windows calls this function, and where the floating registers are that it then wants back. */
  private forWindows = false;
  private floatsAt = 0;
  /** The block that makes the frame. */
  private frameBlock = 0;
  /** By block: 1 where a loop begins that is to be aligned. */
  private aligned: Uint8Array | undefined = undefined;
  /** What `flagsTell` said last. */
  private flagsAt = -1;
  /** The truth that was set last, where that ended, and by what; the condition that is asked instead of the row's, or -1. */
  private setAt = -1;
  private setRegister = 0;
  private setCondition = 0;
  private asked = -1;
  private flagsRegister = 0;
  private flagsWidth = 0;
  readonly tables: JumpTable[] = [];
  private readonly lines: boolean;
  private readonly accesses: boolean;

  /** `allocation`: of the function that `emit` is given, each time. */
  constructor(asm: Assembler, context: CompilerContext, allocation: Allocation) {
    super(asm, context);
    this.allocation = allocation;
    this.marks = new CodeMarks(asm);
    this.moves = new MoveSteps(this, allocation);
    this.platform = context.options.platform ?? linuxPlatform;
    this.placements = new Placements(this.platform.calls);
    this.lines = context.options.lines === true;
    this.accesses = context.options.accesses === true;
  }

  emit(f: IrFunction, mf: MachineFunction, { outgoing, hasCalls }: Demands): void {
    const { asm, context, allocation, stubs, marks } = this;
    const { trace } = context;
    this.f = f;
    this.mf = mf;
    stubs.clear();
    this.tables.length = 0;
    const level = context.options.level;
    this.early.compute(mf, allocation);
    this.layout.compute(mf, allocation, this.early.when, M.jump, Flags.branch);
    this.aligned = level === "O2" ? this.layout.shortLoops(mf) : undefined;
    if (level !== "Os") asm.padding(-asm.length & ((this.aligned?.includes(1) === true ? LOOP_ALIGNMENT : 16) - 1));
    const start = asm.length;
    marks.begin();
    asm.beginRegion(true);
    this.firstLabel = asm.newLabels(mf.blockCount);
    this.makeFrame(outgoing, hasCalls);
    const delayed = mf.frameBlock !== 0 && this.frame !== 0 && !this.forWindows && canDelayFrame(mf, allocation, savedMask, { loadIncoming: M.loadIncoming, storeOutgoing: M.storeOutgoing });
    this.frameBlock = delayed ? mf.frameBlock : 0;
    this.blocks();
    this.emitStubs();
    asm.endRegion();
    const firstSite = trace.siteCount;
    const firstLine = trace.lineCount;
    marks.record(mf, stubs.all, trace);
    fillJumpTables(this.tables, asm, start, f.symbol, context.objects);
    if (context.options.slots === true) trace.addSlots(f.slotCount, this.slotAt, this.frame + 8);
    trace.addFunction(f.symbol, start, asm.length - start, this.frame, firstSite, firstLine);
    context.objects.defineFunction(f.symbol, start, asm.length - start);
  }

  // ── the frame ──

  /** From rsp up: outgoing arguments, IR slots, spills, saved registers, the return address. */
  private makeFrame(outgoing: number, hasCalls: boolean): void {
    const { f, allocation } = this;
    this.forWindows = this.platform.calls === "windows" && this.context.module.signatures[f.signature]?.convention === "c";
    this.pushed = calleeSaved.filter((register) => ((allocation.usedMask >>> register) & 1) === 1);
    if (this.forWindows) this.pushed = [...windowsSaved, ...this.pushed];
    if (f.slotCount > this.slotAt.length) this.slotAt = new Int32Array(f.slotCount * 2);
    let at = outgoing;
    let aligned = hasCalls;
    this.floatsAt = at;
    if (this.forWindows) at += WINDOWS_FLOATS * 16;
    for (let slot = 0; slot < f.slotCount; slot++) {
      const alignment = Math.min(16, Math.max(1, f.slotAlignment[slot]));
      if (alignment === 16) aligned = true;
      at = (at + alignment - 1) & -alignment;
      this.slotAt[slot] = at;
      at += f.slotSize[slot];
    }
    at = (at + 7) & -8;
    const spills = allocation.slotCount * 8;
    // A leaf keeps spills below rsp, where signal handlers leave 128 bytes alone (psABI 3.2.2). Not beside slots: a failed
    // check may hand a slot's address to its handler, whose call would overwrite what lies there.
    this.redZone = this.platform.redZone && !hasCalls && at === 0 && spills <= 128;
    if (this.redZone) {
      this.spillAt = -spills;
      this.subtracted = 0;
    } else {
      this.spillAt = at;
      at += spills;
      // rsp is 8 off a multiple of 16 at entry, and a multiple of 16 at calls.
      if (aligned && (at + 8 + 8 * this.pushed.length) % 16 !== 0) at += 8;
      this.subtracted = at;
    }
    this.frame = this.subtracted + 8 * this.pushed.length;
  }

  /** Bytes from rsp to the return address in the current block. */
  get depth(): number {
    return this.hasFrame ? this.frame : 0;
  }

  private get hasFrame(): boolean {
    return this.frameBlock === 0 || this.mf.framed[this.block] === 1;
  }

  private prologue(): void {
    const { asm } = this;
    for (const register of this.pushed) asm.r(rows.push, register);
    if (this.subtracted === 0) return;
    if (this.subtracted === 8) {
      asm.r(rows.push, RAX); // one byte; what it stores does not matter
      return;
    }
    if (this.subtracted >= PROBE_FROM) emitProbe(asm, this.subtracted);
    asm.ri(rows.sub.ri[3], RSP, this.subtracted);
    if (this.forWindows) this.windowsFloats(true);
  }

  /** Saves the floating registers that are the caller's on Windows, or takes them back. */
  private windowsFloats(save: boolean): void {
    for (let i = 0; i < WINDOWS_FLOATS; i++) {
      if (save) this.asm.mr(rows.movupsStore, RSP, NONE, 0, this.floatsAt + i * 16, FIRST_WINDOWS_FLOAT + i);
      else this.asm.rm(rows.movups, FIRST_WINDOWS_FLOAT + i, RSP, NONE, 0, this.floatsAt + i * 16);
    }
  }

  epilogue(): void {
    const { asm } = this;
    if (!this.hasFrame) {
      asm.op(rows.ret);
      return;
    }
    if (this.forWindows) this.windowsFloats(false);
    if (this.subtracted > 0) asm.ri(rows.add.ri[3], RSP, this.subtracted);
    for (let i = this.pushed.length - 1; i >= 0; i--) asm.r(rows.pop, this.pushed[i]);
    asm.op(rows.ret);
  }

  // ── blocks ──

  private blocks(): void {
    const { asm, mf, marks, moves } = this;
    for (let i = 0; i < this.layout.count; i++) {
      const block = this.layout.order[i];
      this.block = block;
      if (this.aligned?.[block] === 1) asm.align(LOOP_ALIGNMENT);
      this.flagsAt = -1;
      this.setAt = -1;
      asm.bind(this.labelAt(block));
      this.compares.begin(i > 0 && this.allocation.live.onlyPredecessor(mf, block) === this.layout.order[i - 1]);
      if (block === this.frameBlock) this.prologue();
      moves.begin(mf.blockStart[block] * POSITIONS * 4);
      for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
        const instruction = mf.order[n];
        const before = (n * POSITIONS + 2) * 4;
        const after = (n + 1) * POSITIONS * 4;
        if (this.lines && mf.position[instruction] !== 0) marks.line(instruction);
        moves.writeBefore(before);
        const last = n + 1 === mf.blockStart[block + 1];
        if (last) this.makeEarly(Early.before);
        moves.endMoves();
        const compares = mf.op[instruction] === M.cmp && mf.memory[instruction] === 0;
        if (!compares || !this.compares.repeats(mf, instruction, asm.length)) (table[mf.op[instruction]] as Emit)(this, instruction);
        if (this.accesses && mf.position[instruction] !== 0) marks.site(instruction, this.hasFrame ? this.frame : 8);
        const consumer = mf.consumer[instruction];
        if (last) this.makeEarly(Early.between);
        if (consumer !== Flags.none) this.consume(instruction, consumer);
        if (compares && (consumer === Flags.trap || (consumer === Flags.branch && this.early.made[block] < 0))) this.compares.note(instruction, asm.length);
        moves.writeBefore(after);
      }
    }
  }

  /** Makes the moves of the way back that the branch at the block's end takes, if it is time for them. */
  private makeEarly(now: number): void {
    const { early, mf, moves } = this;
    const back = early.made[this.block];
    if (back >= 0 && early.when[back] === now) moves.writeFrom(mf.blockStart[back] * POSITIONS * 4, mf.blockStart[back + 1] * POSITIONS * 4);
  }

  labelOf(block: number): Label {
    return this.labelAt(this.layout.forwarded[block]);
  }

  /** Of a block that stands in the code. */
  private labelAt(block: number): Label {
    return (this.firstLabel + block) as Label;
  }

  /** Target of edge `which` of the current block. */
  target(which: number): number {
    return this.layout.forwarded[this.mf.edgeTarget[this.mf.firstEdge[this.block] + which]];
  }

  get next(): number {
    return this.layout.follower[this.block];
  }

  // ── flags ──

  /** The instruction that ends here has set the flags by this register, as wide as it wrote it. */
  flagsTell(register: number, width: number): void {
    this.flagsAt = this.asm.length;
    this.flagsRegister = register;
    this.flagsWidth = width;
  }

  /** Whether the flags still tell of this register. */
  doFlagsTell(register: number, width: number): boolean {
    return this.flagsAt === this.asm.length && this.flagsRegister === register && this.flagsWidth === width;
  }

  /** Whether the truth in this register was set just now: then its test is none, and the flags that it was set by are asked. */
  isJustSet(register: number, condition: number): boolean {
    if (this.setAt !== this.asm.length || this.setRegister !== register) return false;
    this.asked = condition === CC_NE ? this.setCondition : this.setCondition ^ 1;
    return true;
  }

  private consume(i: number, consumer: number): void {
    const { asm, mf } = this;
    const condition = this.asked >= 0 ? this.asked : mf.condition[i];
    this.asked = -1;
    const first = mf.consumerOperand[i];
    if (consumer === Flags.branch) this.branch(condition);
    else if (consumer === Flags.trap) emitJump(asm, condition, this.stub(i, first));
    else if (consumer === Flags.set) this.set(i, condition, first);
    else if (consumer === Flags.move) this.conditionalMove(i, condition, first);
    else if (consumer === Flags.addCarry || consumer === Flags.subtractCarry) asm.ri((consumer === Flags.addCarry ? rows.adc : rows.sbb).ri[3], this.place(i, first), 0);
    else {
      const skip = asm.newLabel();
      this.jumpUnless(condition, skip);
      asm.rr(rows.movaps, this.float(i, first), this.float(i, first + 2));
      asm.bind(skip);
    }
  }

  private jumpUnless(condition: number, label: Label): void {
    emitJump(this.asm, condition ^ 1, label);
  }

  private branch(condition: number): void {
    const { asm, next } = this;
    const yes = this.target(0);
    const no = this.target(1);
    if (yes === no) {
      if (yes !== next) asm.jump(this.labelAt(yes));
      return;
    }
    if (yes === next) this.jumpUnless(condition, this.labelAt(no));
    else {
      emitJump(asm, condition, this.labelAt(yes));
      if (no !== next) asm.jump(this.labelAt(no));
    }
  }

  private set(i: number, condition: number, first: number): void {
    const { asm } = this;
    const result = this.place(i, first);
    if (condition < CC_EQUAL_ORDERED) {
      asm.r(rows.setcc + condition, result);
      this.setAt = asm.length;
      this.setRegister = result;
      this.setCondition = condition;
      return;
    }
    const scratch = this.place(i, first + 1);
    asm.r(rows.setcc + (condition === CC_EQUAL_ORDERED ? CC_NP : CC_P), scratch);
    asm.r(rows.setcc + (condition === CC_EQUAL_ORDERED ? CC_E : CC_NE), result);
    asm.rr((condition === CC_EQUAL_ORDERED ? rows.and : rows.or).rr[2], result, scratch);
  }

  private conditionalMove(i: number, condition: number, first: number): void {
    const { asm, mf } = this;
    const result = this.place(i, first);
    const value = this.place(i, first + 2);
    const row = rows.cmov[mf.moveWidth[i]];
    const onStack = value >= FIRST_STACK;
    if (onStack) this.stack(value);
    const moveIf = (code: number): void => {
      if (onStack) asm.rm(row + code, result, this.base, this.index, this.scale, this.disp);
      else asm.rr(row + code, result, value);
    };
    if (condition < CC_EQUAL_ORDERED) moveIf(condition);
    else if (condition === CC_UNEQUAL_UNORDERED) {
      moveIf(CC_NE);
      moveIf(CC_P);
    } else {
      const skip = asm.newLabel();
      asm.jcc(CC_P, skip);
      moveIf(CC_E);
      asm.bind(skip);
    }
  }

  // ── calls and stubs ──

  /** Before a call without the frame: it does not return, but wants the stack aligned. */
  beforeCall(): void {
    if (!this.hasFrame) this.asm.r(rows.push, RAX);
  }

  /** After a call: its return address means the position of instruction `i`. */
  markSite(i: number): void {
    this.marks.site(i, this.hasFrame ? this.frame : 8);
  }

  private stub(i: number, first: number): Label {
    return this.stubs.labelFor(this.mf, i, first, this.hasFrame, this.asm);
  }

  /** Operands to argument registers, then the call of the handler, which does not return. */
  private emitStubs(): void {
    const { asm, context, stubs } = this;
    stubs.all.forEach((stub, s) => {
      asm.bind(stub.label);
      const handler = stubs.moveOperands(stub, context.module, this.placements, this);
      if (handler === undefined) {
        asm.op(rows.ud2);
        return;
      }
      const depth = stub.framed ? this.frame : 0;
      const padding = (depth + 8) % 16 === 0 ? 0 : 8;
      if (padding !== 0) asm.r(rows.push, RAX);
      asm.callSymbol(handler);
      this.marks.stubSite(s, depth + padding);
    });
    if (stubs.all.length > 0) asm.op(rows.ud2);
  }
}

