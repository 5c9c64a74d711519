/** Tables for Windows' unwinder on arm64: what is read off the code, held against the code by the verifier, which knows Microsoft's document and not this. */
import { expect, test } from "bun:test";
import { SectionFlag } from "../../formats/pe/constants.ts";
import { verifyUnwindArm64 } from "../../formats/pe/verifyUnwind_arm64.ts";
import { Assembler } from "../../encoders/arm64/assembler.ts";
import { EQ, FP, LR, SP, UXTX } from "../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../encoders/arm64/table.ts";
import { Binding, ObjectBuilder, SymbolType } from "../link/object.ts";
import { addWindowsUnwindTables } from "./unwindWindows_arm64.ts";

const push = memoryWord("stp_x_pre");
const pop = memoryWord("ldp_x_post");
const pushFloats = memoryWord("stp_d_pre");
const popFloats = memoryWord("ldp_d_post");
const sub = (asm: Assembler, size: number): void => asm.immediate(word("sub_immediate"), 1, SP, SP, size);
const add = (asm: Assembler, size: number): void => asm.immediate(word("add_immediate"), 1, SP, SP, size);
const nop = word("nop");
const ret = word("ret") | (LR << 5);

const TEXT = 0x1000;

/** The entries as `begin-end` in instructions, with each one's codes; and what the verifier says. `frame`: of the function, as the code generator tells it. */
function tables(frame: number, write: (asm: Assembler) => void): { readonly entries: string[]; readonly problems: string[] } {
  const asm = new Assembler(1 << 16);
  asm.beginRegion();
  write(asm);
  asm.endRegion();
  const object = new ObjectBuilder("test", "arm64");
  const text = object.section("text", ".text", 4);
  object.append(text, asm.code().slice());
  const symbol = object.symbol("f", Binding.global, SymbolType.function);
  object.define(symbol, text, 0, asm.length);
  const none = new Int32Array(0);
  addWindowsUnwindTables(object, text, {
    functionCount: 1, functionSymbol: Int32Array.of(0), functionStart: Int32Array.of(0), functionSize: Int32Array.of(asm.length), functionFrame: Int32Array.of(frame),
    functionFirstSite: Int32Array.of(0), siteCount: 0, siteReturn: none, sitePosition: none, siteInline: none, siteFrame: none,
  }, { name: () => "f", objectSymbol: () => symbol });
  const [pdata, xdata] = [".pdata", ".xdata"].map((name) => object.sections.find((s) => s.name === name));
  if (pdata === undefined || xdata === undefined) throw new Error("no tables");
  const { addend, count } = pdata.relocations;
  const unwindAt = TEXT + Math.ceil(asm.length / 4096) * 4096;
  const file = new Uint8Array(unwindAt + xdata.size);
  file.set(asm.code(), TEXT);
  file.set(xdata.content(), unwindAt);
  const functions = Array.from({ length: count / 2 }, (_, i) => ({ begin: TEXT + addend[i * 2], end: 0, unwind: unwindAt + addend[i * 2 + 1] }));
  const flags = SectionFlag.execute | SectionFlag.read;
  const problems: string[] = [];
  verifyUnwindArm64({
    headerSize: 0, functions, sections: [
      { name: ".text", flags, address: TEXT, memorySize: asm.length, offset: TEXT, fileSize: asm.length },
      { name: ".xdata", flags: SectionFlag.read, address: unwindAt, memorySize: xdata.size, offset: unwindAt, fileSize: xdata.size },
    ],
  }, file, (fine, problem) => {
    if (!fine) problems.push(problem);
  });
  const view = new DataView(file.buffer);
  const entries = functions.map(({ begin, unwind }) => {
    const head = view.getUint32(unwind, true);
    const epilogues = (head >>> 22) & 31;
    const codes = Buffer.from(file.subarray(unwind + 4 + epilogues * 4, unwind + 4 + epilogues * 4 + (head >>> 27) * 4)).toString("hex").replace(/(e3)+$/, "");
    const first = (begin - TEXT) / 4;
    return `${first}-${first + (head & 0x3ffff)} ${codes}${Array.from({ length: epilogues }, (_, e) => ` @${first + (view.getUint32(unwind + 4 + e * 4, true) & 0x3ffff)}`).join("")}`;
  });
  return { entries, problems };
}

