import { z } from "zod";

/** What a program of the suite is for: compile and run it, run its `test` blocks, only compile it, or see it refused. */
export type Mode = "run" | "test" | "check" | "refused";
export type Level = "O0" | "O1" | "O2" | "Os";
export const levels: readonly Level[] = ["O0", "O1", "O2", "Os"];

/** A position in a file of the suite; `file` is relative to the suite's root, `line` and `column` count from 1. */
export interface Place { readonly file: string; readonly line: number; readonly column: number }
export interface ExpectedDiagnostic extends Place { readonly code: string }
export interface ExpectedPanic {
  /** The text behind `panic: `; where `open` is set, only its beginning. */
  readonly message: string;
  readonly open: boolean;
  /** Null where the position may differ from target to target or level to level (a stack overflow). */
  readonly at: Place | null;
}

/** The header of one program, as plain data; `README.md` explains each directive. */
export interface Expectation {
  readonly mode: Mode;
  /** What the program shows: the plain comment lines of its header. */
  readonly about: string;
  readonly args: readonly string[];
  readonly stdin: string;
  /** Null: not compared (only under `test`). */
  readonly stdout: string | null;
  /** All of stderr, or what stands there before the panic's first line. */
  readonly stderr: string | null;
  readonly exit: number;
  readonly panic: ExpectedPanic | null;
  readonly errors: readonly ExpectedDiagnostic[];
  /** Null: warnings are not compared. */
  readonly warnings: readonly ExpectedDiagnostic[] | null;
  /** Target names or their first words (`linux`); empty: all. */
  readonly targets: readonly string[];
  readonly levels: readonly Level[];
  readonly unchecked: boolean;
}

/** A header that cannot be read: what is wrong, and where. */
export interface HeaderProblem { readonly file: string; readonly line: number; readonly message: string }
export type ParsedHeader =
  | { readonly kind: "program"; readonly expectation: Expectation }
  | { readonly kind: "malformed"; readonly problems: readonly HeaderProblem[] };

/** True where the text opens with a directive: such a file is a program, any other one belongs to a program beside it. */
export function hasHeader(text: string): boolean {
  return text.startsWith("//@");
}

interface PlaceText { readonly file: string | null; readonly line: number; readonly column: number }

const placePattern = /^(?:(\S+\.lang):)?([1-9][0-9]*):([1-9][0-9]*)$/;
const place = z.string().regex(placePattern, "expected LINE:COLUMN or FILE.lang:LINE:COLUMN").transform((text): PlaceText => {
  const match = placePattern.exec(text);
  if (match === null) throw new Error("conformance/expectation.place: a text that matched does not match");
  return { file: match[1] ?? null, line: Number(match[2]), column: Number(match[3]) };
});
const words = z.string().trim().min(1, "expected at least one word").transform((text) => text.split(/\s+/));
const nothing = z.literal("", "takes no value");
const exactText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("expected JSON");
    return z.NEVER;
  }
});
const diagnostic = (letter: "E" | "W") =>
  words.pipe(z.tuple([z.string().regex(new RegExp(`^${letter}[0-9]{4}$`), `expected a code such as ${letter}0312`), place]));

/** One row a directive: what its value must look like, and what it becomes. */
const directives = {
  run: nothing,
  test: nothing,
  check: nothing,
  refused: nothing,
  unchecked: nothing,
  args: exactText.pipe(z.array(z.string(), "expected a JSON array of strings")),
  stdin: z.string(),
  "stdin-exact": exactText.pipe(z.string("expected a JSON string")),
  stdout: z.string(),
  "stdout-exact": exactText.pipe(z.string("expected a JSON string")),
  "stdout-repeat": z.string().regex(/^[1-9][0-9]{0,5} ./, "expected COUNT TEXT").transform((text) => {
    const space = text.indexOf(" ");
    return `${text.slice(space + 1)}\n`.repeat(Number(text.slice(0, space)));
  }),
  stderr: z.string(),
  "stderr-exact": exactText.pipe(z.string("expected a JSON string")),
  exit: z.string().regex(/^(0|[1-9][0-9]{0,2})$/, "expected a status from 0 to 255").transform(Number).pipe(z.number().max(255, "expected a status from 0 to 255")),
  panic: z.string().regex(/^\S+ \S/, "expected LINE:COLUMN MESSAGE, or - MESSAGE").transform((text) => {
    const space = text.indexOf(" ");
    return { at: text.slice(0, space), message: text.slice(space + 1) };
  }).pipe(z.object({ at: z.union([z.literal("-").transform(() => null), place], "expected LINE:COLUMN, FILE.lang:LINE:COLUMN or -"), message: z.string() })),
  error: diagnostic("E"),
  warning: diagnostic("W"),
  "no-warning": nothing,
  targets: words,
  levels: words.pipe(z.array(z.enum(["O0", "O1", "O2", "Os"], "expected O0, O1, O2 or Os"))),
} as const;

type Directive = keyof typeof directives;

/** Reads one directive's value at the border; adds a problem and gives null where it is malformed. */
function read<D extends Directive>(name: D, value: string, problem: (message: string) => void): z.output<(typeof directives)[D]> | null {
  const result = directives[name].safeParse(value);
  if (result.success) return result.data as z.output<(typeof directives)[D]>;
  problem(`${name}: ${result.error.issues.map((issue) => issue.message).join("; ")}`);
  return null;
}

const isDirective = (name: string): name is Directive => Object.hasOwn(directives, name);

