/** For the tests of this folder: IR text to an executable that calls functions with given arguments, runs them, and the interpreter beside it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Builder } from "../ir/builder.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Interpreter } from "../ir/interpret.ts";
import type { Scalar } from "../ir/interpret.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { parseModule } from "../ir/parse.ts";
import { Type } from "../ir/types.ts";
import { problemsText, verifyModule } from "../ir/verify.ts";
import { has, inFolder, linked, runsHere } from "../link/testing.ts";
import { arm64 } from "./arm64/target.ts";
import { CodeGenerator } from "./generate.ts";
import type { CodegenOptions } from "./options.ts";
import type { Target } from "./target.ts";
import { x86_64 } from "./x86_64/target.ts";

/** A target whose code this machine can run, by itself or under an emulator. */
export interface TestTarget {
  readonly target: Target;
  /** What runs a program, before its path. */
  readonly command: readonly string[];
  readonly calls: { readonly write: number; readonly exitGroup: number };
}

const emulated = process.platform === "linux" && process.arch === "arm64" ? [] : has("qemu-aarch64") ? ["qemu-aarch64"] : undefined;

/** All there are here; what is missing is said once. */
export const testTargets: readonly TestTarget[] = [
  ...(runsHere ? [{ target: x86_64, command: [], calls: { write: 1, exitGroup: 231 } }] : []),
  ...(emulated === undefined ? [] : [{ target: arm64, command: emulated, calls: { write: 64, exitGroup: 94 } }]),
];
if (emulated === undefined) console.warn("no qemu-aarch64 here: arm64 code is not run");

/** A verified module; throws what is wrong with the text. */
export function parse(text: string): Module {
  const parsed = parseModule(text);
  if ("problem" in parsed) throw new Error(`line ${parsed.problem.line}: ${parsed.problem.message}`);
  const problems = verifyModule(parsed.module);
  if (problems.length > 0) throw new Error(problemsText(problems));
  return parsed.module;
}

export interface Call {
  readonly name: string;
  /** Integers as bigints; floats as numbers. */
  readonly args: readonly (bigint | number)[];
}

const TRAP_STATUS = 100;

/**
 * Adds to the module `_start`, which makes the calls from number argc - 1 on and writes 16 bytes for each result, and handlers
 * for all traps, which exit with TRAP_STATUS + the trap.
 */
function addMain(module: Module, calls: readonly Call[], numbers: TestTarget["calls"]): { entry: SymbolId; start: SymbolId } {
  const exitWith = (b: Builder, status: Value): void => {
    b.typed(Op.syscall, Type.i64, 0, b.f.list([b.f.int(Type.i64, numbers.exitGroup), status]));
    b.unreachable();
  };
  module.traps.forEach((trap, i) => {
    if (trap.handler !== undefined) return;
    const handler = module.declareFunction(`test.trap.${i}`, module.signature([], []), "local");
    const b = new Builder(module);
    b.start(handler);
    exitWith(b, b.f.int(Type.i64, TRAP_STATUS + i));
    b.finish();
    module.traps[i] = { name: trap.name, handler };
  });
  const entry = module.declareFunction("_start", module.signature([], []), "exported");
  const start = module.declareFunction("test.main", module.signature([Type.ptr], []), "local");
  const b = new Builder(module);
  const f = b.start(start);
  const argc = b.load(Type.i64, f.param(b.current, 0), 0);
  const slot = f.slot(16, 16);
  calls.forEach(({ name, args }, i) => {
    const symbol = module.find(name);
    if (symbol === undefined) throw new Error(`no function ${name}`);
    const signature = module.signatureOf(symbol);
    const make = b.block();
    const next = b.block();
    b.branch(b.emit(Op.sle, argc, f.int(Type.i64, i + 1)), make, next);
    b.seal(make);
    b.switchTo(make);
    const values = args.map((arg, k) => {
      const type = signature.parameters[k] ?? Type.i64;
      return typeof arg === "bigint" ? (type === Type.ptr ? f.big(Type.ptr, arg) : f.big(type, arg)) : type === Type.f32 ? f.f32(arg) : f.f64(arg);
    });
    const result = b.call(symbol, values);
    b.store(f.int(Type.i64, 0), f.slotAddress(slot), 0);
    b.store(f.int(Type.i64, 0), f.slotAddress(slot), 8);
    if (signature.results.length > 0) b.store(result, f.slotAddress(slot), 0);
    b.typed(Op.syscall, Type.i64, 0, f.list([f.int(Type.i64, numbers.write), f.int(Type.i64, 1), b.typed(Op.bitcast, Type.i64, f.slotAddress(slot)), f.int(Type.i64, 16)]));
    b.jump(next);
    b.seal(next);
    b.switchTo(next);
  });
  exitWith(b, f.int(Type.i64, 0));
  b.finish();
  return { entry, start };
}

