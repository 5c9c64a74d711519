/**
 * `print` and its kin. Each piece of an f-string is written straight to the output; all of its expressions are evaluated before the first byte is. How a
 * value shows is in show.ts.
 */

import { parseFormatSpec, type FormatSpec } from "../check/formatSpec.ts";
import { T, TypeKind, isScalar, isSignedType, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Type, typeSize } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { emitPlaceOfFinal } from "./blocks.ts";
import { resize } from "./convert.ts";
import { emit, emitInto, finalType } from "./dispatch.ts";
import { registerMemory } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";
import { emitShow, isText, printText, printer, widened } from "./show.ts";

const decoder = new TextDecoder();
const newline = Uint8Array.of(10);

/** `print(argument)`; `out` is 1 or 2. Standard error is written at the statement's end. No argument: the line end alone. */
export function emitPrint(g: Generator, argument: Node, stream: 1 | 2, line: boolean): void {
  const { ast } = g;
  const out = g.b.f.int(Type.i64, stream);
  argument = ast.withoutParentheses(argument);
  if (argument === 0) printText(g, out, newline);
  else if (ast.kind[argument] === Kind.FormatString) printFormat(g, argument, out, line);
  else if (ast.kind[argument] === Kind.String) printText(g, out, joined(ast.strings[ast.literal(argument)] as Uint8Array, line));
  else {
    const value = evaluated(g, argument);
    if (!g.reachable) return;
    emitShow(g, out, value.type, value.value, value.second, false);
    if (line) printText(g, out, newline);
  }
  if (stream === 2 && g.reachable) g.b.call(g.runtime("print_end"), [out]);
}

/** The text, with a line end behind it if `line`. */
function joined(text: Uint8Array, line: boolean): Uint8Array {
  if (!line) return text;
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  bytes[text.length] = 10;
  return bytes;
}

/** A value of an expression; `second` is the other word of a type of two. */
interface Evaluated {
  readonly type: TypeId;
  readonly value: Value;
  readonly second: Value;
}

/** The value of an expression that is to be shown. */
function evaluated(g: Generator, n: Node): Evaluated {
  const type = finalType(g, n);
  // What owns something is looked at where it is.
  if (g.needsDrop(type)) {
    const pointer = emitPlaceOfFinal(g, n, type);
    const address = g.addressAt(pointer, g.offset);
    const value = g.loadValue(type, address, 0);
    return { type, value, second: g.second };
  }
  if (g.shapes.of(type) === Shape.Memory) {
    const address = g.temporary(type);
    emitInto(g, n, address, 0);
    return { type, value: address, second: 0 as Value };
  }
  const value = emit(g, n);
  return { type, value, second: g.second };
}

/** Prints an f-string: first all values, then its pieces. */
function printFormat(g: Generator, n: Node, out: Value, line: boolean): void {
  const { ast } = g;
  const parts = ast.elements(n);
  const count = ast.length(parts);
  const values: (Evaluated | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    const part = ast.item(parts, i);
    values.push(ast.kind[part] === Kind.FormatPiece ? evaluated(g, ast.operand(part)) : undefined);
  }
  if (!g.reachable) return;
  for (let i = 0; i < count; i++) {
    const part = ast.item(parts, i);
    const value = values[i];
    const isLast = i === count - 1;
    if (value === undefined) {
      printText(g, out, joined(ast.strings[ast.literal(part)] as Uint8Array, line && isLast));
      continue;
    }
    const spec = ast.formatText(part);
    if (spec === 0) emitShow(g, out, value.type, value.value, value.second, false);
    else emitShowSpec(g, out, value, parsedSpec(decoder.decode(ast.strings[spec] as Uint8Array)));
    if (line && isLast) printText(g, out, newline);
  }
  if (count === 0 && line) printText(g, out, newline);
}

function parsedSpec(text: string): FormatSpec {
  const spec = parseFormatSpec(text);
  if (spec === undefined) throw new Error(`irgen/print.parsedSpec: the checker let the format '${text}' through`);
  return spec;
}

// ── into a String ──

