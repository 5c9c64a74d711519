/** Operations that are one instruction or intrinsic of LLVM, by name: what `function.ts` reads. */

import type { OpName } from "../../ir/ops.ts";

type Table = Partial<Readonly<Record<OpName, string>>>;

/** `%v = WORD TYPE a, b` */
export const binary: Table = {
  add: "add", sub: "sub", mul: "mul", sdiv: "sdiv", udiv: "udiv", srem: "srem", urem: "urem", and: "and", or: "or", xor: "xor",
  fadd: "fadd", fsub: "fsub", fmul: "fmul", fdiv: "fdiv",
};

/** The amount is taken modulo the width first: beyond it LLVM's result is poison. */
export const shifts: Table = { shl: "shl", lshr: "lshr", ashr: "ashr" };

/** `icmp` and `fcmp` with their predicates. */
export const comparisons: Table = {
  eq: "icmp eq", ne: "icmp ne", slt: "icmp slt", sle: "icmp sle", sgt: "icmp sgt", sge: "icmp sge", ult: "icmp ult", ule: "icmp ule", ugt: "icmp ugt", uge: "icmp uge",
  feq: "fcmp oeq", fne: "fcmp une", flt: "fcmp olt", fle: "fcmp ole", fgt: "fcmp ogt", fge: "fcmp oge",
};

/** `%v = call T @llvm.NAME.T(a, b, c)` */
export const intrinsics: Table = {
  fabs: "fabs", fsqrt: "sqrt", ffloor: "floor", fceil: "ceil", ftrunc: "trunc", fnearest: "roundeven", fma: "fma", fcopysign: "copysign",
  popcount: "ctpop", bswap: "bswap",
};

/** `%v = WORD FROM a to TO` */
export const conversions: Table = { sext: "sext", zext: "zext", trunc: "trunc", fpromote: "fpext", fdemote: "fptrunc", stof: "sitofp", utof: "uitofp" };

/** `llvm.NAME.with.overflow` */
export const checked: Table = {
  "sadd.trap": "sadd", "uadd.trap": "uadd", "ssub.trap": "ssub", "usub.trap": "usub", "smul.trap": "smul", "umul.trap": "umul",
  "sadd.overflows": "sadd", "uadd.overflows": "uadd", "ssub.overflows": "ssub", "usub.overflows": "usub", "smul.overflows": "smul", "umul.overflows": "umul",
};
