/** For tests: the assemblers and disassemblers for AArch64 of this machine, where it has them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readElf } from "../../../formats/elf/read.ts";

export const hasLlvmMc = Bun.which("llvm-mc") !== null;
export const hasAs = Bun.which("aarch64-linux-gnu-as") !== null;
const attributes = "-mattr=+lse,+crc,+rcpc,+aes,+sha2,+fullfp16,+el3";

function inFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "lang-encoders-"));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: readonly string[]): string {
  const done = Bun.spawnSync([...command], { env: { ...process.env, LC_ALL: "C" } });
  if (done.exitCode !== 0) throw new Error(`${command.join(" ")}: ${done.stderr.toString().slice(0, 3000)}`);
  return done.stdout.toString();
}

/** The words of the only section with code in an object file. */
function wordsOf(path: string): number[] {
  const read = readElf(readFileSync(path));
  if (!read.ok) throw new Error(read.error.problem);
  const text = read.file.sections.find(({ name }) => name === ".text");
  const { buffer, byteOffset, length } = text?.content ?? new Uint8Array(0);
  const view = new DataView(buffer, byteOffset, length);
  return Array.from({ length: length / 4 }, (_, i) => view.getUint32(i * 4, true));
}

/** Each instruction's word by llvm-mc; every one stands at the same distance from `.`. */
export function assembleWithLlvmMc(instructions: readonly string[]): number[] {
  return inFolder((folder) => {
    writeFileSync(join(folder, "a.s"), `${instructions.join("\n")}\n`);
    run(["llvm-mc", "-triple=aarch64", attributes, "-filetype=obj", "-o", join(folder, "a.o"), join(folder, "a.s")]);
    return wordsOf(join(folder, "a.o"));
  });
}

/** The same by GNU `as`. */
export function assembleWithAs(instructions: readonly string[]): number[] {
  return inFolder((folder) => {
    writeFileSync(join(folder, "a.s"), `${instructions.join("\n")}\n`);
    run(["aarch64-linux-gnu-as", "-march=armv8-a+lse+crc+rcpc+aes+sha2+fp16", "-o", join(folder, "a.o"), join(folder, "a.s")]);
    return wordsOf(join(folder, "a.o"));
  });
}

/** llvm-mc's text of each word; "" for what is no instruction to it. */
export function disassembleWithLlvmMc(words: readonly number[]): string[] {
  return inFolder((folder) => {
    const bytes = (word: number): string => [0, 8, 16, 24].map((shift) => `0x${((word >>> shift) & 255).toString(16)}`).join(" ");
    writeFileSync(join(folder, "a.txt"), `${words.map(bytes).join("\n")}\n`);
    // What it cannot read it leaves out, with the line on the error output.
    const done = Bun.spawnSync(["llvm-mc", "-triple=aarch64", attributes, "-disassemble", join(folder, "a.txt")], { env: { ...process.env, LC_ALL: "C" } });
    const bad = new Set([...done.stderr.toString().matchAll(/:(\d+):\d+: warning: invalid instruction/g)].map((match) => Number(match[1]) - 1));
    const texts = done.stdout.toString().split("\n").filter((line) => line.startsWith("\t") && line.trim() !== ".text");
    let next = 0;
    return words.map((_, i) => (bad.has(i) ? "" : (texts[next++] ?? "").trim().replaceAll(/\s+/g, " ")));
  });
}
