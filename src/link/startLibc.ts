/** The start of a program with a C library: what crt1.o is elsewhere. The library's start function calls ours as C's `main`. */

import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import type { Machine, ObjectFile } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";

/** Where the loader enters the program. */
export const libcStart = "lang.start.libc";

interface Start {
  readonly bytes: readonly number[];
  readonly main: readonly (readonly [at: number, kind: RelocationKind, addend: number])[];
  readonly call: readonly [at: number, kind: RelocationKind, addend: number];
}

/** __libc_start_main(main, argc, argv, init, fini, rtld_fini, stack_end), the last two from the loader; init and fini are nobody's. */
const starts: Readonly<Record<Machine, Start>> = {
  // xor ebp, ebp; mov r9, rdx; pop rsi; mov rdx, rsp; and rsp, -16; push rax; push rsp; xor r8d, r8d; xor ecx, ecx; lea rdi, main; call; ud2
  x86_64: {
    bytes: [0x31, 0xed, 0x49, 0x89, 0xd1, 0x5e, 0x48, 0x89, 0xe2, 0x48, 0x83, 0xe4, 0xf0, 0x50, 0x54, 0x45, 0x31, 0xc0, 0x31, 0xc9, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0x0f, 0x0b],
    main: [[23, RelocationKind.pc32, -4]],
    call: [28, RelocationKind.call32, -4],
  },
  // mov x29, 0; mov x30, 0; mov x5, x0; ldr x1, [sp]; add x2, sp, 8; mov x6, sp; mov x3, 0; mov x4, 0; adrp x0, main; add x0, x0, main; bl; udf
  arm64: {
    bytes: [
      0x1d, 0x00, 0x80, 0xd2, 0x1e, 0x00, 0x80, 0xd2, 0xe5, 0x03, 0x00, 0xaa, 0xe1, 0x03, 0x40, 0xf9, 0xe2, 0x23, 0x00, 0x91, 0xe6, 0x03, 0x00, 0x91,
      0x03, 0x00, 0x80, 0xd2, 0x04, 0x00, 0x80, 0xd2, 0x00, 0x00, 0x00, 0x90, 0x00, 0x00, 0x00, 0x91, 0x00, 0x00, 0x00, 0x94, 0, 0, 0, 0,
    ],
    main: [[32, RelocationKind.arm64Page21, 0], [36, RelocationKind.arm64Add12, 0]],
    call: [40, RelocationKind.arm64Call26, 0],
  },
};

/** The object with the start, which calls `main`. */
export function startObject(machine: Machine, main: string): ObjectFile {
  const { bytes, main: fields, call: [at, kind, addend] } = starts[machine];
  const builder = new ObjectBuilder("start", machine);
  const text = builder.section("text", ".text.start", 16, { atoms: true });
  builder.append(text, Uint8Array.from(bytes));
  builder.define(builder.symbol(libcStart, Binding.global, SymbolType.function), text, 0, bytes.length);
  const target = builder.symbol(main, Binding.global, SymbolType.function);
  for (const [offset, field, more] of fields) builder.relocate(text, offset, field, target, more);
  builder.relocate(text, at, kind, builder.symbol("__libc_start_main", Binding.global, SymbolType.function), addend);
  return builder.finish();
}