test("pushed pairs of both kinds and room, undone on two ways out", () => {
  const leave = (asm: Assembler): void => {
    add(asm, 48);
    asm.pair(popFloats, 8, 9, SP, 2);
    asm.pair(pop, 21, 22, SP, 2);
    asm.pair(pop, FP, LR, SP, 2);
    asm.emit(ret);
  };
  expect(tables(88, (asm) => {
    const other = asm.newLabel();
    asm.pair(push, FP, LR, SP, -2);
    asm.pair(push, 21, 22, SP, -2);
    asm.pair(pushFloats, 8, 9, SP, -2);
    sub(asm, 48);
    asm.jumpZero(0, 1, 0, other);
    leave(asm);
    asm.bind(other);
    asm.callSymbol(1);
    leave(asm);
  })).toEqual({ entries: ["0-16 03da01cc8181e4 @5 @11"], problems: [] });
});

test("code without a frame has no entry; calls that do not return have their own", () => {
  expect(tables(0, (asm) => {
    const fails = asm.newLabel();
    asm.immediate(word("subs_immediate"), 1, 31, 0, 5);
    asm.jumpIf(EQ, fails);
    asm.emit(ret);
    asm.bind(fails);
    asm.emit(nop);
    asm.pair(push, FP, LR, SP, -2);
    asm.callSymbol(1);
    asm.emit(word("udf"));
  })).toEqual({ entries: ["4-7 81e4"], problems: [] });
});

test("a frame that is made late, with a part of the function before it", () => {
  expect(tables(24, (asm) => {
    const [frame, inside] = [asm.newLabel(), asm.newLabel()];
    asm.jump(frame);
    asm.bind(inside); // framed, though it stands first
    asm.callSymbol(1);
    add(asm, 16);
    asm.pair(pop, FP, LR, SP, 2);
    asm.emit(ret);
    asm.bind(frame);
    asm.pair(push, FP, LR, SP, -2);
    sub(asm, 16);
    asm.jump(inside);
  })).toEqual({ entries: ["1-5 e50181e4 @2", "5-8 0181e4"], problems: [] });
});

test("large frames: pages touched on the way, sizes by register", () => {
  expect(tables(0x3018, (asm) => {
    asm.pair(push, FP, LR, SP, -2);
    for (let page = 1; page <= 3; page++) {
      asm.immediate(word("sub_immediate"), 1, 16, SP, page * 4096);
      asm.unsigned(memoryWord("str_x_unsigned"), 31, 16, 0);
    }
    sub(asm, 0x3000);
    sub(asm, 16);
    asm.callSymbol(1);
    add(asm, 16);
    add(asm, 0x3000);
    asm.pair(pop, FP, LR, SP, 2);
    asm.emit(ret);
  })).toMatchObject({ problems: [] });
  expect(tables(0x200_0008, (asm) => {
    asm.pair(push, FP, LR, SP, -2);
    asm.moveWide(word("movz"), 1, 17, 0x200, 1);
    asm.extended(word("sub_extended"), 1, SP, SP, 17, UXTX, 0);
    asm.callSymbol(1);
    asm.moveWide(word("movz"), 1, 17, 0x200, 1);
    asm.extended(word("add_extended"), 1, SP, SP, 17, UXTX, 0);
    asm.pair(pop, FP, LR, SP, 2);
    asm.emit(ret);
  })).toEqual({ entries: ["0-8 e0200000e381e4e020000081e4 @5"], problems: [] });
});

test("a function larger than one entry can describe has several", () => {
  const { entries, problems } = tables(24, (asm) => {
    asm.pair(push, FP, LR, SP, -2);
    sub(asm, 16);
    for (let i = 0; i < 0x5_0000; i++) asm.emit(nop);
    asm.callSymbol(1);
    add(asm, 16);
    asm.pair(pop, FP, LR, SP, 2);
    asm.emit(ret);
  });
  expect([entries.length, problems]).toEqual([2, []]);
  expect(entries[0]).toStartWith("0-196608 0181e4");
  expect(entries[1]).toBe(`196608-${0x5_0006} e50181e4 @${0x5_0003}`);
});
