import { expect, test } from "bun:test";
import { Assembler } from "./assembler.ts";
import { disassemble } from "./disassembler.ts";
import {
  FIXUP_ABS32, FIXUP_ABS32S, FIXUP_ABS64, FIXUP_GOTPCREL, FIXUP_GOTPCRELX, FIXUP_PC32, FIXUP_PLT32, FIXUP_REX_GOTPCRELX,
} from "./fixups.ts";
import { CC_E, CC_NE, DISP32, NO_REGISTER, R12, RAX, RBP, RBX, RCX, RDX, RIP, RIP_GOT, RIP_LABEL, RSI, RSP } from "./registers.ts";
import { row } from "./table.ts";

/** The text of what `write` assembles, one instruction a line. */
function text(write: (asm: Assembler) => void): string[] {
  const asm = new Assembler(16);
  write(asm);
  return lines(asm);
}

function lines(asm: Assembler): string[] {
  const found: string[] = [];
  for (let at = 0; at < asm.length; ) {
    const read = disassemble(asm.bytes, at, asm.length);
    found.push(read.text);
    at += read.length;
  }
  return found;
}

function hex(write: (asm: Assembler) => void): string {
  const asm = new Assembler(16);
  write(asm);
  return asm.code().toHex();
}

test("immediates take the row that `as` would take", () => {
  const add = row("add_rm64_i32");
  expect(hex((asm) => asm.ri(add, RCX, 5))).toBe("4883c105");
  expect(hex((asm) => asm.ri(add, RCX, 500))).toBe("4881c1f4010000");
  expect(hex((asm) => asm.ri(add, RAX, 500))).toBe("4805f4010000");
  expect(hex((asm) => asm.ri(row("add_rm32_i32"), RBX, 0xffffffff))).toBe("83c3ff");
  expect(hex((asm) => asm.ri(row("add_rm16_i16"), RBX, 0xffff))).toBe("6683c3ff");
  expect(hex((asm) => asm.i(row("add_rax_i32"), 5))).toBe("4883c005");
  expect(hex((asm) => asm.ri(row("shl_rm64_u8"), RBX, 1))).toBe("48d1e3");
  expect(hex((asm) => asm.mi(row("sar_rm32_u8"), RBX, NO_REGISTER, 0, 0, 1))).toBe("d13b");
  expect(hex((asm) => asm.rri(row("imul_r64_rm64_i32"), RBX, RCX, 10))).toBe("486bd90a");
  expect(hex((asm) => asm.i(row("push_i32"), -1))).toBe("6aff");
});

test("exchanges with the accumulator take one byte, but never become a nop", () => {
  const exchange = row("xchg_rm64_r64");
  expect(hex((asm) => asm.rr(exchange, RAX, RCX))).toBe("4891");
  expect(hex((asm) => asm.rr(exchange, RCX, RAX))).toBe("4891");
  expect(hex((asm) => asm.rr(row("xchg_rm32_r32"), RAX, RAX))).toBe("87c0");
  expect(hex((asm) => asm.r(row("xchg_ax_r16"), RAX))).toBe("6690");
  expect(() => text((asm) => asm.r(row("xchg_eax_r32"), RAX))).toThrow("cannot stand here");
});

test("an index alone with scale 1 becomes the base", () => {
  expect(text((asm) => asm.rm(row("mov_r64_rm64"), RAX, NO_REGISTER, RCX, 0, 8))).toEqual(["mov rax, QWORD PTR [rcx+8]"]);
});

test("wrong operands throw and name the row", () => {
  const asm = new Assembler();
  const rejected: readonly (readonly [string, () => void])[] = [
    ["immediate 128 is out of range", () => asm.ri(row("add_rm64_i8"), RAX, 128)],
    ["immediate -129 is out of range", () => asm.ri(row("add_rm64_i8"), RAX, -129)],
    ["immediate 256 is out of range", () => asm.ri(row("shl_rm64_u8"), RAX, 256)],
    ["immediate -1 is out of range", () => asm.ri(row("shl_rm64_u8"), RAX, -1)],
    ["immediate 2147483648 is out of range", () => asm.ri(row("add_rm64_i32"), RAX, 0x80000000)],
    ["immediate 4294967296 is out of range", () => asm.ri(row("add_rm32_i32"), RBX, 0x100000000)],
    ["immediate 65536 is out of range", () => asm.ri(row("add_rm16_i16"), RBX, 65536)],
    ["immediate 300 is out of range", () => asm.mi(row("mov_m8_i8"), RAX, NO_REGISTER, 0, 0, 300)],
    ["immediate 1.5 is out of range", () => asm.ri(row("mov_r32_i32"), RBX, 1.5)],
    ["add_rm64_r64: register 16", () => asm.rr(row("add_rm64_r64"), 16, 0)],
    ["add_rm64_r64: register -1", () => asm.rr(row("add_rm64_r64"), -1, 0)],
    ["register 0 or 4 cannot stand here", () => asm.rm(row("mov_r64_rm64"), RAX, RAX, RSP, 0, 0)],
    ["register 16 or -1 cannot stand here", () => asm.rm(row("mov_r64_rm64"), RAX, 16, NO_REGISTER, 0, 0)],
    ["add_rm64_r64 has no such form", () => asm.rm(row("add_rm64_r64"), RAX, RBX, NO_REGISTER, 0, 0)],
    ["lea_r64_m has no such form", () => asm.rr(row("lea_r64_m"), RAX, RBX)],
    ["ret has no such form", () => asm.r(row("ret"), RAX)],
    ["movabs_r64_i64 has no such form", () => asm.ri(row("movabs_r64_i64"), RAX, 5)],
  ];
  for (const [message, action] of rejected) {
    const before = asm.length;
    expect(action).toThrow(message);
    expect(asm.length).toBe(before);
  }
});

