/** Dynamic executables for Linux' C libraries: made without them, run with them where they are, read by readelf. */

import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileType, SegmentType } from "../../formats/elf/constants.ts";
import { readElf } from "../../formats/elf/read.ts";
import { verifyExecutable } from "../../formats/elf/verify.ts";
import { targets } from "../../os/targets.ts";
import { commandLine, runnerOf } from "../cli/runners.ts";

const program = `struct Div { quot i32, rem i32 }
struct LongDiv { quot i64, rem i64 }
extern func printf(f *u8, ...) i32
extern func sscanf(text *u8, format *u8, ...) i32
extern func fflush(stream *u8) i32
extern func div(a i32, b i32) Div
extern func ldiv(a i64, b i64) LongDiv
extern func strlen(s *u8) usize
extern func getenv(s *u8) *u8
extern func qsort(base *u8, n usize, size usize, compare extern func(*u8, *u8) i32)
extern func cos(x f64) f64
extern func pow(x f64, y f64) f64
extern func strcmp(a *u8, b *u8) i32
extern func fputs(text *u8, stream *u8) i32
extern func dlsym(library *u8, name *u8) *u8
extern func atexit(last extern func()) i32

func scan(text *u8, into &mut i32) i32 { sscanf(text, "%d", into) }
func by_value(a *u8, b *u8) i32 { *(a as *i32) - *(b as *i32) }

func os_write(fd i32, bytes *u8, count i64) i64
func last() { os_write(1, "last\\n".ptr, 5) }

const NAMES [2]str = ["first", "second"]

func main() i64 {
    let order extern func(*u8, *u8) i32 = strcmp
    println(NAMES[strlen("a\\0".ptr)])
    atexit(last)
    let stdout = *(dlsym(nil, "stdout\\0".ptr) as **u8)
    fputs(if order("b\\0".ptr, "a\\0".ptr) > 0 { "after\\n\\0".ptr } else { "before\\n\\0".ptr }, stdout)
    let d = div(17, 5)
    let l = ldiv(-170, 50)
    printf("%d %d %ld %ld\\n", d.quot, d.rem, l.quot, l.rem)
    var xs [5]i32 = [5, 3, 9, 1, 7]
    qsort(&xs as *u8, 5, 4, by_value)
    printf("%d %d %d %s %.3f %.1f %zu\\n", xs[0], xs[1], xs[4], getenv("LANG_TEST_WORD"), cos(0.0), pow(2.0, 10.0), strlen("abcde"))
    // behind \`...\`, too, a borrow is an address
    var (whole, half, letters, again) = (0i32, 0.0, [0u8; 8], 0i32)
    let found = sscanf("12 0.5 abc", "%d %lf %7s", &whole, &mut half, &letters)
    printf("%d %d %g %s %d %d\\n", found, whole, half, &letters, scan("-7", &mut again), true)
    fflush(nil)
    var names List[String] = List.new()
    for i in 0..100 { names.push(f"name {i}") }
    println(f"{names.len} {names[99]}")
    return 3
}
`;
const main = join(import.meta.dir, "../cli/main.ts");

