/** What an architecture's machine code needs of us in LLVM text: the process entry and the system call, as inline assembly. */

import type { Platform } from "../platform.ts";
import type { Target } from "../target.ts";

export interface LlvmPlatform {
  /** Assembly from the entry to a call of `lang.enter`, whose argument is the kernel's block of arguments. */
  readonly entry: Readonly<Record<"stack" | "main" | "argv", readonly string[]>>;
  readonly systemCall: { readonly instruction: string; readonly result: string; readonly registers: readonly string[]; readonly clobbers: readonly string[] };
  /** Features that LLVM calls otherwise. */
  readonly featureNames: Readonly<Record<string, string>>;
}

const x86_64: LlvmPlatform = {
  // psABI 3.4.1: the stack pointer is the argument, then it is aligned.
  entry: {
    stack: ["xorl %ebp, %ebp", "movq %rsp, %rdi", "andq $-16, %rsp", "callq lang.enter", "ud2"],
    // argv lies behind argc in the kernel's block.
    argv: ["xorl %ebp, %ebp", "leaq -8(%rsi), %rdi", "andq $-16, %rsp", "callq lang.enter", "ud2"],
    main: ["xorl %ebp, %ebp", "pushq %rdx", "pushq %rsi", "pushq %rdi", "movq %rsp, %rdi", "andq $-16, %rsp", "callq lang.enter", "ud2"],
  },
  systemCall: { instruction: "syscall", result: "rax", registers: ["rax", "rdi", "rsi", "rdx", "r10", "r8", "r9"], clobbers: ["rcx", "r11", "memory", "dirflag", "fpsr", "flags"] },
  featureNames: { sse41: "sse4.1", bmi1: "bmi" },
};

const arm64: LlvmPlatform = {
  // The kernel's stack pointer is aligned already.
  entry: {
    stack: ["mov x29, #0", "mov x30, #0", "mov x0, sp", "bl lang.enter", "brk #1"],
    argv: ["mov x29, #0", "mov x30, #0", "sub x0, x1, #8", "bl lang.enter", "brk #1"],
    main: ["mov x29, #0", "mov x30, #0", "stp x2, xzr, [sp, #-16]!", "stp x0, x1, [sp, #-16]!", "mov x0, sp", "bl lang.enter", "brk #1"],
  },
  systemCall: { instruction: "svc #0", result: "x0", registers: ["x8", "x0", "x1", "x2", "x3", "x4", "x5"], clobbers: ["memory"] },
  featureNames: {},
};

const platforms: Readonly<Record<Target["machine"], LlvmPlatform>> = { x86_64, arm64 };

/** What LLVM text needs for the architecture. */
export function llvmPlatform(machine: Target["machine"]): LlvmPlatform {
  return platforms[machine];
}

/** The lines of the entry; targets whose entry is given nothing have no text. */
export function entryLines(platform: LlvmPlatform, entry: Platform["entry"]): readonly string[] {
  if (entry === "nothing") throw new Error(`codegen/llvm/platform.entryLines: the entry '${entry}'`);
  return platform.entry[entry];
}
