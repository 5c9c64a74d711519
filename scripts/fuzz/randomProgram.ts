/**
 * Random programs in lang that are valid, end soon, print what they compute, and now and then panic by overflow, a bad index, a shift or a
 * division. Text from a seed: functions call only earlier ones, loops have few rounds, and costs are counted.
 */

import type { ProgramOptions } from "./scalar/expressions.ts";
import { helpers, implementation, numberTrait } from "./scalar/helpers.ts";
import { Statements } from "./scalar/statements.ts";
import { i64, integers } from "./scalar/types.ts";

export function randomProgram(seed: number, options: ProgramOptions = {}): string {
  return new ProgramWriter(seed, options).program();
}

class ProgramWriter extends Statements {
  program(): string {
    const { random } = this;
    this.line(`// Made by scripts/fuzz/randomProgram.ts.`);
    this.helperTypes = [i64, random.pick(integers), random.pick(integers)];
    for (const type of new Set(this.helperTypes)) this.lines.push(...helpers(type).split("\n"));
    this.declareTypes();
    this.lines.push(...numberTrait.split("\n"), ...this.types.flatMap((type) => implementation(type).split("\n")));
    for (let i = 0; i < random.between(1, 4); i++) {
      const type = this.anyType(2);
      if (type.kind === "optional") continue;
      const mutable = !random.once(3);
      const name = mutable ? `global_${i}` : `GLOBAL_${i}`;
      this.line(`${mutable ? "var" : "const"} ${name} ${type.name} = ${this.constant(type)}`);
      this.globals.push({ name, type, mutable });
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
      this.open(`struct ${name}: Copy, Eq, Ord, Show {`);
      fields.forEach((field, f) => this.line(`f${f} ${field.name}`));
      this.close();
      this.types.push({ kind: "struct", name, fields });
    }
    for (let i = 0; i < random.between(1, 2); i++) {
      const variants = Array.from({ length: random.between(2, 5) }, () => Array.from({ length: random.between(0, 3) }, () => this.anyType(1)));
      const name = `E${i}`;
      this.open(`enum ${name}: Copy, Eq, Ord, Show {`);
      variants.forEach((parts, v) => this.line(`V${i}${v}${parts.length === 0 ? "" : `(${parts.map((part) => part.name).join(", ")})`}`));
      this.close();
      this.types.push({ kind: "enum", name, variants });
    }
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
}
