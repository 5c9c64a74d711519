/** Our files before the tools of others, and theirs before ours. Each test needs its tools; what isn't installed is said, not counted. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { readElf } from "../../formats/elf/read.ts";
import { readLibrary } from "./libraries.ts";
import type { Library } from "./libraries.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import type { ObjectFile } from "./object.ts";
import { readObject } from "./readObject.ts";
import { RelocationKind } from "./relocationKind.ts";
import { execute, has, hello, hex, inFolder, linked, linkErrors, run, runsHere, u32 } from "./testing.ts";
import { writeObject } from "./writeObject.ts";

/** Defines a test if the tools are here. */
function withTools(tools: readonly string[], name: string, body: () => void): void {
  const missing = tools.filter((tool) => !has(tool));
  if (runsHere && missing.length === 0) test(name, body);
  else console.log(`not run, for want of ${runsHere ? missing.join(", ") : "Linux x86_64"}: ${name}`);
}

function compiled(folder: string, source: string, flags: readonly string[], compiler = "gcc"): ObjectFile {
  writeFileSync(join(folder, "a.c"), source);
  const ran = run(folder, [compiler, "-c", "a.c", "-o", "a.o", "-ffreestanding", "-fno-stack-protector", ...flags]);
  if (ran.status !== 0) throw new Error(ran.err);
  const read = readObject("a.o", new Uint8Array(readFileSync(join(folder, "a.o"))), "x86_64");
  if (!read.ok) throw new Error(read.error.message);
  return read.object;
}

/** An object with all kinds of sections: `answer()` returns the sum of what is in them and of `seven()`, which is elsewhere. */
function answer(): ObjectBuilder {
  const object = new ObjectBuilder("answer", "x86_64");
  const text = object.section("text", ".text", 16);
  const rodata = object.section("rodata", ".rodata", 4);
  const data = object.section("data", ".data", 8);
  const bss = object.section("bss", ".bss", 32);
  const f = object.symbol("answer", Binding.global, SymbolType.function);
  const helper = object.symbol("helper", Binding.local, SymbolType.function);
  const constant = object.symbol("constant", Binding.local, SymbolType.object);
  const pointer = object.symbol("pointer", Binding.global, SymbolType.object);
  const room = object.symbol("room", Binding.local, SymbolType.object);
  const seven = object.symbol("seven", Binding.global, SymbolType.function);
  object.symbol("never_used", Binding.global, SymbolType.function);
  // sub rsp,8; call seven; mov rcx,[rip+pointer]; add eax,[rcx]; add eax,[rip+room+32]; call helper; add rsp,8; ret; helper: inc eax; ret
  object.append(text, hex("4883ec08 e800000000 488b0d00000000 0301 030500000000 e800000000 4883c408 c3 ffc0 c3"));
  object.define(f, text, 0, 34);
  object.define(helper, text, 34, 3);
  object.define(constant, rodata, object.append(rodata, hex(`01000000 ${u32(34)}`)) + 4, 4);
  object.define(pointer, data, object.reserve(data, 8), 8);
  object.define(room, bss, object.reserve(bss, 64), 64);
  object.relocate(text, 5, RelocationKind.call32, seven, -4);
  object.relocate(text, 12, RelocationKind.pc32, pointer, -4);
  object.relocate(text, 20, RelocationKind.pc32, room, 32 - 4);
  object.relocate(text, 25, RelocationKind.call32, helper, -4);
  object.relocate(data, 0, RelocationKind.abs64, constant, 0);
  const fixed = object.section("rodata", ".rodata.pointers", 8);
  object.define(object.symbol("fixed", Binding.global, SymbolType.object), fixed, object.reserve(fixed, 8), 8);
  object.relocate(fixed, 0, RelocationKind.abs64, room, 8);
  return object;
}

