/** Between the linker's neutral terms and ELF's: the only file here that knows both. */
import {
  FileType, Machine as ElfMachine, SectionFlag, SectionType, SymbolBinding, SymbolType as ElfSymbolType, SymbolVisibility,
} from "../../formats/elf/constants.ts";
import { SYMBOL_ABSOLUTE, SYMBOL_COMMON, SYMBOL_UNDEFINED } from "../../formats/elf/file.ts";
import type { ElfSymbols } from "../../formats/elf/file.ts";
import { placeExecutable } from "../../formats/elf/place.ts";
import { planExecutable, writeExecutable } from "../../formats/elf/writeExecutable.ts";
import type { ImageFormat, ImageSymbols } from "./image.ts";
import { ABSOLUTE, Binding, COMMON, SymbolType, UNDEFINED, Visibility } from "./object.ts";
import type { Machine, SectionKind } from "./object.ts";

export const elfMachine: Readonly<Record<Machine, number>> = { x86_64: ElfMachine.x86_64, arm64: ElfMachine.aarch64 };

/** By architecture: the largest page size a file must run with (x86_64: 4 KiB; arm64 kernels: up to 64 KiB). */
export const pageSize: Readonly<Record<Machine, number>> = { x86_64: 0x1000, arm64: 0x1_0000 };

export const elfSectionType: Readonly<Record<SectionKind, number>> = {
  text: SectionType.progbits, rodata: SectionType.progbits, relro: SectionType.progbits, data: SectionType.progbits, bss: SectionType.nobits,
  tls: SectionType.progbits, tlsZero: SectionType.nobits, info: SectionType.progbits,
};
export const elfSectionFlags: Readonly<Record<SectionKind, number>> = {
  text: SectionFlag.alloc | SectionFlag.execute,
  rodata: SectionFlag.alloc,
  relro: SectionFlag.alloc | SectionFlag.write,
  data: SectionFlag.alloc | SectionFlag.write,
  bss: SectionFlag.alloc | SectionFlag.write,
  tls: SectionFlag.alloc | SectionFlag.write | SectionFlag.tls,
  tlsZero: SectionFlag.alloc | SectionFlag.write | SectionFlag.tls,
  info: 0,
};

const bindings: readonly (readonly [Binding, number])[] = [
  [Binding.local, SymbolBinding.local], [Binding.global, SymbolBinding.global], [Binding.weak, SymbolBinding.weak],
];
const types: readonly (readonly [SymbolType, number])[] = [
  [SymbolType.none, ElfSymbolType.none], [SymbolType.object, ElfSymbolType.object], [SymbolType.function, ElfSymbolType.function],
  [SymbolType.section, ElfSymbolType.section], [SymbolType.file, ElfSymbolType.file], [SymbolType.threadLocal, ElfSymbolType.tls],
];
const elfBinding = new Uint8Array(bindings.map(([, elf]) => elf));
const elfType = new Uint8Array(types.map(([, elf]) => elf));

/** st_info */
export function elfInfo(binding: number, type: number): number {
  return (elfBinding[binding] << 4) | elfType[type];
}
/** st_other */
export function elfOther(visibility: number): number {
  return visibility === Visibility.hidden ? SymbolVisibility.hidden : SymbolVisibility.default;
}
/** Undefined for a binding that we don't know. */
export function bindingOf(info: number): Binding | undefined {
  return bindings.find(([, elf]) => elf === info >> 4)?.[0];
}
/** What we don't know is as good as no type, but for STT_GNU_IFUNC, which is undefined: calling its address would be wrong. */
export function typeOf(info: number): SymbolType | undefined {
  if ((info & 15) === ElfSymbolType.gnuIfunc) return undefined;
  if ((info & 15) === ElfSymbolType.common) return SymbolType.object;
  return types.find(([, elf]) => elf === (info & 15))?.[0] ?? SymbolType.none;
}
/** Section column: ours to ELF's, where it is no index. */
export function elfSpecialSection(section: number): number {
  return section === UNDEFINED ? SYMBOL_UNDEFINED : section === COMMON ? SYMBOL_COMMON : SYMBOL_ABSOLUTE;
}
/** And back. */
export function specialSection(section: number): number {
  return section === SYMBOL_UNDEFINED ? UNDEFINED : section === SYMBOL_COMMON ? COMMON : ABSOLUTE;
}

/** ELF executables, ET_EXEC. */
export const elfExecutable: ImageFormat = {
  base: 0x400000,
  relocatable: false,
  place(outputs, options) {
    const sections = outputs.map((s) => ({
      name: s.name, type: elfSectionType[s.kind], flags: elfSectionFlags[s.kind], alignment: s.alignment, size: s.size, entrySize: 0,
    }));
    const placement = placeExecutable(sections, { base: options.base, pageSize: pageSize[options.machine], compact: options.compact });
    return {
      address: placement.address,
      offset: placement.offset,
      end: placement.end,
      threadPointer: placement.threadBlock.address + placement.threadBlock.size,
      finish(entry, symbols) {
        const plan = planExecutable({
          type: FileType.executable, machine: elfMachine[options.machine], entry, sections, placement, symbols: symbols === undefined ? undefined : imageSymbols(symbols),
        });
        return { size: plan.size, write: (file) => writeExecutable(plan, file) };
      },
    };
  },
};

/** The linker's symbols in ELF's terms: .symtab's columns. */
export function imageSymbols(symbols: ImageSymbols): ElfSymbols {
  const { count, names, binding, type, visibility, address, size, section } = symbols;
  const info = new Uint8Array(count);
  const other = new Uint8Array(count);
  const elfSection = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    info[i] = elfInfo(binding[i], type[i]);
    other[i] = elfOther(visibility[i]);
    elfSection[i] = section[i] < 0 ? elfSpecialSection(section[i]) : section[i];
  }
  return { count, names, info, other, section: elfSection, value: address, size };
}
