/** Trees and tokens as text: `--emit=ast`, `--emit=tokens`, and what tests compare. */

import type { Interner, NameId } from "../source/interner.ts";
import { numberTypes } from "../source/interner.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import { type Ast, Flag, Kind, type Node, binaryOperators, kinds, unaryOperators } from "./ast.ts";
import { operandsByKind } from "./operands.ts";
import { T, TokenFlag, type Tokens, firstKeyword, tokenKinds } from "./token.ts";

const decoder = new TextDecoder();

const flagNames = Object.entries(Flag);

/** How wide a node may be on one line. */
const width = 120;

export interface DumpOptions {
  /** Writes each node's place, as `line:column-line:column`. */
  readonly spans?: SourceMap;
}

/** A tree as nested lists: the kind, the flags, then the operands; what is absent is left out, a list stands in brackets. */
export function dumpAst(ast: Ast, names: Interner, root: Node, options: DumpOptions = {}): string {
  const { spans } = options;
  const place = (position: number): string => {
    const at = spans?.place(position);
    return at === undefined ? "?" : `${at.line}:${at.column}`;
  };
  const node = (n: Node, indent: string): string => {
    if (leftSpine(ast, n)) return longLeft(n, indent);
    if (elseSpine(ast, n)) return longElse(n, indent);
    return `(${head(n)}${rest(n, 0, indent)})`;
  };
  // Chains of operators are deep on the left, chains of else-ifs on the right, and both may be very long: they are walked in loops.
  const longLeft = (n: Node, indent: string): string => {
    let heads = "";
    const tails: string[] = [];
    let at = n;
    for (; isSpine[ast.kind[at] as number] !== 0; at = ast.operand(at)) {
      heads += `(${head(at)} `;
      tails.push(`${rest(at, 1, indent)})`);
    }
    return heads + node(at, indent) + tails.reverse().join("");
  };
  const longElse = (n: Node, indent: string): string => {
    let text = "";
    let count = 0;
    let at = n;
    for (; elseOf(ast, at) !== 0; at = elseOf(ast, at)) {
      const then = ast.kind[at] === Kind.CompileIf ? list(ast.thenDeclarations(at), `${indent}  `) : node(ast.thenBlock(at), indent);
      text += `(${head(at)} ${node(ast.condition(at), indent)} ${then} `;
      count++;
    }
    return `${text}${node(at, indent)}${")".repeat(count)}`;
  };
  const list = (items: number, indent: string): string => {
    const parts: string[] = [];
    for (let k = 1; k <= (ast.pool[items] as number); k++) parts.push(node(ast.pool[items + k] as Node, indent));
    return parts.length === 0 ? "" : layOut("[", parts, "]", indent);
  };
  const head = (n: Node): string => {
    const flags = flagNames.filter(([, bit]) => ast.has(n, bit)).map(([name]) => ` ${name}`);
    const operator = ast.kind[n] === Kind.Unary ? ` ${unaryOperators[ast.unaryOperator(n)]}` : ast.kind[n] === Kind.Binary || (ast.kind[n] === Kind.Assign && ast.operator(n) !== 0) ? ` ${binaryOperators[ast.operator(n)]}` : "";
    return `${ast.kindName(n)}${operator}${flags.join("")}${spans === undefined ? "" : ` @${place(ast.start[n] as number)}-${place(ast.end[n] as number)}`}`;
  };
  const rest = (n: Node, from: number, indent: string): string => {
    const columns = [ast.a, ast.b, ast.c, ast.d];
    const parts: string[] = [];
    const inner = `${indent}  `;
    const description = operandsByKind[ast.kind[n] as number] ?? [];
    for (let i = from; i < description.length; i++) {
      const value = columns[i]?.[n] as number;
      switch (description[i]) {
        case "node":
          if (value !== 0) parts.push(ast.kind[n] === Kind.Function && ast.has(n, Flag.deferredBody) ? "…" : node(value as Node, inner));
          else if (ast.kind[n] === Kind.Range && i === 0) parts.push("_");
          break;
        case "list": {
          const items = list(value, inner);
          if (items !== "") parts.push(items);
          else if (ast.kind[n] === Kind.Call || ast.kind[n] === Kind.Signature) parts.push("[]");
          break;
        }
        case "name":
          if (value !== 0) parts.push(names.name(value as NameId));
          break;
        case "integer":
          parts.push(String(ast.integers[value]));
          break;
        case "float":
          parts.push(String(ast.floats[value]));
          break;
        case "string":
          parts.push(JSON.stringify(decoder.decode(ast.strings[value])));
          break;
        case "format":
          if (value !== 0) parts.push(`:${decoder.decode(ast.strings[value])}`);
          break;
        case "number":
          parts.push(String(value));
          break;
      }
    }
    return parts.length === 0 ? "" : layOut(" ", parts, "", inner);
  };
  return `${node(root, "")}\n`;
}

