import type { Level } from "./expectation.ts";
import { judgeDiagnostics, judgeEnding, openPart, type Ending, type ReportedDiagnostic } from "./judge.ts";
import type { Program } from "./programs.ts";

/** One program to be compiled. Paths are relative to the suite's root, and panics and diagnostics must name them so. */
export interface CompileRequest {
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
  readonly target: string;
  readonly level: Level;
  readonly unchecked: boolean;
  /** The program's `test` blocks are to be run, as `lang test` does, instead of `main`. */
  readonly test: boolean;
  /** False: checking is enough. True: everything up to the executable is to be done, or refused on the way. */
  readonly executable: boolean;
}

export type CompileOutcome<Artifact> =
  | { readonly kind: "compiled"; readonly artifact: Artifact; readonly diagnostics: readonly ReportedDiagnostic[] }
  | { readonly kind: "refused"; readonly diagnostics: readonly ReportedDiagnostic[] }
  /** The compiler itself failed: a thrown error, a signal, a time-out. */
  | { readonly kind: "crashed"; readonly message: string }
  /** This compiler has no such target. */
  | { readonly kind: "unavailable"; readonly reason: string };

export interface ExecuteRequest<Artifact> {
  readonly artifact: Artifact;
  readonly path: string;
  readonly target: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

export type ExecuteOutcome =
  | ({ readonly kind: "ended" } & Ending)
  | { readonly kind: "timeout" }
  /** This machine cannot run the target's programs. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** What the suite needs of its surroundings; whoever has processes supplies it. Both may be called many times at once. */
export interface Toolchain<Artifact> {
  compile(request: CompileRequest): Promise<CompileOutcome<Artifact>>;
  execute(request: ExecuteRequest<Artifact>): Promise<ExecuteOutcome>;
  /** Called once for every artifact, run or not. */
  release?(artifact: Artifact): Promise<void>;
}

export interface Selection {
  readonly targets: readonly string[];
  readonly levels: readonly Level[];
  /** A text that the path must contain; null: all. */
  readonly filter: string | null;
  /** Every `count`-th job from `index` on, for suites spread over machines or processes. */
  readonly shard: { readonly index: number; readonly count: number } | null;
}

export interface Job { readonly program: Program; readonly target: string; readonly level: Level }

export interface Row {
  readonly path: string;
  readonly section: string;
  readonly target: string;
  readonly level: Level;
  readonly outcome: "passed" | "failed" | "not-run";
  /** What differs, or why it did not run; empty where it passed. */
  readonly details: readonly string[];
  /** What the header leaves open, as it was: rows of the same program are to agree in it. */
  readonly open?: string;
}

const covers = (pattern: string, target: string): boolean => target === pattern || target.startsWith(`${pattern}-`);

/**
 * The jobs of a selection, in the order of their paths. A program that is not run is checked once for each target, at the first
 * level that both it and the selection name. A program whose header leaves a target or level out has no job there.
 */
export function selectJobs(programs: readonly Program[], selection: Selection): Job[] {
  const jobs: Job[] = [];
  for (const program of programs) {
    if (selection.filter !== null && !program.path.includes(selection.filter)) continue;
    const { mode, targets, levels } = program.expectation;
    const chosen = selection.levels.filter((level) => levels.includes(level));
    for (const target of selection.targets) {
      if (targets.length > 0 && !targets.some((pattern) => covers(pattern, target))) continue;
      for (const level of mode === "run" || mode === "test" ? chosen : chosen.slice(0, 1)) jobs.push({ program, target, level });
    }
  }
  const shard = selection.shard;
  return shard === null ? jobs : jobs.filter((_, index) => index % shard.count === shard.index);
}

/**
 * Runs the jobs, `width` of them at a time, and gives a row for each in the order of the jobs. `onRow` is called as each ends.
 * A toolchain that throws makes its row fail, and the rest goes on.
 */
export async function runJobs<Artifact>(
  jobs: readonly Job[], toolchain: Toolchain<Artifact>, width: number, onRow: (row: Row) => void = () => {},
): Promise<Row[]> {
  const rows: Row[] = new Array(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++;
      const row = await runJob(jobs[index], toolchain);
      rows[index] = row;
      onRow(row);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, jobs.length)) }, lane));
  return rows;
}

/** Compiles and runs one program, and compares. */
export async function runJob<Artifact>(job: Job, toolchain: Toolchain<Artifact>): Promise<Row> {
  const row = (outcome: Row["outcome"], details: readonly string[], open?: string): Row =>
    ({ path: job.program.path, section: job.program.section, target: job.target, level: job.level, outcome, details, ...(open === undefined ? {} : { open }) });
  try {
    const verdict = await verdictOf(job, toolchain);
    if (verdict.kind === "not-run") return row("not-run", [verdict.reason]);
    return row(verdict.complaints.length === 0 ? "passed" : "failed", verdict.complaints, verdict.open);
  } catch (error) {
    return row("failed", [`the runner failed: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

type Verdict = { readonly kind: "ran"; readonly complaints: readonly string[]; readonly open?: string | undefined } | { readonly kind: "not-run"; readonly reason: string };

async function verdictOf<Artifact>(job: Job, toolchain: Toolchain<Artifact>): Promise<Verdict> {
  const { expectation, path, files } = job.program;
  const runs = expectation.mode === "run" || expectation.mode === "test";
  const compiled = await toolchain.compile({
    path, files, target: job.target, level: job.level, unchecked: expectation.unchecked, test: expectation.mode === "test", executable: expectation.mode !== "check",
  });
  switch (compiled.kind) {
    case "unavailable": return { kind: "not-run", reason: compiled.reason };
    case "crashed": return { kind: "ran", complaints: [`the compiler crashed: ${compiled.message}`] };
    case "refused": {
      const complaints = judgeDiagnostics(expectation, compiled.diagnostics);
      return { kind: "ran", complaints: expectation.mode === "refused" || complaints.length > 0 ? complaints : ["refused without an error"] };
    }
    case "compiled":
      try {
        if (expectation.mode === "refused") return { kind: "ran", complaints: ["compiled, but must be refused", ...judgeDiagnostics(expectation, compiled.diagnostics)] };
        const complaints = judgeDiagnostics(expectation, compiled.diagnostics);
        if (!runs) return { kind: "ran", complaints };
        const ended = await toolchain.execute({ artifact: compiled.artifact, path, target: job.target, args: expectation.args, stdin: expectation.stdin });
        if (ended.kind === "unavailable") return complaints.length > 0 ? { kind: "ran", complaints } : { kind: "not-run", reason: ended.reason };
        if (ended.kind === "timeout") return { kind: "ran", complaints: [...complaints, "did not end in time"] };
        return { kind: "ran", complaints: [...complaints, ...judgeEnding(expectation, ended)], open: openPart(expectation, ended) };
      } finally {
        await toolchain.release?.(compiled.artifact);
      }
  }
}
