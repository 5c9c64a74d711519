/**
 * A function made ready for the interpreter's loop: every value gets a register, operands become register offsets, an edge becomes moves
 * and a jump. Registers: constants and slot addresses first, then the entry's parameters, then all else.
 */

import type { Block, Edge, IrFunction, List, SymbolId, Value } from "./function.ts";
import { Code } from "./interpretLoop.ts";
import { Access, type InterpreterMemory } from "./interpretMemory.ts";
import type { Machine } from "./interpretMachine.ts";
import type { Module } from "./module.ts";
import { Op, opNames } from "./ops.ts";
import { hasResult } from "./operandTypes.ts";
import { Type, typeSize } from "./types.ts";

export interface Decoded {
  readonly f: IrFunction;
  readonly code: Int32Array;
  /** The instruction that each code word belongs to. */
  readonly origin: Int32Array;
  /** First word of each value's register. */
  readonly register: Int32Array;
  readonly frameWords: number;
  /** Initial contents of the first registers. */
  readonly constants: Int32Array;
  /** `Access` of the bytes of the frame's slots and the gaps between them. */
  readonly slots: Uint8Array;
  readonly slotAddresses: readonly { readonly register: number; readonly offset: number }[];
  /** Carries out an instruction that the loop does not know. Gives a `Stop`. */
  readonly slow: (machine: Machine, v: number) => number;
}

const slotGap = 16;

/** The code of a function for interpretLoop.ts. `slow` does operations that have no code of their own. */
export function decode(module: Module, f: IrFunction, memory: InterpreterMemory, slow: (decoded: Decoded, machine: Machine, v: Value) => number): Decoded {
  return new Decoder(module, f, memory).decode(slow);
}

class Decoder {
  private readonly register: Int32Array;
  private readonly code: number[] = [];
  private readonly origin: number[] = [];
  private readonly constants: number[] = [];
  private readonly slotAddresses: { register: number; offset: number }[] = [];
  private readonly slotOffset: number[] = [];
  private words = 0;
  /** Words in `code` that hold a block's number until the blocks have places. */
  private readonly blockWords: number[] = [];
  private readonly edges: { readonly at: number; readonly edge: Edge }[] = [];
  private readonly blockStart: Int32Array;
  private readonly f: IrFunction;
  private readonly memory: InterpreterMemory;
  private readonly module: Module;

  constructor(module: Module, f: IrFunction, memory: InterpreterMemory) {
    this.f = f;
    this.memory = memory;
    this.module = module;
    this.register = new Int32Array(f.valueCount).fill(-1);
    this.blockStart = new Int32Array(f.blockCount);
  }

