/**
 * What closures capture: noted while their bodies are checked, a variable at its first use, a change where a place is assigned, borrowed by
 * &mut or lent to what may change it. From that follow the modes of capture, and whether a closure is a `mut func`.
 */

import { Kind, UnaryOperator, type List, type Node } from "../syntax/ast.ts";
import { capturedParts } from "./capturedParts.ts";
import { LocalFlag, MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { DefinitionId, LocalId } from "./definitions.ts";
import type { Binding } from "./scopes.ts";
import { isCopy } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/**
 * How a closure holds a variable of the function around it. `borrow`, `borrowMut`: it refers to the variable, and changes it or not. `copy`,
 * `move`: the value is the closure's own, in an environment that is allocated and freed with the closure.
 */
export type CaptureMode = "borrow" | "borrowMut" | "copy" | "move";

export interface Capture {
  readonly local: LocalId;
  readonly mode: CaptureMode;
  /** The variable's first use in the closure: what a message points at. */
  readonly node: Node;
  /** The closure changes what it captured. */
  readonly changed: boolean;
  /** The places in it that are changed. */
  readonly changes: readonly Node[];
  /** Of a variable that moves: the fields that do, if not all of it does. */
  readonly parts: readonly Node[];
}

interface Noted {
  readonly local: LocalId;
  readonly node: Node;
  changedAt: Node;
  readonly changes: Node[];
}

/** A closure whose body is being checked. */
export class ClosureFrame {
  readonly outer: ClosureFrame | undefined;
  /** First binding of its own: what lies below is captured. */
  readonly start: Binding;
  /** `move`, written or implied. */
  moves: boolean;
  readonly noted: Noted[] = [];

  constructor(outer: ClosureFrame | undefined, start: Binding, moves: boolean) {
    this.outer = outer;
    this.start = start;
    this.moves = moves;
  }

  find(local: LocalId): Noted | undefined {
    return this.noted.find((one) => one.local === local);
  }
}

/** A name means a variable of a function around: the closures in between capture it. */
export function noteCapture(c: Checker, n: Node, binding: Binding, local: LocalId): void {
  for (let frame = c.closure; frame !== undefined && binding < frame.start; frame = frame.outer) {
    if (frame.find(local) === undefined) frame.noted.push({ local, node: n, changedAt: 0 as Node, changes: [] });
  }
}

/** The place `n` is changed, or borrowed so that it may be. If a variable that was captured is reached by it, the closures that borrow it change it. */
export function noteChange(c: Checker, n: Node): void {
  const local = reachedLocal(c, n);
  if (local === 0) return;
  const throughBorrow = isMutableBorrow(c, c.program.localType(local));
  for (let frame = c.closure; frame !== undefined; frame = frame.outer) {
    const noted = frame.find(local);
    if (noted === undefined) return;
    if (noted.changedAt === 0) noted.changedAt = n;
    noted.changes.push(n);
    // Its own copy is all that a moving closure changes; a &mut it takes over from the closure around.
    if (frame.moves && !throughBorrow) return;
  }
}

/** The local through which a place is changed: through &mut, but not through &, [] and raw pointers. 0: none. */
function reachedLocal(c: Checker, n: Node): LocalId | 0 {
  const { ast, program, types } = c;
  for (let at = n; ; ) {
    switch (ast.kind[at]) {
      case Kind.Paren:
        at = ast.operand(at);
        continue;
      case Kind.Name: {
        const m = program.meaningOf(at);
        return meaningKind(m) === MeaningKind.Local ? (meaningIndex(m) as LocalId) : 0;
      }
      case Kind.Field:
        if (meaningKind(program.meaningOf(at)) === MeaningKind.Definition) return 0;
        break;
      case Kind.TupleField:
      case Kind.Index:
        break;
      case Kind.Unary:
        if (ast.unaryOperator(at) !== UnaryOperator.Dereference) return 0;
        break;
      default:
        return 0;
    }
    at = ast.operand(at);
    const type = program.typeOf(at);
    const kind = types.kindOf(type);
    if (kind === TypeKind.Pointer || ((kind === TypeKind.Reference || kind === TypeKind.Slice) && !types.isMutable(type))) return 0;
  }
}

/** `&mut T` or `[]mut T`: used as a value, it is lent on. */
function isMutableBorrow(c: Checker, type: TypeId): boolean {
  const kind = c.types.kindOf(type);
  return (kind === TypeKind.Reference || kind === TypeKind.Slice) && c.types.isMutable(type);
}

/** Notes the uses of `&mut` and `[]mut` values that lend them on: an argument, a part of a literal, the value of a let. */
export function noteLending(c: Checker, closure: Node, frame: ClosureFrame): void {
  const { ast, program } = c;
  if (frame.noted.length === 0) return;
  const from = ast.start[closure] as number;
  // Children come before their parents, so the closure's nodes are the run that ends with it.
  let first = closure;
  while (first > 1 && (ast.start[first - 1] as number) >= from && (ast.end[first - 1] as number) <= (ast.end[closure] as number)) first--;
  const onlyRead = new Uint8Array(closure - first + 1);
  const mark = (n: Node): void => {
    if (n >= first) onlyRead[n - first] = 1;
  };
  for (let n = first as Node; n <= closure; n++) {
    switch (ast.kind[n]) {
      case Kind.Field:
      case Kind.TupleField:
      case Kind.Index:
      case Kind.Unary:
      case Kind.Cast:
      case Kind.FormatPiece:
      case Kind.ExpressionStatement:
        mark(ast.operand(n as Node));
        break;
      case Kind.Binary:
      case Kind.Assign:
        mark(ast.left(n as Node));
        if (ast.kind[n] === Kind.Binary) mark(ast.right(n as Node));
        break;
      case Kind.Match:
        mark(ast.scrutinee(n as Node));
        break;
      case Kind.LetCondition:
        mark(ast.conditionValue(n as Node));
        break;
      case Kind.For:
        mark(ast.iterable(n as Node));
        break;
      case Kind.Call: {
        const m = program.meaningOf(ast.callee(n as Node));
        mark(ast.callee(n as Node));
        if (meaningKind(m) !== MeaningKind.Definition || c.definition(meaningIndex(m) as DefinitionId).kind !== "builtin") break;
        const args = ast.arguments(n as Node);
        for (let i = 0; i < ast.length(args); i++) mark(ast.item(args, i));
        break;
      }
    }
  }
  for (let n = closure as Node; n >= first; n = (n - 1) as Node) {
    const kind = ast.kind[n];
    // What is said of a parenthesis goes for what is in it.
    if (kind === Kind.Paren && onlyRead[n - first] === 1) mark(ast.operand(n));
    if (onlyRead[n - first] === 1 || (kind !== Kind.Name && kind !== Kind.Field && kind !== Kind.TupleField && kind !== Kind.Index)) continue;
    const wanted = program.wantedOf(n);
    if (isMutableBorrow(c, wanted === 0 ? program.typeOf(n) : wanted)) noteChange(c, n);
  }
}

/** The captures of a closure whose body is checked. Variables that it may change need memory. */
export function captureModes(c: Checker, closure: Node, frame: ClosureFrame): Capture[] {
  const { program } = c;
  return frame.noted.map(({ local, node, changedAt, changes }) => {
    const changed = changedAt !== 0;
    const mode = frame.moves ? (isCopy(c, program.localType(local)) ? "copy" : "move") : changed ? "borrowMut" : "borrow";
    if (mode === "borrowMut") program.markLocal(local, LocalFlag.addressTaken);
    return { local, mode, node, changed, changes, parts: mode === "move" ? capturedParts(c, closure, local) : [] };
  });
}

/**
 * Closures that stand where their values leave the function — the last expression, `return` — own what they capture. `isPart`: within a literal, where they
 * do so only if that is references alone: such a copy refers to the same, and no value is left behind that changes on its own.
 */
export function markMoving(c: Checker, n: Node, isPart = false): void {
  const { ast } = c;
  if (n === 0) return;
  const parts = (list: List): void => {
    for (let i = 0; i < ast.length(list); i++) {
      const part = ast.item(list, i);
      markMoving(c, ast.kind[part] === Kind.FieldInit ? ast.operand(part) : part, true);
    }
  };
  switch (ast.kind[n]) {
    case Kind.Closure:
      (isPart ? c.storedClosures : c.movingClosures).add(n);
      return;
    case Kind.Paren:
      markMoving(c, ast.operand(n), isPart);
      return;
    case Kind.Block:
      markMoving(c, ast.result(n), isPart);
      return;
    case Kind.If:
      markMoving(c, ast.thenBlock(n), isPart);
      markMoving(c, ast.elseBlock(n), isPart);
      return;
    case Kind.Match: {
      const arms = ast.arms(n);
      for (let i = 0; i < ast.length(arms); i++) markMoving(c, ast.armBody(ast.item(arms, i)), isPart);
      return;
    }
    case Kind.StructLiteral:
      parts(ast.inits(n));
      return;
    case Kind.Tuple:
    case Kind.Array:
      parts(ast.elements(n));
      return;
    case Kind.Call: {
      // Some(|x| …), Ok(|x| …)
      const callee = ast.callee(n);
      const kind = ast.kind[callee];
      const args = ast.arguments(n);
      if ((kind === Kind.Name || kind === Kind.VariantName) && ast.length(args) === 1 && isWrapper(c.nameText(ast.name(callee)))) markMoving(c, ast.item(args, 0), isPart);
    }
  }
}

/** A closure within a literal that leaves the function, which captured references through which nothing changes and no more. */
export function takesReferences(c: Checker, closure: Node, frame: ClosureFrame): boolean {
  const { program, types } = c;
  const isShared = (type: TypeId): boolean => type === T.str || ((types.kindOf(type) === TypeKind.Reference || types.kindOf(type) === TypeKind.Slice) && !types.isMutable(type));
  return c.storedClosures.has(closure) && frame.noted.every(({ local, changedAt }) => changedAt === 0 && isShared(program.localType(local)));
}

function isWrapper(name: string): boolean {
  return name === "Some" || name === "Ok" || name === "Err";
}

/** The type is a function, or one that literals are made of, perhaps in an optional or a Result: there may be closures among what such a value is written with. */
export function mayTakeClosures(c: Checker, type: TypeId): boolean {
  const { types } = c;
  for (let at = type; ; at = types.inner(at)) {
    switch (types.kindOf(at)) {
      case TypeKind.Function:
      case TypeKind.Struct:
      case TypeKind.Enum:
      case TypeKind.Tuple:
        return true;
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Array:
        continue;
      default:
        return false;
    }
  }
}