/** An executable that makes the calls and writes what they give. */
export function build({ target, calls: numbers }: TestTarget, module: Module, calls: readonly Call[], options: CodegenOptions): Uint8Array {
  const { entry, start } = addMain(module, calls, numbers);
  const generator = new CodeGenerator(target, module, options);
  generator.emitEntry(entry, start);
  for (const f of module.functions.values()) generator.compileFunction(f);
  return linked([generator.finish().object], { machine: target.machine }).bytes;
}

/** Results of the calls as text: a number in hexadecimal as the bytes lie, or "trap N", or how the process ended. */
export function runNative(on: TestTarget, text: string, calls: readonly Call[], options: CodegenOptions): string[] {
  const module = parse(text);
  const bytes = build(on, module, calls, options);
  return inFolder((folder) => {
    const path = join(folder, "program");
    writeFileSync(path, bytes, { mode: 0o755 });
    const results: string[] = [];
    while (results.length < calls.length) {
      const before = results.length;
      const ran = Bun.spawnSync({ cmd: [...on.command, path, ...Array.from({ length: results.length }, () => "x")], stdin: "ignore" });
      const out = ran.stdout;
      for (let at = 0; at + 16 <= out.length; at += 16) {
        const width = sizeOfResult(module, calls[results.length]);
        results.push([...out.subarray(at, at + width)].reverse().map((byte) => byte.toString(16).padStart(2, "0")).join(""));
      }
      if (results.length === calls.length) break;
      if (ran.signalCode !== undefined || ran.exitCode < TRAP_STATUS) results.push(`ended by ${ran.signalCode ?? ran.exitCode}`);
      else results.push(`trap ${ran.exitCode - TRAP_STATUS}`);
      if (results.length === before) throw new Error("no progress");
    }
    return results;
  });
}

function sizeOfResult(module: Module, call: Call | undefined): number {
  const type = resultType(module, call?.name ?? "");
  return type === Type.i8 ? 1 : type === Type.i16 ? 2 : type === Type.i32 || type === Type.f32 ? 4 : type === Type.i128 ? 16 : type === Type.void ? 0 : 8;
}

function resultType(module: Module, name: string): Type {
  const symbol = module.find(name);
  return symbol === undefined ? Type.void : (module.signatureOf(symbol).results[0] ?? Type.void);
}

/** The same from the interpreter. */
export function runInterpreted(text: string, calls: readonly Call[]): string[] {
  return calls.map(({ name, args }) => {
    const module = parse(text);
    const symbol = module.find(name);
    if (symbol === undefined) throw new Error(`no function ${name}`);
    const outcome = new Interpreter(module, { steps: 5_000_000 }).call(symbol, args as readonly Scalar[]);
    if (outcome.kind === "trapped") return `trap ${outcome.trap}`;
    if (outcome.kind !== "returned") return outcome.kind === "faulted" ? `faulted ${outcome.what}` : outcome.kind;
    return outcome.values.length === 0 ? "" : scalarText(outcome.values[0] as Scalar, resultType(module, name));
  });
}

function scalarText(value: Scalar, type: Type): string {
  if (typeof value === "number") {
    const bits = type === Type.f32 ? new Uint8Array(new Float32Array([value]).buffer) : new Uint8Array(new Float64Array([value]).buffer);
    return [...bits].reverse().map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const size = type === Type.i8 ? 1 : type === Type.i16 ? 2 : type === Type.i32 ? 4 : type === Type.i128 ? 16 : 8;
  return BigInt.asUintN(size * 8, value).toString(16).padStart(size * 2, "0");
}
