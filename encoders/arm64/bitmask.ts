/** The immediates of logical instructions (Arm ARM, DecodeBitMasks): a rotated run of ones, repeated in elements of 2 to 64 bits. */

/** The 13 bits N:immr:imms for the constant with these halves; -1 if it is none. For 32-bit instructions the halves are the same. */
export function encodeBitmask(low: number, high: number, wide: boolean): number {
  const [lo, hi] = [low >>> 0, (wide ? high : low) >>> 0];
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
  const ones = size === 64 ? popcount(lo) + popcount(hi) : popcount((lo & (2 ** size - 1)) >>> 0);
  // Rotated so that the run starts at bit 0: that is where a 1 stands above a 0.
  const bit = (i: number): number => (i % size < 32 ? lo >>> i % size : hi >>> ((i % size) - 32)) & 1;
  let start = 0;
  while (!(bit(start) === 1 && bit(start + size - 1) === 0)) start++;
  for (let i = 0; i < ones; i++) if (bit(start + i) === 0) return -1;
  // The length of the element is told by the ones above the run's length, that of 64 bits by N.
  const imms = (~(size * 2 - 1) & 0x3f) | (ones - 1);
  return (size === 64 ? 1 << 12 : 0) | (((size - start) % size) << 6) | imms;
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

/** How many of 32 bits are ones. */
function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
