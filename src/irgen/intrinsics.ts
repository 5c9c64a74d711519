/** The intrinsics of section 12, by name. */

import { TypeNames } from "../check/typeNames.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { Node } from "../syntax/ast.ts";
import { resize } from "./convert.ts";
import { TypeKind } from "../check/types.ts";
import { TableWord } from "./callees.ts";
import { measured } from "./deref.ts";
import { emit, emitInto, finalType } from "./dispatch.ts";
import { emitShowAt } from "./print.ts";
import { dropInPlace } from "./dropGlue.ts";
import { register, registerMemory } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { stringValue } from "./literals.ts";

const encoder = new TextEncoder();

register({ Intrinsic: (g, n) => intrinsic(g, n) });
registerMemory({
  // The only intrinsic that yields an aggregate.
  Intrinsic: (g, n, pointer, offset) => {
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

/** Evaluates all arguments from left to right. */
function values(g: Generator, n: Node): Value[] {
  const list = g.ast.arguments(n);
  const found: Value[] = [];
  for (let i = 0; i < g.ast.length(list); i++) found.push(emit(g, g.ast.item(list, i)));
  return found;
}

const unary: Record<string, Op> = { clz: Op.clz, ctz: Op.ctz, popcount: Op.popcount, bswap: Op.bswap, sqrt: Op.fsqrt, floor: Op.ffloor, ceil: Op.fceil, trunc: Op.ftrunc, round_even: Op.fnearest, abs: Op.fabs };
const runtimes: Record<string, string> = { alloc: "lang_alloc", dealloc: "lang_dealloc", realloc: "lang_realloc", memcmp: "lang_memcmp" };

function intrinsic(g: Generator, n: Node): Value {
  const { ast, b, types } = g;
  const { f } = b;
  const name = g.names.name(ast.name(n));
  const type = g.program.typeOf(n);
  switch (name) {
    case "sizeof":
      return f.int(Type.i64, g.layouts.size(g.program.typeOf(argument(g, n, 0))));
    case "alignof":
      return f.int(Type.i64, g.layouts.alignment(g.program.typeOf(argument(g, n, 0))));
    case "type_name":
      return stringValue(g, encoder.encode(new TypeNames(types, g.program.definitions, g.names).of(g.program.typeOf(argument(g, n, 0)))));
    case "source_location": {
      const place = g.sources.place(ast.start[n] as number);
      return stringValue(g, encoder.encode(place === undefined ? "" : `${place.path}:${place.line}:${place.column}`));
    }
    case "trace_table":
      return f.address(g.module.find("lang_trace_table") ?? g.module.declareData("lang_trace_table", "imported"));
    case "frame_address":
      return b.typed(Op["frame.address"], Type.ptr);
    case "fence":
      b.emit(Op.fence);
      return 0 as Value;
    case "trap":
      g.unreachable();
      return 0 as Value;
    case "needs_drop":
      return f.int(Type.i8, g.needsDrop(g.program.typeOf(argument(g, n, 0))) ? 1 : 0);
    case "forget": {
      const value = argument(g, n, 0);
      emitInto(g, value, g.temporary(finalType(g, value)), 0);
      return 0 as Value;
    }
    case "sizeof_value":
    case "alignof_value": {
      const value = argument(g, n, 0);
      emit(g, value);
      return measured(g, types.inner(finalType(g, value)), g.second, name === "sizeof_value" ? "size" : "align");
    }
    case "drop_in_place": {
      const value = argument(g, n, 0);
      const pointer = emit(g, value);
      const { second: table } = g;
      const target = types.inner(finalType(g, value));
      if (g.reachable && types.kindOf(target) === TypeKind.Dyn) dropDynamic(g, pointer, table);
      else dropInPlace(g, target, pointer);
      return 0 as Value;
    }
    case "show_part": {
      const value = argument(g, n, 0);
      const pointer = emit(g, value);
      const out = emit(g, argument(g, n, 1));
      emitShowAt(g, out, types.inner(finalType(g, value)), pointer, true);
      return 0 as Value;
    }
    case "ptr_write": {
      const pointer = emit(g, argument(g, n, 0));
      emitInto(g, argument(g, n, 1), pointer, 0);
      return 0 as Value;
    }
  }
  const args = values(g, n);
  if (!g.reachable) return g.nothing(type);
  const a = args[0] as Value;
  const second = args[1] as Value;
  const third = args[2] as Value;
  const op = unary[name];
  if (op !== undefined) return b.emit(op, a);
  const runtime = runtimes[name];
  if (runtime !== undefined) return b.call(g.runtime(runtime), args);
  switch (name) {
    case "memcpy":
      g.usesMemory = true;
      b.typed(Op.copy, Type.void, a, second, third);
      return 0 as Value;
    case "memmove":
      g.usesMemory = true;
      b.typed(Op.move, Type.void, a, second, third);
      return 0 as Value;
    case "memset":
      g.usesMemory = true;
      b.typed(Op.fill, Type.void, a, second, third);
      return 0 as Value;
    case "ptr_read":
      return g.loadValue(type, a, 0);
    case "rotl":
      return b.emit(Op.rotl, a, resize(g, second, f.typeOf(a), false));
    case "rotr":
      return b.emit(Op.rotr, a, resize(g, second, f.typeOf(a), false));
    case "fma":
      return b.emit(Op.fma, a, second, third);
    case "atomic_load":
      return b.typed(Op["atomic.load"], g.shapes.scalar(type), a);
    case "atomic_store":
      b.typed(Op["atomic.store"], f.typeOf(second), second, a);
      return 0 as Value;
    case "atomic_add":
      return b.typed(Op["atomic.add"], g.shapes.scalar(type), a, second);
    case "atomic_cas":
      return b.typed(Op["atomic.cas"], g.shapes.scalar(type), a, second, third);
    default:
      throw new Error(`irgen/intrinsics.intrinsic: @${name} is not known`);
  }
}