/** What has been read of a header; null is what no directive has said. */
interface Header {
  mode: Mode | null;
  readonly about: string[];
  args: readonly string[] | null;
  stdin: string;
  stdout: string | null;
  stderr: string | null;
  exit: number | null;
  panic: ExpectedPanic | null;
  readonly errors: ExpectedDiagnostic[];
  warnings: ExpectedDiagnostic[] | null;
  targets: readonly string[] | null;
  levels: readonly Level[] | null;
  unchecked: boolean;
}

/** Takes one directive into the header. `placed` gives a position its file. */
function take(header: Header, name: Directive, value: string, placed: (from: PlaceText) => Place, problem: (message: string) => void): void {
  const once = (seen: unknown): void => { if (seen !== null) problem(`${name}: stands twice`); };
  switch (name) {
    case "run": case "test": case "check": case "refused":
      read(name, value, problem);
      once(header.mode);
      header.mode = name;
      break;
    case "unchecked":
      read(name, value, problem);
      header.unchecked = true;
      break;
    case "args":
      once(header.args);
      header.args = read(name, value, problem) ?? [];
      break;
    case "stdin": header.stdin += `${value}\n`; break;
    case "stdin-exact": header.stdin += read(name, value, problem) ?? ""; break;
    case "stdout": header.stdout = `${header.stdout ?? ""}${value}\n`; break;
    case "stdout-exact": case "stdout-repeat": header.stdout = (header.stdout ?? "") + (read(name, value, problem) ?? ""); break;
    case "stderr": header.stderr = `${header.stderr ?? ""}${value}\n`; break;
    case "stderr-exact": header.stderr = (header.stderr ?? "") + (read(name, value, problem) ?? ""); break;
    case "exit": once(header.exit); header.exit = read(name, value, problem); break;
    case "panic": {
      once(header.panic);
      const parts = read(name, value, problem);
      if (parts === null) break;
      const open = parts.message.endsWith("…");
      header.panic = { message: open ? parts.message.slice(0, -1) : parts.message, open, at: parts.at === null ? null : placed(parts.at) };
      break;
    }
    case "error": case "warning": {
      const parts = read(name, value, problem);
      if (parts === null) break;
      const expected = { code: parts[0], ...placed(parts[1]) };
      if (name === "error") header.errors.push(expected);
      else (header.warnings ??= []).push(expected);
      break;
    }
    case "no-warning": read(name, value, problem); header.warnings ??= []; break;
    case "targets": once(header.targets); header.targets = read(name, value, problem); break;
    case "levels": once(header.levels); header.levels = read(name, value, problem); break;
  }
}

/** What contradicts itself, or is missing, in a header as a whole. */
function contradictions({ mode, errors, args, stdin, stdout, stderr, exit, panic, about }: Header): string[] {
  const found: string[] = [];
  const runs = mode === "run" || mode === "test";
  if (mode === null) found.push("one of run, test, check, refused must stand in the header");
  if (mode === "refused" && errors.length === 0) found.push("a refused program lists at least one error");
  if (mode !== "refused" && errors.length > 0) found.push("only a refused program lists errors");
  if (!runs && (args !== null || stdin !== "" || stdout !== null || stderr !== null || exit !== null || panic !== null)) {
    found.push("a program that is not run has no args, stdin, stdout, stderr, exit or panic");
  }
  if (panic !== null && exit !== null) found.push("a panic exits with 101: no exit beside it");
  if (about.length === 0) found.push("a comment line says what the program shows");
  return found;
}

/**
 * Reads the header of the program `text`, whose path is `file` (relative to the suite's root, with `/`).
 * Never throws: what is malformed is returned with its line.
 */
export function parseHeader(file: string, text: string): ParsedHeader {
  const problems: HeaderProblem[] = [];
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
  const placed = (from: PlaceText): Place => ({ file: from.file === null ? file : folder + from.file, line: from.line, column: from.column });
  const header: Header = {
    mode: null, about: [], args: null, stdin: "", stdout: null, stderr: null, exit: null, panic: null, errors: [], warnings: null, targets: null, levels: null, unchecked: false,
  };

  let inHeader = true;
  text.split("\n").forEach((raw, index) => {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const problem = (message: string): void => { problems.push({ file, line: index + 1, message }); };
    if (!line.startsWith("//@")) {
      if (!line.startsWith("//") || line.startsWith("///")) inHeader = false;
      else if (inHeader) header.about.push(line.slice(2).trim());
      return;
    }
    const [, name, value = ""] = /^\/\/@ ([a-z-]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (!inHeader) problem("a directive behind the end of the header");
    else if (name === undefined) problem("expected `//@ DIRECTIVE` or `//@ DIRECTIVE: VALUE`");
    else if (!isDirective(name)) problem(`no such directive: ${name}`);
    else take(header, name, value, placed, problem);
  });

  for (const message of contradictions(header)) problems.push({ file, line: 1, message });
  const { mode, panic } = header;
  if (mode === null || problems.length > 0) return { kind: "malformed", problems };
  return {
    kind: "program",
    expectation: {
      mode, about: header.about.join(" "), args: header.args ?? [], stdin: header.stdin,
      stdout: header.stdout ?? (mode === "test" ? null : ""),
      stderr: header.stderr ?? (mode === "test" ? null : ""),
      exit: panic !== null ? 101 : (header.exit ?? 0),
      panic, errors: header.errors, warnings: header.warnings,
      targets: header.targets ?? [], levels: header.levels ?? levels, unchecked: header.unchecked,
    },
  };
}
