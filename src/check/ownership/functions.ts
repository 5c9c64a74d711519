/** Which functions the checks look into. */

import { Kind, type Node } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { Interest } from "./interest.ts";

/** The user's functions and tests in which something may be wrong, or all of them; in the order of the text. */
export function functionsToCheck(c: Checker, everything = false): readonly FunctionDefinition[] {
  const found: FunctionDefinition[] = [];
  const interest = new Interest(c);
  // New definitions are made while std is looked at.
  for (const definition of c.definitions.slice()) {
    if (definition.kind !== "function" || definition.node === 0 || !definition.bodyChecked || definition.origin !== "lang") continue;
    if (isLibrary(c, definition) || bodyOf(c, definition) === 0) continue;
    if (everything || interest.has(bodyOf(c, definition))) found.push(definition);
  }
  return found;
}

/** The user's files implement traits by hand: the implementations are held against what the traits say. */
export function hasImplementations(c: Checker): boolean {
  return c.definitions.some((definition) => definition.kind === "impl" && !definition.derived && c.unitOfFile[definition.file]?.library !== true);
}

export function isLibrary(c: Checker, f: FunctionDefinition): boolean {
  return c.unitOfFile[f.file]?.library === true;
}

/** The body; 0 for none. */
export function bodyOf(c: Checker, f: FunctionDefinition): Node {
  const kind = c.ast.kind[f.node];
  return kind === Kind.Function || kind === Kind.Test || kind === Kind.Closure ? c.ast.body(f.node) : (0 as Node);
}