describe("executables with a C library", () => {
  for (const target of targets.filter((row) => row.interpreter !== undefined)) {
    test(target.name, () => {
      const folder = mkdtempSync(join(tmpdir(), "libc-"));
      try {
        writeFileSync(join(folder, "p.lang"), program);
        const file = join(folder, "p");
        for (const level of ["-O0", "-O1"]) {
          const built = spawnSync(process.execPath, [main, "build", level, "--target", target.name, "p.lang", "-o", "p"], { cwd: folder, encoding: "utf8" });
          expect(built.stdout + built.stderr).toBe("");
          const read = readElf(new Uint8Array(readFileSync(file)));
          if (!read.ok) throw new Error(read.error.problem);
          expect(read.file.type).toBe(FileType.shared);
          expect(verifyExecutable(read.file)).toEqual([]);
          expect(read.file.segments.some(({ type }) => type === SegmentType.gnuRelro)).toBe(true);
          if (existsSync("/usr/bin/readelf")) {
            const { stdout, stderr } = spawnSync("readelf", ["-aW", file], { encoding: "utf8" });
            expect(stderr).toBe("");
            expect(stdout).not.toContain("Warning");
            // addresses in data are the loader's to fill in; slots of imports and constants with addresses are read-only afterwards
            const facts = { now: /FLAGS\) +BIND_NOW/, pie: /FLAGS_1\) +Flags: NOW PIE/, pointers: /R_(X86_64|AARCH64)_RELATIVE/, readOnly: /\n +06 +\.dynamic \.rodata \.imports *\n/ };
            expect(Object.entries(facts).filter(([, text]) => !text.test(stdout)).map(([fact]) => fact)).toEqual([]);
            expect([...stdout.matchAll(/Name: (GLIBC_\S+)/g)].map(([, version]) => version).sort()).toEqual(target.libc === "musl" ? [] : target.architecture === "x86_64" ? ["GLIBC_2.2.5", "GLIBC_2.2.5"] : ["GLIBC_2.17", "GLIBC_2.17"]);
          }
          const runner = runnerOf(target);
          if (runner.kind === "none") {
            console.log(`not run: ${runner.reason}`);
            continue;
          }
          const line = commandLine(runner, file, []);
          const { status, stdout } = spawnSync(line.program, line.args, { encoding: "utf8", env: { ...process.env, ...line.environment, LANG_TEST_WORD: "word" } });
          expect({ status, stdout }).toEqual({ status: 3, stdout: "after\n3 2 -3 -20\n1 3 9 word 1.000 1024.0 5\n3 12 0.5 abc 1 1\nsecond\n100 name 99\nlast\n" });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 240_000);
  }
});

test("an object names the library's functions as C does", () => {
  const folder = mkdtempSync(join(tmpdir(), "libc-"));
  try {
    writeFileSync(join(folder, "p.lang"), program);
    const names = (target: string): string[] => {
      const { status, stderr } = spawnSync(process.execPath, [main, "build", "-O1", "--target", target, "p.lang", "-o", "p.o"], { cwd: folder, encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const read = readElf(new Uint8Array(readFileSync(join(folder, "p.o"))));
      if (!read.ok) throw new Error(read.error.problem);
      return [...read.file.symbols.names];
    };
    for (const target of ["linux-x86_64-libc", "linux-arm64-musl"]) {
      expect(names(target).filter((name) => name.startsWith("libc_"))).toEqual([]);
      expect(names(target)).toContain("malloc");
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

describe("functions that the C library does not have", () => {
  const cases: readonly (readonly [target: string, options: readonly string[], name: string, advice: string | undefined])[] = [
    ["linux-x86_64-libc", [], "strlne", "did you mean 'strlen'?"],
    ["linux-x86_64-musl", [], "strlne", "did you mean 'strlen'?"],
    ["linux-x86_64-libc", [], "environ", "is a variable"],
    ["linux-x86_64-libc", [], "statx", "say --glibc 2.28"],
    ["linux-x86_64-libc", ["--glibc", "2.28"], "statx", undefined],
    ["linux-arm64-libc", ["--glibc", "2.99"], "a_later_function", undefined],
    ["linux-arm64-musl", [], "qsort_r", undefined],
    ["linux-x86_64-musl", [], "strlcpy", undefined],
    ["linux-x86_64-libc", [], "strlcpy", "musl has it, glibc does not"],
    ["macos-arm64", [], "strlne", "did you mean 'strlen'?"],
    ["windows-x86_64", [], "ExitProces", "did you mean 'ExitProcess'?"],
    ["linux-x86_64", [], "puts", "linux-x86_64-libc"],
  ];
  for (const [target, options, name, advice] of cases) {
    test(`${target} ${options.join(" ")} ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "libc-"));
      try {
        writeFileSync(join(folder, "p.lang"), `extern func ${name}() i32\nfunc main() i64 { ${name}() as i64 }\n`);
        const { status, stderr } = spawnSync(process.execPath, [main, "build", "-O0", "--target", target, ...options, "p.lang", "-o", "p"], { cwd: folder, encoding: "utf8" });
        expect(status).toBe(advice === undefined ? 0 : 1);
        if (advice === undefined) return;
        expect(stderr).toContain(advice);
        expect(stderr).toContain("p.lang:1:13");
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 60_000);
  }
});
