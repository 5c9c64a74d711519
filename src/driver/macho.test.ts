/** Executables for macOS, held against what macOS demands: by our verifier, by LLVM's readers where they are installed, and by mutations that must be seen. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targets } from "../../os/targets.ts";
import { readMacho } from "../../formats/macho/read.ts";
import { verifyMacho } from "../../formats/macho/verify.ts";
import { runnerOf } from "../cli/runners.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest, type BuildRequest } from "./request.ts";

const hello = 'func main() { println("Hello, world!") }\n';
/** Constants with addresses, variables with values, zeroed ones, a table of functions. */
const larger = `
var counts [2000]i64 = [0; 2000]
var words [3]str = ["one", "two", "three"]
const NAMES [2]str = ["north", "south"]
func main(args []str) {
    for i in 0..3 { counts[i * 600] = words[i].len }
    words[1] = "four"
    println(f"{counts[600]} {words[1].len > 0} {NAMES[args.len - 1]}")
}
`;

function compile(source: string, target: string, more: Partial<BuildRequest> = {}): Uint8Array {
  const row = targets.find(({ name }) => name === target);
  if (row === undefined) throw new Error(`no target ${target}`);
  const answer = build(buildRequest("t.lang", new TextEncoder().encode(source), row, more), host);
  if (answer.bytes === undefined) throw new Error([...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("\n"));
  return answer.bytes;
}

/** What reader and verifier object to. */
function objections(bytes: Uint8Array): string[] {
  const read = readMacho(bytes);
  return read.ok ? verifyMacho(read.file, bytes) : [`${read.error.field}: ${read.error.problem}`];
}

const machTargets = targets.filter(({ format }) => format === "macho").map(({ name }) => name);

for (const target of machTargets) {
  test(`${target}: every level's programs are as macOS demands`, () => {
    for (const level of ["O0", "O1", "O2", "Os"] as const) {
      for (const source of [hello, larger]) {
        expect(objections(compile(source, target, { level }))).toEqual([]);
      }
    }
    for (const more of [{ strip: true }, { debug: true }]) expect(objections(compile(larger, target, more))).toEqual([]);
  }, 60_000);

  test(`${target}: the same program has the same UUID, another has another`, () => {
    const uuid = (source: string): string => {
      const read = readMacho(compile(source, target));
      return read.ok ? Buffer.from(read.file.uuid ?? []).toString("hex") : read.error.problem;
    };
    expect(uuid(hello)).toMatch(/^[0-9a-f]{12}3[0-9a-f]{3}[89ab]/);
    expect(uuid(hello)).toBe(uuid(hello));
    expect(uuid(hello)).not.toBe(uuid(hello.replace("world", "there")));
  });

  test(`${target}: a changed byte anywhere before the signature is seen`, () => {
    const good = compile(larger, target);
    const read = readMacho(good);
    if (!read.ok) throw new Error(read.error.problem);
    const limit = read.file.parts["signature"]?.offset ?? 0;
    for (let i = 0; i < 60; i++) {
      const at = Math.floor((limit - 1) * (i / 59));
      // without its command the file has no signature, which x86_64 allows
      const command = read.file.commands.find((c) => c.command === 0x1d);
      if (command !== undefined && at >= command.offset && at < command.offset + command.size) continue;
      const bad = good.slice();
      bad[at] ^= 1 << (i % 8);
      expect([at, objections(bad).length > 0]).toEqual([at, true]);
    }
  });

  test(`${target}: cut or mutated files are refused, never thrown at`, () => {
    const good = compile(larger, target);
    for (let i = 0; i < 200; i++) expect(objections(good.subarray(0, Math.floor((good.length * i) / 200))).length).toBeGreaterThan(0);
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return Math.floor((seed / 0x1_0000_0000) * below);
    };
    for (let i = 0; i < 300; i++) {
      const bad = good.slice();
      for (let k = 0; k < 1 + random(4); k++) bad[random(i % 2 === 0 ? 1500 : bad.length)] = random(256);
      objections(bad);
    }
  });
}