  decode(slow: (decoded: Decoded, machine: Machine, v: Value) => number): Decoded {
    const { f } = this;
    let end = slotGap;
    for (let slot = 0; slot < f.slotCount; slot++) {
      const alignment = Math.max(f.slotAlignment[slot] as number, 1);
      const at = Math.ceil(end / alignment) * alignment;
      this.slotOffset.push(at);
      end = at + (f.slotSize[slot] as number) + slotGap;
    }
    const slots = new Uint8Array(f.slotCount === 0 ? 0 : Math.ceil(end / 64) * 64);
    for (let slot = 0; slot < f.slotCount; slot++) slots.fill(Access.write, this.slotOffset[slot], (this.slotOffset[slot] as number) + (f.slotSize[slot] as number));
    // Floating values that nothing uses any more get a register too; there are few.
    for (let v = 1; v < f.valueCount; v++) if (f.isFloating(v as Value)) this.floating(v as Value);
    this.words = this.constants.length;
    for (const block of f.order) {
      for (let v = f.firstParam[block] as Value; v !== 0; v = f.nextOf(v)) this.assign(v);
      if (block !== f.order[0]) continue;
    }
    for (const block of f.order) for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) if (hasResult(f, v)) this.assign(v);
    for (const block of f.order) {
      this.blockStart[block] = this.code.length;
      let count = 0;
      for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) {
        const from = this.code.length;
        this.instruction(v, ++count);
        for (let i = from; i < this.code.length; i++) this.origin[i] = v;
      }
    }
    for (const { at, edge } of this.edges) this.edgeMoves(at, edge);
    for (const at of this.blockWords) this.code[at] = this.blockStart[this.code[at] as number] as number;
    const decoded: Decoded = {
      f, code: Int32Array.from(this.code), origin: Int32Array.from(this.origin), register: this.register, frameWords: this.words,
      constants: Int32Array.from(this.constants), slots, slotAddresses: this.slotAddresses,
      slow: (machine, v) => slow(decoded, machine, v as Value),
    };
    return decoded;
  }

  private assign(v: Value): void {
    this.register[v] = this.words;
    this.words += 4;
  }

  private floating(v: Value): void {
    const { f, constants } = this;
    this.register[v] = constants.length;
    const op = f.opOf(v);
    if (op === Op.const) {
      const more = typeSize[f.typeOf(v)] === 16 ? (f.c[v] as number) : 0;
      constants.push(f.a[v] as number, f.b[v] as number, more === 0 ? 0 : (f.pool[more + 1] as number), more === 0 ? 0 : (f.pool[more + 2] as number));
    } else if (op === Op.address) {
      const address = this.memory.addressOf(f.a[v] as SymbolId) + (f.b[v] as number);
      constants.push(address | 0, Math.floor(address / 4294967296), 0, 0);
    } else {
      this.slotAddresses.push({ register: constants.length, offset: this.slotOffset[f.a[v] as number] as number });
      constants.push(0, 0, 0, 0);
    }
  }

  private at(v: number): number {
    return this.register[v] as number;
  }

  private instruction(v: Value, count: number): void {
    const { f, code } = this;
    const op = f.opOf(v);
    const type = f.typeOf(v);
    const d = this.at(v);
    const a = f.a[v] as number;
    const b = f.b[v] as number;
    const c = f.c[v] as number;
    switch (op) {
      case Op.result: return;
      case Op.jump: return this.jump(a as Edge, count);
      case Op.branch: {
        code.push(Code.BRANCH, this.at(a), 0, 0, count);
        this.target(code.length - 3, b as Edge);
        this.target(code.length - 2, c as Edge);
        return;
      }
      case Op.switch: {
        const cases = f.switchCount(v);
        const from = code.length;
        code.push(Code.SWITCH, this.at(a), typeSize[f.typeOf(a as Value)] === 8 ? 1 : 0, cases, count, 0);
        this.target(from + 5, c as Edge);
        for (let i = 0; i < cases; i++) {
          code.push(f.switchLow(v, i), f.switchHigh(v, i), 0);
          this.target(code.length - 1, f.switchEdge(v, i));
        }
        return;
      }
      case Op.return: {
        const list = a as List;
        code.push(Code.RETURN, count, f.listLength(list));
        for (let i = 0; i < f.listLength(list); i++) code.push(this.at(f.listItem(list, i)));
        return;
      }
      case Op.call: return void this.call(v, Code.CALL, a, b as List);
      case Op["call.indirect"]: return void this.call(v, Code.CALL_INDIRECT, this.at(a), b as List);
      case Op["trap.if"]: return void code.push(Code.TRAP_IF, this.at(a), b, c);
      case Op.trap: return void code.push(Code.TRAP, a, b);
      case Op.unreachable: return void code.push(Code.UNREACHABLE);
      case Op.copy:
      case Op.move: return void code.push(Code.COPY, this.at(a), this.at(b), this.at(c));
      case Op.fill: return void code.push(Code.FILL, this.at(a), this.at(b), this.at(c));
      case Op.select: return void code.push(Code.SELECT, d, this.at(a), this.at(b), this.at(c));
      case Op.load:
      case Op["atomic.load"]: return void this.memoryAccess(v, loadCodes, type, d, this.at(a), op === Op.load ? b : 0);
      case Op.store:
      case Op["atomic.store"]: return void this.memoryAccess(v, storeCodes, f.typeOf(a as Value), this.at(a), this.at(b), op === Op.store ? c : 0);
      case Op.fence: return;
    }
    if (!this.fast(op, type, d, a, b, c)) code.push(Code.SLOW, v);
  }

  /** The operations that the loop knows for these types. */
  private fast(op: Op, type: Type, d: number, a: number, b: number, c: number): boolean {
    const { f, code } = this;
    const from = f.typeOf(a as Value);
    const size = typeSize[from] as number;
    const float = from === Type.f64 || from === Type.f32;
    const ra = this.at(a);
    const rb = this.at(b);
    if (from === Type.f64) {
      const known = floatCodes[op];
      if (known !== undefined) {
        if (op === Op.fsqrt) code.push(known, d, ra);
        else if (op === Op.fgt || op === Op.fge) code.push(known, d, rb, ra);
        else code.push(known, d, ra, rb);
        return true;
      }
    }
    if (float && !(op === Op.bitcast)) return false;
    if (size > 8) return false;
    const wide = size === 8;
    const shift = 32 - 8 * size;
    const known = (wide ? wideCodes : narrowCodes)[op];
    if (known !== undefined) {
      const swapped = op === Op.sgt || op === Op.sge || op === Op.ugt || op === Op.uge;
      code.push(known, d, swapped ? rb : ra, swapped ? ra : rb);
      if (!wide && known <= Code.UMUL32 && !(known >= Code.AND32 && known <= Code.XOR32)) code.push(shift);
      if ((known >= Code.SADD32 && known <= Code.UMUL32) || (known >= Code.SADD64 && known <= Code.SMUL64)) code.push(c);
      return true;
    }
    const to = typeSize[type] as number;
    switch (op) {
      case Op.sext:
        if (to > 8) return false;
        code.push(to === 8 ? Code.SEXT64 : Code.MOVE, d, ra);
        return true;
      case Op.zext:
        if (to > 8) return false;
        code.push(to === 8 ? Code.ZEXT64 : Code.ZEXT32, d, ra, shift);
        return true;
      case Op.trunc:
        code.push(Code.TRUNC, d, ra, 32 - 8 * to);
        return true;
      case Op.bitcast:
        code.push(Code.MOVE, d, ra);
        return true;
      case Op.stof:
        if (type !== Type.f64) return false;
        code.push(wide ? Code.STOF64 : Code.STOF32, d, ra);
        return true;
    }
    return false;
  }

  private memoryAccess(v: Value, codes: Readonly<Record<number, number>>, type: Type, register: number, pointer: number, offset: number): void {
    const known = codes[typeSize[type] as number];
    if (known === undefined) throw new Error(`ir/interpretDecode.memoryAccess: ${opNames[this.f.opOf(v)]} of ${typeSize[type]} bytes`);
    this.code.push(known, register, pointer, offset);
  }

  private call(v: Value, kind: number, callee: number, list: List): void {
    const { f, code } = this;
    const count = f.listLength(list);
    code.push(kind, callee, count);
    for (let i = 0; i < count; i++) code.push(this.at(f.listItem(list, i)));
    const signature = kind === Code.CALL ? this.module.signatureOf(f.a[v] as SymbolId) : this.module.signatures[f.c[v] as number];
    const results = signature?.results.length ?? 0;
    const from = code.length;
    code.push(results);
    // Results that nothing asks for go to a register that nothing reads.
    const spare = this.words;
    for (let i = 0; i < results; i++) code.push(i === 0 ? this.at(v) : spare);
    for (let r = f.next[v] as number; r !== 0 && f.op[r] === Op.result; r = f.next[r] as number) code[from + 1 + (f.b[r] as number)] = this.at(r);
    if (results > 1) this.words += 4;
  }

  private jump(edge: Edge, count: number): void {
    this.moves(edge);
    this.code.push(Code.JUMP, this.f.edgeBlock(edge), count);
    this.blockWords.push(this.code.length - 2);
  }

  /** The word `at` of the code shall hold where to go for an edge. */
  private target(at: number, edge: Edge): void {
    if (this.f.edgeArgCount[edge] === 0) {
      this.code[at] = this.f.edgeBlock(edge);
      this.blockWords.push(at);
    } else this.edges.push({ at, edge });
  }

  private edgeMoves(at: number, edge: Edge): void {
    const from = this.code.length;
    this.code[at] = from;
    this.jump(edge, 0);
    for (let i = from; i < this.code.length; i++) this.origin[i] = 0;
  }

  /** All at once in meaning: where an argument is overwritten before it is read, all go through spare registers. */
  private moves(edge: Edge): void {
    const { f } = this;
    const count = f.edgeArgCount[edge] as number;
    const target: Block = f.edgeBlock(edge);
    const to: number[] = [];
    const from: number[] = [];
    for (let i = 0, param = f.firstParam[target] as number; i < count; i++, param = f.next[param] as number) {
      const source = this.at(f.edgeArg(edge, i));
      const destination = this.at(param);
      if (source === destination) continue;
      to.push(destination);
      from.push(source);
    }
    const clash = from.some((source, i) => to.indexOf(source) >= 0 && to.indexOf(source) < i);
    if (clash) {
      const spare = this.words;
      from.forEach((source, i) => this.code.push(Code.MOVE128, spare + 4 * i, source));
      to.forEach((destination, i) => this.code.push(Code.MOVE128, destination, spare + 4 * i));
      this.words += 4 * from.length;
      return;
    }
    from.forEach((source, i) => this.code.push(Code.MOVE128, to[i] as number, source));
  }
}

