/**
 * Random programs in lang that are valid, end soon, print what they compute, and now and then panic by overflow, a bad index, a shift or a
 * division. Text from a seed: functions call only earlier ones, loops have few rounds, and costs are counted.
 */

import { Random } from "../../bench/generated/random.ts";

type IntegerName = "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize";

type Type =
  | { readonly kind: "integer"; readonly name: IntegerName; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "float"; readonly name: "f32" | "f64" }
  | { readonly kind: "bool"; readonly name: "bool" }
  | { readonly kind: "array"; readonly name: string; readonly element: Type; readonly length: number }
  | { readonly kind: "struct"; readonly name: string; readonly fields: readonly Type[] }
  | { readonly kind: "enum"; readonly name: string; readonly variants: readonly (readonly Type[])[] }
  | { readonly kind: "tuple"; readonly name: string; readonly parts: readonly Type[] }
  | { readonly kind: "optional"; readonly name: string; readonly inner: Type };

interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

interface Callee {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly cost: number;
}

const integers: readonly Extract<Type, { kind: "integer" }>[] = (["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"] as const)
  .map((name) => ({ kind: "integer", name, bits: name.endsWith("size") ? 64 : Number(name.slice(1)), signed: name.startsWith("i") }));
const i64 = integers[3] as Type;
const bool: Type = { kind: "bool", name: "bool" };
const floats: readonly Type[] = [{ kind: "float", name: "f64" }, { kind: "float", name: "f32" }];

export interface ProgramOptions {
  /** Statements in a function's body, about. */
  readonly size?: number;
  /** One operator in so many is unguarded, and may panic. */
  readonly recklessness?: number;
}

export function randomProgram(seed: number, options: ProgramOptions = {}): string {
  return new ProgramWriter(seed, options).program();
}

class ProgramWriter {
  private readonly random: Random;
  private readonly lines: string[] = [];
  private depth = 0;
  private variables: Variable[] = [];
  /** Arrays that a loop around goes over. */
  private readonly lent: string[] = [];
  private readonly globals: Variable[] = [];
  private readonly callees: Callee[] = [];
  private readonly types: Type[] = [];
  private counter = 0;
  private cost = 0;
  /** Rounds of the loops around, multiplied. */
  private rounds = 1;
  private loopDepth = 0;
  private readonly size: number;
  private readonly recklessness: number;
  private result: Type = bool;

  constructor(seed: number, { size = 8, recklessness = 60 }: ProgramOptions) {
    this.random = new Random(seed);
    this.size = size;
    this.recklessness = recklessness;
  }

  program(): string {
    const { random } = this;
    this.line(`// Made by scripts/fuzz/randomProgram.ts.`);
    this.declareTypes();
    for (let i = 0; i < random.between(1, 4); i++) {
      const type = this.anyType(2);
      if (type.kind === "optional") continue;
      const name = `global_${i}`;
      this.line(`var ${name} ${type.name} = ${this.constant(type)}`);
      this.globals.push({ name, type, mutable: true });
    }
    const count = random.between(2, 6);
    for (let i = 0; i < count; i++) this.function(i);
    this.main();
    return `${this.lines.join("\n")}\n`;
  }

  // ── declarations ──

  private declareTypes(): void {
    const { random } = this;
    for (let i = 0; i < random.between(1, 3); i++) {
      const fields = Array.from({ length: random.between(1, 5) }, () => this.anyType(1));
      const name = `S${i}`;
      this.open(`struct ${name}: Copy, Eq, Show {`);
      fields.forEach((field, f) => this.line(`f${f} ${field.name}`));
      this.close();
      this.types.push({ kind: "struct", name, fields });
    }
    for (let i = 0; i < random.between(1, 2); i++) {
      const variants = Array.from({ length: random.between(2, 5) }, () => Array.from({ length: random.between(0, 3) }, () => this.anyType(1)));
      const name = `E${i}`;
      this.open(`enum ${name}: Copy, Eq, Show {`);
      variants.forEach((parts, v) => this.line(`V${i}${v}${parts.length === 0 ? "" : `(${parts.map((part) => part.name).join(", ")})`}`));
      this.close();
      this.types.push({ kind: "enum", name, variants });
    }
  }

  /** A type of values; `depth` bounds nesting. */
  private anyType(depth: number): Type {
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
    const length = random.between(1, 8);
    return { kind: "array", name: `[${length}]${element.name}`, element, length };
  }

