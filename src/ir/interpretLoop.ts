/**
 * The interpreter's loop over decoded code (interpretDecode.ts makes it). Registers are 16 bytes each, seen as four words or two doubles;
 * integers up to 32 bits are kept sign-extended to a word, so that equal values are equal words; wider ones from the lowest word up. What is
 * rare goes through evaluate.ts; what stands here has been written out for speed (a call costs more than the operation) and is tested against it.
 */

import type { SymbolId } from "./function.ts";
import { Stop, type Machine } from "./interpretMachine.ts";
import { divide, multiply, multiplyChecked, wide } from "./interpretPairs.ts";

// Written as constants of this file so that they end up as literals in the switch. Comments give the words after the code:
// d a b c: registers (offsets in words from the frame), s: 32 - width, t: trap, n: instructions passed.
const ADD32 = 1; // d a b s
const SUB32 = 2;
const MUL32 = 3;
const AND32 = 4; // d a b
const OR32 = 5;
const XOR32 = 6;
const SHL32 = 7; // d a b s
const LSHR32 = 8;
const ASHR32 = 9;
const SDIV32 = 10;
const SREM32 = 11;
const UDIV32 = 12;
const UREM32 = 13;
const SADD32 = 14; // d a b s t
const SSUB32 = 15;
const SMUL32 = 16;
const UADD32 = 17;
const USUB32 = 18;
const UMUL32 = 19;
const ADD64 = 20; // d a b
const SUB64 = 21;
const MUL64 = 22;
const AND64 = 23;
const OR64 = 24;
const XOR64 = 25;
const SHL64 = 26;
const LSHR64 = 27;
const ASHR64 = 28;
const SADD64 = 29; // d a b t
const SSUB64 = 30;
const SMUL64 = 31;
const DIV64 = 32; // d a b; signed quotient of what doubles hold exactly
const REM64 = 33;
const EQ32 = 34; // d a b
const NE32 = 35;
const SLT32 = 36;
const SLE32 = 37;
const ULT32 = 38;
const ULE32 = 39;
const EQ64 = 40;
const NE64 = 41;
const SLT64 = 42;
const SLE64 = 43;
const ULT64 = 44;
const ULE64 = 45;
const FADD = 46;
const FSUB = 47;
const FMUL = 48;
const FDIV = 49;
const FSQRT = 50; // d a
const FEQ = 51;
const FNE = 52;
const FLT = 53;
const FLE = 54;
const SEXT64 = 55; // d a
const ZEXT32 = 56; // d a s
const ZEXT64 = 57; // d a s
const TRUNC = 58; // d a s
const STOF32 = 59; // d a: i32 to f64
const STOF64 = 60;
const SELECT = 61; // d a b c
const MOVE = 62; // d a
const MOVE128 = 63;
const LOAD8 = 64; // d a offset
const LOAD16 = 65;
const LOAD32 = 66;
const LOAD64 = 67;
const LOAD128 = 68;
const STORE8 = 69; // a b offset
const STORE16 = 70;
const STORE32 = 71;
const STORE64 = 72;
const STORE128 = 73;
const COPY = 74; // a b c
const FILL = 75; // a b c
const JUMP = 76; // pc n
const BRANCH = 77; // a pc pc n
const SWITCH = 78; // a is64 count n default (low high pc)*
const TRAP_IF = 79; // a t list
const TRAP = 80; // t list
const UNREACHABLE = 81;
const CALL = 82; // symbol argCount args… resultCount results…
const CALL_INDIRECT = 83; // a argCount args… resultCount results…
const RETURN = 84; // n count values…
const SLOW = 85; // v
const LENGTH_SLOW = 2;

