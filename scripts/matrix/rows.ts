/** What the matrix consists of, derived from the table of targets and from what is installed here. */

import type { Level } from "../../conformance/expectation.ts";
import { collectPrograms, type Program } from "../../conformance/programs.ts";
import { selectJobs } from "../../conformance/suite.ts";
import { hostTarget, targets, type TargetRow } from "../../os/targets.ts";
import { clangVersion } from "../../src/cli/clang.ts";
import { runnerOf } from "../../src/cli/runners.ts";
import { suiteFiles } from "../../src/driver/embeddedSuite.ts";
import { llvmTriple } from "../../src/driver/llvmTriple.ts";

export const levels: readonly Level[] = ["O0", "O1", "O2", "Os"];

export interface MatrixRow {
  readonly name: string;
  readonly target: TargetRow;
  /** Machine code by clang from our LLVM text, rather than by the direct backend. */
  readonly llvm: boolean;
  /** This machine's own target by the direct backend. */
  readonly own: boolean;
  /** How its programs run here; undefined if they do not, and then `missing` says why. */
  readonly how: string | undefined;
  readonly missing: string;
}

export function matrixRows(): readonly MatrixRow[] {
  const own = hostTarget(process.platform, process.arch);
  return targets.flatMap((target) => {
    const runner = runnerOf(target);
    const how = runner.kind === "native" ? "natively" : runner.kind === "under" ? `under ${runner.name}` : undefined;
    const missing = runner.kind === "none" ? runner.reason : "";
    const direct: MatrixRow = { name: target.name, target, llvm: false, own: own?.name === target.name, how, missing };
    if (llvmTriple({ target }) === undefined) return [direct];
    const clang = clangVersion();
    const llvm: MatrixRow = {
      ...direct, name: `${target.name} llvm`, llvm: true, own: false,
      how: clang === 0 || how === undefined ? undefined : `${how}, clang ${clang}`, missing: clang === 0 ? "clang is not installed" : missing,
    };
    return [direct, llvm];
  });
}

let suite: readonly Program[] | undefined;

/** How many programs of the suite there are for a target at each level, or at the one wanted. */
export function jobCounts(target: TargetRow, filter?: string, wanted?: string): ReadonlyMap<Level, number> {
  suite ??= collectPrograms(suiteFiles()).programs;
  const chosen = levels.filter((level) => wanted === undefined || level === wanted);
  const counts = new Map<Level, number>(chosen.map((level) => [level, 0]));
  for (const { level } of selectJobs(suite, { targets: [target.name], levels: chosen, filter: filter ?? null, shard: null })) counts.set(level, (counts.get(level) ?? 0) + 1);
  return counts;
}
