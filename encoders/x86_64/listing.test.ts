import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Assembler } from "./assembler.ts";
import { fixupRelocationNames } from "./fixups.ts";
import { listRegion } from "./listing.ts";
import { CC_E, CC_NE, NO_REGISTER, RAX, RBX, RCX, RIP, RIP_GOT, RIP_LABEL, RSP } from "./registers.ts";
import { row } from "./table.ts";
import { allCases } from "./testing/cases.ts";
import { hasAs, hasObjdump, inTemporaryFolder, runTool } from "./testing/oracles.ts";

/** A function that uses every kind of reference. */
function sample(relaxable: boolean): Assembler {
  const asm = new Assembler();
  asm.beginRegion(relaxable);
  const [loop, far, out] = [asm.newLabel(), asm.newLabel(), asm.newLabel()];
  asm.ri(row("sub_rm64_i32"), RSP, 24);
  asm.jcc(CC_E, far);
  asm.align(16);
  asm.bind(loop);
  asm.rm(row("lea_r64_m"), RAX, RIP, 0, 0, 8);
  asm.rm(row("mov_r64_rm64"), RCX, RIP_GOT, 1, 0, 0);
  asm.mi(row("mov_m32_i32"), RIP, 0, 0, -4, 7);
  asm.m(row("call_rm64"), RIP_GOT, 2, 0, 0);
  asm.callSymbol(2);
  asm.riSymbol(row("mov_r32_i32"), RBX, 0, 0);
  asm.riSymbol(row("cmp_rm64_i32"), RBX, 0, 16);
  asm.riSymbol(row("movabs_r64_i64"), RBX, 0, -3);
  asm.miSymbol(row("mov_rm64_i32"), RSP, NO_REGISTER, 0, 8, 0, 0);
  asm.rm(row("movsd_x_m64"), 9, RIP_LABEL, out, 0, 0);
  asm.jcc(CC_NE, loop);
  asm.jump(out);
  asm.padding(140);
  asm.bind(far);
  asm.rr(row("add_r64_rm64"), RAX, RCX);
  asm.jump(loop);
  asm.bind(out);
  asm.ri(row("add_rm64_i32"), RSP, 24);
  asm.jumpSymbol(2);
  asm.jccSymbol(CC_E, 2);
  asm.op(row("ret"));
  asm.endRegion();
  return asm;
}

const symbols = ["table", "shared", "callee"];

function listing(asm: Assembler): string[] {
  return listRegion({
    bytes: asm.bytes, start: 0, end: asm.length, fixups: asm, labelPrefix: ".L",
    symbolName: (symbol) => symbols[symbol],
    nameAt: () => undefined,
  });
}

test("a function as text", () => {
  expect(listing(sample(true)).map((line) => line.trim()).filter((line) => !line.includes("nop"))).toEqual([
    "sub rsp, 24", "{disp32} je .L1", ".L0:", "lea rax, [rip+table+8]", "mov rcx, QWORD PTR [rip+shared@GOTPCREL]",
    "mov DWORD PTR [rip+table-4], 7", "call QWORD PTR [rip+callee@GOTPCREL]", "call callee", "mov ebx, OFFSET table",
    "cmp rbx, OFFSET table+16", "movabs rbx, OFFSET table-3", "mov QWORD PTR [rsp+8], OFFSET table",
    "movsd xmm9, QWORD PTR [rip+.L2]", "jne .L0", "{disp32} jmp .L2", ".L1:", "{load} add rax, rcx", "{disp32} jmp .L0", ".L2:",
    "add rsp, 24", "jmp callee", "je callee", "ret",
  ]);
});

test("what is no instruction becomes data with a remark", () => {
  const lines = listRegion({
    bytes: new Uint8Array([0x06, 0xc3, 0x48]), start: 0, end: 3, fixups: new Assembler(), labelPrefix: ".L",
    symbolName: () => "", nameAt: () => undefined, linesAt: (offset) => (offset === 0 ? ["main:"] : undefined),
  });
  expect(lines).toEqual(["main:", "\t.byte 6 # not an instruction", "\tret", "\t.byte 72 # not an instruction"]);
});

test("a branch to where a symbol stands goes to a label of its own", () => {
  const lines = listRegion({
    bytes: new Uint8Array([0x90, 0x90, 0xeb, 0xfd, 0xeb, 0x10]), start: 1, end: 6, fixups: new Assembler(), labelPrefix: ".L",
    symbolName: () => "", nameAt: (offset) => (offset === 1 ? "main" : offset === 22 ? "other" : undefined),
    linesAt: (offset) => (offset === 1 ? ["main:"] : undefined),
  });
  expect(lines).toEqual(["main:", ".L0:", "\tnop", "\tjmp .L0", "\tjmp other"]);
});

if (hasAs && hasObjdump) {
  test("`as` makes the same bytes and relocations of the text", () => {
    for (const relaxable of [false, true]) {
      const asm = sample(relaxable);
      const ours = Array.from({ length: asm.fixupCount }, (_, i) => {
        const addend = asm.fixupAddend(i);
        const tail = addend === 0 ? "" : `${addend < 0 ? "-" : "+"}0x${Math.abs(addend).toString(16).padStart(16, "0")}`;
        return `${asm.fixupAt(i).toString(16).padStart(16, "0")} ${fixupRelocationNames[asm.fixupKind(i)]} ${symbols[asm.fixupSymbol(i)]}${tail}`;
      });
      const { bytes, relocations } = assembled(listing(asm));
      expect(relocations).toEqual(ours);
      expect(bytes).toBe(asm.code().toHex());
    }
  });

  test("`as` makes the same bytes of a listing of every instruction", () => {
    const code = Uint8Array.fromHex(allCases(true).map((item) => item.hex).join(""));
    const lines = listRegion({
      bytes: code, start: 0, end: code.length, fixups: new Assembler(), labelPrefix: ".L", symbolName: () => "", nameAt: () => undefined,
    });
    expect(assembled(lines).bytes === code.toHex()).toBe(true);
  }, 30000);
}

function assembled(lines: readonly string[]): { bytes: string; relocations: string[] } {
  return inTemporaryFolder((folder) => {
    const [source, object, text] = [join(folder, "a.s"), join(folder, "a.o"), join(folder, "a.bin")];
    writeFileSync(source, `.intel_syntax noprefix\n${lines.join("\n")}\n`);
    runTool(["as", "--64", "-o", object, source]);
    runTool(["objcopy", "-O", "binary", "-j", ".text", object, text]);
    const relocations = runTool(["objdump", "-r", object]).split("\n").filter((line) => /^[0-9a-f]{16} /.test(line));
    return { bytes: readFileSync(text).toString("hex"), relocations: relocations.map((line) => line.replace(/ +/g, " ").trim()) };
  });
}
