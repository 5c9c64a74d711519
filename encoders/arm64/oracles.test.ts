/** Some 220,000 instructions against the tools of this machine; where a tool is missing, its test is not there. */
import { expect, test } from "bun:test";
import { Instruction, decode } from "./decoder.ts";
import { allCases } from "./testing/cases.ts";
import type { Case } from "./testing/cases.ts";
import { assembleWithAs, assembleWithLlvmMc, disassembleWithLlvmMc, hasAs, hasLlvmMc } from "./testing/oracles.ts";

const hexadecimal = (word: number | undefined): string => (word === undefined ? "nothing" : (word >>> 0).toString(16).padStart(8, "0"));

function differences(cases: readonly Case[], theirs: readonly number[]): string[] {
  return cases.flatMap((item, i) => (item.word >>> 0 === theirs[i] ? [] : [`${item.row.name}: ${item.text}: ours ${hexadecimal(item.word)}, theirs ${hexadecimal(theirs[i])}`]));
}

/** An adrp without a symbol is a relocation to every assembler. */
const comparable = (): Case[] => allCases(false).filter(({ text }) => !text.startsWith("adrp"));

if (hasLlvmMc) {
  test("llvm-mc gives the same words for every row, field and register", () => {
    const cases = comparable();
    expect(differences(cases, assembleWithLlvmMc(cases.map(({ text }) => text))).slice(0, 20)).toEqual([]);
  }, 60_000);

  test("llvm-mc reads what we read", () => {
    const cases = allCases(true);
    const theirs = disassembleWithLlvmMc(cases.map(({ word }) => word));
    // Named barriers that are hints to us, distances, constants with their sign.
    const foreign = /^(dsb #[04]$|b|cb|tb|adr|ldr\w* \w+, [#.]|ldrsw x\w+, \.|prfm [^,]*, \.|mov [wxs]\w+, #|sys|mrs|msr|[su]xtl)/;
    const inOneDialect = (text: string): string => text.replace(/ \/\/.*$/, "").toLowerCase().replaceAll(/0x[0-9a-f]+/g, (digits) => String(BigInt(digits)))
      .replace(/#0{16}$/, "#0").replaceAll(/(#-?\d+)\.(\d+)/g, (_, whole, fraction) => `${whole}.${fraction.replace(/(?<=\d)0+$/, "")}`);
    const differing = cases.flatMap((item, i) => {
      const [ours, read] = [inOneDialect(item.text), inOneDialect(theirs[i] as string)];
      return ours === read || foreign.test(item.text) ? [] : [`${hexadecimal(item.word)}: ours ${item.text}, llvm-mc ${theirs[i] as string}`];
    });
    expect(differing.slice(0, 20)).toEqual([]);
  }, 60_000);

  test("what we take for an instruction, llvm-mc does too: random words", () => {
    const words: number[] = [];
    for (let i = 0, seed = 7; i < 200_000; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      words.push(seed ^ (seed >>> 13));
    }
    const theirs = disassembleWithLlvmMc(words);
    const instruction = new Instruction();
    const differing = words.flatMap((word, i) => (decode(word, instruction) && theirs[i] === "" ? [`${hexadecimal(word)}: ${instruction.row?.name ?? ""}`] : []));
    expect(differing.slice(0, 20)).toEqual([]);
  }, 60_000);
}

if (hasAs) {
  test("GNU as gives the same words", () => {
    const cases = comparable();
    expect(differences(cases, assembleWithAs(cases.map(({ text }) => text))).slice(0, 20)).toEqual([]);
  }, 60_000);
}
