/** The quick ways of folding against what operations mean. */

import { expect, test } from "bun:test";
import { evaluate } from "./evaluate.ts";
import { fold } from "./fold.ts";
import { IrFunction, type SignatureId, type SymbolId } from "./function.ts";
import { Op } from "./ops.ts";
import { Type } from "./types.ts";

const f = new IrFunction(0 as SymbolId, 0 as SignatureId);
const integers = [Type.i8, Type.i16, Type.i32, Type.i64] as const;
const binary = [
  Op.add, Op.sub, Op.mul, Op.and, Op.or, Op.xor, Op.shl, Op.lshr, Op.ashr, Op.sdiv, Op.srem, Op.udiv, Op.urem, Op.rotl,
  Op["sadd.trap"], Op["uadd.trap"], Op["ssub.trap"], Op["usub.trap"], Op["smul.trap"], Op["umul.trap"],
] as const;
const truths = [
  Op.eq, Op.ne, Op.slt, Op.sle, Op.sgt, Op.sge, Op.ult, Op.ule, Op.ugt, Op.uge,
  Op["sadd.overflows"], Op["ssub.overflows"], Op["smul.overflows"], Op["uadd.overflows"], Op["usub.overflows"], Op["umul.overflows"],
] as const;
const operations: readonly Op[] = [...binary, ...truths];
const numbers = [0n, 1n, -1n, 3n, -3n, 21n, 22n, 32n, 63n, 127n, -128n, 255n, -32768n, 65535n, -1000003n, 67108864n, 2147483647n, -2147483648n, 2147483648n, -4294967297n, -9223372036854775808n];

/** What `fold` gives, as text; what it should. */
function both(op: Op, type: Type, from: Type, x: bigint, y: bigint): readonly [string, string] {
  const a = f.big(from, x);
  const b = f.big(from, y);
  const folded = fold(f, op, type, a, b);
  const result = evaluate(op, type, from, f.bigOf(a), f.bigOf(b));
  const say = (value: string) => `${op} of ${from} to ${type}, ${x} and ${y}: ${value}`;
  return [say(folded === 0 ? "nothing" : String(f.bigOf(folded))), say(typeof result === "bigint" ? String(f.bigOf(f.big(type, result))) : "nothing")];
}

test("operations on two integers", () => {
  for (const from of integers) {
    for (const x of numbers) {
      for (const y of numbers) {
        for (const op of operations) {
          const [is, should] = both(op, (truths as readonly Op[]).includes(op) ? Type.i8 : from, from, x, y);
          if (is !== should) expect(is).toBe(should);
        }
      }
    }
  }
});

test("conversions", () => {
  for (const from of integers) {
    for (const to of integers) {
      for (const x of numbers) {
        for (const op of to > from ? [Op.sext, Op.zext] : [Op.trunc]) {
          const [is, should] = both(op, to, from, x, 0n);
          expect(is).toBe(should);
        }
      }
    }
  }
});
