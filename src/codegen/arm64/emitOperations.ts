/** Machine code of arithmetic, floats, memory blocks and atomics, by opcode. */
import { GT, HS, LO, LT, NE, UXTX, ZR } from "../../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../../encoders/arm64/table.ts";
import type { MachineEmitter } from "./emit.ts";
import { floatLoads, floatStores, loads, signedLoads, stores } from "./emitState.ts";
import type { Access } from "./emitState.ts";
import { M, Second } from "./machineOps.ts";
import { FLOAT_SCRATCH, SCRATCH, SCRATCH2 } from "./registerFile.ts";

type Emit = (e: MachineEmitter, i: number) => void;
type Emitters = Readonly<Record<number, Emit>>;
const SUBS = word("subs_shifted");
const SUBS_I = word("subs_immediate");
const SUBS_X = word("subs_extended");
const ADD = word("add_shifted");
const UBFM = word("ubfm");
const CSEL = word("csel");

/** op d, a, second. `hasResult` false: the result is the zero register. */
function second(shifted: number, immediate: number, extended: number, logic: boolean, hasResult = true): Emit {
  return (e, i) => {
    const { asm, mf } = e;
    const wide = e.wide(i);
    const first = hasResult ? 1 : 0;
    const d = hasResult ? e.place(i, 0) : ZR;
    const a = e.place(i, first);
    const kind = mf.scale[i];
    const amount = mf.immediate[i];
    if (kind === Second.immediate) {
      if (logic) asm.bitmask(immediate, wide, d, a, amount);
      else asm.immediate(immediate, wide, d, a, amount);
      return;
    }
    const b = e.place(i, first + 1);
    if (kind >= Second.extended) asm.extended(extended, wide, d, a, b, kind - Second.extended, amount);
    else if (kind >= Second.shifted) asm.shifted(shifted, wide, d, a, b, kind - Second.shifted, amount);
    else asm.rrr(shifted, wide, d, a, b);
  };
}

const sum = (name: "add" | "sub" | "adds" | "subs"): Emit => second(word(`${name}_shifted`), word(`${name}_immediate`), word(`${name}_extended`), false);
const logic = (name: "and" | "orr" | "eor"): Emit => second(word(`${name}_shifted`), word(`${name}_immediate`), 0, true);
const inverted = (name: "bic" | "orn" | "eon"): Emit => second(word(`${name}_shifted`), 0, 0, true);
const three = (row: number): Emit => (e, i) => e.asm.rrr(row, e.wide(i), e.place(i, 0), e.place(i, 1), e.place(i, 2));
const long = (row: number): Emit => (e, i) => e.asm.rrr(row, 0, e.place(i, 0), e.place(i, 1), e.place(i, 2));
const four = (row: number): Emit => (e, i) => e.asm.rrrr(row, e.wide(i), e.place(i, 0), e.place(i, 1), e.place(i, 2), e.place(i, 3));
const two = (row: number): Emit => (e, i) => e.asm.rr(row, e.wide(i), e.place(i, 0), e.place(i, 1));
const bitfield = (row: number): Emit => (e, i) => e.asm.bitfield(row, e.wide(i), e.place(i, 0), e.place(i, 1), e.mf.immediate[i] & 63, e.mf.immediate[i] >> 6);
const MUL_LONG = 31 << 10;

const floats = (row: number): Emit => (e, i) => e.asm.fff(row, e.mf.width[i] - 2, e.float(i, 0), e.float(i, 1), e.float(i, 2));
const float = (row: number): Emit => (e, i) => e.asm.ff(row, e.mf.width[i] - 2, e.float(i, 0), e.float(i, 1));

function popcount(e: MachineEmitter, i: number): void {
  const { asm } = e;
  asm.rr(e.mf.width[i] === 3 ? word("fmov_d_x") : word("fmov_s_w"), 0, FLOAT_SCRATCH, e.place(i, 1));
  asm.rr(word("cnt_8b"), 0, FLOAT_SCRATCH, FLOAT_SCRATCH);
  asm.rr(word("addv_8b"), 0, FLOAT_SCRATCH, FLOAT_SCRATCH);
  asm.rr(word("fmov_w_s"), 0, e.place(i, 0), FLOAT_SCRATCH);
}

