/** The lines of one function as LLVM text, and how they name values: as they are, as another type, as conditions and as places in memory. */

import type { IrFunction, List, SymbolId, Value } from "../../ir/function.ts";
import type { Module } from "../../ir/module.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type, isFloat, typeSize } from "../../ir/types.ts";
import { comparisons } from "./operations.ts";
import type { LlvmPlatform } from "./platform.ts";
import type { CallSites } from "./sites.ts";
import { addressText, constantText, typeText } from "./text.ts";

/** What a function needs to know of the rest. */
export interface FunctionContext {
  readonly module: Module;
  readonly sites: CallSites;
  /** Functions that ask where they were called from (`frame.address`), by symbol. */
  readonly asksForCaller: ReadonlySet<number>;
  /** Functions that may panic in the library: the program's own code says where it calls them. */
  readonly toldOfCaller: ReadonlySet<number>;
  readonly ownCode: boolean;
  /** Pointers say what they point to: see module.ts. */
  readonly typed: boolean;
  readonly platform: LlvmPlatform;
  /** Declarations of intrinsics come to be known here. */
  readonly intrinsics: Map<string, string>;
}

export class OperandText {
  protected readonly f: IrFunction;
  protected readonly context: FunctionContext;
  protected readonly module: Module;
  protected lines: string[] = [];
  /** Names made so far for what the IR has no value for. */
  protected labels = 0;

  constructor(f: IrFunction, context: FunctionContext) {
    this.f = f;
    this.context = context;
    this.module = context.module;
  }

  protected emit(line: string): void {
    this.lines.push(`  ${line}`);
  }

  protected fresh(): string {
    return `%t${this.labels++}`;
  }

  protected ref(v: Value): string {
    const { f } = this;
    switch (f.opOf(v)) {
      case Op.const: return constantText(f, v);
      case Op.address: return addressText(this.module, f.a[v] as SymbolId, f.b[v] as number, this.context.typed);
      case Op.slot: return `%s${f.a[v]}`;
      default: return `%v${v}`;
    }
  }

  protected typed(v: Value): string {
    return `${typeText(this.f.typeOf(v))} ${this.ref(v)}`;
  }

  /** The value as another type of the same class: narrow arguments' upper bits are nobody's, pointers are words. */
  protected as(v: Value, wanted: Type): string {
    const type = this.f.typeOf(v);
    if (type === wanted) return this.ref(v);
    const to = this.fresh();
    const word = type === Type.ptr ? "ptrtoint" : wanted === Type.ptr ? "inttoptr" : isFloat(type) !== isFloat(wanted) ? "bitcast"
      : (typeSize[type] as number) > (typeSize[wanted] as number) ? (isFloat(type) ? "fptrunc" : "trunc") : isFloat(type) ? "fpext" : "sext";
    this.emit(`${to} = ${word} ${this.typed(v)} to ${typeText(wanted)}`);
    return to;
  }

  protected condition(v: Value): string {
    const name = opNames[this.f.opOf(v)];
    if (name !== undefined && (comparisons[name] !== undefined || name.endsWith(".overflows"))) return `%c${v}`;
    const to = this.fresh();
    this.emit(`${to} = icmp ne ${this.typed(v)}, 0`);
    return to;
  }

  protected address(v: Value, offset: number): string {
    if (offset === 0) return this.as(v, Type.ptr);
    const { f } = this;
    if (f.opOf(v) === Op.address) return addressText(this.module, f.a[v] as SymbolId, (f.b[v] as number) + offset, this.context.typed);
    const base = this.as(v, Type.ptr);
    const to = this.fresh();
    this.emit(`${to} = getelementptr i8, ptr ${base}, i64 ${offset}`);
    return to;
  }

  /** A pointer to read or write a `type` through, with its type. */
  protected access(type: Type, address: string): string {
    if (!this.context.typed || type === Type.i8) return `ptr ${address}`;
    const to = this.fresh();
    this.emit(`${to} = bitcast ptr ${address} to ${typeText(type)}*`);
    return `${typeText(type)}* ${to}`;
  }

  protected intrinsic(name: string, result: string, parameters: readonly string[]): string {
    this.context.intrinsics.set(name, `declare ${result} @llvm.${name}(${parameters.join(", ")})`);
    return `@llvm.${name}`;
  }

  protected items(list: List): Value[] {
    return Array.from({ length: this.f.listLength(list) }, (_, i) => this.f.listItem(list, i));
  }
}
