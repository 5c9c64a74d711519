import { expect, test } from "bun:test";
import { Assembler } from "./assembler.ts";
import { DECODED, Instruction, TRUNCATED, UNDEFINED, decode } from "./decoder.ts";
import { disassemble } from "./disassembler.ts";
import { encodeAgain, isCanonical } from "./reencode.ts";

const read = (hex: string) => disassemble(Uint8Array.fromHex(hex), 0, hex.length / 2);

test("bytes that end too soon are truncated", () => {
  for (const hex of ["", "66", "48", "0f", "0f38", "48b8000000", "8b", "8b04", "8b84", "8b840000", "e9000000", "c4", "c4e2f0"]) {
    expect(read(hex)).toEqual({ text: "(truncated instruction)", length: 1, error: "truncated" });
  }
});

test("bytes that no row has are undefined", () => {
  // Segments that have no base, or without memory; EVEX, a third operand where there are two, a hole in x87, push es, a redundant REX.W, three prefixes, mfence in memory.
  for (const hex of ["2e89042500000000", "6489c0", "64c3", "62f1fe486f06", "c5f028c1", "d9e2", "06", "4850", "66f2f390", "0fae30", "8dc0"]) {
    expect(read(hex).error).toBe("undefined");
  }
});

test("what the assembler would write otherwise is decoded, and not canonical", () => {
  const instruction = new Instruction();
  const scratch = new Assembler();
  // A redundant REX, an index-less SIB, imm32 where imm8 would do, 48 90, shl by one with a byte, add al through 80.
  for (const hex of ["4001c8", "8b0420", "81c005000000", "4890", "c1e001", "80c005", "8b040500000000"]) {
    const bytes = Uint8Array.fromHex(hex);
    expect(decode(bytes, 0, bytes.length, instruction)).toBe(DECODED);
    expect(isCanonical(bytes, 0, instruction, scratch)).toBe(false);
  }
});

/** A fixed sequence of pseudo-random bytes. */
function* randomBytes(seed: number): Generator<number> {
  for (;;) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    yield (seed >>> 11) & 255;
  }
}

test("random bytes never throw, and what decodes encodes to itself or to an equivalent", () => {
  const random = randomBytes(0x2545f491);
  const bytes = new Uint8Array(18);
  const [first, second] = [new Instruction(), new Instruction()];
  const asm = new Assembler();
  const starts = [[], [0x48], [0x0f], [0x66, 0x0f], [0xf2, 0x0f], [0xf0], [0x4c], [0xc4, 0xe2], [0x66, 0x0f, 0x38], [0x41], [0xc5], [0xc5, 0xfd], [0xc4, 0xe1], [0xc4, 0xe3, 0x7d], [0xd9], [0xdb]];
  let decoded = 0;
  let canonical = 0;
  for (let round = 0; round < 60000; round++) {
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.next().value;
    bytes.set(starts[round % starts.length]);
    const end = 1 + (round % bytes.length);
    const status = decode(bytes, 0, end, first);
    if (status !== DECODED) {
      expect(status === TRUNCATED || status === UNDEFINED).toBe(true);
      continue;
    }
    decoded++;
    expect(first.length).toBeLessThanOrEqual(Math.min(end, 15));
    const text = disassemble(bytes, 0, end).text;
    if (isCanonical(bytes, 0, first, asm)) {
      canonical++;
      continue;
    }
    // Not canonical: unless the assembler refuses it, it must come back as the same instruction.
    asm.reset();
    try {
      encodeAgain(asm, first);
    } catch {
      expect(/^xchg [er]ax, [er]ax$|^f\w+ st\(0\), st$/.test(text)).toBe(true);
      continue;
    }
    expect(decode(asm.bytes, 0, asm.length, second)).toBe(DECODED);
    expect(plain(disassemble(asm.bytes, 0, asm.length).text)).toBe(plain(text));
  }
  expect(decoded).toBeGreaterThan(10000);
  expect(canonical).toBeGreaterThan(decoded / 2);
});

/** Without hints, and without what the assembler changes in spelling but not in meaning. */
function plain(text: string): string {
  return text.replace(/^\{\w+\} /, "").replace(/\*1(?=[\]+-])/, "").replace(/^xchg (\w+), (\w+)$/, (_, a: string, b: string) => `xchg ${[a, b].sort().join(", ")}`);
}
