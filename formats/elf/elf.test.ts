import { describe, expect, test } from "bun:test";
import { FileType, Machine, SectionFlag, SectionType, SegmentType, SymbolBinding, SymbolType } from "./constants.ts";
import { SYMBOL_ABSOLUTE, SYMBOL_COMMON, SYMBOL_UNDEFINED } from "./file.ts";
import type { ElfFile, ElfSection, ElfSymbols } from "./file.ts";
import { SectionHeader } from "./layouts.ts";
import { placeExecutable } from "./place.ts";
import { readElf } from "./read.ts";
import { verifyExecutable } from "./verify.ts";
import { planExecutable, writeExecutable } from "./writeExecutable.ts";
import { writeRelocatable } from "./writeRelocatable.ts";

function section(name: string, type: number, flags: number, alignment: number, content: readonly number[], more: Partial<ElfSection> = {}): ElfSection {
  return { name, type, flags, address: 0, alignment, entrySize: 0, size: content.length, content: Uint8Array.from(content), relocations: undefined, ...more };
}

function symbols(rows: readonly (readonly [name: string, binding: number, type: number, section: number, value: number, size: number])[]): ElfSymbols {
  return {
    count: rows.length, names: rows.map((r) => r[0]), info: Uint8Array.from(rows, (r) => (r[1] << 4) | r[2]), other: new Uint8Array(rows.length),
    section: Int32Array.from(rows, (r) => r[3]), value: Float64Array.from(rows, (r) => r[4]), size: Float64Array.from(rows, (r) => r[5]),
  };
}

const { local, global, weak } = SymbolBinding;
const { none, object, function: func, section: sectionType } = SymbolType;

const relocatable = {
  machine: Machine.x86_64,
  sections: [
    section(".text", SectionType.progbits, SectionFlag.alloc | SectionFlag.execute, 16, [0xe8, 0, 0, 0, 0, 0xc3], {
      relocations: { count: 2, offset: Uint32Array.of(1, 1), type: Uint16Array.of(4, 2), symbol: Int32Array.of(0, 3), addend: Int32Array.of(-4, 0x7fffffff) },
    }),
    section(".data", SectionType.progbits, SectionFlag.alloc | SectionFlag.write, 8, [1, 2, 3, 4, 5, 6, 7, 8, 9], {
      relocations: { count: 1, offset: Uint32Array.of(0), type: Uint16Array.of(1), symbol: Int32Array.of(1), addend: Int32Array.of(-0x80000000) },
    }),
    section(".bss", SectionType.nobits, SectionFlag.alloc | SectionFlag.write, 64, [], { size: 1000 }),
    section(".rodata.str1.1", SectionType.progbits, SectionFlag.alloc | SectionFlag.merge | SectionFlag.strings, 1, [104, 105, 0], { entrySize: 1 }),
  ],
  symbols: symbols([
    ["f", global, func, 0, 0, 6], ["µ", local, object, 1, 0, 9], ["absolute", global, none, SYMBOL_ABSOLUTE, 0x1_0000_0005, 0],
    ["outside", weak, none, SYMBOL_UNDEFINED, 0, 0], ["common", global, object, SYMBOL_COMMON, 16, 40], [".data", local, sectionType, 1, 0, 0],
  ]),
};

function must(bytes: Uint8Array): ElfFile {
  const read = readElf(bytes);
  if (!read.ok) throw new Error(`${read.error.field} at ${read.error.offset}: ${read.error.problem}`);
  return read.file;
}

/** What a symbol says, whatever its index. */
function describeSymbols({ count, names, info, section: where, value, size }: ElfSymbols): string[] {
  return Array.from({ length: count }, (_, i) => [names[i], info[i], where[i], value[i], size[i]].join(" ")).sort();
}

describe("relocatable objects", () => {
  const bytes = writeRelocatable(relocatable);
  const file = must(bytes);

  test("sections come back", () => {
    expect(file.type).toBe(FileType.relocatable);
    expect(file.machine).toBe(Machine.x86_64);
    expect(file.sections.map((s) => ({ ...s, relocations: undefined }))).toEqual(relocatable.sections.map((s) => ({ ...s, relocations: undefined })));
  });

  test("symbols come back, local ones first", () => {
    expect(describeSymbols(file.symbols)).toEqual(describeSymbols(relocatable.symbols));
    expect([...file.symbols.info.subarray(0, 6)].map((info) => info >> 4)).toEqual([local, local, global, global, weak, global]);
  });

  test("relocations come back, by symbol", () => {
    const said = (f: { sections: readonly ElfSection[]; symbols: ElfSymbols }): string[] =>
      f.sections.flatMap(({ name, relocations: r }) =>
        r === undefined ? [] : Array.from({ length: r.count }, (_, i) => [name, r.offset[i], r.type[i], f.symbols.names[r.symbol[i]], r.addend[i]].join(" ")));
    expect(said(file)).toEqual(said(relocatable));
  });
});

