/** The command line: which command, with which options. One file a command; but for `build` each is loaded when it is asked for. */

import { reasonOf } from "../driver/host.ts";
import { normalizeArguments } from "./arguments.ts";
import { runCommand } from "./commands.ts";
import { CannotWrite, writeError } from "./output.ts";
import { readPlain } from "./plain.ts";
import { failureText, styleOf } from "./report.ts";

async function main(): Promise<number> {
  const argv = normalizeArguments(process.argv.slice(2));
  const plain = readPlain(argv);
  if (plain !== undefined) return runCommand(plain.name, plain.words, plain.rest, plain.options);
  return (await import("./usage.ts")).runWithUsage(argv);
}

/** Says, if there is where to say it, what could not be written, and why. */
function unwritable({ what, cause, advice }: CannotWrite): number {
  const style = styleOf({ json: process.argv.includes("--json") });
  try {
    writeError(`${failureText({ code: "E0803", message: `${what} cannot be written: ${typeof cause === "string" ? cause : reasonOf(cause)}`, advice }, style)}\n`);
  } catch {
    // Nobody hears us there either; the status tells.
  }
  return 1;
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof CannotWrite) process.exit(unwritable(error));
  // A bug of ours, not of the user's program. The stack helps whoever mends it, nobody else.
  const message = error instanceof Error ? error.message : String(error);
  writeError(`lang: internal error: ${message}\nThis is a mistake in the compiler, not in your program. Please report it with the program that causes it.\n`);
  if ((process.env["LANG_DEBUG"] ?? "") !== "" && error instanceof Error) writeError(`${error.stack ?? ""}\n`);
  process.exitCode = 70;
}
