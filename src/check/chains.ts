/**
 * Declarations that stand for one another in long chains: constants made of constants, aliases of aliases. Each is found when first asked for, the next one while
 * the one before is; so far down that the stack is in danger, the rest is found from the end of the chain on.
 */

import { Kind, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import type { AliasDefinition, ConstDefinition, Definition, DefinitionId, GlobalDefinition } from "./definitions.ts";
import { findDeclared } from "./names.ts";
import { unitOf } from "./signatures.ts";
import { isolated } from "./surroundings.ts";
import type { TypeId } from "./types.ts";

type Chained = AliasDefinition | ConstDefinition | GlobalDefinition;

/** So many are asked for one within the other. */
const deepest = 100;

/** Finds a declaration by `find`. `waits`: nobody has asked for it yet. */
export function inChain<D extends Chained, R>(c: Checker, declared: D, waits: (one: Definition) => one is D, find: (c: Checker, declared: D) => R): R {
  if (c.chainDepth >= deepest) endFirst(c, declared, waits, find);
  c.chainDepth++;
  const found = find(c, declared);
  c.chainDepth--;
  return found;
}

/** Finds all that a declaration names, and what that names, the last first. */
function endFirst<D extends Chained, R>(c: Checker, first: D, waits: (one: Definition) => one is D, find: (c: Checker, declared: D) => R): void {
  const pending: D[] = [first];
  const seen = new Set<DefinitionId>();
  for (let at = pending[0]; at !== undefined; at = pending[pending.length - 1]) {
    if (seen.has(at.id)) {
      pending.pop();
      if (at !== first && waits(at)) find(c, at);
      continue;
    }
    seen.add(at.id);
    for (const one of namedIn(c, at)) if (waits(one) && !seen.has(one.id)) pending.push(one);
  }
}

/** What is named where a declaration says what it stands for. */
function namedIn(c: Checker, declared: Chained): Definition[] {
  const { ast } = c;
  const found: Definition[] = [];
  const root = declared.kind === "alias" ? ast.aliasedType(declared.node) : ast.initialiser(declared.node);
  isolated(c, unitOf(c, declared), 0 as TypeId, () => {
    // Children come before their parents, so a subtree is a run of nodes that ends with its root.
    for (let n = root; n > 0 && (ast.start[n] as number) >= (ast.start[root] as number) && (ast.end[n] as number) <= (ast.end[root] as number); n = (n - 1) as Node) {
      const named = ast.kind[n] === Kind.Name ? findDeclared(c, ast.name(n), n) : undefined;
      if (named !== undefined) found.push(named);
    }
  });
  return found;
}
