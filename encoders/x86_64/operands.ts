/**
 * The operand kinds that may stand in a row's name. Each name is said once, here; widths are in bits.
 *
 *   r64 rm64 m64   a general register, register or memory, memory
 *   x xm64         a vector register, or the low 64 bits of one or memory
 *   y ym256        a vector register of 256 bits, or one or as much memory
 *   st m80         a register of the x87's stack, a number of its own format in memory
 *   r32m8          a 32-bit register, or a byte in memory (pextrb and kin)
 *   m              memory of which only the address matters
 *   i8 u8          an immediate: i is signed, u unsigned (shift counts, shuffles)
 *   rel8 rel32     a branch distance, counted from the instruction's end
 *   al cl st0 one  fixed: part of the opcode, no field
 */

export interface OperandKind {
  readonly name: string;
  /** Width of the register that may stand here, 0 if none may. */
  readonly register: number;
  /** Width of the memory that may stand here; 0 means an address only, -1 none. */
  readonly memory: number;
  /** Bytes of immediate or branch distance, 0 if it is neither. */
  readonly immediate: number;
  readonly unsigned: boolean;
  readonly relative: boolean;
  /** Number of the register that must stand here, -1 if any may. */
  readonly fixed: number;
}

function kind(name: string, register: number, memory: number, immediate: number, fixed = -1): OperandKind {
  return { name, register, memory, immediate, unsigned: name[0] === "u", relative: name.startsWith("rel"), fixed };
}

export const operandKinds: readonly OperandKind[] = [
  kind("r8", 8, -1, 0),
  kind("r16", 16, -1, 0),
  kind("r32", 32, -1, 0),
  kind("r64", 64, -1, 0),
  kind("rm8", 8, 8, 0),
  kind("rm16", 16, 16, 0),
  kind("rm32", 32, 32, 0),
  kind("rm64", 64, 64, 0),
  kind("r32m8", 32, 8, 0),
  kind("r32m16", 32, 16, 0),
  kind("m", 0, 0, 0),
  kind("m8", 0, 8, 0),
  kind("m16", 0, 16, 0),
  kind("m32", 0, 32, 0),
  kind("m64", 0, 64, 0),
  kind("m80", 0, 80, 0),
  kind("m128", 0, 128, 0),
  kind("m256", 0, 256, 0),
  kind("x", 128, -1, 0),
  kind("xm8", 128, 8, 0),
  kind("xm16", 128, 16, 0),
  kind("xm32", 128, 32, 0),
  kind("xm64", 128, 64, 0),
  kind("xm128", 128, 128, 0),
  kind("y", 256, -1, 0),
  kind("ym256", 256, 256, 0),
  kind("st", 80, -1, 0),
  kind("i8", 0, -1, 1),
  kind("i16", 0, -1, 2),
  kind("i32", 0, -1, 4),
  kind("i64", 0, -1, 8),
  kind("u8", 0, -1, 1),
  kind("u16", 0, -1, 2),
  kind("rel8", 0, -1, 1),
  kind("rel32", 0, -1, 4),
  kind("al", 8, -1, 0, 0),
  kind("ax", 16, -1, 0, 0),
  kind("eax", 32, -1, 0, 0),
  kind("rax", 64, -1, 0, 0),
  kind("cl", 8, -1, 0, 1),
  kind("st0", 80, -1, 0, 0),
  kind("one", 0, -1, 0, 1),
];

/** Number of the kind of that name, undefined if there is none. */
export const operandKindByName: ReadonlyMap<string, number> = new Map(operandKinds.map((k, i) => [k.name, i]));
