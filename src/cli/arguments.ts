/** The compiler's traditional flags (-O2, -S, -march=…) as the long options that the command-line library knows, and back into plain data. */

/** Rewrites argv (without node and script). What follows `--` belongs to the program and stays. */
export function normalizeArguments(argv: readonly string[]): string[] {
  const out: string[] = [];
  // `lang help build` is `lang build --help`.
  if (argv[0] === "help" && argv.slice(1).filter((word) => !word.startsWith("-")).length < 2) return [...argv.slice(1).filter((word) => word !== "help"), "--help"];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") {
      out.push(...argv.slice(i));
      break;
    }
    if (levels.has(word)) out.push(`--level=${levelOf(word.slice(1))}`);
    else if (word === "-S") out.push("--assembly");
    else if (word === "-g") out.push("--debugInfo");
    else if (word === "-march" || word.startsWith("-march=")) out.push(`-${word}`);
    else if (word === "-o") {
      const name = argv[++i];
      out.push(name === undefined ? "--output" : `--output=${name}`);
    } else if (word.startsWith("-o")) out.push(`--output=${word.slice(2)}`);
    // The library knows flags without a value by their names in one word only.
    else if (flags.has(word)) out.push(word.replace(/(?<=\w)-(\w)/g, (_, letter: string) => letter.toUpperCase()));
    // What follows is not when, but the file.
    else if (word === "--color" && !/^(auto|always|never)$/.test(argv[i + 1] ?? "")) out.push("--color=always");
    // A lone dash is standard input; the library would take it for an empty flag.
    else if (word === "-") out.push(standardInput);
    else out.push(word);
  }
  return out;
}

const levels = new Set(["-O", "-O0", "-O1", "-O2", "-O3", "-Os"]);

const flags = new Set(["--time-passes", "--verify-ir", "--keep-temps", "--emit-asm", "--emit-ir", "--emit-llvm", "--debug-info", "--dump-ownership"]);

/** Stands for `-` among the files until they are read off. */
const standardInput = "\0stdin";

/** A word of the command line as its user wrote it. */
export function givenWord(word: string): string {
  return word === standardInput ? "-" : word;
}

function levelOf(text: string): string {
  return text === "O" ? "O1" : text === "O3" ? "O2" : text;
}
