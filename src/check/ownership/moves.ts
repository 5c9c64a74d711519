/** Use of what was moved: which moves may have happened, forwards over the blocks, a bit for each move of a variable or a part of one. */

import type { Node } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import { mayDeriveCopy } from "../conformance.ts";
import { describe } from "./describe.ts";
import { Op, type Flow, type Graph } from "./flow.ts";
import { Root, Way, noPath, type PathId } from "./paths.ts";
import type { TypeFacts } from "./typeFacts.ts";
import { TypeKind, type TypeId } from "../types.ts";

export class Moves {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly flow: Flow;
  private readonly graph: Graph;
  /** Statements that move; their places; by root the numbers of those on it. */
  readonly sites: number[] = [];
  private readonly siteOf = new Map<number, number>();
  private readonly ofRoot = new Map<PathId, number[]>();
  private readonly reported = new Set<number>();
  private readonly words: number;
  private readonly entry: Uint32Array;

  constructor(c: Checker, facts: TypeFacts, flow: Flow, graph: Graph) {
    this.c = c;
    this.facts = facts;
    this.flow = flow;
    this.graph = graph;
    for (const block of graph.order) {
      for (let s = flow.start[block] as number; s < (flow.end[block] as number); s++) {
        if (flow.op[s] !== Op.move) continue;
        const root = flow.paths.rootOf(flow.b[s] as PathId);
        if (flow.paths.kindOf(root) === Root.temporary) continue;
        const site = this.sites.length;
        this.sites.push(s);
        this.siteOf.set(s, site);
        const list = this.ofRoot.get(root);
        if (list === undefined) this.ofRoot.set(root, [site]);
        else list.push(site);
      }
    }
    this.words = (this.sites.length + 31) >>> 5;
    this.entry = new Uint32Array(flow.blockCount * this.words);
    this.solve();
  }

