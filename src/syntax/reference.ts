/**
 * The reference of a source file, made from its `///` comments, as Markdown: what `lang doc` prints. Listed is what others can use: `pub` declarations,
 * and the documented `pub` methods and trait implementations of types and traits that are listed. Signatures are as the source writes them, without bodies.
 */

import type { Interner } from "../source/interner.ts";
import type { SourceFile } from "../source/sourceMap.ts";
import { type Ast, Flag, Kind, type Node } from "./ast.ts";
import { documentation } from "./documentation.ts";

const decoder = new TextDecoder();

/** What is documented of one name. */
interface Entry {
  readonly title: string;
  readonly signature: string;
  readonly text: string;
}

interface TypeEntry extends Entry {
  readonly name: string;
  readonly members: Entry[];
  /** Traits that are implemented, as written. */
  readonly traits: string[];
}

/** That a type has a trait, said in another file than the type's. */
export interface Foreign {
  readonly type: string;
  /** As written. */
  readonly trait: string;
}

/** What a parsed file has to document. `root` is the file's node. */
export function readReference(ast: Ast, names: Interner, file: SourceFile, root: Node): Reference {
  const reference = new Reference(ast, names, file);
  reference.readAll(root);
  return reference;
}

export class Reference {
  private readonly types = new Map<string, TypeEntry>();
  private readonly others: Entry[] = [];
  /** Types and traits that the file keeps to itself. */
  readonly hidden = new Set<string>();
  /** Implementations of traits for types that another file declares. */
  readonly foreign: Foreign[] = [];
  private readonly implementations: Node[] = [];

  private readonly ast: Ast;
  private readonly names: Interner;
  private readonly file: SourceFile;

  constructor(ast: Ast, names: Interner, file: SourceFile) {
    this.ast = ast;
    this.names = names;
    this.file = file;
  }

  /** Whether the file declares a public type or trait of this name. */
  declares(name: string): boolean {
    return this.types.has(name);
  }

  /** Takes in that a type of this file has a trait. */
  adopt({ type, trait }: Foreign): void {
    this.types.get(type)?.traits.push(trait);
  }

  readAll(root: Node): void {
    this.readList(this.ast.declarations(root));
    // Methods may stand before their type.
    for (const node of this.implementations) this.readImplementation(node);
  }

  private readList(list: ReturnType<Ast["declarations"]>): void {
    for (let i = 0; i < this.ast.length(list); i++) this.readDeclaration(this.ast.item(list, i));
  }

  private readDeclaration(node: Node): void {
    const { ast } = this;
    switch (ast.kind[node]) {
      case Kind.Impl:
        this.implementations.push(node);
        return;
      case Kind.CompileIf:
        // Every target's functions have the same types: the first branch speaks for all.
        this.readList(ast.thenDeclarations(node));
        return;
      case Kind.Struct: case Kind.Enum: case Kind.Trait:
        if (ast.has(node, Flag.public)) this.readType(node);
        else this.hidden.add(this.nameOf(node));
        return;
      case Kind.Function: case Kind.Const: case Kind.Global: case Kind.TypeAlias:
        if (ast.has(node, Flag.public)) this.others.push(this.entry(node));
    }
  }

  private readType(node: Node): void {
    const { ast } = this;
    const name = this.nameOf(node);
    const members: Entry[] = [];
    if (ast.kind[node] === Kind.Trait) {
      const list = ast.members(node);
      for (let i = 0; i < ast.length(list); i++) members.push(this.entry(ast.item(list, i)));
    }
    this.types.set(name, { ...this.entry(node), name, members, traits: [] });
  }

