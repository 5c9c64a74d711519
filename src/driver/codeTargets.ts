/** The code generator of each architecture in the table of targets. Those of other architectures than the one asked for are never loaded. */

import type { Architecture } from "../../os/targets.ts";
import type { Target } from "../codegen/target.ts";
import { x86_64 } from "../codegen/x86_64/target.ts";

export const codeTargets: Readonly<Record<Architecture, Target>> = {
  x86_64,
  get arm64(): Target {
    return (require("../codegen/arm64/target.ts") as typeof import("../codegen/arm64/target.ts")).arm64;
  },
};
