/** Writes an allocated function: its frame, its blocks in their layout, its moves, and the stubs of failed checks behind it. */
import { Assembler } from "../../../encoders/arm64/assembler.ts";
import type { Label } from "../../../encoders/codeBuffer.ts";
import { FP, HI, LO, LR, NE, SP, UXTX, ZR } from "../../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../../encoders/arm64/table.ts";
import type { IrFunction } from "../../ir/function.ts";
import type { Allocation } from "../allocation.ts";
import { BlockLayout } from "../blockLayout.ts";
import { CodeMarks } from "../codeMarks.ts";
import { canDelayFrame } from "../delayedFrame.ts";
import { Early, EarlyMoves } from "../earlyMoves.ts";
import { POSITIONS } from "../intervals.ts";
import type { MachineFunction } from "../machine.ts";
import type { Demands } from "../optimizing.ts";
import { MoveSteps } from "../moveSteps.ts";
import { RepeatedCompares } from "../repeatedCompares.ts";
import { fillJumpTables } from "../switchPlan.ts";
import type { JumpTable } from "../switchPlan.ts";
import type { CompilerContext } from "../target.ts";
import { TrapStubs } from "../trapStubs.ts";
import { C_FLOATS, FIRST_C_FLOAT, Placements, V0, calleeSaved, savedMask } from "./convention.ts";
import { controlEmitters } from "./emitControl.ts";
import { operationEmitters } from "./emitOperations.ts";
import { EmitState, stores } from "./emitState.ts";
import type { Access } from "./emitState.ts";
import { Flags, M, machineOpNames } from "./machineOps.ts";
import { asPair, withIncrement } from "./peepholes.ts";
import { SCRATCH, SCRATCH2 } from "./registerFile.ts";

type Emit = (e: MachineEmitter, i: number) => void;

const PROBE_FROM = 4096;
const PUSH_PAIR = memoryWord("stp_x_pre");
const POP_PAIR = memoryWord("ldp_x_post");
const PUSH_FLOATS = memoryWord("stp_d_pre");
const POP_FLOATS = memoryWord("ldp_d_post");
const STORE = stores[3] as Access;
const SUBS = word("subs_shifted");

const CSINC = word("csinc");
const conditionalMoves: readonly number[] = Object.assign([], { [Flags.move]: word("csel"), [Flags.moveIncrement]: CSINC, [Flags.moveInvert]: word("csinv"), [Flags.moveNegate]: word("csneg") });

export class MachineEmitter extends EmitState {
  private firstLabel = 0;
  private readonly layout = new BlockLayout();
  private readonly compares = new RepeatedCompares();
  private readonly early = new EarlyMoves({ jump: M.jump, branch: Flags.branch, comparesInJump: (op) => op === M.zero || op === M.bit, constantsKeepFlags: true });
  block = 0;
  private readonly allocation: Allocation;
  private readonly placements = new Placements();
  private readonly stubs = new TrapStubs();
  private readonly marks: CodeMarks;
  readonly moves: MoveSteps;
  /** The saved registers with odd numbers; the next goes with each. */
  private readonly saved: number[] = [];
  /** Whether C calls this function, and wants floating registers back that it may change. */
  private forC = false;
  /** Whether the return address stays in x30; bytes of the frame below the saved registers. */
  private leaf = false;
  private local = 0;
  /** Whether the last word of that lies where x29 was pushed, which nothing of ours changes. */
  private overX29 = false;
  /** Where the block's last call ended. */
  private lastCall = -1;
  /** Places of sums that accesses before them do on the way. */
  readonly absorbed = new Set<number>();
  private returnLabel: Label | undefined;
  private readonly small: boolean;
  readonly tables: JumpTable[] = [];
  private readonly lines: boolean;
  readonly accesses: boolean;
  private frameBlock = 0;

  /** `allocation`: of the function that `emit` is given, each time. */
  constructor(asm: Assembler, context: CompilerContext, allocation: Allocation) {
    super(asm, context);
    this.allocation = allocation;
    this.marks = new CodeMarks(asm);
    this.moves = new MoveSteps(this, allocation);
    this.small = context.options.level === "Os";
    this.lines = context.options.lines === true;
    this.accesses = context.options.accesses === true;
  }

