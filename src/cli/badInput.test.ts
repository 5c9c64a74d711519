/** Whatever the input: a clear diagnostic, no crash, no hang, nothing half-written. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder, lang, type Ran } from "./testing.ts";

// Each case is a process or several, on a machine that may be busy.
setDefaultTimeout(120_000);

const hello = 'func main() { println("hello") }\n';

/** Refused with a code, without a trace of the compiler's own. */
function refusedCleanly(ran: Ran, code: string): void {
  expect(ran.stderr).toContain(`error[${code}`);
  expect(ran.stderr).not.toContain("internal error");
  expect(ran.stderr).not.toMatch(/\.ts:\d+/);
  expect(ran.status).toBe(1);
}

describe("files", () => {
  test("missing, a directory, a device, an endless device", () => inFolder({}, (cwd) => {
    mkdirSync(join(cwd, "folder.lang"));
    refusedCleanly(lang(["nothing.lang", "-o", "x"], { cwd }), "E0801");
    refusedCleanly(lang(["folder.lang", "-o", "x"], { cwd }), "E0802");
    refusedCleanly(lang(["/dev/zero", "-o", "x"], { cwd }), "E0802");
    refusedCleanly(lang(["/dev/null", "-o", "x"], { cwd }), "E0802");
    expect(readdirSync(cwd)).toEqual(["folder.lang"]);
  }));

  test("an object, an executable, an archive in the place of a source", () => inFolder({ "x.o": "\x7fELF\x02\x01\x01\0", "x.a": "!<arch>\n", "x.exe": "MZ\x78\0", "MZ.lang": "MZ", "empty.lang": "" }, (cwd) => {
    for (const [name, what] of [["x.o", "an ELF file"], ["x.a", "an archive"], ["x.exe", "a Windows executable"]] as const) {
      const ran = lang(["build", name, "-o", "x"], { cwd });
      refusedCleanly(ran, "E0802");
      expect(ran.stderr).toContain(`'${name}' cannot be read: it is ${what} and no source text`);
    }
    refusedCleanly(lang(["check", "MZ.lang"], { cwd }), "E0124");
    expect(lang(["check", "empty.lang"], { cwd }).status).toBe(0);
  }));

  test("a name of bytes that are no text: the system hands on another, and no file of that is made", () => inFolder({ "p.lang": hello }, (cwd) => {
    refusedCleanly(lang(["p.lang", "-o", "o\uFFFD"], { cwd }), "E0803");
    refusedCleanly(lang(["check", "n\uFFFD.lang"], { cwd }), "E0802");
    expect(readdirSync(cwd)).toEqual(["p.lang"]);
  }));

  test("a file without its ending is suggested", () => inFolder({ "hello.lang": hello }, (cwd) => {
    expect(lang(["hello", "-o", "x"], { cwd }).stderr).toContain("did you mean hello.lang?");
  }));

  test("a source is not replaced by what is made of it", () => inFolder({ program: hello, ".lang": hello }, (cwd) => {
    refusedCleanly(lang(["program", "-o", "program"], { cwd }), "E0803");
    refusedCleanly(lang(["program", "-o", "./program"], { cwd }), "E0803");
    expect(lang(["./program"], { cwd }).status).toBe(0);
    expect(lang([".lang"], { cwd }).status).toBe(0);
    expect(lang(["build", "-program.lang"], { cwd }).stderr).toContain("./-program.lang");
    expect(readFileSync(join(cwd, "program"), "utf8")).toBe(hello);
    expect(readdirSync(cwd).sort()).toEqual([".lang", "out", "program", "program.out"]);
  }));

  test("outputs that cannot be written leave what was there", () => inFolder({ "p.lang": hello }, (cwd) => {
    mkdirSync(join(cwd, "taken"));
    refusedCleanly(lang(["p.lang", "-o", "taken"], { cwd }), "E0803");
    refusedCleanly(lang(["p.lang", "-o", "no/such/folder"], { cwd }), "E0803");
    refusedCleanly(lang(["p.lang", "-o", "/proc/x"], { cwd }), "E0803");
    expect(lang(["p.lang", "-o", "/dev/null"], { cwd }).status).toBe(0);
    refusedCleanly(lang(["p.lang", "-o", "/dev/full"], { cwd }), "E0803");
    expect(readdirSync(cwd).sort()).toEqual(["p.lang", "taken"]);
  }));

  test("a full disk leaves the old output and no scraps", () => inFolder({ "p.lang": hello }, (cwd) => {
    // A file system of its own, of one page, where one may be mounted.
    const small = join(cwd, "small");
    mkdirSync(small);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", small]).status !== 0) return;
    try {
      writeFileSync(join(small, "fill"), new Uint8Array(4096));
      refusedCleanly(lang(["p.lang", "-o", "small/out"], { cwd }), "E0803");
      expect(readdirSync(small)).toEqual(["fill"]);
    } finally {
      spawnSync("umount", [small]);
    }
  }));

  test("an output is not left behind when the program is refused", () => inFolder({ "p.lang": "func main() { let x i64 = true }\n", out: "old" }, (cwd) => {
    expect(lang(["p.lang", "-o", "out"], { cwd }).status).toBe(1);
    expect(readFileSync(join(cwd, "out"), "utf8")).toBe("old");
  }));

  test("unreadable", () => inFolder({ "p.lang": hello }, (cwd) => {
    chmodSync(join(cwd, "p.lang"), 0);
    // Root reads everything.
    if (process.getuid?.() !== 0) refusedCleanly(lang(["p.lang", "-o", "x"], { cwd }), "E0802");
  }));

  test("cyclic includes are refused, cyclic imports are not", () => {
    inFolder({ "a.lang": 'include "b.lang"\nfunc main() { }\n', "b.lang": 'include "a.lang"\n' }, (cwd) => refusedCleanly(lang(["a.lang", "-o", "x"], { cwd }), "E0702"));
    inFolder({ "a.lang": 'import "b"\nfunc main() { b.b() }\npub func a() { println("a") }\n', "b.lang": 'import "a"\npub func b() { a.a() }\n' }, (cwd) => {
      expect(lang(["run", "a.lang"], { cwd })).toEqual({ status: 0, stdout: "a\n", stderr: "" });
    });
  });
});

