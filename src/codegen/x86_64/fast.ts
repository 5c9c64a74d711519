/**
 * The -O0 compiler: one walk that counts uses, one that writes code, straight from IR, registers handed out on the way (fastState.ts).
 * A comparison stays open when the next instruction is its only user, and becomes flags there; so does pointer arithmetic.
 */

import type { Label } from "../../../encoders/codeBuffer.ts";
import { DISP32, RSP } from "../../../encoders/x86_64/registers.ts";
import type { Block, IrFunction } from "../../ir/function.ts";
import { Op, opListOperand, opNames, opValueOperands, opEffects, Effect } from "../../ir/ops.ts";
import type { CompilerContext } from "../target.ts";
import { linuxPlatform } from "../platform.ts";
import type { Platform } from "../platform.ts";
import { FIRST_WINDOWS_FLOAT, Placements, SHADOW_SPACE, WINDOWS_FLOATS, XMM0, windowsSaved } from "./convention.ts";
import type { CountedPlacement } from "./convention.ts";
import { PROBE_FROM, emitProbe } from "./entry.ts";
import { featuresOf } from "./features.ts";
import type { Features } from "./features.ts";
import { controlHandlers } from "./fastControl.ts";
import { callHandlers, emitStubs } from "./fastCalls.ts";
import { floatHandlers } from "./fastFloat.ts";
import { comparisonHandlers } from "./fastCompare.ts";
import { integerHandlers } from "./fastInteger.ts";
import { memoryHandlers } from "./fastMemory.ts";
import { FLOAT_SCRATCH, FastState, SCRATCH } from "./fastState.ts";
import * as rows from "./rows.ts";
import { fillJumpTables } from "../switchPlan.ts";
import type { JumpTable } from "../switchPlan.ts";

export type Handler = (c: FastCompiler, v: number) => void;
export type Handlers = readonly (readonly [Op, Handler])[];

const NONE = -1;

const missing: Handler = ({ f }, v) => {
  throw new Error(`codegen/x86_64/fast.missing: no code for ${opNames[f.op[v]]}`);
};
const table: Handler[] = opNames.map(() => missing);
for (const group of [integerHandlers, comparisonHandlers, memoryHandlers, controlHandlers, callHandlers, floatHandlers]) {
  for (const [op, handler] of group) table[op] = handler;
}

const isTestable = new Uint8Array(128);
for (const op of [Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge, Op.feq, Op.fne, Op.flt, Op.fle, Op.fgt, Op.fge]) isTestable[op] = 1;

/** A check that failed ends up in a stub behind the function: label, trap code, position, inline site, operands. */
export interface Stubs {
  count: number;
  label: Int32Array;
  trap: Int32Array;
  position: Int32Array;
  site: Int32Array;
  /** First operand in `operands`; each is (kind of place, number): see fastCalls.ts. */
  firstOperand: Int32Array;
  operandCount: Int32Array;
}

export class FastCompiler extends FastState {
  readonly context: CompilerContext;
  readonly platform: Platform;
  readonly placements: Placements;
  readonly stubs: Stubs = {
    count: 0, label: new Int32Array(64), trap: new Int32Array(64), position: new Int32Array(64), site: new Int32Array(64),
    firstOperand: new Int32Array(64), operandCount: new Int32Array(64),
  };
  readonly stubOperands: number[] = [];
  /** Jump tables of the function. */
  readonly tables: JumpTable[] = [];
  /** Label of block b is blockLabels + b. */
  blockLabels = 0;
  /** The block that follows in the code, to fall through to. */
  nextBlock = -1;
  /** The comparison or pointer addition left open for the next instruction. */
  open = 0;
  /** A home for the target of an indirect call with stack arguments, -1 until there is one. */
  spareAt = -1;
  /** Where the registers are kept that Windows wants back. */
  private windowsAt = 0;
  private readonly lines: boolean;
  private readonly accesses: boolean;
  readonly features: Features;

  constructor(context: CompilerContext) {
    super(context.objects);
    this.context = context;
    this.platform = context.options.platform ?? linuxPlatform;
    this.placements = new Placements(this.platform.calls);
    this.features = featuresOf(context.options.features ?? []);
    this.lines = context.options.lines === true;
    this.accesses = context.options.accesses === true;
  }

