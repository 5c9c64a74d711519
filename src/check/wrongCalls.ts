/** Calls with a mistake: what is said of their number of arguments, and what is looked at all the same. */

import { BinaryOperator, Kind, type List, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import type { FunctionDefinition } from "./definitions.ts";
import { check } from "./expressions.ts";
import { needsType } from "./needsType.ts";
import { findMethod } from "./methods.ts";
import type { TypeId } from "./types.ts";

/** Checks an expression whose place is unknown, for the mistakes in it: not for what that place would have told. */
export function looseCheck(c: Checker, n: Node): void {
  if (c.ast.kind[n] !== Kind.Array && !needsType(c, n)) check(c, n, 0 as TypeId);
}

/** Checks arguments of a call that is wrong already, for the mistakes in them. */
export function anyway(c: Checker, args: List, result: TypeId): TypeId {
  for (let i = 0; i < c.ast.length(args); i++) {
    looseCheck(c, c.ast.item(args, i));
  }
  return result;
}

/** A call with another number of arguments than `f` has parameters. Gives `result`. */
export function wrongCount(c: Checker, n: Node, f: FunctionDefinition, { given, wanted }: { readonly given: number; readonly wanted: number }, args: List, result: TypeId): TypeId {
  const { ast } = c;
  // Its parameters were not understood.
  if (ast.lost.has(f.name)) return anyway(c, args, result);
  const operands = commasApart(c, args);
  const isComma = operands.length > ast.length(args) && operands.length - ast.length(args) === wanted - given;
  c.error("E0303", n, `${c.nameText(f.name)} takes ${count(wanted, "argument")}, not ${given}`, { labels: c.declaredAt(f), advice: isComma ? [`a comma is missing: ${operands.map(({ text }) => text).join(", ")}`] : adviceOnCount(c, f, given, wanted, args) });
  if (!isComma) return anyway(c, args, result);
  for (const { node } of operands) looseCheck(c, node);
  return result;
}

function adviceOnCount(c: Checker, f: FunctionDefinition, given: number, wanted: number, args: List): string[] {
  const { ast } = c;
  const only = ast.length(args) === 1 && given === 1 ? ast.kind[ast.item(args, 0)] : undefined;
  if (only === Kind.Range && wanted === 2) return [`the ends of a range are arguments of their own here: ${c.nameText(f.name)}(a, b)`];
  if (given === 0 && wanted === 1 && /^(max|min)$/.test(c.nameText(f.name)) && f.trait !== 0) return ["of its items: ….iter().max(), ….iter().min()"];
  if (only !== Kind.Closure || wanted !== 0 || f.owner === 0) return [];
  const by = `${c.nameText(f.name)}_by`;
  return findMethod(c, f.owner, c.names.intern(by), "anyone") === undefined ? [] : [`what takes a closure is ${by}`];
}

interface Operand {
  readonly node: Node;
  /** With the sign before it. */
  readonly text: string;
}

const decoder = new TextDecoder();

/** The arguments as they would be if a comma stood before each sign that has room before it and none behind: `(a &b)` reads as `(a, &b)`. */
function commasApart(c: Checker, args: List): Operand[] {
  const { ast } = c;
  const found: Operand[] = [];
  const file = ast.length(args) === 0 ? undefined : c.sources.fileAt(ast.start[ast.item(args, 0)] as number);
  if (file === undefined) return found;
  const textOf = (from: number, end: number): string => decoder.decode(file.bytes.subarray(from - file.base, end - file.base));
  for (let i = 0; i < ast.length(args); i++) {
    const waiting: { readonly node: Node; readonly isBehindSign: boolean }[] = [{ node: ast.item(args, i), isBehindSign: false }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, isBehindSign } = next;
      if (looksApart(c, node)) waiting.push({ node: ast.right(node), isBehindSign: true }, { node: ast.left(node), isBehindSign });
      else found.push({ node, text: textOf((ast.start[node] as number) - (isBehindSign ? 1 : 0), ast.end[node] as number) });
    }
  }
  return found;
}

/** A sign that may be of its right side alone has room before it and none behind: `a &b`. */
export function looksApart(c: Checker, n: Node): boolean {
  const { ast } = c;
  if (ast.kind[n] !== Kind.Binary) return false;
  const operator = ast.operator(n);
  if (operator !== BinaryOperator.And && operator !== BinaryOperator.Multiply && operator !== BinaryOperator.Subtract) return false;
  const start = ast.start[ast.right(n)] as number;
  const file = c.sources.fileAt(start);
  return file !== undefined && /^\s.$/.test(decoder.decode(file.bytes.subarray(start - 2 - file.base, start - file.base)));
}

/** `1 argument`, `2 arguments`. */
export function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number === 0 ? "no" : number} ${what}s`;
}
