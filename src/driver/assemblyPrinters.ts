/** Who prints the code of each architecture as assembly. That of another one than asked for is never loaded. */

import type { Architecture } from "../../os/targets.ts";
import type { AssemblyOptions } from "../link/assembly.ts";
import { x86_64Assembly } from "../link/assembly_x86_64.ts";

export const assemblyPrinters: Readonly<Record<Architecture, AssemblyOptions>> = {
  x86_64: x86_64Assembly,
  get arm64(): AssemblyOptions {
    return (require("../link/assembly_arm64.ts") as typeof import("../link/assembly_arm64.ts")).arm64Assembly;
  },
};
