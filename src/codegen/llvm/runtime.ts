/** What LLVM's code needs around it without a libc: the entry, and the functions that LLVM's passes call by C's names. */

import type { SymbolId } from "../../ir/function.ts";
import { runtimeFunctions, type Module } from "../../ir/module.ts";
import { conventionText, globalName, resultText } from "./text.ts";

/** As the kernel or a C library enters the program. */
export function entryText(module: Module, entry: SymbolId, lines: readonly string[]): string {
  const signature = module.signatureOf(entry);
  const [first, ...rest] = lines;
  return `module asm ".globl _start"
module asm "_start: ${first}"
${rest.map((line) => `module asm "${line}"\n`).join("")}
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
      ? `  call ${conventionText(module.signatureOf(symbol))}${resultText(module.signatureOf(symbol))} ${globalName(runtime)}(ptr %to, ${second === "i32" ? "i8 %byte" : "ptr %from"}, i64 %count)\n  ret ptr %to`
      : second === "i32" ? `  br label %test\n${loop("up", "end", "store i8 %byte, ptr %to.up")}end:\n  ret ptr %to`
        : name === "memcpy" ? `  br label %test\n${loop("up", "end", copyByte("up"))}end:\n  ret ptr %to` : moveBody;
    const narrow = second === "i32" ? "  %byte = trunc i32 %value to i8\n" : "";
    return `define weak hidden ptr @${name}(ptr %to, ${second === "i32" ? "i32 %value" : "ptr %from"}, i64 %count) #1 noinline {\nentry:\n${narrow}${call}\n}\n`;
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

/** For modules of other front ends, which bring no memory functions: bytes one after the other, in the direction `up` or `down`, then `end`. */
function loop(direction: "up" | "down", end: string, body: string): string {
  const [first, enough, step] = direction === "up" ? ["0", "%count", "add"] : ["%count", "0", "sub"];
  const test = direction === "up" ? "test" : "test.down";
  const from = direction === "up" ? "%entry" : "%choose";
  const index = direction === "up" ? "%i.up" : "%next.down";
  return `${test}:
  %i.${direction} = phi i64 [ ${first}, ${from} ], [ %next.${direction}, %${direction} ]
  %done.${direction} = icmp eq i64 %i.${direction}, ${enough}
  br i1 %done.${direction}, label %${end}, label %${direction}
${direction}:
  %next.${direction} = ${step} i64 %i.${direction}, 1
  %to.${direction} = getelementptr i8, ptr %to, i64 ${index}
  ${body}
  br label %${test}
`;
}

function copyByte(direction: "up" | "down"): string {
  const index = direction === "up" ? "%i.up" : "%next.down";
  return `%from.${direction} = getelementptr i8, ptr %from, i64 ${index}
  %byte.${direction} = load i8, ptr %from.${direction}
  store i8 %byte.${direction}, ptr %to.${direction}`;
}

/** Overlapping bytes go backwards where the destination lies behind. */
const moveBody = `  %distance.to = ptrtoint ptr %to to i64
  %distance.from = ptrtoint ptr %from to i64
  %distance = sub i64 %distance.to, %distance.from
  %forwards = icmp uge i64 %distance, %count
  br i1 %forwards, label %before, label %choose
before:
  br label %test
${loop("up", "end", copyByte("up")).replace("%entry", "%before")}choose:
  br label %test.down
${loop("down", "end", copyByte("down"))}end:
  ret ptr %to`;
