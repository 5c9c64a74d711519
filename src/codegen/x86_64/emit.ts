/** Writes an allocated function: its frame, its blocks in their layout, its moves, and the stubs of failed checks behind it. */

import { Assembler } from "../../../encoders/x86_64/assembler.ts";
import type { Label } from "../../../encoders/codeBuffer.ts";
import { CC_E, CC_NE, CC_NP, CC_P, RAX, RSP } from "../../../encoders/x86_64/registers.ts";
import type { IrFunction } from "../../ir/function.ts";
import type { Signature } from "../../ir/module.ts";
import type { Allocation } from "../allocation.ts";
import { BlockLayout } from "../blockLayout.ts";
import { FIRST_STACK, NO_PLACE } from "../machine.ts";
import type { MachineFunction } from "../machine.ts";
import { POSITIONS } from "../intervals.ts";
import { ParallelMoves, Step } from "../parallelMoves.ts";
import type { CompilerContext } from "../target.ts";
import { linuxPlatform } from "../platform.ts";
import type { Platform } from "../platform.ts";
import { FIRST_WINDOWS_FLOAT, Placements, WINDOWS_FLOATS, calleeSaved, windowsSaved } from "./convention.ts";
import { EmitState } from "./emitState.ts";
import { PROBE_FROM, emitProbe } from "./entry.ts";
import { controlEmitters } from "./emitControl.ts";
import { floatEmitters } from "./emitFloat.ts";
import { integerEmitters } from "./emitInteger.ts";
import { memoryEmitters } from "./emitMemory.ts";
import { LOOP_ALIGNMENT } from "./loopAlignment.ts";
import { Flags, M, machineOpNames } from "./machineOps.ts";
import * as rows from "./rows.ts";
import type { JumpTable } from "./switchCode.ts";

export type Emit = (e: MachineEmitter, i: number) => void;
export type Emitters = readonly (readonly [number, Emit])[];

/** No index register. */
const NONE = -1;

/** Marks in the code buffer, which move when branches shrink. */
const MARK_SITE = 1;
const MARK_LINE = 2;

const table: Emit[] = machineOpNames.map((name) => () => {
  throw new Error(`codegen/x86_64/emit: no code for ${name}`);
});
for (const group of [integerEmitters, memoryEmitters, controlEmitters, floatEmitters]) {
  for (const [op, emitter] of group) table[op] = emitter;
}

interface Stub {
  /** Whether the frame is there. */
  readonly framed: boolean;
  readonly label: Label;
  readonly trap: number;
  readonly position: number;
  readonly site: number;
  readonly places: readonly number[];
  readonly kinds: readonly number[];
}

export class MachineEmitter extends EmitState {
  /** Label of machine block b is firstLabel + b. */
  private firstLabel = 0;
  private readonly layout = new BlockLayout();
  block = 0;
  private allocation!: Allocation;
  readonly platform: Platform;
  private readonly placements: Placements;
  private readonly stubs: Stub[] = [];
  private readonly parallel = new ParallelMoves();
  private pushed: number[] = [];
  private subtracted = 0;
  /** Whether Windows calls this function, and where the floating registers are that it then wants back. */
  private forWindows = false;
  private floatsAt = 0;
  readonly tables: JumpTable[] = [];
  private readonly lines: boolean;
  private readonly accesses: boolean;

  constructor(asm: Assembler, context: CompilerContext) {
    super(asm, context);
    this.platform = context.options.platform ?? linuxPlatform;
    this.placements = new Placements(this.platform.calls);
    this.lines = context.options.lines === true;
    this.accesses = context.options.accesses === true;
  }

