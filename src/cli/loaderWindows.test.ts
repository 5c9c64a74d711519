/** The loader of Windows' ARM64 programs: it runs what we and LLVM's linker make, and refuses what Windows would, by the name of the field. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offsetOf, readPe } from "../../formats/pe/read.ts";
import { verifyPe } from "../../formats/pe/verify.ts";
import { targets } from "../../os/targets.ts";
import { build } from "../driver/build.ts";
import { host } from "../driver/host.ts";
import { buildRequest } from "../driver/request.ts";
import { runnerOf } from "./runners.ts";

const target = targets.find(({ name }) => name === "windows-arm64");
const runner = target === undefined ? undefined : runnerOf(target);
const command = runner?.kind === "under" && runner.name.startsWith("our own loader") ? runner.command : undefined;

function compile(source: string): Uint8Array {
  if (target === undefined) throw new Error("no target windows-arm64");
  const answer = build(buildRequest("t.lang", new TextEncoder().encode(source), target), host);
  if (answer.bytes === undefined) throw new Error([...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("\n"));
  return answer.bytes;
}

function run(image: Uint8Array | string, args: readonly string[] = [], input = ""): { readonly status: number | null; readonly out: string; readonly err: string } {
  if (command === undefined) throw new Error("no loader");
  const folder = mkdtempSync(join(tmpdir(), "lang-loader-"));
  try {
    const path = typeof image === "string" ? image : join(folder, "image.exe");
    if (typeof image !== "string") writeFileSync(path, image);
    const ended = spawnSync(command[0] as string, [...command.slice(1), path, ...args], { encoding: "utf8", input, env: { ...process.env, LOADER_TEST: "gesetzt: ä" }, timeout: 30_000 });
    return { status: ended.status, out: ended.stdout, err: ended.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const source = `
const NAMES [2]str = ["north", "south"]
func deep(n i64) i64 {
    var room [900]i64 = [n; 900]
    if n == 0 { return 1 }
    return deep(n - 1) + room[(n % 900)]
}
func main(args []str) {
    println(f"{args.len} {NAMES[args.len % 2]} {environment("LOADER_TEST") ?? "none"} {deep(100)}")
    for i in 1..args.len { println(f"[{args[i]}]") }
    match read_file("Z:\\\\nowhere\\\\at\\\\all") {
        Ok(_) => println("there")
        Err(error) => println(error_text(error))
    }
    match read_input() {
        Ok(bytes) => println(f"{bytes.len} bytes")
        Err(error) => println(error_text(error))
    }
    exit(7)
}
`;

test("programs run: arguments as Windows quotes them, environment, errors, input, status", () => {
  if (command === undefined) return expect("this machine has no loader").toBeTruthy();
  const args = ["plain", "two words", "", 'a "quote"', "back\\slash\\", "end \\", '\\"', "smörgås 🎉"];
  const ended = run(compile(source), args, "line ü\n");
  expect(ended).toEqual({ status: 7, out: `9 south gesetzt: ä 5051\n${args.map((a) => `[${a}]\n`).join("")}no such file or directory\n8 bytes\n`, err: "" });
}, 60_000);

test("the end of the stack, and an access that fails, are the program's to handle", () => {
  if (command === undefined) return expect("this machine has no loader").toBeTruthy();
  const endless = run(compile("func down(n i64) i64 { return down(n + 1) + 1 }\nfunc main() { println(down(0)) }"));
  expect([endless.status, endless.err.split("\n")[0]]).toEqual([101, expect.stringContaining("stack overflow")]);
  const wild = run(compile("func main() { let p *i64 = (main as usize % 3 + 16) as *i64\n println(*p) }"));
  expect(wild.status).not.toBe(0);
}, 60_000);

const script = spawnSync("script", ["--version"]).status === 0;

test("text for the console goes there in whole characters, and comes from there", () => {
  if (command === undefined || !script) return expect("this machine has no loader, or no terminal to lend").toBeTruthy();
  const folder = mkdtempSync(join(tmpdir(), "lang-console-"));
  try {
    writeFileSync(join(folder, "image.exe"), compile(`
      func main() {
          var i i64 = 0
          while i < 300 {
              print("ä€🎉x")
              i += 1
          }
          println("")
          println(f"got {readln() ?? String.from("none")}")
      }`));
    const ended = spawnSync("script", ["-qc", [...command, join(folder, "image.exe")].join(" "), "/dev/null"], { encoding: "utf8", input: "zeile ü 🎉\n", timeout: 30_000 });
    expect([ended.stdout.split("ä€🎉x").length, ended.stdout.includes("\ufffd"), ended.stdout.includes("got zeile ü 🎉")]).toEqual([301, false, true]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test("what Windows refuses is refused, with the field named", () => {
  if (command === undefined) return expect("this machine has no loader").toBeTruthy();
  const good = compile(source);
  const read = readPe(good);
  if (!read.ok) throw new Error(read.error.problem);
  const { directories, sections } = read.file;
  const at = (address: number): number => offsetOf(read.file, address);
  const optional = 0x80 + 24;
  const table = optional + 240;
  const imports = at(directories[1].address);
  const view = new DataView(good.buffer, good.byteOffset, good.byteLength);
  const firstName = at(view.getUint32(at(view.getUint32(imports, true)), true)) + 2;
  const cases: readonly [string, (v: DataView) => void][] = [
    ["e_magic", (v) => v.setUint8(0, 0)],
    ["e_lfanew", (v) => v.setUint32(60, 0x7fff_fff0, true)],
    ["Signature", (v) => v.setUint8(0x80, 0)],
    ["Machine", (v) => v.setUint16(0x84, 0x8664, true)],
    ["Characteristics: say that relocations are stripped", (v) => v.setUint16(0x84 + 18, 0x23, true)],
    ["NumberOfSections", (v) => v.setUint16(0x84 + 2, 0, true)],
    ["Magic", (v) => v.setUint16(optional, 0x10b, true)],
    ["SectionAlignment", (v) => v.setUint32(optional + 32, 0x1800, true)],
    ["FileAlignment", (v) => v.setUint32(optional + 36, 0x100, true)],
    ["ImageBase", (v) => v.setUint32(optional + 28, 0, true)],
    ["DYNAMIC_BASE", (v) => v.setUint16(optional + 70, 0x8120, true)],
    ["NX_COMPAT", (v) => v.setUint16(optional + 70, 0x8060, true)],
    ["load configuration", (v) => v.setUint16(optional + 50, 3, true)],
    ["Subsystem", (v) => v.setUint16(optional + 68, 1, true)],
    ["SizeOfImage", (v) => v.setUint32(optional + 56, 0x1000, true)],
    ["SizeOfHeaders", (v) => v.setUint32(optional + 60, 0x100, true)],
    ["AddressOfEntryPoint", (v) => v.setUint32(optional + 16, 0x10, true)],
    ["an address without a size", (v) => v.setUint32(optional + 112 + 2 * 8, 0x1000, true)],
    ["base relocations: are missing", (v) => v.setUint32(optional + 112 + 5 * 8, 0, true)],
    ["SizeOfBlock", (v) => v.setUint32(at(directories[5].address) + 4, 7, true)],
    ["base relocation's type", (v) => v.setUint16(at(directories[5].address) + 8, 0x3000, true)],
    [".text.VirtualAddress", (v) => v.setUint32(table + 12, 0x2000, true)],
    [".text.Characteristics", (v) => v.setUint32(table + 36, 0xe000_0020, true)],
    [".text.PointerToRawData", (v) => v.setUint32(table + 20, 0x7fff_0000, true)],
    ["not in the table of import addresses", (v) => v.setUint32(optional + 112 + 12 * 8 + 4, 8, true)],
    ["is a library that this loader does not have", (v) => v.setUint8(at(v.getUint32(imports + 12, true)), 0x51)],
    ["is no function of that library that this loader knows", (v) => v.setUint8(firstName, 0x51)],
  ];
  for (const [field, change] of cases) {
    const bad = good.slice();
    change(new DataView(bad.buffer));
    const { status, err } = run(bad);
    expect([field, status, err]).toEqual([field, 137, expect.stringContaining(field)]);
    expect(err).toStartWith("refused: ");
  }
  const end = Math.max(...sections.map((s) => s.offset + s.fileSize));
  for (const length of [0, 10, 100, 300, 700, 3000, Math.floor(end / 2), end - 513]) expect([length, run(good.slice(0, length)).status]).toEqual([length, 137]);
}, 120_000);

test("corrupted images are refused or run, and never take the loader down", () => {
  if (command === undefined) return expect("this machine has no loader").toBeTruthy();
  const good = compile('func main() { println("Hello, world!") }');
  let seed = 99;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 0x1_0000_0000) * below);
  };
  for (let i = 0; i < 40; i++) {
    const bad = good.slice();
    // the headers and the tables of sections, not the code: that may do anything
    for (let k = 0; k < 1 + random(3); k++) {
      const at = random(0x80 + 24 + 240 + 4 * 40);
      // with its imports elsewhere, or another entry, the program is another one
      if ((at < 0x110 || at >= 0x118) && (at < 0x98 + 16 || at >= 0x98 + 20)) bad[at] = random(256);
    }
    const { status, err } = run(bad);
    // damaged data may end the program itself, which is not the loader's business
    const fine = status === 0 || (status === 137 && err.startsWith("refused: ")) || (status === 101 && !err.includes("loaders/"));
    expect([i, status, err, fine]).toEqual([i, status, err, true]);
  }
}, 120_000);

const linker = ["lld-link", "lld-link-14", "lld-link-15", "lld-link-16"].find((name) => spawnSync(name, ["--version"]).status === 0);
const tools = linker !== undefined && ["clang", "llvm-dlltool"].every((name) => spawnSync(name, ["--version"]).error === undefined);

test("what LLVM's linker makes is accepted by the verifier, and runs", () => {
  if (command === undefined || !tools || linker === undefined) return expect("clang, llvm-dlltool or lld-link is not installed").toBeTruthy();
  const folder = mkdtempSync(join(tmpdir(), "lang-lld-"));
  const start = (program: string, args: readonly string[]): void => {
    const ended = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
    if (ended.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
  };
  try {
    writeFileSync(join(folder, "m.c"), `
      int _fltused;
      __declspec(dllimport) void ExitProcess(unsigned); __declspec(dllimport) void *GetStdHandle(int); __declspec(dllimport) int WriteFile(void *, const void *, unsigned, unsigned *, void *);
      void __chkstk(void) {}
      static const char *words[] = {"one\\n", "two\\n"};
      static int counts[3000];
      __declspec(noinline) double many(double a, double b, double c, int n) {
        double s = 0;
        for (int i = 0; i < n; i++) { s += a * b + c; WriteFile(GetStdHandle(-11), words[i & 1], 4, (unsigned *)counts, 0); }
        return s;
      }
      __declspec(noinline) int big(int n) { volatile char room[600]; room[n] = 1; WriteFile(GetStdHandle(-11), words[0], 4, (unsigned *)counts, 0); return room[n] + n; }
      __declspec(noinline) int twice(int n) { return n < 2 ? n : twice(n - 1) + twice(n - 2); }
      int begin(void) { ExitProcess((int)many(1, 2, 3, 2) + twice(7) + big(5)); return 0; }`);
    writeFileSync(join(folder, "k.def"), "LIBRARY kernel32.dll\nEXPORTS\nExitProcess\nGetStdHandle\nWriteFile\n");
    start("llvm-dlltool", ["-m", "arm64", "-d", "k.def", "-l", "k.lib"]);
    for (const level of ["-O0", "-O1", "-O2"]) {
      start("clang", ["-target", "aarch64-pc-windows-msvc", "-c", level, "-fno-stack-protector", "m.c", "-o", "m.obj"]);
      start(linker, ["/out:mix.exe", "/entry:begin", "/subsystem:console", "/nodefaultlib", "m.obj", "k.lib"]);
      const bytes = new Uint8Array(readFileSync(join(folder, "mix.exe")));
      const read = readPe(bytes);
      expect([level, read.ok ? verifyPe(read.file, bytes) : read.error]).toEqual([level, []]);
      expect([level, run(join(folder, "mix.exe"))]).toEqual([level, { status: 29, out: "one\ntwo\none\n", err: "" }]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
