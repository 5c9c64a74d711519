/**
 * Variables whose `let` leaves something open — `List.new()`, `None`, `it.collect()` — and whose later uses tell it. The body is checked with the
 * variable's type as `error`, which is silent; a use that tells what is missing is noted; then all that was recorded and reported is forgotten, and the body is
 * checked again with the type as if it were written. So no variable of inference outlives a statement, and bodies without such a `let` pay nothing.
 */

import { Kind, UnaryOperator, type List, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { Mark } from "../source/diagnostics.ts";
import { meaningIndex } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { FunctionDefinition, LocalId } from "./definitions.ts";
import { isNumber } from "./convert.ts";
import { argumentNodes, solveCall } from "./inference.ts";
import { fits, match, substitute } from "./matching.ts";
import { findMethod, padded } from "./methods.ts";
import { reach } from "./nameExpressions.ts";
import { findLocal } from "./names.ts";
import { defaultType, isLiteralType } from "./settle.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

interface Open {
  readonly let: Node;
  /** What is known: the unknown parts are variables. */
  type: TypeId;
  /** A literal's default told the rest: a later use may know better. */
  weak: { readonly type: TypeId; readonly use: Node } | undefined;
}

/** What a use told. */
interface Told {
  readonly type: TypeId;
  readonly use: Node;
}

/** The open variables of one pass over a body, and what earlier passes found out. */
export class OpenLets {
  readonly open = new Map<LocalId, Open>();
  readonly told = new Map<Node, Told>();
  /** Nothing told these: they are reported. */
  readonly given = new Set<Node>();
  /** The initialiser that may be left open, and what it turned out to be. */
  hole: Node = 0 as Node;
  holeType: TypeId = 0 as TypeId;
  /** Something was told in this pass. */
  progress = false;
}

/** The call or name `n` is a variable's whole initialiser: what is unknown of its type may come later. True if it is kept open. */
export function leaveOpen(c: Checker, n: Node, type: () => TypeId): boolean {
  const lets = c.openLets;
  if (lets === undefined || lets.hole !== n || n === 0) return false;
  lets.holeType = type();
  return true;
}

/** Checks a part of the call `n`: if that may be left open, so may the part. Gives the part's open type, 0 if it has none. */
export function openPart(c: Checker, n: Node, part: Node, check: () => TypeId): TypeId {
  const lets = c.openLets;
  if (lets === undefined || n === 0 || lets.hole !== n) {
    check();
    return 0 as TypeId;
  }
  lets.hole = part;
  while (c.ast.kind[lets.hole] === Kind.Paren) lets.hole = c.ast.operand(lets.hole);
  lets.holeType = 0 as TypeId;
  check();
  const found = lets.holeType;
  lets.hole = n;
  lets.holeType = 0 as TypeId;
  return found;
}

/** Declares that the variable at `pattern` is open. */
export function declareOpen(c: Checker, n: Node, pattern: Node, type: TypeId): void {
  const local = meaningIndex(c.program.meaningOf(pattern)) as LocalId;
  c.openLets?.open.set(local, { let: n, type, weak: undefined });
}

/** A place within an open variable: its type as far as it is known, and what the variable's is if the place's is `type`. */
interface OpenPlace {
  readonly local: LocalId;
  readonly open: Open;
  readonly type: TypeId;
  readonly borrowed: boolean;
  readonly whole: (type: TypeId) => TypeId;
}

/** The open variable that `n` names, or a field of it; perhaps borrowed or in parentheses. */
function openAt(c: Checker, n: Node): OpenPlace | undefined {
  const { ast, types } = c;
  switch (ast.kind[n]) {
    case Kind.Unary: {
      const inner = ast.unaryOperator(n) === UnaryOperator.Borrow || ast.unaryOperator(n) === UnaryOperator.BorrowMutable ? openAt(c, ast.operand(n)) : undefined;
      return inner === undefined ? undefined : { ...inner, borrowed: true };
    }
    case Kind.Paren:
      return openAt(c, ast.operand(n));
    case Kind.Name: {
      const binding = findLocal(c, ast.name(n));
      if (binding === 0) return undefined;
      const local = c.scopes.local(binding);
      const open = c.openLets?.open.get(local);
      return open === undefined ? undefined : { local, open, type: open.type, borrowed: false, whole: (type) => type };
    }
    case Kind.Field: {
      const object = openAt(c, ast.operand(n));
      const structure = object === undefined || types.kindOf(object.type) !== TypeKind.Struct ? undefined : c.definitionBehind(object.type);
      const field = structure?.kind === "struct" ? structure.fields.find((one) => one.name === ast.fieldName(n)) : undefined;
      if (object === undefined || structure?.kind !== "struct" || field === undefined) return undefined;
      const known = types.items(object.type).map((type) => (types.hasVariable(type) ? (0 as TypeId) : type));
      const whole = (type: TypeId): TypeId => {
        const found = [...known];
        match(types, field.type, type, structure.typeParameters, found);
        return object.whole(substitute(types, structure.type, structure.typeParameters, found));
      };
      return { ...object, type: substitute(types, field.type, structure.typeParameters, known), whole };
    }
    default:
      return undefined;
  }
}

/** The type of the field that `n` reads of an open variable, where it does not depend on what is open: a list has a length whatever is in it. */
export function openField(c: Checker, n: Node): TypeId {
  const type = openAt(c, n)?.type ?? T.error;
  return c.types.hasVariable(type) || c.types.isDependent(type) ? T.error : type;
}

function tell(c: Checker, local: LocalId, open: Open, type: TypeId, use: Node, weak: boolean): void {
  const lets = c.openLets;
  if (lets === undefined) return;
  if (c.types.hasVariable(type)) {
    open.type = type;
  } else if (weak || (open.weak !== undefined && !differInNumbers(c, open.weak.type, type))) {
    open.weak ??= { type, use };
  } else {
    lets.told.set(open.let, { type, use });
    lets.progress = true;
    lets.open.delete(local);
    c.program.setLocalType(local, type);
  }
}

/** Two types that are the same but for the numbers in them. */
function differInNumbers(c: Checker, one: TypeId, other: TypeId): boolean {
  const { types } = c;
  if (one === other || (isNumber(one) && isNumber(other))) return true;
  const kind = types.kindOf(one);
  if (kind !== types.kindOf(other) || kind === TypeKind.Scalar) return false;
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum && kind !== TypeKind.Tuple) return kind === TypeKind.Optional && differInNumbers(c, types.inner(one), types.inner(other));
  return types.listLength(one) === types.listLength(other) && types.items(one).every((item, i) => differInNumbers(c, item, types.listItem(other, i)));
}

