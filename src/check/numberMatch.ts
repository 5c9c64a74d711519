/** Matches of one integer or char against literals and ranges, of which there may be thousands: what is covered is kept as sorted ranges. */

import { Flag, Kind, type Node } from "../syntax/ast.ts";
import { range as rangeOf } from "./arithmetic.ts";
import { constantInteger } from "./constants.ts";
import type { Checker } from "./context.ts";
import { T, type TypeId } from "./types.ts";

/** What a pattern covers; "other" if it is no number, range or name. */
type Coverage = readonly [from: bigint, to: bigint] | "other";

/** Values that are covered: ranges that do not touch, in order. */
class Covered {
  private readonly from: bigint[] = [];
  private readonly to: bigint[] = [];

  /** Whether all of the range is covered already. */
  has(from: bigint, to: bigint): boolean {
    const at = this.firstEndingAtOrAfter(from);
    return at < this.from.length && (this.from[at] as bigint) <= from && (this.to[at] as bigint) >= to;
  }

  add(from: bigint, to: bigint): void {
    const first = this.firstEndingAtOrAfter(from - 1n);
    let last = first;
    let low = from;
    let high = to;
    while (last < this.from.length && (this.from[last] as bigint) <= to + 1n) {
      if ((this.from[last] as bigint) < low) low = this.from[last] as bigint;
      if ((this.to[last] as bigint) > high) high = this.to[last] as bigint;
      last++;
    }
    this.from.splice(first, last - first, low);
    this.to.splice(first, last - first, high);
  }

  /** A value between `from` and `to` that is not covered: the least that is not negative, else the greatest. */
  missing(from: bigint, to: bigint): bigint | undefined {
    let found: bigint | undefined;
    let next = from;
    for (let i = 0; i <= this.from.length && next <= to; i++) {
      const end = i < this.from.length ? (this.from[i] as bigint) - 1n : to;
      if (next <= end) {
        const last = end < to ? end : to;
        if (last >= 0n) return next > 0n ? next : 0n;
        found = last;
      }
      if (i < this.from.length) next = (this.to[i] as bigint) + 1n;
    }
    return found;
  }

  private firstEndingAtOrAfter(value: bigint): number {
    let low = 0;
    let high = this.from.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.to[middle] as bigint) >= value) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

export interface NumberMatch {
  /** Patterns that match nothing that those above do not. */
  readonly unreachable: readonly Node[];
  readonly missed: bigint | undefined;
}

/** Judges the arms of a Match on a number of type `type`; undefined if some pattern is of another kind. */
export function judgeNumbers(c: Checker, n: Node, type: TypeId): NumberMatch | undefined {
  const { ast } = c;
  const arms = ast.arms(n);
  const count = ast.length(arms);
  const covered = new Covered();
  const unreachable: Node[] = [];
  const whole = rangeOf(type);
  // Surrogates are no chars, and so covered from the start.
  if (type === T.char) covered.add(0xd800n, 0xdfffn);
  for (let i = 0; i < count; i++) {
    const arm = ast.item(arms, i);
    const pattern = ast.pattern(arm);
    const isGuarded = ast.guard(arm) !== 0;
    const isOr = ast.kind[pattern] === Kind.OrPattern;
    const total = isOr ? ast.length(ast.elements(pattern)) : 1;
    for (let j = 0; j < total; j++) {
      const one = isOr ? ast.item(ast.elements(pattern), j) : pattern;
      const coverage = coverageOf(c, one, whole);
      if (coverage === "other") return undefined;
      const [from, to] = coverage;
      if (from > to) continue;
      if (covered.has(from, to) || covered.missing(from, to) === undefined) unreachable.push(one);
      else if (!isGuarded) covered.add(from, to);
    }
  }
  return { unreachable, missed: covered.missing(whole.least, whole.most) };
}

function coverageOf(c: Checker, n: Node, whole: { readonly least: bigint; readonly most: bigint }): Coverage {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.WildcardPattern:
      return [whole.least, whole.most];
    case Kind.BindingPattern:
      return ast.subpattern(n) === 0 ? [whole.least, whole.most] : coverageOf(c, ast.subpattern(n), whole);
    case Kind.LiteralPattern: {
      const value = constantInteger(c, ast.operand(n));
      return value === undefined ? "other" : [value, value];
    }
    case Kind.PathPattern: {
      const value = constantInteger(c, ast.path(n));
      return value === undefined ? "other" : [value, value];
    }
    case Kind.RangePattern: {
      const from = ast.left(n) === 0 ? whole.least : constantInteger(c, ast.left(n));
      const to = ast.right(n) === 0 ? whole.most : constantInteger(c, ast.right(n));
      if (from === undefined || to === undefined) return "other";
      return [from, ast.right(n) !== 0 && !ast.has(n, Flag.inclusive) ? to - 1n : to];
    }
    default:
      return "other";
  }
}
