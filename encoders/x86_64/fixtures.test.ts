/**
 * Every row and form against bytes that GNU `as` made, committed as fixtures/instructions.txt: `BYTES TEXT` under the
 * row's name. `BLESS=1 bun test encoders/x86_64/fixtures.test.ts`, with `as` installed, makes the file anew from `as`,
 * never from our own bytes. The disassembler must return each text.
 */
import { expect, test } from "bun:test";
import { Assembler } from "./assembler.ts";
import { rowName } from "./columns.ts";
import { Instruction, decode } from "./decoder.ts";
import { disassemble } from "./disassembler.ts";
import { assembleWithAs } from "./testing/oracles.ts";
import { isCanonical } from "./reencode.ts";
import { allCases } from "./testing/cases.ts";

const path = new URL("fixtures/instructions.txt", import.meta.url).pathname;

if (process.env["BLESS"] === "1") {
  const cases = allCases(true);
  const bytes = assembleWithAs(cases.map((item) => item.text));
  let text = "";
  let last = -1;
  cases.forEach((item, i) => {
    if (item.row !== last) text += `# ${rowName(item.row)}\n`;
    last = item.row;
    text += `${bytes[i]} ${item.text}\n`;
  });
  await Bun.write(path, text);
}

const fixture = (await Bun.file(path).text()).trimEnd().split("\n");

test("the assembler writes what `as` wrote", () => {
  const ours: string[] = [];
  let last = -1;
  for (const item of allCases(true)) {
    if (item.row !== last) ours.push(`# ${rowName(item.row)}`);
    last = item.row;
    ours.push(`${item.hex} ${item.text}`);
  }
  const differing = ours.flatMap((line, i) => (line === fixture[i] ? [] : [`ours: ${line}   fixture: ${fixture[i]}`]));
  expect(differing.slice(0, 20)).toEqual([]);
  expect(ours.length).toBe(fixture.length);
});

test("the disassembler returns what `as` read, and calls it canonical", () => {
  const differing: string[] = [];
  const instruction = new Instruction();
  const scratch = new Assembler();
  for (const line of fixture) {
    if (line[0] === "#") continue;
    const space = line.indexOf(" ");
    const bytes = Uint8Array.fromHex(line.slice(0, space));
    const read = disassemble(bytes, 0, bytes.length);
    decode(bytes, 0, bytes.length, instruction);
    const same = read.text === line.slice(space + 1) && read.length === bytes.length;
    if (!same || !isCanonical(bytes, 0, instruction, scratch)) differing.push(`${line}   read: ${read.text}`);
  }
  expect(differing.slice(0, 20)).toEqual([]);
});

test("every proper beginning of an instruction is truncated or another instruction, never a throw", () => {
  const instruction = new Instruction();
  for (let i = 0; i < fixture.length; i += 5) {
    if (fixture[i][0] === "#") continue;
    const bytes = Uint8Array.fromHex(fixture[i].slice(0, fixture[i].indexOf(" ")));
    for (let end = 0; end < bytes.length; end++) {
      if (decode(bytes, 0, end, instruction) === 0) expect(instruction.length).toBeLessThanOrEqual(end);
    }
  }
});
