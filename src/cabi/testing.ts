/** What the tests ask the C compilers that are here. */

import { spawnSync } from "node:child_process";

/** Whether the compiler, by its name, is a clang that splits numbers of 128 bits on x86_64. */
export function clangSplitsWide(compiler: string): boolean {
  const version = /clang version (\d+)/.exec(spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout);
  return version !== null && Number(version[1]) < 18;
}
