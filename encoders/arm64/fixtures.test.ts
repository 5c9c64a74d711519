/**
 * Every row against words that llvm-mc made, committed as fixtures/instructions.txt: `WORD TEXT` under the row's name. The assemblers
 * make the file: `BLESS=1 bun test encoders/arm64/fixtures.test.ts`, with llvm-mc installed, writes it from llvm-mc, never from our own bits.
 */
import { expect, test } from "bun:test";
import { Instruction, decode } from "./decoder.ts";
import { NO_SYMBOLS, disassemble, instructionText } from "./disassembler.ts";
import { compose } from "./encode.ts";
import { allCases } from "./testing/cases.ts";
import { assembleWithLlvmMc } from "./testing/oracles.ts";

const path = new URL("fixtures/instructions.txt", import.meta.url).pathname;
const hexadecimal = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
/** An adrp without a symbol is a relocation to every assembler. */
const isForeign = (text: string): boolean => text.startsWith("adrp");

if (process.env["BLESS"] === "1") {
  const cases = allCases(true).filter(({ text }) => !isForeign(text));
  const words = assembleWithLlvmMc(cases.map((item) => item.text));
  let text = "";
  let last = "";
  cases.forEach((item, i) => {
    if (item.row.name !== last) text += `# ${item.row.name}\n`;
    last = item.row.name;
    text += `${hexadecimal(words[i] as number)} ${item.text}\n`;
  });
  await Bun.write(path, text);
}

const fixture = (await Bun.file(path).text()).trimEnd().split("\n");

test("the table has the words that llvm-mc wrote", () => {
  const ours: string[] = [];
  let last = "";
  for (const item of allCases(true)) {
    if (isForeign(item.text)) continue;
    if (item.row.name !== last) ours.push(`# ${item.row.name}`);
    last = item.row.name;
    ours.push(`${hexadecimal(item.word)} ${item.text}`);
  }
  const differing = ours.flatMap((line, i) => (line === fixture[i] ? [] : [`ours: ${line}   fixture: ${fixture[i] ?? ""}`]));
  expect(differing.slice(0, 20)).toEqual([]);
  expect(ours.length).toBe(fixture.length);
});

test("the disassembler returns what llvm-mc read", () => {
  const differing: string[] = [];
  for (const line of fixture) {
    if (line[0] === "#") continue;
    const word = Number.parseInt(line.slice(0, 8), 16);
    const text = disassemble(new Uint8Array([word, word >> 8, word >> 16, word >> 24]), 0);
    if (text !== line.slice(9)) differing.push(`${line}   read: ${text}`);
  }
  expect(differing.slice(0, 20)).toEqual([]);
});

test("what is decoded is what was encoded: the row and every field", () => {
  const instruction = new Instruction();
  const differing: string[] = [];
  for (const { row, word } of allCases(true)) {
    const read = decode(word, instruction) && instruction.row === row;
    const again = read ? compose(row, Object.fromEntries(Object.keys(row.fields).map((name) => [name, instruction.field(name)]))) : 0;
    if (!read || again !== word) differing.push(`${row.name} ${hexadecimal(word)}: ${instruction.row?.name ?? "none"} ${hexadecimal(again)}`);
  }
  expect(differing.slice(0, 20)).toEqual([]);
});

test("any word is an instruction with a text, or .inst; never a throw", () => {
  const instruction = new Instruction();
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  let seed = 1;
  let known = 0;
  for (let i = 0; i < 200_000; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    const word = seed ^ (seed >>> 15);
    view.setInt32(0, word, true);
    const text = disassemble(bytes, 0);
    if (!decode(word, instruction)) expect(text).toBe(`.inst 0x${hexadecimal(word)}`);
    else {
      known++;
      expect(instructionText(instruction, 0, NO_SYMBOLS)).not.toMatch(/undefined|NaN|[A-Z]/);
    }
  }
  expect(known).toBeGreaterThan(40_000);
});