  compile(f: IrFunction): void {
    const { asm, context } = this;
    const { trace } = context;
    this.begin(f);
    asm.beginRegion(false);
    const start = asm.length;
    const firstSite = trace.siteCount;
    const firstLine = trace.lineCount;
    this.stubs.count = 0;
    this.stubOperands.length = 0;
    this.tables.length = 0;
    this.open = 0;
    this.spareAt = -1;
    this.blockLabels = asm.newLabels(f.blockCount);
    this.frameUsed = this.scan();
    if (this.savesWindowsRegisters()) {
      this.windowsAt = this.frameUsed;
      this.frameUsed += windowsSaved.length * 8 + WINDOWS_FLOATS * 16;
    }
    this.placeSlots();
    this.prologue();
    this.enter();
    const order = f.order;
    for (let i = 0; i < order.length; i++) {
      const block = order[i] as number;
      this.nextBlock = i + 1 < order.length ? (order[i + 1] as number) : -1;
      asm.bind((this.blockLabels + block) as Label);
      if (i > 0) this.emptyRegisters();
      if (i > 0) for (let p = f.firstParam[block] as number; p !== 0; p = f.next[p] as number) this.stored[p] = 1;
      for (let v = f.first[block] as number; v !== 0; v = f.next[v] as number) {
        this.locked = 0;
        if (this.lines && f.position[v] !== 0) trace.addLine(asm.length, f.position[v] as number, f.site[v] as number);
        (table[f.op[v] as number] as Handler)(this, v);
        if (this.accesses && f.position[v] !== 0) trace.addSite(asm.length, f.position[v] as number, f.site[v] as number, 0);
      }
    }
    emitStubs(this);
    const frame = this.frameSize();
    for (let i = 0; i < this.framePatches.length; i++) {
      asm.patch32(this.framePatches[i] as number, frame * (i < this.entryPatches ? -1 : 1) + (this.framePatchAddends[i] as number));
    }
    asm.endRegion();
    if (this.tables.length > 0) fillJumpTables(this.tables, this.asm, start, this.f.symbol, this.context.objects);
    for (let site = firstSite; site < trace.siteCount; site++) trace.siteFrame[site] = frame;
    if (context.options.slots === true) trace.addSlots(f.slotCount, this.slotAt, frame + 8);
    trace.addFunction(f.symbol, start, asm.length - start, frame, firstSite, firstLine);
    context.objects.defineFunction(f.symbol, start, asm.length - start);
  }

  label(block: number): Label {
    return (this.blockLabels + block) as Label;
  }

  /** May the comparison `v` become flags in the instruction after it? */
  fusesWithNext(v: number): boolean {
    const { f } = this;
    if (this.uses[v] !== 1 || this.cross[v] === 1) return false;
    const user = f.next[v] as number;
    if (user === 0 || f.a[user] !== v) return false;
    const op = f.op[user];
    return op === Op.branch || op === Op["trap.if"] || (op === Op.select && f.b[user] !== v && f.c[user] !== v);
  }

  isComparison(v: number): boolean {
    return isTestable[this.f.op[v] as number] === 1;
  }

  private frameSize(): number {
    // rsp is 8 off a multiple of 16 at entry, and a multiple of 16 at calls.
    return ((this.frameUsed + 15) & ~15) + 8;
  }

  /** Counts uses and finds values used in other blocks; returns the bytes that outgoing stack arguments need. */
  private scan(): number {
    const { f, uses, cross } = this;
    const { op: ops, a, b, c, block: blocks, pool } = f;
    const { order } = f;
    let outgoing = this.platform.calls === "windows" ? SHADOW_SPACE : 0;
    const inRegisters = this.platform.calls === "windows" ? 4 : 6;
    for (let i = 0; i < order.length; i++) {
      const block = order[i] as Block;
      // Edges write a block's parameters to their homes; those of the function arrive in registers.
      if (i > 0) for (let p = f.firstParam[block] as number; p !== 0; p = f.next[p] as number) cross[p] = 1;
      for (let v = f.first[block] as number; v !== 0; v = f.next[v] as number) {
        const op = ops[v] as number;
        const values = opValueOperands[op] as number;
        if ((values & 1) !== 0) {
          const x = a[v] as number;
          uses[x]++;
          if (blocks[x] !== block) cross[x] = 1;
        }
        if ((values & 2) !== 0) {
          const x = b[v] as number;
          uses[x]++;
          if (blocks[x] !== block) cross[x] = 1;
        }
        if ((values & 4) !== 0) {
          const x = c[v] as number;
          uses[x]++;
          if (blocks[x] !== block) cross[x] = 1;
        }
        const which = opListOperand[op] as number;
        if (which !== 0) {
          const list = (which === 1 ? a[v] : which === 2 ? b[v] : c[v]) as number;
          if (list !== 0) {
            const length = pool[list] as number;
            for (let at = list + 1; at <= list + length; at++) {
              const x = pool[at] as number;
              uses[x]++;
              if (blocks[x] !== block) cross[x] = 1;
            }
            if (((opEffects[op] as number) & Effect.calls) !== 0 && (length > inRegisters || this.isPlaced(v))) {
              const size = this.callPlacement(v).stackSize;
              if (size > outgoing) outgoing = size;
            }
          }
        } else if (op === Op.jump || op === Op.branch || op === Op.switch) {
          const count = f.successorCount(block);
          for (let s = 0; s < count; s++) {
            const edge = f.successor(block, s);
            const from = f.edgeArgs[edge] as number;
            for (let at = from, end = from + (f.edgeArgCount[edge] as number); at < end; at++) {
              const x = pool[at] as number;
              uses[x]++;
              if (blocks[x] !== block) cross[x] = 1;
            }
          }
        }
      }
    }
    return outgoing;
  }

