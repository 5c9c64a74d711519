/** Sets of loans, interned: equal sets are equal numbers, so that a state is one number a place and joining two equal ones costs nothing. */

export type SetId = number & { readonly brand: "SetId" };
export const emptySet = 0 as SetId;

export class LoanSets {
  private readonly items: (readonly number[])[] = [[]];
  private readonly known = new Map<string, SetId>([["", emptySet]]);
  private readonly unions = new Map<number, SetId>();

  of(set: SetId): readonly number[] { return this.items[set] as readonly number[]; }

  one(loan: number): SetId { return this.intern([loan]); }

  has(set: SetId, loan: number): boolean { return set !== emptySet && this.of(set).includes(loan); }

  union(left: SetId, right: SetId): SetId {
    if (left === right || right === emptySet) return left;
    if (left === emptySet) return right;
    const key = left < right ? left * 0x4000000 + right : right * 0x4000000 + left;
    const before = this.unions.get(key);
    if (before !== undefined) return before;
    const merged: number[] = [];
    const a = this.of(left);
    const b = this.of(right);
    let i = 0;
    let k = 0;
    while (i < a.length || k < b.length) {
      const x = a[i] ?? Infinity;
      const y = b[k] ?? Infinity;
      merged.push(Math.min(x, y));
      if (x <= y) i++;
      if (y <= x) k++;
    }
    const found = this.intern(merged);
    this.unions.set(key, found);
    return found;
  }

  /** The loans of a set for which `keep` holds. */
  filter(set: SetId, keep: (loan: number) => boolean): SetId {
    if (set === emptySet) return set;
    const items = this.of(set);
    return items.every(keep) ? set : this.intern(items.filter(keep));
  }

  from(loans: readonly number[]): SetId {
    return this.intern([...new Set(loans)].sort((a, b) => a - b));
  }

  private intern(sorted: readonly number[]): SetId {
    const key = sorted.join();
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const id = this.items.length as SetId;
    this.items.push(sorted);
    this.known.set(key, id);
    return id;
  }
}