/** The fixups as `offset kind symbol addend`. */
function fixups(asm: Assembler): string[] {
  return Array.from({ length: asm.fixupCount }, (_, i) =>
    `${asm.fixupAt(i)} ${asm.fixupKind(i)} ${asm.fixupSymbol(i)} ${asm.fixupAddend(i)}`);
}

test("symbols leave fixups with the addends that ELF wants", () => {
  const asm = new Assembler();
  asm.rm(row("lea_r64_m"), RAX, RIP, 7, 0, 8); // field at 3, nothing after
  asm.mi(row("mov_m32_i32"), RIP, 7, 0, 0, 5); // field at 9, four bytes after
  asm.rm(row("mov_r64_rm64"), RAX, RIP_GOT, 7, 0, 0); // 17, with REX
  asm.m(row("call_rm64"), RIP_GOT, 7, 0, 0); // 23, without
  asm.rm(row("imul_r64_rm64"), RAX, RIP_GOT, 7, 0, 0); // 27+4, no instruction a linker may rewrite
  asm.callSymbol(9);
  asm.riSymbol(row("mov_r32_i32"), RAX, 1, 2);
  asm.riSymbol(row("mov_rm64_i32"), RAX, 1, -2);
  asm.riSymbol(row("movabs_r64_i64"), RAX, 1, 0);
  asm.riSymbol(row("cmp_rm64_i32"), RAX, 1, 0);
  asm.miSymbol(row("mov_rm64_i32"), RIP, 3, 0, 4, 1, 0);
  expect(fixups(asm)).toEqual([
    `3 ${FIXUP_PC32} 7 4`, `9 ${FIXUP_PC32} 7 -8`, `20 ${FIXUP_REX_GOTPCRELX} 7 -4`, `26 ${FIXUP_GOTPCRELX} 7 -4`,
    `34 ${FIXUP_GOTPCREL} 7 -4`, `39 ${FIXUP_PLT32} 9 -4`, `44 ${FIXUP_ABS32} 1 2`, `51 ${FIXUP_ABS32S} 1 -2`, `57 ${FIXUP_ABS64} 1 0`,
    `67 ${FIXUP_ABS32S} 1 0`, `74 ${FIXUP_PC32} 3 -4`, `78 ${FIXUP_ABS32S} 1 0`,
  ]);
});

test("without relaxation, forward branches are long and near backward ones short", () => {
  const asm = new Assembler();
  asm.beginRegion(false);
  const start = asm.newLabel();
  const end = asm.newLabel();
  asm.bind(start);
  asm.jcc(CC_E, end);
  asm.jump(start);
  asm.call(start);
  asm.rm(row("lea_r64_m"), RAX, RIP_LABEL, end, 0, 0);
  asm.bind(end);
  asm.op(row("ret"));
  asm.endRegion();
  expect(lines(asm)).toEqual(["{disp32} je .+20", "{disp8} jmp .-6", "call .-8", "lea rax, [rip]", "ret"]);
});

test("an unbound label, or one bound twice, is a bug that is named", () => {
  const asm = new Assembler();
  asm.beginRegion(true);
  const label = asm.newLabel();
  asm.jump(label);
  expect(() => asm.endRegion()).toThrow("label 0 is not bound");
  asm.bind(label);
  expect(() => asm.bind(label)).toThrow("bound twice");
});

test("relaxation shortens branches and moves labels, fixups and marks", () => {
  const asm = new Assembler();
  asm.op(row("ret"));
  asm.beginRegion(true);
  const [middle, end] = [asm.newLabel(), asm.newLabel()];
  asm.jump(middle);
  asm.mark(1, 10);
  asm.callSymbol(5);
  asm.bind(middle);
  asm.mark(1, 11);
  asm.jcc(CC_NE, end);
  asm.mark(2, 12);
  asm.callSymbol(6);
  asm.jump(middle);
  asm.bind(end);
  asm.mark(1, 13);
  asm.endRegion();
  expect(lines(asm)).toEqual(["ret", "{disp8} jmp .+7", "call .+5", "{disp8} jne .+9", "call .+5", "{disp8} jmp .-7"]);
  expect([asm.labelOffset(middle), asm.labelOffset(end)]).toEqual([8, 17]);
  expect(fixups(asm)).toEqual([`4 ${FIXUP_PLT32} 5 -4`, `11 ${FIXUP_PLT32} 6 -4`]);
  expect(Array.from({ length: asm.markCount }, (_, i) => [asm.markAt(i), asm.markKind(i), asm.markValue(i)])).toEqual([
    [3, 1, 10], [8, 1, 11], [10, 2, 12], [17, 1, 13],
  ]);
});

