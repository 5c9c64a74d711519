/**
 * Runs the IR: the optimiser's oracle, the evaluator of constants at compile time, and a way to run programs where no machine code can.
 * A function is decoded when it is first called (interpretDecode.ts) and run by the loop in interpretLoop.ts, over 10 million instructions a second.
 */

import { bitsOfFloat, evaluate, floatFromBits, overflows, type Scalar } from "./evaluate.ts";
import type { IrFunction, List, SymbolId, Value } from "./function.ts";
import { decode, type Decoded } from "./interpretDecode.ts";
import { faultText, run } from "./interpretLoop.ts";
import { Machine, Stop } from "./interpretMachine.ts";
import { Access, InterpreterMemory } from "./interpretMemory.ts";
import type { Module } from "./module.ts";
import { Effect, Op, opEffects, opValueOperands } from "./ops.ts";
import { Type, isFloat, typeSize } from "./types.ts";

export type { Scalar } from "./evaluate.ts";
export { InterpreterMemory } from "./interpretMemory.ts";

/** Ends the program from within a host call. */
export interface Exit {
  readonly exit: number;
}

export interface Host {
  /** A system call: its number and arguments. Gives what the kernel would, or ends the program. */
  readonly syscall?: (args: readonly bigint[], memory: InterpreterMemory) => bigint | Exit;
  /** A function that the module only declares. Undefined: not known, the program faults. */
  readonly call?: (name: string, args: readonly Scalar[], memory: InterpreterMemory) => readonly Scalar[] | Exit | undefined;
}

export interface InterpreterOptions {
  readonly host?: Host | undefined;
  /** Instructions to run at most, counted by blocks; without a limit by default. */
  readonly steps?: number | undefined;
  /** Calls within calls, 20,000 by default. */
  readonly depth?: number | undefined;
  /** Bytes for the slots of all frames, 1 MiB by default. */
  readonly stackSize?: number | undefined;
  /** Bytes of memory at most, 1 GiB by default. */
  readonly memoryLimit?: number | undefined;
  /** Call the handler of a trap that has one, as the compiled program does; otherwise a trap is the outcome. */
  readonly runHandlers?: boolean | undefined;
}

/** A frame at the time the program ended, innermost first. */
export interface FramePlace {
  readonly symbol: SymbolId;
  readonly position: number;
  readonly site: number;
}

export type Outcome =
  /** Integers are signed BigInts, floats numbers. */
  | { readonly kind: "returned"; readonly values: readonly Scalar[] }
  | { readonly kind: "trapped"; readonly trap: number; readonly operands: readonly Scalar[]; readonly frames: readonly FramePlace[] }
  | { readonly kind: "exited"; readonly status: number }
  /** Something that no correct program does: bad memory, unreachable code, an unknown function. */
  | { readonly kind: "faulted"; readonly what: string; readonly frames: readonly FramePlace[] }
  /** The step budget is used up. */
  | { readonly kind: "exhausted"; readonly frames: readonly FramePlace[] }
  /** The stack is. */
  | { readonly kind: "overflowed"; readonly frames: readonly FramePlace[] };

export class Interpreter {
  readonly memory: InterpreterMemory;
  private readonly module: Module;
  private readonly options: InterpreterOptions;
  private readonly decodedFunctions = new Map<SymbolId, Decoded>();
  private exit: Exit | undefined;
  private stepsLeft: number;

  constructor(module: Module, options: InterpreterOptions = {}) {
    this.module = module;
    this.options = options;
    this.stepsLeft = options.steps ?? Infinity;
    this.memory = new InterpreterMemory(module, options.stackSize ?? 1 << 20, options.memoryLimit ?? 1 << 30);
  }

  /** Steps that are left of the budget. */
  get steps(): number {
    return this.stepsLeft;
  }

  /** Calls a function that has a body: an argument a parameter, BigInts for integers and pointers (wrapped to their width), numbers for floats. Memory and budget carry over from call to call. */
  call(symbol: SymbolId, args: readonly Scalar[]): Outcome {
    const wrong = argumentProblem(this.module, symbol, args);
    if (wrong !== undefined) throw new Error(`ir/interpret.call: ${wrong}`);
    return this.start(symbol, args, this.memory.stackStart);
  }

