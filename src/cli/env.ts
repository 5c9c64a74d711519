/** `lang env`: the configuration, and what each target can do here, derived from the table of targets. */

import { hostTarget, targets, type TargetRow } from "../../os/targets.ts";
import { compilerIdentity } from "../driver/identity.ts";
import { cacheFolder } from "./cache.ts";
import { failureText, styleOf } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { targetOf } from "./target.ts";
import { foundPrograms, runnerOf } from "./runners.ts";
import { version } from "./version.ts";
import { writeError, writeOutput } from "./output.ts";

/** What a program of others would be used for, if it were here. */
const uses: Readonly<Record<string, string>> = { clang: "only LANGBE=llvm needs it", qemu: "would run programs for ARM64", wine: "would run programs for Windows" };

/** How the target's programs run here. */
function runText(row: TargetRow): string {
  const runner = runnerOf(row);
  return runner.kind === "native" ? "yes" : runner.kind === "under" ? `under ${runner.name}` : "no";
}

/** The status: 2 if no such target is known. */
export function env(options: CommonOptions): number {
  const style = styleOf(options);
  const target = targetOf(options.target);
  if ("message" in target) {
    writeError(`${failureText({ code: "E0804", message: target.message, advice: [target.advice] }, style)}\n`);
    return 2;
  }
  const own = hostTarget(process.platform, process.arch);
  const variables = { LANGOS: process.env["LANGOS"] ?? null, LANGBE: process.env["LANGBE"] ?? null, LANGLIBC: process.env["LANGLIBC"] ?? null, LANGCACHE: process.env["LANGCACHE"] ?? null };
  const found = foundPrograms();
  const width = Math.max(...targets.map(({ name }) => name.length));
  const rows = targets.map((row) => ({ name: row.name, format: row.format, libc: row.libc, build: true, run: runText(row) }));
  if (options.json === true) {
    writeOutput(`${JSON.stringify({ version, host: own?.name ?? null, target: target.name, variables, found: Object.fromEntries(Object.entries(found).map(([name, path]) => [name, path ?? null])), cache: compilerIdentity === undefined ? null : (cacheFolder() ?? null), targets: rows })}\n`);
    return 0;
  }
  const lines = [
    `version    ${version}`,
    `host       ${own?.name ?? `${process.platform} ${process.arch} (builds only)`}`,
    `target     ${target.name}`,
    `cache      ${compilerIdentity === undefined ? "none: the compiler runs from its sources" : (cacheFolder() ?? "none")}`,
    ...Object.entries(variables).map(([name, value]) => `${name.padEnd(10)} ${value ?? "(not set)"}`),
    ...Object.entries(found).map(([name, path]) => `${name.padEnd(10)} ${path ?? `not found (${uses[name] ?? ""})`}`),
    "",
    `${"target".padEnd(width)} format  libc  build  run here`,
    ...rows.map((row) => `${row.name.padEnd(width)} ${row.format.padEnd(7)} ${row.libc.padEnd(5)} ${row.build ? "yes" : "no "}    ${row.run}`),
  ];
  writeOutput(`${lines.join("\n")}\n`);
  return 0;
}
