/** Whether bytes are nothing but what fills gaps: zeros, instructions that stop, or instructions that do nothing. */

/** Of x86_64: 0f 1f /0 by its ModRM byte, as compilers and assemblers write it. */
const longNops: Readonly<Record<number, number>> = { 0x00: 3, 0x40: 4, 0x44: 5, 0x80: 7, 0x84: 8 };

export function isFill(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if ((first === 0 || first === 0xcc || first === 0x90) && isAll(bytes, start, end, first)) return true;
  return isNops(bytes, start, end);
}

function isAll(bytes: Uint8Array, start: number, end: number, byte: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== byte) return false;
  return true;
}

function isNops(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    // arm64: nop
    if (bytes[at] === 0x1f && bytes[at + 1] === 0x20 && bytes[at + 2] === 0x03 && bytes[at + 3] === 0xd5) at += 4;
    else if (bytes[at] === 0xcc || bytes[at] === 0) at++;
    else {
      while (at < end && (bytes[at] === 0x66 || bytes[at] === 0x2e)) at++;
      const length = bytes[at] === 0x90 ? 1 : bytes[at] === 0x0f && bytes[at + 1] === 0x1f ? longNops[bytes[at + 2]] : undefined;
      if (length === undefined) return false;
      at += length;
    }
  }
  return at === end;
}
