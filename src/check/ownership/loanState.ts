/** By place the loans of its value, at the statement at hand: the store alone (heldLoans.ts: what is looked up through loans). */

import type { Flow } from "./flow.ts";
import type { Liveness } from "./liveness.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { Root, type PathId } from "./paths.ts";

export class LoanState {
  readonly flow: Flow;
  readonly sets: LoanSets;
  /** By place. */
  private readonly state: Int32Array;
  /** The places that hold something, and perhaps some that no longer do. */
  private readonly holders: number[] = [];
  private readonly isListed: Uint8Array;

  constructor(flow: Flow, sets: LoanSets) {
    this.flow = flow;
    this.sets = sets;
    this.state = new Int32Array(flow.paths.count);
    this.isListed = new Uint8Array(flow.paths.count);
  }

  // ── the whole ──

  /** Makes it what a block is entered with; undefined: nothing. */
  start(entry: ReadonlyMap<number, SetId> | undefined): void {
    for (const path of this.holders) {
      this.state[path] = emptySet;
      this.isListed[path] = 0;
    }
    this.holders.length = 0;
    if (entry !== undefined) for (const [path, set] of entry) this.setHeld(path as PathId, set);
  }

  /** Adds what is held to what `block` is entered with. True if that got more. */
  mergeInto(entry: Map<number, SetId>, block: number, liveness: Liveness): boolean {
    const { state, sets } = this;
    let changed = false;
    for (const path of this.holders) {
      const now = state[path] as SetId;
      if (now === emptySet) continue;
      // What nobody uses any more holds nothing.
      if (!liveness.isLiveInto(block, path as PathId) && !this.isLookedInto(path as PathId)) continue;
      const known = entry.get(path) ?? emptySet;
      const union = sets.union(known, now);
      if (union === known) continue;
      entry.set(path, union);
      changed = true;
    }
    return changed;
  }

  /** References may lead there. */
  private isLookedInto(path: PathId): boolean {
    const { flow } = this;
    const root = flow.paths.rootOf(path);
    return flow.loansOf.has(root) || flow.paths.kindOf(root) === Root.content;
  }

  /** Nearly all that a long block's statements gave values is past when `s` is reached, and of no concern to those that follow. */
  forgetPast(s: number, liveness: Liveness): void {
    for (const path of this.holders) if (liveness.isPast(path as PathId, s) && !this.isLookedInto(path as PathId)) this.state[path] = emptySet;
    this.forgetEmpty();
  }

  /** Lists only places that hold something. */
  private forgetEmpty(): void {
    const { holders, state, isListed } = this;
    let kept = 0;
    for (const path of holders) {
      if (state[path] === emptySet) isListed[path] = 0;
      else holders[kept++] = path;
    }
    holders.length = kept;
  }

  /** All that is held, to come back to. */
  save(): ReadonlyMap<number, SetId> {
    return new Map(this.holders.map((path) => [path, this.state[path] as SetId]));
  }

  restore(saved: ReadonlyMap<number, SetId>): void {
    for (const path of this.holders) this.state[path] = emptySet;
    for (const [path, set] of saved) this.setHeld(path as PathId, set);
  }

  // ── one place ──

  /** What a place itself holds, without what it is part of and its parts. */
  at(path: PathId): SetId { return this.state[path] as SetId; }

  /** What a place in a root's own memory holds: with all that it is part of, and all parts of it. */
  held(path: PathId): SetId {
    return this.sets.union(this.parts(path), this.around(path));
  }

  /** What it and all that it is part of hold by themselves. */
  around(path: PathId): SetId {
    const { flow, sets, state } = this;
    let set = state[path] as SetId;
    for (let at = flow.paths.parent(path); at !== 0; at = flow.paths.parent(at)) set = sets.union(set, state[at] as SetId);
    return set;
  }

  /** What it and all parts of it hold. */
  parts(path: PathId): SetId {
    const { paths } = this.flow;
    let set = this.state[path] as SetId;
    for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) if (paths.baseOf(at) === at) set = this.sets.union(set, this.parts(at));
    return set;
  }

  setHeld(path: PathId, set: SetId): void {
    this.state[path] = set;
    if (set === emptySet || this.isListed[path] === 1) return;
    this.isListed[path] = 1;
    this.holders.push(path);
  }

  /** Everywhere only the loans for which `keep` says yes are left. */
  filter(keep: (loan: number) => boolean): void {
    const { state, sets } = this;
    for (const path of this.holders) state[path] = sets.filter(state[path] as SetId, keep);
  }

  /** A place and all parts of it hold nothing. */
  clear(path: PathId): void {
    const { paths } = this.flow;
    this.state[path] = emptySet;
    for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) this.clear(at);
  }
}
