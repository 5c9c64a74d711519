/** Locals that live in variables of the IR. */

import { MeaningKind, meaningIndex, meaningKind } from "../check/checkedProgram.ts";
import type { LocalId } from "../check/definitions.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";

/** The local that a place is, if that lives in a variable of the IR; 0 otherwise. */
export function variableOf(g: Generator, place: Node): LocalId | 0 {
  const at = g.ast.withoutParentheses(place);
  if (g.ast.kind[at] !== Kind.Name) return 0;
  const means = g.program.meaningOf(at);
  if (meaningKind(means) !== MeaningKind.Local) return 0;
  const local = meaningIndex(means) as LocalId;
  return g.locals.homeOf(local) === Home.Variable ? local : 0;
}
