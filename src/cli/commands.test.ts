import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyTarget } from "../../os/targets.ts";
import { inFolder, lang } from "./testing.ts";

setDefaultTimeout(120_000);

const hello = 'func main() {\n    println("hello")\n}\n';
const wrong = "func main() {\n    let x i64 = true\n}\n";
const run = (program: string, args: readonly string[] = []) => spawnSync(program, args, { encoding: "utf8" });

describe("building", () => {
  test("for all targets, a program for each system and architecture, from standard input too", () => {
    inFolder({}, (folder) => {
      expect(lang(["build", "-", "--target", "all", "-o", "p"], { cwd: folder, input: hello })).toEqual({ status: 0, stdout: "", stderr: "" });
      expect(readdirSync(folder).sort()).toEqual(everyTarget().map(({ name, executableEnding }) => `p-${name}${executableEnding}`).sort());
      expect(readdirSync(folder).filter((name) => statSync(join(folder, name)).size === 0)).toEqual([]);
    });
  });

  test("lang FILE -o OUT writes an executable", () => inFolder({ "hello.lang": hello }, (cwd) => {
    expect(lang(["hello.lang", "-o", "greet"], { cwd })).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(run(join(cwd, "greet")).stdout).toBe("hello\n");
    expect(readdirSync(cwd).sort()).toEqual(["greet", "hello.lang"]);
  }));

  test("lang build names the output after the program", () => inFolder({ "hello.lang": hello }, (cwd) => {
    expect(lang(["build", "hello.lang"], { cwd }).status).toBe(0);
    expect(run(join(cwd, "hello")).stdout).toBe("hello\n");
  }));

  test("beside the library's sources, as in a clone, its modules are those of the compiler", () => inFolder({ "p.lang": 'import "std/math"\nimport "std/json"\nfunc main() { println(f"{math.sqrt(4.0)} {json.parse("[1]")!}") }\n' }, (cwd) => {
    symlinkSync(join(import.meta.dir, "../../std"), join(cwd, "std"));
    expect(lang(["run", "p.lang"], { cwd })).toEqual({ status: 0, stdout: "2.0 [1]\n", stderr: "" });
    for (const name of ["fs", "json", "math", "process"]) expect([name, lang(["check", `std/${name}.lang`], { cwd }).stderr]).toEqual([name, ""]);
  }));

  test("standard input is -", () => inFolder({}, (cwd) => {
    expect(lang(["-", "-o", "out"], { cwd, input: hello })).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(run(join(cwd, "out")).stdout).toBe("hello\n");
  }));

  test("all levels give the same program", () => inFolder({ "p.lang": 'func main() i64 {\n    var s = 0\n    for i in 0..10 { s += i }\n    println(f"{s}")\n    return s\n}\n' }, (cwd) => {
    for (const level of ["-O0", "-O1", "-O2", "-O3", "-Os", "-O"]) {
      expect(lang([level, "p.lang", "-o", "p"], { cwd })).toEqual({ status: 0, stdout: "", stderr: "" });
      const ended = run(join(cwd, "p"));
      expect([level, ended.stdout, ended.status]).toEqual([level, "45\n", 45]);
    }
  }));

  test("the ending of -o says what to write", () => inFolder({ "hello.lang": hello }, (cwd) => {
    for (const [name, start] of [["a.o", "\x7fELF"], ["a.s", ""], ["a.ir", ""]] as const) {
      expect([name, lang(["hello.lang", "-o", name], { cwd }).status]).toEqual([name, 0]);
      expect(readFileSync(join(cwd, name), "latin1").startsWith(start)).toBe(true);
    }
    const refused = lang(["hello.lang", "-o", "a.xyz"], { cwd });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("E0806");
  }));

  test("-S prints assembly that as makes the same code of", () => inFolder({ "hello.lang": hello }, (cwd) => {
    const assembly = lang(["-S", "hello.lang"], { cwd });
    expect(assembly.status).toBe(0);
    expect(assembly.stdout).toContain(".intel_syntax noprefix");
    expect(lang(["hello.lang", "-o", "a.s", "-O1"], { cwd }).status).toBe(0);
    expect(readFileSync(join(cwd, "a.s"), "utf8")).toBe(assembly.stdout);
  }));

  test("--keep-temps leaves the stages beside the output", () => inFolder({ "hello.lang": hello }, (cwd) => {
    expect(lang(["hello.lang", "-o", "out", "--keep-temps"], { cwd }).status).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(["hello.lang", "out", "out.ir", "out.o", "out.s"]);
  }));

  test("the same source gives the same bytes", () => inFolder({ "hello.lang": hello }, (cwd) => {
    for (const name of ["a", "b"]) expect(lang(["hello.lang", "-o", name, "-O2"], { cwd }).status).toBe(0);
    expect(readFileSync(join(cwd, "a")).equals(readFileSync(join(cwd, "b")))).toBe(true);
  }));

  test("an executable can be executed by whom umask lets", () => inFolder({ "hello.lang": hello }, (cwd) => {
    lang(["hello.lang", "-o", "a"], { cwd });
    expect(statSync(join(cwd, "a")).mode & 0o111).not.toBe(0);
  }));
});

