/** For tests: the assemblers and disassemblers of this machine, where it has them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const hasAs = Bun.which("as") !== null && process.arch === "x64";
export const hasObjdump = Bun.which("objdump") !== null && process.arch === "x64";
export const hasLlvmMc = Bun.which("llvm-mc") !== null;

/** Runs `action` with a directory that is removed afterwards. */
export function inTemporaryFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "lang-encoders-"));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a tool to its end and returns what it printed; throws what it complained of. */
export function runTool(command: readonly string[]): string {
  const done = Bun.spawnSync([...command], { env: { ...process.env, LC_ALL: "C" } });
  if (done.exitCode !== 0) throw new Error(`${command.join(" ")}: ${done.stderr.toString().slice(0, 2000)}`);
  return done.stdout.toString();
}

/** The bytes, in hexadecimal, of each instruction in Intel syntax as GNU `as` has them. */
export function assembleWithAs(instructions: readonly string[]): string[] {
  return inTemporaryFolder((folder) => {
    const source = join(folder, "a.s");
    const listing = join(folder, "a.lst");
    writeFileSync(source, `.intel_syntax noprefix\n${instructions.join("\n")}\n`);
    runTool(["as", "--64", "--listing-lhs-width=8", `-aln=${listing}`, "-o", join(folder, "a.o"), source]);
    const found: string[] = instructions.map(() => "");
    for (const line of readFileSync(listing, "utf8").split("\n")) {
      const match = /^ *(\d+) [0-9a-f]{4,} ([0-9A-F ]+?)(?: *\t|$)/.exec(line);
      if (match !== null) found[Number(match[1]) - 2] += match[2].replaceAll(" ", "").toLowerCase();
    }
    return found;
  });
}

/** The same from llvm-mc. */
export function assembleWithLlvmMc(instructions: readonly string[]): string[] {
  return inTemporaryFolder((folder) => {
    const source = join(folder, "a.s");
    writeFileSync(source, `.intel_syntax noprefix\n${instructions.join("\n")}\n`);
    const output = runTool(["llvm-mc", "-arch=x86-64", "-mattr=+fma,+bmi,+bmi2,+lzcnt,+popcnt,+sse4.2,+cx16", "-show-encoding", source]);
    return [...output.matchAll(/encoding: \[([^\]]*)\]/g)].map((match) => match[1].replace(/0x|,/g, ""));
  });
}

/** objdump's text of each instruction, by offset. */
export function disassembleWithObjdump(code: Uint8Array): Map<number, string> {
  return inTemporaryFolder((folder) => {
    const file = join(folder, "a.bin");
    writeFileSync(file, code);
    const output = runTool(["objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--no-show-raw-insn", file]);
    const found = new Map<number, string>();
    for (const line of output.split("\n")) {
      const match = /^ *([0-9a-f]+):\t(.*)$/.exec(line);
      if (match !== null) found.set(parseInt(match[1], 16), match[2]);
    }
    return found;
  });
}
