/** The functions of the prelude that no declaration can type yet: print and its kin, min and max, assertions. */

import { TypeKind, isFloatType, isSignedType, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B, Kind, type List, type Node } from "../syntax/ast.ts";
import { BuiltinMember } from "../check/checkedProgram.ts";
import { TypeNames } from "../check/typeNames.ts";
import { compareValues } from "./compare.ts";
import { emitCondition } from "./conditions.ts";
import { convertValue, resize } from "./convert.ts";
import { emit, finalType } from "./dispatch.ts";
import type { Generator } from "./generator.ts";
import { stringValue } from "./literals.ts";
import { memberValue } from "./elements.ts";
import { emitPrint, printedInto } from "./print.ts";
import { emitShow, printText } from "./show.ts";
import { Shape } from "./shape.ts";
import { Trap } from "./traps.ts";

/** Emits a call of a built-in function. `first`: what a pipe puts before the arguments, or 0. */
export function emitBuiltin(g: Generator, n: Node, name: string, first: Node, args: List): Value {
  const nodes: Node[] = first === 0 ? [] : [first];
  for (let i = 0; i < g.ast.length(args); i++) nodes.push(g.ast.item(args, i));
  const argument = (i: number) => nodes[i] as Node;
  switch (name) {
    case "print": emitPrint(g, nodes[0] ?? (0 as Node), 1, false); return 0 as Value;
    case "println": emitPrint(g, nodes[0] ?? (0 as Node), 1, true); return 0 as Value;
    case "eprint": emitPrint(g, nodes[0] ?? (0 as Node), 2, false); return 0 as Value;
    case "eprintln": emitPrint(g, nodes[0] ?? (0 as Node), 2, true); return 0 as Value;
    case "len": return memberValue(g, argument(0), BuiltinMember.len);
    case "to_string": {
      const text = g.temporary(g.program.typeOf(n));
      printedInto(g, argument(0), text);
      return text;
    }
    case "min": return extreme(g, n, argument(0), argument(1), false);
    case "max": return extreme(g, n, argument(0), argument(1), true);
    case "clamp": return clamp(g, n, argument(0), argument(1), argument(2));
    case "swap": swap(g, argument(0), argument(1)); return 0 as Value;
    case "type_of": {
      emit(g, argument(0));
      return stringValue(g, new TextEncoder().encode(new TypeNames(g.types, g.program.definitions, g.names).of(g.program.typeOf(argument(0)))));
    }
    case "assert": assertCondition(g, n, argument(0), Trap.assert, nodes[1]); return 0 as Value;
    case "assume": assertCondition(g, n, argument(0), Trap.assume, nodes[1]); return 0 as Value;
    case "assert_eq": assertEqual(g, n, argument(0), argument(1)); return 0 as Value;
    case "syscall": {
      if (g.options.noSystemCalls === true) g.unsupported.push({ node: n, what: "system calls of this target, whose numbers no two versions share, are" });
      const words = nodes.map((node) => {
        const value = emit(g, node);
        return resize(g, value, Type.i64, isSignedType(finalType(g, node)));
      });
      return g.reachable ? g.b.typed(Op.syscall, Type.i64, 0, g.b.f.list(words)) : g.nothing(g.program.typeOf(n));
    }
    case "panic": panicWith(g, n, argument(0)); return 0 as Value;
    default:
      throw new Error(`irgen/builtins.emitBuiltin: ${name}`);
  }
}

function operand(g: Generator, n: Node, type: TypeId): Value {
  const from = finalType(g, n);
  const value = emit(g, n);
  return convertValue(g, value, g.second, from, type);
}

function less(g: Generator, type: TypeId, a: Value, aSecond: Value, b: Value, bSecond: Value): Value {
  return compareValues(g, B.Less, type, a, aSecond, b, bSecond);
}

/** The smaller or greater of two; of equals the first. Floats: NaN loses against a number. */
function extreme(g: Generator, n: Node, x: Node, y: Node, greatest: boolean): Value {
  const type = g.program.typeOf(n);
  const a = operand(g, x, type);
  const aSecond = g.second;
  const b = operand(g, y, type);
  const bSecond = g.second;
  if (!g.reachable) return g.nothing(type);
  return choose(g, type, a, aSecond, b, bSecond, greatest);
}

function choose(g: Generator, type: TypeId, a: Value, aSecond: Value, b: Value, bSecond: Value, greatest: boolean): Value {
  const { b: build } = g;
  const second = greatest ? less(g, type, a, aSecond, b, bSecond) : less(g, type, b, bSecond, a, aSecond);
  if (g.shapes.of(type) === Shape.Pair) {
    const first = build.typed(Op.select, Type.ptr, second, b, a);
    g.second = build.typed(Op.select, g.shapes.second(type), second, bSecond, aSecond);
    return first;
  }
  const chosen = build.typed(Op.select, g.shapes.of(type) === Shape.Memory ? Type.ptr : g.shapes.scalar(type), second, b, a);
  return isFloatType(type) ? build.typed(Op.select, g.shapes.scalar(type), build.emit(Op.fne, a, a), b, chosen) : chosen;
}

