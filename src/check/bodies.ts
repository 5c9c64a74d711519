/** Bodies of functions and tests. */

import { Kind, type Node } from "../syntax/ast.ts";
import { Progress, type Checker } from "./context.ts";
import { markMoving, mayTakeClosures } from "./captures.ts";
import { checkStatements, declare, leaveScope } from "./blocks.ts";
import type { FunctionDefinition, LocalId } from "./definitions.ts";
import { hasEffect } from "./effects.ts";
import { Unknowns, startAgain } from "./unknowns.ts";
import { ensureFunction, unitOf } from "./signatures.ts";
import { turnBack, turnTo } from "./surroundings.ts";
import { T } from "./types.ts";
import { meaningIndex } from "./checkedProgram.ts";

/** Checks a function's body, unless that was done. Sets `bodyChecked` if there is nothing wrong with it. */
export function checkBody(c: Checker, f: FunctionDefinition): void {
  if (c.bodies[f.id] === Progress.done) return;
  c.bodies[f.id] = Progress.done;
  ensureFunction(c, f);
  if (f.origin !== "lang") {
    f.bodyChecked = true;
    return;
  }
  const { ast, program, diagnostics } = c;
  const before = diagnostics.errorCount;
  const listed = diagnostics.list.length;
  const defined = c.definitions.length;
  if (ast.kind[f.node] === Kind.Function) {
    c.parseBody(f.node);
    program.reserve();
  }
  const unit = unitOf(c, f);
  const { unknowns: outer, learning } = c;
  const unknowns = unit.library ? undefined : (c.freshUnknowns ?? new Unknowns());
  c.freshUnknowns = undefined;
  c.unknowns = unknowns;
  c.learning = false;
  const mark = diagnostics.mark();
  do {
    const surroundings = turnTo(c, unit, f.owner);
    checkInside(c, f);
    turnBack(c, surroundings);
  } while (unknowns !== undefined && startAgain(c, f, unknowns, mark));
  c.unknowns = outer;
  // Most bodies leave nothing open: the next takes what this one had.
  if (unknowns?.isUntouched() === true) c.freshUnknowns = unknowns;
  c.learning = learning;
  const isWhole = diagnostics.errorCount === before && !c.holdsError(ast.body(f.node));
  if (!isWhole) {
    // What a mistake hides is not unused.
    const { list } = diagnostics;
    const kept = list.slice(listed).filter((one) => one.code !== "W0102" && one.code !== "W0107" && one.code !== "W0108");
    list.length = listed;
    list.push(...kept);
    // Nor is anything told of closures in it.
    for (const one of c.definitions.slice(defined)) if (one.kind === "function" && one.node !== 0 && ast.kind[one.node] === Kind.Closure && isWithin(c, one.node, f.node)) one.bodyChecked = false;
  }
  f.bodyChecked = isWhole && !c.hasSyntaxError(f.node);
}

function isWithin(c: Checker, n: Node, around: Node): boolean {
  const { start, end } = c.ast;
  return (start[n] as number) >= (start[around] as number) && (end[n] as number) <= (end[around] as number);
}

/** Parameters and statements, in a state of their own. */
function checkInside(c: Checker, f: FunctionDefinition): void {
  const { ast, program } = c;
  c.inFunction = true;
  c.typeParameters = f.typeParameters;
  c.result = f.result;
  const body = ast.body(f.node);
  const locals: LocalId[] = [];
  c.resultNode = 0 as Node;
  if (ast.kind[f.node] !== Kind.Test) {
    const signature = ast.signature(f.node);
    c.resultNode = ast.signatureResult(signature);
    const list = ast.parameters(signature);
    for (let i = 0; i < ast.length(list); i++) {
      const parameter = ast.item(list, i);
      const type = f.parameters[i] ?? T.error;
      program.setType(parameter, type);
      declare(c, parameter, type, 0);
      locals.push(meaningIndex(program.meaningOf(parameter)) as LocalId);
    }
  }
  f.parameterLocals = locals;
  if (body === 0 || ast.kind[body] !== Kind.Block) return;
  // What the parser made of a mistake would only cause more of them.
  if (c.hasSyntaxError(f.node)) return;
  const outer = c.scopes.enter();
  if (mayTakeClosures(c, f.result)) markMoving(c, ast.result(body));
  const type = checkStatements(c, body, f.result);
  leaveScope(c, outer);
  program.setType(body, type === T.never ? T.never : f.result);
  if (type === T.void && f.result !== T.void && f.result !== T.error) missingResult(c, f, body);
}

/** The body's end is reached, and a result is declared. */
function missingResult(c: Checker, f: FunctionDefinition, body: Node): void {
  const { ast } = c;
  const result = ast.signatureResult(ast.signature(f.node));
  const advice = ["end the body with an expression, or return one"];
  const statements = ast.statements(body);
  const count = ast.length(statements);
  let loop = ast.result(body) !== 0 ? ast.result(body) : count > 0 ? ast.item(statements, count - 1) : body;
  if (ast.kind[loop] === Kind.ExpressionStatement) loop = ast.operand(loop);
  if (ast.kind[loop] === Kind.While && ast.kind[ast.condition(loop)] === Kind.Bool && ast.a[ast.condition(loop)] === 1) advice.unshift("an endless loop is written `loop { }`");
  if (count > 0) {
    const last = ast.item(statements, count - 1);
    // That it has no effect was reported, with the advice that a result deserves.
    if (ast.kind[last] === Kind.ExpressionStatement && ast.has(last, 128) && !hasEffect(c, ast.operand(last)) && c.program.typeOf(ast.operand(last)) !== T.error) return;
  }
  const end = ast.end[body] as number;
  c.error("E0309", result, `${c.nameText(f.name)} can end without ${c.aType(f.result)}`, { labels: [{ start: end - 1, end, text: "the end is reached here" }], advice });
}