/** The expression `n`, of no type yet, stands where a `wanted` must: so what it names is of that. */
export function tellByPlace(c: Checker, n: Node, wanted: TypeId): void {
  const found = openAt(c, n);
  if (found === undefined || wanted <= T.void || c.types.hasVariable(wanted)) return;
  const { types } = c;
  const { open, type: known } = found;
  let type = wanted;
  while (types.kindOf(type) === TypeKind.Optional && types.kindOf(known) !== TypeKind.Optional) type = types.inner(type);
  if (found.borrowed) {
    if (types.kindOf(type) === TypeKind.Slice && isList(c, known)) type = types.struct(types.definition(known), [types.inner(type)]);
    else if (types.kindOf(type) === TypeKind.Reference) type = types.inner(type);
    else return;
  }
  if (types.kindOf(known) === TypeKind.Variable || types.kindOf(type) === types.kindOf(known)) {
    if (fits(types, known, type)) tell(c, found.local, open, found.whole(type), n, false);
  }
}

function isList(c: Checker, type: TypeId): boolean {
  const owner = c.definitionBehind(type);
  return owner?.name === Names.List && c.unitOfFile[owner.file] === c.prelude;
}

/** `place = value` for a variable without a type. */
export function tellByValue(c: Checker, place: Node, value: Node, found: TypeId): void {
  const at = openAt(c, place);
  if (at === undefined || at.borrowed || found <= T.void || found === T.never) return;
  const { types } = c;
  const isOptional = types.kindOf(at.type) === TypeKind.Optional;
  const type = isOptional && types.kindOf(found) !== TypeKind.Optional ? types.optional(found) : found;
  if (fits(types, at.type, type)) tell(c, at.local, at.open, at.whole(type), value, isLiteral(c, value));
}

