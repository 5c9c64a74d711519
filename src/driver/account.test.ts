/** Accounts of executables: of every target and level, each byte once, and none that nothing is known of. */

import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { everyTarget, findTarget, type TargetRow } from "../../os/targets.ts";
import { accountOf, type Account } from "./account.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest, noTools, type BuildRequest } from "./request.ts";

setDefaultTimeout(60_000);

const program = `
var count i64 = 3
const PRIMES [5]i64 = [2, 3, 5, 7, 11]
trait Shape { func area(&self) f64 }
struct Square { side f64 }
struct Circle { radius f64 }
impl Shape for Square { func area(&self) f64 { self.side * self.side } }
impl Shape for Circle { func area(&self) f64 { self.radius * self.radius * 3.14159 } }
func named(n i64) str {
    match n {
        0 => "nought"
        1 => "one"
        2 => "two"
        3 => "three"
        4 => "four"
        5 => "five, with a\\nline"
        _ => "many"
    }
}
func total(shapes &List[Box[dyn Shape]]) f64 {
    var sum = 0.0
    for s in shapes { sum += s.area() }
    sum
}
func main() {
    var shapes List[Box[dyn Shape]] = List.new()
    shapes.push(Box.new(Square { side: 1.5 }))
    shapes.push(Box.new(Circle { radius: 2.25 }))
    for p in PRIMES { println(f"{named(p)} {count}") }
    count += 1
    println(f"{total(&shapes)} {shapes.iter().map(|s| s.area()).count()}")
}
`;

