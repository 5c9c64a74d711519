/** The command line: which command, with which options. One file a command; each is loaded when it is asked for. */

import { normalizeArguments } from "./arguments.ts";
import { runCommand } from "./commands.ts";
import type { CannotWrite } from "./output.ts";
import { readPlain } from "./plain.ts";

async function main(): Promise<number> {
  const argv = normalizeArguments(process.argv.slice(2));
  const plain = readPlain(argv);
  if (plain !== undefined) return runCommand(plain.name, plain.words, plain.rest, plain.options);
  return (await import("./usage.ts")).runWithUsage(argv);
}

/** Says, if there is where to say it, what could not be written, and why. */
async function unwritable({ what, cause, advice }: CannotWrite): Promise<number> {
  const [{ reasonOf }, { failureText, styleOf }, { writeError }] = [await import("../driver/host.ts"), await import("./report.ts"), await import("./output.ts")];
  const style = styleOf({ json: process.argv.includes("--json") });
  try {
    writeError(`${failureText({ code: "E0803", message: `${what} cannot be written: ${typeof cause === "string" ? cause : reasonOf(cause)}`, advice }, style)}\n`);
  } catch {
    // Nobody hears us there either; the status tells.
  }
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { CannotWrite, writeError } = await import("./output.ts");
  if (error instanceof CannotWrite) process.exit(await unwritable(error));
  // A bug of ours, not of the user's program. The stack helps whoever mends it, nobody else.
  const message = error instanceof Error ? error.message : String(error);
  writeError(`lang: internal error: ${message}\nThis is a mistake in the compiler, not in your program. Please report it with the program that causes it.\n`);
  if ((process.env["LANG_DEBUG"] ?? "") !== "" && error instanceof Error) writeError(`${error.stack ?? ""}\n`);
  process.exitCode = 70;
}
