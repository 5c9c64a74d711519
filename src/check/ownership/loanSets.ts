/** Sets of loans, interned: equal sets are equal numbers, so that a state is one number a place and joining two equal ones costs nothing. */

export type SetId = number & { readonly brand: "SetId" };
export const emptySet = 0 as SetId;

export class LoanSets {
  private readonly items: (readonly number[])[] = [[]];
  /** The set that was made last of those with a hash, and by SetId the one before it with the same. A text of a set's loans as key would be as large as all sets together. */
  private readonly newest = new Map<number, SetId>();
  private readonly older: SetId[] = [emptySet];
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
    const found = this.merged(left, right);
    this.unions.set(key, found);
    return found;
  }

  private merged(left: SetId, right: SetId): SetId {
    const merged: number[] = [];
    const a = this.of(left);
    const b = this.of(right);
    let i = 0;
    let k = 0;
    while (i < a.length && k < b.length) {
      const x = a[i] as number;
      const y = b[k] as number;
      merged.push(x < y ? x : y);
      if (x <= y) i++;
      if (y <= x) k++;
    }
    while (i < a.length) merged.push(a[i++] as number);
    while (k < b.length) merged.push(b[k++] as number);
    // Most often one is a part of the other.
    return merged.length === a.length ? left : merged.length === b.length ? right : this.intern(merged);
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
    if (sorted.length === 0) return emptySet;
    let hash = 0;
    for (const loan of sorted) hash = Math.imul(hash ^ loan, 0x9e3779b1) + (hash >>> 15) | 0;
    const first = this.newest.get(hash) ?? emptySet;
    for (let set = first; set !== emptySet; set = this.older[set] as SetId) if (isEqual(this.of(set), sorted)) return set;
    const id = this.items.length as SetId;
    this.items.push(sorted);
    this.older.push(first);
    this.newest.set(hash, id);
    return id;
  }
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
