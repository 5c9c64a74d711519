/** Calls beyond a reach that is cut down to 16 KiB: functions of 2 KiB call one another near and far, in a section with atoms and in one without. */
import { expect, test } from "bun:test";
import { Assembler } from "../../encoders/arm64/assembler.ts";
import { FIXUP_CALL26 } from "../../encoders/arm64/fixups.ts";
import { FP, LR, SP } from "../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../encoders/arm64/table.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import type { ObjectFile, SymbolId } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";
import { execute, has, linked } from "./testing.ts";

const REACH = 16384;
const COUNT = 48;
const STEPS = 40;
const next = (i: number): number => (i * 13 + 7) % COUNT;

/** Functions `from` to below `to`; the first object has the entry, too. */
function functions(name: string, from: number, to: number, atoms: boolean): ObjectFile {
  const object = new ObjectBuilder(name, "arm64");
  const text = object.section("text", ".text", 16, { atoms });
  const asm = new Assembler();
  const symbols = Array.from({ length: COUNT }, (_, i) => object.symbol(`f${i}`, Binding.global, SymbolType.function));
  const define = (symbol: SymbolId, write: () => void): void => {
    const start = asm.length;
    asm.beginRegion();
    write();
    asm.endRegion();
    while (asm.length % 16 !== 0) asm.emit(word("nop"));
    object.define(symbol, text, start, asm.length - start);
  };
  const move = (register: number, value: number): void => asm.moveWide(word("movz"), 1, register, value, 0);
  if (from === 0) {
    define(object.symbol("_start", Binding.global, SymbolType.function), () => {
      move(0, 0);
      move(1, STEPS);
      asm.callSymbol(symbols[0] as number);
      move(8, 93);
      asm.emit(word("svc"));
    });
  }
  for (let i = from; i < to; i++) {
    define(symbols[i] as SymbolId, () => {
      const done = asm.newLabel();
      asm.pair(memoryWord("stp_x_pre"), FP, LR, SP, -2);
      asm.jumpZero(0, 1, 1, done);
      asm.immediate(word("sub_immediate"), 1, 1, 1, 1);
      asm.immediate(word("add_immediate"), 1, 0, 0, i + 1);
      asm.callSymbol(symbols[next(i)] as number);
      asm.bind(done);
      asm.pair(memoryWord("ldp_x_post"), FP, LR, SP, 2);
      asm.emit(word("ret") | (LR << 5));
      for (let k = 0; k < 500; k++) asm.emit(word("nop"));
    });
    if (i === 5) define(object.symbol("dead", Binding.local, SymbolType.function), () => asm.emit(word("udf")));
  }
  object.append(text, asm.code().slice());
  for (let i = 0; i < asm.fixupCount; i++) {
    if (asm.fixupKind(i) === FIXUP_CALL26) object.relocate(text, asm.fixupAt(i), RelocationKind.arm64Call26, asm.fixupSymbol(i) as SymbolId, 0);
  }
  return object.finish();
}

test("every call reaches, through a veneer where it must", () => {
  const { bytes, summary } = linked([functions("a.o", 0, 40, true), functions("b.o", 40, COUNT, false)], { machine: "arm64", callReach: REACH });
  const text = summary.outputs.findIndex(({ kind }) => kind === "text");
  const from = summary.placed.offset[text] as number;
  const code = new DataView(bytes.buffer, from, summary.outputs[text]?.size);
  let [calls, veneers, farthest] = [0, 0, 0];
  for (let at = 0; at < code.byteLength; at += 4) {
    const w = code.getUint32(at, true);
    if (w === 0xd61f0200) veneers++; // br x16
    if (w >>> 26 !== 0b100101) continue;
    calls++;
    farthest = Math.max(farthest, Math.abs((w << 6) >> 6) * 4);
  }
  expect({ calls, veneers: veneers > 10, near: farthest < REACH }).toEqual({ calls: COUNT + 1, veneers: true, near: true });
  const command = process.arch === "arm64" ? [] : ["qemu-aarch64"];
  if (!command.every(has)) return console.warn("not run, for want of qemu-aarch64");
  let [sum, i] = [0, 0];
  for (let step = 0; step < STEPS; step++, i = next(i)) sum += i + 1;
  expect(execute(bytes, command)).toEqual({ status: sum & 255, out: "", err: "" });
});

test("where all is near there are none", () => {
  const objects = [functions("a.o", 0, 40, true), functions("b.o", 40, COUNT, true)];
  expect(linked(objects, { machine: "arm64", callReach: 1 << 20 }).bytes).toEqual(linked(objects, { machine: "arm64" }).bytes);
});
