/** Who prints the code of each architecture as assembly. */
import type { Architecture } from "../../os/targets.ts";
import type { AssemblyOptions } from "../link/assembly.ts";
import { arm64Assembly } from "../link/assembly_arm64.ts";
import { x86_64Assembly } from "../link/assembly_x86_64.ts";

export const assemblyPrinters: Readonly<Record<Architecture, AssemblyOptions>> = { x86_64: x86_64Assembly, arm64: arm64Assembly };
