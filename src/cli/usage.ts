/** The command line in full, by the library for command lines (cac): help, mistakes, and every spelling that is not plain. */

import { cac } from "cac";
import { existsSync } from "node:fs";
import { suggest } from "../source/suggest.ts";
import { givenWord } from "./arguments.ts";
import { camelCase } from "./plain.ts";
import { commands, runCommand, type CommandRow, type Options } from "./commands.ts";
import { styleOf, usageError } from "./report.ts";

/** Reads normalized arguments, and runs the command or prints help. Gives the exit status. */
export async function runWithUsage(argv: readonly string[]): Promise<number> {
  const cli = cac("lang");
  let status: number | Promise<number> = 0;
  for (const { name, takes, help, options: optionRows, examples } of commands) {
    const rows = optionRows();
    const command = cli.command([name, takes].filter((part) => part !== "").join(" "), help);
    for (const option of rows) command.option(option.value === "" ? `--${option.name}` : `--${option.name} <${option.value}>`, option.help);
    for (const example of examples) command.example(example);
    command.action((...given: unknown[]) => {
      const options = given[given.length - 1] as Options & { readonly "--"?: readonly string[] };
      const words = given.slice(0, -1).flat().filter((word): word is string => typeof word === "string").map(textOf);
      if (name === "" && words.length === 0) {
        if (argv.length > 0) status = usageError("no file is given", styleOf(options));
        else cli.outputHelp();
        return;
      }
      const last = lastOfEach(options);
      const empty = rows.find((row) => row.value !== "" && last[camelCase(row.name)] !== undefined && !hasText(last[camelCase(row.name)]));
      status = empty === undefined ? runCommand(name, words, options["--"] ?? [], last) : usageError(`--${empty.name} needs a ${empty.value}`, styleOf(options));
    });
  }
  cli.option("--json", "Machines read: one JSON object a line");
  cli.option("--color [when]", "Colours: auto (the default; NO_COLOR is respected), always, never");
  cli.help((sections) => (cli.matchedCommand?.name ? [...sections.slice(0, 1), { body: cli.matchedCommand.description }, ...sections.slice(1)] : sections));
  cli.option("-v, --version", "Display version number");
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  if (own.includes("--version") || own.includes("-v")) return runCommand("version", [], [], { json: own.includes("--json") });
  // The library would take -Ofast for -O -f -a -s -t, and find -h for help in others.
  const short = own.find((word) => /^-[^-]/.test(word) && word !== "-h");
  if (short !== undefined) {
    const advice = /\.lang$/i.test(short) ? `a file of that name is written ./${short}` : short.startsWith("-O") ? "the levels are -O0, -O1, -O2 (-O3 means the same) and -Os" : "lang --help shows what may be written";
    return usageError(`there is no option '${short}'`, styleOf({ json: own.includes("--json") }), [advice]);
  }
  const flag = own.find(isFlagWithValue);
  if (flag !== undefined) {
    const name = flag.slice(0, flag.indexOf("="));
    return usageError(`${name} takes no value`, styleOf({ json: own.some((word) => word === "--json" || word.startsWith("--json=")) }), [`write ${name}, or nothing`]);
  }
  const unknown = unknownCommand(wordsOf(own), own.includes("--help"));
  if (unknown !== undefined) return usageError(unknown.message, styleOf({ json: own.includes("--json") }), unknown.advice);
  try {
    cli.parse([...process.argv.slice(0, 2), ...own.map(keepText), ...argv.slice(own.length)]);
  } catch (error) {
    if (error instanceof Error && error.name === "CACError") {
      const { message, advice } = mistake(textOf(error.message), commandOf(own));
      return usageError(message, styleOf({ json: own.includes("--json") }), [advice]);
    }
    throw error;
  }
  return await status;
}

/** `--strip=yes`: the library would take the value for a file. */
function isFlagWithValue(word: string): boolean {
  const equals = word.indexOf("=");
  if (!word.startsWith("--") || equals < 0) return false;
  const name = camelCase(word.slice(2, equals));
  const rows = commands.flatMap(({ options }) => options().filter((row) => camelCase(row.name) === name));
  return name === "json" || (rows.length > 0 && rows.every(({ value }) => value === ""));
}

