/** x86_64 as a target. */

import { Op } from "../../ir/ops.ts";
import { instructionLength } from "../../../encoders/x86_64/instructionLength.ts";
import type { Target } from "../target.ts";
import { LOOP_ALIGNMENT } from "./loopAlignment.ts";
import { fastCompiler } from "./fastCompiler.ts";
import { optimizingCompiler } from "./optimizingCompiler.ts";

export const x86_64: Target = {
  machine: "x86_64",
  codeAlignment: 1,
  loopAlignment: LOOP_ALIGNMENT,
  needsHelper(op: number, _type: number, features: readonly string[]): boolean {
    if (op === Op.ffloor || op === Op.fceil || op === Op.ftrunc || op === Op.fnearest) return !features.includes("sse41");
    return op === Op.fma && !features.includes("fma");
  },
  instructionLength,
  createCompiler: (context) => (context.options.level === "O0" ? fastCompiler(context) : optimizingCompiler(context)),
};
