import { expect, test } from "bun:test";
import { Assembler } from "./assembler.ts";
import { listRegion } from "./listing.ts";
import { EQ, LR, SP } from "./registers.ts";
import { memoryWord, word } from "./table.ts";
import { assembleWithAs, assembleWithLlvmMc, hasAs, hasLlvmMc } from "./testing/oracles.ts";

const symbols = ["table", "callee"];

/** A function with every kind of reference, an extension, and a word that is no instruction. */
function sample(withSymbols: boolean): Assembler {
  const asm = new Assembler(16);
  asm.beginRegion();
  const [loop, out, constant] = [asm.newLabel(), asm.newLabel(), asm.newLabel()];
  asm.pair(memoryWord("stp_x_pre"), 29, LR, SP, -2);
  asm.jumpZero(0, 1, 0, out);
  asm.bind(loop);
  if (withSymbols) {
    asm.page(1, 0, 8);
    asm.pageOffset(1, 1, 0, 8);
    asm.callSymbol(1);
  }
  asm.literal(memoryWord("ldr_literal_x"), 2, constant);
  asm.address(3, constant);
  asm.atomic(memoryWord("ldaddal_64"), 2, 3, 1);
  asm.atomic(memoryWord("swpal_64"), 2, 3, 1);
  asm.jumpBit(1, 2, 63, loop);
  asm.jumpIf(EQ, loop);
  asm.bind(out);
  asm.pair(memoryWord("ldp_x_post"), 29, LR, SP, 2);
  asm.emit(word("ret") | (LR << 5));
  asm.bind(constant);
  asm.emit(0xffffffff);
  asm.endRegion();
  return asm;
}

const listing = (asm: Assembler): string[] =>
  listRegion({ bytes: asm.bytes, start: 0, end: asm.length, fixups: asm, labelPrefix: ".L", symbolName: (symbol) => symbols[symbol] as string, nameAt: () => undefined });

test("a function as text", () => {
  expect(listing(sample(true)).map((line) => line.trim())).toEqual([
    "stp x29, x30, [sp, #-16]!", "cbz x0, .L1", ".L0:", "adrp x1, table+8", "add x1, x1, :lo12:table+8", "bl callee", "ldr x2, .L2", "adr x3, .L2", ".arch_extension lse",
    "ldaddal x2, x3, [x1]", "swpal x2, x3, [x1]", "tbnz x2, #63, .L0", "b.eq .L0", ".L1:", "ldp x29, x30, [sp], #16", "ret", ".L2:", ".inst 0xffffffff",
  ]);
});

test("Apple names the parts of addresses otherwise", () => {
  const asm = sample(true);
  const lines = listRegion({ bytes: asm.bytes, start: 0, end: asm.length, fixups: asm, labelPrefix: "L", apple: true, symbolName: (symbol) => `_${symbols[symbol] as string}`, nameAt: () => undefined });
  expect(lines.map((line) => line.trim()).slice(3, 6)).toEqual(["adrp x1, _table@PAGE+8", "add x1, x1, _table@PAGEOFF+8", "bl _callee"]);
});

for (const [name, has, assemble] of [["as", hasAs, assembleWithAs], ["llvm-mc", hasLlvmMc, assembleWithLlvmMc]] as const) {
  if (!has) continue;
  test(`${name} makes the same words of it`, () => {
    const asm = sample(false);
    expect(assemble(listing(asm))).toEqual(Array.from({ length: asm.length / 4 }, (_, i) => asm.wordAt(i * 4) >>> 0));
  });
}
