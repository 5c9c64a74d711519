/** Random signatures, both ways, for macOS and Windows: against clang's objects for these systems, linked by LLVM's linkers, run as `lang run` would. */

import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget, type TargetRow } from "../../os/targets.ts";
import { commandLine, runnerOf, warmUp } from "../cli/runners.ts";
import { randomCalls } from "./randomCalls.ts";
import { clangSplitsWide } from "./testing.ts";

const memory = `typedef __SIZE_TYPE__ size;
void *memcpy(void *to, const void *from, size n) { char *t = to; const char *f = from; while (n--) *t++ = *f++; return to; }
void *memset(void *to, int c, size n) { char *t = to; while (n--) *t++ = c; return to; }
`;
const report = `static int failures;
void bad(int number, int leaf) {
  char text[32]; int at = 32; text[--at] = '\\n';
  do text[--at] = '0' + leaf % 10; while ((leaf /= 10) > 0);
  text[--at] = ' ';
  do text[--at] = '0' + number % 10; while ((number /= 10) > 0);
  if (failures++ < 20) put(text + at, 32 - at);
}
void run_lang(void); void run_c(void);
`;
const windowsStart = `${memory}int _fltused; void __chkstk(void) {}
__declspec(dllimport) void ExitProcess(unsigned); __declspec(dllimport) void *GetStdHandle(int); __declspec(dllimport) int WriteFile(void *, const void *, unsigned, unsigned *, void *);
static void put(const char *text, int n) { unsigned written; WriteFile(GetStdHandle(-11), text, n, &written, 0); }
${report}static void (*volatile table[])(void) = {run_lang, run_c};
int begin(void) { table[0](); table[1](); ExitProcess(failures > 0); return 0; }
`;
const macosStart = `${memory}long write(int, const void *, unsigned long);
static void put(const char *text, int n) { write(1, text, n); }
${report}int main(void) { run_lang(); run_c(); return failures > 0; }
`;
/** What our library's code names, too. */
const kernel = "LIBRARY kernel32.dll\nEXPORTS\nExitProcess\nGetStdHandle\nWriteFile\nGetConsoleMode\nMultiByteToWideChar\nWriteConsoleW\nGetLastError\n";
const libSystem = `--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos ]
install-name:    '/usr/lib/libSystem.B.dylib'
exports:
  - targets:     [ x86_64-macos, arm64-macos ]
    symbols:     [ _write, ___error, __exit, dyld_stub_binder ]
...
`;

const available = (name: string): string | undefined => [name, `${name}-14`, `${name}-15`, `${name}-16`].find((candidate) => spawnSync(candidate, ["--version"]).status === 0);
const linkers = { windows: available("lld-link"), macos: available("ld64.lld") };

function steps({ os, architecture, name }: TargetRow, level: string, linker: string): readonly (readonly string[])[] {
  const clang = ["clang", "-O1", "-fno-builtin", "-fno-stack-protector", "-w", "-c", "c.c", "-o", "c.o"];
  const build = [process.execPath, join(import.meta.dir, "../cli/main.ts"), "build", level, "--target", name, "a.lang"];
  if (os === "windows") {
    const arm = architecture === "arm64";
    return [
      ["llvm-dlltool", "-m", arm ? "arm64" : "i386:x86-64", "-d", "k.def", "-l", "k.lib"], [...clang, "-target", `${arm ? "aarch64" : "x86_64"}-pc-windows-msvc`],
      [...build, "-o", "a.obj"], [linker, "/out:program", "/entry:begin", "/subsystem:console", "/nodefaultlib", "c.o", "a.obj", "k.lib"],
    ];
  }
  return [
    [...clang, "-target", `${architecture}-apple-macos12`], [...build, "-o", "a.o"],
    [linker, "-arch", architecture, "-platform_version", "macos", "12.0", "15.0", ...(architecture === "arm64" ? [] : ["-adhoc_codesign"]), "c.o", "a.o", "libSystem.tbd", "-o", "program"],
  ];
}

describe("random C signatures by other systems' conventions", () => {
  for (const [i, name] of ["macos-x86_64", "macos-arm64", "windows-x86_64", "windows-arm64"].entries()) {
    const found = findTarget(name);
    if (!found.ok) throw new Error(found.message);
    const { target } = found;
    const runner = runnerOf(target);
    const linker = target.os === "windows" ? linkers.windows : linkers.macos;
    if (runner.kind === "none" || linker === undefined || spawnSync("clang", ["--version"]).error !== undefined) {
      console.log(`not run: random C signatures for ${name}: ${runner.kind === "none" ? runner.reason : "clang or LLVM's linker is not installed"}`);
      continue;
    }
    test(name, () => {
      const folder = mkdtempSync(join(tmpdir(), "cabi-"));
      try {
        const programs = randomCalls(21 + i, 150, { splitsWide: name === "macos-x86_64" && clangSplitsWide("clang"), noWideVariable: name === "windows-arm64" });
        writeFileSync(join(folder, "a.lang"), programs.lang);
        writeFileSync(join(folder, "c.c"), programs.c + (target.os === "windows" ? windowsStart : macosStart));
        writeFileSync(join(folder, "k.def"), kernel);
        writeFileSync(join(folder, "libSystem.tbd"), libSystem);
        for (const step of steps(target, "-O1", linker)) {
          const { status, stdout, stderr } = spawnSync(step[0] as string, step.slice(1), { cwd: folder, encoding: "utf8" });
          expect({ step: step.join(" "), status, text: status === 0 ? "" : stdout + stderr }).toEqual({ step: step.join(" "), status: 0, text: "" });
        }
        warmUp(runner);
        const { program, args, environment } = commandLine(runner, join(folder, "program"), []);
        const { status, stdout } = spawnSync(program, args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...environment } });
        const wrong = stdout.split(/\r?\n/).filter((line) => line !== "").map((line) => `${line}: ${programs.signatures[Number(line.split(" ")[0])] ?? ""}`);
        expect({ wrong, status }).toEqual({ wrong: [], status: 0 });
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 300_000);
  }
});
