import { expect, test } from "bun:test";
import { parseRow } from "./parseRow.ts";
import { allRowNames, findRow, rowOf, word } from "./table.ts";

test("no name stands in two groups, no two rows have an instruction in common unless one is the other's special case", () => {
  const names = allRowNames();
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(2100);
  const rows = names.map(rowOf);
  const clashes: string[] = [];
  for (const [i, a] of rows.entries()) {
    for (const b of rows.slice(0, i)) {
      const both = (a.mask & b.mask) >>> 0;
      if (((a.value ^ b.value) & both) !== 0) continue;
      // The special case is found first.
      if (a.mask !== b.mask && (both === a.mask || both === b.mask)) continue;
      clashes.push(`${a.name} and ${b.name}`);
    }
  }
  expect(clashes).toEqual([]);
});

test("each row finds itself", () => {
  expect(allRowNames().filter((name) => findRow(rowOf(name).value)?.name !== name).filter((name) => name !== "hint")).toEqual([]);
});

test("a row's parts", () => {
  const row = rowOf("ubfm");
  expect(row.fields["immr"]).toEqual({ at: 16, width: 6 });
  expect(row.twins).toEqual([[{ at: 31, width: 1 }, { at: 22, width: 1 }]]);
  expect([row.mnemonic, row.operands, row.aliases[0]?.mnemonic]).toEqual(["ubfm", "Rd, Rn, #immr, #imms", "lsr"]);
  expect(rowOf("ldaddal_64").feature).toBe("lse");
  expect(rowOf("crc32x").feature).toBe("crc");
  expect(word("saddl_16b")).toBe(0x4e200000);
  expect(rowOf("saddl_16b").mnemonic).toBe("saddl2");
});

test("what is no row is refused with its name", () => {
  for (const bad of [() => parseRow("x", "0101 | add"), () => parseRow("x", "2 rd:31 | add"), () => rowOf("add_3s"), () => rowOf("cnt_4s"), () => rowOf("nothing")]) expect(bad).toThrow(/encoders\/arm64\/(parseRow|table)/);
});
