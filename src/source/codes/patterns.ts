import type { Explanation } from "./explanation.ts";

/** E05xx: patterns. */
export const patternErrors = {
  E0501: { title: "match is not exhaustive", explanation: `A match covers every value of its type; the message names one that is missed. A last arm _ => covers the rest.

    match shape { Circle(r) => r, Rect(w, h) => w * h, Empty => 0.0 }` },
  E0503: { title: "pattern of another type", explanation: `The pattern cannot match a value of this type.

    match 5 { "five" => 1, _ => 0 }` },
  E0504: { title: "wrong number of parts in a pattern", explanation: `A variant or tuple pattern has as many parts as the value, or fewer with ..

    match shape { Rect(w, ..) => w, _ => 0.0 }` },
  E0505: { title: "alternatives bind different names", explanation: `All alternatives of a pattern A | B bind the same names, with the same types.

    match e { Add(a, b) | Sub(a, b) => a, _ => 0 }` },
  E0506: { title: "name bound twice in a pattern", explanation: `A pattern binds each name once. To compare two parts, use a guard.

    match pair { (a, b) if a == b => 1, _ => 0 }` },
  E0507: { title: "empty range in a pattern", explanation: `The range's start is above its end, so that nothing matches.

    match n { 1..=9 => a, _ => b }` },
  E0508: { title: "pattern may fail", explanation: `let, for and parameters need a pattern that matches every value. Use if let, let … else or match.

    let Some(x) = found else { return }` },
  E0509: { title: "fields missing in a pattern", explanation: `A struct pattern names all fields, or ends in ..

    Point { x, .. }` },
  E0510: { title: "more than one .. in a pattern", explanation: `A slice, tuple or variant pattern has at most one ..

    [first, .., last]` },
  E0512: { title: "not a variant or constant", explanation: `A capitalised name in a pattern is a variant or a constant; lower-case names bind. This name is neither.` },
  E0513: { title: "range pattern of this type", explanation: `Ranges match integers and chars, with constant ends of one type.` },
  E0514: { title: "slice pattern on something that is no sequence", explanation: `[a, .., b] matches arrays and slices.` },
} as const satisfies Record<`E04${string}` | `E05${string}`, Explanation>;