test("each rule about load commands is held", () => {
  const good = compile(hello, "macos-x86_64");
  const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readMacho(good);
  if (!read.ok) throw new Error(read.error.problem);
  const at = (command: number): number => read.file.commands.find((c) => c.command === command)?.offset ?? 0;
  const segment = (name: string): number => {
    const index = read.file.segments.findIndex((s) => s.name === name);
    return read.file.commands.filter((c) => c.command === 0x19)[index]?.offset ?? 0;
  };
  const rules: [string, (v: DataView) => void][] = [
    ["MH_PIE", (v) => v.setUint32(24, 0x85, true)],
    ["cputype", (v) => v.setUint32(4, 7, true)],
    ["LC_UUID", (v) => v.setUint32(at(0x1b), 0x2a, true)],
    ["LC_MAIN", (v) => v.setUint32(at(0x8000_0028), 0x2a, true)],
    ["entryoff", (v) => v.setUint32(at(0x8000_0028) + 8, 0x7fff_0000, true)],
    ["platform", (v) => v.setUint32(at(0x32) + 8, 2, true)],
    ["LC_LOAD_DYLINKER", (v) => v.setUint8(at(0xe) + 13, 0x55)],
    ["libSystem", (v) => v.setUint8(at(0xc) + 30, 0x55)],
    ["0x80000099 is required", (v) => v.setUint32(at(0x1b), 0x8000_0099, true)],
    ["__PAGEZERO", (v) => v.setUint32(segment("__PAGEZERO") + 36, 0, true)],
    ["writable and executable", (v) => v.setUint32(segment("__TEXT") + 60, 7, true)],
    ["SG_READ_ONLY", (v) => v.setUint32(segment("__DATA_CONST") + 68, 0, true)],
    ["__DATA.initprot: not rw-", (v) => v.setUint32(segment("__DATA") + 60, 1, true)],
    ["__LINKEDIT", (v) => v.setUint32(segment("__LINKEDIT") + 48, 16, true)],
    ["segname: twice", (v) => v.setUint8(segment("__DATA_CONST") + 14, 0)],
    ["segment_offset", (v) => v.setUint32((read.file.parts["fixups"]?.offset ?? 0) + 32 + 24 + 8, 0x9000, true)],
    ["no library's", (v) => v.setUint8((read.file.parts["fixups"]?.offset ?? 0) + v.getUint32((read.file.parts["fixups"]?.offset ?? 0) + 8, true), 9)],
    ["page 0: its hash is another", (v) => v.setUint8(0x600, v.getUint8(0x600) ^ 1)],
    ["codeLimit", (v) => v.setUint8((read.file.parts["signature"]?.offset ?? 0) + 20 + 34, 0xff)],
  ];
  for (const [wanted, change] of rules) {
    const bad = good.slice();
    change(view(bad));
    expect(objections(bad).join("\n")).toContain(wanted);
  }
});

test("hello is no larger than its pages demand", () => {
  expect(compile(hello, "macos-x86_64", { level: "Os", strip: true }).length).toBeLessThanOrEqual(8.5 * 1024);
  if (machTargets.includes("macos-arm64")) expect(compile(hello, "macos-arm64", { level: "Os", strip: true }).length).toBeLessThanOrEqual(33 * 1024);
});

const objdump = spawnSync("llvm-objdump", ["--version"]).status === 0;

