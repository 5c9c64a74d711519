/**
 * For tests: every row in every form with registers of every class and every kind of address. A case is an instruction
 * filled from its operands (not decoded), so that its text and its bytes come about independently.
 */
import { Assembler } from "../assembler.ts";
import { Instruction } from "../decoder.ts";
import { NO_SYMBOLS, instructionText } from "../disassembler.ts";
import { operandKinds } from "../operands.ts";
import { DISP32, DISP8, FS, GS, NO_REGISTER, RIP } from "../registers.ts";
import { encodeAgain } from "../reencode.ts";
import { rowName, rowOperand, rowOperandCount } from "../columns.ts";
import { furtherGroups, groups } from "../rows/groups.ts";
import { allRowNames, row } from "../table.ts";

export interface Case {
  readonly row: number;
  readonly text: string;
  readonly hex: string;
}

type Address = readonly [base: number, index: number, scale: number, displacement: number];

/** Addresses where the encoding has a rule of its own: rsp, rbp, r12 and r13 as base, lengths of displacement, no base. */
export const addresses: readonly Address[] = (() => {
  const found: Address[] = [];
  for (let base = 0; base < 16; base++) {
    for (const displacement of [0, 8, -128, 128, -129, 127, 0x12345678]) found.push([base, NO_REGISTER, 0, displacement]);
  }
  for (const base of [0, 3, 4, 5, 8, 12, 13, 15]) {
    for (const index of [1, 5, 8, 12, 13]) {
      for (const scale of [0, 1, 2, 3]) {
        for (const displacement of [0, 64, -4096]) found.push([base, index, scale, displacement]);
      }
    }
  }
  for (const index of [0, 5, 12, 13]) for (const scale of [1, 2, 3]) found.push([NO_REGISTER, index, scale, index * 100]);
  for (const displacement of [0, 0x1234, -16]) found.push([NO_REGISTER, NO_REGISTER, 0, displacement], [RIP, NO_REGISTER, 0, displacement]);
  for (const base of [0, 4, 5, 12, 13]) {
    if (base !== 5 && base !== 13) found.push([base, NO_REGISTER, DISP8, 0], [base, 9, DISP8 | 2, 0]);
    found.push([base, NO_REGISTER, DISP32, 8], [base, 9, DISP32 | 2, 0]);
  }
  return found;
})();

/** Rows whose encoding takes a path of its own; they meet every address even in the small selection. */
const representatives = new Set(["mov_r64_rm64"]);
const thorough = new Set([
  "mov_r64_rm64", "mov_rm8_r8", "add_rm32_i32", "mov_m16_i16", "inc_rm64", "movsd_x_m64", "andn_r64_r64_rm64",
  "shlx_r32_rm32_r32", "imul_r64_rm64_i32", "pextrd_rm32_x_u8", "rorx_r64_rm64_u8", "blsr_r64_rm64", "lock_cmpxchg16b_m128",
  "movdqa_xm128_x", "vfmadd231sd_x_x_xm64", "vaddps_y_y_ym256", "vmovdqu_ym256_y", "vshufps_x_x_xm128_u8", "fld_m80", "lock_add_m16_r16",
]);

const immediates: { readonly [kind: string]: readonly number[] } = {
  i8: [0, 1, -1, 127, -128], u8: [0, 1, 7, 128, 255], i16: [0, 300, -300, 127, 128, -129, 32767, -32768], u16: [0, 8, 65535],
  i32: [0, 1, -1, 127, -128, 128, -129, 0x12345678, -0x80000000, 0x7fffffff], i64: [0, -1, 0x12345678],
  rel8: [0, 5, -128, 127], rel32: [0, 5, -5, 0x1234567],
};

/**
 * All cases in table order. `small`: a selection that a file may hold; else some sixty a row and all addresses for the
 * thorough ones.
 */
export function allCases(small: boolean): Case[] {
  const cases: Case[] = [];
  const asm = new Assembler();
  // Row numbers depend on the order of asking; the selection must not.
  const texts = Object.assign({}, ...groups, ...furtherGroups) as { readonly [name: string]: string };
  const rows = allRowNames().flatMap((name) =>
    Array.from({ length: texts[name].includes("+cc") ? 16 : 1 }, (_, condition) => row(name) + condition));
  for (const [seed, row] of rows.entries()) {
    for (const memory of [false, true]) {
      for (const instruction of instructions(row, seed, memory, small)) {
        asm.reset();
        encodeAgain(asm, instruction);
        instruction.length = asm.length;
        if (instruction.immediateAt >= 0) instruction.immediateAt = 0;
        cases.push({ row, text: instructionText(instruction, 0, NO_SYMBOLS), hex: Buffer.from(asm.code()).toString("hex") });
      }
    }
  }
  return cases;
}