  emit(f: IrFunction, mf: MachineFunction, allocation: Allocation, outgoing: number, hasCalls: boolean): void {
    const { asm, context, stubs } = this;
    const { trace } = context;
    this.f = f;
    this.mf = mf;
    this.allocation = allocation;
    stubs.length = 0;
    this.depths.length = 0;
    this.tables.length = 0;
    const level = context.options.level;
    this.layout.compute(mf, allocation, M.jump, Flags.branch);
    this.aligned = level === "O2" ? this.layout.shortLoops(mf) : undefined;
    if (level !== "Os") asm.padding(-asm.length & ((this.aligned?.includes(1) === true ? LOOP_ALIGNMENT : 16) - 1));
    const start = asm.length;
    const firstMark = asm.markCount;
    asm.beginRegion(true);
    this.firstLabel = asm.newLabels(mf.blockCount);
    this.makeFrame(outgoing, hasCalls);
    this.frameBlock = this.frameLater() ? mf.frameBlock : 0;
    this.blocks();
    this.emitStubs();
    asm.endRegion();
    const firstSite = trace.siteCount;
    const firstLine = trace.lineCount;
    for (let m = firstMark; m < asm.markCount; m++) {
      const at = asm.markAt(m);
      const value = asm.markValue(m);
      if (asm.markKind(m) === MARK_LINE) trace.addLine(at, mf.position[value], mf.site[value]);
      else if (value >= 0) trace.addSite(at, mf.position[value], mf.site[value], this.depths[m - firstMark] as number);
      else {
        const stub = stubs[-1 - value] as Stub;
        trace.addSite(at, stub.position, stub.site, this.depths[m - firstMark] as number);
      }
    }
    for (const { reference, labels } of this.tables) {
      context.objects.fillJumpTable(reference, f.symbol, labels.map((label) => asm.labelOffset(label) - start));
    }
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

  /**
   * Whether the frame can be made at `mf.frameBlock`: nothing before it may be on the stack or in a register that must be saved. In a
   * cold block there, which ends the program, such a register does no harm.
   */
  private frameLater(): boolean {
    const { mf, allocation } = this;
    if (mf.frameBlock === 0 || this.frame === 0 || this.forWindows) return false;
    const saved = calleeSaved.reduce((mask, register) => mask | (1 << register), 0);
    const harmless = (place: number, cold: boolean): boolean => place < 0 || (place < FIRST_STACK && (cold || ((saved >>> place) & 1) === 0 || place >= 32));
    for (let block = 0; block < mf.blockCount; block++) {
      if (mf.framed[block] === 1) continue;
      const cold = mf.cold[block] === 1;
      for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
        const i = mf.order[n];
        if (mf.op[i] === M.loadIncoming || mf.op[i] === M.storeOutgoing) return false;
        for (let k = mf.operandStart[i], end = k + mf.operandLength[i]; k < end; k++) {
          const place = mf.operandPlace[k];
          if (place !== NO_PLACE && !harmless(place, cold)) return false;
        }
      }
      const endKey = mf.blockStart[block + 1] * POSITIONS * 4;
      for (let s = this.firstStep(mf.blockStart[block] * POSITIONS * 4); s < allocation.stepCount && allocation.stepKey[s] < endKey; s++) {
        if (!harmless(allocation.stepTo[s], cold) || !harmless(allocation.stepFrom[s], cold)) return false;
      }
    }
    return true;
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
    const { asm, mf, allocation } = this;
    for (let i = 0; i < this.layout.count; i++) {
      const block = this.layout.order[i];
      this.block = block;
      if (this.aligned?.[block] === 1) asm.align(LOOP_ALIGNMENT);
      this.flagsAt = -1;
      asm.bind((this.firstLabel + block) as Label);
      if (block === this.frameBlock) this.prologue();
      this.lastTo = NO_PLACE;
      let step = this.firstStep(mf.blockStart[block] * POSITIONS * 4);
      for (let n = mf.blockStart[block]; n < mf.blockStart[block + 1]; n++) {
        const instruction = mf.order[n];
        const before = (n * POSITIONS + 2) * 4;
        const after = (n + 1) * POSITIONS * 4;
        if (this.lines && mf.position[instruction] !== 0) this.mark(MARK_LINE, instruction, 0);
        while (step < allocation.stepCount && allocation.stepKey[step] < before) this.step(step++);
        this.lastTo = NO_PLACE;
        (table[mf.op[instruction]] as Emit)(this, instruction);
        if (this.accesses && mf.position[instruction] !== 0) this.mark(MARK_SITE, instruction, this.hasFrame ? this.frame : 8);
        const consumer = mf.consumer[instruction];
        if (consumer !== Flags.none) this.consume(instruction, consumer);
        while (step < allocation.stepCount && allocation.stepKey[step] < after) this.step(step++);
      }
    }
  }

