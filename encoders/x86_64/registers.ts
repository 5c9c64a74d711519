/**
 * The registers and conditions of x86-64, by the numbers the encodings use (Intel SDM vol. 2, 2.1.5 and appendix B).
 * ah, ch, dh and bh are not supported: 8-bit numbers 4 to 7 are spl, bpl, sil and dil, which need a REX prefix.
 */

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;
export const R8 = 8;
export const R9 = 9;
export const R10 = 10;
export const R11 = 11;
export const R12 = 12;
export const R13 = 13;
export const R14 = 14;
export const R15 = 15;

/** Bases of a memory operand that are no register. */
export const NO_REGISTER = -1;
/** `[rip + disp]`; `index` is then a symbol (or NO_SYMBOL) and `disp` its addend. */
export const RIP = -2;
/** `[rip + symbol@GOTPCREL]`; `index` is the symbol. */
export const RIP_GOT = -3;
/** `[rip + label]`; `index` is a label of this region. */
export const RIP_LABEL = -4;

/** Prefixes of the two segments that still have a base: of a thread's own data, on Linux by fs, on Windows by gs. */
export const FS = 0x64;
export const GS = 0x65;

/** Beside the scale (0 to 3): writes the displacement with one byte, or four, although fewer would do. */
export const DISP8 = 4;
export const DISP32 = 8;

/** By width, as a text until somebody asks: most builds print no register. */
const registerNames: { readonly [width: number]: string } = {
  8: "al cl dl bl spl bpl sil dil r8b r9b r10b r11b r12b r13b r14b r15b",
  16: "ax cx dx bx sp bp si di r8w r9w r10w r11w r12w r13w r14w r15w",
  32: "eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d",
  64: "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15",
  80: "st(0) st(1) st(2) st(3) st(4) st(5) st(6) st(7)",
  256: "ymm0 ymm1 ymm2 ymm3 ymm4 ymm5 ymm6 ymm7 ymm8 ymm9 ymm10 ymm11 ymm12 ymm13 ymm14 ymm15",
  128: "xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6 xmm7 xmm8 xmm9 xmm10 xmm11 xmm12 xmm13 xmm14 xmm15",
};

const known = new Map<number, readonly string[]>();

/** The name of a register of that width: `registerName(64, RSP)` is "rsp"; 128 and 256 are the vector registers, 80 the x87's stack. Undefined if there is no such register. */
export function registerName(width: number, register: number): string | undefined {
  let names = known.get(width);
  if (names === undefined) known.set(width, (names = registerNames[width]?.split(" ") ?? []));
  return names[register];
}

/** By condition code; `cc ^ 1` is the opposite of `cc`. */
export const conditionNames = "o no b ae e ne be a s ns p np l ge le g".split(" ");

export const CC_O = 0;
export const CC_NO = 1;
export const CC_B = 2;
export const CC_AE = 3;
export const CC_E = 4;
export const CC_NE = 5;
export const CC_BE = 6;
export const CC_A = 7;
export const CC_S = 8;
export const CC_NS = 9;
export const CC_P = 10;
export const CC_NP = 11;
export const CC_L = 12;
export const CC_GE = 13;
export const CC_LE = 14;
export const CC_G = 15;
