/** A value is wanted of an expression that has none. */

import { Kind, type Node } from "../syntax/ast.ts";
import type { Diagnostic, Label } from "../source/diagnostics.ts";
import { MeaningKind, meaningIndex, meaningKind, namesCallee } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { FunctionDefinition } from "./definitions.ts";
import type { T } from "./types.ts";

/** Reports `n`, which has no value. Where it calls a function of the program, that one's result may have been forgotten. */
export function reportNoValue(c: Checker, n: Node, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): typeof T.error {
  const called = functionCalled(c, n);
  if (called === undefined) return c.error("E0334", n, message, more);
  c.callsWithoutResult.set(c.ast.start[n] as number, called);
  return c.error("E0334", n, message, { ...more, labels: [...c.declaredAt(called, "this declares no result"), ...(more.labels ?? [])] });
}

/** The function of the user's that `n` calls and that declares no result. */
function functionCalled(c: Checker, n: Node): FunctionDefinition | undefined {
  const { ast, program } = c;
  let at = n;
  while (ast.kind[at] === Kind.Paren) at = ast.operand(at);
  if (ast.kind[at] !== Kind.Call) return undefined;
  const callee = ast.callee(at);
  const meaning = program.meaningOf(callee);
  if (meaningKind(meaning) !== MeaningKind.Definition || !namesCallee(ast, program, callee)) return undefined;
  const definition = c.definition(meaningIndex(meaning));
  if (definition.kind !== "function" || definition.node === 0 || ast.kind[definition.node] !== Kind.Function || c.unitOfFile[definition.file]?.library !== false) return undefined;
  return ast.signatureResult(ast.signature(definition.node)) === 0 ? definition : undefined;
}

/** Where a function computes a result and declares none, or its head has a mistake, that is what is wrong; that its calls have no value is a consequence. */
export function withdrawMissingResults(c: Checker): void {
  if (c.callsWithoutResult.size === 0) return;
  const { ast } = c;
  const errors = c.diagnostics.list.filter(({ severity }) => severity === "error");
  const isWithin = (one: Diagnostic, n: Node): boolean => one.span.start >= (ast.start[n] as number) && one.span.start < (ast.end[n] as number);
  c.diagnostics.remove((one) => {
    const called = one.code === "E0334" ? c.callsWithoutResult.get(one.span.start) : undefined;
    return called !== undefined && errors.some((cause) => isWithin(cause, cause.code === "E0312" || cause.code === "E0365" ? called.node : ast.signature(called.node)));
  });
}
