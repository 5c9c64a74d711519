/** What LLVM's code needs around it without a libc: the entry, and the functions that LLVM's passes call by C's names. */

import type { SymbolId } from "../../ir/function.ts";
import { runtimeFunctions, type Module } from "../../ir/module.ts";
import { conventionText, globalName, resultText } from "./text.ts";

/** As the kernel enters it (psABI 3.4.1): the stack pointer is the argument, then it is aligned. */
export function entryText(module: Module, entry: SymbolId): string {
  const signature = module.signatureOf(entry);
  return `module asm ".globl _start"
module asm "_start: xorl %ebp, %ebp"
module asm "movq %rsp, %rdi"
module asm "andq $-16, %rsp"
module asm "callq lang.enter"
module asm "ud2"

define hidden void @lang.enter(ptr %stack) #0 noreturn {
  call ${conventionText(signature)}${resultText(signature)} ${globalName(module.nameOf(entry))}(ptr %stack)
  unreachable
}

`;
}

/** memcpy, memmove, memset over the library's own; memcmp and bcmp, which passes make of chains of comparisons. */
export function memoryText(module: Module): string {
  const filled = (name: string, runtime: string, second: string): string => {
    const symbol = module.find(runtime);
    const has = symbol !== undefined && module.functions.has(symbol);
    const call = has
      ? `  call ${conventionText(module.signatureOf(symbol))}${resultText(module.signatureOf(symbol))} ${globalName(runtime)}(ptr %to, ${second === "i32" ? "i8 %byte" : "ptr %from"}, i64 %count)`
      : second === "i32"
        ? `  %r = call { ptr, i64 } asm sideeffect "rep stosb", "={rdi},={rcx},{rax},0,1,~{memory},~{dirflag},~{fpsr},~{flags}"(i8 %byte, ptr %to, i64 %count)`
        : name === "memcpy"
          ? `  %r = call { ptr, ptr, i64 } asm sideeffect "rep movsb", "={rdi},={rsi},={rcx},0,1,2,~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to, ptr %from, i64 %count)`
          : backwards;
    const narrow = second === "i32" ? "  %byte = trunc i32 %value to i8\n" : "";
    return `define weak hidden ptr @${name}(ptr %to, ${second === "i32" ? "i32 %value" : "ptr %from"}, i64 %count) #1 noinline {\n${narrow}${call}\n  ret ptr %to\n}\n`;
  };
  const compare = (name: string): string => `define weak hidden i32 @${name}(ptr %a, ptr %b, i64 %count) #1 noinline {
entry:
  br label %test
test:
  %i = phi i64 [ 0, %entry ], [ %next, %more ]
  %done = icmp eq i64 %i, %count
  br i1 %done, label %equal, label %look
look:
  %pa = getelementptr i8, ptr %a, i64 %i
  %pb = getelementptr i8, ptr %b, i64 %i
  %x = load i8, ptr %pa
  %y = load i8, ptr %pb
  %same = icmp eq i8 %x, %y
  br i1 %same, label %more, label %differ
more:
  %next = add i64 %i, 1
  br label %test
differ:
  %wx = zext i8 %x to i32
  %wy = zext i8 %y to i32
  %difference = sub i32 %wx, %wy
  ret i32 %difference
equal:
  ret i32 0
}
`;
  return [
    filled("memcpy", runtimeFunctions.copy, "ptr"), filled("memmove", runtimeFunctions.move, "ptr"), filled("memset", runtimeFunctions.fill, "i32"),
    compare("memcmp"), compare("bcmp"),
  ].join("\n");
}

/** Overlapping bytes, forwards or backwards, for modules of other front ends, which bring no such function. */
const backwards = `  %distance.to = ptrtoint ptr %to to i64
  %distance.from = ptrtoint ptr %from to i64
  %distance = sub i64 %distance.to, %distance.from
  %forwards = icmp uge i64 %distance, %count
  br i1 %forwards, label %up, label %down
up:
  %u = call { ptr, ptr, i64 } asm sideeffect "rep movsb", "={rdi},={rsi},={rcx},0,1,2,~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to, ptr %from, i64 %count)
  br label %end
down:
  %last = sub i64 %count, 1
  %to.last = getelementptr i8, ptr %to, i64 %last
  %from.last = getelementptr i8, ptr %from, i64 %last
  %d = call { ptr, ptr, i64 } asm sideeffect "std; rep movsb; cld", "={rdi},={rsi},={rcx},0,1,2,~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to.last, ptr %from.last, i64 %count)
  br label %end
end:`;
