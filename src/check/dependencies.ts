/**
 * What a constant's value needs before it can be computed: the bodies of the functions that it calls, and the values of the constants that it and
 * they name. A constant that needs itself in this way is found here.
 */

import { Kind, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { checkBody } from "./bodies.ts";
import { valueOf } from "./constants.ts";
import { Progress, type Checker } from "./context.ts";
import type { FunctionDefinition, GlobalDefinition } from "./definitions.ts";

/** Makes ready what the checked expression `n` needs; false if something in it is wrong, which was reported. */
export function prepare(c: Checker, n: Node): boolean {
  const refusal: Refusal = { global: undefined };
  const isFine = visit(c, n, new Set(), refusal);
  if (refusal.global === undefined) return isFine;
  refuseVariable(c, n, refusal.global);
  return false;
}

/** Reports that `n` depends on a variable where a constant is wanted. */
export function refuseVariable(c: Checker, n: Node, global: GlobalDefinition): void {
  c.error("E0611", n, `this depends on the variable ${c.nameText(global.name)}, which is not known while compiling`, { labels: c.declaredAt(global) });
}

/** Checks a function's body and computes the constants that it names. */
export function prepareFunction(c: Checker, f: FunctionDefinition): void {
  const target = f.definedBy ?? f;
  checkBody(c, target);
  if (target.origin !== "lang" || !target.bodyChecked) return;
  if (!c.prepared.has(target)) {
    const refusal: Refusal = { global: undefined };
    if (c.ast.kind[target.node] === Kind.Function) visit(c, c.ast.body(target.node), undefined, refusal);
    c.prepared.set(target, refusal.global);
  }
  if (c.computing !== undefined) c.computing.global ??= c.prepared.get(target);
}

/** A variable global that a function of the user's names. */
interface Refusal {
  global: GlobalDefinition | undefined;
}

/** `seen`: functions looked into already; undefined: what is called does not matter. */
function visit(c: Checker, root: Node, seen: Set<FunctionDefinition> | undefined, refusal: Refusal): boolean {
  const { ast, program } = c;
  const from = ast.start[root] as number;
  const pending: FunctionDefinition[] = [];
  let isFine = true;
  // Children come before their parents, so a subtree is a run of nodes that ends with its root.
  for (let n = root; n > 0 && (ast.start[n] as number) >= from && (ast.end[n] as number) <= (ast.end[root] as number); n--) {
    const kind = ast.kind[n];
    if (kind !== Kind.Name && kind !== Kind.Field && kind !== Kind.PathPattern && kind !== Kind.Closure) continue;
    const m = program.meaningOf(n);
    if (meaningKind(m) !== MeaningKind.Definition) continue;
    const definition = c.definition(meaningIndex(m));
    if (definition.kind === "function") {
      const target = definition.definedBy ?? definition;
      if (kind !== Kind.Closure && seen?.has(target) === false) {
        seen.add(target);
        pending.push(target);
      }
    } else if (definition.kind === "const") {
      if (valueOf(c, definition) === undefined) isFine = false;
    } else if (definition.kind === "global") {
      if (c.unitOfFile[definition.file]?.library !== true) refusal.global ??= definition;
      else if (c.bodies[definition.id] === Progress.none) valueOf(c, definition);
    }
  }
  for (const f of pending) {
    // Which impl stands behind a trait's method without a default is known when it is called.
    if (f.trait !== 0 && !f.hasDefault) continue;
    // A function of the user's without a body, which the os layer does not define either: that was told.
    if (f.origin === "os" && c.unitOfFile[f.file]?.library !== true) {
      isFine = false;
      continue;
    }
    checkBody(c, f);
    if (!f.bodyChecked) isFine = false;
    else if (f.origin === "lang" && ast.kind[f.node] === Kind.Function && !visit(c, ast.body(f.node), seen, refusal)) isFine = false;
  }
  return isFine;
}
