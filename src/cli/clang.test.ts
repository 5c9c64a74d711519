/** A sample of the suite through LLVM; where there is no clang, that is said, and the diagnostic is what is tested. */
import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targets } from "../../os/targets.ts";
import { llvmTriple } from "../driver/llvmTriple.ts";
import { clangVersion } from "./clang.ts";

const root = join(import.meta.dir, "../..");
const lang = (args: readonly string[], environment: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ["src/cli/main.ts", ...args], { cwd: root, encoding: "utf8", env: { ...process.env, LANGBE: "llvm", ...environment } });

test("without clang, it is said how to get one", () => {
  for (const command of ["run", "build", "test"]) {
    const { status, stderr } = lang([command, "bench/kernels/fib.lang"], { LANG_CLANG: "/nonexistent/clang" });
    expect([command, status]).toEqual([command, 1]);
    expect(stderr).toContain("E0820");
    expect(stderr).toContain("the direct backend");
    expect(stderr).toContain("LANG_CLANG names none: '/nonexistent/clang'");
  }
  const { status, stderr } = lang(["build", "bench/kernels/fib.lang"], { LANG_CLANG: "", PATH: "/nonexistent" });
  expect([status, stderr.split("\n")[0]]).toEqual([1, "error[E0820]: LANGBE=llvm needs clang, and there is none on this machine"]);
}, 60_000);

test.if(Bun.which("clang") !== null && Bun.which("gcc") !== null)("an object made by clang of what is only exported is linked with C", () => {
  const folder = mkdtempSync(join(tmpdir(), "lang-clang-"));
  try {
    writeFileSync(join(folder, "area.lang"), `struct Rect: Copy { w f64, h f64 }
@export("rect_area") func rect_area(r Rect) f64 { r.w * r.h }
`);
    writeFileSync(join(folder, "main.c"), `struct Rect { double w, h; }; double rect_area(struct Rect); int main(void) { return (int)rect_area((struct Rect){2.5, 4.0}); }\n`);
    const { status, stderr } = lang(["build", join(folder, "area.lang"), "-o", join(folder, "area.o")], {});
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const linked = spawnSync("gcc", ["main.c", "area.o", "-no-pie", "-o", "main"], { cwd: folder, encoding: "utf8" });
    expect(linked.stderr).toBe("");
    expect(spawnSync(join(folder, "main")).status).toBe(10);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test("a clang that refuses the text is reported, with its first error", () => {
  if (process.platform === "win32") return;
  const folder = mkdtempSync(join(tmpdir(), "lang-clang-"));
  try {
    const clang = join(folder, "clang");
    writeFileSync(clang, '#!/bin/sh\n[ "$1" = --version ] && echo "clang version 99.0" && exit 0\necho "x.ll:1:1: error: too new" >&2\nexit 1\n', { mode: 0o755 });
    const { status, stderr } = lang(["build", "examples/hello.lang", "-o", join(folder, "hello")], { LANG_CLANG: clang });
    expect([status, stderr.split("\n")[0]]).toEqual([1, "error[E0821]: clang 99 refuses the LLVM IR of this program: x.ll:1:1: error: too new"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Every clang here: the plain one, and those with their version in the name. */
const clangs = ["clang", ...Array.from({ length: 20 }, (_, i) => `clang-${i + 14}`)].filter((name) => Bun.which(name) !== null);

if (clangVersion() === 0) console.log("not run, for want of clang: programs through LLVM");
else {
  test("programs that panic, through LLVM", () => {
    const { status, stdout } = lang(["conformance", "--filter", "10-failing/panic", "--level", "O1"], {});
    expect(`${status}\n${stdout}`).toStartWith("0\n");
  }, 60_000);

  for (const clang of clangs) {
    // What a C library changes is the same for every clang: the matrix runs it.
    for (const { name } of targets.filter((target) => llvmTriple({ target }) !== undefined && target.interpreter === undefined)) {
      test(`${clang} accepts the text for ${name}`, () => {
        for (const level of ["O0", "O2"]) {
          const { status, stdout, stderr } = lang(["build", `-${level}`, "--target", name, "examples/word_count.lang", "--emit=exe", "-o", "/dev/null"], { LANG_CLANG: clang });
          expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
        }
      }, 60_000);
    }
  }
}
