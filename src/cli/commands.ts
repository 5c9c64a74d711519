/** The commands and their options as data, and how each is run. Besides `build`, which most starts are for, the command at hand alone is loaded. */

import { givenWord } from "./arguments.ts";
import { build } from "./build.ts";
import { buildKept } from "./kept.ts";
import { writeOutput } from "./output.ts";
import { styleOf, usageError } from "./report.ts";
import type { CommonOptions } from "./request.ts";

export interface OptionRow {
  /** Without its dashes. */
  readonly name: string;
  /** The placeholder of its value; "" for a flag. */
  readonly value: string;
  readonly help: string;
}

export interface CommandRow {
  /** "" is what `lang FILE` does. */
  readonly name: string;
  /** What it takes: `<…>` must be there, `[…]` may. */
  readonly takes: "" | "[file]" | "<file>" | "<code>" | "<...files>" | "[...files]";
  readonly help: string;
  /** Made when they are asked for: a start needs those of one command. */
  readonly options: () => readonly OptionRow[];
  readonly examples: readonly string[];
}

/** The options of every command, in the words of each. */
export type Options = CommonOptions & { readonly filter?: string; readonly jobs?: string; readonly sample?: string; readonly seed?: string; readonly seconds?: string; readonly check?: boolean; readonly fields?: boolean };

const rows = (...texts: readonly (readonly [name: string, value: string, help: string])[]): readonly OptionRow[] => texts.map((text) => ({ name: text[0], value: text[1], help: text[2] }));

/** Of every command that compiles. */
const compiling = () => rows(
  ["level", "level", "How much to optimise, also written -O0, -O1 (the default), -O2, -Os"],
  ["target", "target", "What to build for, such as linux-x86_64"],
  ["march", "level", "Processor level and features, also written -march=x86-64-v3, x86-64+bmi2"],
  ["unchecked", "", "Plain operators wrap, shifts are masked, bounds are not checked"],
  ["check-memory", "", "The program reports leaks, double frees and uses after free, with their places"],
  ["debug-info", "", "Debug information, also written -g"],
  ["strip", "", "No symbols in the executable"],
  ["time-passes", "", "Print how long each stage and pass took"],
  ["verify-ir", "", "Check the IR and register allocation after each pass"],
  ["stop-after", "pass", "Run no pass after this one"],
  ["opt-limit", "count", "Allow so many optimisations, to find one that goes wrong"],
  ["dump", "stage", "Print a stage: ir, after:PASS, machine, allocated, all"],
  ["fn", "name", "Dump this function only"],
  ["dump-ownership", "", "Print each function's borrow summary, its variables' states line by line, and what is dropped"],
);

/** What only executables of some systems have. */
const imaging = () => rows(
  ["tiny", "", "Windows: the smallest file that loaders take, rather than an ordinary one"],
  ["glibc", "version", "Linux with glibc: the oldest that the program is to run with (2.17 where nothing is said)"],
  ["subsystem", "kind", "Windows: console (the default) or gui"],
  ["icon", "file", "Windows: the executable's icon, an .ico file"],
  ["manifest", "file", "Windows: the executable's manifest"],
  ["file-version", "numbers", "Windows: the version that the file's properties show, such as 1.2.3.4"],
);

/** Where a build writes. */
const writing = () => [...compiling(), ...imaging(), ...rows(
  ["output", "file", "Where to write, also written -o; its ending says what: none or .exe an executable, .o an object, .s assembly, .ir IR, .ll LLVM IR"],
  ["assembly", "", "Assembly to standard output, also written -S"],
  ["emit", "kind", "What to write: tokens, ast, typed, ir, llvm, llvm14, asm, obj, exe"],
  ["emit-asm", "", "The same as --emit=asm"],
  ["emit-ir", "", "The same as --emit=ir"],
  ["emit-llvm", "", "The same as --emit=llvm: LLVM IR as text"],
  ["keep-temps", "", "Leave the IR, the assembly and the object beside the output"],
)];

const target = (help: string) => rows(["target", "target", help]);
const filter = (help: string) => rows(["filter", "text", help]);

