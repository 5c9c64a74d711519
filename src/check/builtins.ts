/** Functions of the prelude whose types no declaration can say before generics: print and its kin, len, min, max, assertions… */

import { Kind, type List, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { coerce, converts, isNumber } from "./convert.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { checkPrinted, checkShown, preludeString } from "./format.ts";
import { asBorrow, checkLeftByRight, needsHint } from "./comparisonHints.ts";
import { checkCondition } from "./control.ts";
import { checkComparisonOf } from "./binary.ts";
import { Names } from "../source/interner.ts";
import { derefTarget } from "./implementations.ts";
import { structureOf } from "./names.ts";
import { defaultType, isLiteralType, settle, settleDefault } from "./settle.ts";
import { isCopy, isOrd, throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, type TypeId } from "./types.ts";
import { tie } from "./unknowns.ts";
import { count } from "./wrongCalls.ts";

/** Each with the least and the most arguments. */
export const builtinFunctions: { readonly [name: string]: readonly [least: number, most: number] } = {
  print: [1, 1], println: [0, 1], eprint: [1, 1], eprintln: [0, 1],
  len: [1, 1], min: [2, 2], max: [2, 2], clamp: [3, 3], swap: [2, 2], type_of: [1, 1],
  assert: [1, 2], assert_eq: [2, 2], assume: [1, 1], panic: [1, 1], to_string: [1, 1], syscall: [1, 7], spawn: [1, 1],
};

/** A call of a built-in function; `first`, already checked, comes from a pipe. */
export function checkBuiltin(c: Checker, n: Node, name: string, first: Node, list: List): TypeId {
  const { ast, types } = c;
  const args: Node[] = first === 0 ? [] : [first];
  for (let i = 0; i < ast.length(list); i++) args.push(ast.item(list, i));
  const [least, most] = builtinFunctions[name] ?? [0, 0];
  if (args.length < least || args.length > most) {
    for (const argument of args) if (argument !== first && ast.kind[argument] !== Kind.FormatString) infer(c, argument);
    const prints = /^e?print(ln)?$/.test(name) && args.length > 1;
    const asksItems = (name === "min" || name === "max") && args.length === 1;
    return c.error("E0303", n, `${name} takes ${least === most ? count(least, "argument") : `${least} to ${most} arguments`}, not ${args.length}`, { advice: prints ? ["several values are put into one text: println(f\"{a} {b}\")"] : asksItems ? [`of the items of a list or an array: ….iter().${name}()`] : [] });
  }
  const argument = (i: number): Node => args[i] as Node;
  const inferred = (i: number): TypeId => (argument(i) === first ? settleDefault(c, first, c.program.typeOf(first)) : infer(c, argument(i)));
  switch (name) {
    case "print":
    case "println":
    case "eprint":
    case "eprintln":
      if (args.length === 0) return T.void;
      if (argument(0) === first) checkShown(c, first, inferred(0));
      else checkPrinted(c, argument(0));
      return T.void;
    case "len": {
      const type = inferred(0);
      let base = throughReferences(c, type);
      for (let next = derefTarget(c, base); next !== 0; next = derefTarget(c, base)) base = throughReferences(c, next);
      if (type !== T.error && base !== T.str && types.kindOf(base) !== TypeKind.Array && types.kindOf(base) !== TypeKind.Slice && !hasLength(c, base)) {
        c.error("E0301", argument(0), `${c.typeName(type)} has no length`);
      }
      return T.i64;
    }
    case "min":
    case "max":
    case "clamp":
      return ordered(c, n, name, args, first);
    case "swap":
      return swap(c, argument(0), argument(1), first);
    case "type_of":
      inferred(0);
      return T.str;
    case "assert":
      if (argument(0) === first) coerce(c, first, T.bool);
      else checkCondition(c, argument(0));
      if (args.length === 2) message(c, argument(1));
      return T.void;
    case "assume":
      if (argument(0) === first) coerce(c, first, T.bool);
      else checkCondition(c, argument(0));
      return T.void;
    case "assert_eq": {
      const left = argument(0) === first ? c.program.typeOf(first) : needsHint(c, argument(0)) ? checkLeftByRight(c, argument(0), argument(1)) : check(c, argument(0), 0 as TypeId);
      const isChecked = c.rightChecked === argument(1);
      c.rightChecked = 0 as Node;
      const right = isChecked ? c.program.typeOf(argument(1)) : check(c, argument(1), isLiteralType(left) ? (0 as TypeId) : asBorrow(c, argument(1), throughReferences(c, left)));
      const type = checkComparisonOf(c, n, argument(0), argument(1), 17, left, right);
      if (type === T.bool) checkShown(c, argument(0), c.program.typeOf(argument(0)));
      return T.void;
    }
    case "panic":
      if (argument(0) === first) coerce(c, first, T.str);
      else message(c, argument(0));
      return T.never;
    case "to_string":
      checkShown(c, argument(0), inferred(0));
      return preludeString(c) === 0 ? c.unsupported(n, "to_string is") : preludeString(c);
    case "spawn":
      return c.unsupported(n, "threads are");
    case "syscall":
      return systemCall(c, args, first);
    default:
      throw new Error(`check/builtins.checkBuiltin: ${name}`);
  }
}

/** The type has a field `len`, as the collections have. */
function hasLength(c: Checker, type: TypeId): boolean {
  const definition = structureOf(c, type);
  return definition?.kind === "struct" && definition.fields.some((field) => field.name === Names.len && field.type === T.i64);
}

/** A text or an f-string, as panic takes it. */
function message(c: Checker, n: Node): void {
  if (c.ast.kind[n] === Kind.FormatString) checkPrinted(c, n);
  else checkAs(c, n, T.str);
}

/** min, max or clamp with the type of its arguments written. */
export function checkOrdered(c: Checker, n: Node, name: string, first: Node, list: List, type: TypeId): TypeId {
  const args = first === 0 ? [] : [first];
  for (let i = 0; i < c.ast.length(list); i++) args.push(c.ast.item(list, i));
  const wanted = builtinFunctions[name]?.[0] ?? 0;
  if (args.length !== wanted) return c.error("E0303", n, `${name} takes ${count(wanted, "argument")}, not ${args.length}`);
  for (const argument of args) {
    if (argument === first) coerce(c, argument, type);
    else checkAs(c, argument, type);
  }
  if (type !== T.error && !isOrd(c, type)) return c.error("E0346", n, `${name} needs values that are ordered, and ${c.typeName(type)} is not`);
  return type;
}

/** min, max, clamp: values of one ordered type. */
function ordered(c: Checker, n: Node, name: string, args: readonly Node[], first: Node): TypeId {
  let type: TypeId = 0 as TypeId;
  let literal: TypeId = 0 as TypeId;
  // What cannot be copied stays where it is: of two references, one is the result.
  const read = (found: TypeId): TypeId => (isCopy(c, throughReferences(c, found)) ? throughReferences(c, found) : found);
  for (const argument of args) {
    const found = argument === first ? c.program.typeOf(first) : check(c, argument, 0 as TypeId);
    if (found === T.error) type = T.error;
    else if (isLiteralType(found)) literal = literal === T["float literal"] ? literal : found;
    else if (type === 0 && found !== T.never) type = read(found);
    else if (type !== T.error && found !== T.never && !converts(c, found, type) && converts(c, type, throughReferences(c, found))) type = throughReferences(c, found);
  }
  if (type === 0) type = literal === T["float literal"] ? T.f64 : T.i64;
  for (const argument of args) {
    const found = c.program.typeOf(argument);
    if (isLiteralType(found)) {
      settle(c, argument, isFloatType(type) || (isIntegerType(type) && found === T["integer literal"]) ? type : defaultType(found));
    }
    if (type !== T.error && c.program.typeOf(argument) !== type) {
      if (throughReferences(c, c.program.typeOf(argument)) === type) c.program.setWanted(argument, type);
      else coerce(c, argument, type);
    }
  }
  if (type === T.error) return T.error;
  if (!isOrd(c, type)) return c.error("E0305", n, `${name} needs values that are ordered, and ${c.typeName(type)} is not`, { advice: isNumber(type) ? [] : ["derive Ord"] });
  return type;
}

/** `swap(&mut a, &mut b)` */
function swap(c: Checker, one: Node, other: Node, first: Node): TypeId {
  const { types } = c;
  const left = one === first ? c.program.typeOf(one) : infer(c, one);
  const right = infer(c, other);
  for (const [node, type] of [[one, left], [other, right]] as const) {
    if (type === T.error || type === T.never) return T.void;
    const kind = types.kindOf(type);
    if (kind !== TypeKind.Pointer && !(kind === TypeKind.Reference && types.isMutable(type))) {
      c.error("E0301", node, `swap takes two &mut, found ${c.typeName(type)}`, { advice: ["write: swap(&mut a, &mut b)"] });
      return T.void;
    }
  }
  if (c.learning) tie(c, types.inner(left), types.inner(right));
  else if (types.inner(left) !== types.inner(right)) c.error("E0301", other, `expected ${c.typeName(left)}, found ${c.typeName(right)}`);
  return T.void;
}

/** `syscall(number, …)`: integers and pointers, each a machine word. */
function systemCall(c: Checker, args: readonly Node[], first: Node): TypeId {
  for (const argument of args) {
    if (c.ast.kind[argument] === Kind.String) {
      checkAs(c, argument, c.types.pointer(T.u8));
      continue;
    }
    const type = argument === first ? settleDefault(c, first, c.program.typeOf(first)) : infer(c, argument);
    if (type === T.error || type === T.never) continue;
    const kind = c.types.kindOf(type);
    if (kind === TypeKind.Reference) {
      const target = c.types.inner(type);
      c.program.setWanted(argument, isIntegerType(target) ? target : c.types.pointer(target));
    } else if (!isIntegerType(type) && kind !== TypeKind.Pointer && !(kind === TypeKind.Function && c.types.isExternal(type))) {
      c.error("E0344", argument, `syscall takes integers and pointers, not ${c.typeName(type)}`);
    }
  }
  return T.i64;
}