  emit(f: IrFunction, mf: MachineFunction, { outgoing, hasCalls, returns }: Demands): void {
    const { asm, context, allocation, stubs, marks } = this;
    const { trace } = context;
    this.f = f;
    this.mf = mf;
    stubs.clear();
    this.tables.length = 0;
    while (!this.small && (asm.length & 15) !== 0) asm.emit(word("nop"));
    const start = asm.length;
    marks.begin();
    asm.beginRegion();
    this.firstLabel = asm.newLabels(mf.blockCount);
    this.returnLabel = undefined;
    this.makeFrame(outgoing, hasCalls, returns);
    this.early.compute(mf, allocation);
    this.layout.compute(mf, allocation, this.early.when, M.jump, Flags.branch, this.small ? M.return : -1);
    const delayed = mf.frameBlock !== 0 && this.frame !== 0 && !this.leaf && !this.forC && canDelayFrame(mf, allocation, savedMask, { loadIncoming: M.loadIncoming, storeOutgoing: M.storeOutgoing });
    this.frameBlock = delayed ? mf.frameBlock : 0;
    this.blocks();
    this.emitStubs();
    asm.endRegion();
    const firstSite = trace.siteCount;
    const firstLine = trace.lineCount;
    marks.record(mf, stubs.all, trace);
    fillJumpTables(this.tables, asm, start, f.symbol, context.objects);
    if (context.options.slots === true) trace.addSlots(f.slotCount, this.slotAt, this.frame === 0 ? 0 : this.frame + 8);
    trace.addFunction(f.symbol, start, asm.length - start, this.frame, firstSite, firstLine);
    context.objects.defineFunction(f.symbol, start, asm.length - start);
  }

  // ── the frame: from sp up outgoing arguments, slots, spills, saved registers in pairs, x29 and the return address ──

  private makeFrame(outgoing: number, hasCalls: boolean, returns: boolean): void {
    const { f, allocation, saved } = this;
    const { platform } = this.context.options;
    this.forC = this.context.module.signatures[f.signature]?.convention === "c" && returns && (hasCalls || this.usesKeptFloats());
    saved.length = 0;
    // Who never returns gives nothing back.
    for (const register of calleeSaved) if (returns && (register & 1) === 1 && ((allocation.usedMask >>> register) & 3) !== 0) saved.push(register);
    if (f.slotCount > this.slotAt.length) this.slotAt = new Int32Array(f.slotCount * 2);
    let at = outgoing;
    for (let slot = 0; slot < f.slotCount; slot++) {
      const alignment = Math.min(16, Math.max(1, f.slotAlignment[slot]));
      at = (at + alignment - 1) & -alignment;
      this.slotAt[slot] = at;
      at += f.slotSize[slot];
    }
    at = (at + 7) & -8;
    this.spillAt = at;
    at += allocation.slotCount * 8; // a multiple of 8
    // Who calls nothing keeps its return address in x30; there is room where a failed check may put it. Windows' unwinder would not know that.
    this.leaf = !hasCalls && saved.length === 0 && !this.forC && (at === 0 || (at < PROBE_FROM && platform?.calls !== "windows"));
    this.overX29 = !this.leaf && saved.length === 0 && !this.forC && (at & 8) !== 0 && platform?.calls !== "windows";
    if (this.leaf) this.local = at === 0 ? 0 : (at + 8 + 15) & -16;
    else this.local = this.overX29 ? at & -16 : (at + 15) & -16;
    const size = this.leaf ? this.local : this.local + (saved.length + 1) * 16 + (this.forC ? C_FLOATS * 8 : 0);
    this.frame = size === 0 ? 0 : size - 8;
  }

  /** Whether d8 to d15 are written. */
  private usesKeptFloats(): boolean {
    const { mf, allocation } = this;
    const kept = (place: number): boolean => place >= V0 + FIRST_C_FLOAT && place < V0 + FIRST_C_FLOAT + C_FLOATS;
    for (let k = 0; k < mf.operandCount; k++) if (kept(mf.operandPlace[k])) return true;
    for (let i = 0; i < allocation.stepCount; i++) if (kept(allocation.stepTo[i])) return true;
    return false;
  }

  get depth(): number {
    return this.hasFrame ? this.frame : 0;
  }

  private get hasFrame(): boolean {
    return this.frameBlock === 0 || this.mf.framed[this.block] === 1;
  }