test("a branch that is too far stays long, by one byte", () => {
  for (const [count, size] of [[127, 2], [128, 6]] as const) {
    const asm = new Assembler();
    asm.beginRegion(true);
    const end = asm.newLabel();
    asm.jcc(CC_E, end);
    asm.padding(count);
    asm.bind(end);
    asm.endRegion();
    expect(asm.length).toBe(count + size);
  }
  for (const [count, size] of [[126, 2], [127, 5]] as const) {
    const asm = new Assembler();
    asm.beginRegion(true);
    const start = asm.newLabel();
    asm.bind(start);
    asm.padding(count);
    asm.jump(start);
    asm.endRegion();
    expect(asm.length).toBe(count + size);
  }
});

test("alignment holds after branches before it have shrunk", () => {
  const asm = new Assembler();
  asm.beginRegion(true);
  const [loop, end] = [asm.newLabel(), asm.newLabel()];
  asm.align(16);
  asm.jump(end);
  asm.op(row("ret"));
  asm.align(16);
  asm.bind(loop);
  asm.rr(row("mov_r64_rm64"), RAX, RCX);
  asm.jcc(CC_NE, loop);
  asm.bind(end);
  asm.op(row("ret"));
  asm.endRegion();
  expect(asm.labelOffset(loop)).toBe(16);
  expect(lines(asm)).toEqual([
    "{disp8} jmp .+21", "ret", "{disp32} nop WORD PTR [rax+rax*1]", "{disp8} nop DWORD PTR [rax]",
    "{load} mov rax, rcx", "{disp8} jne .-3", "ret",
  ]);
});

test("padding of every length is whole instructions", () => {
  for (let count = 0; count < 40; count++) {
    const asm = new Assembler(16);
    asm.padding(count);
    expect(asm.length).toBe(count);
    expect(lines(asm).filter((line) => !/nop|xchg ax, ax/.test(line))).toEqual([]);
  }
});

test("relaxed random regions jump where unrelaxed ones do", () => {
  let seed = 12345;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 40; round++) {
    const blocks = 2 + random(60);
    const plan = Array.from({ length: blocks }, () => [random(40), random(blocks), random(3), random(8)]);
    const write = (relaxable: boolean): number[][] => {
      const asm = new Assembler(64);
      asm.beginRegion(relaxable);
      const first = asm.newLabels(blocks);
      plan.forEach(([filler, target, kind, align], block) => {
        if (align === 0) asm.align(16);
        asm.bind((first + block) as typeof first);
        asm.mark(1, block);
        for (let i = 0; i < filler; i++) asm.ri(row("mov_r32_i32"), RSI, block);
        if (kind === 0) asm.jump((first + target) as typeof first);
        else if (kind === 1) asm.jcc(CC_E, (first + target) as typeof first);
        else asm.rm(row("lea_r64_m"), RDX, RIP_LABEL, first + target, 0, 0);
      });
      asm.endRegion();
      // Where each branch leads, as the number of the block whose mark stands there.
      const blockAt = new Map<number, number>();
      for (let i = asm.markCount - 1; i >= 0; i--) blockAt.set(asm.markAt(i), asm.markValue(i));
      const starts = Array.from({ length: blocks }, (_, i) => asm.labelOffset((first + i) as typeof first));
      const found: number[][] = [];
      for (let at = 0; at < asm.length; ) {
        const read = disassemble(asm.bytes, at, asm.length);
        expect(read.error).toBeUndefined();
        const branch = /^(?:\{\w+\} )?j\w+ \.([+-]\w+)?$/.exec(read.text);
        const lea = /^lea rdx, \[rip([+-]\w+)?\]$/.exec(read.text);
        const distance = branch !== null ? at + signed(branch[1]) : lea !== null ? at + read.length + signed(lea[1]) : -1;
        if (branch !== null || lea !== null) found.push([starts.indexOf(distance), blockAt.has(distance) ? 1 : 0]);
        at += read.length;
      }
      return found;
    };
    const relaxed = write(true);
    expect(relaxed).toEqual(write(false));
    expect(relaxed.length).toBe(blocks);
    expect(relaxed.every(([start, marked]) => start >= 0 && marked === 1)).toBe(true);
  }
});

function signed(text: string | undefined): number {
  if (text === undefined) return 0;
  return text[0] === "-" ? -Number(text.slice(1)) : Number(text.slice(1));
}

test("a displacement may be forced, and comes back forced", () => {
  expect(text((asm) => asm.rm(row("mov_r64_rm64"), RAX, R12, NO_REGISTER, DISP32, 8))).toEqual(["{disp32} mov rax, QWORD PTR [r12+8]"]);
  expect(text((asm) => asm.rm(row("mov_r64_rm64"), RAX, RBP, NO_REGISTER, 0, 0))).toEqual(["mov rax, QWORD PTR [rbp]"]);
});
