/** The immediates of fmov (Arm ARM, VFPExpandImm): n/16 * 2^r with n from 16 to 31 and r from -3 to 4, and its negative. */

/** The eight bits for a number; -1 if there are none. */
export function encodeFloat8(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude >= 0.125 && magnitude <= 31)) return -1;
  const exponent = Math.floor(Math.log2(magnitude));
  const fraction = (magnitude / 2 ** exponent) * 16 - 16;
  if (fraction !== Math.floor(fraction) || fraction > 15) return -1;
  const sign = value < 0 ? 0x80 : 0;
  return sign | (((exponent + 3) ^ 4) << 4) | fraction;
}

/** The number of fmov's eight bits `abcdefgh`: (-1)^a × (16 + efgh) / 16 × 2^(NOT(b)cd - 3). */
export function decodeFloat8(bits: number): number {
  const exponent = (((bits >> 4) & 7) ^ 4) - 3;
  return (bits & 0x80 ? -1 : 1) * ((16 + (bits & 15)) / 16) * 2 ** exponent;
}
