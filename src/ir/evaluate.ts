/**
 * What each pure operation computes, stated once: the interpreter's general path, constant folding in the passes, and what the interpreter's
 * fast paths are tested against. Integers are signed BigInts within their type, floats are numbers (f32 already rounded).
 */

import { Op } from "./ops.ts";
import { Type, isFloat, typeSize } from "./types.ts";

export type Scalar = bigint | number;

/** Width in bits of an integer type. */
export function widthOf(type: Type): number {
  return 8 * (typeSize[type] as number);
}

/**
 * The result of an operation on constants; `from` is the type of the first operand, `type` of the result. Undefined where the result is not
 * defined (division by zero) or the operation is not pure.
 */
export function evaluate(op: Op, type: Type, from: Type, a: Scalar, b: Scalar = 0n, c: Scalar = 0n): Scalar | undefined {
  if (op === Op.select) return a !== 0n ? b : c;
  if (typeof a === "number") return evaluateFloat(op, type, from, a, b, c);
  if (op === Op.stof) return roundInteger(a, type);
  if (op === Op.utof) return roundInteger(BigInt.asUintN(widthOf(from), a), type);
  if (op === Op.bitcast && isFloat(type)) return floatFromBits(a, type);
  if (typeof b !== "bigint") return undefined;
  if (op === Op["udiv.wide"]) return typeof c === "bigint" ? wideQuotient(a, b, c) : undefined;
  return evaluateInteger(op, type, from, a, b);
}

/** Whether sum, difference or product of an `….overflows` or `….trap` operation leaves the type. */
export function overflows(op: Op, type: Type, a: bigint, b: bigint): boolean {
  const width = widthOf(type);
  const ua = BigInt.asUintN(width, a);
  const ub = BigInt.asUintN(width, b);
  switch (op) {
    case Op["sadd.trap"]:
    case Op["sadd.overflows"]: return BigInt.asIntN(width, a + b) !== a + b;
    case Op["ssub.trap"]:
    case Op["ssub.overflows"]: return BigInt.asIntN(width, a - b) !== a - b;
    case Op["smul.trap"]:
    case Op["smul.overflows"]: return BigInt.asIntN(width, a * b) !== a * b;
    case Op["uadd.trap"]:
    case Op["uadd.overflows"]: return BigInt.asUintN(width, ua + ub) !== ua + ub;
    case Op["usub.trap"]:
    case Op["usub.overflows"]: return ua < ub;
    case Op["umul.trap"]:
    case Op["umul.overflows"]: return BigInt.asUintN(width, ua * ub) !== ua * ub;
    default: throw new Error(`ir/evaluate.overflows: operation ${op}`);
  }
}

function wrap(type: Type, value: bigint): bigint {
  return BigInt.asIntN(widthOf(type), value);
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}

function evaluateInteger(op: Op, type: Type, from: Type, a: bigint, b: bigint): Scalar | undefined {
  const width = widthOf(from);
  const ua = BigInt.asUintN(width, a);
  const ub = BigInt.asUintN(width, b);
  const amount = ub % BigInt(width);
  switch (op) {
    case Op.add:
    case Op["ptr.add"]: return wrap(type, a + b);
    case Op.sub: return wrap(type, a - b);
    case Op.mul: return wrap(type, a * b);
    case Op.smulh: return (a * b) >> BigInt(width);
    case Op.umulh: return wrap(type, (ua * ub) >> BigInt(width));
    case Op.sdiv: return b === 0n || overflowsDivision(a, b, width) ? undefined : a / b;
    case Op.srem: return b === 0n || overflowsDivision(a, b, width) ? undefined : a % b;
    case Op.udiv: return b === 0n ? undefined : wrap(type, ua / ub);
    case Op.urem: return b === 0n ? undefined : wrap(type, ua % ub);
    case Op.and: return a & b;
    case Op.or: return a | b;
    case Op.xor: return a ^ b;
    case Op.shl: return wrap(type, ua << amount);
    case Op.lshr: return wrap(type, ua >> amount);
    case Op.ashr: return a >> amount;
    case Op.rotl: return wrap(type, (ua << amount) | (ua >> (BigInt(width) - amount)));
    case Op.rotr: return wrap(type, (ua >> amount) | (ua << (BigInt(width) - amount)));
    case Op.clz: return BigInt(ua === 0n ? width : width - ua.toString(2).length);
    case Op.ctz: {
      if (ua === 0n) return BigInt(width);
      let count = 0n;
      while (((ua >> count) & 1n) === 0n) count++;
      return count;
    }
    case Op.popcount: return BigInt(ua.toString(2).replaceAll("0", "").length);
    case Op.bswap: {
      let swapped = 0n;
      for (let i = 0; i < width; i += 8) swapped = (swapped << 8n) | ((ua >> BigInt(i)) & 0xffn);
      return wrap(type, swapped);
    }
    case Op["sadd.trap"]:
    case Op["uadd.trap"]: return overflows(op, type, a, b) ? undefined : wrap(type, a + b);
    case Op["ssub.trap"]:
    case Op["usub.trap"]: return overflows(op, type, a, b) ? undefined : wrap(type, a - b);
    case Op["smul.trap"]:
    case Op["umul.trap"]: return overflows(op, type, a, b) ? undefined : wrap(type, a * b);
    case Op["sadd.overflows"]:
    case Op["uadd.overflows"]:
    case Op["ssub.overflows"]:
    case Op["usub.overflows"]:
    case Op["smul.overflows"]:
    case Op["umul.overflows"]: return truth(overflows(op, from, a, b));
    case Op.eq: return truth(a === b);
    case Op.ne: return truth(a !== b);
    case Op.slt: return truth(a < b);
    case Op.sle: return truth(a <= b);
    case Op.sgt: return truth(a > b);
    case Op.sge: return truth(a >= b);
    case Op.ult: return truth(ua < ub);
    case Op.ule: return truth(ua <= ub);
    case Op.ugt: return truth(ua > ub);
    case Op.uge: return truth(ua >= ub);
    case Op.sext: return a;
    case Op.zext: return ua;
    case Op.trunc:
    case Op.bitcast: return wrap(type, a);
    default: return undefined;
  }
}