  private function(index: number): void {
    const { random } = this;
    const parameters = Array.from({ length: random.between(0, random.once(5) ? 10 : 4) }, () => this.anyType(1));
    this.result = random.once(4) ? this.anyType(1) : random.pick([...integers, i64, i64]);
    const name = `func_${index}`;
    this.begin();
    this.open(`func ${name}(${parameters.map((type, i) => `p${i} ${type.name}`).join(", ")}) ${this.result.name} {`);
    parameters.forEach((type, i) => this.variables.push({ name: `p${i}`, type, mutable: false }));
    this.statements(this.size);
    if (random.once(3)) this.print();
    this.line(random.once(2) ? `return ${this.value(this.result, 2)}` : this.value(this.result, 2).replace(/^-/, "0 + -"));
    // A last line that begins with an operator or a bracket would continue the one above.
    const last = this.lines.length - 1;
    const text = this.lines[last] as string;
    if (!/^\s*(return|[a-zA-Z_0-9])/.test(text)) this.lines[last] = text.replace(/\S/, (first) => `return ${first}`);
    this.close();
    this.callees.push({ name, parameters, result: this.result, cost: this.cost });
  }

  private main(): void {
    this.begin();
    this.open("func main() {");
    this.result = { kind: "tuple", name: "()", parts: [] };
    for (const callee of this.callees) {
      const name = this.fresh("r");
      this.line(`let ${name} = ${this.call(callee, 1)}`);
      this.line(`println(f"${callee.name} gives {${name}}")`);
      this.variables.push({ name, type: callee.result, mutable: false });
    }
    this.statements(this.size);
    for (const { name } of [...this.variables, ...this.globals]) this.line(`println(f"${name} = {${name}}")`);
    this.close();
  }

  private begin(): void {
    this.variables = [];
    this.cost = 10;
    this.rounds = 1;
    this.loopDepth = 0;
  }

  // ── statements ──

  private statements(count: number): void {
    const kept = this.variables.length;
    for (let i = 0; i < count; i++) this.statement();
    // What was declared within ends with its block.
    if (this.depth > 1) this.variables.length = kept;
  }

  private statement(): void {
    const { random } = this;
    this.cost += this.rounds;
    const nested = this.depth < 4;
    switch (random.between(0, 13)) {
      case 0:
      case 1:
      case 2: {
        const type = this.anyType(2);
        const name = this.fresh("v");
        const mutable = !random.once(3);
        this.line(`${mutable ? "var" : "let"} ${name} ${type.name} = ${this.value(type, 3)}`);
        this.variables.push({ name, type, mutable });
        return;
      }
      case 3:
      case 4:
        this.assign();
        return;
      case 5:
        this.compound();
        return;
      case 6:
        if (nested) this.if();
        else this.assign();
        return;
      case 7:
        if (nested && this.loopDepth < 3) this.for();
        else this.compound();
        return;
      case 8:
        if (nested && this.loopDepth < 3) this.while();
        else this.compound();
        return;
      case 9:
        if (nested) this.match();
        else this.assign();
        return;
      case 10:
        this.print();
        return;
      case 11:
        if (random.once(6) && this.depth > 1 && this.result.kind !== "tuple") this.line(`if ${this.condition(1)} { return ${this.value(this.result, 1)} }`);
        else if (random.once(3) && this.loopDepth > 0) this.line(`if ${this.condition(1)} { ${random.pick(["break", "continue"])} }`);
        else this.assign();
        return;
      case 12:
        if (random.once(3)) this.line(`defer println("deferred ${this.fresh("d")}")`);
        else this.compound();
        return;
      default: {
        const type = this.anyType(1);
        const name = this.fresh("v");
        this.open(`let ${name} ${type.name} = if ${this.condition(2)} {`);
        this.line(this.last(type));
        this.lines.push(`${"    ".repeat(this.depth - 1)}} else {`);
        this.line(this.last(type));
        this.close();
        this.variables.push({ name, type, mutable: false });
      }
    }
  }

