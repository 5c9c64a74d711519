/** Who makes the machine code: the direct backend, or (LANGBE=llvm) clang from LLVM IR text. What only the latter needs is loaded only then. */

import { build } from "../driver/build.ts";
import { findCarried } from "../driver/carriedBytes.ts";
import type { BuildHost } from "../driver/host.ts";
import type { BuildAnswer, BuildRequest } from "../driver/request.ts";
import { usesLlvm } from "./target.ts";

export type Compile = (request: BuildRequest, host: BuildHost) => BuildAnswer;

/** What compiles a request, as the environment says. */
export async function compiler(): Promise<Compile> {
  await findCarried();
  return usesLlvm() ? (await import("./clang.ts")).compile : build;
}