function copySign(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  asm.emit(word("movi_2d") | FLOAT_SCRATCH);
  asm.rr(mf.width[i] === 3 ? word("fneg_2d") : word("fneg_4s"), 0, FLOAT_SCRATCH, FLOAT_SCRATCH);
  asm.ff(word("fmov"), 1, e.float(i, 0), e.float(i, 1));
  asm.rrr(word("bit_16b"), 0, e.float(i, 0), e.float(i, 2), FLOAT_SCRATCH);
}

/** ccmp or ccmn: compares if the flags meet a condition, and else makes flags as given. */
function compareIf(e: MachineEmitter, i: number): void {
  const { mf } = e;
  const how = mf.displacement[i];
  const immediate = mf.scale[i] === Second.immediate;
  const row = word(immediate ? (how >> 8 === 1 ? "ccmn_immediate" : "ccmp_immediate") : "ccmp_register");
  e.asm.emit(row | (e.wide(i) << 31) | ((immediate ? mf.immediate[i] : e.place(i, 1)) << 16) | ((how & 15) << 12) | (e.place(i, 0) << 5) | ((how >> 4) & 15));
}

/** Into 8 or 16 bits: signed from both sides, unsigned from above. */
function clamp(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const [d, a] = [e.place(i, 0), e.place(i, 1)];
  const bits = 8 << mf.width[i];
  const signed = mf.extra[i] === 1;
  const limit = (value: number, from: number, condition: number): void => {
    e.integer(SCRATCH, value, value >> 31);
    asm.rrr(SUBS, 0, ZR, from, SCRATCH);
    asm.select(CSEL, 0, d, from, SCRATCH, condition);
  };
  limit(2 ** (signed ? bits - 1 : bits) - 1, a, signed ? LT : LO);
  if (signed) limit(-(2 ** (bits - 1)), d, GT);
}

/** Loads and stores that cover `size` bytes: the last may overlap the one before. */
function pieces(size: number): readonly (readonly [at: number, log: number])[] {
  const list: [number, number][] = [];
  for (let at = 0; at < size; ) {
    const left = size - at;
    let log = left >= 16 ? 4 : left >= 8 ? 3 : left >= 4 ? 2 : left >= 2 ? 1 : 0;
    if (size >= 16 && left < 16) {
      at = size - 16;
      log = 4;
    }
    list.push([at, log]);
    at += 1 << log;
  }
  return list;
}

function copyBlock(e: MachineEmitter, i: number): void {
  for (const [at, log] of pieces(e.mf.immediate[i])) {
    const [load, store, t] = log === 4 ? [floatLoads[2], floatStores[2], FLOAT_SCRATCH] : [loads[log], stores[log], SCRATCH];
    e.at(load as Access, t, e.place(i, 1), at);
    e.at(store as Access, t, e.place(i, 0), at);
  }
}

function fillBlock(e: MachineEmitter, i: number): void {
  const word32 = Math.imul(e.mf.extra[i], 0x01010101);
  e.integer(SCRATCH, word32, word32);
  e.asm.rr(word("dup_16b"), 0, FLOAT_SCRATCH, SCRATCH);
  for (const [at, log] of pieces(e.mf.immediate[i])) {
    const [store, t] = log === 4 ? [floatStores[2], FLOAT_SCRATCH] : [stores[log], SCRATCH];
    e.at(store as Access, t, e.place(i, 0), at);
  }
}

/** Operands: scratch, to, from (or the byte), count. A byte at a time: for programs without the library's routines. */
function loop(kind: "copy" | "move" | "fill"): Emit {
  return (e, i) => {
    const { asm } = e;
    const [index, to, from, count] = [e.place(i, 0), e.place(i, 1), e.place(i, 2), e.place(i, 3)];
    const [again, done, down, upwards] = [asm.newLabel(), asm.newLabel(), asm.newLabel(), asm.newLabel()];
    const piece = (): void => {
      if (kind !== "fill") asm.indexed((loads[0] as Access).register, SCRATCH, from, index, UXTX, 0);
      asm.indexed((stores[0] as Access).register, kind === "fill" ? from : SCRATCH, to, index, UXTX, 0);
    };
    if (kind === "move") {
      asm.rrr(SUBS, 1, SCRATCH, to, from);
      asm.rrr(SUBS, 1, ZR, SCRATCH, count);
      asm.jumpIf(HS, upwards); // no overlap that a forward copy would destroy
      asm.rrr(word("orr_shifted"), 1, index, ZR, count);
      asm.bind(down);
      asm.jumpZero(0, 1, index, done);
      asm.immediate(word("sub_immediate"), 1, index, index, 1);
      piece();
      asm.jump(down);
    }
    asm.bind(upwards);
    asm.rrr(word("orr_shifted"), 1, index, ZR, ZR);
    asm.bind(again);
    asm.rrr(SUBS, 1, ZR, index, count);
    asm.jumpIf(HS, done);
    piece();
    asm.immediate(word("add_immediate"), 1, index, index, 1);
    asm.jump(again);
    asm.bind(done);
    if (kind !== "move") asm.bind(down);
  };
}