  private start(symbol: SymbolId, args: readonly Scalar[], stack: number): Outcome {
    const decoded = this.lookUp(symbol);
    if (decoded === undefined) return { kind: "faulted", what: `'${this.module.nameOf(symbol)}' has no body`, frames: [] };
    const { options } = this;
    const machine = new Machine(this.memory, this.stepsLeft, options.depth ?? 20_000, decoded, (callee) => this.lookUp(callee));
    this.exit = undefined;
    machine.stack = stack;
    if (!machine.enter(decoded)) return { kind: "overflowed", frames: [] };
    const signature = this.module.signatureOf(symbol);
    signature.parameters.forEach((type, i) => this.write(machine, decoded.constants.length + 4 * i, type, args[i] ?? (isFloat(type) ? 0 : 0n)));
    const outcome = this.go(machine);
    this.stepsLeft = machine.budget;
    if (outcome !== undefined) {
      this.memory.access.fill(Access.none, stack, this.memory.stackEnd);
      return outcome;
    }
    return { kind: "returned", values: signature.results.map((type, i) => this.readWords(machine, 4 * i, type)) };
  }

  private lookUp(symbol: SymbolId): Decoded | undefined {
    const known = this.decodedFunctions.get(symbol);
    if (known !== undefined) return known;
    const f = this.module.functions.get(symbol);
    if (f === undefined) return undefined;
    const decoded = decode(this.module, f, this.memory, (from, machine, v) => this.slow(from, machine, v));
    this.decodedFunctions.set(symbol, decoded);
    return decoded;
  }

  /** Runs to the end; undefined when the first function returned. */
  private go(machine: Machine): Outcome | undefined {
    for (;;) {
      const stop = run(machine);
      switch (stop) {
        case Stop.returned: return undefined;
        case Stop.fault: return { kind: "faulted", what: machine.fault, frames: this.frames(machine) };
        case Stop.budget: return { kind: "exhausted", frames: this.frames(machine) };
        case Stop.depth: return { kind: "overflowed", frames: this.frames(machine) };
        case Stop.trap: return this.trap(machine);
        default: {
          if (this.exit !== undefined) return { kind: "exited", status: this.exit.exit };
          const outcome = this.callHost(machine);
          if (outcome !== undefined) return outcome;
        }
      }
    }
  }

  private trap(machine: Machine): Outcome {
    const { decoded, pc } = machine;
    const { f } = decoded;
    const v = decoded.origin[pc] as Value;
    const op = f.opOf(v);
    const trap = (op === Op.trap ? f.a[v] : op === Op["trap.if"] ? f.b[v] : f.c[v]) as number;
    const list = (op === Op.trap ? f.b[v] : op === Op["trap.if"] ? f.c[v] : 0) as List;
    const operands: Scalar[] = [];
    for (let i = 0; i < f.listLength(list); i++) operands.push(this.read(machine, f, f.listItem(list, i)));
    const frames = this.frames(machine);
    const handler = this.module.traps[trap]?.handler;
    if (this.options.runHandlers === true && handler !== undefined && this.module.functions.has(handler)) {
      this.stepsLeft = machine.budget;
      const outcome = this.start(handler, operands, machine.stack + decoded.slots.length);
      if (outcome.kind !== "returned") return outcome;
    }
    return { kind: "trapped", trap, operands, frames };
  }

  private callHost(machine: Machine): Outcome | undefined {
    const { decoded, pc, base } = machine;
    const symbol = machine.callee as SymbolId;
    const name = this.module.symbols[symbol]?.name ?? `symbol ${symbol}`;
    const signature = this.module.functionSignatures[symbol] === undefined ? undefined : this.module.signatureOf(symbol);
    const v = decoded.origin[pc] as Value;
    const list = decoded.f.b[v] as List;
    const args: Scalar[] = [];
    for (let i = 0; i < decoded.f.listLength(list); i++) args.push(this.read(machine, decoded.f, decoded.f.listItem(list, i)));
    const answer = signature === undefined ? undefined : this.options.host?.call?.(name, args, this.memory);
    if (answer === undefined || signature === undefined) return { kind: "faulted", what: `a call of '${name}', which has no body`, frames: this.frames(machine) };
    if ("exit" in answer) return { kind: "exited", status: answer.exit };
    const { code } = decoded;
    let at = pc + 3 + (code[pc + 2] as number);
    const count = code[at++] as number;
    for (let i = 0; i < count; i++) {
      const type = signature.results[i] ?? Type.void;
      this.write(machine, base + (code[at + i] as number), type, answer[i] ?? (isFloat(type) ? 0 : 0n));
    }
    machine.pc = at + count;
    return undefined;
  }

