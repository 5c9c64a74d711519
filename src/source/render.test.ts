import { describe, expect, test } from "bun:test";
import type { Diagnostic } from "./diagnostics.ts";
import { renderDiagnostic, renderJson } from "./render.ts";
import { SourceMap } from "./sourceMap.ts";

/** The text with `«…»` around what is marked, `‹…›` around a second span. */
function make(marked: string, more: Partial<Diagnostic> = {}, path = "main.lang") {
  const sources = new SourceMap();
  const positions: Record<string, number> = {};
  let plain = "";
  let offset = 0;
  for (const c of marked) {
    if ("«»‹›".includes(c)) positions[c] = offset;
    else {
      plain += c;
      offset += new TextEncoder().encode(c).length;
    }
  }
  const file = sources.add(path, new TextEncoder().encode(plain));
  const at = (open: string, close: string) => ({ start: file.base + (positions[open] as number), end: file.base + (positions[close] as number) });
  const labels = positions["‹"] === undefined ? [] : [{ ...at("‹", "›"), text: "declared here" }];
  const diagnostic: Diagnostic = { code: "E0201", severity: "error", message: "unknown name `totl`", span: at("«", "»"), labels, advice: [], ...more };
  return { sources, diagnostic };
}

test("further places of a mistake are named", () => {
  const { sources, diagnostic } = make("«a»\nb\nc\n");
  const base = diagnostic.span.start;
  const other = sources.add("other.lang", new TextEncoder().encode("x\ny\n"));
  const at = (start: number) => ({ start, end: start + 1 });
  const said = (again: readonly { start: number; end: number }[]) => renderDiagnostic(diagnostic, sources, { again }).split("\n").at(-2);
  expect(said([at(base + 2)])).toBe("note: the same once more: line 2");
  expect(said([at(base + 2), at(base + 2), at(base + 4), at(other.base + 2)])).toBe("note: the same 4 more times: lines 2, 3, other.lang:2");
  expect(said(Array.from({ length: 30 }, () => at(base)))).toBe("note: the same 30 more times: line 1");
});

function render(marked: string, more: Partial<Diagnostic> = {}): string {
  const { sources, diagnostic } = make(marked, more);
  return renderDiagnostic(diagnostic, sources);
}

describe("renderDiagnostic", () => {
  test("underlines the span and prints advice", () => {
    expect(render("func main() {\n    println(«totl»)\n}\n", { advice: ["did you mean `total`?"] })).toBe(`error[E0201]: unknown name \`totl\`
 --> main.lang:2:13
  |
2 |     println(totl)
  |             ^^^^
help: did you mean \`total\`?
`);
  });

  test("shows a second span", () => {
    expect(render("func ‹f›() {}\n\n\nfunc «f»() {}\n")).toBe(`error[E0201]: unknown name \`totl\`
 --> main.lang:4:6
  |
4 | func f() {}
  |      ^
  :
1 | func f() {}
  |      - declared here
`);
  });

  test("shows a second span on the same line once", () => {
    expect(render("f(‹a›, «a»)\n")).toBe(`error[E0201]: unknown name \`totl\`
 --> main.lang:1:6
  |
1 | f(a, a)
  |      ^
  |   - declared here
`);
  });

  test("spans of several lines show their first and last", () => {
    expect(render("let x = «f(\n    1,\n    2,\n)»\n")).toBe(`error[E0201]: unknown name \`totl\`
 --> main.lang:1:9
  |
1 | let x = f(
  |         ^^
...
4 | )
  | ^
`);
  });

  test("tabs and wide characters keep the marks in place", () => {
    expect(render("\t/* 漢字 é */ «x̂y»\n")).toBe(`error[E0201]: unknown name \`totl\`
 --> main.lang:1:13
  |
1 |     /* 漢字 é */ x̂y
  |                  ^^
`);
  });

  test("a very long line is clipped around the span", () => {
    const text = render(`${"a".repeat(500_000)}«bb»${"c".repeat(500_000)}\n`);
    const lines = text.split("\n");
    expect(lines[1]).toBe(" --> main.lang:1:500001");
    expect(lines[3]?.length).toBeLessThan(160);
    expect(lines[3]).toContain("…aaa");
    expect(lines[3]).toContain("abbc");
    expect(lines[4]?.indexOf("^")).toBe(lines[3]?.indexOf("b") as number);
    expect(lines[4]).toEndWith(" ^^");
  });

  test("an empty span, and one at the end of the file, get one mark", () => {
    expect(render("f(«»")).toContain("\n1 | f(\n  |   ^\n");
    expect(render("«»")).toContain("\n1 |\n  | ^\n");
  });

  test("a diagnostic without a place is its message", () => {
    const diagnostic: Diagnostic = { code: "E0332", severity: "error", message: "no main", span: { start: 0, end: 0 }, labels: [], advice: ["write one"] };
    expect(renderDiagnostic(diagnostic, new SourceMap())).toBe("error[E0332]: no main\nhelp: write one\n");
  });

  test("control characters and direction changes do not reach the terminal", () => {
    const text = render("x\u001b[31m\u202e «y»\n");
    expect(text).not.toMatch(/[\u001b\u202e]/);
    const sources = new SourceMap();
    const { base } = sources.add("a\nb\u001b[31m.lang", new TextEncoder().encode("x\n"));
    const said = renderDiagnostic({ code: "E0201", severity: "error", message: "no \u001b[2Jname", span: { start: base, end: base + 1 }, labels: [], advice: ["\u202ex"] }, sources);
    expect(said).toBe("error[E0201]: no �[2Jname\n --> a�b�[31m.lang:1:1\n  |\n1 | x\n  | ^\nhelp: �x\n");
  });

  test("colours", () => {
    const { sources, diagnostic } = make("«x»\n");
    expect(renderDiagnostic(diagnostic, sources, { color: true })).toContain("\x1b[1;31merror[E0201]\x1b[0m");
  });

  test("another file's span names the file", () => {
    const { sources, diagnostic } = make("«x»\n");
    const other = sources.add("other.lang", new TextEncoder().encode("func x() {}\n"));
    const text = renderDiagnostic({ ...diagnostic, labels: [{ start: other.base + 5, end: other.base + 6, text: "here" }] }, sources);
    expect(text).toBe(`error[E0201]: unknown name \`totl\`
 --> main.lang:1:1
  |
1 | x
  | ^
 ::: other.lang:1:6
1 | func x() {}
  |      - here
`);
  });
});

test("renderJson gives one line", () => {
  const { sources, diagnostic } = make("func ‹f›() {}\nfunc «f»() {}\n", { advice: ["rename it"] });
  const line = renderJson(diagnostic, sources);
  expect(line.endsWith("}\n")).toBe(true);
  expect(JSON.parse(line)).toEqual({
    code: "E0201", severity: "error", message: "unknown name `totl`", file: "main.lang", line: 2, column: 6, endLine: 2, endColumn: 7,
    labels: [{ file: "main.lang", line: 1, column: 6, endLine: 1, endColumn: 7, text: "declared here" }], advice: ["rename it"],
  });
});
