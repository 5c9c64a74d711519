/** Questions about a type and all that it leads to. Types lead to one another far and in circles, so they wait in a list and not on the stack. */

/** So many types behind one are made without end, as those of `struct S[T] { next ?Box[S[(T, T)]] }` are. */
export const most = 20_000;

/** Whether `look` says yes to what is asked or to something that it leads to. It answers with true, or with what follows. Where there is no end the answer is yes. */
export function leadsTo<Q extends number>(first: Q, look: (asked: Q) => boolean | readonly Q[]): boolean {
  const seen = new Set<Q>([first]);
  for (const asked of seen) {
    const next = look(asked);
    if (next === true || seen.size > most) return true;
    if (next === false) continue;
    for (const one of next) seen.add(one);
  }
  return false;
}