describe("placing", () => {
  const rx = { type: SectionType.progbits, flags: SectionFlag.alloc | SectionFlag.execute, alignment: 16 };
  const ro = { type: SectionType.progbits, flags: SectionFlag.alloc, alignment: 8 };
  const rw = { type: SectionType.progbits, flags: SectionFlag.alloc | SectionFlag.write, alignment: 8 };
  const zero = { type: SectionType.nobits, flags: SectionFlag.alloc | SectionFlag.write, alignment: 4096 };
  const tls = { type: SectionType.progbits, flags: SectionFlag.alloc | SectionFlag.write | SectionFlag.tls, alignment: 32 };
  const tlsZero = { ...tls, type: SectionType.nobits };
  const info = { type: SectionType.progbits, flags: 0, alignment: 1 };

  test.each([
    ["everything", [{ ...ro, size: 100 }, { ...rx, size: 5000 }, { ...tls, size: 4 }, { ...tlsZero, size: 100 }, { ...rw, size: 9 }, { ...zero, size: 70000 }, { ...info, size: 33 }]],
    ["no data", [{ ...ro, size: 1 }, { ...rx, size: 1 }]],
    ["bss without data", [{ ...rx, size: 1 }, { ...zero, size: 1 }]],
    ["data first", [{ ...rw, size: 100_000 }]],
    ["data that becomes read-only", [{ ...ro, size: 100 }, { ...rx, size: 5000 }, { ...rw, size: 70, readOnlyAfter: true }, { ...rw, size: 9 }, { ...zero, size: 70000 }]],
    ["nothing but data that becomes read-only", [{ ...rx, size: 3 }, { ...rw, size: 5000, readOnlyAfter: true }]],
    ["large alignment", [{ ...ro, size: 3, alignment: 65536 }, { ...rx, size: 5, alignment: 8192 }, { ...rw, size: 5, alignment: 32768 }]],
  ])("%s: segments keep every promise", (_, sections) => {
    for (const compact of [false, true]) {
      for (const pageSize of [0x1000, 0x10000]) {
        const placement = placeExecutable(sections, { base: 0x400000, pageSize, compact });
        const named = sections.map((s, i) => ({ ...s, name: `.s${i}`, entrySize: 0 }));
        const code = sections.findIndex((s) => (s.flags & SectionFlag.execute) !== 0);
        const plan = planExecutable({
          type: FileType.executable, machine: Machine.x86_64, entry: code < 0 ? 0x400000 : placement.address[code], sections: named, placement, symbols: symbols([["f", global, func, Math.max(code, 0), 5, 1]]),
        });
        const bytes = new Uint8Array(plan.size);
        writeExecutable(plan, bytes);
        const problems = verifyExecutable(must(bytes)).filter((p) => code >= 0 || !p.startsWith("the entry"));
        expect(problems).toEqual([]);
        expect(placement.segments.some((s) => s.type === SegmentType.gnuRelro)).toBe(sections.some((s) => "readOnlyAfter" in s));
        if (compact) expect(placement.segments.filter((s) => s.type === 1).length).toBeLessThanOrEqual(sections.some((s) => "readOnlyAfter" in s) ? 3 : 2);
      }
    }
  });

  test("the thread-local block ends at its alignment", () => {
    const placement = placeExecutable([{ ...tls, size: 4 }, { ...tlsZero, size: 100 }, { ...rw, size: 8 }], { base: 0x400000, pageSize: 4096, compact: false });
    expect(placement.threadBlock).toEqual({ address: placement.address[0], size: 160 });
    // .tbss takes no room: the data follows .tdata
    expect(placement.address[2]).toBe(placement.address[0] + 8);
  });
});

