/**
 * Structs by value between C and lang, in both directions, on the systems whose linkers are not ours to choose: clang compiles the C for the system, LLVM's linker for it
 * joins both, and our own loader (or wine) runs what comes out.
 */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targets } from "../../os/targets.ts";
import { runnerOf } from "../cli/runners.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest } from "./request.ts";

const linkerOf = (name: string): string | undefined => [name, ...[14, 15, 16].map((n) => `${name}-${n}`)].find((program) => spawnSync(program, ["--version"]).status === 0);
const linkers = { macos: linkerOf("ld64.lld"), windows: linkerOf("lld-link") };
const clang = spawnSync("clang", ["--version"]).status === 0 && spawnSync("llvm-dlltool", ["--version"]).error === undefined;

/** The structs, each as lang and C write it, and how its fields weigh in the sums that both sides make. */
const structs: readonly { readonly name: string; readonly lang: string; readonly c: string; readonly sum: (v: string, cast: (value: string) => string) => string; readonly make: readonly string[] }[] = [
  { name: "Two", lang: "x f32, y f32", c: "float x, y;", sum: (v, n) => `${n(`${v}.x`)} + ${n(`${v}.y`)} * 2`, make: ["1.0", "2.0"] },
  { name: "Four", lang: "a f64, b f64, c f64, d f64", c: "double a, b, c, d;", sum: (v, n) => `${n(`${v}.a`)} + ${n(`${v}.b`)} * 2 + ${n(`${v}.c`)} * 3 + ${n(`${v}.d`)} * 4`, make: ["1.0", "2.0", "3.0", "4.0"] },
  { name: "Small", lang: "a i8, b i16, c i32", c: "signed char a; short b; int c;", sum: (v, n) => `${n(`${v}.a`)} + ${n(`${v}.b`)} * 2 + ${n(`${v}.c`)} * 3`, make: ["-3", "5", "7"] },
  { name: "Pair", lang: "a i64, b i64", c: "long long a, b;", sum: (v, n) => `${n(`${v}.a`)} + ${n(`${v}.b`)} * 2`, make: ["11", "13"] },
  { name: "Mixed", lang: "a f64, b i32", c: "double a; int b;", sum: (v, n) => `${n(`${v}.a`)} + ${n(`${v}.b`)} * 2`, make: ["2.0", "9"] },
  { name: "Large", lang: "a i64, b f64, c i64", c: "long long a; double b; long long c;", sum: (v, n) => `${n(`${v}.a`)} + ${n(`${v}.b`)} * 2 + ${n(`${v}.c`)} * 3`, make: ["4", "6.0", "8"] },
  { name: "Odd", lang: "a u8, b u8, c u8", c: "unsigned char a, b, c;", sum: (v, n) => `${n(`${v}.a`)} + ${n(`${v}.b`)} * 2 + ${n(`${v}.c`)} * 3`, make: ["200", "100", "50"] },
];

const fields = (text: string): string[] => text.split(",").map((field) => field.trim().split(" ")[0] as string);

/** Each struct goes to C and comes back from it, and C sends it to lang and gets it from there; first alone, then behind arguments that fill the registers. */
function sources(): { readonly lang: string; readonly c: string } {
  const lang: string[] = [];
  const c: string[] = ["typedef long long i64; int _fltused; i64 check(void);"];
  const checks: string[] = [];
  for (const { name, lang: body, c: cBody, sum, make } of structs) {
    const langSum = sum("v", (value) => `(${value} as i64)`);
    const cSum = sum("v", (value) => `(i64)${value}`);
    const literal = `${name} { ${fields(body).map((field, i) => `${field}: ${make[i]}`).join(", ")} }`;
    const more = "a1 i64, a2 i64, a3 i64, a4 i64, a5 i64, a6 f64, a7 f64";
    const cMore = "i64 a1, i64 a2, i64 a3, i64 a4, i64 a5, double a6, double a7";
    lang.push(
      `struct ${name}: Copy { ${body} }`,
      `extern func c_take_${name}(v ${name}) i64`, `extern func c_give_${name}() ${name}`, `extern func c_late_${name}(${more}, v ${name}, w ${name}, last i64) i64`,
      `@export("l_take_${name}") func l_take_${name}(v ${name}) i64 { return ${langSum} }`,
      `@export("l_give_${name}") func l_give_${name}() ${name} { return ${literal} }`,
      `@export("l_late_${name}") func l_late_${name}(${more}, v ${name}, w ${name}, last i64) i64 { return (${langSum}) * 3 + ${sum("w", (value) => `(${value} as i64)`)} + a1 + a5 * 2 + (a6 as i64) + (a7 as i64) * 2 + last }`,
    );
    c.push(
      `typedef struct { ${cBody} } ${name};`,
      `i64 l_take_${name}(${name} v); ${name} l_give_${name}(void); i64 l_late_${name}(${cMore}, ${name} v, ${name} w, i64 last);`,
      `i64 c_take_${name}(${name} v) { return ${cSum}; }`,
      `${name} c_give_${name}(void) { ${name} v = { ${make.join(", ")} }; return v; }`,
      `i64 c_late_${name}(${cMore}, ${name} v, ${name} w, i64 last) { return (${cSum}) * 3 + ${sum("w", (value) => `(i64)${value}`)} + a1 + a5 * 2 + (i64)a6 + (i64)a7 * 2 + last; }`,
      `static int test_${name}(void) { ${name} v = { ${make.join(", ")} }; i64 s = c_take_${name}(v), late = c_late_${name}(1, 2, 3, 4, 5, 6.0, 7.0, v, v, 8); ${name} got = l_give_${name}();
        return (l_take_${name}(v) == s) + (c_take_${name}(got) == s) * 2 + (l_late_${name}(1, 2, 3, 4, 5, 6.0, 7.0, v, v, 8) == late) * 4; }`,
    );
    checks.push(`    let s_${name} = l_take_${name}(${literal})
    if c_take_${name}(${literal}) != s_${name} { return ${checks.length * 10 + 1} }
    if l_take_${name}(c_give_${name}()) != s_${name} { return ${checks.length * 10 + 2} }
    if c_late_${name}(1, 2, 3, 4, 5, 6.0, 7.0, ${literal}, ${literal}, 8) != l_late_${name}(1, 2, 3, 4, 5, 6.0, 7.0, ${literal}, ${literal}, 8) { return ${checks.length * 10 + 3} }`);
  }
  lang.push(`@export("check") func check() i64 {\n${checks.join("\n")}\n    return 0\n}`);
  const body = `i64 bad = check(); if (bad) return (int)bad; ${structs.map(({ name }, i) => `if (test_${name}() != 7) return ${100 + i * 10} + test_${name}();`).join(" ")} return 99;`;
  c.push("i64 lang_main(void) { return 0; }", `int run(void) { ${body} }`, "int (*volatile entry)(void) = run; /* an address, so that the linker makes a table of them, which Windows wants on ARM64 */");
  return { lang: lang.join("\n"), c: c.join("\n") };
}

