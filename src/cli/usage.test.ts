import { expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, openSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder, lang } from "./testing.ts";

setDefaultTimeout(60_000);

const hello = 'func main() {\n    println("hello")\n}\n';

test("every command that takes a file takes - for standard input", () => inFolder({}, (cwd) => {
  expect(lang(["run", "-", "--", "a", "1.10"], { cwd, input: "func main(args []str) {\n    println(args[2])\n}\n" })).toEqual({ status: 0, stdout: "1.10\n", stderr: "" });
  expect(lang(["test", "-"], { cwd, input: 'test "one" {\n    assert(1 == 1)\n}\n' })).toEqual({ status: 0, stdout: "passed  one\n1 passed, 0 failed\n", stderr: "" });
  expect(lang(["build", "-", "--keep-temps"], { cwd, input: hello }).status).toBe(0);
  expect(readdirSync(cwd).sort()).toEqual(["out", "out.ir", "out.o", "out.s"]);
  expect(lang(["fmt", "-"], { cwd, input: hello }).stdout).toBe(hello);
  expect(lang(["emit", "-", "--emit=ast"], { cwd, input: hello }).status).toBe(0);
}));

test("--color takes when, and no file for it", () => inFolder({ "h.lang": "func main() { nope }\n" }, (cwd) => {
  for (const when of [["--color"], ["--color", "always"], ["--color=always"]]) expect(lang(["check", ...when, "h.lang"], { cwd }).stderr).toStartWith("\u001b[1;31merror[E0201]");
  expect(lang(["check", "--color", "never", "h.lang"], { cwd }).stderr).toStartWith("error[E0201]");
}));

test("of an option that is given several times the last counts, and versions stay texts", () => inFolder({ "h.lang": hello }, (cwd) => {
  expect(lang(["build", "h.lang", "-O0", "-Os", "--strip", "--strip", "-o", "a", "-o", "b.exe", "--target", "linux-arm64", "--target=windows-x86_64", "--file-version", "1.10"], { cwd })).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(existsSync(join(cwd, "a"))).toBe(false);
  expect(readFileSync(join(cwd, "b.exe")).toString("utf16le")).toContain("1.10.0.0");
  expect(lang(["emit", "h.lang", "--emit=ir", "--emit=asm"], { cwd }).stdout).toContain(".intel_syntax");
}));

test("what is written on the command line and means nothing is refused with status 2", () => inFolder({ "h.lang": hello }, (cwd) => {
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [["bild", "h.lang"], "did you mean build?"],
    [["check", "h.lang", "-Ofast"], "the levels are -O0"],
    [["check", "h.lang", "-O4"], "there is no option '-O4'"],
    [["check", "h.lang", "-Wth"], "there is no option '-Wth'"],
    [["check", "h.lang", "--lvel", "O2"], "lang check has no option '--lvel'\n  help: did you mean --level?"],
    [["h.lang", "--tme-passes"], "there is no option '--tme-passes'\n  help: did you mean --time-passes?"],
    [["--target", "nowhere", "h.lang"], "there is no target 'nowhere'"],
    [["run", "h.lang", "-o", "x"], "lang run has no option '-o'\n  help: it is an option of lang build, lang emit"],
    [["run", "h.lang", "extra"], "lang run takes one file; 'extra' is too much\n  help: what the program is to be given stands behind --: lang run FILE -- extra"],
    [["h.lang", "i.lang"], "several programs are built by lang build"],
    [["version", "now"], "lang version takes nothing; 'now' is too much\n  help: lang version --help"],
    [["explain"], "lang explain needs a code, such as E0301"],
    [["check"], "lang check needs a file\n  help: lang check --help"],
    [["build", "h.lang", "-o"], "-o needs a file"],
    [["build", "h.lang", "--target"], "--target needs a target"],
    [["check", "h.lang", "-march", "pentium"], "'pentium' is no processor"],
    [["conformance", "--jobs", "0", "--sample", "1"], "--jobs takes a whole number from 1 on"],
    [["check", "h.lang", "--target", ""], "--target needs a target"],
    [["check", "h.lang", "--target", "all"], "only build takes --target all"],
    [["build", "h.lang", "--target", "all", "-S"], "--target all writes executables"],
    [["build", "h.lang", "--target", "all", "-o", "-"], "--target all writes executables"],
    [["build", "h.lang", "--target", "all", "-o", "h.o"], "--target all writes executables"],
    [["check", "h.lang", "--target", "windows"], "error[E0804]: there is no target 'windows': it names no architecture"],
    [["build", "h.lang", "--strip=yes"], "--strip takes no value\n  help: write --strip, or nothing"],
    [["check", "h.lang", "--time-passes=1"], "--time-passes takes no value"],
    [["build", "h.lang", "--level=O7"], "error[E0812]: '-O7' is no level"],
    [["check", "h.lang", "--target", "freebsd/amd64"], "'freebsd' is no operating system"],
    [["build", "h.lang", "--target", "macos-arm64", "-o", "h.ll"], "error[E0805]: LLVM IR is not made for macos-arm64"],
    [["build", "h.lang", "--file-version", "1..2"], "no version"],
    [["check", "h.lang", "--color=purple"], "--color does not know 'purple'"],
    [["check", "h.lang", "--dump=inlin"], "did you mean inline?"],
    [["check", "h.lang", "--dump=after:ir"], "--dump does not know 'after:ir'"],
    [["check", "h.lang", "--stop-after=nothing"], "there is no pass 'nothing'"],
  ];
  for (const [args, message] of wrong) {
    const { status, stderr, stdout } = lang(args, { cwd });
    expect({ args, status, stdout, said: stderr.includes(message), code: /^error\[E08(12|04|05)\]/.test(stderr) }).toEqual({ args, status: 2, stdout: "", said: true, code: true });
  }
}));