describe("lang run", () => {
  test("passes arguments, input and status", () => inFolder({ "p.lang": "func main(args []str) i64 {\n    for a in args[1..] { println(a) }\n    return args.len + 40\n}\n" }, (cwd) => {
    expect(lang(["run", "p.lang", "--", "-x", "two words"], { cwd })).toEqual({ status: 43, stdout: "-x\ntwo words\n", stderr: "" });
  }));

  test("a panic is status 101 with place and stack", () => inFolder({ "p.lang": 'func f(x i64) i64 {\n    return 10 / x\n}\nfunc main() {\n    println("before")\n    println(f"{f(0)}")\n}\n' }, (cwd) => {
    for (const level of ["-O0", "-O1", "-O2"]) {
      const ended = lang(["run", level, "p.lang"], { cwd });
      expect([level, ended.status, ended.stdout]).toEqual([level, 101, "before\n"]);
      expect(ended.stderr.split("\n").slice(0, 2)).toEqual(["panic: division by zero", "at p.lang:2:12"]);
      expect(ended.stderr).toContain("f (p.lang:2:12)");
      expect(ended.stderr).toContain("main (p.lang:6");
    }
  }));

  test("a program that a signal ends is told, and nothing is left behind", () => inFolder({ "p.lang": "func main() {\n    let p = 16usize as *i64\n    println(*p)\n}\n" }, (cwd) => {
    if (process.platform !== "linux" || process.arch !== "x64") return;
    mkdirSync(join(cwd, "temporary"));
    const env = { TMPDIR: join(cwd, "temporary") };
    expect(lang(["run", "p.lang"], { cwd, env })).toEqual({ status: 139, stdout: "", stderr: "lang: the program was ended by SIGSEGV, an invalid memory access\n" });
    writeFileSync(join(cwd, "s.lang"), "func main() {\n    println(1)\n    flush()\n    loop { }\n}\n");
    const script = `"${process.execPath}" "${join(import.meta.dir, "main.ts")}" run s.lang > out & while [ ! -s out ]; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?`;
    expect(spawnSync("sh", ["-c", script], { cwd, encoding: "utf8", timeout: 60_000, env: { ...process.env, ...env } }).stdout).toBe("143\n");
    expect(readdirSync(join(cwd, "temporary"))).toEqual([]);
  }));

  test("a program that does not compile is status 1", () => inFolder({ "p.lang": wrong }, (cwd) => {
    const ended = lang(["run", "p.lang"], { cwd });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain("error[E0301]");
    expect(ended.stderr).toContain("p.lang:2:17");
  }));
});