/** An f-string as a value: what it prints is gathered in a String. */
function formatInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  gathered(g, g.addressAt(pointer, offset), (out) => printFormat(g, n, out, false));
}

/** Makes a String at an address, of what `work` prints. */
function gathered(g: Generator, text: Value, work: (out: Value) => void): void {
  const { b } = g;
  if (!g.reachable) return;
  g.usesBuffers = true;
  // The empty String: no memory, length 0, room for 0 (std/string.lang).
  b.store(b.f.int(Type.ptr, 1), text, 0);
  b.store(b.f.int(Type.i64, 0), text, 8);
  b.store(b.f.int(Type.i64, 0), text, 16);
  work(resize(g, text, Type.i64, false));
}

/** Makes a String at an address, of what a value shows as: `to_string`. */
export function printedInto(g: Generator, n: Node, text: Value): void {
  const { type, value, second } = evaluated(g, n);
  gathered(g, text, (out) => emitShow(g, out, type, value, second, false));
}

registerMemory({ [Kind.FormatString]: formatInto });

// ── with a format ──

/** Prints a value by a format. */
function emitShowSpec(g: Generator, out: Value, value: Evaluated, spec: FormatSpec): void {
  const { b, types } = g;
  let { type, value: v, second } = value;
  // A reference to a trait object is shown by way of its table.
  while (types.kindOf(type) === TypeKind.Reference && types.kindOf(types.inner(type)) !== TypeKind.Dyn) {
    type = types.inner(type);
    v = g.loadValue(type, v, 0);
    second = g.second;
  }
  if (types.kindOf(type) === TypeKind.Pointer) {
    b.call(g.runtime("print_u64_spec"), [out, resize(g, v, Type.i64, false), specAddress(g, spec)]);
    return;
  }
  if (!isScalar(type)) {
    showPadded(g, out, type, v, second, spec);
    return;
  }
  // Two's complement in hexadecimal and binary has the width of the type: print it as the unsigned number of that width.
  const asBits = isSignedType(type) && "xXbo".includes(spec.kind === "" ? " " : spec.kind);
  const scalar = g.shapes.scalar(type);
  const name = asBits ? (scalar === Type.i128 ? "print_u128" : "print_u64") : printer(type, false);
  const shown = asBits && (typeSize[scalar] as number) < 8 ? resize(g, v, Type.i64, false) : widened(g, type, v);
  b.call(g.runtime(`${name}_spec`), type === T.str ? [out, v, second, specAddress(g, spec)] : [out, shown, specAddress(g, spec)]);
}

/** Any other value with a format: its text is padded as a text is. */
function showPadded(g: Generator, out: Value, type: TypeId, value: Value, second: Value, spec: FormatSpec): void {
  const { b } = g;
  const text = b.f.slotAddress(b.f.slot(24, 8));
  if (isText(g, type)) {
    b.call(g.runtime("print_str_spec"), [out, b.load(Type.ptr, value, 0), b.load(Type.i64, value, 8), specAddress(g, spec)]);
    return;
  }
  gathered(g, text, (buffer) => emitShow(g, buffer, type, value, second, false));
  if (!g.reachable) return;
  b.call(g.runtime("print_str_spec"), [out, b.load(Type.ptr, text, 0), b.load(Type.i64, text, 8), specAddress(g, spec)]);
  b.call(g.runtime("lang_buffer_free"), [resize(g, text, Type.i64, false)]);
}

/** A FormatSpec of std/format.lang in constant memory. */
function specAddress(g: Generator, spec: FormatSpec): Value {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  const code = (char: string) => (char === "" ? 0 : (char.codePointAt(0) ?? 0));
  view.setUint32(0, spec.fill === "" ? 0 : code(spec.fill), true);
  bytes[4] = code(spec.align);
  bytes[5] = code(spec.sign);
  bytes[6] = spec.alternate ? 1 : 0;
  bytes[7] = spec.zero ? 1 : 0;
  view.setInt32(8, spec.width, true);
  view.setInt32(12, spec.precision, true);
  bytes[16] = code(spec.kind);
  return g.b.f.address(g.data.add(bytes, 4, [], false));
}
