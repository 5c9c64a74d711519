/** Executables of a release for other machines, as far as one can start them here: version, and a program built and run. What cannot start is said to be not run. */

import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMacho } from "../formats/macho/read.ts";
import { verifyMacho } from "../formats/macho/verify.ts";
import { targets } from "../os/targets.ts";
import { bundle } from "./bundle.ts";
import { releases, signMacos } from "./release.ts";
import { findSysroot } from "./sysroot.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const hello = join(root, "examples/hello.lang");
const folder = mkdtempSync(join(tmpdir(), "lang-smoke-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a release's executable by `before`; undefined, and said, if it cannot. */
async function started(file: string, before: readonly string[]): Promise<readonly string[] | undefined> {
  const release = releases.find((row) => row.file === file);
  if (release === undefined) throw new Error(`no release ${file}`);
  const path = join(folder, file);
  const made = await bundle(path, release.target);
  if (!made.ok) return notRun(file, `its runtime is not to be had: ${made.logs.join("; ")}`);
  const command = [...before, path];
  const told = run([...command, "version"], { BUN_JSC_useJIT: "0" });
  if (told.status === 0 && told.stdout.startsWith("lang ")) return command;
  return notRun(file, `it does not start here: ${told.stderr.trim().split("\n").find((line) => line.includes("not found")) ?? told.stderr.trim().split("\n")[0] ?? ""}`);
}

function notRun(file: string, reason: string): undefined {
  console.log(`not run: ${file}: ${reason}`);
  return undefined;
}

function run(command: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return spawnSync(command[0] as string, command.slice(1), { cwd: folder, encoding: "utf8", timeout: 100_000, env: { ...process.env, LANGCACHE: "off", ...environment } });
}

/** Bun's runtime needs one function of bcryptprimitives.dll, which wine 8 does not have: where LLVM's tools are, it lies beside the executable as advapi32's function of the same use. */
function makeMissingLibrary(): void {
  writeFileSync(join(folder, "random.c"), `__declspec(dllimport) unsigned char SystemFunction036(void *, unsigned);
__declspec(dllexport) int ProcessPrng(void *to, unsigned long long size) { return SystemFunction036(to, (unsigned)size); }
int begin(void *library, unsigned reason, void *more) { return 1; }
`);
  writeFileSync(join(folder, "advapi32.def"), "LIBRARY advapi32.dll\nEXPORTS\nSystemFunction036\n");
  const linker = ["lld-link", "lld-link-14", "lld-link-16", "lld-link-19"].find((name) => Bun.which(name) !== null) ?? "lld-link";
  for (const step of [
    ["llvm-dlltool", "-m", "i386:x86-64", "-d", "advapi32.def", "-l", "advapi32.lib"], ["clang", "-c", "-target", "x86_64-pc-windows-msvc", "random.c", "-o", "random.obj"],
    [linker, "/dll", "/out:bcryptprimitives.dll", "/entry:begin", "/nodefaultlib", "random.obj", "advapi32.lib"],
  ]) if (run(step).status !== 0) return;
}

const sysroot = findSysroot("arm64");
const arm64 = sysroot.ok ? await started("lang-linux-arm64", sysroot.command) : notRun("lang-linux-arm64", sysroot.missing);
if (sysroot.ok && arm64 !== undefined) {
  test("the release's linux-arm64 builds a program that runs", () => {
    const built = run([...arm64, "build", hello, "-o", "arm64-hello"], { BUN_JSC_useJIT: "0" });
    expect({ status: built.status, stderr: built.stderr }).toEqual({ status: 0, stderr: "" });
    expect(run([...sysroot.command, join(folder, "arm64-hello")]).stdout).toBe("Hello, world!\n");
  }, 120_000);
}

const wine = Bun.which("wine64") ?? ["/usr/lib/wine/wine64", "/usr/lib64/wine/wine64"].find((path) => existsSync(path));
if (wine !== undefined) makeMissingLibrary();
const windows = wine === undefined ? notRun("lang-windows-x64.exe", "wine is not installed") : await started("lang-windows-x64.exe", [wine]);
if (wine !== undefined && windows !== undefined) {
  test("the release's windows-x64 builds a program that runs", () => {
    const built = run([...windows, "build", "-O2", hello, "-o", "hello.exe"]);
    expect({ status: built.status }).toEqual({ status: 0 });
    expect(run([wine, "hello.exe"]).stdout).toBe("Hello, world!\n");
    // What it makes is what is made here, and running removes what was made for it.
    expect(run([process.execPath, join(root, "src/cli/main.ts"), "build", "-O2", hello, "--target", "windows-x86_64", "-o", "here.exe"]).status).toBe(0);
    expect(readFileSync(join(folder, "hello.exe")).equals(readFileSync(join(folder, "here.exe")))).toBe(true);
    const { status, stdout } = run([...windows, "run", hello]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "Hello, world!\n" });
  }, 120_000);
}

describe("the signature of macOS executables", () => {
  for (const { name } of targets.filter(({ os }) => os === "macos")) {
    test(`one that was changed is signed anew, for ${name}`, () => {
      const path = join(folder, name);
      expect(run([process.execPath, join(root, "src/cli/main.ts"), "build", hello, "--target", name, "-o", path]).status).toBe(0);
      expect(signMacos(path)).toEqual({ ok: true, told: "its signature is right" });
      // The message is changed, as Bun changes its runtime.
      const bytes = readFileSync(path);
      bytes.write("HELLO", bytes.indexOf("Hello, world!"));
      chmodSync(path, 0o644);
      writeFileSync(path, bytes);
      expect(signMacos(path)).toMatchObject({ ok: true, told: expect.stringContaining("signed anew (page ") });
      const signed = new Uint8Array(readFileSync(path));
      const read = readMacho(signed);
      if (!read.ok) throw new Error(read.error.problem);
      expect(verifyMacho(read.file, signed)).toEqual([]);
      expect(Buffer.from(signed).includes("HELLO, world!")).toBe(true);
    }, 30_000);
  }

  test("what is no executable is refused", () => {
    const path = join(folder, "damaged");
    writeFileSync(path, new Uint8Array(100));
    expect(signMacos(path)).toMatchObject({ ok: false });
  });
});