  private solve(): void {
    const { graph, words, entry } = this;
    if (words === 0) return;
    const { order, successors, successorStart } = graph;
    const state = new Uint32Array(words);
    // Blocks whose entry has changed since they were gone through.
    const isDirty = new Uint8Array(this.flow.blockCount).fill(1);
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of order) {
        if (isDirty[block] === 0) continue;
        isDirty[block] = 0;
        state.set(entry.subarray(block * words, (block + 1) * words));
        for (let s = this.flow.start[block] as number; s < (this.flow.end[block] as number); s++) this.transfer(s, state);
        for (let at = successorStart[block] as number; at < (successorStart[block + 1] as number); at++) {
          const next = successors[at] as number;
          const to = next * words;
          for (let w = 0; w < words; w++) {
            const union = ((entry[to + w] as number) | (state[w] as number)) >>> 0;
            if (union === entry[to + w]) continue;
            entry[to + w] = union;
            isDirty[next] = 1;
            changed = true;
          }
        }
      }
    }
  }

  /** Makes `state` what it is at the start of a block. */
  enter(block: number, state: Uint32Array): void {
    state.set(this.entry.subarray(block * this.words, (block + 1) * this.words));
  }

  newState(): Uint32Array { return new Uint32Array(this.words); }

  transfer(s: number, state: Uint32Array): void {
    const { flow } = this;
    const op = flow.op[s];
    if (op === Op.move) {
      const site = this.siteOf.get(s);
      if (site !== undefined) state[site >>> 5] = (state[site >>> 5] as number) | (1 << (site & 31));
    }
    const a = flow.a[s] as PathId;
    if (a !== noPath) this.arrive(a, state);
  }

  /** A value arrives at `path`: what was moved out of there, or of a part of it, is there again. */
  private arrive(path: PathId, state: Uint32Array): void {
    const { paths } = this.flow;
    const sites = this.ofRoot.get(paths.rootOf(path));
    if (sites === undefined) return;
    for (const site of sites) {
      if (paths.isWithin(this.placeOf(site), path)) state[site >>> 5] = (state[site >>> 5] as number) & ~(1 << (site & 31));
    }
  }

  private placeOf(site: number): PathId { return this.flow.b[this.sites[site] as number] as PathId; }

  /** The first move that may have taken the place or a part of it (or all of what it is part of) away; -1 if none. One by `pattern` takes what that does not name otherwise. */
  movedAt(path: PathId, state: Uint32Array, pattern = 0 as Node): number {
    const { paths } = this.flow;
    const sites = this.ofRoot.get(paths.rootOf(path));
    if (sites === undefined) return -1;
    for (const site of sites) {
      if (((state[site >>> 5] as number) & (1 << (site & 31))) === 0) continue;
      if (paths.mayMeet(path, this.placeOf(site)) && !this.isApart(site, path, pattern)) return site;
    }
    return -1;
  }

  /** What a pattern's `..` binds is none of the elements that it moves. */
  private isApart(site: number, path: PathId, pattern: Node): boolean {
    const { ast } = this.c;
    const moved = this.flow.node[this.sites[site] as number] as Node;
    return pattern !== 0 && (ast.start[moved] as number) >= (ast.start[pattern] as number) && (ast.end[moved] as number) <= (ast.end[pattern] as number) && !this.flow.paths.isWithin(path, this.placeOf(site));
  }

  /** The place on which a move may have happened that concerns `path`; 0 if none. */
  movedPlace(path: PathId, state: Uint32Array): PathId {
    const site = this.movedAt(path, state);
    return site < 0 ? noPath : this.placeOf(site);
  }

  /** Whether on every way to statement `s` something of `path` was moved. */
  isCertain(path: PathId, s: number): boolean {
    const { flow, graph } = this;
    const { paths } = flow;
    const isMove = (at: number): boolean => flow.op[at] === Op.move && paths.isWithin(flow.b[at] as PathId, path);
    const isArrival = (at: number): boolean => flow.a[at] !== noPath && paths.isWithin(path, flow.a[at] as PathId);
    const seen = new Set<number>();
    const block = graph.order.find((one) => s >= (flow.start[one] as number) && s < (flow.end[one] as number)) ?? 0;
    const stack: { block: number; from: number }[] = [{ block, from: s - 1 }];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      let isDone = false;
      for (let at = item.from; at >= (flow.start[item.block] as number) && !isDone; at--) {
        if (isMove(at)) isDone = true;
        else if (isArrival(at)) return false;
      }
      if (isDone) continue;
      const first = graph.predecessorStart[item.block] as number;
      const last = graph.predecessorStart[item.block + 1] as number;
      if (first === last) return false;
      for (let i = first; i < last; i++) {
        const before = graph.predecessors[i] as number;
        if (seen.has(before)) continue;
        seen.add(before);
        stack.push({ block: before, from: (flow.end[before] as number) - 1 });
      }
    }
    return true;
  }

  /** Reports each use of what may be moved. */
  check(): void {
    const { flow, graph } = this;
    if (this.sites.length === 0) return;
    const state = this.newState();
    for (const block of graph.order) {
      this.enter(block, state);
      for (let s = flow.start[block] as number; s < (flow.end[block] as number); s++) {
        this.checkStatement(s, state);
        this.transfer(s, state);
      }
    }
  }

  private checkStatement(s: number, state: Uint32Array): void {
    const { flow } = this;
    const b = flow.b[s] as number;
    switch (flow.op[s]) {
      case Op.read:
      case Op.copy:
      case Op.move:
      case Op.raw:
        this.use(s, b as PathId, state);
        return;
      case Op.borrow:
        this.use(s, flow.loans[b]?.place as PathId, state, flow.loans[b]?.pattern);
        return;
      case Op.assign: {
        // A part may be given a value only while the rest is there.
        const a = flow.a[s] as PathId;
        const parent = flow.paths.parent(a);
        if (parent === noPath) return;
        const site = this.movedAt(parent, state);
        if (site < 0) return;
        const place = this.placeOf(site);
        const isGone = flow.paths.goes(a, Way.element) ? flow.paths.mayMeet(a, place) : flow.paths.baseOf(a) !== a ? this.overlapsBase(a, place) : flow.paths.isWithin(parent, place);
        if (!isGone) return;
        this.report("E0418", s, site, `${describe(this.c, flow, a)} cannot be assigned: ${describe(this.c, flow, place)} was moved`);
      }
    }
  }

  private overlapsBase(a: PathId, place: PathId): boolean {
    const base = this.flow.paths.baseOf(a);
    return this.flow.paths.isWithin(base, place) || this.flow.paths.isWithin(place, base);
  }

  private use(s: number, path: PathId, state: Uint32Array, pattern = 0 as Node): void {
    const site = this.movedAt(path, state, pattern);
    if (site < 0) return;
    const { flow } = this;
    const place = this.placeOf(site);
    const isPartial = place !== path && flow.paths.isWithin(place, path);
    const name = describe(this.c, flow, path);
    this.report(isPartial ? "E0413" : "E0412", s, site, isPartial ? `use of ${name}, a part of which was moved` : `use of moved value ${describe(this.c, flow, place)}`);
  }

  private report(code: "E0412" | "E0413" | "E0418", s: number, site: number, message: string): void {
    const { c, flow } = this;
    // Each move is told of once.
    if (this.reported.has(site)) return;
    this.reported.add(site);
    const moved = this.sites[site] as number;
    const movedNode = flow.node[moved] as Node;
    const isLoop = moved === s || this.comesLater(s, moved);
    const place = this.placeOf(site);
    const text = isLoop ? "moved here, in the round before" : `${describe(c, flow, place)} moved here`;
    const type = flow.paths.typeOf(place);
    if (c.changedByValue.has(type)) return;
    const advice = c.types.kindOf(type) === TypeKind.Function ? [adviceOnFunction(c, type, describe(c, flow, place))] : [isLoop ? "move it only once: borrow it with &, or leave the loop" : "borrow it with & where it is moved, or move the use before that"];
    if (this.facts.isClone(type)) advice.push(`clone it where it is moved: ${describe(c, flow, place)}.clone()`);
    else if (c.types.kindOf(type) === TypeKind.TypeParameter) advice.push(`bound it, if it is to be copied: ${c.typeName(type)}: Copy`);
    else if (code === "E0412" && mayDeriveCopy(c, type)) advice.push(`${c.typeName(type)} holds only plain values: derive Copy for it`);
    c.error(code, flow.node[s] as Node, message, { labels: movedNode === flow.node[s] ? [] : [c.label(movedNode, text)], advice: movedNode === flow.node[s] ? ["it moved here in the round before", ...advice] : advice });
  }

  /** The move stands behind the use in the text, so that it happened in an earlier round. */
  private comesLater(s: number, moved: number): boolean {
    const { ast } = this.c;
    return (ast.start[this.flow.node[moved] as Node] as number) > (ast.start[this.flow.node[s] as Node] as number);
  }
}

/** A function value is moved where it is handed on; a closure that calls it serves as well, and borrows it. */
function adviceOnFunction(c: Checker, type: TypeId, name: string): string {
  const parameters = Array.from({ length: c.types.listLength(type) }, (_, i) => String.fromCharCode("a".charCodeAt(0) + i)).join(", ");
  return `where it is handed on, pass a closure that calls it: ${parameters === "" ? "||" : `|${parameters}|`} ${name}(${parameters})`;
}
