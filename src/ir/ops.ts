/**
 * The operations of the IR, one row each: what printing, parsing, verifying and every pass need to know of an operation is read from here.
 *
 * `operands` says what the columns a, b, c of an instruction hold, in order:
 *   v  a value                      i  an immediate (signed 32 bits)      s  a symbol of the module
 *   l  a list of values             e  an edge (target block, arguments)  t  a trap code (index into Module.traps)
 *   g  a signature of the module    w  a switch table                     k  a stack slot of the function
 *   -  unused
 * `result`: "none"; "type" (the instruction's type column, stated in the text); "same" (the type of the first value operand);
 *   or a type's name. The type column always holds the result's type; for `store` and its kin the stored value's type.
 */

export type Op = number & { readonly brand: "Op" };

/** What an operation does besides computing its result. No flag: pure, may be moved, merged and speculated. */
export const Effect = {
  /** Reads memory. */
  reads: 1,
  /** Writes memory, or is seen from outside: never removed, never reordered with others of its kind. */
  writes: 2,
  /** Ends the program when its condition holds; never executed where the source would not. See ir/README.md on speculation. */
  traps: 4,
  /** Ends a block. */
  terminates: 8,
  /** a and b may be exchanged. */
  commutes: 16,
  /** Belongs to no block: constants and addresses, unique within the function. */
  floats: 32,
  calls: 64,
  /** Faults in hardware for some operands: may not be executed earlier than written unless these are ruled out. */
  faults: 128,
} as const;

const { reads, writes, traps, terminates, commutes, floats, calls, faults } = Effect;

