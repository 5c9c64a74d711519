/** arm64 as a target. */
import { FIXUP_ADD12, FIXUP_CALL26, FIXUP_JUMP26, FIXUP_LDST128, FIXUP_LDST8, FIXUP_PAGE21 } from "../../../encoders/arm64/fixups.ts";
import { RelocationKind } from "../../link/relocationKind.ts";
import type { CompilerContext, FunctionCompiler, Target } from "../target.ts";
import { OptimizingCompiler } from "./optimizing.ts";

const relocationOf = new Uint8Array(16);
relocationOf[FIXUP_CALL26] = RelocationKind.arm64Call26;
relocationOf[FIXUP_JUMP26] = RelocationKind.arm64Call26;
relocationOf[FIXUP_PAGE21] = RelocationKind.arm64Page21;
relocationOf[FIXUP_ADD12] = RelocationKind.arm64Add12;
relocationOf.fill(RelocationKind.arm64Load12, FIXUP_LDST8, FIXUP_LDST128 + 1);

function createCompiler(context: CompilerContext): FunctionCompiler {
  const compiler = new OptimizingCompiler(context);
  return {
    compile: (f) => compiler.compile(f),
    emitEntry: (name, start) => compiler.emitEntry(name, start),
    finish: () => {
      const { asm } = compiler;
      const { objects } = context;
      const relocations = objects.builder.relocations(objects.text);
      relocations.reserve(asm.fixupCount);
      for (let i = 0; i < asm.fixupCount; i++) {
        relocations.add(asm.fixupAt(i), relocationOf[asm.fixupKind(i)] as RelocationKind, objects.objectSymbol(asm.fixupSymbol(i)), asm.fixupAddend(i));
      }
      return asm.bytes.slice(0, asm.length);
    },
  };
}

export const arm64: Target = {
  machine: "arm64",
  codeAlignment: 4,
  loopAlignment: 16,
  needsHelper: () => false,
  instructionLength: (_code, at, end) => (at + 4 <= end ? 4 : 0),
  createCompiler,
};
