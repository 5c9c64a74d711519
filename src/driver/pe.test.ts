/** Executables for Windows, held against what its loader demands: by our verifier, by LLVM's readers where installed, and by mutations that must be seen. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targets } from "../../os/targets.ts";
import { runnerOf } from "../cli/runners.ts";
import { offsetOf, readPe } from "../../formats/pe/read.ts";
import { verifyPe } from "../../formats/pe/verify.ts";
import { disassemble } from "../../encoders/arm64/disassembler.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest, type BuildRequest } from "./request.ts";

const hello = 'func main() { println("Hello, world!") }\n';
const larger = `
var counts [2000]i64 = [0; 2000]
var words [3]str = ["one", "two", "three"]
const NAMES [2]str = ["north", "south"]
func deep(n i64) i64 {
    var room [900]i64 = [n; 900]
    room[0] = n
    if n == 0 { return 1 }
    return deep(n - 1) + room[0]
}
func main(args []str) {
    for i in 0..3 { counts[i * 600] = words[i].len + deep(i) }
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

function objections(bytes: Uint8Array): string[] {
  const read = readPe(bytes);
  return read.ok ? verifyPe(read.file, bytes) : [`${read.error.field}: ${read.error.problem}`];
}

const peTargets = targets.filter(({ format }) => format === "pe").map(({ name }) => name);

for (const target of peTargets) {
  test(`${target}: every level's programs are as Windows demands`, () => {
    for (const level of ["O0", "O1", "O2", "Os"] as const) for (const source of [hello, larger]) expect(objections(compile(source, target, { level }))).toEqual([]);
    for (const more of [{ strip: true }, { debug: true }]) expect(objections(compile(larger, target, more))).toEqual([]);
    // The larger one has addresses in its data, which the smallest layout must still tell the loader.
    for (const source of [hello, larger]) for (const level of ["O0", "Os"] as const) expect(objections(compile(source, target, { level, image: { tiny: true, identifier: "hello" } }))).toEqual([]);
    expect(objections(compile(hello, target, { image: { fileVersion: [1, 2, 3, 4], identifier: "hello", manifest: new TextEncoder().encode("<assembly/>"), subsystem: "gui" } }))).toEqual([]);
  }, 60_000);

  test(`${target}: the function table names each stretch of code once, be it of a helper that the code generator made`, () => {
    const bytes = compile(`func main(args []str) { let n = args.len as i128 * 12345678901234567890123\nprintln(f"{n / 7} {n % 1000} {(n as u128) / 3}") }`, target);
    const read = readPe(bytes);
    if (!read.ok) throw new Error(read.error.problem);
    const table = read.file.sections.find(({ name }) => name === ".pdata");
    if (table === undefined) throw new Error("no .pdata");
    const at = new DataView(bytes.buffer, bytes.byteOffset + table.offset, table.memorySize);
    const starts: number[] = [];
    for (let i = 0; i + 8 <= table.memorySize; i += target.includes("arm64") ? 8 : 12) starts.push(at.getUint32(i, true));
    expect(starts.length).toBeGreaterThan(20);
    expect(starts.filter((start, i) => i > 0 && start <= (starts[i - 1] ?? 0)).map((start) => start.toString(16))).toEqual([]);
  }, 60_000);

  test(`${target}: cut or mutated files are refused, never thrown at`, () => {
    const good = compile(larger, target);
    const read = readPe(good);
    if (!read.ok) throw new Error(read.error.problem);
    const end = Math.max(...read.file.sections.map((s) => s.offset + s.fileSize));
    for (let i = 0; i < 200; i++) expect([i, objections(good.subarray(0, Math.floor((end * i) / 200))).length > 0]).toEqual([i, true]);
    let seed = 4711;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return Math.floor((seed / 0x1_0000_0000) * below);
    };
    for (let i = 0; i < 400; i++) {
      const bad = good.slice();
      for (let k = 0; k < 1 + random(4); k++) bad[random(i % 2 === 0 ? 800 : bad.length)] = random(256);
      objections(bad);
    }
  });
}

test("each rule about headers is held", () => {
  const good = compile(larger, "windows-x86_64");
  const optional = 0x80 + 24;
  const table = optional + 240;
  const read = readPe(good);
  if (!read.ok) throw new Error(read.error.problem);
  const section = (name: string): number => table + 40 * read.file.sections.findIndex((s) => s.name === name);
  const pdata = read.file.sections.find((s) => s.name === ".pdata")?.offset ?? 0;
  const rules: [string, (v: DataView) => void][] = [
    ["Machine", (v) => v.setUint16(0x84, 0x14c, true)],
    ["RELOCS_STRIPPED", (v) => v.setUint16(0x84 + 18, 0x23, true)],
    ["DYNAMIC_BASE", (v) => v.setUint16(optional + 70, 0x8120, true)],
    ["NX_COMPAT", (v) => v.setUint16(optional + 70, 0x8060, true)],
    ["load configuration", (v) => v.setUint16(optional + 50, 3, true)],
    ["ImageBase", (v) => v.setUint32(optional + 24, 0x4000_1000, true)],
    ["SizeOfImage", (v) => v.setUint32(optional + 56, 0x1000, true)],
    ["SizeOfHeaders", (v) => v.setUint32(optional + 60, 0x100, true)],
    ["AddressOfEntryPoint", (v) => v.setUint32(optional + 16, 0x10, true)],
    ["does not follow the section", (v) => v.setUint32(section(".data") + 12, 0x9_0000, true)],
    ["writable and executable", (v) => v.setUint32(section(".text") + 36, 0xe000_0020, true)],
    ["directory 12 does not cover", (v) => v.setUint32(optional + 112 + 12 * 8, 0x1000, true)],
    ["an address without a size", (v) => v.setUint32(optional + 112 + 2 * 8, 0x1000, true)],
    ["base relocations: none", (v) => v.setUint32(optional + 112 + 5 * 8, 0, true)],
    ["entries do not rise", (v) => v.setUint32(pdata + 12, 0, true)],
    ["unwind information is not in the file", (v) => v.setUint32(pdata + 8, 0x7fff_0000, true)],
  ];
  for (const [wanted, change] of rules) {
    const bad = good.slice();
    change(new DataView(bad.buffer, bad.byteOffset, bad.byteLength));
    expect(objections(bad).join("\n")).toContain(wanted);
  }
});

test("each rule about ARM64's unwind information is held", () => {
  const good = compile(larger, "windows-arm64");
  const read = readPe(good);
  if (!read.ok) throw new Error(read.error.problem);
  const { sections, directories } = read.file;
  const offset = (address: number): number => offsetOf({ sections, headerSize: 0x400 }, address);
  const table = offset(directories[3].address);
  const view = new DataView(good.buffer, good.byteOffset, good.byteLength);
  // the first function that saves registers beside the link: its codes are more than two
  const entry = Array.from({ length: directories[3].size / 8 }, (_, i) => table + i * 8).find((at) => view.getUint32(offset(view.getUint32(at + 4, true)), true) >>> 27 > 1) ?? 0;
  const record = offset(view.getUint32(entry + 4, true));
  const code = offset(view.getUint32(entry, true));
  const head = view.getUint32(record, true);
  const codes = record + 4 + ((head >>> 22) & 31) * 4;
  const rules: [string, (v: DataView) => void][] = [
    ["entries do not rise", (v) => v.setUint32(entry + 8, 0, true)],
    ["is not in the file", (v) => v.setUint32(entry + 4, 0x7fff_0000, true)],
    ["its length is 0", (v) => v.setUint32(record, head & ~0x3ffff, true)],
    ["not in code", (v) => v.setUint32(record, head | 0x3ffff, true)],
    ["unwind version 1", (v) => v.setUint32(record, head | (1 << 18), true)],
    ["an unknown one, or no end", (v) => v.setUint8(codes, 0xdf)],
    ["instruction 0 of its prologue is not", (v) => v.setUint32(code, 0xd503201f, true)],
    ["of its prologue is not what its unwind code says", (v) => v.setUint8(codes, 0xe1)],
    ["of epilogue 0 is not", (v) => v.setUint32(record + 4, (v.getUint32(record + 4, true) & ~0x3ffff) | 1, true)],
    ["RegI 15", (v) => v.setUint32(entry + 4, 0x00ff_0041, true)],
    ["the reserved kind", (v) => v.setUint32(entry + 4, 0x43, true)],
    ["no multiple of 8", (v) => v.setUint32(0x80 + 24 + 112 + 3 * 8 + 4, directories[3].size - 4, true)],
  ];
  expect(objections(good)).toEqual([]);
  for (const [wanted, change] of rules) {
    const bad = good.slice();
    change(new DataView(bad.buffer, bad.byteOffset, bad.byteLength));
    expect([wanted, objections(bad).join("\n")]).toEqual([wanted, expect.stringContaining(wanted)]);
  }
});

test("every call of a program for ARM64 lies where the unwinder knows the frame, nothing else moves the stack pointer, and nothing touches x18", () => {
  for (const level of ["O0", "O1", "O2", "Os"] as const) {
    const bytes = compile(larger, "windows-arm64", { level });
    const read = readPe(bytes);
    if (!read.ok) throw new Error(read.error.problem);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const known = read.file.functions.map(({ begin, unwind }) => [begin, begin + (view.getUint32(offsetOf(read.file, unwind), true) & 0x3ffff) * 4] as const);
    const text = read.file.sections.find(({ name }) => name === ".text");
    if (text === undefined) throw new Error("no .text");
    const outside: string[] = [];
    const platform: string[] = [];
    for (let i = 0; i < text.memorySize; i += 4) {
      const at = text.address + i;
      const word = view.getUint32(text.offset + i, true);
      // Windows has the thread's block there
      const shown = disassemble(bytes, text.offset + i);
      if (/\b[xw]18\b/.test(shown)) platform.push(`${at.toString(16)}: ${shown}`);
      const call = word >>> 26 === 0x25 || (word & 0xfffffc1f) >>> 0 === 0xd63f0000;
      const moves = ((word & 0x1f00001f) >>> 0 === 0x1100001f && word >>> 31 === 1 && ((word >>> 29) & 1) === 0) || ((word & 0x3a0003e0) >>> 0 === 0x280003e0 && ((word >>> 23) & 1) === 1);
      if ((call || moves) && !known.some(([begin, end]) => at >= begin && at < end)) outside.push(`${at.toString(16)}: ${word.toString(16)}`);
    }
    expect([level, outside, platform]).toEqual([level, [], []]);
  }
}, 60_000);

test("hello is small", () => {
  const small = { level: "Os", strip: true } as const;
  for (const target of peTargets) {
    expect(compile(hello, target, { ...small, image: { tiny: true } }).length).toBeLessThanOrEqual(target.endsWith("-libc") ? 2048 : 1.7 * 1024); // with a second library
    expect(compile(hello, target, small).length).toBeLessThanOrEqual(4096);
  }
});

const readobj = spawnSync("llvm-readobj", ["--version"]).status === 0;

test("LLVM reads what was written", () => {
  if (!readobj) return expect("llvm-readobj is not installed").toBeTruthy();
  const folder = mkdtempSync(join(tmpdir(), "lang-pe-"));
  try {
    const path = join(folder, "program.exe");
    for (const target of peTargets) {
      for (const level of ["O0", "O2"] as const) {
        writeFileSync(path, compile(larger, target, { level, image: { fileVersion: [1, 2, 3, 4], identifier: "program" } }));
        const shown = spawnSync("llvm-readobj", ["--file-headers", "--sections", "--coff-imports", "--coff-basereloc", "--coff-resources", "--unwind", path], { encoding: "utf8" });
        expect([shown.status, shown.stderr]).toEqual([0, ""]);
        for (const text of ["kernel32.dll", target.endsWith("-libc") ? "Symbol: exit" : "Symbol: ExitProcess", "DIR64", "IMAGE_SUBSYSTEM_WINDOWS_CUI", "IMAGE_DLL_CHARACTERISTICS_DYNAMIC_BASE", "VERSION"]) expect(shown.stdout).toContain(text);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const linker = ["lld-link", "lld-link-14", "lld-link-15", "lld-link-16"].find((name) => spawnSync(name, ["--version"]).status === 0);
const tools = linker !== undefined && ["clang", "llvm-dlltool"].every((name) => spawnSync(name, ["--version"]).error === undefined);

for (const { target, triple, machine } of [
  { target: "windows-x86_64", triple: "x86_64-pc-windows-msvc", machine: "i386:x86-64" },
  { target: "windows-arm64", triple: "aarch64-pc-windows-msvc", machine: "arm64" },
]) test(`${target}: C calls what an .obj exports, linked by LLVM's linker into what our verifier accepts`, () => {
  if (!tools || linker === undefined) return expect("clang, llvm-dlltool or lld-link is not installed").toBeTruthy();
  const folder = mkdtempSync(join(tmpdir(), "lang-coff-"));
  const run = (program: string, args: readonly string[]): void => {
    const ended = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
    if (ended.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
  };
  try {
    const source = `
      var total i64 = 5
      const NAMES [2]str = ["north", "south"]
      @export("add") func add_c(a i32, b i32) i32 { total = total +% NAMES[1].len
        return a +% b +% (total as i32) }
        extern func blend(n i32, ...) f64
        extern func many(a i8, b i16, c i32, d i64, e i64, f i64, g i64, h i64, i i8, j i16, k i32, l f32, m f64) i64
        @export("blended") func blended(n i32) f64 { return blend(n, 1.5, 10i64, 2.25, 20i64, 0.25, 30i64, 4.0, 40i64, 8.5, 50i64) }
        @export("spread") func spread() i64 { return many(1, 2, 3, 4, 5, 6, 7, 8, -9, 10, -11, 2.5, 3.5) }
      @export("scale") func scale(a f64, b i64, c f64, d i32, e i64, f f64) f64 { return a * (b as f64) + c + (d as f64) + (e as f64) * f }`;
    writeFileSync(join(folder, "m.c"), `typedef __builtin_va_list va_list;
        double blended(int); long long spread(void);
        double blend(int n, ...) { va_list l; __builtin_va_start(l, n); double d = 0; for (int i = 0; i < n; i++) { d += __builtin_va_arg(l, double); d += (double)__builtin_va_arg(l, long long); } __builtin_va_end(l); return d; }
        long long many(signed char a, short b, int c, long long d, long long e, long long f, long long g, long long h, signed char i, short j, int k, float l, double m) {
          return a + b + c + d + e + f + g + h + i * 2 + j * 3 + k * 5 + (int)(l * 2) + (int)(m * 2); }
int _fltused; int add(int, int); double scale(double, long long, double, int, long long, double); __declspec(dllimport) void ExitProcess(unsigned);
      int lang_main(void) { return 0; }
      int begin(void) { int r = add(2, 3) + add(1, 1); double d = scale(2.0, 3, 0.5, 1, 4, 2.0); ExitProcess((r + (int)(d * 2) + (int)(blended(5) * 2) + (int)spread()) & 255); return 0; }`);
    writeFileSync(join(folder, "k.def"), "LIBRARY kernel32.dll\nEXPORTS\nExitProcess\nGetStdHandle\nWriteFile\nGetConsoleMode\nGetLastError\nMultiByteToWideChar\nWriteConsoleW\nAddVectoredExceptionHandler\nVirtualAlloc\nVirtualFree\nVirtualQuery\n");
    run("clang", ["-target", triple, "-c", "-O1", "-fno-stack-protector", "m.c", "-o", "m.obj"]);
    run("llvm-dlltool", ["-m", machine, "-d", "k.def", "-l", "k.lib"]);
    for (const level of ["O0", "O1", "O2", "Os"] as const) {
      writeFileSync(join(folder, "add.obj"), compile(source, target, { level, output: "object" }));
      run(linker, ["/out:mix.exe", "/entry:begin", "/subsystem:console", "/nodefaultlib", "m.obj", "add.obj", "k.lib"]);
      expect(objections(new Uint8Array(readFileSync(join(folder, "mix.exe"))))).toEqual([]);
      const row = targets.find(({ name }) => name === target);
      const runner = row === undefined ? undefined : runnerOf(row);
      if (runner?.kind !== "under") continue;
      const ended = spawnSync(runner.command[0] as string, [...runner.command.slice(1), join(folder, "mix.exe")], { stdio: "ignore", env: { ...process.env, ...runner.environment }, timeout: 60_000 });
      expect([level, ended.status]).toEqual([level, (63 + 333 + 5) & 255]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