test("--fn shows one function, and where nothing is shown it is said why", () => inFolder({ "h.lang": hello }, (cwd) => {
  const shown = lang(["build", "h.lang", "--dump=ir", "--fn=main"], { cwd }).stderr;
  expect(shown.match(/^func @.*/gm)).toEqual(["func @h.main() {"]);
  expect(lang(["build", "h.lang", "--dump=ir", "--fn=mian"], { cwd }).stderr).toContain("no function 'mian'");
  const lines = lang(["build", "h.lang", "--dump=after:inline", "--fn=main", "--json"], { cwd }).stderr.trim().split("\n");
  for (const line of lines) expect(Object.keys(JSON.parse(line) as object)).toEqual(["dump", "text"]);
}));

test("the variables that choose a target: empty ones say nothing, unknown ones are named", () => inFolder({ "h.lang": hello }, (cwd) => {
  expect(lang(["check", "h.lang"], { cwd, env: { LANGOS: "", LANGBE: "", LANGLIBC: "" } })).toEqual({ status: 0, stdout: "", stderr: "" });
  for (const [name, value, said] of [["LANGOS", "amiga", "it is linux, macos, windows"], ["LANGBE", "z80", "it is x86, arm64, llvm"], ["LANGLIBC", "newlib", "with the C library 'newlib'"]] as const) {
    const { status, stderr } = lang(["check", "h.lang"], { cwd, env: { [name]: value } });
    expect({ name, status, said: stderr.includes(said) && stderr.includes(value) }).toEqual({ name, status: 2, said: true });
  }
}));

test("a full disk behind standard output is no mistake of the compiler", () => inFolder({ "h.lang": hello }, (cwd) => {
  if (!existsSync("/dev/full")) return;
  for (const args of [["env"], ["emit", "h.lang", "--emit=ir"], ["build", "h.lang", "-o", "-"]]) {
    const ended = spawnSync(process.execPath, [fileURLToPath(new URL("main.ts", import.meta.url)), ...args], { cwd, stdio: ["ignore", openSync("/dev/full", "w"), "pipe"], encoding: "utf8" });
    expect({ args, status: ended.status, stderr: ended.stderr }).toEqual({ args, status: 1, stderr: "error[E0803]: standard output cannot be written: the disk is full\n" });
  }
}));

test("help and version", () => {
  expect(lang(["help", "run"]).stdout).toContain("$ lang run <file>");
  expect(lang(["run", "--help"]).stdout).toContain("Build a program in a temporary folder and run it\n");
  expect(lang(["help", "help"]).stdout).toBe(lang(["help"]).stdout);
  expect(lang(["help", "rnu"])).toMatchObject({ status: 2, stderr: "error[E0812]: there is no command 'rnu'\n  help: did you mean run?\n" });
  for (const code of ["301", "e301", "E0301"]) expect(lang(["explain", code]).stdout).toStartWith("E0301: ");
  expect(lang(["explain", "w106"]).stdout).toStartWith("W0106: ");
  expect(lang(["help"]).stdout).toContain("Commands:");
  expect(lang(["help", "run", "--json", "--color=never"]).stdout).toBe(lang(["help", "run"]).stdout);
  for (const args of [["--version"], ["-v"], ["version"]]) expect(lang(args).stdout).toMatch(/^lang \d+\.\d+\.\d+\n$/);
  expect(JSON.parse(lang(["version", "--json"]).stdout)).toHaveProperty("version");
});

test("where no temporary file can be written, that is said", () => inFolder({ "h.lang": hello, "t.lang": 'test "one" {\n    assert(true)\n}\n' }, (cwd) => {
  for (const args of [["run", "h.lang"], ["test", "t.lang"]]) {
    const { status, stdout, stderr } = lang(args, { cwd, env: { TMPDIR: "/nowhere" } });
    expect({ args, status, stdout, stderr }).toEqual({
      args, status: 1, stdout: "", stderr: "error[E0803]: '/nowhere' cannot be written: there is no such file or folder\n  help: TMPDIR names another folder for temporary files\n",
    });
  }
}));

test("a program that nothing here runs is refused before it is built", () => inFolder({ "h.lang": hello }, (cwd) => {
  const { status, stdout, stderr } = lang(["run", "--target", process.arch === "arm64" ? "linux-x86_64" : "linux-arm64", "h.lang"], { cwd, env: { PATH: "" } });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toStartWith("error[E0813]: ");
}));

test("fmt --check names what would change and prints nothing else, doc --json shows every file", () => inFolder({ "u.lang": "func  f() { }\n", "h.lang": hello, "c.lang": "func main() {\n    let p = nil as *i64\n    println(p as i64)\n}\n" }, (cwd) => {
  expect(lang(["fmt", "--check", "-"], { cwd, input: "func  f() { }\n" })).toEqual({ status: 1, stdout: "<stdin>\n", stderr: "" });
  expect(lang(["fmt", "--check", "-"], { cwd, input: hello })).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(lang(["fmt", "--check", "--json", "u.lang", "h.lang"], { cwd })).toEqual({ status: 1, stdout: '{"file":"u.lang","changes":true}\n', stderr: "" });
  expect(lang(["doc", "--json", "h.lang"], { cwd }).stdout).toBe('{"path":"h.lang","text":""}\n');
  expect(lang(["check", "c.lang"], { cwd }).stderr).toContain("help: a pointer becomes a usize: … as usize");
}));
