/** Expressions of random programs, and the text that is written. */

import { Random } from "../../../bench/generated/random.ts";
import { bool, floats, i64, integers, type Callee, type IntegerType, type Type, type Variable } from "./types.ts";

export interface ProgramOptions {
  /** Statements in a function's body, about. */
  readonly size?: number;
  /** One operator in so many is unguarded, and may panic. */
  readonly recklessness?: number;
}

export class Expressions {
  readonly random: Random;
  readonly lines: string[] = [];
  depth = 0;
  variables: Variable[] = [];
  /** Arrays that a loop around goes over. */
  readonly lent: string[] = [];
  readonly globals: Variable[] = [];
  readonly callees: Callee[] = [];
  readonly types: Type[] = [];
  /** Those that the program has helpers for. */
  helperTypes: readonly IntegerType[] = [i64];
  counter = 0;
  cost = 0;
  /** Rounds of the loops around, multiplied. */
  rounds = 1;
  loopDepth = 0;
  readonly size: number;
  readonly recklessness: number;
  result: Type = bool;

  constructor(seed: number, { size = 8, recklessness = 60 }: ProgramOptions) {
    this.random = new Random(seed);
    this.size = size;
    this.recklessness = recklessness;
  }

  /** A type of values; `depth` bounds nesting. */
  anyType(depth: number): Type {
    const { random } = this;
    const choice = random.between(0, depth > 0 ? 15 : 9);
    if (choice <= 6) return random.pick(integers);
    if (choice === 7) return random.pick(floats);
    if (choice === 8) return bool;
    if (choice === 9) return i64;
    if (choice <= 11 && this.types.length > 0) return random.pick(this.types);
    if (choice === 12) {
      const parts = [this.anyType(0), this.anyType(depth - 1)];
      return { kind: "tuple", name: `(${parts.map((part) => part.name).join(", ")})`, parts };
    }
    if (choice === 13) {
      const inner = this.anyType(0);
      return { kind: "optional", name: `?${inner.name}`, inner };
    }
    const element = this.anyType(random.once(4) ? depth - 1 : 0);
    const length = random.once(8) ? random.between(9, 70) : random.between(1, 8);
    return { kind: "array", name: `[${length}]${element.name}`, element, length };
  }

  pickVariables(count: number): Variable[] {
    const all = [...this.variables, ...this.globals];
    return all.length === 0 ? [] : Array.from({ length: count }, () => this.random.pick(all));
  }