  /** The last expression of a block: it must not seem to continue the line above. */
  private last(type: Type): string {
    const text = this.value(type, 2);
    return /^[a-zA-Z_0-9]/.test(text) ? text : `(${text})`.replace(/^\(\(/, "((");
  }

  private assign(): void {
    const place = this.place(undefined);
    if (place === undefined) return this.print();
    this.line(`${place.name} = ${this.value(place.type, 3)}`);
  }

  private compound(): void {
    const place = this.place((type) => type.kind === "integer" || type.kind === "float");
    const type = place?.type;
    if (place === undefined || type === undefined || (type.kind !== "float" && type.kind !== "integer")) return this.print();
    if (type.kind === "float") this.line(`${place.name} ${this.random.pick(["+=", "-=", "*="])} ${this.value(type, 2)}`);
    else if (this.random.once(6)) this.line(`${place.name} ${this.random.pick(["<<=", ">>="])} ${this.amount(type)}`);
    else this.line(`${place.name} ${this.random.once(this.recklessness >> 1) ? this.random.pick(["+=", "-=", "*="]) : this.random.pick(["+%=", "-%=", "*%=", "+|=", "-|=", "*|=", "&=", "|=", "^="])} ${this.value(type, 2)}`);
  }

  private if(): void {
    this.open(`if ${this.condition(2)} {`);
    this.statements(this.random.between(1, 3));
    if (this.random.once(2)) {
      this.lines.push(`${"    ".repeat(this.depth - 1)}} else ${this.random.once(3) ? `if ${this.condition(1)} ` : ""}{`);
      this.statements(this.random.between(1, 3));
    }
    this.close();
  }

  private for(): void {
    const { random } = this;
    const rounds = random.between(1, 6);
    const i = this.fresh("i");
    const array = this.variables.filter(({ type }) => type.kind === "array");
    if (array.length > 0 && random.once(3)) {
      const { name, type } = random.pick(array);
      if (type.kind !== "array") return;
      // A loop lends the elements: until it is left the array does not change.
      this.lent.push(name);
      this.loop(`for ${i} in ${random.once(2) ? "" : "&"}${name} {`, type.length, undefined);
      this.lent.pop();
      return;
    }
    const start = random.between(-3, 10);
    const type = random.once(3) ? (random.pick(integers.filter(({ signed }) => signed || start >= 0)) as Type) : i64;
    const range = random.once(3) ? `${start}..=${start + rounds - 1}` : `${start}..${start + rounds}`;
    this.loop(type === i64 ? `for ${i} in ${range} {` : `for ${i} in ${range.replace(/^(-?\d+)/, `$1${type.name}`)} {`, rounds, { name: i, type, mutable: false });
  }

  private while(): void {
    const rounds = this.random.between(1, 5);
    const i = this.fresh("w");
    this.line(`var ${i} i64 = ${this.random.between(0, 3)}`);
    const limit = 3 + rounds;
    this.open(this.random.once(2) ? `while ${i} < ${limit} {` : "loop {");
    if ((this.lines[this.lines.length - 1] as string).trim() === "loop {") this.line(`if ${i} >= ${limit} { break }`);
    this.line(`${i} += 1`);
    this.inLoop(limit, () => {
      const kept = this.variables.length;
      this.variables.push({ name: i, type: i64, mutable: false });
      this.statements(this.random.between(1, 3));
      this.variables.length = kept;
    });
    this.close();
  }

  private loop(head: string, rounds: number, variable: Variable | undefined): void {
    this.open(head);
    this.inLoop(rounds, () => {
      const kept = this.variables.length;
      if (variable !== undefined) this.variables.push(variable);
      this.statements(this.random.between(1, 4));
      this.variables.length = kept;
    });
    this.close();
  }

  private inLoop(rounds: number, body: () => void): void {
    const before = this.rounds;
    this.rounds *= rounds;
    this.loopDepth++;
    body();
    this.loopDepth--;
    this.rounds = before;
  }

  private match(): void {
    const { random } = this;
    const enums = this.variables.filter(({ type }) => type.kind === "enum" || type.kind === "optional");
    const chosen = enums.length > 0 && !random.once(3) ? random.pick(enums) : undefined;
    if (chosen?.type.kind === "enum") {
      const { name, type } = chosen;
      if (type.kind !== "enum") return;
      this.open(`match ${name} {`);
      type.variants.forEach((parts, v) => {
        const names = parts.map(() => this.fresh("m"));
        const guard = random.once(5) ? ` if ${this.condition(1)}` : "";
        const pattern = `V${type.name.slice(1)}${v}${parts.length === 0 ? "" : `(${names.join(", ")})`}`;
        if (guard !== "") this.arm(`${type.name}.${pattern}${guard}`, parts.map((part, i) => ({ name: names[i] as string, type: part, mutable: false })));
        const again = guard === "" ? names : parts.map(() => this.fresh("m"));
        this.arm(random.once(2) ? `${type.name}.${pattern.replace(/\(.*/, "")}${parts.length === 0 ? "" : `(${again.join(", ")})`}` : `${pattern.replace(/\(.*/, "")}${parts.length === 0 ? "" : `(${again.join(", ")})`}`,
          parts.map((part, i) => ({ name: again[i] as string, type: part, mutable: false })));
      });
      this.close();
      return;
    }
    if (chosen?.type.kind === "optional") {
      const inner = this.fresh("m");
      this.open(`match ${chosen.name} {`);
      this.arm(`Some(${inner})`, [{ name: inner, type: chosen.type.inner, mutable: false }]);
      this.arm("None", []);
      this.close();
      return;
    }
    const type = random.pick(integers);
    const scrutinee = this.fresh("s");
    this.line(`let ${scrutinee} ${type.name} = ${this.value(type, 2)}`);
    this.open(`match ${scrutinee} {`);
    const start = random.between(0, 5);
    const patterns = [`${start}`, `${start + 1}..=${start + random.between(2, 30)}`, `${start + 40} | ${start + 42} | ${start + 41}`, `${start + 50}..`];
    for (const pattern of patterns) if (!random.once(3)) this.arm(random.once(6) ? `${pattern} if ${this.condition(1)}` : pattern, []);
    this.arm("_", []);
    this.close();
  }

  private arm(pattern: string, bound: readonly Variable[]): void {
    this.open(`${pattern} => {`);
    const kept = this.variables.length;
    this.variables.push(...bound);
    this.statements(this.random.between(0, 2));
    this.variables.length = kept;
    this.close();
  }

  private print(): void {
    const some = this.pickVariables(2);
    this.line(`println(f"${this.fresh("t")}${some.map(({ name }) => ` {${name}}`).join("")}")`);
  }

  private pickVariables(count: number): Variable[] {
    const all = [...this.variables, ...this.globals];
    return all.length === 0 ? [] : Array.from({ length: count }, () => this.random.pick(all));
  }

  /** A place that may be assigned. */
  private place(fits: ((type: Type) => boolean) | undefined): Variable | undefined {
    const found: Variable[] = [];
    for (const variable of [...this.variables, ...this.globals]) if (variable.mutable && !this.lent.includes(variable.name)) this.places(variable, 2, found);
    const fitting = fits === undefined ? found : found.filter(({ type }) => fits(type));
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  /** The variable and its parts. */
  private places(variable: Variable, depth: number, into: Variable[]): void {
    into.push(variable);
    if (depth === 0) return;
    const { name, type, mutable } = variable;
    if (type.kind === "struct") type.fields.forEach((field, i) => this.places({ name: `${name}.f${i}`, type: field, mutable }, depth - 1, into));
    else if (type.kind === "tuple") type.parts.forEach((part, i) => this.places({ name: `${name}.${i}`, type: part, mutable }, depth - 1, into));
    else if (type.kind === "array") this.places({ name: `${name}[${this.index(type.length)}]`, type: type.element, mutable }, depth - 1, into);
  }

  private index(length: number): string {
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

  private condition(depth: number): string {
    return this.value(bool, depth);
  }

  /** An expression of the type. */
  private value(type: Type, depth: number): string {
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
        if (random.once(3)) return `[${this.value(type.element, 0)}; ${type.length}]`;
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

  private call(callee: Callee, depth: number): string {
    this.cost += this.rounds * callee.cost;
    return `${callee.name}(${callee.parameters.map((type) => this.value(type, depth)).join(", ")})`;
  }

  /** A literal that needs nothing known. */
  private constant(type: Type): string {
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
      case "array": return `[${Array.from({ length: type.length }, () => this.constant(type.element)).join(", ")}]`;
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

  private integer(type: Extract<Type, { kind: "integer" }>, depth: number): string {
    const { random } = this;
    const { name } = type;
    const a = () => this.value(type, depth);
    switch (random.between(0, 14)) {
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
  private amount(type: Extract<Type, { kind: "integer" }>): string {
    if (this.random.once(this.recklessness)) return this.value(this.random.pick(integers), 0);
    if (this.random.once(2)) return `${this.random.between(0, type.bits - 1)}`;
    return `(${this.value(this.random.pick(integers.filter(({ name }) => name !== "i8" || type.bits < 128)), 0)} & ${type.bits - 1})`;
  }

  private float(type: Type, depth: number): string {
    const { random } = this;
    const a = () => this.value(type, depth);
    switch (random.between(0, 5)) {
      case 0:
      case 1:
      case 2: return `(${a()} ${random.pick(["+", "-", "*", "/"])} ${a()})`;
      case 3: return `(-${a()})`;
      case 4: return `(${this.value(random.pick([...integers, ...floats]), depth)} as ${type.name})`;
      default: return `(if ${this.condition(depth)} { ${a()} } else { ${a()} })`;
    }
  }

  private bool(depth: number): string {
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
          return `(${name} ${random.pick(["==", "!="])} ${this.value(type, 0)})`;
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

  private fresh(start: string): string {
    return `${start}${this.counter++}`;
  }

  private line(text: string): void {
    this.lines.push(`${"    ".repeat(this.depth)}${text}`);
  }

  private open(text: string): void {
    this.line(text);
    this.depth++;
  }

  private close(): void {
    this.depth--;
    this.line("}");
  }
}