export const commands: readonly CommandRow[] = [
  { name: "", takes: "[file]", help: "Build a program; - is standard input", options: writing, examples: ["lang hello.lang -o hello", "lang -O2 -march=x86-64-v3 prog.lang -o prog", "lang -S fib.lang"] },
  { name: "build", takes: "<...files>", help: "Build a program", options: writing, examples: ["lang build hello.lang -o hello", "lang build --target all hello.lang"] },
  { name: "run", takes: "<file>", help: "Build a program in a temporary folder and run it", options: compiling, examples: ["lang run examples/word_count.lang < README.md", "lang run -O2 prog.lang -- its arguments"] },
  { name: "check", takes: "<...files>", help: "Report what is wrong with programs, and write nothing", options: compiling, examples: ["lang check --json prog.lang"] },
  { name: "test", takes: "<...files>", help: "Run the test declarations of files", options: () => [...compiling(), ...filter("Only tests whose title has this text")], examples: ["lang test geometry.lang --filter area"] },
  { name: "emit", takes: "<file>", help: "Print a stage of the compilation to standard output", options: writing, examples: ["lang emit --emit=ir prog.lang"] },
  { name: "bytes", takes: "<file>", help: "Say what every byte of an executable is for: one that is there, or the one that a program becomes", options: () => [...compiling(), ...imaging(), ...rows(["fields", "", "Show each field of the headers"])], examples: ["lang bytes -Os --strip hello.lang", "lang bytes --fields ./hello"] },
  { name: "fmt", takes: "<...files>", help: "Format sources in place", options: () => rows(["check", "", "Change nothing; name the files that would change, and fail if there are any"]), examples: ["lang fmt --check src/*.lang"] },
  { name: "doc", takes: "[...files]", help: "Print the reference of files, made from their /// comments, as Markdown; without a file that of the standard library", options: () => [], examples: ["lang doc > library.md", "lang doc geometry.lang"] },
  { name: "env", takes: "", help: "Print the configuration and what can be built and run here", options: () => target("Describe this target"), examples: [] },
  { name: "explain", takes: "<code>", help: "Explain a diagnostic's code", options: () => [], examples: ["lang explain E0301"] },
  {
    name: "conformance", takes: "", help: "Run the conformance suite with this compiler",
    options: () => [...target("For this target (default: this machine's)"), ...rows(["level", "level", "At this level only (default: -O0, -O1, -O2 and -Os)"]), ...filter("Only programs whose path has this text"), ...rows(["jobs", "count", "How many at once (default: one a core)"], ["sample", "count", "So many of the programs that run, each at one level"], ["seed", "number", "What chooses the sample, and the order under --seconds (default: 1)"],
      ["seconds", "count", "Begin no program after this time; what is left is shown as not run"], ["check-memory", "", "Programs report leaks and misuse of memory, which must not occur"])],
    examples: ["lang conformance --filter 04-expressions --level O2"],
  },
  { name: "version", takes: "", help: "Print the version", options: () => [], examples: [] },
];

/** Runs a command on files (or a code) and options that fit its row; `rest` is what stood behind `--`. Gives the exit status. */
export async function runCommand(name: string, given: readonly string[], rest: readonly string[], options: Options): Promise<number> {
  const words = given.map(givenWord);
  const first = words[0] ?? "";
  const problem = await optionProblem(options);
  if (problem !== undefined) return usageError(problem.message, styleOf(options), [problem.advice]);
  switch (name) {
    case "":
    case "build":
      return buildKept(words, options) ?? build(words, options);
    case "run":
      return (await import("./run.ts")).run(first, rest, options);
    case "check":
      return (await import("./check.ts")).check(words, options);
    case "test":
      return (await import("./test.ts")).test(words, options);
    case "emit":
      return (await import("./emit.ts")).emit(first, options);
    case "bytes":
      return (await import("./bytes.ts")).bytes(first, options);
    case "fmt":
      return (await import("./fmt.ts")).fmt(words, options);
    case "doc":
      return (await import("./doc.ts")).doc(words, options);
    case "env":
      return (await import("./env.ts")).env(options);
    case "explain":
      return (await import("./explain.ts")).explain(first, options);
    case "conformance":
      return (await import("./conformance.ts")).conformance(options);
    case "version": {
      const { version } = await import("./version.ts");
      writeOutput(options.json === true ? `${JSON.stringify({ version })}\n` : `lang ${version}\n`);
      return 0;
    }
    default:
      throw new Error(`cli/commands.runCommand: no command '${name}'`);
  }
}

/** What is wrong with options that every command reads alike. The names of passes are looked at only where one is given. */
async function optionProblem({ color, dump, stopAfter }: Options): Promise<{ readonly message: string; readonly advice: string } | undefined> {
  if (typeof color === "string" && !["auto", "always", "never"].includes(color)) return { message: `--color does not know '${color}'`, advice: "it is auto (the default), always or never" };
  if (dump === undefined && stopAfter === undefined) return undefined;
  return (await import("./stages.ts")).stageProblem(typeof dump === "string" ? [dump] : dump ?? [], stopAfter);
}