  /** A place that may be assigned. */
  place(fits: ((type: Type) => boolean) | undefined): Variable | undefined {
    const found: Variable[] = [];
    for (const variable of [...this.variables, ...this.globals]) if (variable.mutable && !this.lent.includes(variable.name)) this.places(variable, 2, found);
    const fitting = fits === undefined ? found : found.filter(({ type }) => fits(type));
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  /** The variable and its parts. */
  places(variable: Variable, depth: number, into: Variable[]): void {
    into.push(variable);
    if (depth === 0) return;
    const { name, type, mutable } = variable;
    if (type.kind === "struct") type.fields.forEach((field, i) => this.places({ name: `${name}.f${i}`, type: field, mutable }, depth - 1, into));
    else if (type.kind === "tuple") type.parts.forEach((part, i) => this.places({ name: `${name}.${i}`, type: part, mutable }, depth - 1, into));
    else if (type.kind === "array") this.places({ name: `${name}[${this.index(type.length)}]`, type: type.element, mutable }, depth - 1, into);
  }

  index(length: number): string {
    const { random } = this;
    if (random.once(2)) return `${random.between(0, length - 1)}`;
    const variable = this.variables.filter(({ type }) => type.kind === "integer");
    if (variable.length === 0) return "0";
    const { name, type } = random.pick(variable);
    if (random.once(this.recklessness)) return name;
    if (type.kind !== "integer") return "0";
    const fitting = (1 << Math.floor(Math.log2(length))) - 1;
    return `(${name} & ${fitting})`;
  }

  // ── expressions ──

  condition(depth: number): string {
    return this.value(bool, depth);
  }

  /** An expression of the type. */
  value(type: Type, depth: number): string {
    const { random } = this;
    const found: Variable[] = [];
    if (!random.once(4)) {
      for (const variable of [...this.variables, ...this.globals]) this.places(variable, 2, found);
      const same = found.filter((variable) => variable.type.name === type.name);
      if (same.length > 0 && (depth === 0 || random.once(3))) return random.pick(same).name;
    }
    if (depth > 0 && random.once(8)) {
      const callee = this.callees.filter((candidate) => candidate.result.name === type.name && candidate.cost * this.rounds < 3000);
      if (callee.length > 0) return this.call(random.pick(callee), depth - 1);
    }
    switch (type.kind) {
      case "integer": return depth === 0 ? this.constant(type) : this.integer(type, depth - 1);
      case "float": return depth === 0 ? this.constant(type) : this.float(type, depth - 1);
      case "bool": return depth === 0 ? this.constant(type) : this.bool(depth - 1);
      case "array":
        if (type.length > 12 || random.once(3)) return `[${this.value(type.element, 0)}; ${type.length}]`;
        return `[${Array.from({ length: type.length }, () => this.value(type.element, Math.max(0, depth - 2))).join(", ")}]`;
      case "struct": return `(${type.name} { ${type.fields.map((field, i) => `f${i}: ${this.value(field, Math.max(0, depth - 1))}`).join(", ")} })`;
      case "tuple": return `(${type.parts.map((part) => this.value(part, Math.max(0, depth - 1))).join(", ")})`;
      case "optional": return random.once(3) ? "None" : `Some(${this.value(type.inner, Math.max(0, depth - 1))})`;
      case "enum": {
        const v = random.between(0, type.variants.length - 1);
        const parts = type.variants[v] as readonly Type[];
        return `${type.name}.V${type.name.slice(1)}${v}${parts.length === 0 ? "" : `(${parts.map((part) => this.value(part, Math.max(0, depth - 1))).join(", ")})`}`;
      }
    }
  }

  call(callee: Callee, depth: number): string {
    this.cost += this.rounds * callee.cost;
    return `${callee.name}(${callee.parameters.map((type) => this.value(type, depth)).join(", ")})`;
  }

  /** A literal that needs nothing known. */
  constant(type: Type): string {
    const { random } = this;
    switch (type.kind) {
      case "integer": {
        const { bits, signed, name } = type;
        const largest = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
        let n: bigint;
        switch (random.between(0, 6)) {
          case 0: n = largest - BigInt(random.between(0, 2)); break;
          case 1: n = signed ? -largest - 1n + BigInt(random.between(0, 2)) : 0n; break;
          case 2: n = (BigInt(random.bits()) << 96n | BigInt(random.bits()) << 64n | BigInt(random.bits()) << 32n | BigInt(random.bits())) & largest; break;
          case 3: n = signed ? -BigInt(random.between(1, 20)) : BigInt(random.between(0, 20)); break;
          default: n = BigInt(random.between(0, 60));
        }
        return n < 0n ? `(${n}${name})` : `${n}${name}`;
      }
      case "float": {
        const n = random.pick([0, 1, 0.5, 2.25, -1.5, 3.75, 1e10, -1e-3, 123456.789, 255, -128]);
        const text = Number.isInteger(n) && Math.abs(n) < 1e9 ? `${n}.0` : `${n}`.replace("e+", "e");
        return n < 0 ? `(${text}${type.name})` : `${text}${type.name}`;
      }
      case "bool": return random.once(2) ? "true" : "false";
      case "array": return type.length > 40 ? `[${this.constant(type.element)}; ${type.length}]` : `[${Array.from({ length: type.length }, () => this.constant(type.element)).join(", ")}]`;
      case "struct": return `${type.name} { ${type.fields.map((field, i) => `f${i}: ${this.constant(field)}`).join(", ")} }`;
      case "tuple": return `(${type.parts.map((part) => this.constant(part)).join(", ")})`;
      case "optional": return random.once(2) ? "None" : `Some(${this.constant(type.inner)})`;
      case "enum": {
        const v = random.between(0, type.variants.length - 1);
        const parts = type.variants[v] as readonly Type[];
        return `${type.name}.V${type.name.slice(1)}${v}${parts.length === 0 ? "" : `(${parts.map((part) => this.constant(part)).join(", ")})`}`;
      }
    }
  }

  integer(type: IntegerType, depth: number): string {
    const { random } = this;
    const { name } = type;
    const a = () => this.value(type, depth);
    switch (random.between(0, 15)) {
      case 15: return `@${random.pick(["rotl", "rotr"])}(${a()}, ${random.between(0, type.bits - 1)})`;
      case 0:
      case 1: return `(${a()} ${random.pick(["+%", "-%", "*%", "+|", "-|", "*|"])} ${a()})`;
      case 2: return `(${a()} ${random.pick(["&", "|", "^"])} ${a()})`;
      case 3: return `((${a()} & ${random.between(1, 7)}) ${random.pick(["+", "*"])} (${a()} & ${random.between(1, 7)}))`;
      case 4: return `((${a()} | 64) - (${a()} & 63))`.replace("| 64) -", name === "i8" ? "& 63) -" : "| 64) -");
      case 5: return random.once(this.recklessness >> 2) ? `(${a()} ${random.pick(["+", "-", "*"])} ${a()})` : `(${a()} +% ${a()})`;
      case 6: return `(${a()} ${random.pick(["/", "%"])} (${a()} | ${type.signed ? "2" : "1"}))`;
      case 7: return random.once(this.recklessness >> 2) ? `(${a()} ${random.pick(["/", "%"])} ${a()})` : `(${a()} / ${random.between(2, 100)})`;
      case 8: return `(${a()} ${random.pick(["<<", ">>"])} ${this.amount(type)})`;
      case 9: return `(~${a()})`;
      case 10: {
        const from = random.pick([...integers, ...floats, bool]);
        return `(${this.value(from, depth)} as ${name})`;
      }
      case 11: return `(if ${this.condition(depth)} { ${a()} } else { ${a()} })`;
      case 12: return random.once(2) ? `min(${a()}, ${a()})` : `max(${a()}, ${a()})`;
      case 13: return `@${random.pick(["clz", "ctz", "popcount", "bswap"])}(${a()})`.replace(/^@bswap/, type.bits === 8 ? "@popcount" : "@bswap");
      default: return type.signed && !random.once(3) ? `(-(${a()} & 100))` : a();
    }
  }

  /** An amount to shift by: mostly within the width. */
  amount(type: IntegerType): string {
    if (this.random.once(this.recklessness)) return this.value(this.random.pick(integers), 0);
    if (this.random.once(2)) return `${this.random.between(0, type.bits - 1)}`;
    return `(${this.value(this.random.pick(integers.filter(({ name }) => name !== "i8" || type.bits < 128)), 0)} & ${type.bits - 1})`;
  }

  float(type: Type, depth: number): string {
    const { random } = this;
    const a = () => this.value(type, depth);
    switch (random.between(0, 7)) {
      case 6: return `@sqrt(${a()})`;
      case 7: return random.once(3) ? `@fma(${a()}, ${a()}, ${a()})` : type.name === "f64" ? `${random.pick(["floor", "fabs"])}(${a()})` : a();
      case 0:
      case 1:
      case 2: return `(${a()} ${random.pick(["+", "-", "*", "/"])} ${a()})`;
      case 3: return `(-${a()})`;
      case 4: return `(${this.value(random.pick([...integers, ...floats]), depth)} as ${type.name})`;
      default: return `(if ${this.condition(depth)} { ${a()} } else { ${a()} })`;
    }
  }

  bool(depth: number): string {
    const { random } = this;
    switch (random.between(0, 5)) {
      case 0: return `(${this.condition(depth)} ${random.pick(["&&", "||"])} ${this.condition(depth)})`;
      case 1: return `(!${this.condition(depth)})`;
      case 2: {
        const type = random.pick(floats);
        return `(${this.value(type, depth)} ${random.pick(["<", "<=", ">", ">=", "==", "!="])} ${this.value(type, depth)})`;
      }
      case 3: {
        const compound = this.variables.filter(({ type }) => type.kind !== "integer" && type.kind !== "bool");
        if (compound.length > 0) {
          const { name, type } = random.pick(compound);
          return `(${name} ${random.pick(type.kind === "float" ? ["==", "!=", "<"] : ["==", "!=", "<", ">="])} ${this.value(type, 0)})`;
        }
        return this.constant(bool);
      }
      default: {
        const type = random.pick(integers);
        return `(${this.value(type, depth)} ${random.pick(["<", "<=", ">", ">=", "==", "!="])} ${this.value(type, depth)})`;
      }
    }
  }

  // ── text ──

  fresh(start: string): string {
    return `${start}${this.counter++}`;
  }

  line(text: string): void {
    this.lines.push(`${"    ".repeat(this.depth)}${text}`);
  }

  open(text: string): void {
    this.line(text);
    this.depth++;
  }

  close(): void {
    this.depth--;
    this.line("}");
  }
}