const exclusive = (name: string, width: number): number => memoryWord(`${name}_${8 << width}`);

/** One instruction of the Large System Extensions. Operands as below. */
function atomicAtOnce(e: MachineEmitter, i: number, kind: number): void {
  const [d, address, value] = [e.place(i, 0), e.place(i, 1), e.place(i, 2)];
  const width = e.mf.width[i];
  const name = kind === M.atomicCompare ? "casal" : kind === M.atomicAdd ? "ldaddal" : "swpal";
  if (kind !== M.atomicCompare) return e.asm.emit(exclusive(name, width) | (value << 16) | (address << 5) | d);
  e.asm.rrr(word("orr_shifted"), 1, d, ZR, value);
  e.asm.emit(exclusive(name, width) | (d << 16) | (address << 5) | e.place(i, 3));
}

/** Operands: result, address, value (expected, new). Load-exclusive, store-exclusive, again. */
function atomicLoop(kind: number): Emit {
  return (e, i) => {
    if (e.atomics) return atomicAtOnce(e, i, kind);
    const { asm, mf } = e;
    const width = mf.width[i];
    const [d, address, value] = [e.place(i, 0), e.place(i, 1), e.place(i, 2)];
    const [again, done] = [asm.newLabel(), asm.newLabel()];
    asm.bind(again);
    asm.emit(exclusive("ldaxr", width) | (address << 5) | d);
    let stored = value;
    if (kind === M.atomicCompare) {
      asm.rrr(SUBS, e.wide(i), ZR, d, value);
      asm.jumpIf(NE, done);
      stored = e.place(i, 3);
    } else if (kind === M.atomicAdd) {
      asm.rrr(ADD, 1, SCRATCH, d, value);
      stored = SCRATCH;
    }
    asm.emit(exclusive("stlxr", width) | (SCRATCH2 << 16) | (address << 5) | stored);
    asm.jumpZero(1, 0, SCRATCH2, again);
    asm.bind(done);
  };
}

const access = (rows: readonly Access[], less: number, isFloat: boolean): Emit => (e, i) => e.memory(i, rows[e.mf.width[i] - less] as Access, isFloat ? e.float(i, 0) : e.place(i, 0));

