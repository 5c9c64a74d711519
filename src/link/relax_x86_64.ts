/**
 * x86_64 instructions that load an address from the global offset table, rewritten to compute it: System V ABI AMD64, B.2. The compiler
 * marked them with GOTPCRELX or REX_GOTPCRELX; the bytes before the field say which instruction it is.
 */

/** Whether the instruction whose 4-byte field is at `at` has a form without the table. */
export function canRelax(bytes: Uint8Array, at: number): boolean {
  if (at < 2) return false;
  const opcode = bytes[at - 2];
  const modrm = bytes[at - 1];
  if (opcode === 0x8b) return (modrm & 0xc7) === 0x05; // mov reg, [rip + field]
  return opcode === 0xff && (modrm === 0x15 || modrm === 0x25); // call, jmp [rip + field]
}

/** Rewrites it; `distance` is S + A - P for the field where it was, and known to fit. */
export function relax(bytes: Uint8Array, at: number, distance: number): void {
  if (bytes[at - 2] === 0x8b) {
    bytes[at - 2] = 0x8d; // lea reg, [rip + field]
    put32(bytes, at, distance);
  } else if (bytes[at - 1] === 0x15) {
    bytes[at - 2] = 0x67; // a prefix without effect, so that the length stays
    bytes[at - 1] = 0xe8; // call rel32
    put32(bytes, at, distance);
  } else {
    bytes[at - 2] = 0xe9; // jmp rel32, one byte shorter
    put32(bytes, at - 1, distance + 1);
    bytes[at + 3] = 0x90;
  }
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value >> 16;
  bytes[at + 3] = value >> 24;
}