  private frames(machine: Machine): FramePlace[] {
    const places: FramePlace[] = [];
    const add = (decoded: Decoded, pc: number) => {
      const v = decoded.origin[pc] ?? 0;
      places.push({ symbol: decoded.f.symbol, position: decoded.f.position[v] as number, site: decoded.f.site[v] as number });
    };
    add(machine.decoded, machine.pc);
    for (let i = machine.depth - 1; i >= 0; i--) {
      const decoded = machine.functions[i];
      if (decoded !== undefined) add(decoded, machine.counterOf(i));
    }
    return places;
  }

  // ── what the loop does not know ──

  private slow(decoded: Decoded, machine: Machine, v: Value): number {
    const { f } = decoded;
    const op = f.opOf(v);
    const type = f.typeOf(v);
    if (op === Op.syscall) return this.syscall(machine, f, v);
    if (((opEffects[op] as number) & (Effect.reads | Effect.writes)) !== 0) return this.atomic(decoded, machine, v);
    const to = machine.base + (decoded.register[v] as number);
    if (op === Op["frame.address"]) {
      this.write(machine, to, type, BigInt(machine.stack));
      return Stop.returned;
    }
    const operands = opValueOperands[op] as number;
    const from = f.typeOf(f.arg0(v));
    const a = this.read(machine, f, f.arg0(v));
    // Bits of NaN are kept by the operations that only touch the sign.
    if (op === Op.fneg || op === Op.fabs || op === Op.fcopysign) {
      this.write(machine, to, type, floatSign(op, type, a, (operands & 2) !== 0 ? this.read(machine, f, f.arg1(v)) : 0));
      return Stop.returned;
    }
    const b = (operands & 2) !== 0 ? this.read(machine, f, f.arg1(v)) : 0n;
    const c = (operands & 4) !== 0 ? this.read(machine, f, f.arg2(v)) : 0n;
    if (((opEffects[op] as number) & Effect.traps) !== 0 && overflows(op, type, a as bigint, b as bigint)) return Stop.trap;
    const result = evaluate(op, type, from, a, b, c);
    if (result === undefined) {
      machine.fault = "a division without a result";
      return Stop.fault;
    }
    this.write(machine, to, type, result);
    return Stop.returned;
  }

  private syscall(machine: Machine, f: IrFunction, v: Value): number {
    const list = f.b[v] as List;
    const args: bigint[] = [];
    for (let i = 0; i < f.listLength(list); i++) args.push(this.read(machine, f, f.listItem(list, i)) as bigint);
    const answer = this.options.host?.syscall?.(args, this.memory);
    if (answer === undefined) {
      machine.fault = `system call ${args[0]}, which nobody answers`;
      return Stop.fault;
    }
    if (typeof answer === "object") {
      this.exit = answer;
      return Stop.special;
    }
    this.write(machine, machine.base + (machine.decoded.register[v] as number), Type.i64, answer);
    return Stop.returned;
  }

  private atomic(decoded: Decoded, machine: Machine, v: Value): number {
    const { f } = decoded;
    const op = f.opOf(v);
    const type = f.typeOf(v);
    const size = typeSize[type] as number;
    const address = this.read(machine, f, f.arg0(v)) as bigint;
    const at = Number(address);
    if (!this.memory.allows(at, size, Access.write)) {
      machine.fault = faultText("write", at | 0, Number(address >> 32n), 0);
      return Stop.fault;
    }
    const old = loadScalar(this.memory, at, type) as bigint;
    const b = this.read(machine, f, f.arg1(v)) as bigint;
    let stored = b;
    if (op === Op["atomic.add"]) stored = BigInt.asIntN(8 * size, old + b);
    else if (op === Op["atomic.cas"]) stored = old === b ? (this.read(machine, f, f.arg2(v)) as bigint) : old;
    for (let i = 0; i < size; i++) this.memory.bytes[at + i] = Number((stored >> BigInt(8 * i)) & 0xffn);
    this.write(machine, machine.base + (decoded.register[v] as number), type, old);
    return Stop.returned;
  }

