/** The immediates of logical instructions (Arm ARM, DecodeBitMasks): a rotated run of ones, repeated in elements of 2 to 64 bits. */

/** The 13 bits N:immr:imms for the constant with these halves; -1 if it is none. For 32-bit instructions the halves are the same. */
export function encodeBitmask(low: number, high: number, wide: boolean): number {
  let [lo, hi] = [low >>> 0, (wide ? high : low) >>> 0];
  if ((lo === 0 && hi === 0) || (lo === 0xffffffff && hi === 0xffffffff)) return -1;
  let size = 64;
  if (lo === hi) {
    size = 32;
    while (size > 2) {
      const half = size >> 1;
      const mask = 2 ** half - 1;
      if ((lo & mask) >>> 0 !== ((lo >>> half) & mask) >>> 0) break;
      size = half;
    }
  }
  if (size === 64) {
    let ones = popcount(lo) + popcount(hi);
    // Rotate so that the run starts at bit 0: find a 0 below a 1.
    const bit = (i: number): number => ((i & 63) < 32 ? lo >>> (i & 63) : hi >>> ((i & 63) - 32)) & 1;
    let start = 0;
    while (!(bit(start) === 1 && bit(start + 63) === 0)) start++;
    for (let i = 0; i < ones; i++) if (bit(start + i) === 0) return -1;
    return (1 << 12) | (((64 - start) & 63) << 6) | (ones - 1);
  }
  const mask = size === 32 ? 0xffffffff : 2 ** size - 1;
  lo = (lo & mask) >>> 0;
  hi = lo;
  const ones = popcount(lo);
  const bit = (i: number): number => (lo >>> (i % size)) & 1;
  let start = 0;
  while (!(bit(start) === 1 && bit(start + size - 1) === 0)) start++;
  for (let i = 0; i < ones; i++) if (bit(start + i) === 0) return -1;
  // The length of the element is told by the ones above the run's length.
  const imms = ((~(size * 2 - 1) & 0x3f) | (ones - 1)) & 0x3f;
  return (((size - start) % size) << 6) | imms;
}

/** The constant that 13 bits stand for; undefined if they are reserved. */
export function decodeBitmask(bits: number, wide: boolean): bigint | undefined {
  const n = bits >>> 12;
  const immr = (bits >>> 6) & 63;
  const imms = bits & 63;
  const combined = (n << 6) | (~imms & 63);
  if (combined < 2) return undefined;
  const size = 1 << (31 - Math.clz32(combined));
  if (size === 64 && !wide) return undefined;
  const ones = (imms & (size - 1)) + 1;
  if (ones === size) return undefined;
  const rotate = BigInt(immr & (size - 1));
  const all = (1n << BigInt(size)) - 1n;
  const run = (1n << BigInt(ones)) - 1n;
  const element = ((run >> rotate) | (run << (BigInt(size) - rotate))) & all;
  let value = 0n;
  for (let at = 0; at < (wide ? 64 : 32); at += size) value |= element << BigInt(at);
  return value;
}

function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