const loadCodes: Readonly<Record<number, number>> = { 1: Code.LOAD8, 2: Code.LOAD16, 4: Code.LOAD32, 8: Code.LOAD64, 16: Code.LOAD128 };
const storeCodes: Readonly<Record<number, number>> = { 1: Code.STORE8, 2: Code.STORE16, 4: Code.STORE32, 8: Code.STORE64, 16: Code.STORE128 };

const narrowCodes: Readonly<Record<number, number>> = {
  [Op.add]: Code.ADD32, [Op.sub]: Code.SUB32, [Op.mul]: Code.MUL32, [Op.and]: Code.AND32, [Op.or]: Code.OR32, [Op.xor]: Code.XOR32,
  [Op.shl]: Code.SHL32, [Op.lshr]: Code.LSHR32, [Op.ashr]: Code.ASHR32, [Op.sdiv]: Code.SDIV32, [Op.srem]: Code.SREM32, [Op.udiv]: Code.UDIV32, [Op.urem]: Code.UREM32,
  [Op["sadd.trap"]]: Code.SADD32, [Op["ssub.trap"]]: Code.SSUB32, [Op["smul.trap"]]: Code.SMUL32,
  [Op["uadd.trap"]]: Code.UADD32, [Op["usub.trap"]]: Code.USUB32, [Op["umul.trap"]]: Code.UMUL32,
  [Op.eq]: Code.EQ32, [Op.ne]: Code.NE32, [Op.slt]: Code.SLT32, [Op.sle]: Code.SLE32, [Op.sgt]: Code.SLT32, [Op.sge]: Code.SLE32,
  [Op.ult]: Code.ULT32, [Op.ule]: Code.ULE32, [Op.ugt]: Code.ULT32, [Op.uge]: Code.ULE32,
};