for (const row of targets.filter(({ os, libc }) => (os === "macos" && libc === "libc") || (os === "windows" && libc === "none"))) {
  test(`${row.name}: structs by value, from lang to C and from C to lang`, () => {
    const linker = row.os === "macos" ? linkers.macos : linkers.windows;
    const runner = runnerOf(row);
    if (!clang || linker === undefined || runner.kind !== "under") return expect("clang, LLVM's linker or what runs the target is not installed").toBeTruthy();
    const folder = mkdtempSync(join(tmpdir(), "lang-structs-"));
    const start = (program: string, args: readonly string[]): void => {
      const ended = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
      if (ended.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    };
    const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
    const architecture = row.architecture === "arm64" ? "aarch64" : "x86_64";
    try {
      const { lang, c } = sources();
      write("m.c", `${c}\n${row.os === "macos" ? "int main(void) { return run(); }" : "__declspec(dllimport) void ExitProcess(unsigned); int begin(void) { ExitProcess((unsigned)run()); return 0; }"}`);
      start("clang", ["-target", row.os === "macos" ? `${row.architecture}-apple-macos12` : `${architecture}-pc-windows-msvc`, "-c", "-O1", "-fno-builtin", "-fno-stack-protector", "m.c", "-o", "m.o"]);
      if (row.os === "macos") {
        write("libSystem.tbd", `--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos, arm64-macos ]\ninstall-name: '/usr/lib/libSystem.B.dylib'\nexports:\n  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ dyld_stub_binder, __exit, _write, ___error, _isatty, _mmap, _munmap, _sigaltstack, _sigaction, _exit ]\n...\n`);
      } else {
        write("k.def", "LIBRARY kernel32.dll\nEXPORTS\nExitProcess\nGetStdHandle\nWriteFile\nGetConsoleMode\nGetLastError\nMultiByteToWideChar\nWriteConsoleW\nAddVectoredExceptionHandler\nVirtualAlloc\nVirtualFree\nVirtualQuery\n");
        start("llvm-dlltool", ["-m", row.architecture === "arm64" ? "arm64" : "i386:x86-64", "-d", "k.def", "-l", "k.lib"]);
      }
      for (const level of ["O0", "O1", "O2"] as const) {
        const answer = build(buildRequest("t.lang", new TextEncoder().encode(lang), row, { level, output: "object" }), host);
        if (answer.bytes === undefined) throw new Error([...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("\n"));
        write("l.o", answer.bytes);
        if (row.os === "macos") start(linker, ["-arch", row.architecture, "-platform_version", "macos", "12.0", "15.0", "-adhoc_codesign", "m.o", "l.o", "libSystem.tbd", "-o", "mix.exe"]);
        else start(linker, ["/out:mix.exe", "/entry:begin", "/subsystem:console", "/nodefaultlib", "m.o", "l.o", "k.lib"]);
        const ended = spawnSync(runner.command[0] as string, [...runner.command.slice(1), join(folder, "mix.exe")], { stdio: "ignore", env: { ...process.env, ...runner.environment }, timeout: 60_000 });
        // below 99: 10 times the struct's number and which check of lang's failed; from 100 on: of C's, whose three bits are 7 if all is well
        expect([level, ended.status]).toEqual([level, 99]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
}
