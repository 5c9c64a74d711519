/** `lang bytes FILE`: what every byte of an executable is for; of one that is there, or of the one that a program becomes. */

import { accountOf, formatOf, type Account, type AccountedExtent, type AccountResult } from "../driver/account.ts";
import { host, readWhole } from "../driver/host.ts";
import { visible } from "../source/render.ts";
import { compiler } from "./backend.ts";
import { writeError, writeOutput } from "./output.ts";
import { failureText, report, styleOf, type Style } from "./report.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { printTimes } from "./times.ts";

/** The status: 1 for a program that does not compile or a file that is no executable, 2 for wrong usage. */
export async function bytes(file: string, options: CommonOptions & { readonly fields?: boolean }): Promise<number> {
  const style = styleOf(options);
  const given = file === "-" || file.endsWith(".lang") ? undefined : readWhole(file);
  const result = given?.ok === true && formatOf(given.bytes) !== undefined ? accountOf(given.bytes) : await ofProgram(file, options, style);
  if (typeof result === "number") return result;
  if (!result.ok) {
    writeError(`${failureText({ code: "E0809", message: `'${file}' is no executable that can be read: ${result.problem}`, advice: [] }, style)}\n`);
    return 1;
  }
  writeOutput(options.json === true ? json(result.account) : text(result.account, options.fields === true));
  return 0;
}

/** Builds the program, and writes nothing; the status where that fails. */
async function ofProgram(file: string, options: CommonOptions, style: Style): Promise<AccountResult | number> {
  const asked = requestOf(file, options, "executable");
  if (!asked.ok) {
    writeError(`${failureText(asked, style)}\n`);
    return 2;
  }
  const compile = await compiler();
  const answer = compile({ ...asked.request, output: "executable", tools: { ...asked.request.tools, account: true } }, host);
  const failed = report(answer, style);
  if (asked.request.tools.timePasses) printTimes(answer.times, style);
  return failed || answer.bytes === undefined ? 1 : accountOf(answer.bytes, answer.linked);
}

function json({ extents }: Account): string {
  return extents.map(({ start, end, kind, name, section, fields, place }) =>
    `${JSON.stringify({ start, end, kind, name, section: section ?? null, file: place?.path ?? null, line: place?.line ?? null, ...(fields === undefined ? {} : { fields }) })}\n`).join("");
}

/** Characters of a name, at most; --json has all of it. */
const longestName = 60;

function text({ format, size, extents, totals }: Account, withFields: boolean): string {
  const lines: string[] = [];
  const rows = extents.map((extent) => ({ extent, name: shortened(visible(extent.name)), where: whereOf(extent) }));
  const width = rows.reduce((most, { name }) => Math.max(most, name.length), 0);
  const digits = Math.max(5, `${size}`.length);
  lines.push(`${"offset".padStart(digits + 2)} ${"bytes".padStart(digits)}  kind       what`);
  for (const { extent: { start, end, kind, fields }, name, where } of rows) {
    lines.push(`${`0x${start.toString(16)}`.padStart(digits + 2)} ${`${end - start}`.padStart(digits)}  ${kind.padEnd(10)} ${where === "" ? name : `${name.padEnd(width)}  ${where}`}`);
    if (!withFields) continue;
    for (const field of fields ?? []) lines.push(`${`0x${field.offset.toString(16)}`.padStart(digits + 2)} ${`${field.size}`.padStart(digits)}  ${"".padEnd(10)}   ${field.name} = ${shown(field.value)}`);
  }
  lines.push("");
  for (const { kind, bytes: own } of totals) lines.push(`${"".padEnd(digits + 3)}${`${own}`.padStart(digits)}  ${kind.padEnd(10)} ${((100 * own) / size).toFixed(1)} %`);
  const total = totals.reduce((sum, { bytes: own }) => sum + own, 0);
  lines.push(`${"".padEnd(digits + 3)}${`${total}`.padStart(digits)}  of the ${size} bytes of the ${format} file`);
  return `${lines.join("\n")}\n`;
}

function whereOf({ place, section }: AccountedExtent): string {
  return place === undefined ? section ?? "" : `${place.path}:${place.line}`;
}

function shown(value: number | string): string {
  return typeof value === "string" ? JSON.stringify(value) : value < 10 ? `${value}` : `${value} (0x${value.toString(16)})`;
}

function shortened(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
}