  private readImplementation(node: Node): void {
    const { ast } = this;
    const target = this.textOf(ast.implType(node));
    const name = /^\w+/.exec(target)?.[0] ?? "";
    if (this.hidden.has(name)) return;
    const type = this.types.get(name);
    const trait = ast.implTrait(node);
    if (trait !== 0) {
      if (type !== undefined) type.traits.push(this.textOf(trait));
      else if (name !== "") this.foreign.push({ type: name, trait: this.textOf(trait) });
      return;
    }
    const members: Entry[] = [];
    const list = ast.members(node);
    for (let i = 0; i < ast.length(list); i++) {
      const method = ast.item(list, i);
      if (ast.has(method, Flag.documented) && ast.has(method, Flag.public)) members.push(this.entry(method));
    }
    if (members.length === 0) return;
    if (type !== undefined) {
      type.members.push(...members);
      return;
    }
    // Methods of a type that another file declares, or of a built-in one: what is implemented under other bounds stands for itself.
    const head = this.head(node);
    const earlier = this.types.get(head);
    if (earlier !== undefined) earlier.members.push(...members);
    else this.types.set(head, { name: head, title: titleOf(head, target), signature: head, text: "", members, traits: [] });
  }

  private entry(node: Node): Entry {
    return { title: this.nameOf(node), signature: this.signatureOf(node), text: documentation(this.ast, this.file, node) };
  }

  private nameOf(node: Node): string {
    return this.names.name(this.ast.name(node));
  }

  private textOf(node: Node): string {
    return this.slice(this.ast.start[node] as number, this.ast.end[node] as number);
  }

  private slice(start: number, end: number): string {
    return decoder.decode(this.file.bytes.subarray(start - this.file.base, end - this.file.base));
  }

  private signatureOf(node: Node): string {
    const { ast } = this;
    switch (ast.kind[node]) {
      case Kind.Function: {
        const body = ast.body(node);
        return oneLine(body === 0 ? this.textOf(node) : this.slice(ast.start[node] as number, ast.start[body] as number));
      }
      case Kind.Trait:
        return this.head(node);
      case Kind.Struct:
        return this.structure(node);
      default:
        return this.textOf(node);
    }
  }

  /** A declaration up to its first brace. */
  private head(node: Node): string {
    const text = this.textOf(node);
    const brace = text.indexOf("{");
    return oneLine(brace < 0 ? text : text.slice(0, brace));
  }

  /** A struct with its public fields; what it keeps to itself is nobody's business. */
  private structure(node: Node): string {
    const { ast } = this;
    const fields: string[] = [];
    const list = ast.members(node);
    for (let i = 0; i < ast.length(list); i++) {
      const field = ast.item(list, i);
      if (ast.has(field, Flag.public)) fields.push(oneLine(this.textOf(field)));
    }
    return fields.length === 0 ? this.head(node) : `${this.head(node)} {\n${fields.map((field) => `    ${field}\n`).join("")}}`;
  }

  /** The Markdown, under a heading of `level` signs; "" if nothing in the file is public. */
  markdown(title: string, level = 2): string {
    if (this.types.size === 0 && this.others.length === 0) return "";
    const heading = (depth: number, text: string) => `${"#".repeat(level + depth)} ${text}`;
    const lines = [heading(0, title), ""];
    const introduction = this.introduction();
    if (introduction !== "") lines.push(introduction, "");
    for (const { title: name, signature, text, members, traits } of this.types.values()) {
      lines.push(heading(1, name), "", "```text", signature, "```", "");
      if (text !== "") lines.push(text, "");
      if (traits.length > 0) lines.push(`Implements ${traits.map((trait) => `\`${trait}\``).join(", ")}.`, "");
      for (const member of members) lines.push(...this.member(member));
    }
    if (this.others.length > 0 && this.types.size > 0) lines.push(heading(1, `Functions of ${title}`), "");
    for (const other of this.others) lines.push(...this.member(other));
    return `${lines.join("\n").trimEnd()}\n`;
  }

  private member({ signature, text }: Entry): string[] {
    return [`**\`${signature}\`**`, "", ...(text === "" ? [] : [text, ""])];
  }

  /** The `//` comment that the file opens with. */
  private introduction(): string {
    const lines: string[] = [];
    for (const line of decoder.decode(this.file.bytes).split("\n")) {
      if (!line.startsWith("//") || line.startsWith("///")) break;
      lines.push(line.slice(2).trim());
    }
    return lines.join("\n");
  }
}

/** The target of an implementation with the bounds under which it holds: `[]T, T: Eq`. */
function titleOf(head: string, target: string): string {
  const parameters = head.slice("impl".length, head.length - target.length).trim().replace(/^\[|\]$/g, "");
  return parameters.includes(":") ? `${target}, ${parameters}` : target;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