  /**
   * Pushes in pairs, then room for the rest. The return address goes first, so that a walk from a failed access below finds it. x29 goes along: nothing of ours
   * changes it, so that it heads the chain of those that keep one. Windows' unwinder knows each of these instructions.
   */
  private prologue(): void {
    const { asm, local } = this;
    if (!this.leaf) {
      asm.pair(PUSH_PAIR, FP, LR, SP, -2);
      for (const register of this.saved) asm.pair(PUSH_PAIR, register, register + 1, SP, -2);
      if (this.forC) for (let i = 0; i < C_FLOATS; i += 2) asm.pair(PUSH_FLOATS, FIRST_C_FLOAT + i, FIRST_C_FLOAT + i + 1, SP, -2);
    }
    if (local >= PROBE_FROM) this.probe();
    this.addTo(SP, SP, -local);
  }

  /** Touches each page of the frame from above, so that an exhausted stack is met at the guard page; sp stays until then. */
  private probe(): void {
    const { asm, local } = this;
    if (local < 65536) {
      for (let page = 4096; page <= local; page += 4096) {
        this.addTo(SCRATCH, SP, -page);
        asm.unsigned(STORE.unsigned, ZR, SCRATCH, 0);
      }
      return;
    }
    const again = asm.newLabel();
    this.integer(SCRATCH, local - 16, 0);
    asm.extended(word("sub_extended"), 1, SCRATCH, SP, SCRATCH, UXTX, 0);
    asm.immediate(word("add_immediate"), 1, SCRATCH2, SP, 0);
    asm.bind(again);
    asm.immediate(word("sub_immediate"), 1, SCRATCH2, SCRATCH2, 4096);
    asm.unsigned(STORE.unsigned, ZR, SCRATCH2, 0);
    asm.rrr(SUBS, 1, ZR, SCRATCH2, SCRATCH);
    asm.jumpIf(HI, again);
  }

  epilogue(): void {
    const { asm, saved } = this;
    if (this.hasFrame && this.frame > 0) {
      // A second copy is longer than a jump to the first.
      if (this.small && this.returnLabel !== undefined) return asm.jump(this.returnLabel);
      asm.bind((this.returnLabel = asm.newLabel()));
      this.addTo(SP, SP, this.local);
      if (!this.leaf) {
        if (this.forC) for (let i = C_FLOATS - 2; i >= 0; i -= 2) asm.pair(POP_FLOATS, FIRST_C_FLOAT + i, FIRST_C_FLOAT + i + 1, SP, 2);
        for (let i = saved.length - 1; i >= 0; i--) asm.pair(POP_PAIR, saved[i] as number, (saved[i] as number) + 1, SP, 2);
        asm.pair(POP_PAIR, this.overX29 ? ZR : FP, LR, SP, 2);
      }
    }
    asm.emit(word("ret") | (LR << 5));
  }

  // ── blocks ──