describe("lang check, test, emit", () => {
  test("check writes nothing and says all", () => inFolder({ "p.lang": wrong, "q.lang": hello }, (cwd) => {
    expect(lang(["check", "q.lang"], { cwd })).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(lang(["check", "p.lang"], { cwd }).status).toBe(1);
    expect(readdirSync(cwd).sort()).toEqual(["p.lang", "q.lang"]);
  }));

  test("--json is one object a line", () => inFolder({ "p.lang": wrong }, (cwd) => {
    const lines = lang(["check", "--json", "p.lang"], { cwd }).stderr.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ code: "E0301", severity: "error", file: "p.lang", line: 2, column: 17 });
  }));

  test("test runs each test by itself", () => inFolder({ "p.lang": 'test "good" { assert_eq(1 + 1, 2) }\ntest "bad" { assert(1 > 2) }\ntest "also good" { assert(true) }\n' }, (cwd) => {
    const ended = lang(["test", "p.lang"], { cwd });
    expect(ended.status).toBe(1);
    expect(ended.stdout).toContain("passed  good");
    expect(ended.stdout).toContain("FAILED  bad");
    expect(ended.stdout.trimEnd().endsWith("2 passed, 1 failed")).toBe(true);
    expect(lang(["test", "p.lang", "--filter", "good"], { cwd }).status).toBe(0);
  }));

  test("a file that is only exported from needs no main but for an executable", () => inFolder({ "p.lang": '@export("twice")\nfunc twice(x i64) i64 { x * 2 }\n' }, (cwd) => {
    for (const args of [["-S", "p.lang"], ["emit", "--emit=ir", "p.lang"], ["emit", "--emit=obj", "p.lang"]]) {
      const { status, stdout, stderr } = lang(args, { cwd });
      expect({ args, status, stderr, has: stdout.includes("twice") }).toEqual({ args, status: 0, stderr: "", has: true });
    }
    expect(lang(["build", "p.lang", "-o", "p"], { cwd }).stderr).toContain("error[E0332]");
  }));

  test("emit prints each stage", () => inFolder({ "p.lang": hello }, (cwd) => {
    for (const kind of ["tokens", "ast", "typed", "ir", "asm", "obj"]) {
      const ended = lang(["emit", `--emit=${kind}`, "p.lang"], { cwd });
      expect([kind, ended.status, ended.stdout.length > 20, ended.stderr]).toEqual([kind, 0, true, ""]);
    }
    expect(lang(["emit", "--emit=soup", "p.lang"], { cwd }).status).toBe(2);
  }));

  test("--time-passes and --dump speak on stderr", () => inFolder({ "p.lang": hello }, (cwd) => {
    expect(lang(["p.lang", "-o", "a", "--time-passes"], { cwd }).stderr).toContain("total");
    expect(lang(["p.lang", "-o", "a", "--dump=ir"], { cwd }).stderr).toContain("func");
    expect(lang(["p.lang", "-o", "a", "-O2", "--verify-ir"], { cwd })).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(lang(["p.lang", "-o", "a", "-O2", "--opt-limit=3"], { cwd }).status).toBe(0);
  }));
});