/** (high·2^64 + low) / divisor, where that is one word. */
function wideQuotient(low: bigint, high: bigint, divisor: bigint): bigint | undefined {
  const [upper, by] = [BigInt.asUintN(64, high), BigInt.asUintN(64, divisor)];
  return upper < by ? BigInt.asIntN(64, ((upper << 64n) | BigInt.asUintN(64, low)) / by) : undefined;
}

function overflowsDivision(a: bigint, b: bigint, width: number): boolean {
  return b === -1n && a === -(1n << BigInt(width - 1));
}

function evaluateFloat(op: Op, type: Type, from: Type, a: number, second: Scalar, third: Scalar): Scalar | undefined {
  const b = Number(second);
  switch (op) {
    // Doubles hold more than twice the bits of an f32, so that rounding twice gives what rounding once does.
    case Op.fadd: return rounded(type, a + b);
    case Op.fsub: return rounded(type, a - b);
    case Op.fmul: return rounded(type, a * b);
    case Op.fdiv: return rounded(type, a / b);
    case Op.fsqrt: return rounded(type, Math.sqrt(a));
    case Op.fneg: return -a;
    case Op.fabs: return Math.abs(a);
    case Op.ffloor: return Math.floor(a);
    case Op.fceil: return Math.ceil(a);
    case Op.ftrunc: return Math.trunc(a);
    case Op.fnearest: return nearest(a);
    case Op.fma: return fusedMultiplyAdd(a, b, Number(third), type);
    case Op.fcopysign: return (b < 0 || Object.is(b, -0)) === (a < 0 || Object.is(a, -0)) ? a : -a;
    case Op.feq: return truth(a === b);
    case Op.fne: return truth(a !== b);
    case Op.flt: return truth(a < b);
    case Op.fle: return truth(a <= b);
    case Op.fgt: return truth(a > b);
    case Op.fge: return truth(a >= b);
    case Op.fpromote: return a;
    case Op.fdemote: return Math.fround(a);
    case Op.ftos: {
      const width = widthOf(type);
      return isFarFromLimits(a, width) ? BigInt(Math.trunc(a)) : saturate(a, -(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n);
    }
    case Op.ftou: {
      const width = widthOf(type);
      return a >= 0 && isFarFromLimits(a, width) ? BigInt(Math.trunc(a)) : BigInt.asIntN(width, saturate(a, 0n, (1n << BigInt(width)) - 1n));
    }
    case Op.bitcast: return isFloat(type) ? a : bitsOfFloat(a, from);
    default: return undefined;
  }
}

function rounded(type: Type, value: number): number {
  return type === Type.f32 ? Math.fround(value) : value;
}

/** The whole part of the number fits the integers of that width, with a sign or without; no NaN does. */
function isFarFromLimits(value: number, width: number): boolean {
  return Math.abs(value) < 2 ** (width - 1);
}

function saturate(value: number, lowest: bigint, highest: bigint): bigint {
  if (value !== value) return 0n;
  if (value === Infinity) return highest;
  if (value === -Infinity) return lowest;
  const integer = BigInt(Math.trunc(value));
  return integer < lowest ? lowest : integer > highest ? highest : integer;
}

/** To an integer, ties to even. */
export function nearest(value: number): number {
  if (!(Math.abs(value) < 4503599627370496)) return value;
  const down = Math.floor(value);
  const rest = value - down;
  const rounded = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The float of an IEEE 754 bit pattern; `type` is f32 or f64. */
export function floatFromBits(bits: bigint, type: Type): number {
  scratch.setBigInt64(0, bits);
  return type === Type.f32 ? scratch.getFloat32(4) : scratch.getFloat64(0);
}

/** The bit pattern of a float, as signed integer of 32 or 64 bits; rounds to f32 if `type` is that. */
export function bitsOfFloat(value: number, type: Type): bigint {
  if (type === Type.f32) {
    scratch.setFloat32(0, value);
    return BigInt(scratch.getInt32(0));
  }
  scratch.setFloat64(0, value);
  return scratch.getBigInt64(0);
}

// ── exact rounding ──

function roundInteger(value: bigint, type: Type): number {
  const near = Number(value);
  if (Number.isSafeInteger(near)) return rounded(type, near);
  return value < 0n ? -roundExact(-value, 0, type) : roundExact(value, 0, type);
}

/** `magnitude` × 2^`exponent` rounded to the type, ties to even; magnitude ≥ 0. */
function roundExact(magnitude: bigint, exponent: number, type: Type): number {
  if (magnitude === 0n) return 0;
  const precision = type === Type.f32 ? 24 : 53;
  const lowestExponent = type === Type.f32 ? -149 : -1074;
  const length = magnitude.toString(2).length;
  // Bits to drop: down to the precision, and for subnormals down to the lowest exponent.
  const drop = Math.max(length - precision, lowestExponent - exponent);
  if (drop > 0) {
    const shift = BigInt(drop);
    const rest = magnitude & ((1n << shift) - 1n);
    const half = 1n << (shift - 1n);
    magnitude >>= shift;
    if (rest > half || (rest === half && (magnitude & 1n) === 1n)) magnitude++;
    exponent += drop;
  }
  const value = scale(Number(magnitude), exponent);
  return type === Type.f32 && value > 3.4028234663852886e38 ? Infinity : value;
}

/** Exact: the result is representable or infinite. */
function scale(value: number, exponent: number): number {
  while (exponent > 1000) {
    value *= 2 ** 1000;
    exponent -= 1000;
    if (value === Infinity) return value;
  }
  while (exponent < -1000) {
    // Up to 53 bits that end at or above 2^-1074: halving in steps loses nothing as long as the value stays normal.
    const step = Math.min(1000, -exponent - 74 > 0 ? -exponent - 74 : 1000);
    if (value * 2 ** -step < 2 ** -1000) break;
    value *= 2 ** -step;
    exponent += step;
  }
  return exponent < -1000 ? value * 2 ** (exponent + 500) * 2 ** -500 : value * 2 ** exponent;
}

function decompose(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  scratch.setFloat64(0, value);
  const bits = scratch.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: bits >> 63n === 1n ? -mantissa : mantissa, exponent: biased === 0 ? -1074 : biased - 1075 };
}

/** a × b + c, rounded once. */
export function fusedMultiplyAdd(a: number, b: number, c: number, type: Type): number {
  // Zeros, infinities and NaN need no rounding: the plain operations treat them, and the signs of zeros, right.
  if (!Number.isFinite(a) || !Number.isFinite(b) || !Number.isFinite(c) || a === 0 || b === 0) {
    return type === Type.f32 ? Math.fround(a * b + c) : Number.isFinite(a) && Number.isFinite(b) && !Number.isFinite(c) ? c : a * b + c;
  }
  const x = decompose(a);
  const y = decompose(b);
  const z = decompose(c);
  const productExponent = x.exponent + y.exponent;
  const exponent = c === 0 ? productExponent : Math.min(productExponent, z.exponent);
  const sum = ((x.mantissa * y.mantissa) << BigInt(productExponent - exponent)) + (c === 0 ? 0n : z.mantissa << BigInt(z.exponent - exponent));
  if (sum === 0n) return 0; // exact cancellation gives +0 when rounding to nearest
  return sum < 0n ? -roundExact(-sum, exponent, type) : roundExact(sum, exponent, type);
}
