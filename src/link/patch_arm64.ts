/** Fields of A64 instructions that relocations fill in: AArch64 ELF, 5.7. */
import { RelocationKind } from "./relocationKind.ts";

/** The logarithm of the bytes that a load or store with an unsigned offset moves: its size, and of vector registers a bit of opc. */
export function accessLog(instruction: number): number {
  const size = instruction >>> 30;
  return size === 0 && ((instruction >> 26) & 1) === 1 && ((instruction >> 23) & 1) === 1 ? 4 : size;
}

/** Fills in the instruction at `at`; `value` is S + A, `place` the instruction's address. False if it does not fit. */
export function patchArm64(bytes: Uint8Array, at: number, kind: number, value: number, place: number): boolean {
  const instruction = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  let field: number;
  let mask: number;
  switch (kind) {
    case RelocationKind.arm64Call26: {
      const distance = value - place;
      if (distance < -(2 ** 27) || distance >= 2 ** 27 || distance % 4 !== 0) return false;
      mask = 0x3ffffff;
      field = (distance / 4) & mask;
      break;
    }
    case RelocationKind.arm64Page21: {
      const pages = Math.floor(value / 4096) - Math.floor(place / 4096);
      if (pages < -(2 ** 20) || pages >= 2 ** 20) return false;
      mask = 0x60ffffe0;
      field = ((pages & 3) << 29) | (((pages >> 2) & 0x7ffff) << 5);
      break;
    }
    case RelocationKind.arm64Literal19: {
      const distance = value - place;
      if (distance < -(2 ** 20) || distance >= 2 ** 20 || distance % 4 !== 0) return false;
      mask = 0xffffe0;
      field = ((distance / 4) & 0x7ffff) << 5;
      break;
    }
    case RelocationKind.arm64Load12: {
      const low = value % 4096;
      const log = accessLog(instruction);
      if (low % (1 << log) !== 0) return false;
      mask = 0x3ffc00;
      field = (low >> log) << 10;
      break;
    }
    default:
      mask = 0x3ffc00;
      field = (value % 4096) << 10;
  }
  const patched = (instruction & ~mask) | field;
  for (let i = 0; i < 4; i++) bytes[at + i] = patched >> (8 * i);
  return true;
}
