/** The intrinsics of section 12: one row each, with what it takes and gives. The number of an intrinsic is its row. */

import type { Node } from "../syntax/ast.ts";
import { MeaningKind, meaning } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import { coerce } from "./convert.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { defaultType, isLiteralType, settle, settleDefault } from "./settle.ts";
import { suggest } from "../source/suggest.ts";
import { throughReferences } from "./traits.ts";
import { resolveType } from "./typeNodes.ts";
import { T, TypeKind, isFloatType, isIntegerType, scalarSize, type TypeId } from "./types.ts";
import { count } from "./wrongCalls.ts";

/**
 * Parameters: a type's name, `*u8`; `*T` a pointer that says what T is; `T` a value of that type, `word` an integer of 1 to 8 bytes behind T;
 * `any` a value of any type; `integer`, `float` a value that says what T is; `count` any integer; `type` a type. Results likewise.
 */
const rows = [
  ["alloc", ["usize", "usize"], "*u8"],
  ["dealloc", ["*u8", "usize", "usize"], "void"],
  ["realloc", ["*u8", "usize", "usize", "usize"], "*u8"],
  ["memcpy", ["*u8", "*u8", "usize"], "void"],
  ["memmove", ["*u8", "*u8", "usize"], "void"],
  ["memset", ["*u8", "u8", "usize"], "void"],
  ["memcmp", ["*u8", "*u8", "usize"], "i32"],
  ["ptr_read", ["*T"], "T"],
  ["ptr_write", ["*T", "T"], "void"],
  ["sizeof", ["type"], "usize"],
  ["alignof", ["type"], "usize"],
  ["type_name", ["type"], "str"],
  ["trap", [], "never"],
  ["clz", ["integer"], "T"],
  ["ctz", ["integer"], "T"],
  ["popcount", ["integer"], "T"],
  ["bswap", ["integer"], "T"],
  ["rotl", ["integer", "count"], "T"],
  ["rotr", ["integer", "count"], "T"],
  ["sqrt", ["float"], "T"],
  ["fma", ["float", "T", "T"], "T"],
  ["atomic_load", ["*word"], "T"],
  ["atomic_store", ["*word", "T"], "void"],
  ["atomic_add", ["*word", "T"], "T"],
  ["atomic_cas", ["*word", "T", "T"], "T"],
  ["fence", [], "void"],
  ["frame_address", [], "*u8"],
  ["source_location", [], "str"],
  // The end of a value where it lies; whether values of a type have something to drop; a value that is not dropped.
  ["drop_in_place", ["*T"], "void"],
  ["needs_drop", ["type"], "bool"],
  ["forget", ["any"], "void"],
  // Of what a reference leads to, `dyn` included.
  ["sizeof_value", ["*T"], "usize"],
  ["alignof_value", ["*T"], "usize"],
  // Shows the value where it lies as it stands within another: texts in quotes. For std/print.lang.
  ["show_part", ["*T", "i64"], "void"],
  // How many items an array type has. For std/list_iterator.lang only.
  ["item_count", ["type"], "i64"],
  // For std/trace.lang only.
  ["trace_table", [], "*u8"],
] as const;

type Row = (typeof rows)[number];
type Parameter = Row[1][number];

/** Names in the order of their numbers. */
export const intrinsicNames: readonly string[] = rows.map((row) => row[0]);

const fixed: { readonly [name: string]: TypeId } = { bool: T.bool, i64: T.i64, usize: T.usize, u8: T.u8, i32: T.i32, str: T.str, void: T.void, never: T.never };

