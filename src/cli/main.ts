/** The command line: which command, with which options. One file a command; each is loaded when it is asked for. */

import { cac } from "cac";
import { normalizeArguments } from "./arguments.ts";
import { styleOf, usageError } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { version } from "./version.ts";

const cli = cac("lang");

/** Options of every command that compiles. */
function compiling(command: ReturnType<typeof cli.command>): ReturnType<typeof cli.command> {
  return command
    .option("--level <level>", "How much to optimise, also written -O0, -O1 (the default), -O2, -Os")
    .option("--target <target>", "What to build for, such as linux-x86_64")
    .option("--march <level>", "Processor level and features, also written -march=x86-64-v3, x86-64+bmi2")
    .option("--unchecked", "Plain operators wrap, shifts are masked, bounds are not checked")
    .option("--debug-info", "Debug information, also written -g")
    .option("--strip", "No symbols in the executable")
    .option("--time-passes", "Print how long each stage and pass took")
    .option("--verify-ir", "Check the IR and register allocation after each pass")
    .option("--stop-after <pass>", "Run no pass after this one")
    .option("--opt-limit <count>", "Allow so many optimisations, to find one that goes wrong")
    .option("--dump <stage>", "Print a stage: tokens, ast, typed, ir, after:PASS, machine, allocated, all")
    .option("--fn <name>", "Dump this function only");
}

/** Where a build writes. */
function writing(command: ReturnType<typeof cli.command>): ReturnType<typeof cli.command> {
  return compiling(command)
    .option("--output <file>", "Where to write, also written -o; its ending says what: none an executable, .o, .s, .ir")
    .option("--assembly", "Assembly to standard output, also written -S")
    .option("--emit <kind>", "What to write: tokens, ast, typed, ir, asm, obj, exe")
    .option("--emit-asm", "The same as --emit=asm")
    .option("--emit-ir", "The same as --emit=ir")
    .option("--keep-temps", "Leave the IR, the assembly and the object beside the output");
}

let status: number | Promise<number> | undefined;

writing(cli.command("[file]", "Build a program; - is standard input"))
  .example("lang hello.lang -o hello")
  .example("lang -O2 -march=x86-64-v3 prog.lang -o prog")
  .example("lang -S fib.lang")
  .action((file: string | undefined, options: CommonOptions) => {
    if (file === undefined) {
      if (process.argv.length > 2) status = usageError("no file is given", styleOf(options));
      else cli.outputHelp();
      return;
    }
    status = import("./build.ts").then(({ build }) => build([file], options));
  });

writing(cli.command("build <...files>", "Build a program"))
  .example("lang build hello.lang -o hello")
  .action((files: string[], options: CommonOptions) => {
    status = import("./build.ts").then(({ build }) => build(files, options));
  });

compiling(cli.command("run <file>", "Build a program in a temporary folder and run it"))
  .example("lang run examples/word_count.lang < README.md")
  .example("lang run -O2 prog.lang -- its arguments")
  .action((file: string, options: CommonOptions & { readonly "--"?: readonly string[] }) => {
    status = import("./run.ts").then(({ run }) => run(file, options["--"] ?? [], options));
  });

compiling(cli.command("check <...files>", "Report what is wrong with programs, and write nothing"))
  .example("lang check --json prog.lang")
  .action((files: string[], options: CommonOptions) => {
    status = import("./check.ts").then(({ check }) => check(files, options));
  });

compiling(cli.command("test <...files>", "Run the test declarations of files"))
  .option("--filter <text>", "Only tests whose title has this text")
  .example("lang test geometry.lang --filter area")
  .action((files: string[], options: CommonOptions & { readonly filter?: string }) => {
    status = import("./test.ts").then(({ test }) => test(files, options));
  });

writing(cli.command("emit <file>", "Print a stage of the compilation to standard output"))
  .example("lang emit --emit=ir prog.lang")
  .action((file: string, options: CommonOptions) => {
    status = import("./emit.ts").then(({ emit }) => emit(file, options));
  });

cli.command("fmt <...files>", "Format sources in place")
  .option("--check", "Change nothing; name the files that would change, and fail if there are any")
  .example("lang fmt --check src/*.lang")
  .action((files: string[], options: CommonOptions & { readonly check?: boolean }) => {
    status = import("./fmt.ts").then(({ fmt }) => fmt(files, options));
  });

cli.command("env", "Print the configuration and what can be built and run here")
  .option("--target <target>", "Describe this target")
  .action((options: CommonOptions) => {
    status = import("./env.ts").then(({ env }) => env(options));
  });

cli.command("explain <code>", "Explain a diagnostic's code")
  .example("lang explain E0301")
  .action((code: string, options: CommonOptions) => {
    status = import("./explain.ts").then(({ explain }) => explain(code, options));
  });

cli.command("conformance", "Run the conformance suite with this compiler")
  .option("--target <target>", "For this target (default: this machine's)")
  .option("--level <level>", "At this level only (default: -O0, -O1, -O2 and -Os)")
  .option("--filter <text>", "Only programs whose path has this text")
  .option("--jobs <count>", "How many at once (default: one a core)")
  .example("lang conformance --filter 04-expressions --level O2")
  .action((options: CommonOptions & { readonly filter?: string; readonly jobs?: string }) => {
    status = import("./conformance.ts").then(({ conformance }) => conformance(options));
  });

cli.command("version", "Print the version").action(() => {
  process.stdout.write(`lang ${version}\n`);
});

cli.option("--json", "Machines read: one JSON object a line");
cli.option("--color [when]", "Colours: auto (the default; NO_COLOR is respected), always, never");
cli.help();
cli.version(version);

async function main(): Promise<number> {
  const argv = normalizeArguments(process.argv.slice(2));
  try {
    cli.parse([...process.argv.slice(0, 2), ...argv]);
  } catch (error) {
    if (error instanceof Error && error.name === "CACError") return usageError(error.message, styleOf(cli.options));
    throw error;
  }
  return (await status) ?? 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  // A bug of ours, not of the user's program. The stack helps whoever mends it, nobody else.
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`lang: internal error: ${message}\nThis is a mistake in the compiler, not in your program. Please report it with the program that causes it.\n`);
  if ((process.env["LANG_DEBUG"] ?? "") !== "" && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  process.exitCode = 70;
}
