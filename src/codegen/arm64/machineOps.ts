/** Opcodes of machine instructions on arm64, and users of flags. */
const opNames = [
  "none",
  // d = a op b; the second operand is a register, an immediate or a shifted or extended register: see Second
  "add", "sub", "adds", "subs", "and", "orr", "eor", "bic", "orn", "eon", "cmp", "cmn", "tst",
  "ccmp", // displacement: the condition under which it compares | flags otherwise << 4 | 1 << 8 for a negative immediate; directly after what sets flags

  "zero", "bit", // compare a with zero, test the bit `immediate`: only where a branch or a trap uses EQ or NE
  "mul", "madd", "msub", "smull", "umull", "smulh", "umulh", "sdiv", "udiv",
  "lsl", "lsr", "asr", "ror", // by a register
  "bitfieldUnsigned", "bitfieldSigned", "rotateImmediate", // immediate: immr | imms << 6
  "rbit", "clz", "rev", "rev16", "popcount",
  "constant", "load", "loadSigned", "store", "fload", "fstore", "addressOf",
  "fadd", "fsub", "fmul", "fdiv", "fsqrt", "fneg", "fabs", "frintn", "frintp", "frintm", "frintz", "fcopysign", "fma", "fcmp", "fcmpZero",
  "fpromote", "fdemote", "intToFloat", "u64ToFloat", "floatToInt", "floatToUnsigned", "clamp", "toFloatBits", "fromFloatBits",
  "enter", "jump", "return", "switch", "undefined", "call", "callRegister", "syscall", "loadIncoming", "storeOutgoing", "frameAddress",
  "copyBlock", "fillBlock", "copyLoop", "moveLoop", "fillLoop",
  "atomicLoad", "atomicStore", "atomicAdd", "atomicSwap", "atomicCompare", "fence",
] as const;

export type MachineOpName = (typeof opNames)[number];
export const machineOpNames: readonly MachineOpName[] = opNames;
export const M = Object.fromEntries(opNames.map((name, i) => [name, i])) as { readonly [K in MachineOpName]: number };

/** `scale` of an instruction with a second operand (`extra` is the trap of who uses its flags); the amount is in `immediate`. */
export const Second = { register: 0, immediate: 1, /** + 0 to 3: lsl, lsr, asr, ror */ shifted: 2, /** + 0 to 7: the extensions */ extended: 8 } as const;

/** Who uses the flags. As on x86_64, but every condition is one of the processor's. */
export const Flags = {
  none: 0, branch: 1, set: 2,
  /** Operands: the result, the value if so, the value if not. The last three change the value if not: plus 1, all bits inverted, negated. */
  move: 3, moveFloat: 4, trap: 5, moveIncrement: 6, moveInvert: 7, moveNegate: 8,
  /** Operands: the result, and two words that are added to the carry, or subtracted. */
  addCarry: 9, subtractCarry: 10,
} as const;
export const consumerNames = ["", "branch", "set", "move", "moveFloat", "trap", "moveIncrement", "moveInvert", "moveNegate", "addCarry", "subtractCarry"];

export const Memory = { none: 0, base: 1, /** `scale`: option << 1 | scaled */ indexed: 2, slot: 3, symbol: 5 } as const;

/** `extra` of an access that must not become one of a pair. */
export const ALONE = 1;
