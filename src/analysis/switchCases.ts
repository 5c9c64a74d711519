/** Which case of a switch an edge belongs to. */

import type { Edge, IrFunction, Value } from "../ir/function.ts";

/** The index of the case with that edge, -1 for the default's. Edges are mostly numbered as the cases stand, so that the place can be guessed: asked for each edge of a large switch, it stays linear. */
export function caseOf(f: IrFunction, v: Value, edge: Edge): number {
  const count = f.switchCount(v);
  if (count === 0) return -1;
  const guess = Math.min(count - 1, edge - f.switchEdge(v, 0));
  for (let i = guess; i >= 0; i--) if (f.switchEdge(v, i) === edge) return i;
  for (let i = Math.max(0, guess + 1); i < count; i++) if (f.switchEdge(v, i) === edge) return i;
  return -1;
}