/** The row's instructions with a memory operand, or with none. */
function instructions(row: number, seed: number, memory: boolean, small: boolean): Instruction[] {
  const kinds = Array.from({ length: rowOperandCount(row) }, (_, i) => operandKinds[rowOperand(row, i)]);
  const memoryOperand = kinds.findIndex((kind) => kind.memory >= 0);
  const registerAt = kinds.flatMap((kind, i) => {
    const isField = kind.fixed < 0 && kind.register > 0 && !(memory && i === memoryOperand);
    return isField ? [i] : [];
  });
  if (memory && memoryOperand < 0) return [];
  if (!memory && memoryOperand >= 0 && kinds[memoryOperand].register === 0) return [];
  const last = kinds.length > 0 ? kinds[kinds.length - 1].name : "";
  const values = immediates[last] ?? [0];
  const isAddressOnly = memory && kinds[memoryOperand].memory === 0;
  const full = memory && (small ? representatives : thorough).has(rowName(row));
  const places: readonly Address[] = !memory ? [[0, 0, 0, 0]] : full ? addresses : some(addresses, seed * 37, small ? 3 : 14);
  const found: Instruction[] = [];
  const rounds = Math.max(places.length, small ? Math.max(values.length, registerAt.length > 0 && !memory ? 4 : 1) : 0);
  const registerSets = small || full ? [] : registerAt.length === 0 ? [] : allRegisterSets(registerAt.length);
  const count = Math.max(rounds, registerSets.length, small ? 1 : values.length * 2);
  for (let i = 0; i < count; i++) {
    const instruction = new Instruction();
    instruction.row = row;
    instruction.registers.fill(-1);
    registerAt.forEach((operand, k) => {
      const set = registerSets[i % Math.max(registerSets.length, 1)];
      // The x87's stack has eight.
      instruction.registers[operand] = (set !== undefined ? set[k] : smallRegister(seed, i, k)) & (kinds[operand].register === 80 ? 7 : 15);
    });
    instruction.hasMemory = memory;
    if (memory) {
      const [base, index, scale, displacement] = places[i % places.length];
      Object.assign(instruction, { base, index, scale, displacement });
      if (full && !isAddressOnly) instruction.segment = [0, 0, FS, 0, GS][i % 5];
    }
    instruction.immediate = values[(i + (small ? seed : 0)) % values.length];
    if (last === "i64" && i % 3 === 2) instruction.immediateHigh = 0x7654321;
    else instruction.immediateHigh = instruction.immediate >> 31;
    if (isOddExchange(instruction)) continue;
    found.push(instruction);
  }
  return found;
}

/**
 * Exchanges with the accumulator that are refused (90 is nop), or that read back with their operands in the other order;
 * assembler.test.ts has them. And the x87's top with itself, which has two encodings and one text.
 */
function isOddExchange(instruction: Instruction): boolean {
  const name = rowName(instruction.row);
  if (/^f[a-z]+_st_st0$/.test(name)) return !/p_st_st0$/.test(name) && instruction.registers[0] === 0;
  if (name.startsWith("xchg_rm")) return name !== "xchg_rm8_r8" && !instruction.hasMemory && instruction.registers[1] === 0;
  return /^xchg_(eax|rax)/.test(name) && instruction.registers[1] === 0;
}

/** One register of each class in turn: low, with a byte form that needs REX, high. */
function smallRegister(seed: number, i: number, k: number): number {
  const classes = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]];
  return classes[(i + k * (1 + (i >> 1))) & 3][(seed + i + k) & 3];
}

/** Every register in every place beside a changing rest; all pairs of two. */
function allRegisterSets(count: number): number[][] {
  const sets: number[][] = [];
  if (count === 1) for (let a = 0; a < 16; a++) sets.push([a]);
  else for (let a = 0; a < 16; a++) for (let b = 0; b < 16; b += count === 2 ? 1 : 3) sets.push([a, b, (a * 5 + b * 3) & 15]);
  return sets;
}

function some<T>(list: readonly T[], seed: number, count: number): T[] {
  return Array.from({ length: count }, (_, i) => list[(seed + i * 101) % list.length]);
}