describe("our executables", () => {
  withTools(["readelf"], "readelf has no complaints", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "p"), linked([hello("x\n", 0)]).bytes);
      writeFileSync(join(folder, "s"), linked([hello("x\n", 0)], { strip: true, compact: true }).bytes);
      for (const name of ["p", "s"]) {
        const { status, err } = run(folder, ["readelf", "--all", "--wide", "--lint", name]);
        expect({ status, err }).toEqual({ status: 0, err: "" });
      }
      const { out } = run(folder, ["readelf", "--segments", "--wide", "p"]);
      expect(out).toMatch(/LOAD .* R   0x1000\n/);
      expect(out).toMatch(/LOAD .* R E 0x1000\n/);
      expect(out).toMatch(/GNU_STACK .* RW  0x10\n/);
      expect(run(folder, ["readelf", "--syms", "p"]).out).toMatch(/36 FUNC +GLOBAL DEFAULT +2 _start/);
    });
  });

  withTools(["objdump"], "objdump disassembles by function", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "p"), linked([hello("x\n", 0)]).bytes);
      const { status, out, err } = run(folder, ["objdump", "-d", "p"]);
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out).toContain("<_start>:");
      expect(out).toMatch(/lea .*<message>/);
    });
  });

  withTools(["gdb"], "gdb breaks at a function and reads memory", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "p"), linked([hello("x\n", 3)]).bytes, { mode: 0o755 });
      const { out } = run(folder, ["gdb", "-q", "-batch", "-nx", "-ex", "break _start", "-ex", "run", "-ex", "x/2xb &message", "-ex", "continue", "./p"]);
      expect(out).toMatch(/Breakpoint 1, 0x\w+ in _start \(\)/);
      expect(out).toMatch(/<message>:\s+0x78\s+0x0a/);
      expect(out).toContain("exited with code 03");
    });
  });
});

describe("our objects", () => {
  withTools(["gcc"], "gcc links them, static and position-independent", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "answer.o"), writeObject(answer().finish()));
      writeFileSync(join(folder, "main.c"), "int answer(void); extern long *const fixed; int seven(void) { return 7; } int main(void) { return answer() + (int)*fixed; }");
      for (const flags of [["-no-pie"], ["-pie"], ["-static"], ["-no-pie", "-Wl,--gc-sections"]]) {
        const { status, err } = run(folder, ["gcc", ...flags, "-Wl,--fatal-warnings", "main.c", "answer.o", "-o", "main"]);
        expect({ flags, status, err }).toEqual({ flags, status: 0, err: "" });
        expect(run(folder, ["./main"]).status).toBe(42);
      }
    });
  });

  withTools(["readelf", "ld"], "ld links them, readelf reads them", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "hello.o"), writeObject(hello("by ld\n", 5)));
      const lint = run(folder, ["readelf", "--all", "--wide", "hello.o"]);
      expect({ status: lint.status, err: lint.err }).toEqual({ status: 0, err: "" });
      const ld = run(folder, ["ld", "--fatal-warnings", "hello.o", "-o", "hello"]);
      expect({ status: ld.status, err: ld.err }).toEqual({ status: 0, err: "" });
      expect(run(folder, ["./hello"])).toEqual({ status: 5, out: "by ld\n", err: "" });
    });
  });

  test("an object that was written and read back links as before", () => {
    const read = readObject("hello.o", writeObject(hello("again\n", 6)), "x86_64");
    if (!read.ok) throw new Error(read.error.message);
    const { bytes } = linked([read.object]);
    expect(bytes.length).toBeGreaterThan(0);
    if (runsHere) expect(execute(bytes)).toEqual({ status: 6, out: "again\n", err: "" });
  });
});