describe("the rest", () => {
  test("env, explain, version, help", () => {
    expect(lang(["env"]).stdout).toContain("linux-x86_64");
    expect(lang(["env"], { env: { PATH: "/nowhere", LANG_CLANG: "/nowhere/clang" } }).stdout).toMatch(/^clang {6}not found \(only LANGBE=llvm needs it\)\nqemu {7}not found .*$/m);
    expect(Object.keys((JSON.parse(lang(["env", "--json"]).stdout) as { found: object }).found)).toEqual(["clang", "qemu", "wine"]);
    expect((JSON.parse(lang(["env", "--json"]).stdout) as { targets: { name: string }[] }).targets[0]?.name).toBe("linux-x86_64");
    expect(lang(["explain", "E0301"]).stdout).toContain("E0301");
    expect(lang(["explain", "E9999"]).status).toBe(2);
    expect(lang(["version"]).stdout).toMatch(/^lang \d+\.\d+\.\d+\n$/);
    expect(lang(["build", "--help"]).stdout).toContain("lang build hello.lang -o hello");
  });

  test("wrong usage is status 2 and says what is wrong", () => {
    for (const args of [["--nonsense"], ["build"], ["run"], ["x.lang", "-O7"], ["x.lang", "--target=amiga"], ["x.lang", "-march=pdp11"], ["build", "x.lang", "--level=O9"]]) {
      const ended = lang(args);
      expect([args, ended.status]).toEqual([args, 2]);
      expect(ended.stderr).toContain("error[E08");
    }
  });

  test("other tools' names of the target are understood", () => inFolder({ "p.lang": hello }, (cwd) => {
    for (const target of ["x86_64-linux-gnu", "linux/amd64", "linux-x86_64"]) {
      expect([target, lang(["p.lang", "-o", "a", `--target=${target}`], { cwd }).status]).toEqual([target, 0]);
    }
    expect(lang(["p.lang", "-o", "a"], { cwd, env: { LANGOS: "linux", LANGBE: "x86" } }).status).toBe(0);
    expect(lang(["p.lang", "-o", "a"], { cwd, env: { LANGOS: "beos" } }).status).toBe(2);
  }));

  test("an object links with gcc", () => inFolder({ "p.lang": '@export("add_c") func add(a i32, b i32) i32 { a + b }\nfunc main() {}\n', "m.c": "int add_c(int, int); int main(void) { return add_c(40, 2); }\n" }, (cwd) => {
    if (!existsSync("/usr/bin/gcc")) return;
    expect(lang(["p.lang", "-o", "p.o", "-O1"], { cwd }).status).toBe(0);
    execFileSync("gcc", ["-c", "m.c", "-o", "m.o"], { cwd });
    execFileSync("gcc", ["m.o", "p.o", "-o", "m"], { cwd, stdio: "pipe" });
    expect(run(join(cwd, "m")).status).toBe(42);
  }));

  test("what the compiler itself makes stands in a stack trace by what it does, without a place", () => inFolder({
    "p.lang": `struct Loud { n i64 }
impl Drop for Loud {
    func drop(&mut self) { if self.n > 1 { panic("loud") } }
}
struct Holder { a Loud, b Loud }
func main() {
    var xs = List.new()
    xs.push(Holder { a: Loud { n: 1 }, b: Loud { n: 2 } })
}
`,
  }, (cwd) => {
    for (const level of ["-O0", "-O2"]) {
      const { stderr } = lang(["run", level, "p.lang"], { cwd });
      const lines = stderr.split("\n").filter((line) => line.startsWith("  in drop "));
      expect({ level, lines: lines.filter((line) => line.includes("(") && !line.includes("drop_items")) }).toEqual({ level, lines: [] });
      expect(stderr).toMatch(/^panic: loud\nat p\.lang:3:44\n {2}in Loud\.drop \(p\.lang:3:44\)\n {2}in drop p\.Loud\n {2}in drop p\.Holder\n/);
    }
  }));

  test("a panic beneath a C program names its place and ours of its callers", () => inFolder({
    "p.lang": 'import "std/process"\n\nfunc pick(xs []i64, i usize) i64 { xs[i] }\n\n@export("boom")\nfunc boom(i usize) i64 {\n    if process.environment_variable("LANG_NO_SUCH") != None { return 1 }\n    let xs [3]i64 = [1, 2, 3]\n    pick(xs[..], i)\n}\n',
    "m.c": "long boom(unsigned long); int main(void) { return boom(7); }\n",
  }, (cwd) => {
    if (!existsSync("/usr/bin/gcc")) return;
    for (const level of ["-O0", "-O2"]) {
      expect(lang(["p.lang", "-o", "p.o", level], { cwd })).toEqual({ status: 0, stdout: "", stderr: "" });
      execFileSync("gcc", ["m.c", "p.o", "-o", "m"], { cwd, stdio: "pipe" });
      const { status, stderr } = run(join(cwd, "m"));
      expect({ level, status, stderr }).toEqual({ level, status: 101, stderr: "panic: index out of bounds: the length is 3 but the index is 7\nat p.lang:3:36\n  in pick (p.lang:3:36)\n  in boom (p.lang:9:5)\n" });
    }
  }));
});

describe("IR as text", () => {
  test("what -o x.ir writes is a program again", () => inFolder({ "p.lang": 'func main() {\n    for i in 0..3 { print(f"{i} ") }\n}\n' }, (cwd) => {
    expect(lang(["p.lang", "-O1", "-o", "p.ir"], { cwd }).status).toBe(0);
    expect(lang(["run", "-O2", "p.ir"], { cwd })).toEqual({ status: 0, stdout: "0 1 2 ", stderr: "" });
  }));

  test("a mistake in it has a line", () => inFolder({ "p.ir": "func @f() {\nb0:\n  soup\n}\n" }, (cwd) => {
    const ended = lang(["p.ir", "-o", "x"], { cwd });
    expect([ended.status, ended.stderr.includes("error[E0817]"), ended.stderr.includes("p.ir:3:1")]).toEqual([1, true, true]);
  }));
});

describe("doc", () => {
  test("prints the reference of a file", () => inFolder({ "a.lang": "/// The answer.\npub func answer() i64 { 42 }\n" }, (cwd) => {
    expect(lang(["doc", "a.lang"], { cwd })).toEqual({ status: 0, stdout: "## a\n\n**`pub func answer() i64`**\n\nThe answer.\n", stderr: "" });
    expect(lang(["doc", "--json", "a.lang"], { cwd }).stdout).toBe(`${JSON.stringify({ path: "a.lang", text: "## a\n\n**`pub func answer() i64`**\n\nThe answer.\n" })}\n`);
  }));

  test("says what cannot be read or parsed", () => inFolder({ "a.lang": "func (\n" }, (cwd) => {
    expect(lang(["doc", "missing.lang"], { cwd })).toMatchObject({ status: 1, stdout: "" });
    expect(lang(["doc", "a.lang"], { cwd })).toMatchObject({ status: 1, stdout: "" });
  }));
});