  private blocks(): void {
    const { asm, mf, marks, moves } = this;
    for (let i = 0; i < this.layout.count; i++) {
      const block = this.layout.order[i];
      this.block = block;
      asm.bind((this.firstLabel + block) as Label);
      this.compares.begin(i > 0 && this.allocation.live.onlyPredecessor(mf, block) === this.layout.order[i - 1]);
      if (block === this.frameBlock) this.prologue();
      this.lastCall = -1;
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
        const paired = n + 1 < mf.blockStart[block + 1] && !moves.waits(((n + 1) * POSITIONS + 2) * 4) && asPair(this, instruction, mf.order[n + 1]);
        const compares = mf.op[instruction] === M.cmp;
        if (this.absorbed.has(n)) this.absorbed.delete(n);
        else if (paired) n++;
        else if (compares && this.compares.repeats(mf, instruction, asm.length)) void 0;
        else if (!withIncrement(this, n, block)) (table[mf.op[instruction]] as Emit)(this, instruction);
        if (this.accesses && mf.position[instruction] !== 0) marks.site(instruction, this.hasFrame ? this.frame : 0);
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
    return (this.firstLabel + this.layout.forwarded[block]) as Label;
  }

  /** Target of edge `which` of the current block. */
  target(which: number): number {
    return this.layout.forwarded[this.mf.edgeTarget[this.mf.firstEdge[this.block] + which]];
  }

  get next(): number {
    return this.layout.follower[this.block];
  }

  // ── users of flags ──

  private consume(i: number, consumer: number): void {
    const { asm, mf } = this;
    const condition = mf.condition[i];
    const first = mf.consumerOperand[i];
    switch (consumer) {
      case Flags.branch: return this.branch(i, condition);
      case Flags.trap: return this.jumpOn(i, condition, this.stub(i, first));
      case Flags.set: return asm.select(CSINC, 0, this.place(i, first), ZR, ZR, condition ^ 1);
      case Flags.moveFloat: return asm.floatSelect(word("fcsel"), mf.moveWidth[i] - 2, this.float(i, first), this.float(i, first + 1), this.float(i, first + 2), condition);
      case Flags.addCarry: return asm.rrr(word("adc"), 1, this.place(i, first), this.place(i, first + 1), this.place(i, first + 2));
      case Flags.subtractCarry: return asm.rrr(word("sbc"), 1, this.place(i, first), this.place(i, first + 1), this.place(i, first + 2));
      default: asm.select(conditionalMoves[consumer], mf.moveWidth[i] === 3 ? 1 : 0, this.place(i, first), this.place(i, first + 1), this.place(i, first + 2), condition);
    }
  }

  /** Jumps if the flags of instruction `i` say so, or what it would have compared. */
  private jumpOn(i: number, condition: number, label: Label): void {
    const { asm, mf } = this;
    const not = condition === NE ? 1 : 0;
    if (mf.op[i] === M.zero) asm.jumpZero(not, this.wide(i), this.place(i, 0), label);
    else if (mf.op[i] === M.bit) asm.jumpBit(not, this.place(i, 0), mf.immediate[i], label);
    else asm.jumpIf(condition, label);
  }

  private branch(i: number, condition: number): void {
    const { asm, next } = this;
    const [yes, no] = [this.target(0), this.target(1)];
    const label = (block: number): Label => (this.firstLabel + block) as Label;
    if (yes === no) {
      if (yes !== next) asm.jump(label(yes));
    } else if (yes === next) this.jumpOn(i, condition ^ 1, label(no));
    else {
      this.jumpOn(i, condition, label(yes));
      if (no !== next) asm.jump(label(no));
    }
  }

  /** Where the program does not come; after a call that says so, what is small needs nothing. */
  end(): void {
    const { asm } = this;
    if (!this.small || this.lastCall !== asm.length) asm.emit(word("udf"));
  }

  /** macOS takes the number in x16 and tells of an error by the carry flag. */
  systemCall(): void {
    const { asm } = this;
    if (this.context.options.platform?.systemCalls !== "carry") {
      asm.emit(word("svc"));
      return;
    }
    asm.rrr(word("orr_shifted"), 1, SCRATCH, ZR, 8);
    asm.emit(word("svc") | (0x80 << 5));
    asm.select(word("csneg"), 1, 0, 0, 0, LO);
  }

  /** Before a call that does not return, where the return address is in x30 still: its trace wants it in memory. */
  beforeCall(): void {
    if (!this.hasFrame || this.frame === 0) this.asm.pair(PUSH_PAIR, FP, LR, SP, -2);
    else if (this.leaf) this.at(STORE, LR, SP, this.frame);
  }

  markSite(i: number): void {
    this.lastCall = this.asm.length;
    this.marks.site(i, this.hasFrame && this.frame > 0 ? this.frame : 8);
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
        asm.emit(word("udf"));
        return;
      }
      const framed = stub.framed && this.frame > 0;
      if (!framed) asm.pair(PUSH_PAIR, FP, LR, SP, -2);
      else if (this.leaf) this.at(STORE, LR, SP, this.frame);
      asm.callSymbol(handler);
      this.marks.stubSite(s, framed ? this.frame : 8);
    });
    if (stubs.all.length > 0 && !this.small) asm.emit(word("udf"));
  }
}

const missing: Emit = ({ mf }, i) => {
  throw new Error(`codegen/arm64/emit.missing: no code for ${machineOpNames[mf.op[i]]}`);
};
const table: readonly Emit[] = Object.assign(new Array<Emit>(machineOpNames.length).fill(missing), operationEmitters, controlEmitters);
