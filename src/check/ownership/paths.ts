/**
 * Places of one function: a local (or a temporary) and the way from it through fields, elements and pointers. Interned: equal places are
 * equal numbers, children of a place hang below it, so that "overlaps", "is part of" and "whatever is inside" are walks of a small tree.
 */

import { TypeKind, type TypeId, type TypeTable } from "../types.ts";

export type PathId = number & { readonly brand: "PathId" };
export const noPath = 0 as PathId;

/** How a place continues. Fields of structs and tuples: `Step.field + index`; parts of variants have the variant in the upper bits. */
export const Step = {
  root: 0,
  /** Through a reference, slice or str. */
  deref: 1,
  /** Into what a Box, List, String… owns. */
  owned: 2,
  /** Through a raw pointer: outside the checks. */
  raw: 3,
  /** Some element: elements are one place. */
  index: 4,
  /** The elements that `..` in a slice pattern stands for. */
  rest: 5,
  field: 16,
} as const;

const variantShift = 12;

export function fieldStep(index: number): number { return Step.field + index; }
export function variantStep(variant: number, index: number): number { return Step.field + ((variant + 1) << variantShift) + index; }
/** An element that a slice pattern names by its distance from the start or the end: negative. */
export function elementStep(index: number, fromEnd: boolean): number { return -1 - index * 2 - (fromEnd ? 1 : 0); }
/** Whether a slice pattern names the element by its distance from the end. */
export function isFromEnd(step: number): boolean { return ((-1 - step) & 1) === 1; }
export function isFieldStep(step: number): boolean { return step >= Step.field; }
export function fieldOfStep(step: number): number { return (step - Step.field) & ((1 << variantShift) - 1); }
export function variantOfStep(step: number): number { return ((step - Step.field) >> variantShift) - 1; }

/** What lies on the way to a place. */
export const Way = { deref: 1, shared: 2, raw: 4, element: 8, owned: 16 } as const;

/** What a root is. */
export const Root = { local: 1, temporary: 2, parameter: 3, capture: 4, result: 5, content: 6, /** Memory that Rcs share. */ shared: 7, global: 8 } as const;

export class Paths {
  count = 1;
  private parents = new Int32Array(64);
  private steps = new Int32Array(64);
  private roots = new Int32Array(64);
  private types = new Int32Array(64);
  private ways = new Uint8Array(64);
  private bases = new Int32Array(64);
  private firstChildren = new Int32Array(64);
  private nextSiblings = new Int32Array(64);
  private kinds = new Uint8Array(64);
  /** Of a root: its local; of a path: nothing. */
  private owners = new Int32Array(64);
  private readonly table: TypeTable;

  constructor(table: TypeTable) {
    this.table = table;
  }

  root(kind: number, type: TypeId, owner: number): PathId {
    const path = this.add(0, Step.root, type);
    this.roots[path] = path;
    this.bases[path] = path;
    this.kinds[path] = kind;
    this.owners[path] = owner;
    return path;
  }

  /** The place one step further. `type` is that of the new place. */
  step(parent: PathId, step: number, type: TypeId): PathId {
    for (let at = this.firstChildren[parent] as number; at !== 0; at = this.nextSiblings[at] as number) if (this.steps[at] === step) return at as PathId;
    const path = this.add(parent, step, type);
    this.roots[path] = this.roots[parent] as number;
    this.nextSiblings[path] = this.firstChildren[parent] as number;
    this.firstChildren[parent] = path;
    let way = this.ways[parent] as number;
    if (step === Step.deref) way |= this.isShared(this.types[parent] as TypeId) ? Way.deref | Way.shared : Way.deref;
    else if (step === Step.raw) way |= Way.raw;
    else if (step === Step.owned) way |= Way.owned;
    else if (step === Step.index || step === Step.rest || step < 0) way |= Way.element;
    this.ways[path] = way;
    const base = this.bases[parent] as number;
    this.bases[path] = base === parent && step !== Step.deref && step !== Step.raw ? path : base;
    return path;
  }

  /** A step that exists already, 0 if not. */
  find(parent: PathId, step: number): PathId {
    for (let at = this.firstChildren[parent] as number; at !== 0; at = this.nextSiblings[at] as number) if (this.steps[at] === step) return at as PathId;
    return noPath;
  }

  parent(path: PathId): PathId { return this.parents[path] as PathId; }
  stepOf(path: PathId): number { return this.steps[path] as number; }
  rootOf(path: PathId): PathId { return this.roots[path] as PathId; }
  typeOf(path: PathId): TypeId { return this.types[path] as TypeId; }
  /** The longest beginning of the place that lies in the root's own memory: what must hold the pointer that the rest goes through. */
  baseOf(path: PathId): PathId { return this.bases[path] as PathId; }
  goes(path: PathId, way: number): boolean { return ((this.ways[path] as number) & way) !== 0; }
  firstChild(path: PathId): PathId { return this.firstChildren[path] as PathId; }
  nextSibling(path: PathId): PathId { return this.nextSiblings[path] as PathId; }
  kindOf(root: PathId): number { return this.kinds[root] as number; }
  /** Of a root: the LocalId (or the parameter's number for a content), 0 for temporaries. */
  ownerOf(root: PathId): number { return this.owners[root] as number; }

  /** `inner` is `outer` or lies inside it. */
  isWithin(inner: PathId, outer: PathId): boolean {
    for (let at = inner; at !== 0; at = this.parent(at)) if (at === outer) return true;
    return false;
  }

  /** One lies within the other, or both within elements of one array that may be the same: `xs[i]` is any of them, whatever pattern named one. */
  mayMeet(one: PathId, other: PathId): boolean {
    if (this.isWithin(one, other) || this.isWithin(other, one)) return true;
    if (!this.goes(one, Way.element) || !this.goes(other, Way.element)) return false;
    const these = this.stepsOf(one);
    const those = this.stepsOf(other);
    const at = these.findIndex((path, i) => path !== those[i]);
    const a = this.stepOf(these[at] as PathId);
    const b = this.stepOf(those[at] as PathId);
    return !isFieldStep(a) && !isFieldStep(b) && !(a < 0 && b < 0 && isFromEnd(a) === isFromEnd(b));
  }

  /** Steps from the root, the first first. */
  stepsOf(path: PathId): PathId[] {
    const steps: PathId[] = [];
    for (let at = path; this.parent(at) !== 0; at = this.parent(at)) steps.push(at);
    return steps.reverse();
  }

  isShared(type: TypeId): boolean {
    const kind = this.table.kindOf(type);
    return kind === TypeKind.Reference || kind === TypeKind.Slice ? !this.table.isMutable(type) : true;
  }

  private add(parent: number, step: number, type: TypeId): PathId {
    const path = this.count++;
    if (path === this.parents.length) this.grow();
    this.parents[path] = parent;
    this.steps[path] = step;
    this.types[path] = type;
    return path as PathId;
  }

  private grow(): void {
    const size = this.parents.length * 2;
    this.parents = copied(this.parents, size);
    this.steps = copied(this.steps, size);
    this.roots = copied(this.roots, size);
    this.types = copied(this.types, size);
    this.bases = copied(this.bases, size);
    this.firstChildren = copied(this.firstChildren, size);
    this.nextSiblings = copied(this.nextSiblings, size);
    this.owners = copied(this.owners, size);
    const ways = new Uint8Array(size);
    ways.set(this.ways);
    this.ways = ways;
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }
}

export function copied(from: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size);
  to.set(from);
  return to;
}