/** Kinds whose first operand may be the start of a chain of any length. */
const isSpine = new Uint8Array(256);
for (const name of ["Binary", "Pipe", "Call", "Field", "TupleField", "Index", "Try", "Unwrap", "Cast"] as const) isSpine[kinds.indexOf(name)] = 1;

/** Chains longer than this are written on one line. */
const longChain = 64;

function leftSpine(ast: Ast, node: Node): boolean {
  let length = 0;
  while (isSpine[ast.kind[node] as number] !== 0 && length <= longChain) {
    node = ast.operand(node);
    length++;
  }
  return length > longChain;
}

/** The if that a chain goes on with; 0 at its end. */
function elseOf(ast: Ast, node: Node): Node {
  const kind = ast.kind[node];
  if (kind === Kind.CompileIf) {
    const items = ast.elseDeclarations(node);
    return ast.length(items) === 1 && ast.kind[ast.item(items, 0)] === Kind.CompileIf ? ast.item(items, 0) : (0 as Node);
  }
  if (kind !== Kind.If && kind !== Kind.CompileIfStatement) return 0 as Node;
  const next = ast.elseBlock(node);
  return ast.kind[next] === kind ? next : (0 as Node);
}

function elseSpine(ast: Ast, node: Node): boolean {
  let length = 0;
  while (node !== 0 && length <= longChain) {
    node = elseOf(ast, node);
    length++;
  }
  return length > longChain;
}

function layOut(open: string, parts: readonly string[], close: string, indent: string): string {
  const flat = parts.join(" ");
  if (!flat.includes("\n") && flat.length + indent.length <= width) return open + flat + close;
  return `${open.trimEnd()}${parts.map((part) => `\n${indent}${part}`).join("")}${close}`;
}

/** One token a line: `line:column kind value`, with what the newline rule made of the line end before it. */
export function dumpTokens(tokens: Tokens, ast: Ast, names: Interner, sources: SourceMap): string {
  const lines: string[] = [];
  for (let row = 0; row < tokens.count; row++) {
    const kind = tokens.kind[row] as number;
    const value = tokens.value[row] as number;
    const flags = tokens.flags[row] as number;
    const place = sources.place(tokens.start[row] as number);
    const suffix = flags >> TokenFlag.suffixShift;
    let text = "";
    if (kind === T.Name) text = ` ${names.name(value as NameId)}`;
    else if (kind === T.Integer) text = ` ${ast.integers[value]}`;
    else if (kind === T.Float) text = ` ${ast.floats[value]}`;
    else if (kind === T.Character || kind === T.Byte) text = ` ${value}`;
    else if (kind === T.String || kind === T.FormatText || kind === T.FormatSpecification) text = ` ${JSON.stringify(decoder.decode(ast.strings[value]))}`;
    if (suffix !== 0) text += ` ${numberTypes[suffix - 1]}`;
    const name = kind < firstKeyword ? tokenKinds[kind] : `\`${tokenKinds[kind]}\``;
    lines.push(`${place?.line}:${place?.column} ${name}${text}${(flags & TokenFlag.ends) !== 0 ? " ends-statement" : ""}${(flags & TokenFlag.documented) !== 0 ? " documented" : ""}`);
  }
  return `${lines.join("\n")}\n`;
}
