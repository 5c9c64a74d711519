/** Branches beyond their reach, with reaches cut down to a few words: each must still lead to its label, and what is tied to places must move along. */
import { expect, test } from "bun:test";
import { Assembler } from "./assembler.ts";
import { word } from "./table.ts";

/** Where the branch at `at` leads, inverted ones over a `b` followed: the place if it is taken. */
function target(asm: Assembler, at: number): number {
  const w = asm.wordAt(at);
  const field = (w & 0x7e000000) === 0x36000000 ? (w << 13) >> 18 : (w & 0xfc000000) === 0x14000000 ? (w << 6) >> 6 : (w << 8) >> 13;
  return at + field * 4;
}

test("conditions, zero tests and bit tests, forwards and backwards", () => {
  for (const distance of [1, 3, 4, 5, 9, 40]) {
    const asm = new Assembler(64, [1 << 25, 8, 4, 8]);
    asm.emit(word("nop"));
    asm.beginRegion();
    const [back, ahead] = [asm.newLabel(), asm.newLabel()];
    const nops = (): void => { for (let i = 0; i < distance; i++) asm.emit(word("nop")); };
    asm.bind(back);
    nops();
    asm.mark(1, 7);
    asm.jumpIf(0, ahead);
    asm.jumpZero(0, 1, 3, back);
    asm.jumpBit(1, 4, 35, ahead);
    asm.jumpBit(0, 5, 2, back);
    asm.callSymbol(9);
    nops();
    asm.bind(ahead);
    asm.jump(back);
    asm.endRegion();
    const [start, end] = [asm.labelOffset(back), asm.labelOffset(ahead)];
    let at = asm.markAt(0);
    // cond, cbz, tbnz, tbz: as written, or inverted over a `b`
    for (const [plain, inverted, mask, to] of [
      [0x54000000, 0x54000001, 0xff00001f, end], [0xb4000003, 0xb5000003, 0xff00001f, start], [0xb7180004, 0xb6180004, 0xfff8001f, end], [0x36100005, 0x37100005, 0xfff8001f, start],
    ] as const) {
      const w = (asm.wordAt(at) & mask) >>> 0;
      if (w === inverted) {
        expect(target(asm, at)).toBe(at + 8);
        at += 4;
        expect(asm.wordAt(at) >>> 26).toBe(0b000101);
      } else expect(w).toBe(plain);
      expect(target(asm, at)).toBe(to);
      at += 4;
    }
    expect(asm.fixupAt(0)).toBe(at);
    expect(asm.wordAt(at) >>> 26).toBe(0b100101);
    expect(target(asm, end)).toBe(start);
    expect(end - at).toBe(4 + distance * 4);
  }
});

test("a short branch becomes long because another one did", () => {
  const asm = new Assembler(64, [1 << 25, 4, 4, 8]);
  asm.beginRegion();
  const [near, far] = [asm.newLabel(), asm.newLabel()];
  asm.jumpIf(0, near); // three words away, five once those between are long
  asm.jumpIf(1, far);
  asm.jumpIf(2, far);
  asm.bind(near);
  for (let i = 0; i < 20; i++) asm.emit(word("nop"));
  asm.bind(far);
  asm.endRegion();
  expect(asm.labelOffset(near)).toBe(24);
  expect([target(asm, 0), target(asm, 4), target(asm, 12), target(asm, 20)]).toEqual([8, 24, asm.labelOffset(far), asm.labelOffset(far)]);
});