  /** The front end says where the arguments of this call go. */
  private isPlaced(v: number): boolean {
    const { f } = this;
    const { signatures, functionSignatures } = this.context.module;
    const id = (f.op[v] === Op.call ? functionSignatures[f.a[v] as number] : f.op[v] === Op["call.indirect"] ? f.c[v] : -1) as number;
    return signatures[id]?.passing !== undefined;
  }

  /** Where the arguments of a call go. A variadic call is placed by its actual arguments. */
  callPlacement(v: number): CountedPlacement {
    const { f, context, placements } = this;
    const { module } = context;
    const direct = f.op[v] === Op.call;
    const id = (direct ? module.functionSignatures[f.a[v] as number] : f.c[v]) as number;
    const signature = module.signatures[id];
    if (signature === undefined) throw new Error("codegen/x86_64/fast.callPlacement: a call without signature");
    return placements.ofCall(f, f.b[v] as number, id, signature);
  }

  private placeSlots(): void {
    const { f } = this;
    if (f.slotCount > this.slotAt.length) this.slotAt = new Int32Array(f.slotCount * 2);
    let at = this.frameUsed;
    for (let slot = 0; slot < f.slotCount; slot++) {
      // The frame is aligned to 16; a slot that asks for more gets no more (irgen does not).
      const alignment = Math.min(16, Math.max(1, f.slotAlignment[slot] as number));
      at = (at + alignment - 1) & -alignment;
      this.slotAt[slot] = at;
      at += f.slotSize[slot] as number;
    }
    this.frameUsed = (at + 7) & ~7;
  }

  /** How many of the frame patches are the prologue's, which subtracts. */
  private entryPatches = 0;

  private prologue(): void {
    const { asm, f } = this;
    // Homes are not placed yet: assume that every value needs one.
    const atMost = this.frameUsed + f.valueCount * 8;
    if (atMost >= PROBE_FROM) {
      this.framePatches.push(emitProbe(asm, 1 << 24));
      this.framePatchAddends.push(0);
    }
    asm.rm(rows.lea64, RSP, RSP, NONE, DISP32, 0);
    this.patchFrame(0);
    this.entryPatches = this.framePatches.length;
    if (this.savesWindowsRegisters()) this.windowsRegisters(true);
  }

  /** Whether Windows calls this function: more registers are its caller's then. */
  private savesWindowsRegisters(): boolean {
    return this.platform.calls === "windows" && this.context.module.signatures[this.f.signature]?.convention === "c";
  }

  /** Saves them below the slots, or takes them back. */
  private windowsRegisters(save: boolean): void {
    let at = this.windowsAt;
    for (const register of windowsSaved) {
      if (save) this.storeRegister(register, at);
      else this.loadRegister(register, at);
      at += 8;
    }
    for (let i = 0; i < WINDOWS_FLOATS; i++) {
      if (save) this.asm.mr(rows.movupsStore, RSP, NONE, 0, at, FIRST_WINDOWS_FLOAT + i);
      else this.asm.rm(rows.movups, FIRST_WINDOWS_FLOAT + i, RSP, NONE, 0, at);
      at += 16;
    }
  }

  epilogue(): void {
    if (this.savesWindowsRegisters()) this.windowsRegisters(false);
    this.asm.rm(rows.lea64, RSP, RSP, NONE, DISP32, 0);
    this.patchFrame(0);
    this.asm.op(rows.ret);
  }

  /** Parameters: those in registers become values there, those on the caller's stack are copied home. */
  private enter(): void {
    const { f, context, asm } = this;
    const signature = context.module.signatures[f.signature];
    if (signature === undefined) throw new Error("codegen/x86_64/fast.enter: no signature");
    const placement = this.placements.argumentsOf(f.signature, signature);
    let index = 0;
    const entry = f.order[0] as number;
    for (let p = f.firstParam[entry] as number; p !== 0; p = f.next[p] as number) {
      const place = placement.places[index++] as number;
      if (this.uses[p] !== 0 && place >= 0) this.put(p, place);
    }
    index = 0;
    for (let p = f.firstParam[entry] as number; p !== 0; p = f.next[p] as number) {
      const place = placement.places[index++] as number;
      if (this.uses[p] === 0) continue;
      if (place >= 0) {
        if (this.cross[p] === 1) this.store(p);
        continue;
      }
      const float = this.isFloat(p);
      if (float) asm.rm(rows.movsScalarLoad[1] as number, FLOAT_SCRATCH, RSP, NONE, DISP32, 0);
      else asm.rm(rows.load64, SCRATCH, RSP, NONE, DISP32, 0);
      this.patchFrame(8 - 1 - place);
      this.storeRegister(float ? XMM0 + FLOAT_SCRATCH : SCRATCH, this.home(p));
      this.stored[p] = 1;
    }
  }
}
