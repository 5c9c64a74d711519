/**
 * `print` and its kin, and how values show. Each piece of an f-string is written straight to the output; all of its expressions are
 * evaluated before the first byte is. For each aggregate type that is shown, one function is made.
 */

import { parseFormatSpec, type FormatSpec } from "../check/formatSpec.ts";
import { T, TypeKind, isScalar, isSignedType, scalarClass, type TypeId } from "../check/types.ts";
import type { NameId } from "../syntax/ast.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { loadTag, ownMethod } from "./compare.ts";
import { resize } from "./convert.ts";
import { emitPlaceOfFinal } from "./blocks.ts";
import { emit, emitInto, finalType } from "./dispatch.ts";
import { registerMemory } from "./emitters.ts";
import { callDynamic } from "./callees.ts";
import type { Generator } from "./generator.ts";
import { forEachElement } from "./loopBlocks.ts";
import { Shape } from "./shape.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const newline = Uint8Array.of(10);

/** `print(argument)`; `out` is 1 or 2. Standard error is written at the statement's end. No argument: the line end alone. */
export function emitPrint(g: Generator, argument: Node, stream: 1 | 2, line: boolean): void {
  const { ast } = g;
  const out = g.b.f.int(Type.i64, stream);
  while (argument !== 0 && ast.kind[argument] === Kind.Paren) argument = ast.operand(argument);
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

function joined(text: Uint8Array, line: boolean): Uint8Array {
  if (!line) return text;
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  bytes[text.length] = 10;
  return bytes;
}

interface Evaluated {
  readonly type: TypeId;
  readonly value: Value;
  readonly second: Value;
}

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

/** Prints text to a stream (1, 2), or what stands for one. */
export function printText(g: Generator, out: Value, bytes: Uint8Array): void {
  if (!g.reachable || bytes.length === 0) return;
  const { b } = g;
  b.call(g.runtime("print_str"), [out, b.f.address(g.data.string(bytes)), b.f.int(Type.i64, bytes.length)]);
}

/** Prints a value; `quoted`: text as a literal would be written, as within a derived Show. */
export function emitShow(g: Generator, out: Value, type: TypeId, value: Value, second: Value, quoted: boolean): void {
  show(g, out, type, value, second, quoted);
}

/** Prints the value at an address. */
export function emitShowAt(g: Generator, out: Value, type: TypeId, address: Value, quoted = false): void {
  const value = g.loadValue(type, address, 0);
  show(g, out, type, value, g.second, quoted);
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
  gathered(g, text, (out) => show(g, out, type, value, second, false));
}

registerMemory({ FormatString: formatInto });

function show(g: Generator, out: Value, type: TypeId, value: Value, second: Value, quoted: boolean): void {
  if (!g.reachable) return;
  const { b, types } = g;
  while (types.kindOf(type) === TypeKind.Reference) {
    type = types.inner(type);
    if (types.kindOf(type) === TypeKind.Dyn) {
      showDynamic(g, out, type, value, second);
      return;
    }
    value = g.loadValue(type, value, 0);
    second = g.second;
  }
  const own = ownMethod(g, type, "Show");
  if (own !== undefined) {
    if (quoted && isText(g, type)) {
      b.call(g.runtime("print_str_quoted"), [out, b.load(Type.ptr, value, 0), b.load(Type.i64, value, 8)]);
      return;
    }
    // A Formatter is the number of what it writes to (std/print.lang).
    const formatter = b.f.slotAddress(b.f.slot(8, 8));
    b.store(out, formatter, 0);
    let address = value;
    if (g.shapes.of(type) !== Shape.Memory) {
      address = g.temporary(type);
      g.storeValue(type, value, second, address, 0);
    }
    b.call(own, [address, formatter]);
    return;
  }
  if (type === T.void) {
    b.call(g.runtime("print_str"), [out, b.f.address(g.data.string(encoder.encode("()"))), b.f.int(Type.i64, 2)]);
    return;
  }
  if (isScalar(type)) {
    const args: Value[] = type === T.str ? [out, value, second] : [out, widened(g, type, value)];
    b.call(g.runtime(printer(type, quoted)), args);
    return;
  }
  if (types.kindOf(type) === TypeKind.Pointer || types.kindOf(type) === TypeKind.Function) {
    b.call(g.runtime("print_pointer"), [out, resize(g, value, Type.i64, false)]);
    return;
  }
  let address = value;
  if (g.shapes.of(type) !== Shape.Memory) {
    address = g.temporary(type);
    g.storeValue(type, value, second, address, 0);
  }
  b.call(showFunction(g, type), [out, address]);
}

/** Prints a trait object, which has Show because its trait builds on it. */
function showDynamic(g: Generator, out: Value, dyn: TypeId, value: Value, table: Value): void {
  const [method] = g.program.preludeTrait("Show")?.methods ?? [];
  if (method === undefined) throw new Error("irgen/print.showDynamic: std has no Show");
  const formatter = g.b.f.slotAddress(g.b.f.slot(8, 8));
  g.b.store(out, formatter, 0);
  callDynamic(g, method, [dyn], [value, table, formatter], false);
}

/** std's String, which shows within others as a text does: quoted. */
function isText(g: Generator, type: TypeId): boolean {
  return g.types.kindOf(type) === TypeKind.Struct && g.types.definition(type) === g.program.preludeType("String")?.id;
}

/** The function of std that prints a scalar. */
function printer(type: TypeId, quoted: boolean): string {
  switch (scalarClass(type)) {
    case "bool": return "print_bool";
    case "char": return quoted ? "print_char_quoted" : "print_char";
    case "str": return quoted ? "print_str_quoted" : "print_str";
    case "float": return type === T.f32 ? "print_f32" : "print_f64";
    case "signed": return type === T.i128 ? "print_i128" : "print_i64";
    case "unsigned": return type === T.u128 ? "print_u128" : "print_u64";
    default: throw new Error("irgen/print.printer: not a value");
  }
}

/** Integers are printed as the widest of their signedness. */
function widened(g: Generator, type: TypeId, value: Value): Value {
  const scalar = scalarClass(type);
  if ((scalar === "signed" || scalar === "unsigned") && (typeSize[g.shapes.scalar(type)] as number) < 8) return resize(g, value, Type.i64, isSignedType(type));
  return value;
}

/** The function that prints a value of the type, given the stream and the value's address. */
function showFunction(g: Generator, type: TypeId): SymbolId {
  const key = `show.${g.symbolNames.label(type)}.t${type}`;
  const known = g.helpers.get(key);
  if (known !== undefined) return known;
  const symbol = g.module.declareFunction(g.symbolNames.helper(`show ${g.symbolNames.label(type)}`), g.module.signature([Type.i64, Type.ptr], []), "local");
  g.helpers.set(key, symbol);
  g.enqueue(() => {
    g.begin(symbol);
    const entry = g.b.current;
    showParts(g, g.b.f.param(entry, 0), type, g.b.f.param(entry, 1));
    if (g.reachable) g.b.return();
    g.end();
  });
  return symbol;
}

function text(g: Generator, out: Value, words: string): void {
  if (!g.reachable) return;
  const bytes = encoder.encode(words);
  g.b.call(g.runtime("print_str"), [out, g.b.f.address(g.data.string(bytes)), g.b.f.int(Type.i64, bytes.length)]);
}

function showAt(g: Generator, out: Value, type: TypeId, address: Value, offset: number): void {
  const value = g.loadValue(type, address, offset);
  show(g, out, type, value, g.second, true);
}

interface Part {
  readonly name: NameId | 0;
  readonly type: TypeId;
  readonly offset: number;
}

function showParts(g: Generator, out: Value, type: TypeId, address: Value): void {
  const { types } = g;
  const layout = g.layouts.of(type);
  switch (types.kindOf(type)) {
    case TypeKind.Tuple:
      showList(g, out, "(", ")", types.items(type).map((part, i) => ({ name: 0, type: part, offset: layout.offsets[i] as number })), address);
      return;
    case TypeKind.Struct: {
      const definition = g.program.definition(types.definition(type));
      if (definition.kind !== "struct") return;
      const parts = definition.fields.map((field, i) => ({ name: field.name, type: g.fieldType(type, field.type), offset: layout.offsets[i] as number }));
      const name = g.names.name(definition.name);
      if (parts.length === 0) text(g, out, `${name} {}`);
      else showList(g, out, `${name} { `, " }", parts, address);
      return;
    }
    case TypeKind.Enum: {
      const definition = g.program.definition(types.definition(type));
      if (definition.kind !== "enum") return;
      showVariants(g, out, type, address, definition.variants.map((variant) => ({ name: g.names.name(variant.name), types: variant.fields.map((field) => g.fieldType(type, field.type)) })));
      return;
    }
    case TypeKind.Optional:
      showVariants(g, out, type, address, [{ name: "None", types: [] }, { name: "Some", types: [types.inner(type)] }]);
      return;
    case TypeKind.Result:
      showVariants(g, out, type, address, [{ name: "Ok", types: [types.inner(type)] }, { name: "Err", types: [types.errorType(type)] }]);
      return;
    case TypeKind.Array:
      showElements(g, out, types.inner(type), address, g.b.f.int(Type.i64, types.arrayLength(type)));
      return;
    case TypeKind.Slice: {
      const start = g.b.load(Type.ptr, address, 0);
      showElements(g, out, types.inner(type), start, g.b.load(Type.i64, address, 8));
      return;
    }
    default:
      throw new Error(`irgen/print.showParts: type kind ${types.kindOf(type)} does not show`);
  }
}

function showList(g: Generator, out: Value, open: string, close: string, parts: readonly Part[], address: Value): void {
  let before = open;
  for (const part of parts) {
    text(g, out, part.name === 0 ? before : `${before}${g.names.name(part.name)}: `);
    showAt(g, out, part.type, address, part.offset);
    before = ", ";
  }
  text(g, out, parts.length === 0 ? open + close : close);
}

function showVariants(g: Generator, out: Value, type: TypeId, address: Value, variants: readonly { readonly name: string; readonly types: readonly TypeId[] }[]): void {
  const { b } = g;
  const tag = g.shapes.isPlainEnum(type) ? b.load(g.shapes.scalar(type), address, 0) : loadTag(g, type, address, 0);
  const { variants: offsets, tag: where } = g.layouts.of(type);
  const done = b.block();
  variants.forEach((variant, index) => {
    const isLast = index === variants.length - 1;
    const inside = b.block();
    const next = isLast ? done : b.block();
    if (isLast) g.jump(inside);
    else g.branch(b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), index)), inside, next);
    b.seal(inside);
    g.startBlock(inside);
    if (variant.types.length === 0) text(g, out, variant.name);
    else {
      const places = where?.kind === "niche" ? [0] : (offsets[index] ?? []);
      showList(g, out, `${variant.name}(`, ")", variant.types.map((part, i) => ({ name: 0, type: part, offset: places[i] as number })), address);
    }
    g.jump(done);
    if (isLast) return;
    b.seal(next);
    g.startBlock(next);
  });
  b.seal(done);
  g.startBlock(done);
}

function showElements(g: Generator, out: Value, element: TypeId, start: Value, count: Value): void {
  const { b } = g;
  text(g, out, "[");
  forEachElement(g, count, (at) => {
    const more = b.block();
    const go = b.block();
    g.branch(b.emit(Op.ne, at, b.f.int(Type.i64, 0)), more, go);
    b.seal(more);
    g.startBlock(more);
    text(g, out, ", ");
    g.jump(go);
    b.seal(go);
    g.startBlock(go);
    const place = b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, g.layouts.size(element))));
    showAt(g, out, element, place, 0);
  });
  text(g, out, "]");
}

// ── with a format ──

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
  gathered(g, text, (buffer) => show(g, buffer, type, value, second, false));
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
