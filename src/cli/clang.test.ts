/** A sample of the suite through LLVM; where there is no clang, that is said, and the diagnostic is what is tested. */
import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { clangVersion } from "./clang.ts";

const root = join(import.meta.dir, "../..");
const lang = (args: readonly string[], environment: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ["src/cli/main.ts", ...args], { cwd: root, encoding: "utf8", env: { ...process.env, LANGBE: "llvm", ...environment } });

test("without clang, it is said how to get one", () => {
  const { status, stderr } = lang(["run", "bench/kernels/fib.lang"], { LANG_CLANG: "/nonexistent/clang" });
  expect(status).toBe(1);
  expect(stderr).toContain("E0820");
  expect(stderr).toContain("the direct backend");
});

if (clangVersion() === 0) console.log("no clang on this machine: programs through LLVM are not tested");
else {
  test("programs that panic, through LLVM", () => {
    const { status, stdout } = lang(["conformance", "--filter", "10-failing/panic", "--level", "O1"], {});
    expect(`${status}\n${stdout}`).toStartWith("0\n");
  }, 60_000);
}
