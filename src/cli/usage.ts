/** The command line in full, by the library for command lines (cac): help, mistakes, and every spelling that is not plain. */

import { cac } from "cac";
import { commands, runCommand, type Options } from "./commands.ts";
import { styleOf, usageError } from "./report.ts";
import { version } from "./version.ts";

/** Reads normalized arguments, and runs the command or prints help. Gives the exit status. */
export async function runWithUsage(argv: readonly string[]): Promise<number> {
  const cli = cac("lang");
  let status: number | Promise<number> = 0;
  for (const { name, takes, help, options, examples } of commands) {
    const command = cli.command([name, takes].filter((part) => part !== "").join(" "), help);
    for (const option of options) command.option(option.value === "" ? `--${option.name}` : `--${option.name} <${option.value}>`, option.help);
    for (const example of examples) command.example(example);
    command.action((...given: unknown[]) => {
      const options = given[given.length - 1] as Options & { readonly "--"?: readonly string[] };
      const words = given.slice(0, -1).flat().filter((word): word is string => typeof word === "string");
      if (name === "" && words.length === 0) {
        if (argv.length > 0) status = usageError("no file is given", styleOf(options));
        else cli.outputHelp();
        return;
      }
      status = runCommand(name, words, options["--"] ?? [], options);
    });
  }
  cli.option("--json", "Machines read: one JSON object a line");
  cli.option("--color [when]", "Colours: auto (the default; NO_COLOR is respected), always, never");
  cli.help();
  cli.version(version);
  try {
    cli.parse([...process.argv.slice(0, 2), ...argv]);
  } catch (error) {
    if (error instanceof Error && error.name === "CACError") return usageError(error.message, styleOf(cli.options));
    throw error;
  }
  return await status;
}