function clamp(g: Generator, n: Node, x: Node, low: Node, high: Node): Value {
  const type = g.program.typeOf(n);
  const value = operand(g, x, type);
  const valueSecond = g.second;
  const from = operand(g, low, type);
  const fromSecond = g.second;
  const to = operand(g, high, type);
  const toSecond = g.second;
  if (!g.reachable) return g.nothing(type);
  const raised = choose(g, type, value, valueSecond, from, fromSecond, true);
  return choose(g, type, raised, g.second, to, toSecond, false);
}

/** Exchanges what two references point to. */
function swap(g: Generator, x: Node, y: Node): void {
  const a = emit(g, x);
  const b = emit(g, y);
  if (!g.reachable) return;
  const type = g.types.inner(finalType(g, x));
  if (g.shapes.of(type) === Shape.Memory) {
    const size = g.layouts.size(type);
    const aside = g.temporary(type);
    g.copyMemory(aside, a, size);
    g.usesMemory = true;
    g.b.typed(Op.move, Type.void, a, b, g.b.f.int(Type.i64, size));
    g.copyMemory(b, aside, size);
    return;
  }
  const first = g.loadValue(type, a, 0);
  const firstSecond = g.second;
  const other = g.loadValue(type, b, 0);
  g.storeValue(type, other, g.second, a, 0);
  g.storeValue(type, first, firstSecond, b, 0);
}

function assertCondition(g: Generator, n: Node, condition: Node, trap: number, message: Node | undefined): void {
  const { b } = g;
  if (message === undefined && g.ast.kind[condition] !== Kind.Binary) {
    const holds = emit(g, condition);
    if (!g.reachable) return;
    b.position = g.ast.start[n] as number;
    g.trapIf(b.emit(Op.xor, holds, b.f.int(Type.i8, 1)), trap);
    return;
  }
  const good = b.block();
  const bad = b.block();
  emitCondition(g, condition, good, bad);
  b.seal(bad);
  g.startBlock(bad);
  b.position = g.ast.start[n] as number;
  if (g.reachable && message === undefined) {
    b.trap(g.useTrap(trap));
    g.reachable = false;
  } else if (g.reachable && message !== undefined) panicWith(g, n, message);
  b.seal(good);
  g.startBlock(good);
}

function panicWith(g: Generator, n: Node, message: Node): void {
  const { b } = g;
  if (g.ast.kind[message] === Kind.FormatString) {
    // The message is written piece by piece where panics begin, then the place and the stack follow.
    b.call(g.runtime("lang_panic_begin"), []);
    emitPrint(g, message, 2, false);
    if (!g.reachable) return;
    b.position = g.ast.start[n] as number;
    b.call(g.runtime("lang_panic_end"), []);
    g.unreachable();
    return;
  }
  const text = emit(g, message);
  const { second } = g;
  if (!g.reachable) return;
  b.position = g.ast.start[n] as number;
  b.call(g.runtime("panic"), [text, second]);
  g.unreachable();
}

/** What a value is once the references to it are read through. */
function typeBehind(g: Generator, n: Node): TypeId {
  let type = finalType(g, n);
  while (g.types.kindOf(type) === TypeKind.Reference) type = g.types.inner(type);
  return type;
}

/** That value. */
function readThrough(g: Generator, n: Node): Value {
  let value = emit(g, n);
  for (let type = finalType(g, n); g.types.kindOf(type) === TypeKind.Reference; ) {
    type = g.types.inner(type);
    value = g.loadValue(type, value, 0);
  }
  return value;
}

/** Panics with both values if they differ. */
function assertEqual(g: Generator, n: Node, left: Node, right: Node): void {
  const { b } = g;
  const type = typeBehind(g, left);
  const a = readThrough(g, left);
  const aSecond = g.second;
  const c = readThrough(g, right);
  const cSecond = g.second;
  if (!g.reachable) return;
  const equal = compareValues(g, B.Equal, type, a, aSecond, c, cSecond);
  const good = b.block();
  const bad = b.block();
  g.branch(equal, good, bad);
  b.seal(bad);
  b.seal(good);
  g.startBlock(bad);
  b.position = g.ast.start[n] as number;
  b.call(g.runtime("lang_panic_begin"), []);
  const errors = b.f.int(Type.i64, 2);
  const say = (text: string) => printText(g, errors, new TextEncoder().encode(text));
  say("assertion failed: left is ");
  emitShow(g, errors, type, a, aSecond, true);
  say(", right is ");
  emitShow(g, errors, type, c, cSecond, true);
  b.position = g.ast.start[n] as number;
  b.call(g.runtime("lang_panic_end"), []);
  g.unreachable();
  g.startBlock(good);
}