export const Code = {
  ADD32, SUB32, MUL32, AND32, OR32, XOR32, SHL32, LSHR32, ASHR32, SDIV32, SREM32, UDIV32, UREM32, SADD32, SSUB32, SMUL32, UADD32, USUB32, UMUL32,
  ADD64, SUB64, MUL64, AND64, OR64, XOR64, SHL64, LSHR64, ASHR64, SADD64, SSUB64, SMUL64, DIV64, REM64,
  EQ32, NE32, SLT32, SLE32, ULT32, ULE32, EQ64, NE64, SLT64, SLE64, ULT64, ULE64, FADD, FSUB, FMUL, FDIV, FSQRT, FEQ, FNE, FLT, FLE,
  SEXT64, ZEXT32, ZEXT64, TRUNC, STOF32, STOF64, SELECT, MOVE, MOVE128, LOAD8, LOAD16, LOAD32, LOAD64, LOAD128, STORE8, STORE16, STORE32, STORE64, STORE128,
  COPY, FILL, JUMP, BRANCH, SWITCH, TRAP_IF, TRAP, UNREACHABLE, CALL, CALL_INDIRECT, RETURN, SLOW,
} as const;

/** Runs until something must be done outside; returns a `Stop`, with `pc` at the instruction in question. */
export function run(m: Machine): number {
  let { code } = m.decoded;
  let { pc, base, words: R, doubles: F } = m;
  let { bytes, view, access } = m.memory;
  for (;;) {
    switch (code[pc]) {
      case ADD32: {
        const s = code[pc + 4] as number;
        R[base + code[pc + 1]] = ((R[base + code[pc + 2]] + R[base + code[pc + 3]]) << s) >> s;
        pc += 5; continue;
      }
      case SUB32: {
        const s = code[pc + 4] as number;
        R[base + code[pc + 1]] = ((R[base + code[pc + 2]] - R[base + code[pc + 3]]) << s) >> s;
        pc += 5; continue;
      }
      case MUL32: {
        const s = code[pc + 4] as number;
        R[base + code[pc + 1]] = (Math.imul(R[base + code[pc + 2]], R[base + code[pc + 3]]) << s) >> s;
        pc += 5; continue;
      }
      case AND32: R[base + code[pc + 1]] = R[base + code[pc + 2]] & R[base + code[pc + 3]]; pc += 4; continue;
      case OR32: R[base + code[pc + 1]] = R[base + code[pc + 2]] | R[base + code[pc + 3]]; pc += 4; continue;
      case XOR32: R[base + code[pc + 1]] = R[base + code[pc + 2]] ^ R[base + code[pc + 3]]; pc += 4; continue;
      case SHL32: {
        const s = code[pc + 4] as number;
        R[base + code[pc + 1]] = (R[base + code[pc + 2]] << (R[base + code[pc + 3]] & (31 - s)) << s) >> s;
        pc += 5; continue;
      }
      case LSHR32: {
        const s = code[pc + 4] as number;
        R[base + code[pc + 1]] = ((((R[base + code[pc + 2]] << s) >>> s) >>> (R[base + code[pc + 3]] & (31 - s))) << s) >> s;
        pc += 5; continue;
      }
      case ASHR32: {
        const s = code[pc + 4] as number;
        R[base + code[pc + 1]] = R[base + code[pc + 2]] >> (R[base + code[pc + 3]] & (31 - s));
        pc += 5; continue;
      }
      case SDIV32:
      case SREM32: {
        const a = R[base + code[pc + 2]], b = R[base + code[pc + 3]], s = code[pc + 4] as number;
        if (b === 0 || (b === -1 && a === -2147483648 >> s)) return stopFault(m, pc, "a division without a result");
        R[base + code[pc + 1]] = code[pc] === SDIV32 ? (a / b) | 0 : a % b;
        pc += 5; continue;
      }
      case UDIV32:
      case UREM32: {
        const s = code[pc + 4] as number;
        const a = (R[base + code[pc + 2]] << s) >>> s;
        const b = (R[base + code[pc + 3]] << s) >>> s;
        if (b === 0) return stopFault(m, pc, "a division by zero");
        R[base + code[pc + 1]] = ((code[pc] === UDIV32 ? (a / b) >>> 0 : a % b) << s) >> s;
        pc += 5; continue;
      }
      case SADD32:
      case SSUB32:
      case SMUL32: {
        const a = R[base + code[pc + 2]], b = R[base + code[pc + 3]], s = code[pc + 4] as number;
        const exact = code[pc] === SADD32 ? a + b : code[pc] === SSUB32 ? a - b : a * b;
        const wrapped = code[pc] === SMUL32 ? (Math.imul(a, b) << s) >> s : (exact << s) >> s;
        if (exact !== wrapped && !(exact === 0 && wrapped === 0)) return stopAt(m, pc, Stop.trap);
        R[base + code[pc + 1]] = wrapped;
        pc += 6; continue;
      }
      case UADD32:
      case USUB32:
      case UMUL32: {
        const s = code[pc + 4] as number;
        const a = (R[base + code[pc + 2]] << s) >>> s;
        const b = (R[base + code[pc + 3]] << s) >>> s;
        const exact = code[pc] === UADD32 ? a + b : code[pc] === USUB32 ? a - b : a * b;
        if (exact < 0 || exact > 4294967295 >>> s) return stopAt(m, pc, Stop.trap);
        R[base + code[pc + 1]] = (exact << s) >> s;
        pc += 6; continue;
      }
      case ADD64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        const low = (R[a] + R[b]) | 0;
        R[d + 1] = R[a + 1] + R[b + 1] + (low >>> 0 < R[a] >>> 0 ? 1 : 0);
        R[d] = low;
        pc += 4; continue;
      }
      case SUB64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        const low = (R[a] - R[b]) | 0;
        R[d + 1] = R[a + 1] - R[b + 1] - (R[a] >>> 0 < R[b] >>> 0 ? 1 : 0);
        R[d] = low;
        pc += 4; continue;
      }
      case MUL64: multiply(R, base + code[pc + 1], base + code[pc + 2], base + code[pc + 3]); pc += 4; continue;
      case AND64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        R[d] = R[a] & R[b];
        R[d + 1] = R[a + 1] & R[b + 1];
        pc += 4; continue;
      }
      case OR64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        R[d] = R[a] | R[b];
        R[d + 1] = R[a + 1] | R[b + 1];
        pc += 4; continue;
      }
      case XOR64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        R[d] = R[a] ^ R[b];
        R[d + 1] = R[a + 1] ^ R[b + 1];
        pc += 4; continue;
      }
      case SHL64: {
        const a = base + code[pc + 2], n = R[base + code[pc + 3]] & 63, d = base + code[pc + 1], low = R[a], high = R[a + 1];
        R[d] = n >= 32 ? 0 : low << n;
        R[d + 1] = n >= 32 ? low << (n - 32) : n === 0 ? high : (high << n) | (low >>> (32 - n));
        pc += 4; continue;
      }
      case LSHR64: {
        const a = base + code[pc + 2], n = R[base + code[pc + 3]] & 63, d = base + code[pc + 1], low = R[a], high = R[a + 1];
        R[d] = n >= 32 ? high >>> (n - 32) : n === 0 ? low : (low >>> n) | (high << (32 - n));
        R[d + 1] = n >= 32 ? 0 : high >>> n;
        pc += 4; continue;
      }
      case ASHR64: {
        const a = base + code[pc + 2], n = R[base + code[pc + 3]] & 63, d = base + code[pc + 1], low = R[a], high = R[a + 1];
        R[d] = n >= 32 ? high >> (n - 32) : n === 0 ? low : (low >>> n) | (high << (32 - n));
        R[d + 1] = n >= 32 ? high >> 31 : high >> n;
        pc += 4; continue;
      }
      case SADD64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        const low = (R[a] + R[b]) | 0;
        const aHigh = R[a + 1], bHigh = R[b + 1];
        const high = (aHigh + bHigh + (low >>> 0 < R[a] >>> 0 ? 1 : 0)) | 0;
        if (((aHigh ^ high) & (bHigh ^ high)) < 0) return stopAt(m, pc, Stop.trap);
        R[d] = low;
        R[d + 1] = high;
        pc += 5; continue;
      }
      case SSUB64: {
        const a = base + code[pc + 2], b = base + code[pc + 3], d = base + code[pc + 1];
        const low = (R[a] - R[b]) | 0;
        const aHigh = R[a + 1], bHigh = R[b + 1];
        const high = (aHigh - bHigh - (R[a] >>> 0 < R[b] >>> 0 ? 1 : 0)) | 0;
        if (((aHigh ^ bHigh) & (aHigh ^ high)) < 0) return stopAt(m, pc, Stop.trap);
        R[d] = low;
        R[d + 1] = high;
        pc += 5; continue;
      }
      case SMUL64:
        if (!multiplyChecked(R, base + code[pc + 1], base + code[pc + 2], base + code[pc + 3])) return stopAt(m, pc, Stop.trap);
        pc += 5; continue;
      case DIV64:
      case REM64:
        if (!divide(R, base + code[pc + 1], base + code[pc + 2], base + code[pc + 3], code[pc] === DIV64)) return stopFault(m, pc, "a division without a result");
        pc += 4; continue;
      case EQ32: R[base + code[pc + 1]] = R[base + code[pc + 2]] === R[base + code[pc + 3]] ? 1 : 0; pc += 4; continue;
      case NE32: R[base + code[pc + 1]] = R[base + code[pc + 2]] !== R[base + code[pc + 3]] ? 1 : 0; pc += 4; continue;
      case SLT32: R[base + code[pc + 1]] = R[base + code[pc + 2]] < R[base + code[pc + 3]] ? 1 : 0; pc += 4; continue;
      case SLE32: R[base + code[pc + 1]] = R[base + code[pc + 2]] <= R[base + code[pc + 3]] ? 1 : 0; pc += 4; continue;
      case ULT32: R[base + code[pc + 1]] = R[base + code[pc + 2]] >>> 0 < R[base + code[pc + 3]] >>> 0 ? 1 : 0; pc += 4; continue;
      case ULE32: R[base + code[pc + 1]] = R[base + code[pc + 2]] >>> 0 <= R[base + code[pc + 3]] >>> 0 ? 1 : 0; pc += 4; continue;
      case EQ64: {
        const a = base + code[pc + 2], b = base + code[pc + 3];
        R[base + code[pc + 1]] = R[a] === R[b] && R[a + 1] === R[b + 1] ? 1 : 0;
        pc += 4; continue;
      }
      case NE64: {
        const a = base + code[pc + 2], b = base + code[pc + 3];
        R[base + code[pc + 1]] = R[a] !== R[b] || R[a + 1] !== R[b + 1] ? 1 : 0;
        pc += 4; continue;
      }
      case SLT64: {
        const a = base + code[pc + 2], b = base + code[pc + 3];
        R[base + code[pc + 1]] = R[a + 1] < R[b + 1] || (R[a + 1] === R[b + 1] && R[a] >>> 0 < R[b] >>> 0) ? 1 : 0;
        pc += 4; continue;
      }
      case SLE64: {
        const a = base + code[pc + 2], b = base + code[pc + 3];
        R[base + code[pc + 1]] = R[a + 1] < R[b + 1] || (R[a + 1] === R[b + 1] && R[a] >>> 0 <= R[b] >>> 0) ? 1 : 0;
        pc += 4; continue;
      }
      case ULT64: {
        const a = base + code[pc + 2], b = base + code[pc + 3];
        R[base + code[pc + 1]] = R[a + 1] >>> 0 < R[b + 1] >>> 0 || (R[a + 1] === R[b + 1] && R[a] >>> 0 < R[b] >>> 0) ? 1 : 0;
        pc += 4; continue;
      }
      case ULE64: {
        const a = base + code[pc + 2], b = base + code[pc + 3];
        R[base + code[pc + 1]] = R[a + 1] >>> 0 < R[b + 1] >>> 0 || (R[a + 1] === R[b + 1] && R[a] >>> 0 <= R[b] >>> 0) ? 1 : 0;
        pc += 4; continue;
      }
      case FADD: F[(base + code[pc + 1]) >> 1] = F[(base + code[pc + 2]) >> 1] + F[(base + code[pc + 3]) >> 1]; pc += 4; continue;
      case FSUB: F[(base + code[pc + 1]) >> 1] = F[(base + code[pc + 2]) >> 1] - F[(base + code[pc + 3]) >> 1]; pc += 4; continue;
      case FMUL: F[(base + code[pc + 1]) >> 1] = F[(base + code[pc + 2]) >> 1] * F[(base + code[pc + 3]) >> 1]; pc += 4; continue;
      case FDIV: F[(base + code[pc + 1]) >> 1] = F[(base + code[pc + 2]) >> 1] / F[(base + code[pc + 3]) >> 1]; pc += 4; continue;
      case FSQRT: F[(base + code[pc + 1]) >> 1] = Math.sqrt(F[(base + code[pc + 2]) >> 1]); pc += 3; continue;
      case FEQ: R[base + code[pc + 1]] = F[(base + code[pc + 2]) >> 1] === F[(base + code[pc + 3]) >> 1] ? 1 : 0; pc += 4; continue;
      case FNE: R[base + code[pc + 1]] = F[(base + code[pc + 2]) >> 1] !== F[(base + code[pc + 3]) >> 1] ? 1 : 0; pc += 4; continue;
      case FLT: R[base + code[pc + 1]] = F[(base + code[pc + 2]) >> 1] < F[(base + code[pc + 3]) >> 1] ? 1 : 0; pc += 4; continue;
      case FLE: R[base + code[pc + 1]] = F[(base + code[pc + 2]) >> 1] <= F[(base + code[pc + 3]) >> 1] ? 1 : 0; pc += 4; continue;
      case SEXT64: {
        const value = R[base + code[pc + 2]];
        R[base + code[pc + 1]] = value;
        R[base + code[pc + 1] + 1] = value >> 31;
        pc += 3; continue;
      }
      case ZEXT32: {
        const s = code[pc + 3] as number;
        R[base + code[pc + 1]] = (R[base + code[pc + 2]] << s) >>> s;
        pc += 4; continue;
      }
      case ZEXT64: {
        const s = code[pc + 3] as number;
        R[base + code[pc + 1]] = (R[base + code[pc + 2]] << s) >>> s;
        R[base + code[pc + 1] + 1] = 0;
        pc += 4; continue;
      }
      case TRUNC: {
        const s = code[pc + 3] as number;
        R[base + code[pc + 1]] = (R[base + code[pc + 2]] << s) >> s;
        pc += 4; continue;
      }
      case STOF32: F[(base + code[pc + 1]) >> 1] = R[base + code[pc + 2]]; pc += 3; continue;
      case STOF64: {
        const a = base + code[pc + 2];
        F[(base + code[pc + 1]) >> 1] = R[a + 1] * 4294967296 + (R[a] >>> 0);
        pc += 3; continue;
      }
      case SELECT: {
        const from = base + (R[base + code[pc + 2]] !== 0 ? code[pc + 3] : code[pc + 4]);
        const d = base + code[pc + 1];
        R[d] = R[from];
        R[d + 1] = R[from + 1];
        R[d + 2] = R[from + 2];
        R[d + 3] = R[from + 3];
        pc += 5; continue;
      }
      case MOVE: {
        const a = base + code[pc + 2], d = base + code[pc + 1];
        R[d] = R[a];
        R[d + 1] = R[a + 1];
        pc += 3; continue;
      }
      case MOVE128: {
        const a = base + code[pc + 2], d = base + code[pc + 1];
        R[d] = R[a];
        R[d + 1] = R[a + 1];
        R[d + 2] = R[a + 2];
        R[d + 3] = R[a + 3];
        pc += 3; continue;
      }
      case LOAD8: {
        const a = base + code[pc + 2];
        const at = R[a] + code[pc + 3];
        if (R[a + 1] !== 0 || !(access[at] >= 1)) return stopFault(m, pc, faultText("read", R[a], R[a + 1], code[pc + 3]));
        R[base + code[pc + 1]] = (bytes[at] << 24) >> 24;
        pc += 4; continue;
      }
      case LOAD16: {
        const a = base + code[pc + 2];
        const at = R[a] + code[pc + 3];
        if (R[a + 1] !== 0 || !(access[at] >= 1) || !(access[at + 1] >= 1)) return stopFault(m, pc, faultText("read", R[a], R[a + 1], code[pc + 3]));
        R[base + code[pc + 1]] = view.getInt16(at, true);
        pc += 4; continue;
      }
      case LOAD32: {
        const a = base + code[pc + 2];
        const at = R[a] + code[pc + 3];
        if (R[a + 1] !== 0 || !(access[at] >= 1) || !(access[at + 3] >= 1)) return stopFault(m, pc, faultText("read", R[a], R[a + 1], code[pc + 3]));
        R[base + code[pc + 1]] = view.getInt32(at, true);
        pc += 4; continue;
      }
      case LOAD64: {
        const a = base + code[pc + 2];
        const at = R[a] + code[pc + 3];
        if (R[a + 1] !== 0 || !(access[at] >= 1) || !(access[at + 7] >= 1)) return stopFault(m, pc, faultText("read", R[a], R[a + 1], code[pc + 3]));
        const d = base + code[pc + 1];
        R[d] = view.getInt32(at, true);
        R[d + 1] = view.getInt32(at + 4, true);
        pc += 4; continue;
      }
      case LOAD128: {
        const a = base + code[pc + 2];
        const at = R[a] + code[pc + 3];
        if (R[a + 1] !== 0 || !(access[at] >= 1) || !(access[at + 15] >= 1)) return stopFault(m, pc, faultText("read", R[a], R[a + 1], code[pc + 3]));
        const d = base + code[pc + 1];
        for (let i = 0; i < 4; i++) R[d + i] = view.getInt32(at + 4 * i, true);
        pc += 4; continue;
      }
      case STORE8: {
        const b = base + code[pc + 2];
        const at = R[b] + code[pc + 3];
        if (R[b + 1] !== 0 || access[at] !== 2) return stopFault(m, pc, faultText("write", R[b], R[b + 1], code[pc + 3]));
        bytes[at] = R[base + code[pc + 1]];
        pc += 4; continue;
      }
      case STORE16: {
        const b = base + code[pc + 2];
        const at = R[b] + code[pc + 3];
        if (R[b + 1] !== 0 || access[at] !== 2 || access[at + 1] !== 2) return stopFault(m, pc, faultText("write", R[b], R[b + 1], code[pc + 3]));
        view.setInt16(at, R[base + code[pc + 1]], true);
        pc += 4; continue;
      }
      case STORE32: {
        const b = base + code[pc + 2];
        const at = R[b] + code[pc + 3];
        if (R[b + 1] !== 0 || access[at] !== 2 || access[at + 3] !== 2) return stopFault(m, pc, faultText("write", R[b], R[b + 1], code[pc + 3]));
        view.setInt32(at, R[base + code[pc + 1]], true);
        pc += 4; continue;
      }
      case STORE64: {
        const b = base + code[pc + 2];
        const at = R[b] + code[pc + 3];
        if (R[b + 1] !== 0 || access[at] !== 2 || access[at + 7] !== 2) return stopFault(m, pc, faultText("write", R[b], R[b + 1], code[pc + 3]));
        const a = base + code[pc + 1];
        view.setInt32(at, R[a], true);
        view.setInt32(at + 4, R[a + 1], true);
        pc += 4; continue;
      }
      case STORE128: {
        const b = base + code[pc + 2];
        const at = R[b] + code[pc + 3];
        if (R[b + 1] !== 0 || access[at] !== 2 || access[at + 15] !== 2) return stopFault(m, pc, faultText("write", R[b], R[b + 1], code[pc + 3]));
        const a = base + code[pc + 1];
        for (let i = 0; i < 4; i++) view.setInt32(at + 4 * i, R[a + i], true);
        pc += 4; continue;
      }
      case COPY: {
        const a = base + code[pc + 1], b = base + code[pc + 2], c = base + code[pc + 3], size = R[c];
        if (R[c] !== 0 || R[c + 1] !== 0) {
          if (R[a + 1] !== 0 || R[c + 1] !== 0 || size < 0 || !m.memory.allows(R[a], size, 2)) return stopFault(m, pc, faultText("write", R[a], R[a + 1], 0));
          if (R[b + 1] !== 0 || !m.memory.allows(R[b], size, 1)) return stopFault(m, pc, faultText("read", R[b], R[b + 1], 0));
          bytes.copyWithin(R[a], R[b], R[b] + size);
        }
        pc += 4; continue;
      }
      case FILL: {
        const a = base + code[pc + 1], c = base + code[pc + 3], size = R[c];
        if (R[c] !== 0 || R[c + 1] !== 0) {
          if (R[a + 1] !== 0 || R[c + 1] !== 0 || size < 0 || !m.memory.allows(R[a], size, 2)) return stopFault(m, pc, faultText("write", R[a], R[a + 1], 0));
          bytes.fill(R[base + code[pc + 2]], R[a], R[a] + size);
        }
        pc += 4; continue;
      }
      case JUMP:
        if ((m.budget -= code[pc + 2]) < 0) return stopAt(m, pc, Stop.budget);
        pc = code[pc + 1];
        continue;
      case BRANCH:
        if ((m.budget -= code[pc + 4]) < 0) return stopAt(m, pc, Stop.budget);
        pc = R[base + code[pc + 1]] !== 0 ? code[pc + 2] : code[pc + 3];
        continue;
      case SWITCH: {
        if ((m.budget -= code[pc + 4]) < 0) return stopAt(m, pc, Stop.budget);
        const low = R[base + code[pc + 1]];
        const high = code[pc + 2] !== 0 ? R[base + code[pc + 1] + 1] : low >> 31;
        let target = code[pc + 5];
        for (let i = pc + 6, end = i + 3 * code[pc + 3]; i < end; i += 3) {
          if (code[i] === low && code[i + 1] === high) {
            target = code[i + 2];
            break;
          }
        }
        pc = target;
        continue;
      }
      case TRAP_IF:
        if (R[base + code[pc + 1]] !== 0) return stopAt(m, pc, Stop.trap);
        pc += 4; continue;
      case TRAP: return stopAt(m, pc, Stop.trap);
      case UNREACHABLE: return stopFault(m, pc, "unreachable code is reached");
      case CALL:
      case CALL_INDIRECT: {
        let symbol = code[pc + 1] as SymbolId;
        if (code[pc] === CALL_INDIRECT) {
          const a = base + symbol;
          const found = R[a + 1] === 0 ? m.memory.functionAt(R[a]) : undefined;
          if (found === undefined) return stopFault(m, pc, faultText("call", R[a], R[a + 1], 0));
          symbol = found;
        }
        const stop = m.call(symbol, pc);
        if (stop !== Stop.returned) return stop;
        ({ code } = m.decoded);
        ({ pc, base, words: R, doubles: F } = m);
        ({ bytes, view, access } = m.memory);
        continue;
      }
      case RETURN: {
        if ((m.budget -= code[pc + 1]) < 0) return stopAt(m, pc, Stop.budget);
        if (!m.return(pc + 3, code[pc + 2])) return stopAt(m, pc, Stop.returned);
        ({ code } = m.decoded);
        ({ pc, base } = m);
        continue;
      }
      case SLOW: {
        const stop = m.decoded.slow(m, code[pc + 1]);
        if (stop !== Stop.returned) return stopAt(m, pc, stop);
        pc += LENGTH_SLOW;
        ({ bytes, view, access } = m.memory);
        continue;
      }
      default:
        throw new Error(`ir/interpretLoop.run: code ${code[pc]} at ${pc}`);
    }
  }
}

function stopFault(m: Machine, pc: number, what: string): number {
  m.pc = pc;
  m.fault = what;
  return Stop.fault;
}

function stopAt(m: Machine, pc: number, stop: number): number {
  m.pc = pc;
  return stop;
}

/** What is said of an access at the address `high:low + offset`. */
export function faultText(what: string, low: number, high: number, offset: number): string {
  const address = BigInt.asUintN(64, wide(low, high) + BigInt(offset));
  return `${what} at address 0x${address.toString(16)}`;
}