const wideCodes: Readonly<Record<number, number>> = {
  [Op.add]: Code.ADD64, [Op["ptr.add"]]: Code.ADD64, [Op.sub]: Code.SUB64, [Op.mul]: Code.MUL64, [Op.and]: Code.AND64, [Op.or]: Code.OR64, [Op.xor]: Code.XOR64,
  [Op.shl]: Code.SHL64, [Op.lshr]: Code.LSHR64, [Op.ashr]: Code.ASHR64, [Op.sdiv]: Code.DIV64, [Op.srem]: Code.REM64,
  [Op["sadd.trap"]]: Code.SADD64, [Op["ssub.trap"]]: Code.SSUB64, [Op["smul.trap"]]: Code.SMUL64,
  [Op.eq]: Code.EQ64, [Op.ne]: Code.NE64, [Op.slt]: Code.SLT64, [Op.sle]: Code.SLE64, [Op.sgt]: Code.SLT64, [Op.sge]: Code.SLE64,
  [Op.ult]: Code.ULT64, [Op.ule]: Code.ULE64, [Op.ugt]: Code.ULT64, [Op.uge]: Code.ULE64,
};

const floatCodes: Readonly<Record<number, number>> = {
  [Op.fadd]: Code.FADD, [Op.fsub]: Code.FSUB, [Op.fmul]: Code.FMUL, [Op.fdiv]: Code.FDIV, [Op.fsqrt]: Code.FSQRT,
  [Op.feq]: Code.FEQ, [Op.fne]: Code.FNE, [Op.flt]: Code.FLT, [Op.fle]: Code.FLE, [Op.fgt]: Code.FLT, [Op.fge]: Code.FLE,
};
