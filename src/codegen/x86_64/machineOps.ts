/** Opcodes of machine instructions on x86_64, users of flags, shapes of memory operands. Numbers are what the columns hold. */

const opNames = [
  "none",
  // Two operands, the first also the result: register or memory or immediate as the second.
  "add", "sub", "and", "or", "xor", "adc", "sbb", "imul",
  "imulImmediate", // d = a * immediate
  "cmp", "test",
  "neg", "not", "bswap",
  "shl", "shr", "sar", "rol", "ror", // by an immediate, or by cl
  "shlx", "shrx", "sarx", "andn",
  "mulWide", "imulWide", "div", "idiv", "divWide",
  "byteProduct", // 8-bit product with its overflow in the flags
  "lea", "constant", "load", "loadSigned", "store", "storeImmediate",
  "zeroExtend", "signExtend",
  "clz", "ctz", "popcount",
  // Floats
  "fload", "fstore", "fadd", "fsub", "fmul", "fdiv", "fsqrt", "ucomi", "fneg", "fabs", "fcopysign", "fround", "fma",
  "fpromote", "fdemote", "intToFloat", "u64ToFloat", "floatToInt", "floatToUnsigned", "toFloatBits", "fromFloatBits",
  // Control
  "enter", "jump", "return", "switch", "undefined", "call", "callRegister", "syscall", "loadIncoming", "storeOutgoing", "frameAddress",
  // Memory
  "copyBlock", "fillBlock", "repeatMove", "repeatFill", "moveBlock",
  "atomicStore", "atomicAdd", "atomicSwap", "atomicCompare", "fence",
] as const;

export type MachineOpName = (typeof opNames)[number];
export const machineOpNames: readonly MachineOpName[] = opNames;
export const M = Object.fromEntries(opNames.map((name, i) => [name, i])) as { readonly [K in MachineOpName]: number };

/** Who uses the flags that an instruction sets. */
export const Flags = {
  none: 0,
  /** The block's terminator: edge 0 if the condition holds, else edge 1. */
  branch: 1,
  /** Operand: the result, 0 or 1. For conditions of two flags a scratch register follows. */
  set: 2,
  /** Operands: the result (same register as) the value if not, the value if so. */
  move: 3,
  /** As move, for floats. */
  moveFloat: 4,
  /** `extra` is the trap; operands: those of the message. */
  trap: 5,
  /** The carry, added to what is only copied into the result: operands as of a tied one. */
  addCarry: 6,
  /** The same, subtracted. */
  subtractCarry: 7,
} as const;

export const consumerNames = ["", "branch", "set", "move", "moveFloat", "trap", "addCarry", "subtractCarry"];

/** Shapes of memory operands. */
export const Memory = {
  none: 0,
  /** [base + displacement] */
  base: 1,
  /** [base + index * scale + displacement] */
  indexed: 2,
  /** [slot + displacement]; `symbol` is the slot */
  slot: 3,
  slotIndexed: 4,
  /** [rip + symbol + displacement] */
  symbol: 5,
} as const;
