import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { anyInstructionLength } from "./anyLength.ts";
import { disassemble } from "./disassembler.ts";
import { instructionLength } from "./instructionLength.ts";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

test("instructions that the table has not", () => {
  for (const hex of [
    "64488b042528000000", // mov rax, fs:0x28
    "662e0f1f840000000000", // cs nop word ptr [rax+rax*1+0]
    "d97c2402", "dfe0", "9b", "db6c2410", // fnstcw, fnstsw, fwait, fld
    "c5fe6f06", "c5f877", "c5fd74f8", "c4e37d3901c8", "c4e27d5906", // vmovdqu, vzeroupper, vpcmpeqb, vextracti128, vpbroadcastq
    "62f1fe486f06", "62f37d483f0601", "62e17c4828440140", // vmovdqu64, vpcmpub, vmovaps with a displacement
    "660f3a63c11a", "48b88877665544332211", "66b83412", "a18877665544332211", "c8100001", "f6c101", "66f7c13412", "f7d8", "f00fb10f",
  ]) {
    const bytes = bytesOf(hex);
    expect([hex, anyInstructionLength(bytes, 0, bytes.length)]).toEqual([hex, bytes.length]);
    for (let end = 0; end < bytes.length; end++) expect([hex, end, anyInstructionLength(bytes, 0, end)]).toEqual([hex, end, 0]);
  }
});

test("what is no instruction has no length", () => {
  for (const hex of ["06", "9a", "ea", "0f04", "d4", "ce", "82", "66".repeat(20)]) expect([hex, anyInstructionLength(bytesOf(hex), 0, hex.length / 2)]).toEqual([hex, 0]);
});

test("those of the table have the length that the decoder gives them", () => {
  const wrong: string[] = [];
  let count = 0;
  for (const line of readFileSync(new URL("fixtures/instructions.txt", import.meta.url), "utf8").split("\n")) {
    const hex = /^([0-9a-f]{2,})\s/.exec(line)?.[1] ?? /\s([0-9a-f]{2,})$/.exec(line)?.[1];
    if (hex === undefined) continue;
    const bytes = bytesOf(hex);
    const own = instructionLength(bytes, 0, bytes.length);
    count++;
    if (own !== 0 && anyInstructionLength(bytes, 0, bytes.length) !== own) wrong.push(line);
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(5000);
});

test("the disassembler stays in step behind an instruction that it does not know", () => {
  const bytes = bytesOf("62f1fe486f06c3");
  const first = disassemble(bytes, 0, bytes.length);
  expect(first).toEqual({ text: "(undefined instruction)", length: 6, error: "undefined" });
  expect(disassemble(bytes, first.length, bytes.length).text).toBe("ret");
});
