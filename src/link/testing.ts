/** For the tests of this folder: small objects out of raw bytes, and running what came out. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readElf } from "../../formats/elf/read.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import type { ObjectFile } from "./object.ts";
import { link } from "./link.ts";
import type { LinkOptions } from "./link.ts";
import type { LinkError } from "./linkError.ts";
import { RelocationKind } from "./relocationKind.ts";

/** Bytes from hexadecimal text; blanks don't matter. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replaceAll(/\s+/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

/** Numbers from 0 to below what is asked, the same for the same seed. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

/** A copy in which up to three bytes are others. */
export function damaged(good: Uint8Array<ArrayBuffer>, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const bytes = good.slice();
  for (let i = random(4); i > 0; i--) bytes[random(bytes.length)] = [0, 1, 2, 0xff, 0x7f, random(256)][random(6)] as number;
  return bytes;
}

/** `_start`: writes `message` from rodata to standard output and exits with `status`. */
export function hello(message: string, status: number): ObjectFile {
  const object = new ObjectBuilder("hello", "x86_64");
  const text = object.section("text", ".text", 1);
  const rodata = object.section("rodata", ".rodata", 1);
  const bytes = new TextEncoder().encode(message);
  const start = object.symbol("_start", Binding.global, SymbolType.function);
  const msg = object.symbol("message", Binding.local, SymbolType.object);
  // mov eax,1; mov edi,1; lea rsi,[rip+message]; mov edx,length; syscall; mov eax,60; mov edi,status; syscall
  object.append(text, hex(`b801000000 bf01000000 488d3500000000 ba${u32(bytes.length)} 0f05 b83c000000 bf${u32(status)} 0f05`));
  object.define(start, text, 0, 36);
  object.define(msg, rodata, object.append(rodata, bytes), bytes.length);
  object.relocate(text, 13, RelocationKind.pc32, msg, -4);
  return object.finish();
}

/** Four bytes, little-endian, as hexadecimal text. */
export function u32(n: number): string {
  return [0, 8, 16, 24].map((shift) => ((n >>> shift) & 255).toString(16).padStart(2, "0")).join("");
}

/** Links for x86_64 from `_start`, or throws what went wrong. */
export function linked(objects: readonly ObjectFile[], options: Partial<LinkOptions> = {}): Extract<ReturnType<typeof link>, { ok: true }> {
  const result = link(objects, { machine: "x86_64", entry: "_start", ...options });
  if (!result.ok) throw new Error(result.errors.map((e) => `${e.code} ${e.message} [${e.places.join("; ")}]`).join("\n"));
  return result;
}

/** The errors of a link that must fail. */
export function linkErrors(objects: readonly ObjectFile[], options: Partial<LinkOptions> = {}): readonly LinkError[] {
  const result = link(objects, { machine: "x86_64", entry: "_start", ...options });
  if (result.ok) throw new Error("the link succeeded");
  return result.errors;
}

/** Whether this machine runs what we make. */
export const runsHere = process.platform === "linux" && process.arch === "x64";

/** Gives `use` a folder that is gone afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "lang-link-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in `folder`. */
export function run(folder: string, command: readonly string[]): Ran {
  const ran = Bun.spawnSync({ cmd: [...command], cwd: folder, stdin: "ignore" });
  return { status: ran.exitCode ?? -1, out: ran.stdout.toString(), err: ran.stderr.toString() + (ran.signalCode === undefined ? "" : ` ${ran.signalCode}`) };
}

/** Runs an executable given as bytes; `command` stands before its path. */
export function execute(bytes: Uint8Array, command: readonly string[] = []): Ran {
  return inFolder((folder) => {
    const path = join(folder, "program");
    writeFileSync(path, bytes, { mode: 0o755 });
    return run(folder, [...command, path]);
  });
}

/** Whether a tool can be found. */
export function has(tool: string): boolean {
  return Bun.which(tool) !== null;
}

/** What matters of a .o, as lines: sections with their bytes, symbols, relocations by symbol name. */
export function describeObject(bytes: Uint8Array): string[] {
  const read = readElf(bytes);
  if (!read.ok) throw new Error(`${read.error.field}: ${read.error.problem}`);
  const { sections, symbols } = read.file;
  const lines: string[] = [];
  for (const s of sections) {
    // `as` always makes the three classic sections
    if (s.size === 0) continue;
    lines.push(`section ${s.name} type ${s.type} flags ${s.flags} alignment ${s.alignment} entry ${s.entrySize} size ${s.size} ${Buffer.from(s.content).toString("hex")}`);
    const r = s.relocations;
    if (r === undefined) continue;
    for (let i = 0; i < r.count; i++) lines.push(`${s.name}+${r.offset[i]} type ${r.type[i]} ${symbols.names[r.symbol[i]]} ${r.addend[i]}`);
  }
  for (let i = 0; i < symbols.count; i++) {
    // what arm64's assemblers say of code and data within a section
    if (/^\$[xd](\.|$)/.test(symbols.names[i])) continue;
    // `as` names the table when it sees @GOTPCREL; nothing refers to that
    if ((symbols.info[i] & 15) === 3 || symbols.names[i] === "_GLOBAL_OFFSET_TABLE_") continue;
    const where = symbols.section[i] < 0 ? symbols.section[i] : sections[symbols.section[i]].name;
    lines.push(`symbol ${symbols.names[i]} info ${symbols.info[i]} other ${symbols.other[i]} ${where}+${symbols.value[i]} size ${symbols.size[i]}`);
  }
  return lines.sort();
}
