/** The loader of macOS' programs: it runs what we build, and refuses what macOS would, by the name of the field. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMacho } from "../../formats/macho/read.ts";
import { verifyMacho } from "../../formats/macho/verify.ts";
import { sha256 } from "../../formats/sha256.ts";
import { targets } from "../../os/targets.ts";
import { build } from "../driver/build.ts";
import { host } from "../driver/host.ts";
import { buildRequest } from "../driver/request.ts";
import { runnerOf } from "./runners.ts";

const source = `
const NAMES [2]str = ["north", "south"]
func main(args []str) {
    println(f"{args.len} {NAMES[args.len - 2]} {environment("LOADER_TEST") ?? "none"}")
    match read_file("/nowhere/at/all") {
        Ok(_) => println("there")
        Err(error) => println(error_text(error))
    }
    exit(7)
}
`;

function compile(target: string): Uint8Array {
  const row = targets.find(({ name }) => name === target);
  if (row === undefined) throw new Error(`no target ${target}`);
  const answer = build(buildRequest("t.lang", new TextEncoder().encode(source), row), host);
  if (answer.bytes === undefined) throw new Error([...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("\n"));
  return answer.bytes;
}

type Ended = { readonly status: number | null; readonly out: string; readonly err: string };

/** The architectures whose programs of macOS run here by our own loader, with what starts one. */
const loaders = targets.filter(({ os, libc }) => os === "macos" && libc === "libc").flatMap((target) => {
  const runner = process.platform === "linux" && process.arch === "x64" ? runnerOf(target) : undefined;
  return runner?.kind === "under" ? [{ target, run: (bytes: Uint8Array) => run(runner.command, bytes) }] : [];
});

