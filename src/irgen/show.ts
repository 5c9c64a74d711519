/** How values show: what std prints of a type, what its own Show does, and for each other aggregate type that is shown one function. */

import { T, TypeKind, isScalar, isSignedType, scalarClass, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { NameId } from "../syntax/ast.ts";
import { callDynamic } from "./callees.ts";
import { loadTag, ownMethod } from "./compare.ts";
import { resize } from "./convert.ts";
import type { Generator } from "./generator.ts";
import { forEachElement } from "./loopBlocks.ts";
import { Shape } from "./shape.ts";

const encoder = new TextEncoder();

/** Prints text to a stream (1, 2), or what stands for one. */
export function printText(g: Generator, out: Value, bytes: Uint8Array): void {
  if (!g.reachable || bytes.length === 0) return;
  const { b } = g;
  b.call(g.runtime("print_str"), [out, b.f.address(g.data.string(bytes)), b.f.int(Type.i64, bytes.length)]);
}

/** Prints the value at an address. */
export function emitShowAt(g: Generator, out: Value, type: TypeId, address: Value, quoted = false): void {
  const value = g.loadValue(type, address, 0);
  emitShow(g, out, type, value, g.second, quoted);
}

/** Prints a value; `quoted`: text as a literal would be written, as within a derived Show. Of a type of two words `second` is the other. */
export function emitShow(g: Generator, out: Value, type: TypeId, value: Value, second: Value, quoted: boolean): void {
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
    const formatter = formatterOf(g, out);
    b.call(own, [addressOfValue(g, type, value, second), formatter]);
    return;
  }
  if (type === T.void) {
    words(g, out, "()");
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
  const address = addressOfValue(g, type, value, second);
  b.call(showFunction(g, type), [out, address]);
}

/** The address of a Formatter for what is written to `out`, which is the number of that (std/print.lang). */
function formatterOf(g: Generator, out: Value): Value {
  const formatter = g.b.f.slotAddress(g.b.f.slot(8, 8));
  g.b.store(out, formatter, 0);
  return formatter;
}

/** Where the value lies in memory: it is put there if its type does not. */
function addressOfValue(g: Generator, type: TypeId, value: Value, second: Value): Value {
  if (g.shapes.of(type) === Shape.Memory) return value;
  const address = g.temporary(type);
  g.storeValue(type, value, second, address, 0);
  return address;
}

/** Prints a trait object, which has Show because its trait builds on it, or by an impl for the trait object itself. */
function showDynamic(g: Generator, out: Value, dyn: TypeId, value: Value, table: Value): void {
  const own = ownMethod(g, dyn, "Show");
  if (own !== undefined) {
    g.b.call(own, [value, table, formatterOf(g, out)]);
    return;
  }
  const [method] = g.program.preludeTrait("Show")?.methods ?? [];
  if (method === undefined) throw new Error("irgen/show.showDynamic: std has no Show");
  callDynamic(g, method, [dyn], [value, table, formatterOf(g, out)], false);
}

/** std's String, which shows within others as a text does: quoted. */
export function isText(g: Generator, type: TypeId): boolean {
  return g.types.kindOf(type) === TypeKind.Struct && g.types.definition(type) === g.program.preludeType("String")?.id;
}

/** The function of std that prints a scalar. */
export function printer(type: TypeId, quoted: boolean): string {
  switch (scalarClass(type)) {
    case "bool": return "print_bool";
    case "char": return quoted ? "print_char_quoted" : "print_char";
    case "str": return quoted ? "print_str_quoted" : "print_str";
    case "float": return type === T.f32 ? "print_f32" : "print_f64";
    case "signed": return type === T.i128 ? "print_i128" : "print_i64";
    case "unsigned": return type === T.u128 ? "print_u128" : "print_u64";
    default: throw new Error("irgen/show.printer: not a value");
  }
}

/** Integers are printed as the widest of their signedness. */
export function widened(g: Generator, type: TypeId, value: Value): Value {
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

function words(g: Generator, out: Value, text: string): void {
  printText(g, out, encoder.encode(text));
}

/** Shows the part of an aggregate that lies `offset` bytes behind its address: quoted. */
function showPart(g: Generator, out: Value, type: TypeId, address: Value, offset: number): void {
  const value = g.loadValue(type, address, offset);
  emitShow(g, out, type, value, g.second, true);
}

/** A part of an aggregate; `name` is 0 where it has none. */
interface Part {
  readonly name: NameId | 0;
  readonly type: TypeId;
  readonly offset: number;
}

/** What a derived Show prints of the value at an address. */
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
      if (parts.length === 0) words(g, out, `${name} {}`);
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
      throw new Error(`irgen/show.showParts: type kind ${types.kindOf(type)} does not show`);
  }
}

/** Parts one after the other between `open` and `close`, with their names if they have any. */
function showList(g: Generator, out: Value, open: string, close: string, parts: readonly Part[], address: Value): void {
  let before = open;
  for (const part of parts) {
    words(g, out, part.name === 0 ? before : `${before}${g.names.name(part.name)}: `);
    showPart(g, out, part.type, address, part.offset);
    before = ", ";
  }
  words(g, out, parts.length === 0 ? open + close : close);
}

/** The variant that the value is, with its parts. */
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
    if (variant.types.length === 0) words(g, out, variant.name);
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

/** `count` elements in brackets. */
function showElements(g: Generator, out: Value, element: TypeId, start: Value, count: Value): void {
  const { b } = g;
  words(g, out, "[");
  forEachElement(g, count, (at) => {
    const more = b.block();
    const go = b.block();
    g.branch(b.emit(Op.ne, at, b.f.int(Type.i64, 0)), more, go);
    b.seal(more);
    g.startBlock(more);
    words(g, out, ", ");
    g.jump(go);
    b.seal(go);
    g.startBlock(go);
    const place = b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, g.layouts.size(element))));
    showPart(g, out, element, place, 0);
  });
  words(g, out, "]");
}
