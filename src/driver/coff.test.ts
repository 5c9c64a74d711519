/** C compiled for Windows by clang, linked by us: its calls of the system with and without stubs, common symbols, groups, tables, in an object and in an archive. */

import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { targets } from "../../os/targets.ts";
import { readPe } from "../../formats/pe/read.ts";
import { verifyPe } from "../../formats/pe/verify.ts";
import { commandLine, runnerOf } from "../cli/runners.ts";
import { Builder } from "../ir/builder.ts";
import { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { readLibrary } from "../link/libraries.ts";
import { readObject } from "../link/readObject.ts";
import { has, inFolder, run } from "../link/testing.ts";
import { compileModule, type ExecutableOptions } from "./kernel.ts";

const source = `
typedef unsigned long long u64; typedef unsigned u32;
__declspec(dllimport) void *GetStdHandle(u32);
__declspec(dllimport) int WriteFile(void *, const void *, u32, u32 *, void *);
void ExitProcess(u32);
long long twice(long long);
int tentative;
static int table[5] = {1, 2, 3, 4, 5};
int *where = &table[2];
static const char *const names[] = {"zero", "one", "two"};
__attribute__((weak)) int maybe(int x) { return x + 1; }
__declspec(selectany) int any = 5;
int never_called(void) { return 3; }
double scale = 2.5;
int _fltused = 0;
__attribute__((noinline)) static void print(const char *s) { u32 n = 0, done; while (s[n]) n++; WriteFile(GetStdHandle((u32)-11), s, n, &done, 0); }
static int pick(int n) { switch (n) { case 0: return 10; case 1: return 11; case 2: return 13; case 3: return 17; case 4: return 19; case 5: return 23; default: return -1; } }
void digits(long long v) { char b[24]; int i = 24; b[--i] = 0; b[--i] = ' '; int negative = v < 0; u64 u = negative ? -v : v; do b[--i] = '0' + u % 10; while (u /= 10); if (negative) b[--i] = '-'; print(b + i); }
void begin(void *sp) {
  print(names[1]); print(" ");
  tentative += 3;
  digits(tentative + where[0] + any + maybe(1));
  digits((long long)(scale * 100)); digits(twice(21));
  for (volatile int i = 0; i < 7; i++) digits(pick(i));
  ExitProcess(7);
}`;

/** An entry that calls C's `begin`, and `twice` for C to call. */
function program(target: string, more: Pick<ExecutableOptions, "objects" | "libraries">): Uint8Array<ArrayBuffer> {
  const module = new Module();
  const b = new Builder(module);
  b.start(module.declareFunction("twice", module.signature([Type.i64], [Type.i64], "c"), "exported"));
  b.return([b.emit(Op.mul, b.f.param(b.current, 0), b.f.int(Type.i64, 2))]);
  b.finish();
  const begin = module.declareFunction("begin", module.signature([Type.ptr], [], "c"), "imported");
  const entry = module.declareFunction("entry", module.signature([Type.ptr], []), "local");
  b.start(entry);
  b.call(begin, [b.f.param(b.current, 0)]);
  b.unreachable();
  b.finish();
  const made = compileModule(module, entry, { target, ...more });
  if (!made.ok) throw new Error(made.errors.map(({ message }) => message).join("\n"));
  return made.bytes;
}

for (const [target, triple, machine] of [["windows-x86_64", "x86_64-windows-msvc", "x86_64"], ["windows-arm64", "aarch64-windows-msvc", "arm64"]] as const) {
  const tools = has("clang") && has("llvm-lib");
  if (!tools) console.log(`not run, for want of clang or llvm-lib: C for ${target}`);
  else test(`${target}: what clang made runs`, () => inFolder((folder) => {
    writeFileSync(join(folder, "a.c"), source);
    const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
    const row = targets.find(({ name }) => name === target);
    const runner = row === undefined ? undefined : runnerOf(row);
    for (const flags of [["-O0"], ["-O1", "-ffunction-sections", "-fdata-sections", "-g", "-gdwarf-4"], ["-O2", "-fcommon"]]) {
      const compiled = run(folder, ["clang", "-target", triple, "-ffreestanding", "-fno-stack-protector", "-funwind-tables", ...flags, "-c", "a.c", "-o", "a.obj"]);
      expect([compiled.status, compiled.err]).toEqual([0, ""]);
      expect(run(folder, ["llvm-lib", "/out:a.lib", "a.obj"]).status).toBe(0);
      const object = readObject("a.obj", bytesOf("a.obj"), machine);
      const library = readLibrary("a.lib", bytesOf("a.lib"), machine);
      if (!object.ok || !library.ok) throw new Error(`${object.ok ? "" : object.error.message} ${library.ok ? "" : library.error.message}`);
      for (const more of [{ objects: [object.object] }, ...(flags.length > 1 ? [{ libraries: [library.library] }] : [])]) {
        const bytes = program(target, more);
        const read = readPe(bytes);
        expect(read.ok ? verifyPe(read.file, bytes) : read.error).toEqual([]);
        if (runner === undefined || runner.kind === "none") continue;
        writeFileSync(join(folder, "a.exe"), bytes, { mode: 0o755 });
        const { program: command, args, environment } = commandLine(runner, join(folder, "a.exe"), []);
        const ran = Bun.spawnSync({ cmd: [command, ...args], stdin: "ignore", env: { ...process.env, ...environment } });
        expect([flags.join(" "), ran.stdout.toString(), ran.exitCode]).toEqual([flags.join(" "), "one 13 250 42 10 11 13 17 19 23 -1 ", 7]);
      }
    }
  }), 120_000);
}
