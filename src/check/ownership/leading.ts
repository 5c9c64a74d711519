/** Questions about a type and all that it leads to. Types lead to one another far and in circles, so they wait in a list and not on the stack. */

/** So many types behind one are made without end, as those of `struct S[T] { next ?Box[S[(T, T)]] }` are. */
export const most = 20_000;

/**
 * Whether `look` says yes to what is asked or to something that it leads to. It answers with true, or with what follows. Where there is no end the answer is yes.
 * `known` takes what was found for all that was met, where what `look` says depends on nothing but what it is asked: thousands of types that lead to one another would each walk through all.
 */
export function leadsTo<Q extends number>(first: Q, look: (asked: Q) => boolean | readonly Q[], known?: Map<Q, boolean>): boolean {
  const before = known?.get(first);
  if (before !== undefined) return before;
  /** What was met, and what led there. */
  const from = new Map<Q, Q>([[first, first]]);
  for (const asked of from.keys()) {
    const next = known?.get(asked) ?? look(asked);
    if (next === true) {
      known?.set(asked, true);
      for (let at = asked; at !== first; known?.set(at, true)) at = from.get(at) as Q;
      return true;
    }
    if (from.size > most) {
      known?.set(first, true);
      return true;
    }
    if (next === false) continue;
    for (const one of next) if (!from.has(one)) from.set(one, asked);
  }
  if (known !== undefined) for (const asked of from.keys()) known.set(asked, false);
  return false;
}
