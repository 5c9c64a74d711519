/** Random signatures, both ways, against clang's and gcc's objects, linked by the system's linkers. */

import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { randomCalls } from "./randomCalls.ts";
import { clangSplitsWide } from "./testing.ts";

/** What a program without a C library starts with: runs both sides, writes what is wrong, exits with 1 then. */
const start = (architecture: string): string => `
typedef unsigned long size;
void *memcpy(void *to, const void *from, size n) { char *t = to; const char *f = from; while (n--) *t++ = *f++; return to; }
void *memset(void *to, int c, size n) { char *t = to; while (n--) *t++ = c; return to; }
static long call(long number, long a, long b, long c) {
${architecture === "x86_64"
  ? `  long r; __asm__ volatile("syscall" : "=a"(r) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory"); return r;`
  : `  register long x8 __asm__("x8") = number; register long x0 __asm__("x0") = a; register long x1 __asm__("x1") = b; register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory"); return x0;`}
}
static int failures;
void bad(int number, int leaf) {
  char text[32]; int at = 32; text[--at] = '\\n';
  do text[--at] = '0' + leaf % 10; while ((leaf /= 10) > 0);
  text[--at] = ' ';
  do text[--at] = '0' + number % 10; while ((number /= 10) > 0);
  if (failures++ < 20) call(${architecture === "x86_64" ? 1 : 64}, 1, (long)(text + at), 32 - at);
}
void run_lang(void); void run_c(void);
void started(void) { run_lang(); run_c(); call(${architecture === "x86_64" ? 60 : 93}, failures > 0, 0, 0); }
__asm__(".globl _start\\n_start: ${architecture === "x86_64" ? "xorl %ebp, %ebp\\n call started" : "bl started"}\\n");
`;

interface Way {
  readonly compiler: readonly string[];
  readonly linker: readonly string[];
  readonly architecture: "x86_64" | "arm64";
  readonly runner: readonly string[];
  readonly level: string;
  readonly count: number;
  readonly seed: number;
  /** By way of LLVM's text, of which clang makes the object. */
  readonly llvm?: boolean;
}

const native = { architecture: "x86_64", runner: [], linker: ["/usr/bin/ld", "-z", "noexecstack"] } as const;
const arm64 = { architecture: "arm64", runner: ["/usr/bin/qemu-aarch64"], linker: ["/usr/bin/ld.lld-14"], compiler: ["/usr/bin/clang", "--target=aarch64-linux-gnu", "-O1"] } as const;

const ways: readonly Way[] = [
  { ...native, compiler: ["/usr/bin/clang", "-O1"], level: "-O0", count: 700, seed: 1 },
  { ...native, compiler: ["/usr/bin/gcc", "-O1"], level: "-O1", count: 700, seed: 2 },
  { ...native, compiler: ["/usr/bin/clang", "-O1"], level: "-O2", count: 600, seed: 3 },
  { ...arm64, level: "-O0", count: 1000, seed: 4 },
  { ...arm64, level: "-O1", count: 1000, seed: 5 },
  { ...arm64, level: "-O1", count: 20, seed: 303, llvm: true },
];

function run(folder: string, command: readonly string[], environment: Readonly<Record<string, string>> = {}): { status: number | null; text: string } {
  const done = spawnSync(command[0] as string, command.slice(1), { cwd: folder, encoding: "utf8", timeout: 240_000, env: { ...process.env, ...environment } });
  return { status: done.status, text: done.stdout + done.stderr };
}

describe("random C signatures", () => {
  for (const way of ways) {
    const tools = [way.compiler[0], way.linker[0], ...way.runner] as string[];
    if (!tools.every((tool) => existsSync(tool))) {
      console.log(`not run: random C signatures on ${way.architecture} need ${tools.join(", ")}`);
      continue;
    }
    test(`${way.count} on ${way.architecture} at ${way.level}${way.llvm === true ? " through LLVM" : ""} against ${way.compiler[0]}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "cabi-"));
      try {
        const programs = randomCalls(way.seed, way.count, { splitsWide: way.architecture === "x86_64" && clangSplitsWide(way.compiler[0] as string) });
        writeFileSync(join(folder, "a.lang"), programs.lang);
        writeFileSync(join(folder, "c.c"), programs.c + start(way.architecture));
        const steps = [
          [process.execPath, join(import.meta.dir, "../cli/main.ts"), "build", way.level, "--target", `linux-${way.architecture}`, "a.lang", "-o", "a.o"],
          [...way.compiler, "-c", "-ffreestanding", "-fno-stack-protector", "-fno-pic", "-w", "c.c", "-o", "c.o"],
          [...way.linker, "a.o", "c.o", "-o", "program"],
        ];
        for (const step of steps) expect({ step: step.join(" "), ...run(folder, step, way.llvm === true ? { LANGBE: "llvm" } : {}) }).toEqual({ step: step.join(" "), status: 0, text: "" });
        const { status, text } = run(folder, [...way.runner, "./program"]);
        const wrong = text.split("\n").filter((line) => line !== "").map((line) => `${line}: ${programs.signatures[Number(line.split(" ")[0])] ?? ""}`);
        expect({ wrong, status }).toEqual({ wrong: [], status: 0 });
      } finally {
        if (process.env["KEEP"] === undefined) rmSync(folder, { recursive: true });
      }
    }, 300_000);
  }
});
