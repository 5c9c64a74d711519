/** The command line: which command, with which options. One file a command; each is loaded when it is asked for. */

import { normalizeArguments } from "./arguments.ts";
import { runCommand } from "./commands.ts";
import { readPlain } from "./plain.ts";

async function main(): Promise<number> {
  const argv = normalizeArguments(process.argv.slice(2));
  const plain = readPlain(argv);
  if (plain !== undefined) return runCommand(plain.name, plain.words, plain.rest, plain.options);
  return (await import("./usage.ts")).runWithUsage(argv);
}

/** Says, if there is where to say it, that what was printed could not be written. */
async function unwritable(descriptor: 1 | 2, cause: unknown): Promise<number> {
  if (descriptor === 2) return 1;
  const [{ reasonOf }, { failureText, styleOf }, { writeError }] = [await import("../driver/host.ts"), await import("./report.ts"), await import("./output.ts")];
  const style = styleOf({ json: process.argv.includes("--json") });
  try {
    writeError(`${failureText({ code: "E0803", message: `standard output cannot be written: ${reasonOf(cause)}`, advice: [] }, style)}\n`);
  } catch {
    // Nobody hears us there either; the status tells.
  }
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { OutputError, writeError } = await import("./output.ts");
  if (error instanceof OutputError) process.exit(await unwritable(error.descriptor, error.cause));
  // A bug of ours, not of the user's program. The stack helps whoever mends it, nobody else.
  const message = error instanceof Error ? error.message : String(error);
  writeError(`lang: internal error: ${message}\nThis is a mistake in the compiler, not in your program. Please report it with the program that causes it.\n`);
  if ((process.env["LANG_DEBUG"] ?? "") !== "" && error instanceof Error) writeError(`${error.stack ?? ""}\n`);
  process.exitCode = 70;
}
