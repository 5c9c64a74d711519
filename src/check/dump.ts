/** The checked program as text, for `--emit=typed`: each function's body with a line a node, its type, its conversion and what it means. */

import { operandsByKind } from "../syntax/operands.ts";
import { Kind, binaryOperators, unaryOperators, type List, type Node } from "../syntax/ast.ts";
import type { Interner, NameId } from "../source/interner.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import { BuiltinMember, LocalFlag, MeaningKind, meaningIndex, meaningKind, type CheckedProgram } from "./checkedProgram.ts";
import type { FunctionDefinition, LocalId } from "./definitions.ts";
import { intrinsicNames } from "./intrinsics.ts";
import { TypeNames } from "./typeNames.ts";

/** All functions of the user's files that were checked, in the order of the text. `sources` tells which files are the user's. */
export function dumpTyped(program: CheckedProgram, names: Interner, sources: SourceMap): string {
  const dump = new Dump(program, names);
  const parts: string[] = [];
  for (const definition of program.definitions) {
    if (definition.kind !== "function" || definition.node === 0 || !definition.bodyChecked || definition.origin !== "lang") continue;
    const path = sources.fileAt(program.ast.start[definition.node] as number)?.path ?? "";
    if (/^(std|os)\//.test(path)) continue;
    parts.push(dump.function(definition));
  }
  return parts.join("\n");
}

class Dump {
  private readonly program: CheckedProgram;
  private readonly names: Interner;
  private readonly types: TypeNames;
  private lines: string[] = [];

  constructor(program: CheckedProgram, names: Interner) {
    this.program = program;
    this.names = names;
    this.types = new TypeNames(program.types, program.definitions, names);
  }

  function(f: FunctionDefinition): string {
    const { ast } = this.program;
    this.lines = [];
    const parameters = f.parameters.map((type, i) => `${this.local(f.parameterLocals[i])} ${this.types.of(type)}`).join(", ");
    const isNamed = ast.kind[f.node] === Kind.Function;
    this.lines.push(`${ast.kindName(f.node).toLowerCase()} ${isNamed ? this.names.name(f.name) : ""}(${parameters}) ${this.types.of(f.result)}`);
    this.node(ast.body(f.node), 1);
    return `${this.lines.join("\n")}\n`;
  }

  private local(local: LocalId | undefined): string {
    if (local === undefined || local === 0) return "?";
    const { program } = this;
    const flags = `${program.localHas(local, LocalFlag.addressTaken) ? "&" : ""}${program.localHas(local, LocalFlag.assigned) ? "=" : ""}`;
    return `${this.names.name(program.ast.name(program.localNode(local)))}%${local}${flags}`;
  }

  private node(n: Node, depth: number): void {
    const { ast } = this.program;
    const kind = ast.kind[n] as number;
    const operands = operandsByKind[kind] ?? [];
    const values = [ast.a[n], ast.b[n], ast.c[n], ast.d[n]] as readonly number[];
    let text = `${"  ".repeat(depth)}${ast.kindName(n)}`;
    operands.forEach((operand, i) => {
      const value = values[i] as number;
      if (operand === "name" && value !== 0) text += ` ${this.names.name(value as NameId)}`;
      else if (operand === "number") text += ` ${value}`;
      else if (operand === "integer") text += ` ${ast.integers[value]}`;
      else if (operand === "float") text += ` ${ast.floats[value]}`;
      else if (operand === "string" || (operand === "format" && value !== 0)) text += ` ${JSON.stringify(new TextDecoder().decode(ast.strings[value]))}`;
      else if (operand === "unary") text += ` ${unaryOperators[value]}`;
      else if (operand === "binary") text += ` ${binaryOperators[value] ?? ""}${kind === Kind.Assign ? "=" : ""}`;
    });
    this.lines.push(text + this.facts(n));
    // A left spine of operators may be long, and goes down without nesting.
    operands.forEach((operand, i) => {
      const value = values[i] as number;
      if (operand === "node" && value !== 0) this.node(value as Node, depth + 1);
      else if (operand === "list") {
        const list = value as List;
        for (let j = 0; j < ast.length(list); j++) this.node(ast.item(list, j), depth + 1);
      }
    });
  }

  private facts(n: Node): string {
    const { program } = this;
    const type = program.typeOf(n);
    const wanted = program.wantedOf(n);
    let text = type === 0 ? "" : ` : ${this.types.of(type)}`;
    if (wanted !== 0) text += ` -> ${this.types.of(wanted)}`;
    const m = program.meaningOf(n);
    const index = meaningIndex(m);
    switch (meaningKind(m)) {
      case MeaningKind.Local:
        return `${text} = ${this.local(index as LocalId)}`;
      case MeaningKind.Definition: {
        const definition = program.definitions[index];
        if (definition === undefined) return text;
        const args = program.instanceArgs(program.instanceOf(n));
        const instance = args.length === 0 ? "" : `[${args.map((arg) => this.types.of(arg)).join(", ")}]`;
        return `${text} = ${definition.kind} ${this.names.name(definition.name)}${instance}`;
      }
      case MeaningKind.Field:
        return `${text} = field ${index}`;
      case MeaningKind.Member:
        return `${text} = ${index === BuiltinMember.len ? "len" : "ptr"}`;
      case MeaningKind.Node:
        return `${text} = the ${program.ast.kindName(index as Node)} at ${program.ast.start[index]}`;
      case MeaningKind.Intrinsic:
        return `${text} = @${intrinsicNames[index]}`;
      default:
        return text;
    }
  }
}
