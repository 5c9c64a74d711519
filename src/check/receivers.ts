/** The object of a method call: borrowed, read through, as a slice, or through what it derefs to, as the method wants it. */

import type { Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { noteChange } from "./captures.ts";
import type { Checker } from "./context.ts";
import type { FunctionDefinition } from "./definitions.ts";
import { derefTarget, derefsMutably } from "./implementations.ts";
import { behindShared, immutability, isPlace, lentBy, markAddressTaken, markAssigned } from "./places.ts";
import { has, isCopy, throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** The receiver: borrowed, read through or passed as the method wants it. */
export function receive(c: Checker, object: Node, type: TypeId, base: TypeId, method: FunctionDefinition): void {
  const { types } = c;
  const isSlice = types.kindOf(base) === TypeKind.Slice || base === T.str;
  if (isSlice && throughReferences(c, type) !== base) {
    receiveSlice(c, object, type, base, method);
    return;
  }
  if (method.receiver === "value") {
    if (types.kindOf(base) === TypeKind.Dyn) {
      c.error("E0352", object, `${c.nameText(method.name)} takes self by value, and ${c.aType(base)} has no size of its own`, { labels: c.declaredAt(method) });
    } else if (type !== base && !isCopy(c, base) && !isSlice) {
      c.error("E0301", object, `${c.nameText(method.name)} takes self by value, and ${c.typeName(base)} is not Copy`, {
        labels: c.declaredAt(method), advice: has(c, base, Names.Clone) ? [`clone it: ….clone().${c.nameText(method.name)}(…)`] : [],
      });
    }
    return;
  }
  if (throughReferences(c, type) !== base) {
    receiveDerefed(c, object, type, base, method);
    return;
  }
  if (type === base) {
    if (isPlace(c, object)) {
      if (method.receiver === "mutableReference") {
        const why = immutability(c, object);
        if (why !== undefined) {
          c.errorAt("E0339", c.span(object), `${c.nameText(method.name)} takes &mut self: ${why.message}`, { labels: [...why.labels], advice: why.advice });
          return;
        }
        markAssigned(c, object);
      }
      markAddressTaken(c, object);
    }
    return;
  }
  if (method.receiver === "mutableReference") {
    const why = behindShared(c, object);
    if (why !== undefined) {
      c.errorAt("E0339", c.span(object), `${c.nameText(method.name)} takes &mut self: ${why.message}`, { labels: [...why.labels], advice: why.advice });
      return;
    }
    for (let at = type; at !== base; at = types.inner(at)) {
      if (types.kindOf(at) === TypeKind.Reference && !types.isMutable(at)) {
        c.errorAt("E0339", c.span(object), `${c.nameText(method.name)} takes &mut self, and this is a &`, { labels: c.declaredAt(method), advice: lentBy(c, object, "take a &mut").advice });
        return;
      }
    }
    if (c.closure !== undefined) noteChange(c, object);
  }
}

/** A method of slices or texts on an array, a list, a string: these are borrowed as such. */
function receiveSlice(c: Checker, object: Node, type: TypeId, base: TypeId, method: FunctionDefinition): void {
  const { types } = c;
  // The method's own type tells whether the elements may change.
  const isMutable = types.kindOf(base) === TypeKind.Slice && types.kindOf(method.owner) === TypeKind.Slice && types.isMutable(method.owner);
  const wanted = types.kindOf(base) === TypeKind.Slice ? types.slice(types.inner(base), isMutable) : base;
  if (throughReferences(c, type) === wanted) return;
  if (isMutable) {
    mutableReceiver(c, object, type, base, method);
    if (isPlace(c, object)) markAssigned(c, object);
  }
  if (isPlace(c, object)) markAddressTaken(c, object);
  c.program.setWanted(object, wanted);
}

/** A method of what the object derefs to, by reference. */
function receiveDerefed(c: Checker, object: Node, type: TypeId, base: TypeId, method: FunctionDefinition): void {
  if (method.receiver === "mutableReference") {
    mutableReceiver(c, object, type, base, method);
    if (isPlace(c, object)) markAssigned(c, object);
  }
  if (isPlace(c, object)) markAddressTaken(c, object);
}

/** Reports an object that may not be changed, on the way to `base`. */
function mutableReceiver(c: Checker, object: Node, type: TypeId, base: TypeId, method: FunctionDefinition): void {
  const { types } = c;
  let isBorrowed = false;
  for (let at = type; at !== base && at !== 0; ) {
    const kind = types.kindOf(at);
    if (kind === TypeKind.Reference || kind === TypeKind.Pointer) {
      if (kind === TypeKind.Reference && !types.isMutable(at)) {
        c.errorAt("E0339", c.span(object), `${c.nameText(method.name)} changes its receiver, and this is a &`, { labels: c.declaredAt(method), advice: lentBy(c, object, "take a &mut").advice });
        return;
      }
      isBorrowed = true;
      at = types.inner(at);
    } else if (kind === TypeKind.Array || kind === TypeKind.Slice) {
      break;
    } else if (derefTarget(c, at) === 0) {
      break;
    } else if (!derefsMutably(c, at)) {
      c.errorAt("E0339", c.span(object), `${c.nameText(method.name)} changes its receiver, and what is behind ${c.aType(at)} cannot change`, { labels: c.declaredAt(method), advice: ["put the value into a Cell"] });
      return;
    } else {
      at = derefTarget(c, at);
    }
  }
  if (!isPlace(c, object)) return;
  const why = isBorrowed ? behindShared(c, object) : immutability(c, object);
  if (why !== undefined) c.errorAt("E0339", c.span(object), `${c.nameText(method.name)} changes its receiver: ${why.message}`, { labels: [...why.labels], advice: why.advice });
}