const startSource = `
__attribute__((noreturn)) void quit(int status) { __asm__ volatile("syscall" : : "a"(60), "D"(status)); __builtin_unreachable(); }
void say(const char *text) {
  long length = 0; while (text[length]) length++;
  long result; __asm__ volatile("syscall" : "=a"(result) : "0"(1L), "D"(1L), "S"(text), "d"(length) : "rcx", "r11", "memory");
}
`;
const program = `${startSource}
extern int maybe(void) __attribute__((weak));
static int table[4] = {1, 2, 3, 4};
int *pointers[3] = {&table[3], &table[0], table + 2};
int common[100];
static int zero[50];
static const char *names[] = {"world\\n", "hello world\\n", "unlike"};
int sw(int i) { switch (i) { case 0: return 5; case 1: return 17; case 2: return 4; case 3: return 99; case 4: return 12; case 5: return 7; default: return 0; } }
int (*volatile indirect)(int) = sw;
double half(double x) { return x * 0.5 + 0.25; }
int unused(void) { extern int nowhere(void); return nowhere(); }
void _start(void) {
  say(names[0]); say(names[1]);
  common[99] = 3; zero[10] = 4;
  if (maybe) quit(maybe());
  quit(*pointers[0] + *pointers[2] + common[99] + zero[10] + indirect(1) + (int)half(10.0));
}
`;

