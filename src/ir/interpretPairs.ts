/**
 * Products and quotients of 64 bits for the interpreter's loop. A number is two words of the registers `R`, the lower one first; it is named by where that
 * stands: `d` is where the result goes, which may be an operand's place. What can fail gives false, and writes nothing, where there is no result.
 */

/** The lower 64 bits, of signed and unsigned alike. */
export function multiply(R: Int32Array, d: number, a: number, b: number): void {
  const aLow = R[a] as number, bLow = R[b] as number;
  const high = Math.imul(R[a + 1] as number, bLow) + Math.imul(aLow, R[b + 1] as number) + highProduct(aLow >>> 0, bLow >>> 0);
  R[d] = Math.imul(aLow, bLow);
  R[d + 1] = high;
}

/** False where the signed product does not fit. */
export function multiplyChecked(R: Int32Array, d: number, a: number, b: number): boolean {
  // The double is off by at most one part in 2^52; near the limit the exact product decides.
  const about = Math.abs(toDouble(R, a) * toDouble(R, b));
  if (about > 9223372036854770000 && (about > 9223372036854780000 || productOverflows(R, a, b))) return false;
  multiply(R, d, a, b);
  return true;
}

/** The signed quotient, or the remainder; false by zero, and where the quotient does not fit. */
export function divide(R: Int32Array, d: number, a: number, b: number, wantsQuotient: boolean): boolean {
  const divisor = toDouble(R, b);
  const dividend = toDouble(R, a);
  if (divisor === 0) return false;
  if (Math.abs(dividend) <= Number.MAX_SAFE_INTEGER && Math.abs(divisor) <= Number.MAX_SAFE_INTEGER) {
    const result = wantsQuotient ? Math.trunc(dividend / divisor) : dividend % divisor;
    R[d] = result;
    R[d + 1] = Math.floor(result / 4294967296);
    return true;
  }
  const exact = wide(R[a] as number, R[a + 1] as number);
  const by = wide(R[b] as number, R[b + 1] as number);
  if (by === -1n && exact === -0x8000000000000000n) return false;
  const result = wantsQuotient ? exact / by : exact % by;
  R[d] = Number(BigInt.asIntN(32, result));
  R[d + 1] = Number(result >> 32n);
  return true;
}

/** The signed number of two words. */
export function wide(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function toDouble(R: Int32Array, a: number): number {
  return (R[a + 1] as number) * 4294967296 + ((R[a] as number) >>> 0);
}

/** High 32 bits of the product of two unsigned words. */
function highProduct(a: number, b: number): number {
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = a * bLow; // below 2^48: exact
  const high = a * bHigh;
  // (high << 16) + low, its bits from 32 up.
  return Math.floor((high + Math.floor(low / 65536)) / 65536) | 0;
}

function productOverflows(R: Int32Array, a: number, b: number): boolean {
  const exact = wide(R[a] as number, R[a + 1] as number) * wide(R[b] as number, R[b + 1] as number);
  return BigInt.asIntN(64, exact) !== exact;
}