const rows = [
  ["none", "---", "none", 0],
  // ── floating values ──
  ["const", "---", "type", floats], //          a, b: low and high 32 bits (floats: their bits); i128, v128: c: pool index of 2 more words
  ["address", "si-", "ptr", floats], //         address of a symbol plus b bytes
  ["slot", "k--", "ptr", floats], //            address of a stack slot
  // ── block parameters and results ──
  ["param", "i--", "type", 0], //               a: its index among the block's parameters; b: of a pointer that the function is given, `!readable(bytes)`
  ["result", "vi-", "type", 0], //              a: a call; b: index of the result, from 1; follows the call directly
  // ── integers: wrap around ──
  ["add", "vv-", "same", commutes],
  ["sub", "vv-", "same", 0],
  ["mul", "vv-", "same", commutes],
  ["smulh", "vv-", "same", commutes], //        high half of the signed product
  ["umulh", "vv-", "same", commutes],
  ["sdiv", "vv-", "same", faults], //           b is not 0, a/b does not overflow: guarded by trap.if before it
  ["udiv", "vv-", "same", faults],
  ["srem", "vv-", "same", faults], //           sign of the dividend
  ["urem", "vv-", "same", faults],
  ["udiv.wide", "vvv", "same", faults], //      of 128 bits, low and high half, by c, as i64: b is below c
  ["and", "vv-", "same", commutes],
  ["or", "vv-", "same", commutes],
  ["xor", "vv-", "same", commutes],
  ["shl", "vv-", "same", 0], //                 the amount has a's type and is taken modulo the width
  ["lshr", "vv-", "same", 0],
  ["ashr", "vv-", "same", 0],
  ["rotl", "vv-", "same", 0],
  ["rotr", "vv-", "same", 0],
  ["clz", "v--", "same", 0], //                 of 0: the width
  ["ctz", "v--", "same", 0],
  ["popcount", "v--", "same", 0],
  ["bswap", "v--", "same", 0],
  // ── checked arithmetic: ends the program by trap c on overflow ──
  ["sadd.trap", "vvt", "same", traps | commutes],
  ["uadd.trap", "vvt", "same", traps | commutes],
  ["ssub.trap", "vvt", "same", traps],
  ["usub.trap", "vvt", "same", traps],
  ["smul.trap", "vvt", "same", traps | commutes],
  ["umul.trap", "vvt", "same", traps | commutes],
  // ── would it overflow? 0 or 1 ──
  ["sadd.overflows", "vv-", "i8", commutes],
  ["uadd.overflows", "vv-", "i8", commutes],
  ["ssub.overflows", "vv-", "i8", 0],
  ["usub.overflows", "vv-", "i8", 0],
  ["smul.overflows", "vv-", "i8", commutes],
  ["umul.overflows", "vv-", "i8", commutes],
  // ── comparisons: 0 or 1; also of pointers ──
  ["eq", "vv-", "i8", commutes],
  ["ne", "vv-", "i8", commutes],
  ["slt", "vv-", "i8", 0],
  ["sle", "vv-", "i8", 0],
  ["sgt", "vv-", "i8", 0],
  ["sge", "vv-", "i8", 0],
  ["ult", "vv-", "i8", 0],
  ["ule", "vv-", "i8", 0],
  ["ugt", "vv-", "i8", 0],
  ["uge", "vv-", "i8", 0],
  ["feq", "vv-", "i8", commutes], //            ordered: false for NaN
  ["fne", "vv-", "i8", commutes], //            true for NaN
  ["flt", "vv-", "i8", 0],
  ["fle", "vv-", "i8", 0],
  ["fgt", "vv-", "i8", 0],
  ["fge", "vv-", "i8", 0],
  // ── floats (IEEE 754, round to nearest even) ──
  ["fadd", "vv-", "same", commutes],
  ["fsub", "vv-", "same", 0],
  ["fmul", "vv-", "same", commutes],
  ["fdiv", "vv-", "same", 0],
  ["fneg", "v--", "same", 0],
  ["fabs", "v--", "same", 0],
  ["fsqrt", "v--", "same", 0],
  ["ffloor", "v--", "same", 0],
  ["fceil", "v--", "same", 0],
  ["ftrunc", "v--", "same", 0],
  ["fnearest", "v--", "same", 0], //            ties to even
  ["fma", "vvv", "same", 0], //                 a * b + c, rounded once
  ["fcopysign", "vv-", "same", 0],
  // ── conversions ──
  ["sext", "v--", "type", 0],
  ["zext", "v--", "type", 0],
  ["trunc", "v--", "type", 0],
  ["fpromote", "v--", "f64", 0],
  ["fdemote", "v--", "f32", 0],
  ["stof", "v--", "type", 0], //                signed integer to float
  ["utof", "v--", "type", 0],
  ["ftos", "v--", "type", 0], //                toward zero, saturating, NaN gives 0
  ["ftou", "v--", "type", 0],
  ["bitcast", "v--", "type", 0], //             same size, other class; also ptr to i64 and back
  ["select", "vvv", "type", 0], //              a != 0 ? b : c
  // ── memory; addresses are a pointer and a constant offset ──
  ["ptr.add", "vv-", "ptr", 0], //              b: i64, in bytes
  ["load", "vi-", "type", reads],
  ["store", "vvi", "none", writes], //          a: value, b: pointer, c: offset
  ["copy", "vvv", "none", reads | writes], //   a: to, b: from, c: i64 bytes; the ranges do not overlap or are the same
  ["move", "vvv", "none", reads | writes], //   may overlap
  ["fill", "vvv", "none", writes], //           a: to, b: i8, c: i64 bytes
  // ── atomics, sequentially consistent ──
  ["atomic.load", "v--", "type", reads | writes],
  ["atomic.store", "vv-", "none", writes], //   a: value, b: pointer
  ["atomic.add", "vv-", "type", reads | writes], // a: pointer, b: value; gives the old value; so do the next
  ["atomic.swap", "vv-", "type", reads | writes],
  ["atomic.cas", "vvv", "type", reads | writes], // a: pointer, b: expected, c: new
  ["fence", "---", "none", reads | writes],
  // ── calls ──
  ["call", "sl-", "type", reads | writes | calls],
  ["call.indirect", "vlg", "type", reads | writes | calls],
  ["syscall", "-l-", "i64", reads | writes], // b: number and arguments, all i64
  ["frame.address", "---", "ptr", 0], //        address of the word that holds the return address (x86_64), see codegen/README.md
  // ── checks ──
  ["trap.if", "vtl", "none", traps], //         ends the program by trap b if a != 0; c: operands for the message
  // ── terminators ──
  ["jump", "e--", "none", terminates],
  ["branch", "vee", "none", terminates], //     a != 0 ? b : c
  ["switch", "vwe", "none", terminates], //     c: the default edge
  ["return", "l--", "none", terminates],
  ["trap", "tl-", "none", terminates | writes], // never returns
  ["unreachable", "---", "none", terminates], // control does not get here: what a call that never returns is followed by
] as const satisfies readonly (readonly [string, string, "none" | "type" | "same" | "ptr" | "i8" | "i64" | "f32" | "f64", number])[];

export type OpName = (typeof rows)[number][0];

/** `Op.add`, `Op["sadd.trap"]`: the row numbers. */
export const Op = Object.fromEntries(rows.map(([name], index) => [name, index])) as { readonly [K in OpName]: Op };
export const opNames: readonly OpName[] = rows.map(([name]) => name);
export const opOperands: readonly string[] = rows.map(([, operands]) => operands);
export const opResult: readonly (typeof rows)[number][2][] = rows.map(([, , result]) => result);
/** Bit set of `Effect` by operation number. */
export const opEffects = Uint8Array.from(rows, ([, , , effects]) => effects);
/** Which of a, b, c hold a value: bits 1, 2, 4. */
export const opValueOperands = Uint8Array.from(rows, ([, operands]) =>
  (operands[0] === "v" ? 1 : 0) | (operands[1] === "v" ? 2 : 0) | (operands[2] === "v" ? 4 : 0));
/** Which of a, b, c holds a list of values: 1, 2, 3, or 0 for none. */
export const opListOperand = Uint8Array.from(rows, ([, operands]) => operands.indexOf("l") + 1);

/** The operation ends a block. */
export function isTerminator(op: Op): boolean {
  return ((opEffects[op] as number) & terminates) !== 0;
}
