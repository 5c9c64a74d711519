/** The process entry, as the kernel or the loader enters it. */
import type { Assembler } from "../../../encoders/arm64/assembler.ts";
import { FP, LR, SP } from "../../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../../encoders/arm64/table.ts";
import type { SymbolId } from "../../ir/function.ts";
import type { CompilerContext } from "../target.ts";

const PUSH = memoryWord("stp_x_pre");

/** Writes the entry `name`: it calls `start` with the initial stack pointer, where argc lies, and which is aligned already. */
export function emitEntry(asm: Assembler, context: CompilerContext, name: SymbolId, start: SymbolId): void {
  const at = asm.length;
  asm.beginRegion();
  const entry = context.options.platform?.entry ?? "stack";
  // C's main is entered with argc, argv and envp, which are to lie at the stack pointer
  if (entry === "main") {
    asm.pair(PUSH, 0, 1, SP, -4);
    asm.unsigned(memoryWord("str_x_unsigned"), 2, SP, 2);
  }
  // Windows' unwinder ends where this frame's caller is, and not here
  if (entry === "nothing") asm.pair(PUSH, FP, LR, SP, -2);
  // C's main gets argv in x1, and argc lies before that in the kernel's block
  if (entry === "argv") asm.immediate(word("sub_immediate"), 1, 0, 1, 8);
  else asm.immediate(word("add_immediate"), 1, 0, SP, 0);
  asm.callSymbol(start);
  asm.emit(word("udf"));
  asm.endRegion();
  const size = asm.length - at;
  context.trace.addFunction(name, at, size, entry === "nothing" ? 8 : 0, context.trace.siteCount, context.trace.lineCount);
  context.objects.defineFunction(name, at, size);
}