/** `@name(…)`: gives its type where `expected` is wanted (0: nothing is). */
export function checkIntrinsic(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const name = c.nameText(ast.name(n));
  const index = intrinsicNames.indexOf(name);
  const list = ast.arguments(n);
  const row = rows[index];
  if (row === undefined) {
    const near = suggest(name, intrinsicNames.filter((one) => one !== "trace_table"));
    return c.error("E0211", n, `there is no intrinsic @${name}`, { advice: name === "import" ? ['a file is imported by its path, outside functions: import "std/json"'] : near === undefined ? [] : [`did you mean @${near}?`] });
  }
  c.program.setMeaning(n, meaning(MeaningKind.Intrinsic, index));
  const parameters: readonly Parameter[] = row[1];
  if (ast.length(list) !== parameters.length) {
    return c.error("E0344", n, `@${name} takes ${count(parameters.length, "argument")}, not ${ast.length(list)}`);
  }
  // What T is, once an argument has said it.
  let subject: TypeId = 0 as TypeId;
  for (let i = 0; i < parameters.length; i++) {
    const argument = ast.item(list, i);
    const parameter = parameters[i] as Parameter;
    switch (parameter) {
      case "type":
        subject = resolveType(c, argument);
        break;
      case "*T":
      case "*word":
        subject = pointee(c, n, argument, parameter);
        break;
      case "integer":
      case "float":
        subject = number(c, n, argument, parameter, expected);
        break;
      case "count":
        if (!checkCount(c, n, argument)) return T.error;
        break;
      case "T":
        checkAs(c, argument, subject);
        break;
      case "any":
        infer(c, argument);
        break;
      case "*u8":
        checkBytes(c, argument);
        break;
      default:
        checkAs(c, argument, fixed[parameter] as TypeId);
    }
    if (subject === T.error) return T.error;
  }
  const result = row[2];
  return result === "T" ? subject : result === "*u8" ? types.pointer(T.u8) : (fixed[result] as TypeId);
}

/** What a pointer or reference leads to; a word is what atomic operations take. */
function pointee(c: Checker, n: Node, argument: Node, parameter: "*T" | "*word"): TypeId {
  const { types } = c;
  const type = infer(c, argument);
  if (type === T.error) return T.error;
  const kind = types.kindOf(type);
  if (kind !== TypeKind.Pointer && kind !== TypeKind.Reference) return wrong(c, n, "a pointer", type);
  const inner = types.inner(type);
  if (kind === TypeKind.Reference) c.program.setWanted(argument, types.pointer(inner));
  const isWord = (isIntegerType(inner) && scalarSize(inner) <= 8) || inner === T.bool || types.kindOf(inner) === TypeKind.Pointer;
  return parameter === "*T" || isWord ? inner : wrong(c, n, "a pointer to an integer of at most 64 bits, a bool or a pointer", type);
}

/** The type of a number, or of what a reference to one leads to; what is wanted of the result decides for a literal. */
function number(c: Checker, n: Node, argument: Node, parameter: "integer" | "float", expected: TypeId): TypeId {
  const isRight = parameter === "integer" ? isIntegerType : isFloatType;
  let type = check(c, argument, isRight(expected) ? expected : (0 as TypeId));
  if (isLiteralType(type)) {
    const target: TypeId = parameter === "float" ? T.f64 : defaultType(type);
    settle(c, argument, target);
    type = target;
  }
  if (type === T.error) return T.error;
  const base = throughReferences(c, type);
  if (!isRight(base)) return wrong(c, n, parameter === "integer" ? "an integer" : "a float", type);
  if (base !== type) c.program.setWanted(argument, base);
  return base;
}

/** Any integer, or a reference to one. */
function checkCount(c: Checker, n: Node, argument: Node): boolean {
  const type = settleDefault(c, argument, check(c, argument, 0 as TypeId));
  const base = throughReferences(c, type);
  if (type !== T.error && !isIntegerType(base)) {
    wrong(c, n, "an integer", type);
    return false;
  }
  if (base !== type) c.program.setWanted(argument, base);
  return true;
}

/** Any pointer serves as one to bytes. */
function checkBytes(c: Checker, argument: Node): void {
  const { types } = c;
  const type = check(c, argument, types.pointer(T.u8));
  if (types.kindOf(type) === TypeKind.Pointer) return;
  if (types.kindOf(type) === TypeKind.Reference) c.program.setWanted(argument, types.pointer(types.inner(type)));
  else coerce(c, argument, types.pointer(T.u8));
}

function wrong(c: Checker, n: Node, wanted: string, found: TypeId): TypeId {
  return c.error("E0344", n, `@${c.nameText(c.ast.name(n))} takes ${wanted}, not ${c.typeName(found)}`);
}
