/**
 * The encoder's rows that selection uses, by width: index 0 to 3 for 8 to 64 bits. A name that exists for some widths only has
 * -1 elsewhere. Rows are looked up once, when the module loads.
 */

import { row } from "../../../encoders/x86_64/table.ts";
import type { RowName } from "../../../encoders/x86_64/table.ts";

/** Of one operation, by width; or of scalars, by precision. */
export type Rows = readonly number[];

const bits = ["8", "16", "32", "64"];

/** `#` in the pattern stands for the width. */
function byWidth(pattern: string, from = 0, to = 3): number[] {
  const rows = [-1, -1, -1, -1];
  for (let width = from; width <= to; width++) rows[width] = row(pattern.replaceAll("#", bits[width] as string) as RowName);
  return rows;
}

/** The eight operations of one shape: `rr` also writes memory from a register, `rm` reads memory, `ri` takes an immediate. */
export interface AluRows {
  readonly rr: Rows;
  readonly rm: Rows;
  readonly ri: Rows;
}

function alu(name: string): AluRows {
  const ri = byWidth(`${name}_rm#_i#`, 0, 2);
  ri[3] = row(`${name}_rm64_i32` as RowName);
  return { rr: byWidth(`${name}_rm#_r#`), rm: byWidth(`${name}_r#_rm#`), ri };
}

export const add = alu("add");
export const sub = alu("sub");
export const and = alu("and");
export const or = alu("or");
export const xor = alu("xor");
export const cmp = alu("cmp");
export const adc = alu("adc");
export const sbb = alu("sbb");
/** Operates on memory with an immediate or a register too, as `mi` and `mr`. */

export const test = byWidth("test_rm#_r#");
export const testImmediate = [row("test_rm8_i8"), row("test_rm16_i16"), row("test_rm32_i32"), row("test_rm64_i32")];

/** Stores, and register moves. */
export const movStore = byWidth("mov_rm#_r#");
export const movR32I32 = row("mov_r32_i32");
export const movRm64I32 = row("mov_rm64_i32");
export const movabs = row("movabs_r64_i64");
/** Stores of an immediate; for 64 bits it is sign-extended from 32. */
export const movMemoryImmediate = [row("mov_m8_i8"), row("mov_m16_i16"), row("mov_m32_i32"), row("mov_rm64_i32")];
export const mov32 = row("mov_rm32_r32");
export const mov64 = row("mov_rm64_r64");
const load32 = row("mov_r32_rm32");
export const load64 = row("mov_r64_rm64");
export const lea64 = row("lea_r64_m");
export const lea32 = row("lea_r32_m");
/** To 32 bits (the upper half becomes zero). */
export const movzx = [row("movzx_r32_rm8"), row("movzx_r32_rm16"), load32, load64];
/** To 32 bits. */
export const movsx32 = [row("movsx_r32_rm8"), row("movsx_r32_rm16"), load32, load64];
export const movsx64 = [row("movsx_r64_rm8"), row("movsx_r64_rm16"), row("movsxd_r64_rm32"), load64];
/** movzx and movsx read memory in their `rm` form, registers in `rr`; mov_rm32_r32 is the register form of a 32-bit extension. */

export const neg = byWidth("neg_rm#");
export const not = byWidth("not_rm#");
export const imul = byWidth("imul_r#_rm#", 1);
export const imulImmediate = [-1, row("imul_r16_rm16_i16"), row("imul_r32_rm32_i32"), row("imul_r64_rm64_i32")];
export const mulWide = byWidth("mul_rm#");
export const imulWide = byWidth("imul_rm#");
export const div = byWidth("div_rm#");
export const idiv = byWidth("idiv_rm#");
export const cdq = row("cdq");
export const cqo = row("cqo");

export interface ShiftRows {
  readonly cl: Rows;
  readonly immediate: Rows;
}

function shift(name: string): ShiftRows {
  return { cl: byWidth(`${name}_rm#_cl`), immediate: byWidth(`${name}_rm#_u8`) };
}

export const shl = shift("shl");
export const shr = shift("shr");
export const sar = shift("sar");
export const rol = shift("rol");
export const ror = shift("ror");

export const setcc = row("setcc_rm8");
/** Add the condition's number. 8 and 16 bits are moved as 32. */
export const cmov = [row("cmovcc_r32_rm32"), row("cmovcc_r32_rm32"), row("cmovcc_r32_rm32"), row("cmovcc_r64_rm64")];

export const xchg = byWidth("xchg_rm#_r#");
export const push = row("push_r64");
export const pushImmediate = row("push_i8");
export const pop = row("pop_r64");
export const ret = row("ret");
export const ud2 = row("ud2");
export const callRegister = row("call_rm64");
export const jmpRegister = row("jmp_rm64");
export const syscall = row("syscall");
/** By width. */
export const lockedAdd = [row("lock_xadd_m8_r8"), row("lock_xadd_m16_r16"), row("lock_xadd_m32_r32"), row("lock_xadd_m64_r64")];
export const lockedExchange = [row("lock_cmpxchg_m8_r8"), row("lock_cmpxchg_m16_r16"), row("lock_cmpxchg_m32_r32"), row("lock_cmpxchg_m64_r64")];
export const repMovsb = row("rep_movsb");
export const repStosb = row("rep_stosb");
export const std = row("std");
export const cld = row("cld");

/** Scalars: index 0 for f32, 1 for f64. */
export const movsScalarLoad = [row("movss_x_m32"), row("movsd_x_m64")];
export const movsScalarStore = [row("movss_m32_x"), row("movsd_m64_x")];
export const movaps = row("movaps_x_xm128");
export const movups = row("movups_x_xm128");
export const movupsStore = row("movups_xm128_x");
export const movsxd = row("movsxd_r64_rm32");
export const bswap = [-1, -1, row("bswap_r32"), row("bswap_r64")];
