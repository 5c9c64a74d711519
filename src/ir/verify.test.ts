/** Functions whose columns were damaged at random: the verifier says what is wrong, whatever it is; it neither throws nor runs for ever. */

import { expect, test } from "bun:test";
import { Builder } from "./builder.ts";
import type { Block, IrFunction, SymbolId, Value } from "./function.ts";
import { Module } from "./module.ts";
import { Op, opNames } from "./ops.ts";
import { Random, randomModule } from "./random.ts";
import { Type, typeNames } from "./types.ts";
import { problemsText, verifyModule } from "./verify.ts";

/** Changes one thing that the builder's caller might have given wrongly. */
function damage(f: IrFunction, random: Random): void {
  const v = 1 + random.below(f.valueCount - 1);
  const something = (): number => (random.chance(50) ? random.below(f.valueCount) : random.next() | 0);
  switch (random.below(8)) {
    case 0: f.op[v] = random.below(opNames.length); break;
    case 1: f.type[v] = random.below(typeNames.length); break;
    case 2: f.a[v] = something(); break;
    case 3: f.b[v] = something(); break;
    case 4: f.c[v] = something(); break;
    case 5: f.pool[random.below(f.poolCount)] = something(); break;
    case 6: f.edgeTarget[random.below(f.edgeCount)] = random.below(f.blockCount + 2); break;
    default: f.edgeArgCount[random.below(f.edgeCount)] = random.below(5);
  }
}

test("damaged functions are told of", () => {
  let wrong = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const module = randomModule(seed, { wide: seed % 4 === 0, floats: seed % 3 !== 0, size: 8, functions: seed % 3 });
    for (const f of module.functions.values()) damage(f, random);
    if (verifyModule(module).length > 0) wrong++;
  }
  expect(wrong).toBeGreaterThan(150);
});

/** What the verifier says of an entry that `make` builds. */
function said(make: (b: Builder) => void): string {
  const module = new Module();
  const b = new Builder(module);
  b.start(module.declareFunction("f", module.signature([], []), "exported"));
  make(b);
  b.finish();
  return problemsText(verifyModule(module));
}

test("what is no list, edge, symbol or slot of the function", () => {
  expect(said((b) => { b.typed(Op.syscall, Type.i64, 0, 12345); b.unreachable(); })).toBe("f: b0: value 1, syscall: 12345 is no list of the function\n");
  expect(said((b) => { b.typed(Op.return, Type.void, -3); })).toBe("f: b0: value 1, return: -3 is no list of the function\n");
  expect(said((b) => { b.typed(Op.jump, Type.void, 77); })).toBe("f: b0: jump ?77: edge 77 does not exist\n");
  expect(said((b) => b.jump(9 as Block))).toContain("goes to block 9, which is not in the function\n");
  expect(said((b) => { b.load(Type.i64, b.f.address(9 as SymbolId), 0); b.unreachable(); })).toContain("is the address of symbol 9, which is not declared\n");
  expect(said((b) => { b.load(Type.i64, b.f.slotAddress(3 as never), 0); b.unreachable(); })).toContain("is the address of slot 3, which the function has not\n");
  expect(said((b) => { b.typed(Op.call, Type.void, 44, b.f.list([b.f.int(Type.i64, 1)])); b.unreachable(); })).toContain("calls what is no function\n");
  expect(said((b) => { b.emit(Op.add, -5 as Value, 1 as Value); b.unreachable(); })).toContain("uses value -5, which is not in the function\n");
});
