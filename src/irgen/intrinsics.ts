/** The intrinsics of section 12, by name. */

import { TypeNames } from "../check/typeNames.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { resize } from "./convert.ts";
import { TableWord } from "./callees.ts";
import { measured } from "./deref.ts";
import { emit, emitInto, finalType } from "./dispatch.ts";
import { emitShowAt } from "./show.ts";
import { dropInPlace } from "./dropGlue.ts";
import { register, registerMemory } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { stringValue } from "./literals.ts";

const encoder = new TextEncoder();
const nothing = 0 as Value;

register({ [Kind.Intrinsic]: (g, n) => intrinsic(g, n) });
registerMemory({
  // The only intrinsic that yields an aggregate.
  [Kind.Intrinsic]: (g, n, pointer, offset) => {
    const type = g.program.typeOf(n);
    const from = emit(g, argument(g, n, 0));
    g.storeValue(type, from, 0 as Value, pointer, offset);
  },
});

/** Drops a value that only its table of methods knows. */
function dropDynamic(g: Generator, pointer: Value, table: Value): void {
  const { b } = g;
  const drop = b.load(Type.ptr, table, TableWord.drop);
  const yes = b.block();
  const done = b.block();
  g.branch(b.emit(Op.ne, drop, b.f.int(Type.ptr, 0)), yes, done);
  b.seal(yes);
  g.startBlock(yes);
  g.callsIndirectly = true;
  b.callIndirect(drop, g.module.signature([Type.ptr], [], "lang"), [pointer]);
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}

function argument(g: Generator, n: Node, index: number): Node {
  return g.ast.item(g.ast.arguments(n), index);
}

function typeOfArgument(g: Generator, n: Node): TypeId {
  return g.program.typeOf(argument(g, n, 0));
}

/** Evaluates all arguments from left to right. */
function values(g: Generator, n: Node): Value[] {
  const list = g.ast.arguments(n);
  const found: Value[] = [];
  for (let i = 0; i < g.ast.length(list); i++) found.push(emit(g, g.ast.item(list, i)));
  return found;
}

/** Intrinsics of which not every argument is evaluated to a value first. */
const forms: { readonly [name: string]: (g: Generator, n: Node) => Value } = {
  sizeof: (g, n) => g.b.f.int(Type.i64, g.layouts.size(typeOfArgument(g, n))),
  alignof: (g, n) => g.b.f.int(Type.i64, g.layouts.alignment(typeOfArgument(g, n))),
  item_count: (g, n) => g.b.f.int(Type.i64, g.types.arrayLength(typeOfArgument(g, n))),
  type_name: (g, n) => stringValue(g, encoder.encode(new TypeNames(g.types, g.program.definitions, g.names).of(typeOfArgument(g, n)))),
  needs_drop: (g, n) => g.b.f.int(Type.i8, g.needsDrop(typeOfArgument(g, n)) ? 1 : 0),
  source_location: (g, n) => {
    const place = g.sources.place(g.ast.start[n] as number);
    return stringValue(g, encoder.encode(place === undefined ? "" : `${place.path}:${place.line}:${place.column}`));
  },
  trace_table: (g) => g.b.f.address(g.module.find("lang_trace_table") ?? g.module.declareData("lang_trace_table", "imported")),
  frame_address: (g) => g.b.typed(Op["frame.address"], Type.ptr),
  fence: (g) => {
    g.b.emit(Op.fence);
    return nothing;
  },
  trap: (g) => {
    g.unreachable();
    return nothing;
  },
  forget: (g, n) => {
    const value = argument(g, n, 0);
    emitInto(g, value, g.temporary(finalType(g, value)), 0);
    return nothing;
  },
  sizeof_value: (g, n) => sizeOfTarget(g, n, "size"),
  alignof_value: (g, n) => sizeOfTarget(g, n, "align"),
  drop_in_place: (g, n) => {
    const value = argument(g, n, 0);
    const pointer = emit(g, value);
    const { second: table } = g;
    const target = g.types.inner(finalType(g, value));
    if (g.reachable && g.types.kindOf(target) === TypeKind.Dyn) dropDynamic(g, pointer, table);
    else dropInPlace(g, target, pointer);
    return nothing;
  },
  show_part: (g, n) => {
    const value = argument(g, n, 0);
    const pointer = emit(g, value);
    const out = emit(g, argument(g, n, 1));
    emitShowAt(g, out, g.types.inner(finalType(g, value)), pointer, true);
    return nothing;
  },
  ptr_write: (g, n) => {
    const pointer = emit(g, argument(g, n, 0));
    emitInto(g, argument(g, n, 1), pointer, 0);
    return nothing;
  },
};

