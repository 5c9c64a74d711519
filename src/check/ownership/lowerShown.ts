/** What is only looked at, one value after the other: pieces of f-strings, operands of assertions. */

import { Kind, type Node } from "../../syntax/ast.ts";
import { T, isScalar } from "../types.ts";
import { emitCall } from "./lowerCalls.ts";
import { inspect, isQuiet, look, used } from "./lowerExpressions.ts";
import type { Lowering } from "./lowering.ts";
import { noPath, type PathId } from "./paths.ts";

/** The pieces of an f-string are looked at. */
export function lowerFormat(l: Lowering, n: Node): void {
  const { ast } = l.c;
  const parts = ast.elements(n);
  const pieces: Node[] = [];
  for (let i = 0; i < ast.length(parts); i++) {
    const piece = ast.item(parts, i);
    if (ast.kind[piece] === Kind.FormatPiece) pieces.push(ast.operand(piece));
  }
  lookAtAll(l, n, pieces, true);
}

/** Looks at values one after the other; then all are used. */
export function lookAtAll(l: Lowering, n: Node, nodes: readonly Node[], copies: boolean): void {
  let last = nodes.length - 1;
  while (last > 0 && isQuiet(l, nodes[last] as Node)) last--;
  const kept: PathId[] = [];
  nodes.forEach((node, i) => {
    if (i < last || mayMoveWhenShown(l, node)) kept.push(shown(l, node, look(l, node, i < last && copies)));
    else inspect(l, node);
  });
  for (const path of kept) used(l, path, n);
}

/** A method of the value's own type runs when it is shown or compared, and it has a cell in which that could put something. */
function mayMoveWhenShown(l: Lowering, node: Node): boolean {
  const type = l.c.program.typeOf(node);
  return !isScalar(type) && l.facts.holds(type) && !l.flow.isLibrary && l.facts.mixing.mayMix(l.c.types.reference(type, false));
}

function shown(l: Lowering, node: Node, path: PathId): PathId {
  if (path === noPath || l.block < 0 || !mayMoveWhenShown(l, node)) return path;
  emitCall(l, { node, callee: undefined, rule: "summary", args: [path], parameters: [l.flow.paths.typeOf(path)], result: T.void }, noPath);
  return path;
}