export const operationEmitters: Emitters = {
  [M.add]: sum("add"), [M.sub]: sum("sub"), [M.adds]: sum("adds"), [M.subs]: sum("subs"), [M.and]: logic("and"), [M.orr]: logic("orr"), [M.eor]: logic("eor"),
  [M.bic]: inverted("bic"), [M.orn]: inverted("orn"), [M.eon]: inverted("eon"), [M.ccmp]: compareIf, [M.zero]: () => {}, [M.bit]: () => {},
  [M.cmn]: second(word("adds_shifted"), word("adds_immediate"), word("adds_extended"), false, false),
  [M.cmp]: second(SUBS, SUBS_I, SUBS_X, false, false), [M.tst]: second(word("ands_shifted"), word("ands_immediate"), 0, true, false),
  [M.mul]: three(word("madd") | MUL_LONG), [M.madd]: four(word("madd")), [M.msub]: four(word("msub")),
  [M.smull]: long(word("smaddl") | MUL_LONG), [M.umull]: long(word("umaddl") | MUL_LONG), [M.smulh]: long(word("smulh")), [M.umulh]: long(word("umulh")),
  [M.sdiv]: three(word("sdiv")), [M.udiv]: three(word("udiv")), [M.lsl]: three(word("lslv")), [M.lsr]: three(word("lsrv")), [M.asr]: three(word("asrv")), [M.ror]: three(word("rorv")),
  [M.bitfieldUnsigned]: bitfield(UBFM), [M.bitfieldSigned]: bitfield(word("sbfm")),
  [M.rotateImmediate]: (e, i) => {
    const wide = e.wide(i);
    const a = e.place(i, 1);
    e.asm.emit(word("extr") | (wide << 31) | (wide << 22) | (a << 16) | (e.mf.immediate[i] << 10) | (a << 5) | e.place(i, 0));
  },
  [M.rbit]: two(word("rbit")), [M.clz]: two(word("clz")), [M.rev16]: two(word("rev16")), [M.popcount]: popcount,
  [M.rev]: (e, i) => e.asm.rr(e.mf.width[i] === 3 ? word("rev_x") : word("rev_w"), 0, e.place(i, 0), e.place(i, 1)),
  [M.constant]: (e, i) => e.materialize(e.place(i, 0), e.mf.immediate[i]),
  [M.load]: access(loads, 0, false), [M.loadSigned]: (e, i) => e.memory(i, signedLoads[e.mf.moveWidth[i] - 2]?.[e.mf.width[i]] as Access, e.place(i, 0)), [M.store]: access(stores, 0, false), [M.fload]: access(floatLoads, 2, true), [M.fstore]: access(floatStores, 2, true),
  [M.fadd]: floats(word("fadd")), [M.fsub]: floats(word("fsub")), [M.fmul]: floats(word("fmul")), [M.fdiv]: floats(word("fdiv")),
  [M.fsqrt]: float(word("fsqrt")), [M.fneg]: float(word("fneg")), [M.fabs]: float(word("fabs")), [M.frintn]: float(word("frintn")),
  [M.frintp]: float(word("frintp")), [M.frintm]: float(word("frintm")), [M.frintz]: float(word("frintz")), [M.fcopysign]: copySign,
  [M.fma]: (e, i) => e.asm.ffff(word("fmadd"), e.mf.width[i] - 2, e.float(i, 0), e.float(i, 1), e.float(i, 2), e.float(i, 3)),
  [M.fcmp]: (e, i) => e.asm.fff(word("fcmp"), e.mf.width[i] - 2, 0, e.float(i, 0), e.float(i, 1)),
  [M.fcmpZero]: (e, i) => e.asm.fff(word("fcmp_zero"), e.mf.width[i] - 2, 0, e.float(i, 0), 0),
  [M.fpromote]: (e, i) => e.asm.rr(word("fcvt_d_s"), 0, e.float(i, 0), e.float(i, 1)), [M.fdemote]: (e, i) => e.asm.rr(word("fcvt_s_d"), 0, e.float(i, 0), e.float(i, 1)),
  [M.intToFloat]: (e, i) => e.asm.convert(word("scvtf"), e.mf.moveWidth[i] - 2, e.mf.width[i] - 2, e.float(i, 0), e.place(i, 1)),
  [M.u64ToFloat]: (e, i) => e.asm.convert(word("ucvtf"), e.mf.moveWidth[i] - 2, e.mf.width[i] - 2, e.float(i, 0), e.place(i, 1)),
  [M.floatToInt]: (e, i) => e.asm.convert(word("fcvtzs"), e.mf.moveWidth[i] - 2, e.mf.width[i] - 2, e.place(i, 0), e.float(i, 1)),
  [M.floatToUnsigned]: (e, i) => e.asm.convert(word("fcvtzu"), e.mf.moveWidth[i] - 2, e.mf.width[i] - 2, e.place(i, 0), e.float(i, 1)),
  [M.clamp]: clamp,
  [M.toFloatBits]: (e, i) => e.asm.rr(e.mf.width[i] === 3 ? word("fmov_d_x") : word("fmov_s_w"), 0, e.float(i, 0), e.place(i, 1)),
  [M.fromFloatBits]: (e, i) => e.asm.rr(e.mf.width[i] === 3 ? word("fmov_x_d") : word("fmov_w_s"), 0, e.place(i, 0), e.float(i, 1)),
  [M.copyBlock]: copyBlock, [M.fillBlock]: fillBlock, [M.copyLoop]: loop("copy"), [M.moveLoop]: loop("move"), [M.fillLoop]: loop("fill"),
  [M.atomicLoad]: (e, i) => e.asm.emit(exclusive("ldar", e.mf.width[i]) | (e.place(i, 1) << 5) | e.place(i, 0)),
  [M.atomicStore]: (e, i) => e.asm.emit(exclusive("stlr", e.mf.width[i]) | (e.place(i, 0) << 5) | e.place(i, 1)),
  [M.atomicAdd]: atomicLoop(M.atomicAdd), [M.atomicSwap]: atomicLoop(M.atomicSwap), [M.atomicCompare]: atomicLoop(M.atomicCompare),
  [M.fence]: (e) => e.asm.emit(word("dmb") | (11 << 8)),
};
