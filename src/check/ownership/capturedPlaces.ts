/**
 * What a closure borrows of a variable that it captures: the fields that its body names, where it names nothing else of it. The environment has the
 * variable's address all the same; that only the fields are touched is what the body shows.
 */

import { Kind, type Node } from "../../syntax/ast.ts";
import type { Capture } from "../captures.ts";
import { LocalFlag, MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import { derefTarget } from "../implementations.ts";
import { TypeKind, type TypeId } from "../types.ts";
import { place } from "./lowerPlaces.ts";
import type { Lowering } from "./lowering.ts";
import { Root, type PathId } from "./paths.ts";

/** A place that is borrowed by a closure: where it is named, and whether it is changed. */
export interface CapturedPlace {
  readonly path: PathId;
  readonly mutable: boolean;
  readonly node: Node;
}

/** The places that the closure `n` borrows by a capture. What a closure around it borrowed itself lies elsewhere and goes on; the environment is in that one's frame. */
export function capturedPlaces(l: Lowering, n: Node, capture: Capture): readonly CapturedPlace[] {
  const places = placesOf(l, n, capture);
  const { paths } = l.flow;
  const path = l.local(capture.local);
  if (capture.mode !== "borrow" || path === paths.rootOf(path) || paths.kindOf(paths.rootOf(path)) !== Root.capture) return places;
  return [...places, { path: l.frameOf(capture.local), mutable: false, node: capture.node }];
}

/** The places of a captured variable that the closure `n` borrows: the variable as a whole, or fields that do not overlap. */
function placesOf(l: Lowering, n: Node, { local, mode, node, changes }: Capture): readonly CapturedPlace[] {
  const { program, types, ast } = l.c;
  const whole = [{ path: l.local(local), mutable: mode === "borrowMut", node }];
  const type = program.localType(local);
  const isReference = types.kindOf(type) === TypeKind.Reference;
  // A reference that is assigned later leads elsewhere; behind a shared one nothing changes, and it is the closure's alone to tell what it hands on of that.
  if (isReference && (program.localHas(local, LocalFlag.mutable) || !types.isMutable(type))) return whole;
  if (!hasFields(l, isReference ? types.inner(type) : type)) return whole;
  const found = new Map<PathId, { mutable: boolean; node: Node }>();
  const changed = new Set(changes.map((change) => nameIn(l, change)));
  const first = firstNode(l, n);
  /** By node: the field of which it is the object. */
  const fieldOf = new Map<Node, Node>();
  for (let at = first; at < n; at = (at + 1) as Node) {
    const kind = ast.kind[at];
    if (kind === Kind.Closure && program.ownsCaptures(at) && program.capturesOf(at).some((one) => one.local === local)) return whole;
    if (kind === Kind.TupleField || (kind === Kind.Field && meaningKind(program.meaningOf(at)) === MeaningKind.Field)) fieldOf.set(ast.operand(at), at);
  }
  for (let at = first; at < n; at = (at + 1) as Node) {
    const m = program.meaningOf(at);
    if (ast.kind[at] !== Kind.Name || meaningKind(m) !== MeaningKind.Local || meaningIndex(m) !== local) continue;
    let top = at;
    let object = isReference ? types.inner(type) : type;
    for (let next = fieldOf.get(top); next !== undefined && hasFields(l, object); next = fieldOf.get(top)) {
      top = next;
      object = program.typeOf(top);
    }
    if (top === at) return whole;
    const path = place(l, top);
    const known = found.get(path);
    const mutable = changed.has(at);
    if (known === undefined) found.set(path, { mutable, node: top });
    else known.mutable ||= mutable;
  }
  const { paths } = l.flow;
  const places: CapturedPlace[] = [];
  for (const [path, { mutable, node: use }] of found) {
    let mayChange = mutable;
    let isInside = false;
    for (const [other, { mutable: otherMutable }] of found) {
      if (other === path) continue;
      if (isWithin(paths, path, other)) isInside = true;
      else if (isWithin(paths, other, path)) mayChange ||= otherMutable;
    }
    if (!isInside) places.push({ path, mutable: mayChange, node: use });
  }
  if (places.length === 0) return whole;
  // What is behind a reference outlives the variable; the environment, which refers to that, does not.
  if (isReference) places.push({ path: l.frameOf(local), mutable: false, node });
  return places;
}

function isWithin(paths: Lowering["flow"]["paths"], inner: PathId, outer: PathId): boolean {
  for (let at = inner; at !== 0; at = paths.parent(at)) if (at === outer) return true;
  return false;
}

/** A struct or tuple whose fields are places of their own. */
function hasFields(l: Lowering, type: TypeId): boolean {
  const kind = l.c.types.kindOf(type);
  return kind === TypeKind.Tuple || (kind === TypeKind.Struct && derefTarget(l.c, type) === 0);
}

/** The variable's name in a place that is changed. */
function nameIn(l: Lowering, n: Node): Node {
  const { ast } = l.c;
  let at = n;
  while (ast.kind[at] === Kind.Paren || ast.kind[at] === Kind.Field || ast.kind[at] === Kind.TupleField || ast.kind[at] === Kind.Index || ast.kind[at] === Kind.Unary) at = ast.operand(at);
  return at;
}

/** Children come before their parents, so the closure's nodes are the run that ends with it. */
function firstNode(l: Lowering, n: Node): Node {
  const { ast } = l.c;
  let first: number = n;
  while (first > 1 && (ast.start[first - 1] as number) >= (ast.start[n] as number) && (ast.end[first - 1] as number) <= (ast.end[n] as number)) first--;
  return first as Node;
}