function accountFor(target: TargetRow, more: Partial<BuildRequest> = {}): Account {
  const request = buildRequest("program.lang", new TextEncoder().encode(program), target, { tools: { ...noTools, account: true }, ...more });
  const answer = build(request, host);
  if (answer.bytes === undefined) throw new Error([...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("\n"));
  const result = accountOf(answer.bytes, answer.linked);
  if (!result.ok) throw new Error(result.problem);
  return result.account;
}

/** Gaps and overlaps. */
function breaks({ size, extents, totals }: Account): string[] {
  expect(totals.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(size);
  const wrong = extents.flatMap(({ start, end, name }, i) => (start === (extents[i - 1]?.end ?? 0) && end > start ? [] : [`0x${start.toString(16)} ${name}`]));
  return extents.at(-1)?.end === size ? wrong : [...wrong, `the end, ${size}`];
}

/** What nothing says anything of, and what is left of sections beside what lies in them. */
const leftOver = ({ extents }: Account): string[] => extents.filter(({ kind, rest }) => kind === "unknown" || (rest === true && kind !== "padding")).map(({ start, end, name }) => `0x${start.toString(16)} ${end - start} ${name}`);

describe("every target", () => {
  const names = [...everyTarget().map(({ name }) => name), "linux-x86_64-libc", "linux-arm64-libc", "linux-x86_64-musl", "macos-arm64-none"];
  for (const [number, name] of names.entries()) {
    const found = findTarget(name);
    if (!found.ok) throw new Error(found.message);
    for (const [level, strip] of ([["O0", false], ["O1", true], ["O2", false], ["Os", true]] as const).slice(number < 6 ? 0 : 2)) {
      test(`${name} -${level}${strip ? " --strip" : ""}`, () => {
        const account = accountFor(found.target, { level, strip });
        expect(breaks(account)).toEqual([]);
        expect(leftOver(account)).toEqual([]);
        const text = account.extents.find(({ name: title }) => title === '"five, with a\\nline"');
        expect(text).toMatchObject({ kind: "string" });
        expect(account.extents.find(({ place }) => place?.path === "program.lang")).toMatchObject({ kind: "code" });
        expect(account.extents.filter(({ kind }) => kind === "header").length).toBeGreaterThan(3);
        expect(account.extents.some(({ kind }) => kind === "unwind")).toBe(true);
      });
    }
    test(`${name} -g`, () => {
      const account = accountFor(found.target, { level: "O0", debug: true });
      expect(breaks(account)).toEqual([]);
      expect(leftOver(account)).toEqual([]);
      expect(account.extents.some(({ kind, name: title }) => kind === "debug" && /debug_line$/.test(title))).toBe(true);
      expect(account.extents.find(({ name: title }) => title === "named")?.place).toEqual({ path: "program.lang", line: 9, column: 1 });
    });
  }

  test("what the compiler made up has names in words", () => {
    for (const [name, words] of [["linux-x86_64", ["constant", "jump table"]], ["linux-arm64-libc", ["constant", "jump table", "slot of libc_write"]], ["windows-x86_64", ["constant", "jump table", "slot of WriteFile", "unwind information"]]] as const) {
      const found = findTarget(name);
      if (!found.ok) throw new Error(found.message);
      const titles = new Set(accountFor(found.target, { level: "O2" }).extents.map((extent) => extent.name));
      expect(words.filter((word) => !titles.has(word)), name).toEqual([]);
      expect([...titles].filter((title) => title.startsWith(".L")), name).toEqual([]);
    }
  });

  test("what only Windows has", () => {
    const found = findTarget("windows-x86_64");
    if (!found.ok) throw new Error(found.message);
    for (const image of [{ tiny: true }, { fileVersion: [1, 2, 3, 4], manifest: new TextEncoder().encode("<assembly/>") }]) {
      const account = accountFor(found.target, { image });
      expect(breaks(account)).toEqual([]);
      expect(leftOver(account)).toEqual([]);
    }
  });
});

describe("executables without their build", () => {
  for (const { name } of everyTarget()) {
    test(`${name}: headers, sections and what symbols name`, () => {
      const found = findTarget(name);
      if (!found.ok) throw new Error(found.message);
      const { bytes } = build(buildRequest("program.lang", new TextEncoder().encode(program), found.target, { level: "O0" }), host);
      const result = accountOf(bytes ?? new Uint8Array(0));
      if (!result.ok) throw new Error(result.problem);
      const { account } = result;
      expect(breaks(account)).toEqual([]);
      expect(account.extents.filter(({ kind }) => kind === "unknown")).toEqual([]);
      // A PE image has no table of symbols.
      if (account.format !== "PE") expect(account.extents.some(({ name: title, kind }) => /\bnamed$/.test(title) && kind === "code")).toBe(true);
    });
  }

  test("fields of headers are those of the layouts, and fill them", () => {
    const found = findTarget("linux-x86_64");
    if (!found.ok) throw new Error(found.message);
    const [header] = accountFor(found.target).extents;
    expect(header?.fields?.reduce((sum, { size }) => sum + size, 0)).toBe(64);
    expect(header?.fields?.find(({ name }) => name === "e_machine")).toEqual({ name: "e_machine", offset: 18, size: 2, value: 62 });
  });

  const folder = mkdtempSync(join(tmpdir(), "lang-account-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const compilers: readonly (readonly string[])[] = [["gcc"], ["gcc", "-static"], ["gcc", "-s", "-O2"], ["gcc", "-g"], ["gcc", "-c"], ["clang"], ["clang", "-fuse-ld=lld", "-Wl,--icf=all"]];
  for (const command of compilers) {
    const [tool = ""] = command;
    test(`${Bun.which(tool) === null ? "not run, for want of it: " : ""}${command.join(" ")}`, () => {
      if (Bun.which(tool) === null) return;
      writeFileSync(join(folder, "a.c"), '#include <stdio.h>\nstatic int table[9] = {1, 2, 3};\nint twice(int x) { return 2 * x + table[x & 7]; }\nint main(void) { printf("%d\\n", twice(21)); return 0; }\n');
      if (Bun.spawnSync([...command, "a.c", "-o", "a"], { cwd: folder }).exitCode !== 0) return;
      const result = accountOf(readFileSync(join(folder, "a")));
      if (!result.ok) throw new Error(result.problem);
      expect(breaks(result.account)).toEqual([]);
      expect(result.account.extents.filter(({ kind }) => kind === "unknown").map(({ name, start }) => `${name} ${start}`)).toEqual([]);
      if (!command.includes("-s")) expect(result.account.extents.find(({ name }) => name === "twice")).toMatchObject({ kind: "code" });
    });
  }

  for (const file of ["/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/kernel32.dll", "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/notepad.exe"]) {
    test(`${existsSync(file) ? "" : "not run, for want of it: "}${file}`, () => {
      if (!existsSync(file)) return;
      const result = accountOf(readFileSync(file));
      if (!result.ok) throw new Error(result.problem);
      expect(breaks(result.account)).toEqual([]);
      expect(result.account.extents.filter(({ kind }) => kind === "unknown").map(({ name, start }) => `${name} ${start}`)).toEqual([]);
    });
  }

  test("a load command that is shorter than its kind's", () => {
    // LC_DYSYMTAB of eight bytes, with which the file ends.
    const bytes = new Uint8Array(40);
    const view = new DataView(bytes.buffer);
    [0xfeedfacf, 0x0100000c, 0, 2, 1, 8, 0, 0, 0xb, 8].forEach((word, i) => view.setUint32(4 * i, word, true));
    const result = accountOf(bytes);
    expect(result.ok ? result.account.extents.map(({ name, start, end }) => [name, start, end]) : result.problem).toEqual([["mach header", 0, 32], ["load command 0xb", 32, 40]]);
  });

  test("what is none, or is cut short, says so", () => {
    const problem = (bytes: Uint8Array): string => {
      const result = accountOf(bytes);
      return result.ok ? "" : result.problem;
    };
    expect(problem(new Uint8Array(0))).toBe("it is neither ELF nor Mach-O, PE or COFF");
    for (const { name } of everyTarget()) {
      const found = findTarget(name);
      if (!found.ok) throw new Error(found.message);
      const bytes = build(buildRequest("program.lang", new TextEncoder().encode(program), found.target, { strip: true }), host).bytes ?? new Uint8Array(0);
      for (const size of [5, 70, 200, 500]) expect(problem(bytes.subarray(0, size))).toMatch(/ at 0x[0-9a-f]+: /);
    }
  });
});