describe("objects of C compilers", () => {
  const variants = [
    ["gcc", ["-O0", "-fno-pic", "-fno-pie"]], ["gcc", ["-O2", "-fno-pic", "-fno-pie", "-ffunction-sections", "-fdata-sections"]],
    ["gcc", ["-O2", "-fPIC", "-ffunction-sections"]], ["gcc", ["-O2", "-fPIE", "-fno-plt", "-ffunction-sections", "-g"]], ["gcc", ["-O2", "-fPIC", "-fcommon", "-ffunction-sections"]],
    ["gcc", ["-O2", "-fPIC", "-mcmodel=large", "-fno-pic", "-ffunction-sections"]],
    ["clang", ["-O0", "-fno-pic", "-ffunction-sections"]], ["clang", ["-O2", "-fPIC", "-ffunction-sections", "-fdata-sections", "-g"]],
  ] as const;
  for (const [compiler, flags] of variants) {
    withTools([compiler], `${compiler} ${flags.join(" ")}`, () => {
      inFolder((folder) => {
        const object = compiled(folder, program, flags, compiler);
        const sections = flags.some((f) => f === "-ffunction-sections");
        if (!sections) {
          // everything is one section, so the reference of the unused function counts
          expect(linkErrors([object])[0].symbol).toBe("nowhere");
          return;
        }
        for (const options of [{}, { strip: true, compact: true }]) {
          const { bytes } = linked([object], options);
          expect(execute(bytes)).toEqual({ status: 4 + 3 + 3 + 4 + 17 + 5, out: "world\nhello world\n", err: "" });
        }
      });
    });
  }

  withTools(["gcc"], "ours call theirs and theirs ours", () => {
    inFolder((folder) => {
      const c = compiled(folder, `${startSource}int answer(void); int seven(void) { return 7; } void _start(void) { quit(answer()); }`, ["-O1"]);
      expect(execute(linked([c, answer().finish()]).bytes).status).toBe(42);
      expect(execute(linked([answer().finish(), c], { strip: true, compact: true }).bytes).status).toBe(42);
    });
  });

  withTools(["gcc"], "thread-local variables keep their offsets", () => {
    inFolder((folder) => {
      const c = compiled(folder, `${startSource}
        __thread long first = 5; __thread long second; __thread char third[3] = {1, 2, 3};
        static char block[4096] __attribute__((aligned(64)));
        void _start(void) {
          long *tp = (long *)(block + 2048); tp[0] = (long)tp;
          long result; __asm__ volatile("syscall" : "=a"(result) : "0"(158L), "D"(0x1002L), "S"(tp) : "rcx", "r11", "memory");
          second = 30; first += 1; third[2] += 2;
          quit((int)(first + second + third[2]));
        }`, ["-O1", "-fno-pic", "-ftls-model=local-exec"]);
      // the block is zero and nobody copies the initial image, so first is 0 + 1 and third[2] 0 + 2
      const { bytes, summary } = linked([c]);
      expect(summary.outputs.map((o) => o.kind)).toContain("tlsZero");
      expect(execute(bytes).status).toBe(33);
      const read = readElf(bytes);
      if (!read.ok) throw new Error(read.error.problem);
      const { names, value } = read.file.symbols;
      expect(["first", "second", "third"].map((name) => value[names.indexOf(name)]).sort((a, b) => a - b)).toEqual([0, 8, 16]);
    });
  });

  withTools(["gcc"], "C++-like groups are taken once", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "one.s"), '.section .text.f,"axG",@progbits,f,comdat\n.weak f\nf: mov $11,%eax\n ret\n.text\n.globl _start\n_start: call f\n mov %eax,%edi\n mov $60,%eax\n syscall\n');
      writeFileSync(join(folder, "two.s"), '.section .text.f,"axG",@progbits,f,comdat\n.globl f\nf: mov $12,%eax\n ret\n');
      const objects = ["one", "two"].map((name) => {
        run(folder, ["gcc", "-c", `${name}.s`, "-o", `${name}.o`]);
        const read = readObject(`${name}.o`, new Uint8Array(readFileSync(join(folder, `${name}.o`))), "x86_64");
        if (!read.ok) throw new Error(read.error.message);
        return read.object;
      });
      expect(execute(linked(objects).bytes).status).toBe(11);
      expect(linked(objects, { removeDead: false }).summary.outputs.find((o) => o.name === ".text")?.inputs.length).toBe(2);
    });
  });

  withTools(["gcc", "ar"], "members of archives are taken as needed", () => {
    inFolder((folder) => {
      const sources = {
        a: `${startSource}extern int b(void); void _start(void) { quit(b()); }`, b: "int c(void); int d(void); int b(void) { return c() + d(); }", c: "int c(void) { return 40; }",
        d: "int d(void) { return 2; } int nowhere(void); int e(void) { return nowhere(); }", f: "int b(void) { return 1; } int f(void) { return 2; }",
      };
      for (const [name, text] of Object.entries(sources)) {
        writeFileSync(join(folder, `${name}.c`), text);
        run(folder, ["gcc", "-c", "-O1", "-ffunction-sections", "-fno-stack-protector", "-fno-pic", `${name}.c`]);
      }
      run(folder, ["ar", "rcs", "one.a", "f.o", "b.o", "d.o"]);
      run(folder, ["ar", "rcs", "two.a", "c.o"]);
      const library = (name: string): Library => {
        const read = readLibrary(name, new Uint8Array(readFileSync(join(folder, name))), "x86_64");
        if (!read.ok) throw new Error(read.error.message);
        return read.library;
      };
      const a = readObject("a.o", new Uint8Array(readFileSync(join(folder, "a.o"))), "x86_64");
      if (!a.ok) throw new Error(a.error.message);
      // f.o comes first in the table of one.a and defines b too
      expect(execute(linked([a.object], { libraries: [library("one.a"), library("two.a")] }).bytes).status).toBe(1);
      run(folder, ["ar", "d", "one.a", "f.o"]);
      for (const names of [["one.a", "two.a"], ["two.a", "one.a"]]) expect(execute(linked([a.object], { libraries: names.map(library) }).bytes).status).toBe(42);
      expect(linkErrors([a.object], { libraries: [library("one.a")] })[0]).toMatchObject({ symbol: "c", places: ["one.a(b.o): in function b"] });
    });
  });

  withTools(["gcc"], "what a static link can't take is named", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "a.c"), "__thread int t; int *f(void) { return &t; }");
      run(folder, ["gcc", "-c", "-O1", "-fPIC", "a.c", "-o", "a.o"]);
      const read = readObject("a.o", new Uint8Array(readFileSync(join(folder, "a.o"))), "x86_64");
      expect(read.ok ? "" : read.error.message).toBe("a.o: section .text: relocation at 0x8 is of a kind that a static link doesn't take (R_X86_64_TLSGD)");
    });
  });
});
