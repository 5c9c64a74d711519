/** Which loans each place may hold, forwards over the blocks until nothing changes (heldLoans.ts: what is held; callLoans.ts: what calls do to it). */

import { CallLoans } from "./callLoans.ts";
import { Op, StatementFlag, type Call, type Flow, type Graph } from "./flow.ts";
import { HeldLoans } from "./heldLoans.ts";
import { isStrong, type Liveness } from "./liveness.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { noPath, type PathId } from "./paths.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Statements after which what is past is forgotten: few enough that a statement goes by few, and most bodies are shorter. */
const betweenCleanups = 64;

export class LoanSolver {
  readonly flow: Flow;
  readonly sets: LoanSets;
  /** At the statement at hand. */
  readonly held: HeldLoans;
  readonly calls: CallLoans;
  private readonly graph: Graph;
  /** By block: places and what they hold when it is entered, in turns; places that nobody uses any more are left out. */
  private readonly entries: (Map<number, SetId> | undefined)[];
  private readonly liveness: Liveness;
  /** What the function's result holds at its exits; `calls.contents` is what lies behind each parameter there. */
  resultHolds: SetId = emptySet;
  readonly resultParts: SetId[];

  /** `isQuiet`: the function values that the body is given store nothing in what they are given. */
  constructor(flow: Flow, graph: Graph, liveness: Liveness, sets: LoanSets, facts: TypeFacts, summaries: Summaries, isQuiet = false) {
    this.flow = flow;
    this.graph = graph;
    this.sets = sets;
    this.liveness = liveness;
    this.held = new HeldLoans(flow, sets, facts, summaries);
    this.calls = new CallLoans(this.held, facts, summaries, isQuiet);
    this.resultParts = flow.resultParts.map(() => emptySet);
    this.entries = new Array<Map<number, SetId> | undefined>(flow.blockCount).fill(undefined);
  }

  /** Until nothing changes. */
  run(): void {
    const { flow, graph, sets } = this;
    const { order, successors, successorStart } = graph;
    if (order.length === 0) return;
    const first = new Map<number, SetId>();
    const captured = flow.definition.parameters.length;
    flow.parameters.forEach((path, i) => {
      if (path === noPath) return;
      first.set(flow.captures[i - captured] ?? path, sets.one(i * 2));
      first.set(flow.contents[i] as PathId, sets.one(i * 2 + 1));
      // Of what has parts, these tell.
      const input = flow.inputs[i];
      if (input === undefined || input.of < 0 || input.steps.length === 0) return;
      const { of } = input;
      first.delete(input.isBehind ? (flow.contents[of] as PathId) : (flow.captures[of - captured] ?? (flow.parameters[of] as PathId)));
    });
    this.entries[order[0] as number] = first;
    const dirty = new Uint8Array(flow.blockCount);
    dirty[order[0] as number] = 1;
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of order) {
        if (dirty[block] === 0) continue;
        dirty[block] = 0;
        this.enter(block);
        for (let s = flow.start[block] as number; s < (flow.end[block] as number); s++) this.transfer(s);
        for (let at = successorStart[block] as number; at < (successorStart[block + 1] as number); at++) {
          const to = successors[at] as number;
          if (!this.merge(to)) continue;
          dirty[to] = 1;
          changed = true;
        }
      }
    }
  }

  /** Goes to the start of a block. */
  enter(block: number): void {
    this.held.start(this.entries[block]);
  }

  private merge(block: number): boolean {
    const before = this.entries[block];
    const entry = before ?? new Map<number, SetId>();
    this.entries[block] = entry;
    return this.held.mergeInto(entry, block, this.liveness) || before === undefined;
  }

  /** Past statement `s`. */
  transfer(s: number): void {
    const { flow, sets, held } = this;
    const a = flow.a[s] as PathId;
    const b = flow.b[s] as number;
    const flags = flow.flags[s] as number;
    if (s % betweenCleanups === 0) held.forgetPast(s, this.liveness);
    switch (flow.op[s]) {
      case Op.init:
        held.kill(a);
        held.clear(a);
        return;
      case Op.copy:
      case Op.move:
        if (a !== noPath) held.assignFrom(a, b as PathId, flags);
        // What moved away is not dropped here.
        if (flow.op[s] === Op.move && isStrong(flow, b as PathId)) held.clear(b as PathId);
        return;
      case Op.borrow: {
        if (a === noPath) return;
        held.put(a, held.borrowed(b, a), flags);
        return;
      }
      case Op.assign:
        if ((flags & (StatementFlag.drops | StatementFlag.dropUses)) !== 0) this.calls.moving.dropped(a);
        held.kill(a);
        if (b === noPath) return;
        if (isStrong(flow, a)) held.assignFrom(a, b as PathId, flags);
        else held.storeAt(a, held.valueAt(b as PathId));
        return;
      case Op.dead:
        if ((flags & (StatementFlag.drops | StatementFlag.dropUses)) !== 0) this.calls.moving.dropped(a);
        if (flow.ownedCaptures.has(a)) this.calls.keep(a);
        held.kill(a);
        held.clear(a);
        return;
      case Op.raw: {
        let set: SetId = b === noPath ? emptySet : sets.union(held.borrowedAt(b as PathId).set, held.valueAt(b as PathId));
        set = held.remembered(set);
        if ((flags & StatementFlag.heap) !== 0) set = sets.union(set, sets.one(held.heap));
        held.put(a, set, flags);
        return;
      }
      case Op.call:
        this.calls.call(flow.calls[b] as Call, a);
        return;
      case Op.exit:
        if (flow.result !== noPath) this.resultHolds = sets.union(this.resultHolds, held.withShared(held.valueAt(flow.result)));
        flow.resultParts.forEach((part, i) => { this.resultParts[i] = sets.union(this.resultParts[i] as SetId, held.withShared(held.valueAt(part))); });
        this.calls.leave();
    }
  }
}