  // ── registers ──

  private read(machine: Machine, f: IrFunction, v: Value): Scalar {
    return this.readWords(machine, machine.base + (machine.decoded.register[v] as number), f.typeOf(v));
  }

  private readWords(machine: Machine, at: number, type: Type): Scalar {
    const { words } = machine;
    const low = words[at] as number;
    if (type === Type.f64) return machine.doubles[at >> 1] as number;
    if (type === Type.f32) return floatFromBits(BigInt(low), type);
    const size = typeSize[type] as number;
    if (size <= 4) return BigInt(low);
    const word = (index: number) => BigInt((words[at + index] as number) >>> 0) << BigInt(32 * index);
    if (size === 8) return BigInt.asIntN(64, word(0) | word(1));
    return BigInt.asIntN(128, word(0) | word(1) | word(2) | word(3));
  }

  private write(machine: Machine, at: number, type: Type, value: Scalar): void {
    const { words } = machine;
    if (type === Type.f64) {
      machine.doubles[at >> 1] = Number(value);
      return;
    }
    const bits = typeof value === "number" ? bitsOfFloat(value, type) : value;
    const width = type === Type.f32 ? 32 : 8 * (typeSize[type] as number);
    const extended = BigInt.asIntN(width, bits);
    for (let i = 0; i < 4; i++) words[at + i] = Number(BigInt.asIntN(32, extended >> BigInt(32 * i)));
  }
}

/** Why a function cannot be called with these; undefined if it can. */
function argumentProblem(module: Module, symbol: SymbolId, args: readonly Scalar[]): string | undefined {
  if (module.functionSignatures[symbol] === undefined) return `symbol ${symbol} is no function of the module`;
  const { parameters } = module.signatureOf(symbol);
  if (args.length !== parameters.length) return `'${module.nameOf(symbol)}' has ${parameters.length} parameters, and ${args.length} arguments are given`;
  const at = parameters.findIndex((type, i) => typeof args[i] !== (isFloat(type) ? "number" : "bigint"));
  return at < 0 ? undefined : `'${module.nameOf(symbol)}' wants a ${isFloat(parameters[at] as Type) ? "number" : "BigInt"} as argument ${at + 1}`;
}

function floatSign(op: Op, type: Type, a: Scalar, b: Scalar): bigint | number {
  const sign = type === Type.f32 ? 0x80000000n : 0x8000000000000000n;
  const bits = bitsOfFloat(Number(a), type);
  const magnitude = bits & ~sign;
  const result = op === Op.fneg ? bits ^ sign : op === Op.fabs ? magnitude : magnitude | (bitsOfFloat(Number(b), type) & sign);
  return floatFromBits(BigInt.asIntN(64, result), type);
}

/** A value of a type in memory, as a scalar; the bytes are known to be there. */
export function loadScalar(memory: InterpreterMemory, address: number, type: Type): Scalar {
  let bits = 0n;
  const size = typeSize[type] as number;
  for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(memory.bytes[address + i] as number);
  bits = BigInt.asIntN(8 * size, bits);
  return isFloat(type) ? floatFromBits(bits, type) : bits;
}

/** What an outcome says, in one line: for tests and messages. */
export function outcomeText(module: Module, outcome: Outcome): string {
  switch (outcome.kind) {
    case "returned": return `returned ${outcome.values.map(scalarText).join(", ")}`.trimEnd();
    case "trapped": return `trapped ${module.traps[outcome.trap]?.name ?? outcome.trap}(${outcome.operands.map(scalarText).join(", ")}) at ${outcome.frames[0]?.position ?? 0}`;
    case "exited": return `exited ${outcome.status}`;
    case "faulted": return `faulted: ${outcome.what}`;
    case "exhausted": return "exhausted";
    case "overflowed": return "overflowed";
  }
}

function scalarText(value: Scalar): string {
  return Object.is(value, -0) ? "-0.0" : typeof value === "number" && Number.isInteger(value) ? `${value}.0` : String(value);
}

