/** Some 240,000 instructions against the tools of this machine; where a tool is missing, its test is not there. */
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

  test("random words: what we take for an instruction, llvm-mc does too, and the other way round but for bits that should be one or zero", () => {
    const words: number[] = [];
    for (let i = 0, seed = 7; i < 100_000; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      words.push(seed ^ (seed >>> 13));
    }
    const theirs = disassembleWithLlvmMc(words);
    const instruction = new Instruction();
    // Vectors and pairs of half precision, which we have not.
    const half = /^f|^[us]cvtf/;
    // Rs of loads, Rt2 of single accesses, Ra of high products, unused bits of an element's number, o0 of mrs.
    const should = /^(ld|st)(a|x|ax|l|lx)[rp][bh]? |^[us]mulh |^(mrs|msr) .*S0_|^mov v\d+\.[hsd]\[|^dup v\d+\.\w+, [wx]/;
    const differing = words.flatMap((word, i) => {
      const ours = decode(word, instruction);
      const read = theirs[i] as string;
      return ours === (read !== "") || (!ours && (should.test(read) || (half.test(read) && /\.[248]?h|h\d/.test(read)))) ? [] : [`${hexadecimal(word)}: ${ours ? (instruction.row?.name ?? "") : "unknown"}, llvm-mc: ${read}`];
    });
    expect(differing.slice(0, 20)).toEqual([]);
  }, 60_000);
}

if (hasAs) {
  test("GNU as gives the same words", () => {
    const cases = comparable();
    expect(differences(cases, assembleWithAs(cases.map(({ text }) => text))).slice(0, 20)).toEqual([]);
  }, 60_000);
}