  private firstStep(key: number): number {
    const { stepKey, stepCount } = this.allocation;
    let low = 0;
    let high = stepCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stepKey[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private step(at: number): void {
    const { allocation } = this;
    const from = allocation.stepFrom[at];
    const to = allocation.stepTo[at];
    if (allocation.step[at] !== Step.move) {
      this.lastTo = NO_PLACE;
      this.exchange(from, to, allocation.stepKind[at]);
      return;
    }
    // Back where it just came from: it still is there.
    if (from === this.lastTo && to === this.lastFrom) return;
    this.lastFrom = from;
    this.lastTo = to;
    this.move(from, to, allocation.stepKind[at]);
  }

  /** The move made last, while no instruction has been written since. */
  private lastFrom = 0;
  private lastTo = NO_PLACE;

  labelOf(block: number): Label {
    return (this.firstLabel + this.layout.forwarded[block]) as Label;
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

  doFlagsTell(register: number, width: number): boolean {
    return this.flagsAt === this.asm.length && this.flagsRegister === register && this.flagsWidth === width;
  }

  /** By block: 1 where a loop begins that is to be aligned. */
  private aligned: Uint8Array | undefined;
  private flagsAt = -1;
  private flagsRegister = 0;
  private flagsWidth = 0;

  private consume(i: number, consumer: number): void {
    const { asm, mf } = this;
    const condition = mf.condition[i];
    const first = mf.consumerOperand[i];
    if (consumer === Flags.branch) this.branch(condition);
    else if (consumer === Flags.trap) this.jumpIf(condition, this.stub(i, first));
    else if (consumer === Flags.set) this.set(i, condition, first);
    else if (consumer === Flags.move) this.conditionalMove(i, condition, first);
    else {
      const skip = asm.newLabel();
      this.jumpUnless(condition, skip);
      asm.rr(rows.movaps, this.float(i, first), this.float(i, first + 2));
      asm.bind(skip);
    }
  }

  /** Conditions 16 (equal and ordered) and 17 (unequal or unordered) are of two flags. */
  private jumpIf(condition: number, label: Label): void {
    const { asm } = this;
    if (condition < 16) asm.jcc(condition, label);
    else if (condition === 17) {
      asm.jcc(CC_P, label);
      asm.jcc(CC_NE, label);
    } else {
      const skip = asm.newLabel();
      asm.jcc(CC_P, skip);
      asm.jcc(CC_E, label);
      asm.bind(skip);
    }
  }

  private jumpUnless(condition: number, label: Label): void {
    this.jumpIf(condition ^ 1, label);
  }

  private branch(condition: number): void {
    const { asm } = this;
    const yes = this.target(0);
    const no = this.target(1);
    const { next } = this;
    const label = (block: number): Label => (this.firstLabel + block) as Label;
    if (yes === no) {
      if (yes !== next) asm.jump(label(yes));
      return;
    }
    if (yes === next) this.jumpUnless(condition, label(no));
    else {
      this.jumpIf(condition, label(yes));
      if (no !== next) asm.jump(label(no));
    }
  }

  private set(i: number, condition: number, first: number): void {
    const { asm } = this;
    const result = this.place(i, first);
    if (condition < 16) {
      asm.r(rows.setcc + condition, result);
      return;
    }
    const scratch = this.place(i, first + 1);
    asm.r(rows.setcc + (condition === 16 ? CC_NP : CC_P), scratch);
    asm.r(rows.setcc + (condition === 16 ? CC_E : CC_NE), result);
    asm.rr((condition === 16 ? rows.and : rows.or).rr[2], result, scratch);
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
    if (condition < 16) moveIf(condition);
    else if (condition === 17) {
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
    this.mark(MARK_SITE, i, this.hasFrame ? this.frame : 8);
  }

  private mark(kind: number, value: number, depth: number): void {
    this.asm.mark(kind, value);
    this.depths.push(depth);
  }

  /** By mark: how far the return address is above rsp. */
  private readonly depths: number[] = [];
  /** The block that makes the frame. */
  private frameBlock = 0;

  private stub(i: number, first: number): Label {
    const { mf, stubs, asm } = this;
    const places: number[] = [];
    const kinds: number[] = [];
    for (let k = first; k < mf.operandLength[i]; k++) {
      const place = this.place(i, k);
      places.push(place);
      const register = mf.operandRegister[mf.operandStart[i] + k];
      kinds.push(register > 0 ? mf.registerClass[register] : 0);
    }
    // Equal checks stand close together; looking through all of them would be quadratic.
    for (let s = stubs.length - 1; s >= 0 && s >= stubs.length - 8; s--) {
      const known = stubs[s] as Stub;
      if (known.framed === this.hasFrame && known.trap === mf.extra[i] && known.position === mf.position[i] && known.site === mf.site[i] && known.places.join() === places.join()) return known.label;
    }
    const label = asm.newLabel();
    stubs.push({ framed: this.hasFrame, label, trap: mf.extra[i], position: mf.position[i], site: mf.site[i], places, kinds });
    return label;
  }

  /** Operands to argument registers, then the call of the handler, which does not return. */
  private emitStubs(): void {
    const { asm, context, stubs, parallel } = this;
    const { module } = context;
    stubs.forEach((stub, s) => {
      asm.bind(stub.label);
      const handler = module.traps[stub.trap]?.handler;
      if (handler === undefined) {
        asm.op(rows.ud2);
        return;
      }
      const id = module.functionSignatures[handler] as number;
      const { places } = this.placements.argumentsOf(id, module.signatures[id] as Signature);
      for (let k = 0; k < Math.min(places.length, stub.places.length); k++) parallel.add(stub.places[k] as number, places[k], stub.kinds[k] as number);
      parallel.resolve();
      for (let m = 0; m < parallel.stepCount; m++) {
        if (parallel.step[m] === Step.move) this.move(parallel.stepFrom[m], parallel.stepTo[m], parallel.stepKind[m]);
        else this.exchange(parallel.stepFrom[m], parallel.stepTo[m], parallel.stepKind[m]);
      }
      const depth = stub.framed ? this.frame : 0;
      const padding = (depth + 8) % 16 === 0 ? 0 : 8;
      if (padding !== 0) asm.r(rows.push, RAX);
      asm.callSymbol(handler);
      this.mark(MARK_SITE, -1 - s, depth + padding);
    });
    if (stubs.length > 0) asm.op(rows.ud2);
  }
}