function run(command: readonly string[], bytes: Uint8Array): Ended {
  const folder = mkdtempSync(join(tmpdir(), "lang-loader-"));
  try {
    const path = join(folder, "image");
    writeFileSync(path, bytes);
    const ended = spawnSync(command[0] as string, [...command.slice(1), path, "one"], { encoding: "utf8", env: { ...process.env, LOADER_TEST: "set" }, timeout: 30_000 });
    return { status: ended.status, out: ended.stdout, err: ended.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const { target: { name }, run } of loaders) test(`programs for ${name} run: arguments, environment, errors, status`, () => {
  for (const libc of [name, `${name}-none`]) {
    expect([libc, run(compile(libc))]).toEqual([libc, { status: 7, out: "2 north set\nno such file or directory\n", err: "" }]);
  }
}, 60_000);

for (const { target: { name, architecture }, run } of loaders) test(`what macOS refuses for ${name} is refused, with the field named`, () => {
  const good = compile(name);
  const view = new DataView(good.buffer, good.byteOffset, good.byteLength);
  const command = (wanted: number): number => {
    for (let at = 32, i = 0; i < view.getUint32(16, true); i++, at += view.getUint32(at + 4, true)) if (view.getUint32(at, true) === wanted) return at;
    throw new Error(`no command ${wanted}`);
  };
  const segment = (wanted: string): number => {
    for (let at = 32, i = 0; i < view.getUint32(16, true); i++, at += view.getUint32(at + 4, true)) {
      if (view.getUint32(at, true) === 0x19 && [...wanted, "\0"].every((c, k) => view.getUint8(at + 8 + k) === c.charCodeAt(0))) return at;
    }
    throw new Error(`no segment ${wanted}`);
  };
  const cases: readonly (readonly [string, (v: DataView) => void])[] = [
    ["magic", (v) => v.setUint8(0, 0)],
    ["cputype", (v) => v.setUint8(4, architecture === "arm64" ? 7 : 12)],
    ["flags: lack MH_PIE", (v) => v.setUint32(24, 0x85, true)],
    ["LC_UUID: is missing", (v) => v.setUint32(command(0x1b), 0x2a, true)],
    ["LC_BUILD_VERSION.platform", (v) => v.setUint32(command(0x32) + 8, 2, true)],
    ["LC_LOAD_DYLINKER.name", (v) => v.setUint8(command(0xe) + 13, 0x41)],
    ["LC_LOAD_DYLIB.name", (v) => v.setUint8(command(0xc) + 30, 0x41)],
    ["cmdsize", (v) => v.setUint32(command(0x1b) + 4, 20, true)],
    ["LC_MAIN.entryoff", (v) => v.setUint32(command(0x8000_0028) + 8, 0x100_0000, true)],
    ...(architecture === "arm64" ? [["LC_MAIN.entryoff: is no multiple of 4", (v: DataView) => v.setUint8(command(0x8000_0028) + 8, v.getUint8(command(0x8000_0028) + 8) | 2)] as const] : []),
    ["another hash for a page", (v) => v.setUint8(0x7f8, v.getUint8(0x7f8) ^ 1)],
    ["__DATA_CONST.flags", (v) => v.setUint32(segment("__DATA_CONST") + 68, 0, true)],
    ["__TEXT.initprot", (v) => v.setUint32(segment("__TEXT") + 60, 7, true)],
    ["__DATA.vmaddr", (v) => v.setUint32(segment("__DATA") + 24, v.getUint32(segment("__DATA") + 24, true) + 0x800, true)],
    ["__DATA.vmsize: leads out of the address space", (v) => v.setUint32(segment("__DATA") + 36, 0x7fff_ffff, true)],
    ["CodeDirectory.codeLimit", (v) => v.setUint8(view.getUint32(command(0x1d) + 8, true) + 20 + 35, 1)],
  ];
  for (const [field, change] of cases) {
    const bad = good.slice();
    change(new DataView(bad.buffer));
    const { status, err } = run(bad);
    expect([field, status, err.includes(`refused: `) && err.includes(field)]).toEqual([field, 137, true]);
  }
  if (architecture === "arm64") {
    const unsigned = good.slice();
    new DataView(unsigned.buffer).setUint32(command(0x1d), 0x2a, true);
    expect(run(unsigned).err).toContain("LC_CODE_SIGNATURE: is missing");
  }
  for (const length of [0, 10, 40, 500, 5000, good.length - 1]) expect([length, run(good.slice(0, length)).status]).toEqual([length, 137]);
}, 120_000);

for (const { target: { name }, run } of loaders) test(`corrupted load commands of ${name}, signed again, are refused or do no harm`, () => {
  const good = compile(name);
  const read = readMacho(good);
  if (!read.ok) throw new Error(read.error.problem);
  const end = 32 + read.file.commandsSize;
  const entry = read.file.commands.find(({ command }) => command === 0x8000_0028)?.offset ?? 0;
  const signature = read.file.parts["signature"]?.offset ?? 0;
  const view = new DataView(good.buffer, good.byteOffset, good.byteLength);
  const hashes = signature + 20 + view.getUint32(signature + 20 + 16, false);
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 0x1_0000_0000) * below);
  };
  for (let i = 0; i < 40; i++) {
    const bad = good.slice();
    for (let k = 0; k < 1 + random(2); k++) {
      const at = random(end);
      // another entry is other code, which may do anything
      if (at < entry || at >= entry + 16) bad[at] = random(4) === 0 ? 0xff : random(256);
    }
    for (let page = 0; page * 4096 < end; page++) bad.set(sha256(bad, page * 4096, Math.min(signature, (page + 1) * 4096)), hashes + page * 32);
    const { status, err, out } = run(bad);
    const fine = status === 7 ? out === "2 north set\nno such file or directory\n" : status === 137 && err.startsWith("refused: ");
    expect([i, status, err, fine]).toEqual([i, status, err, true]);
  }
}, 120_000);

const linker = ["ld64.lld", "ld64.lld-14", "ld64.lld-15", "ld64.lld-16"].find((name) => spawnSync(name, ["--version"]).status === 0);
const tools = linker !== undefined && spawnSync("clang", ["--version"]).error === undefined;

