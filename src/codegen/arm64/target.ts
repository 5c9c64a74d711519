/** arm64 as a target. */

import { Op } from "../../ir/ops.ts";
import type { Target } from "../target.ts";
import { optimizingCompiler } from "./optimizingCompiler.ts";

export const arm64: Target = {
  machine: "arm64",
  codeAlignment: 4,
  loopAlignment: 16,
  needsHelper: (op) => op === Op["udiv.wide"],
  instructionLength: (_code, at, end) => (at + 4 <= end ? 4 : 0),
  createCompiler: optimizingCompiler,
};
