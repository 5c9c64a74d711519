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

try {
  process.exitCode = await main();
} catch (error) {
  // A bug of ours, not of the user's program. The stack helps whoever mends it, nobody else.
  const { writeError } = await import("./output.ts");
  const message = error instanceof Error ? error.message : String(error);
  writeError(`lang: internal error: ${message}\nThis is a mistake in the compiler, not in your program. Please report it with the program that causes it.\n`);
  if ((process.env["LANG_DEBUG"] ?? "") !== "" && error instanceof Error) writeError(`${error.stack ?? ""}\n`);
  process.exitCode = 70;
}