/** `object.name(args)` on a variable that is not known whole: what the arguments tell. */
export function tellByCall(c: Checker, n: Node, object: Node, name: FunctionDefinition["name"], args: List): void {
  const at = openAt(c, object);
  if (at === undefined || c.types.kindOf(at.type) === TypeKind.Variable) return;
  const { types, ast } = c;
  const method = findMethod(c, at.type, name, n);
  const f = method?.method.function;
  if (method === undefined || f === undefined || f.receiver === "none" || method.base !== at.type) return;
  reach(c, f);
  if (f.parameters.length !== ast.length(args) + 1) return;
  const found = padded(method.method.args, f.typeParameters.length);
  solveCall(c, { parameters: f.typeParameters, wanted: f.parameters.slice(1), result: f.result, found, args: argumentNodes(c, 0 as Node, args), first: 0 as Node, node: 0 as Node }, 0 as TypeId, () => undefined);
  let type = f.parameters[0] ?? T.error;
  while (types.kindOf(type) === TypeKind.Reference) type = types.inner(type);
  type = substitute(types, type, f.typeParameters, found);
  if (types.kindOf(type) !== types.kindOf(at.type) || !fits(types, at.type, type)) return;
  let weak = false;
  for (let i = 0; i < ast.length(args); i++) weak ||= isLiteral(c, ast.item(args, i));
  tell(c, at.local, at.open, at.whole(type), n, weak);
}

/** A number without a suffix: its type is a default. */
function isLiteral(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.Integer:
    case Kind.Float:
      return ast.suffix(n) === 0;
    case Kind.Unary:
    case Kind.Paren:
      return isLiteral(c, ast.operand(n));
    case Kind.Call: {
      const list = ast.arguments(n);
      for (let i = 0; i < ast.length(list); i++) if (isLiteral(c, ast.item(list, i))) return true;
      return false;
    }
    case Kind.Tuple: {
      const list = ast.elements(n);
      for (let i = 0; i < ast.length(list); i++) if (isLiteral(c, ast.item(list, i))) return true;
      return false;
    }
    default:
      return isLiteralType(c.program.typeOf(n)) && defaultType(c.program.typeOf(n)) !== T.error;
  }
}

/** A pass over the body `f` left variables open: forgets what it recorded since `mark`, and says whether another pass is due. */
export function startAgain(c: Checker, f: FunctionDefinition, lets: OpenLets, mark: Mark): boolean {
  if (lets.open.size === 0 && !lets.progress) return false;
  for (const open of lets.open.values()) {
    if (open.weak === undefined) continue;
    lets.told.set(open.let, open.weak);
    lets.progress = true;
  }
  if (!lets.progress) for (const open of lets.open.values()) lets.given.add(open.let);
  lets.progress = false;
  lets.open.clear();
  c.diagnostics.backTo(mark);
  const { ast } = c;
  const [from, to] = [ast.start[f.node] as number, ast.end[f.node] as number];
  // Children come before their parents, so the body's nodes are the run that ends with the function.
  let first: number = f.node;
  while (first > 1 && (ast.start[first - 1] as number) >= from && (ast.end[first - 1] as number) <= to) first--;
  c.program.forget(first as Node, f.node);
  for (const node of c.overloadedIndexes.keys()) if (node >= first && node <= f.node) c.overloadedIndexes.delete(node);
  return true;
}
