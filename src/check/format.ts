/** What is printed: values that are Show, and the pieces of f-strings with their formats. */

import { Kind, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { infer } from "./expressions.ts";
import { Names } from "../source/interner.ts";
import { parseFormatSpec } from "./formatSpec.ts";
import { derefTarget } from "./implementations.ts";
import { findMethod } from "./methods.ts";
import { reportNoValue } from "./noValue.ts";
import { isShow, throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, type TypeId } from "./types.ts";

/** An f-string that is a value: a String, which needs the library's types. */
export function checkFormatString(c: Checker, n: Node): TypeId {
  checkPieces(c, n);
  const string = preludeString(c);
  return string === 0 ? c.error("E0399", n, "an f-string as a value needs std's String", { advice: ["it may stand in print and its kin, which write it straight to the output"] }) : string;
}

/** The type String of std; 0 if std has none. */
export function preludeString(c: Checker): TypeId {
  const definition = c.preludeDefinition(Names.String);
  return definition?.kind === "struct" ? definition.type : (0 as TypeId);
}

/** What `print` and its kin take: a value that is Show, or an f-string. */
export function checkPrinted(c: Checker, n: Node): void {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  if (ast.kind[at] === Kind.FormatString) {
    checkPieces(c, at);
    for (let outer = n; outer !== at; outer = ast.operand(outer)) c.program.setType(outer, T.str);
    return;
  }
  checkShown(c, n, infer(c, n));
}

function checkPieces(c: Checker, n: Node): void {
  const { ast } = c;
  c.program.setType(n, T.str);
  const parts = ast.elements(n);
  for (let i = 0; i < ast.length(parts); i++) {
    const piece = ast.item(parts, i);
    if (ast.kind[piece] !== Kind.FormatPiece) {
      c.program.setType(piece, T.str);
      continue;
    }
    const value = ast.operand(piece);
    const type = infer(c, value);
    c.program.setType(piece, type);
    if (!checkShown(c, value, type)) continue;
    const format = ast.formatText(piece);
    if (format !== 0) checkFormat(c, piece, value, type, new TextDecoder().decode(ast.strings[format]));
  }
}

/** Reports a value that cannot be shown. */
export function checkShown(c: Checker, n: Node, type: TypeId): boolean {
  if (type === T.error) return false;
  if (type === T.never) return true;
  if (type === T.void) {
    reportNoValue(c, n, "this has no value to print");
    return false;
  }
  if (isShow(c, type)) return true;
  reportHidden(c, n, type);
  return false;
}

/** Reports a type without Show; if it holds values of a struct or enum, that is the one that lacks it. */
function reportHidden(c: Checker, n: Node, type: TypeId): void {
  const { types } = c;
  const message = `${c.aType(type)} cannot be shown`;
  const base = throughReferences(c, type);
  let part = base;
  for (let kind = types.kindOf(part); kind === TypeKind.Array || kind === TypeKind.Slice || kind === TypeKind.Optional; kind = types.kindOf(part)) part = throughReferences(c, types.inner(part));
  if (types.kindOf(part) !== TypeKind.Struct && types.kindOf(part) !== TypeKind.Enum) {
    c.error("E0337", n, message, { advice: types.kindOf(base) === TypeKind.TypeParameter ? [`bound it: ${c.typeName(base)}: Show`] : [] });
    return;
  }
  const structure = c.definition(types.definition(part));
  const isLibrarys = c.unitOfFile[structure.file]?.library === true;
  c.error("E0337", n, message, { labels: c.declaredAt(structure), advice: isLibrarys ? (findMethod(c, part, Names.next, "anyone") === undefined ? [] : ["an iterator gives its items one by one: make a list of them, ….to_list()"]) : [`derive Show: ${c.nameText(structure.name)}: Show`] });
}

/** The text behind the colon. */
function formatSpan(c: Checker, piece: Node, value: Node): { start: number; end: number } {
  const start = c.ast.end[value] as number;
  const file = c.sources.fileAt(start);
  const end = Math.max(start + 1, c.ast.end[piece] as number);
  if (file === undefined) return { start, end };
  const colon = file.bytes.indexOf(58, start - file.base);
  return colon < 0 ? { start, end } : { start: colon + 1 + file.base, end: Math.max(end, colon + 2 + file.base) };
}

function checkFormat(c: Checker, piece: Node, value: Node, type: TypeId, text: string): void {
  const spec = parseFormatSpec(text);
  if (spec === undefined) {
    const advice = ["it is [[fill]align][sign][#][0][width][.precision][kind]"];
    // As C has it: a kind for every type.
    if (/[dfsgi]$/.test(text) && parseFormatSpec(text.slice(0, -1)) !== undefined) advice.unshift(`write ${text.length > 1 ? text.slice(0, -1) : "nothing"}: numbers and texts need no kind`);
    c.errorAt("E0116", formatSpan(c, piece, value), `"${text}" is no format`, { advice });
    return;
  }
  const base = throughReferences(c, type);
  if (base === T.never) return;
  const isPointer = c.types.kindOf(base) === TypeKind.Pointer;
  const isInteger = isIntegerType(base) || isPointer;
  const isFloat = isFloatType(base);
  const name = c.typeName(base);
  if ((spec.kind === "x" || spec.kind === "X" || spec.kind === "b" || spec.kind === "o") && !isInteger) {
    c.error("E0336", value, `${spec.kind} is for integers, not for ${name}`);
  } else if ((spec.kind === "e" || spec.kind === "E") && !isFloat) {
    c.error("E0336", value, `${spec.kind} is for floats, not for ${name}`);
  } else if (spec.precision >= 0 && !isFloat && base !== T.str && derefTarget(c, base) !== T.str) {
    c.error("E0336", value, `a precision is for floats and texts, not for ${name}`);
  } else if ((spec.sign !== "" || spec.zero) && !isInteger && !isFloat) {
    c.error("E0336", value, `${spec.zero ? "zeros" : "a sign"} before a ${name} ${spec.zero ? "have" : "has"} no meaning`);
  } else if (spec.alternate && !isInteger) {
    c.error("E0336", value, `# is for integers, not for ${name}`);
  }
}
