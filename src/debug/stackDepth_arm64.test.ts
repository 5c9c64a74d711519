import { expect, test } from "bun:test";
import { Assembler } from "../../encoders/arm64/assembler.ts";
import { FP, LR, SP, ZR } from "../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../encoders/arm64/table.ts";
import { frameRowsArm64 } from "./stackDepth_arm64.ts";

const push = memoryWord("stp_x_pre");
const pop = memoryWord("ldp_x_post");
const ret = word("ret") | (LR << 5);

/** Rows as `instruction:depth`, with `*` where the return address is on the stack. */
function rows(frame: number, write: (asm: Assembler) => void): string {
  const asm = new Assembler();
  asm.beginRegion();
  write(asm);
  asm.endRegion();
  const trace = {
    functionCount: 1, functionSymbol: Int32Array.of(0), functionStart: Int32Array.of(0), functionSize: Int32Array.of(asm.length), functionFrame: Int32Array.of(frame),
    functionFirstSite: Int32Array.of(0), siteCount: 0, siteReturn: new Int32Array(0), sitePosition: new Int32Array(0), siteInline: new Int32Array(0), siteFrame: new Int32Array(0),
  };
  return frameRowsArm64(asm.code(), trace, 0).map(({ at, depth, saved }) => `${at / 4}:${depth}${saved ? "*" : ""}`).join(" ");
}

test("pairs that are pushed and popped, on both ways out", () => {
  expect(rows(56, (asm) => {
    const other = asm.newLabel();
    asm.pair(push, FP, LR, SP, -2);
    asm.pair(push, 19, 20, SP, -2);
    asm.immediate(word("sub_immediate"), 1, SP, SP, 32);
    asm.jumpZero(0, 1, 0, other);
    asm.immediate(word("add_immediate"), 1, SP, SP, 32);
    asm.pair(pop, 19, 20, SP, 2);
    asm.pair(pop, ZR, LR, SP, 2);
    asm.emit(ret);
    asm.bind(other);
    asm.callSymbol(1);
    asm.emit(word("udf"));
  })).toBe("0:0 1:16* 2:32* 3:64* 5:32* 6:16* 7:0 8:64*");
});

test("a leaf keeps its return address, but for a failed check's handler", () => {
  expect(rows(24, (asm) => {
    const failed = asm.newLabel();
    asm.immediate(word("sub_immediate"), 1, SP, SP, 32);
    asm.jumpIf(0, failed);
    asm.immediate(word("add_immediate"), 1, SP, SP, 32);
    asm.emit(ret);
    asm.bind(failed);
    asm.unsigned(memoryWord("str_x_unsigned"), LR, SP, 3);
    asm.callSymbol(1);
  })).toBe("0:0 1:32 3:0 4:32 5:32*");
});
