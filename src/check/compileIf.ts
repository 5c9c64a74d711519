/** `#if`: conditions on the target, decided before names are resolved. */

import { BinaryOperator, Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { suggest } from "../source/suggest.ts";
import type { Checker, TargetFacts } from "./context.ts";

type Fact = string | boolean | undefined;

/** What each name can be on some target; DEBUG is a bool. */
const values: { readonly [N in Exclude<keyof TargetFacts, "DEBUG" | "TARGET">]: readonly string[] } = {
  OS: ["linux", "macos", "windows", "wasm"],
  ARCH: ["x86_64", "arm64", "wasm"],
  BACKEND: ["x86", "arm64", "wasm", "llvm"],
  LIBC: ["none", "libc", "musl"],
};

/** Whether the branch is taken; false, after a report, where the condition is not known. */
export function isTaken(c: Checker, condition: Node): boolean {
  const value = evaluate(c, condition);
  if (typeof value === "string" && !isAssigned(c, condition)) c.error("E0703", condition, "the condition of #if is a text; compare it with ==");
  return value === true;
}

const decoder = new TextDecoder();

/** `OS = "linux"`, which the parser has told of. */
function isAssigned(c: Checker, n: Node): boolean {
  const end = c.ast.end[n] as number;
  const file = c.sources.fileAt(end);
  return file !== undefined && /^[ \t]*=[^=]/.test(decoder.decode(file.bytes.subarray(end - file.base, end - file.base + 20)));
}

function evaluate(c: Checker, n: Node): Fact {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return evaluate(c, ast.operand(n));
    case Kind.Bool:
      return ast.value(n) !== 0;
    case Kind.String:
      return decoder.decode(ast.strings[ast.literal(n)]);
    case Kind.Name: {
      const fact = factName(c, n);
      if (fact === undefined) {
        const near = suggest(c.nameText(ast.name(n)), ["OS", "ARCH", "BACKEND", "LIBC", "DEBUG", "TARGET"]);
        c.error("E0703", n, `#if does not know ${c.nameText(ast.name(n))}`, { advice: [near === undefined ? "it knows OS, ARCH, BACKEND, LIBC, DEBUG and TARGET" : `did you mean ${near}?`] });
        return undefined;
      }
      return c.target[fact];
    }
    case Kind.Unary: {
      if (ast.unaryOperator(n) !== UnaryOperator.Not) break;
      const value = evaluate(c, ast.operand(n));
      return typeof value === "boolean" ? !value : refuse(c, n, value);
    }
    case Kind.Binary: {
      const operator = ast.operator(n);
      if (operator === BinaryOperator.LogicalAnd || operator === BinaryOperator.LogicalOr) {
        const left = evaluate(c, ast.left(n));
        const right = evaluate(c, ast.right(n));
        if (typeof left !== "boolean" || typeof right !== "boolean") return refuse(c, n, left === undefined ? left : right);
        return operator === BinaryOperator.LogicalAnd ? left && right : left || right;
      }
      if (operator !== BinaryOperator.Equal && operator !== BinaryOperator.NotEqual) break;
      const left = evaluate(c, ast.left(n));
      if (left === undefined) return undefined;
      const right = evaluate(c, ast.right(n));
      if (right === undefined) return undefined;
      if (typeof left !== typeof right) return refuse(c, n, left);
      checkPossible(c, ast.left(n), ast.right(n));
      checkPossible(c, ast.right(n), ast.left(n));
      return (left === right) === (operator === BinaryOperator.Equal);
    }
    case Kind.Error:
      return undefined;
  }
  return refuse(c, n, "");
}

function factName(c: Checker, n: Node): keyof TargetFacts | undefined {
  switch (c.ast.name(n)) {
    case Names.OS: return "OS";
    case Names.ARCH: return "ARCH";
    case Names.BACKEND: return "BACKEND";
    case Names.LIBC: return "LIBC";
    case Names.DEBUG: return "DEBUG";
    case Names.TARGET: return "TARGET";
    default: return undefined;
  }
}

/** A text that a name never has is a slip where it resembles one that it has; other texts may be targets of another version, and are let through. */
function checkPossible(c: Checker, name: Node, text: Node): void {
  const { ast } = c;
  if (ast.kind[name] !== Kind.Name || ast.kind[text] !== Kind.String) return;
  const fact = factName(c, name);
  if (fact === undefined || fact === "DEBUG" || fact === "TARGET") return;
  const written = decoder.decode(ast.strings[ast.literal(text)]);
  const possible = values[fact];
  if (possible.includes(written)) return;
  const near = suggest(written, possible) ?? possible.find((value) => value.toLowerCase() === written.toLowerCase());
  if (near !== undefined) c.error("E0704", text, `${fact} is never "${written}"`, { advice: [`did you mean "${near}"?`] });
}

function refuse(c: Checker, n: Node, value: Fact): undefined {
  if (value !== undefined) c.error("E0703", n, "#if compares OS, ARCH, BACKEND, LIBC, DEBUG and TARGET with == and != and joins with && || !");
  return undefined;
}