describe("damaged files", () => {
  const good = writeRelocatable(relocatable);

  test.each([
    ["no ELF file", (b: Uint8Array) => { b[0] = 0; }, "e_ident"],
    ["32 bits", (b: Uint8Array) => { b[4] = 1; }, "EI_CLASS"],
    ["big-endian", (b: Uint8Array) => { b[5] = 2; }, "EI_DATA"],
    ["a core file", (b: Uint8Array) => { b[16] = 4; }, "e_type"],
    ["section headers outside", (b: Uint8Array) => { b[46] = 1; }, "e_shoff"],
    ["too many section headers", (b: Uint8Array) => { b[61] = 200; }, "e_shnum"],
    ["section headers of another size", (b: Uint8Array) => { b[58] = 40; }, "e_shentsize"],
    ["no name table", (b: Uint8Array) => { b[62] = 1; }, "e_shstrndx"],
    ["a section outside", header(1, 24 + 5, 1), "sh_offset"],
    ["an alignment that is none", header(1, 48, 24), "sh_addralign"],
    ["a symbol's section", symbol(1, 6, 77), "st_shndx"],
    ["a symbol's name", symbol(1, 1, 77), "st_name"],
    ["a relocation's place", rela(0, 0, 6), "r_offset"],
    ["a relocation's symbol", rela(0, 12, 99), "r_info"],
    ["a relocation's addend", rela(0, 20, 1), "r_addend"],
  ])("%s", (_, damage, field) => {
    const bytes = good.slice();
    damage(bytes);
    const read = readElf(bytes);
    expect(read.ok ? "no error" : read.error.field).toBe(field);
  });

  function headerAt(index: number): number {
    return new DataView(good.buffer).getUint32(40, true) + index * SectionHeader.size;
  }
  function header(index: number, at: number, value: number): (b: Uint8Array) => void {
    return (b) => { b[headerAt(index) + at] = value; };
  }
  /** `at` and `value` within entry `index` of the first section of type `type`. */
  function entry(type: number, size: number, index: number, at: number, value: number): (b: Uint8Array) => void {
    return (b) => {
      for (let i = 1; ; i++) {
        const h = SectionHeader.read(b, headerAt(i));
        if (h.sh_type === type) { b[h.sh_offset + index * size + at] = value; return; }
      }
    };
  }
  function symbol(index: number, at: number, value: number): (b: Uint8Array) => void {
    return entry(SectionType.symtab, 24, index, at, value);
  }
  function rela(index: number, at: number, value: number): (b: Uint8Array) => void {
    return entry(SectionType.rela, 24, index, at, value);
  }

  test("every truncation is an error, or a file without what was cut off", () => {
    for (let length = 0; length < good.length; length++) {
      const read = readElf(good.subarray(0, length));
      expect(read.ok ? `${length} bytes were accepted` : "").toBe("");
    }
  });

  test("random damage never throws (seed 1)", () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 0x1_0000_0000) * below);
    };
    const counts = { ok: 0, error: 0 };
    for (let round = 0; round < 5000; round++) {
      const bytes = good.slice();
      for (let i = random(8) + 1; i > 0; i--) bytes[random(bytes.length)] = [0, 1, 0xff, 0x7f, random(256)][random(5)];
      counts[readElf(bytes).ok ? "ok" : "error"]++;
    }
    expect(counts.error).toBeGreaterThan(500);
    expect(counts.ok).toBeGreaterThan(500);
  });
});

test("what becomes read-only is held to whole pages that can be written to before", () => {
  const load = { type: SegmentType.load, offset: 0, fileSize: 0x2000, memorySize: 0x2000, alignment: 0x1000 };
  const relro = { type: SegmentType.gnuRelro, flags: 4, offset: 0, address: 0x1000, fileSize: 0x1000, memorySize: 0x1000, alignment: 1 };
  const problems = (flags: number, segment: typeof relro): string[] =>
    verifyExecutable({ ...must(writeRelocatable(relocatable)), segments: [{ ...load, address: 0, flags }, segment], sections: [] }).filter((p) => p.includes("RELRO"));
  expect(problems(6, relro)).toEqual([]);
  expect(problems(4, relro)).toEqual(["what becomes read-only (PT_GNU_RELRO) cannot be written to before"]);
  expect(problems(6, { ...relro, memorySize: 0xff0 })).toEqual(["what becomes read-only (PT_GNU_RELRO) ends within a page"]);
  expect(problems(6, { ...relro, memorySize: 0x3000 })).toEqual(["what becomes read-only (PT_GNU_RELRO) is in no segment"]);
});