test("what LLVM's linker makes is accepted by the verifier, and runs", () => {
  if (loaders.length === 0 || !tools || linker === undefined) return expect("clang or ld64.lld is not installed").toBeTruthy();
  const folder = mkdtempSync(join(tmpdir(), "lang-lld-"));
  try {
    const file = (name: string, text = ""): string => {
      const path = join(folder, name);
      if (text !== "") writeFileSync(path, text);
      return path;
    };
    const c = file("c.c", `
      long write(int, const void *, unsigned long); int *__error(void); int close(int);
      static const char *words[] = {"one\\n", "two\\n"};
      static int counts[3000];
      int main(int argc, char **argv) {
        for (int i = 0; i < 2; i++) write(1, words[i], 4);
        counts[2999] = argc;
        if (close(99) == -1 && *__error() == 9) write(1, argv[1], 3);
        return counts[2999] + 40;
      }`);
    const stub = file("libSystem.tbd", `--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos ]
install-name:    '/usr/lib/libSystem.B.dylib'
exports:
  - targets:     [ x86_64-macos, arm64-macos ]
    symbols:     [ _write, ___error, _close, dyld_stub_binder ]
...
`);
    for (const [arch, more] of [["x86_64", []], ["x86_64", ["-adhoc_codesign"]], ["arm64", []], ["arm64", ["-fixup_chains"]]] as const) {
      const [object, image] = [join(folder, `${arch}.o`), join(folder, arch)];
      for (const [program, args] of [
        ["clang", ["-target", `${arch}-apple-macos12`, "-O1", "-fno-builtin", "-c", c, "-o", object]],
        [linker, ["-arch", arch, "-platform_version", "macos", "12.0", "15.0", ...more, object, stub, "-o", image]],
      ] as const) {
        const ended = spawnSync(program, args, { encoding: "utf8" });
        if (ended.status !== 0) throw new Error(`${program}: ${ended.stderr}`);
      }
      const bytes = new Uint8Array(readFileSync(image));
      const read = readMacho(bytes);
      expect([arch, read.ok ? verifyMacho(read.file, bytes) : read.error]).toEqual([arch, []]);
      const loader = loaders.find(({ target }) => target.architecture === arch);
      if (loader !== undefined) expect([arch, loader.run(bytes)]).toEqual([arch, { status: 42, out: "one\ntwo\none", err: "" }]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

const go = spawnSync("go", ["version"]).status === 0;

for (const loader of loaders) test(`what Go's linker makes for ${loader.target.name} is accepted by the verifier but for its age, runs with its threads, and is refused when changed`, () => {
  if (!go) return expect("go is not installed").toBeTruthy();
  const arm = loader.target.architecture === "arm64";
  const folder = mkdtempSync(join(tmpdir(), "lang-go-"));
  try {
    writeFileSync(join(folder, "go.mod"), "module hello\ngo 1.19\n");
    writeFileSync(join(folder, "main.go"), `package main

import ("fmt"; "os"; "runtime"; "sync"; "time")

type node struct { value int }

func touch(n *node) (err error) {
	defer func() { err = fmt.Errorf("recovered: %v", recover()) }()
	n.value++
	return nil
}

func main() {
	var wait sync.WaitGroup
	var lock sync.Mutex
	total := 0
	for i := 0; i < 8; i++ {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			time.Sleep(time.Duration(i) * time.Millisecond)
			lock.Lock()
			total += i
			lock.Unlock()
		}(i)
	}
	wait.Wait()
	var kept [][]byte
	for i := 0; i < 100; i++ { kept = append(kept[:i%10], make([]byte, 1<<20)) }
	runtime.GC()
	fmt.Println(total, len(kept), os.Args[1:], os.Getenv("LOADER_TEST"))
	fmt.Println(touch(nil))
	_, err := os.Open("/nowhere")
	fmt.Println(err)
	os.Exit(7)
}
`);
    const built = spawnSync("nice", ["-n", "15", "go", "build", "-buildmode", arm ? "exe" : "pie", "-o", "image", "."], { cwd: folder, encoding: "utf8", env: { ...process.env, GOOS: "darwin", GOARCH: arm ? "arm64" : "amd64", CGO_ENABLED: "0" } });
    if (built.status !== 0) throw new Error(built.stderr);
    const bytes = new Uint8Array(readFileSync(join(folder, "image")));
    const read = readMacho(bytes);
    if (!read.ok) throw new Error(`${read.error.field}: ${read.error.problem}`);
    for (const problem of verifyMacho(read.file, bytes)) expect(problem).toMatch(/^LC_UUID: /);
    expect(loader.run(bytes)).toEqual({ status: 7, out: "28 10 [one] set\nrecovered: runtime error: invalid memory address or nil pointer dereference\nopen /nowhere: no such file or directory\n", err: "" });
    // x86_64 has no signature
    if (arm) for (const at of [0x5000, bytes.length >> 1, (read.file.parts["signature"]?.offset ?? 0) - 100]) {
      const bad = bytes.slice();
      bad[at] ^= 4;
      expect([at, loader.run(bad)]).toEqual([at, { status: 137, out: "", err: "refused: CodeDirectory: has another hash for a page\n" }]);
    }
    for (const length of [100, 5000, bytes.length >> 1, bytes.length - 1]) expect([length, loader.run(bytes.slice(0, length)).status]).toEqual([length, 137]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