describe("sources", () => {
  const refused = (source: string | Uint8Array, code: string) => inFolder({ "p.lang": source }, (cwd) => {
    refusedCleanly(lang(["p.lang", "-o", "x"], { cwd }), code);
    expect(existsSync(join(cwd, "x"))).toBe(false);
  });

  test("empty", () => refused("", "E0"));
  test("NUL bytes", () => refused(new Uint8Array(1000), "E01"));
  test("ill-formed UTF-8", () => refused(Uint8Array.of(0x66, 0xff, 0xfe, 0x80, 0x0a), "E01"));
  test("random bytes", () => {
    let seed = 12345;
    for (let round = 0; round < 5; round++) {
      const bytes = new Uint8Array(2000);
      for (let i = 0; i < bytes.length; i++) bytes[i] = (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16;
      refused(bytes, "E01");
    }
  });
  test("truncated anywhere", () => {
    const whole = 'struct P { x i64, y i64 }\nfunc main() {\n    let p = P { x: 1, y: 2 }\n    match p.x { 1 => println(f"{p.x + p.y}"), _ => {} }\n}\n';
    for (const at of [3, 10, 30, 50, 75, 90, 110, whole.length - 3]) refused(whole.slice(0, at), "E0");
  });
  test("a line of one megabyte", () => {
    inFolder({ "p.lang": `func main() { let x = 1${" + 1".repeat(250_000)}\n println(f"{x}") }\n` }, (cwd) => {
      expect(lang(["run", "-O0", "p.lang"], { cwd })).toEqual({ status: 0, stdout: "250001\n", stderr: "" });
    });
    refused(`func main() { let x i64 = "${"x".repeat(1_000_000)}" }\n`, "E0301");
  });
  test("100,000 terms in a row", () => inFolder({ "p.lang": `func main() {\n    let one = 1\n    let x = one${" + one".repeat(99_999)}\n    println(f"{x}")\n}\n` }, (cwd) => {
    expect(lang(["run", "-O1", "p.lang"], { cwd })).toEqual({ status: 0, stdout: "100000\n", stderr: "" });
  }));
  test("an unknown name on each of a million lines", () => refused(`func main() {\n${"    zz\n".repeat(1_000_000)}}\n`, "E0201"));
  test("nested too deep", () => {
    refused(`func main() { let x = ${"(".repeat(300)}1${")".repeat(300)} }\n`, "E0127");
    refused(`func main() { ${"{".repeat(100_000)} }\n`, "E0127");
    refused(`func main() { let x = ${"-".repeat(5000)}1 }\n`, "E0");
    refused(`func main() { let x = ${"[".repeat(5000)} }\n`, "E0");
  });
  test("as deep as is allowed", () => inFolder({ "p.lang": `func main() { let x = ${"(".repeat(200)}1${")".repeat(200)}\n println(f"{x}") }\n` }, (cwd) => {
    expect(lang(["run", "p.lang"], { cwd }).stdout).toBe("1\n");
  }));
});
