/** What the kernel makes of a module, and what it says where something other than a program is handed to it: it names itself and what is wrong. */

import { expect, test } from "bun:test";
import { readElf } from "../../formats/elf/read.ts";
import { Builder } from "../ir/builder.ts";
import type { SignatureId, SymbolId } from "../ir/function.ts";
import { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { readObject } from "../link/readObject.ts";
import { execute, runsHere } from "../link/testing.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { compileModule, compileObject, type KernelOptions } from "./kernel.ts";

/** A module with an entry of this signature that does nothing. */
function program(parameters: readonly Type[] = [Type.ptr], results: readonly Type[] = []): { readonly module: Module; readonly entry: SymbolId } {
  const module = new Module();
  const b = new Builder(module);
  const entry = module.declareFunction("entry", module.signature(parameters, results), "local");
  b.start(entry);
  b.unreachable();
  b.finish();
  return { module, entry };
}

const compiled = (options: KernelOptions): boolean => {
  const { module, entry } = program();
  return compileModule(module, entry, options).ok;
};

test("levels, features and targets that there are", () => {
  for (const level of ["O0", "O1", "O2", "Os"] as const) expect(compiled({ level })).toBe(true);
  expect(compiled({ features: ["bmi2", "fma", "sse3"] })).toBe(true);
  expect(compiled({ target: "linux-arm64", features: ["lse"] })).toBe(true);
});

test("those that there are not", () => {
  expect(() => compiled({ level: "O9" as never })).toThrow("driver/kernel.compileModule: there is no level 'O9': the levels are O0, O1, O2, Os");
  expect(() => compiled({ features: ["lse"] })).toThrow("driver/kernel.compileModule: x86_64 has no feature 'lse' that is known here");
  expect(() => compiled({ target: "amiga" })).toThrow("driver/kernel.compileModule: there is no target 'amiga'");
});

test("an entry that cannot be called", () => {
  for (const [parameters, results] of [[[], []], [[Type.ptr], [Type.i64]], [[Type.i64], []]] as const) {
    const { module, entry } = program(parameters, results);
    expect(() => compileModule(module, entry)).toThrow("driver/kernel.compileModule: the entry, entry, has another signature than (ptr) without a result");
  }
  expect(() => compileModule(new Module(), 5 as SymbolId)).toThrow("driver/kernel.compileModule: the entry, symbol 5, is no function of the module");
});

test("a body for what is no function", () => {
  const module = new Module();
  const data = module.declareData("text", "local");
  expect(() => new Builder(module).start(data)).toThrow(`ir/builder.start: symbol ${data} is no function of the module`);
});

test("a call of what is no function, and of no signature", () => {
  const module = new Module();
  const b = new Builder(module);
  const data = module.declareData("text", "local");
  const entry = module.declareFunction("entry", module.signature([Type.ptr], []), "local");
  b.start(entry);
  expect(() => b.call(data, [])).toThrow(`ir/builder.call: symbol ${data} is no function of the module`);
  expect(() => b.call(99 as SymbolId, [])).toThrow("ir/builder.call: symbol 99 is no function of the module");
  expect(() => b.callIndirect(b.f.address(entry), 7 as SignatureId, [])).toThrow("ir/builder.callIndirect: the module has no signature 7");
});

test("a module that does not hold together is an answer, at every level", () => {
  const wrong: readonly (readonly [(b: Builder) => void, string])[] = [
    [(b) => void b.emit(Op.add, b.f.int(Type.i64, 1), b.f.int(Type.i64, 2)), "entry: b0: v2: i64 = add 1, 2: the block ends without a terminator"],
    [() => {}, "entry: b0 is empty"],
    [(b) => { b.emit(Op.add, b.f.int(Type.i64, 1), b.f.int(Type.i32, 2)); b.unreachable(); }, "entry: b0: v2: i64 = add 1, 2:i32: operand 1 is i32, not i64"],
    [(b) => { b.call(b.module.declareFunction("nobody", b.module.signature([], []), "local"), []); b.unreachable(); }, "@nobody: is used, but neither defined nor imported"],
    [(b) => b.return([b.f.int(Type.i64, 1)]), "entry: b0: return 1:i64: returns 1 values, and the signature has 0"],
  ];
  for (const [make, message] of wrong) {
    for (const level of ["O0", "O2"] as const) {
      const module = new Module();
      const b = new Builder(module);
      const entry = module.declareFunction("entry", module.signature([Type.ptr], []), "local");
      b.start(entry);
      make(b);
      b.finish();
      const made = compileModule(module, entry, { level });
      if (made.ok) throw new Error("it was compiled");
      expect(made.errors[0]).toMatchObject({ code: "E0817" });
      expect(made.errors.map((error) => error.message)).toContain(message);
      const object = compileObject(module, { level });
      expect(object.ok ? "" : object.errors[0]?.code).toBe("E0817");
    }
  }
});

/** What `make` builds as the entry's body, compiled for a target: the first message, or "". */
function messageFor(target: string, make: (b: Builder) => void): string {
  const module = new Module();
  const b = new Builder(module);
  const entry = module.declareFunction("entry", module.signature([Type.ptr], []), "local");
  b.start(entry);
  make(b);
  b.unreachable();
  b.finish();
  const made = compileModule(module, entry, { target });
  return made.ok ? "" : `${made.errors[0]?.code} ${made.errors[0]?.message}`;
}

test("what a target has not is said", () => {
  const syscall = (b: Builder): void => void b.typed(Op.syscall, Type.i64, 0, b.f.list([b.f.int(Type.i64, 1)]));
  const calling = (name: string, convention: "lang" | "c") => (b: Builder): void =>
    void b.call(b.module.declareFunction(name, b.module.signature([Type.i32], [], convention), "imported"), [b.f.int(Type.i32, 3)]);
  expect(messageFor("windows-x86_64", syscall)).toBe("E0817 entry: makes a system call, and windows has none for programs");
  expect(messageFor("linux-arm64", syscall)).toBe("");
  for (const target of ["macos-arm64", "linux-x86_64-libc", "linux-x86_64-musl", "linux-arm64-libc"]) {
    expect(messageFor(target, calling("exit", "c"))).toBe("");
    expect(messageFor(target, calling("exit", "lang"))).toBe("E0817 exit: is a function of the system, and is declared with another convention than c");
    expect(messageFor(target, calling("nobody_has_this", "c"))).toStartWith("E0807 undefined symbol nobody_has_this");
  }
  expect(messageFor("linux-x86_64", calling("exit", "c"))).toStartWith("E0807 undefined symbol exit");
});

test("a module may be compiled again; one that has the process's beginning itself is told so", () => {
  const { module, entry } = program();
  for (const target of ["linux-x86_64", "windows-arm64", "linux-x86_64"]) expect(compileModule(module, entry, { target }).ok).toBe(true);
  const own = new Module();
  const b = new Builder(own);
  b.start(own.declareFunction("_start", own.signature([Type.ptr], []), "exported"));
  b.unreachable();
  b.finish();
  const made = compileModule(own, own.find("_start") ?? entry);
  expect(made.ok ? "" : made.errors[0]?.message).toBe("_start: is what the process begins with, and is made here");
});

/** A module with `func twice(x) = x * 2`, exported for C, and positions in `twice.src`. */
function twice(): { readonly module: Module; readonly sources: SourceMap } {
  const module = new Module();
  const sources = new SourceMap();
  const { base } = sources.add("twice.src", new TextEncoder().encode("to twice x\n  x * 2\n"));
  const b = new Builder(module);
  b.start(module.declareFunction("twice", module.signature([Type.i64], [Type.i64], "c"), "exported"));
  b.position = base + 13;
  b.return([b.emit(Op["smul.trap"], b.f.param(b.current, 0), b.f.int(Type.i64, 2), module.trap("overflow"))]);
  b.finish();
  return { module, sources };
}

test("an object has what is exported, in each system's form; with sources it has their lines", () => {
  for (const [target, magic] of [["linux-x86_64", "7f454c46"], ["linux-arm64", "7f454c46"], ["macos-arm64", "cffaedfe"], ["windows-x86_64", "6486"], ["windows-arm64", "64aa"]] as const) {
    const made = compileObject(twice().module, { target });
    expect(Buffer.from(made.ok ? made.bytes : []).toString("hex")).toStartWith(magic);
    const text = compileObject(twice().module, { target, form: "assembly" });
    expect(new TextDecoder().decode(text.ok ? text.bytes : undefined)).toMatch(/^_?twice:/m);
  }
  const { module, sources } = twice();
  const made = compileObject(module, { sources });
  const read = readElf(made.ok ? made.bytes : new Uint8Array(0));
  if (!read.ok) throw new Error(read.error.problem);
  const strings = read.file.sections.find(({ name }) => name === ".debug_line_str");
  expect(new TextDecoder().decode(strings?.content)).toContain("twice.src");
});

test("LLVM IR of a module, for Linux", () => {
  const made = compileObject(twice().module, { form: "llvm", target: "linux-arm64" });
  const text = new TextDecoder().decode(made.ok ? made.bytes : undefined);
  expect(text).toContain('target triple = "aarch64-unknown-linux-gnu"');
  expect(text).toMatch(/define dso_local .*@"?twice"?\(/);
  expect(() => compileObject(twice().module, { form: "llvm", target: "macos-arm64" })).toThrow("driver/kernel.compileObject: no LLVM IR is made for macos-arm64");
});

test("objects of others are linked in, and lines are in the executable", () => {
  const { module: other } = twice();
  const object = compileObject(other);
  const read = readObject("twice.o", object.ok ? object.bytes : new Uint8Array(0), "x86_64");
  if (!read.ok) throw new Error(read.error.message);
  const module = new Module();
  const sources = new SourceMap();
  const { base } = sources.add("main.src", new TextEncoder().encode("exit twice 21\n"));
  const b = new Builder(module);
  const imported = module.declareFunction("twice", module.signature([Type.i64], [Type.i64], "c"), "imported");
  const entry = module.declareFunction("entry", module.signature([Type.ptr], []), "local");
  b.start(entry);
  b.position = base;
  b.typed(Op.syscall, Type.i64, 0, b.f.list([b.f.int(Type.i64, 231), b.call(imported, [b.f.int(Type.i64, 21)])]));
  b.unreachable();
  b.finish();
  const made = compileModule(module, entry, { objects: [read.object], sources });
  if (!made.ok) throw new Error(made.errors.map(({ message }) => message).join("\n"));
  const file = readElf(made.bytes);
  expect(file.ok && file.file.sections.some(({ name }) => name === ".debug_line")).toBe(true);
  if (runsHere) expect(execute(made.bytes)).toEqual({ status: 42, out: "", err: "" });
  else console.log("not run, for want of Linux x86_64: an executable with another's object");
});
