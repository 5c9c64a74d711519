/**
 * The plain command line, read without the library for command lines (whose set-up takes longer than the reading): a command that exists, its options in
 * full, each once, its files. Anything else (help, mistakes, rare spellings) is that library's, in usage.ts.
 */

import { commands, type CommandRow, type OptionRow, type Options } from "./commands.ts";

export interface PlainCommand {
  readonly name: string;
  readonly words: readonly string[];
  /** Behind `--`. */
  readonly rest: readonly string[];
  readonly options: Options;
}

/** Reads normalized arguments; undefined if they are anything but plain. */
export function readPlain(argv: readonly string[]): PlainCommand | undefined {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const given: { readonly name: string; readonly value: string | undefined }[] = [];
  const words: string[] = [];
  // Known at once where it stands first, or where a file does.
  const first = own[0]?.startsWith("-") === false ? commands.find(({ name }) => name === own[0]) ?? commands[0] : undefined;
  for (let i = 0; i < own.length; i++) {
    const word = own[i] as string;
    if (!word.startsWith("-")) {
      words.push(word);
      continue;
    }
    if (!word.startsWith("--")) return undefined;
    const equals = word.indexOf("=");
    const name = camelCase(equals < 0 ? word.slice(2) : word.slice(2, equals));
    let value = equals < 0 ? undefined : word.slice(equals + 1);
    // A value that is a word of its own, behind a command that says so: `build prog.lang --target all`.
    const next = own[i + 1];
    if (value === undefined && next !== undefined && !next.startsWith("-") && first !== undefined && (optionOf(first, name)?.value ?? "") !== "") {
      value = next;
      i++;
    }
    given.push({ name, value });
  }
  let command = commands.find(({ name }) => name === words[0]);
  if (command === undefined) command = commands[0] as CommandRow;
  else words.shift();
  if (!fits(command, words.length)) return undefined;
  const options: Record<string, string | boolean> = {};
  for (const { name, value } of given) {
    if (name in options) return undefined;
    if (name === "json" && value === undefined) options[name] = true;
    else if (name === "color" && value !== undefined) options[name] = value;
    else {
      const row = optionOf(command, name);
      // A value where none belongs, or none where one does: not plain.
      if (row === undefined || (row.value === "") !== (value === undefined) || value === "") return undefined;
      options[name] = value ?? true;
    }
  }
  return { name: command.name, words, rest: end < 0 ? [] : argv.slice(end + 1), options };
}

function optionOf(command: CommandRow, name: string): OptionRow | undefined {
  return command.options().find((option) => camelCase(option.name) === name);
}

function fits({ name, takes }: CommandRow, count: number): boolean {
  if (takes === "") return count === 0 && name !== "";
  if (takes === "[...files]") return true;
  return takes === "<...files>" ? count > 0 : count === 1;
}

/** `--time-passes` as `timePasses`: the name of an option as a property. */
export function camelCase(name: string): string {
  // A regular expression that replaces takes a fresh process longer than all else here.
  const [first = "", ...others] = name.split("-");
  return first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
