/** Statements of random programs. */

import { Expressions } from "./expressions.ts";
import { i64, integers, type Type, type Variable } from "./types.ts";
import { wideStatement } from "./wideStatements.ts";

export class Statements extends Expressions {
  // ── statements ──

  statements(count: number): void {
    const kept = this.variables.length;
    for (let i = 0; i < count; i++) this.statement();
    // What was declared within ends with its block.
    if (this.depth > 1) this.variables.length = kept;
  }

  statement(): void {
    const { random } = this;
    this.cost += this.rounds;
    const nested = this.depth < 4;
    if (random.once(3) && wideStatement(this)) return;
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
  last(type: Type): string {
    const text = this.value(type, 2);
    return /^[a-zA-Z_0-9]/.test(text) ? text : `(${text})`.replace(/^\(\(/, "((");
  }

  assign(): void {
    const place = this.place(undefined);
    if (place === undefined) return this.print();
    this.line(`${place.name} = ${this.value(place.type, 3)}`);
  }

  compound(): void {
    const place = this.place((type) => type.kind === "integer" || type.kind === "float");
    const type = place?.type;
    if (place === undefined || type === undefined || (type.kind !== "float" && type.kind !== "integer")) return this.print();
    if (type.kind === "float") this.line(`${place.name} ${this.random.pick(["+=", "-=", "*="])} ${this.value(type, 2)}`);
    else if (this.random.once(6)) this.line(`${place.name} ${this.random.pick(["<<=", ">>="])} ${this.amount(type)}`);
    else this.line(`${place.name} ${this.random.once(this.recklessness >> 1) ? this.random.pick(["+=", "-=", "*="]) : this.random.pick(["+%=", "-%=", "*%=", "+|=", "-|=", "*|=", "&=", "|=", "^="])} ${this.value(type, 2)}`);
  }

  if(): void {
    this.open(`if ${this.condition(2)} {`);
    this.statements(this.random.between(1, 3));
    if (this.random.once(2)) {
      this.lines.push(`${"    ".repeat(this.depth - 1)}} else ${this.random.once(3) ? `if ${this.condition(1)} ` : ""}{`);
      this.statements(this.random.between(1, 3));
    }
    this.close();
  }

  for(): void {
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

  while(): void {
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

  loop(head: string, rounds: number, variable: Variable | undefined): void {
    this.open(head);
    this.inLoop(rounds, () => {
      const kept = this.variables.length;
      if (variable !== undefined) this.variables.push(variable);
      this.statements(this.random.between(1, 4));
      this.variables.length = kept;
    });
    this.close();
  }

  inLoop(rounds: number, body: () => void): void {
    const before = this.rounds;
    this.rounds *= rounds;
    this.loopDepth++;
    body();
    this.loopDepth--;
    this.rounds = before;
  }

  match(): void {
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

  arm(pattern: string, bound: readonly Variable[]): void {
    this.open(`${pattern} => {`);
    const kept = this.variables.length;
    this.variables.push(...bound);
    this.statements(this.random.between(0, 2));
    this.variables.length = kept;
    this.close();
  }

  print(): void {
    const some = this.pickVariables(2);
    this.line(`println(f"${this.fresh("t")}${some.map(({ name, type }) => ` {${name}${type.kind === "integer" && this.random.once(4) ? this.random.pick([":x", ":08b", ":+", ":>9", ":#o"]) : ""}}`).join("")}")`);
  }
}
