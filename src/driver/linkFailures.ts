/** What the linker could not do, as errors: at the declaration of a C function where it is about that, else without a place. */

import { Flag, Kind } from "../syntax/ast.ts";
import type { Node } from "../syntax/ast.ts";
import type { FrontEnd } from "./frontEnd.ts";
import type { Failure } from "./request.ts";

/** Turns what the linker could not do into diagnostics, where a declaration can be pointed at, and into failures without a place else. */
export function reportLinkFailures(failures: readonly Failure[], front: FrontEnd): void {
  for (const failure of failures) {
    const { undefinedSymbol, message } = failure;
    const declaration = undefinedSymbol === undefined ? (0 as Node) : externDeclaration(front, undefinedSymbol.name);
    if (undefinedSymbol === undefined || declaration === 0) {
      front.failures.push(failure);
      continue;
    }
    const { ast, sources, diagnostics } = front;
    const whole = { start: ast.start[declaration] as number, end: ast.end[declaration] as number };
    diagnostics.error("E0807", sources.wordWithin(whole, undefinedSymbol.name) ?? whole, message, { advice: undefinedSymbol.advice });
  }
}

/** The first `extern func` of this name, 0 if there is none. */
function externDeclaration({ ast, names }: FrontEnd, name: string): Node {
  for (let n = 1 as Node; n < ast.count; n++) {
    if (ast.kind[n] === Kind.Function && ast.has(n, Flag.external) && names.name(ast.name(n)) === name) return n;
  }
  return 0 as Node;
}
