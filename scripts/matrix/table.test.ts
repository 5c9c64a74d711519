import { describe, expect, test } from "bun:test";
import type { Row } from "../../conformance/suite.ts";
import { disagreements, formatMatrix, reasons, type Cells } from "./table.ts";

const row = (path: string, level: Row["level"], outcome: Row["outcome"], details: readonly string[] = [], open?: string): Row =>
  ({ path, section: "s", target: "t", level, outcome, details, ...(open === undefined ? {} : { open }) });

const cells: readonly Cells[] = [
  { name: "a", how: "natively", missing: "", counts: new Map([["O0", 3], ["O1", 1]]), rows: [row("x", "O0", "passed", [], "1"), row("y", "O0", "failed", ["exit"]), row("x", "O1", "passed", [], "1")] },
  { name: "b", how: undefined, missing: "no b here", counts: new Map([["O0", 2]]), rows: [row("x", "O0", "not-run", ["no b here"])] },
];

describe("the table", () => {
  test("what has no row did not run", () => {
    expect(formatMatrix(cells)).toBe(`target  level  programs  passed  failed  not run  how
a       -O0           3       1       1        1  natively
        -O1           1       1       0        0
b       -O0           2       0       0        2  no b here
all                   6       2       1        3
`);
  });
  test("says why", () => {
    expect(reasons(cells)).toEqual(["NOT RUN 1 × a: not chosen", "NOT RUN 2 × b: no b here"]);
  });
});

describe("rows agree", () => {
  test("in what headers leave open", () => {
    expect(disagreements(cells)).toEqual([]);
    const other: Cells = { name: "c", how: "somehow", missing: "", counts: new Map([["O2", 2]]), rows: [row("x", "O2", "passed", [], "2"), row("z", "O2", "passed", [], "3")] };
    expect(disagreements([...cells, other])).toEqual(['DIFFERS x\n    a -O0: "1"\n    c -O2: "2"']);
  });
  test("what failed is shown as failed, and no more", () => {
    const other: Cells = { name: "c", how: "somehow", missing: "", counts: new Map([["O2", 1]]), rows: [row("x", "O2", "failed", ["exit"], "2")] };
    expect(disagreements([...cells, other])).toEqual([]);
  });
});
