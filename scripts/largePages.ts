/**
 * Lets the heap of an executable that Bun made for Linux use large pages. A small build touches some ten megabytes once: as pages of 4 KiB those are 2,600 faults,
 * a tenth of its time. The allocator in Bun's runtime (mimalloc) asks for large pages where its option `allow_thp` is set, which it takes from the environment
 * alone; the executable carries that option's default as data, and there it is set.
 */

import { SegmentType } from "../formats/elf/constants.ts";
import type { ElfFile } from "../formats/elf/file.ts";
import { readElf } from "../formats/elf/read.ts";
import { layout } from "../formats/layout.ts";

/** mi_option_desc_t of mimalloc, src/options.c. */
const Option = layout(32, {
  /** As long as the environment doesn't say otherwise. */
  value: [0, "i64"],
  /** 0: the environment was not asked yet. */
  init: [8, "u32"],
  option: [12, "u32"],
  name: [16, "u64"],
});

const optionName = "allow_thp";

/** What came of it: large pages, or why the runtime has no such option, in a form that is known here. */
export type LargePages = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Sets the option in `executable`, the bytes of an ELF file, which change only if all is as expected. */
export function allowLargePages(executable: Uint8Array): LargePages {
  const read = readElf(executable);
  if (!read.ok) return { ok: false, problem: `${read.error.field}: ${read.error.problem}` };
  const bytes = Buffer.from(executable.buffer, executable.byteOffset, executable.byteLength);
  const name = addressOf(read.file, bytes.indexOf(`\0${optionName}\0`) + 1);
  if (name === undefined) return { ok: false, problem: `its allocator has no option ${optionName}` };
  const pointer = Buffer.alloc(8);
  pointer.writeBigUInt64LE(BigInt(name));
  const pointerAt = bytes.indexOf(pointer);
  const at = pointerAt - Option.fields.name[0];
  // A position-independent runtime holds no addresses before it is loaded; and two places would leave open which is the table.
  if (at < 0 || bytes.indexOf(pointer, pointerAt + 1) >= 0) return { ok: false, problem: `${at < 0 ? "no table names" : "more than one place names"} ${optionName}` };
  const option = Option.read(bytes, at);
  if (option.init !== 0 || option.value > 1) return { ok: false, problem: `the table that names ${optionName} has another form` };
  Option.write(bytes, at, { ...option, value: 1 });
  return { ok: true };
}

/** The address at which the byte at `offset` of the file is loaded, if it is. */
export function addressOf(file: ElfFile, offset: number): number | undefined {
  const segment = file.segments.find(({ type, fileSize, offset: from }) => type === SegmentType.load && offset >= from && offset < from + fileSize);
  return offset === 0 || segment === undefined ? undefined : segment.address + offset - segment.offset;
}