/** Of one argument, by the operation of the IR; and functions of std. */
const unary: { readonly [name: string]: Op } = { clz: Op.clz, ctz: Op.ctz, popcount: Op.popcount, bswap: Op.bswap, sqrt: Op.fsqrt };
const runtimes: { readonly [name: string]: string } = { alloc: "lang_alloc", dealloc: "lang_dealloc", realloc: "lang_realloc", memcmp: "lang_memcmp" };

/** The others, whose arguments are values. */
const operations: { readonly [name: string]: (g: Generator, type: TypeId, a: Value, second: Value, third: Value) => Value } = {
  memcpy: (g, _type, to, from, size) => memory(g, Op.copy, to, from, size),
  memmove: (g, _type, to, from, size) => memory(g, Op.move, to, from, size),
  memset: (g, _type, to, byte, size) => memory(g, Op.fill, to, byte, size),
  ptr_read: (g, type, pointer) => g.loadValue(type, pointer, 0),
  rotl: (g, _type, a, count) => g.b.emit(Op.rotl, a, resize(g, count, g.b.f.typeOf(a), false)),
  rotr: (g, _type, a, count) => g.b.emit(Op.rotr, a, resize(g, count, g.b.f.typeOf(a), false)),
  fma: (g, _type, a, b, c) => g.b.emit(Op.fma, a, b, c),
  atomic_load: (g, type, pointer) => g.b.typed(Op["atomic.load"], g.shapes.scalar(type), pointer),
  atomic_store: (g, _type, pointer, value) => {
    g.b.typed(Op["atomic.store"], g.b.f.typeOf(value), value, pointer);
    return nothing;
  },
  atomic_add: (g, type, pointer, value) => g.b.typed(Op["atomic.add"], g.shapes.scalar(type), pointer, value),
  atomic_cas: (g, type, pointer, expected, value) => g.b.typed(Op["atomic.cas"], g.shapes.scalar(type), pointer, expected, value),
};

function memory(g: Generator, op: Op, to: Value, from: Value, size: Value): Value {
  g.usesMemory = true;
  g.b.typed(op, Type.void, to, from, size);
  return nothing;
}

/** Size or alignment of what the pointer that is the argument leads to. */
function sizeOfTarget(g: Generator, n: Node, what: "size" | "align"): Value {
  const value = argument(g, n, 0);
  emit(g, value);
  return measured(g, g.types.inner(finalType(g, value)), g.second, what);
}

function intrinsic(g: Generator, n: Node): Value {
  const name = g.names.name(g.ast.name(n));
  const type = g.program.typeOf(n);
  const form = forms[name];
  if (form !== undefined) return form(g, n);
  const args = values(g, n);
  if (!g.reachable) return g.nothing(type);
  const op = unary[name];
  if (op !== undefined) return g.b.emit(op, args[0] as Value);
  const runtime = runtimes[name];
  if (runtime !== undefined) return g.b.call(g.runtime(runtime), args);
  const operation = operations[name];
  if (operation === undefined) throw new Error(`irgen/intrinsics.intrinsic: @${name} is not known`);
  return operation(g, type, args[0] as Value, args[1] as Value, args[2] as Value);
}
