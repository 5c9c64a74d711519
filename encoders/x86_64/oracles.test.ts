/** Some 300,000 instructions against the tools of this machine; where a tool is missing, its test is not there. */
import { expect, test } from "bun:test";
import { rowName, rowOperand } from "./columns.ts";
import { operandKinds } from "./operands.ts";
import { assembleWithAs, assembleWithLlvmMc, disassembleWithObjdump, hasAs, hasLlvmMc, hasObjdump } from "./testing/oracles.ts";
import { allCases } from "./testing/cases.ts";
import type { Case } from "./testing/cases.ts";

function differences(cases: readonly Case[], theirs: readonly string[]): string[] {
  return cases.flatMap((item, i) =>
    item.hex === theirs[i] ? [] : [`${rowName(item.row)}: ${item.text}: ours ${item.hex}, theirs ${theirs[i]}`]);
}

if (hasAs) {
  test("GNU as gives the same bytes for every row, form, register and address", () => {
    const cases = allCases(false);
    expect(differences(cases, assembleWithAs(cases.map((item) => item.text))).slice(0, 20)).toEqual([]);
  }, 30000);
}

if (hasLlvmMc) {
  test("llvm-mc gives the same bytes, but for what it orders otherwise", () => {
    // No {load} and {store}, no `.+n`, displacement hints not on shifts by one; `rep` before 66; operands of xchg swapped;
    const foreign = /^\{(load|store)\}|\.$|\.[+-]|^\{disp\d+\} (ro|rc|sh|sa).*, 1$|^rep \w+w$|^xchg \w+, \w+$/;
    const cases = allCases(true).filter((item) => !foreign.test(item.text));
    expect(differences(cases, assembleWithLlvmMc(cases.map((item) => item.text))).slice(0, 20)).toEqual([]);
  }, 30000);
}

if (hasObjdump) {
  test("objdump reads the bytes as we do", () => {
    const cases = allCases(true);
    const code = Uint8Array.fromHex(cases.map((item) => item.hex).join(""));
    const theirs = disassembleWithObjdump(code);
    const differing: string[] = [];
    let at = 0;
    for (const item of cases) {
      const width = widthOf(item.row);
      const ours = inOneDialect(item.text, width);
      const read = inOneDialect(theirs.get(at) ?? "nothing", width);
      // Branches show absolute targets, string instructions their operands, cmpps its predicate by name, vlddqu no width.
      const foreign = /^(j|call|movs[bwdq]$|stos|rep|xchg|v?cmp[ps][sd] |vlddqu )/.test(ours);
      if (ours !== read && !foreign) differing.push(`${item.hex}: ours ${ours}, objdump ${read}`);
      at += item.hex.length / 2;
    }
    expect(differing.slice(0, 20)).toEqual([]);
  }, 30000);
}

/** Bits in which an immediate of the row counts. */
function widthOf(row: number): number {
  const kind = operandKinds[rowOperand(row, 0)];
  const width = Math.max(kind.register, kind.memory);
  return width >= 8 && width <= 64 ? width : 64;
}

/** Numbers in decimal, an immediate without sign, no hints, no spaces, no `ds:`, no comment. */
function inOneDialect(text: string, width: number): string {
  return text
    .replace(/\s*#.*$/, "").replace(/^\{\w+\} /, "").replace(/ds:(\w+)/, "[$1]").replace(/([fg]s:)(\w+)/, "$1[$2]").replace(/\bOWORD/, "XMMWORD")
    .replace(/\s+/g, " ").replace(/, /g, ",").trim()
    .replace(/(?<![a-z0-9_])-?(?:0x[0-9a-f]+|\d+)(?![\w])/g, (digits) => {
      const value = digits[0] === "-" ? -BigInt(digits.slice(1)) : BigInt(digits);
      return String(BigInt.asIntN(64, value));
    })
    .replace(/\+-/g, "-").replace(/[+-]0\]/, "]")
    .replace(/(?<=,| )(-?\d+)$/, (digits) => String(BigInt.asUintN(width, BigInt(digits))));
}