test("LLVM reads what was written", () => {
  if (!objdump) return expect("llvm-objdump is not installed").toBeTruthy();
  const folder = mkdtempSync(join(tmpdir(), "lang-macho-"));
  try {
    for (const target of machTargets) {
      const path = join(folder, "program");
      writeFileSync(path, compile(larger, target, { debug: true }));
      const headers = spawnSync("llvm-objdump", ["--macho", "--private-headers", path], { encoding: "utf8" });
      expect([headers.status, headers.stderr]).toEqual([0, ""]);
      for (const text of ["LC_MAIN", "LC_DYLD_CHAINED_FIXUPS", "LC_CODE_SIGNATURE", "platform macos", "/usr/lib/libSystem.B.dylib"]) expect(headers.stdout).toContain(text);
      const symbols = spawnSync("llvm-nm", [path], { encoding: "utf8" });
      if (!target.endsWith("-none")) expect(symbols.stdout).toMatch(/U _write\n/);
      expect(symbols.stdout).toMatch(/ [tT] _lang_main\n/);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const linker = ["ld64.lld", "ld64.lld-14", "ld64.lld-15", "ld64.lld-16"].find((name) => spawnSync(name, ["--version"]).status === 0);
const clang = spawnSync("clang", ["--version"]).status === 0;

for (const row of targets.filter(({ os, libc }) => os === "macos" && libc === "libc")) {
  test(`${row.name}: C calls what a .o exports, linked by LLVM's linker into what our verifier accepts and what runs`, () => {
    if (!clang || linker === undefined) return expect("clang or ld64.lld is not installed").toBeTruthy();
    const folder = mkdtempSync(join(tmpdir(), "lang-macho-object-"));
    const start = (program: string, args: readonly string[]): string => {
      const ended = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
      if (ended.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
      return ended.stdout;
    };
    const arch = row.architecture;
    try {
      const source = `
        var total i64 = 5
        var zeroed [500]i64 = [0; 500]
        const NAMES [2]str = ["north", "south"]
        func pick(n i64) i64 {
            match n {
                0 => 7
                1 => 9
                2 => 4
                3 => 12
                4 => 1
                _ => n * 2
            }
        }
        @export("add") func add_c(a i32, b i32) i32 {
            total = total +% NAMES[a as i64 % 2].len
            zeroed[total] = pick((b % 6) as i64)
            return a +% b +% (total as i32) +% (zeroed[total] as i32)
        }
        @export("scale") func scale(a f64, b i64, c f64, d i32, e i64, f f64) f64 { return a * (b as f64) + c + (d as f64) + (e as f64) * f }
        extern func blend(n i32, ...) f64
        extern func many(a i8, b i16, c i32, d i64, e i64, f i64, g i64, h i64, i i8, j i16, k i32, l f32, m f64) i64
        @export("blended") func blended(n i32) f64 { return blend(n, 1.5, 10i64, 2.25, 20i64, 0.25, 30i64, 4.0, 40i64, 8.5, 50i64) }
        @export("spread") func spread() i64 { return many(1, 2, 3, 4, 5, 6, 7, 8, -9, 10, -11, 2.5, 3.5) }
        @export("packed") func packed(a i64, b i64, c i64, d i64, e i64, f i64, g i64, h i64, i i8, j i16, k i8, l i32) i64 {
            return a + b + c + d + e + f + g + h + (i as i64) * 2 + (j as i64) * 3 + (k as i64) * 5 + (l as i64) * 7
        }`;
      writeFileSync(join(folder, "m.c"), `#include <stdarg.h>
        double blended(int); long long spread(void);
        double blend(int n, ...) { va_list l; va_start(l, n); double d = 0; for (int i = 0; i < n; i++) { d += va_arg(l, double); d += (double)va_arg(l, long long); } va_end(l); return d; }
        long long many(signed char a, short b, int c, long long d, long long e, long long f, long long g, long long h, signed char i, short j, int k, float l, double m) {
          return a + b + c + d + e + f + g + h + i * 2 + j * 3 + k * 5 + (int)(l * 2) + (int)(m * 2); }
int add(int, int); double scale(double, long, double, int, long, double);
        long packed(long, long, long, long, long, long, long, long, signed char, short, signed char, int);
        long lang_main(void) { return 0; }
        int main(void) { int r = add(2, 3) + add(1, 1); double d = scale(2.0, 3, 0.5, 1, 4, 2.0);
          return (r + (int)(d * 2) + (int)packed(1, 2, 3, 4, 5, 6, 7, 8, -9, 10, -11, 12) + (int)(blended(5) * 2) + (int)spread()) & 127; }`);
      writeFileSync(join(folder, "libSystem.tbd"), `--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos ]
install-name:    '/usr/lib/libSystem.B.dylib'
exports:
  - targets:     [ x86_64-macos, arm64-macos ]
    symbols:     [ dyld_stub_binder, __exit, _write, ___error, _isatty, _mmap, _munmap, _sigaltstack, _sigaction, _exit ]
...
`);
      start("clang", ["-target", `${arch}-apple-macos12`, "-c", "-O1", "-fno-builtin", "-fno-stack-protector", "m.c", "-o", "m.o"]);
      for (const level of ["O0", "O1", "O2", "Os"] as const) {
        writeFileSync(join(folder, "add.o"), compile(source, row.name, { level, output: "object", debug: level === "O2" }));
        start(linker, ["-arch", arch, "-platform_version", "macos", "12.0", "15.0", "-adhoc_codesign", "m.o", "add.o", "libSystem.tbd", "-o", "mix"]);
        const bytes = new Uint8Array(readFileSync(join(folder, "mix")));
        expect([level, objections(bytes)]).toEqual([level, []]);
        if (objdump) expect(start("llvm-objdump", ["--macho", "-r", "-t", "add.o"])).toContain("_add");
        const runner = runnerOf(row);
        if (runner.kind !== "under") continue;
        const ended = spawnSync(runner.command[0] as string, [...runner.command.slice(1), join(folder, "mix")], { encoding: "utf8", timeout: 60_000 });
        // add: 5 + 10 + 12 and 2 + 15 + 9; scale: 15.5; packed: 36 - 18 + 30 - 55 + 84; blended: 16.5 + 150; spread: 36 - 18 + 30 - 55 + 5 + 7
        expect([level, ended.status, ended.stderr]).toEqual([level, (27 + 26 + 31 + 77 + 333 + 5) & 127, ""]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
}
