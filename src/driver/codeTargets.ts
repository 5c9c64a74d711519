/** The code generator of each architecture in the table of targets. */
import type { Architecture } from "../../os/targets.ts";
import { arm64 } from "../codegen/arm64/target.ts";
import type { Target } from "../codegen/target.ts";
import { x86_64 } from "../codegen/x86_64/target.ts";

export const codeTargets: Readonly<Record<Architecture, Target>> = { x86_64, arm64 };