/** The words that are neither options nor their values. */
function wordsOf(own: readonly string[]): string[] {
  const takesWord = (word: string | undefined): boolean => word !== undefined && !word.includes("=")
    && commands.some(({ options }) => options().some(({ name, value }) => value !== "" && `--${name}` === word));
  return own.filter((word, i) => !word.startsWith("-") && !takesWord(own[i - 1]));
}

const commandOf = (own: readonly string[]): CommandRow => commands.find(({ name }) => name === wordsOf(own)[0]) ?? commands[0] as CommandRow;

/** What the library says of a command line, in our words. */
function mistake(said: string, { name: command, takes, options }: CommandRow): { readonly message: string; readonly advice: string } {
  const help = command === "" ? "lang --help" : `lang ${command} --help`;
  const shows = `${help} shows what may be written`;
  const given = /`(?:--)?([^`]*)`/.exec(said)?.[1] ?? "";
  if (said.startsWith("Unknown option")) {
    const known = [...options().map(({ name }) => name), "json", "color", "help"];
    const near = suggest(given, known);
    const elsewhere = commands.filter((row) => row.options().some(({ name }) => name === given || camelCase(name) === given)).map(({ name }) => name).filter((name) => name !== "");
    const written = given === "output" ? "-o" : given.length === 1 ? `-${given}` : `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const advice = elsewhere.length > 0 ? `it is an option of ${elsewhere.map((name) => `lang ${name}`).join(", ")}` : near === undefined ? shows : `did you mean --${near}?`;
    return { message: `${command === "" ? "there is" : `lang ${command} has`} no option '${written}'`, advice };
  }
  if (said.startsWith("Unused args")) {
    const what = takes === "" ? "nothing" : takes === "<code>" ? "one code" : "one file";
    const advice = command === "run" ? `what the program is to be given stands behind --: lang run FILE -- ${givenWord(given)}` : command === "" ? "several programs are built by lang build" : shows;
    return { message: `${command === "" ? "lang FILE" : `lang ${command}`} takes ${what}; '${givenWord(given)}' is too much`, advice };
  }
  if (said.startsWith("missing required args")) return { message: `lang ${command} needs a ${takes === "<code>" ? "code, such as E0301" : "file"}`, advice: shows };
  const missing = /^option `--([\w-]+) <(.*)>` value is missing$/.exec(said);
  if (missing !== null) return { message: `${missing[1] === "output" ? "-o" : `--${missing[1]}`} needs a ${missing[2]}`, advice: shows };
  return { message: said, advice: shows };
}

/** A first word that is no command, no file and does not look like one, among others or where help with it is wanted: it was meant as a command. */
function unknownCommand(words: readonly string[], help: boolean): { readonly message: string; readonly advice: readonly string[] } | undefined {
  const [first] = words;
  if (first === undefined || (words.length < 2 && !help) || commands.some(({ name }) => name === first) || !/^[a-z]+$/i.test(first) || existsSync(first)) return undefined;
  const names = commands.map(({ name }) => name).filter((name) => name !== "");
  const near = suggest(first, names);
  return { message: `there is no command '${first}'`, advice: [near === undefined ? `the commands are ${names.join(", ")}` : `did you mean ${near}?`] };
}

const hasText = (value: unknown): boolean => (Array.isArray(value) ? value.every(hasText) : typeof value === "string" && value !== "");

/** The library makes numbers of what looks like one, and 1.10 would be 1.1: a mark behind it keeps it a text. */
const textMark = "\0text";
const keepText = (word: string): string => (/(^|=)[\d.]+$/.test(word) ? word + textMark : word);
const textOf = (word: string): string => word.replaceAll(textMark, "");

/** Of an option that is given several times, as makefiles do, the last counts; all of --dump. */
function lastOfEach(options: Options): Options & Readonly<Record<string, unknown>> {
  const last: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const one: unknown = Array.isArray(value) && name !== "dump" && name !== "--" ? value[value.length - 1] : value;
    last[name] = typeof one === "string" ? givenWord(textOf(one)) : one;
  }
  return last;
}
