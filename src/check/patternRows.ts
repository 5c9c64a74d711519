/** Rows of patterns by what the first pattern of each is made of, so that a match of thousands of arms is not looked through for each of them. */

import type { Constructor, Pattern } from "./lowerPatterns.ts";

export type Row = readonly Pattern[];

type Key = number | bigint | string;

/** What tells a constructor from all others that patterns may cover; undefined where patterns overlap in other ways. */
function keyOf(by: Constructor): Key | undefined {
  switch (by.kind) {
    case "variant": return by.index;
    case "range": return by.from === by.to ? by.from : undefined;
    case "literal": return by.key;
    default: return undefined;
  }
}

/** The key of a pattern; a tuple's is that of its first part. */
function keyOfPattern(pattern: Pattern): Key | undefined {
  let at = pattern;
  while (at.kind === "made" && at.by.kind === "single" && at.parts[0] !== undefined) [at] = at.parts as readonly [Pattern];
  return at.kind === "made" ? keyOf(at.by) : undefined;
}

export class PatternRows {
  private readonly byKey = new Map<Key, Row[]>();
  /** Rows that begin with what has no key: they may match anything. */
  private readonly others: Row[] = [];
  /** By the constructor of the first pattern only, not by what a tuple holds. */
  private readonly flat: boolean;

  constructor(rows: readonly Row[], flat: boolean) {
    this.flat = flat;
    for (const row of rows) this.add(row);
  }

  /** Adds a row; one that begins with alternatives as one row for each. */
  add(row: Row): void {
    const head = row[0] as Pattern;
    if (head.kind === "or") {
      for (const alternative of head.alternatives) this.add([alternative, ...row.slice(1)]);
      return;
    }
    const key = this.flat ? (head.kind === "made" ? keyOf(head.by) : undefined) : keyOfPattern(head);
    const list = key === undefined ? this.others : this.byKey.get(key);
    if (list !== undefined) list.push(row);
    else this.byKey.set(key as Key, [row]);
  }

  /** All rows. */
  all(): readonly Row[] {
    return [...[...this.byKey.values()].flat(), ...this.others];
  }

  /** The rows that may match something that `pattern` does. */
  near(pattern: Pattern): readonly Row[] {
    const key = keyOfPattern(pattern);
    return key === undefined ? this.all() : this.withKey(key);
  }

  /** The rows that may match what `constructor` makes. */
  of(constructor: Constructor): readonly Row[] {
    const key = keyOf(constructor);
    return key === undefined ? this.others : this.withKey(key);
  }

  private withKey(key: Key): readonly Row[] {
    const rows = this.byKey.get(key);
    if (rows === undefined) return this.others;
    return this.others.length === 0 ? rows : [...rows, ...this.others];
  }
}
