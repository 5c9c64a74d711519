/**
 * The targets: one row each. All that distinguishes them is here or in a folder that a row names; nothing else asks which one it is.
 * Imports nothing of src/.
 */

export type Os = "linux" | "macos" | "windows";
export type Architecture = "x86_64" | "arm64";
export type Libc = "none" | "libc" | "musl";

export interface TargetRow {
  /** `OS-ARCHITECTURE`, the name by which messages call it. */
  readonly name: string;
  readonly os: Os;
  readonly architecture: Architecture;
  /** What LANGBE and the constant BACKEND call the code generator. */
  readonly backend: string;
  readonly libc: Libc;
  /** The executable's format. */
  readonly format: "elf" | "macho" | "pe";
  /** The file that makes its system calls, within os/. */
  readonly layer: string;
  /** How C functions are called: the architecture's own ABI, Apple's variant of it, or Windows'. */
  readonly calls: "system" | "apple" | "windows";
  /** The widest integer behind `...` on whose place C compilers agree, in bits. */
  readonly variadicBits: 64 | 128;
  /** Whether memory below the stack pointer may be used by code that calls nothing. */
  readonly redZone: boolean;
  /** What the process entry finds: the kernel's block of arguments at the stack pointer, the arguments of C's `main`, those with argv
   * in the kernel's block, or nothing. */
  readonly entry: "stack" | "main" | "argv" | "nothing";
  /** How a failed system call says so: by a negative result, or by the carry flag; "none": programs make none. */
  readonly systemCalls: "negative" | "carry" | "none";
  /** Who loads a dynamic executable; undefined where that is not said in the file, or nobody does. */
  readonly interpreter?: string;
  /** The C library's file, by the name that its loader knows. */
  readonly library?: string;
  /** The ending of an executable's name. */
  readonly executableEnding: string;
  /** How node names the machine that it runs on: process.platform, process.arch. */
  readonly host: { readonly platform: string; readonly arch: string };
}

const linux = { os: "linux", libc: "none", format: "elf", calls: "system", variadicBits: 128, redZone: true, entry: "stack", systemCalls: "negative", executableEnding: "" } as const;
const macos = { os: "macos", libc: "libc", format: "macho", calls: "apple", variadicBits: 128, redZone: true, entry: "main", systemCalls: "carry", executableEnding: "" } as const;
const windows = { os: "windows", libc: "none", format: "pe", calls: "windows", variadicBits: 128, redZone: false, entry: "nothing", systemCalls: "none", executableEnding: ".exe" } as const;

/** The rows that a name finds come first; what differs from one of them in the C library only, comes after it and needs LANGLIBC. */
export const targets: readonly TargetRow[] = [
  { ...linux, name: "linux-x86_64", architecture: "x86_64", backend: "x86", layer: "os/linux_x86_64.lang", host: { platform: "linux", arch: "x64" } },
  { ...linux, name: "linux-arm64", architecture: "arm64", backend: "arm64", redZone: false, layer: "os/linux_arm64.lang", host: { platform: "linux", arch: "arm64" } },
  ...linuxWith("libc", "libc.so.6", "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"),
  ...linuxWith("musl", "libc.so", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"),
  { ...macos, name: "macos-x86_64", architecture: "x86_64", backend: "x86", layer: "os/macos_libc.lang", host: { platform: "darwin", arch: "x64" } },
  { ...macos, name: "macos-x86_64-none", libc: "none", architecture: "x86_64", backend: "x86", layer: "os/macos_x86_64.lang", host: { platform: "darwin", arch: "x64" } },
  { ...macos, name: "macos-arm64", architecture: "arm64", backend: "arm64", redZone: false, layer: "os/macos_libc.lang", host: { platform: "darwin", arch: "arm64" } },
  { ...macos, name: "macos-arm64-none", libc: "none", architecture: "arm64", backend: "arm64", redZone: false, layer: "os/macos_arm64.lang", host: { platform: "darwin", arch: "arm64" } },
  { ...windows, name: "windows-x86_64", architecture: "x86_64", backend: "x86", layer: "os/windows_x86_64.lang", host: { platform: "win32", arch: "x64" } },
  { ...windows, name: "windows-arm64", architecture: "arm64", variadicBits: 64, backend: "arm64", layer: "os/windows_arm64.lang", host: { platform: "win32", arch: "arm64" } },
  { ...windows, libc: "libc", name: "windows-x86_64-libc", architecture: "x86_64", backend: "x86", layer: "os/windows_x86_64.lang", host: { platform: "win32", arch: "x64" } },
  { ...windows, libc: "libc", name: "windows-arm64-libc", architecture: "arm64", variadicBits: 64, backend: "arm64", layer: "os/windows_arm64.lang", host: { platform: "win32", arch: "arm64" } },
];

/** Both architectures with a C library, which is not needed to build: the executable names its loader and its file. */
function linuxWith(libc: Libc, library: string, x86_64: string, arm64: string): readonly TargetRow[] {
  return [
    { ...linux, libc, library, entry: "argv", name: `linux-x86_64-${libc}`, architecture: "x86_64", backend: "x86", layer: "os/libc.lang", host: { platform: "linux", arch: "x64" }, interpreter: x86_64 },
    { ...linux, libc, library, entry: "argv", name: `linux-arm64-${libc}`, architecture: "arm64", backend: "arm64", redZone: false, layer: "os/libc.lang", host: { platform: "linux", arch: "arm64" }, interpreter: arm64 },
  ];
}

/** Other tools' words for the parts of a target's name. */
const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "macos", macos: "macos", macosx: "macos", osx: "macos", windows: "windows", win: "windows", win32: "windows", mingw32: "windows", mingw: "windows" };
const architectures: Readonly<Record<string, string>> = { x86_64: "x86_64", amd64: "x86_64", x64: "x86_64", "x86-64": "x86_64", arm64: "arm64", aarch64: "arm64", wasm: "wasm", wasm32: "wasm" };
/** Words that other tools have for processors, or ways to use them, of 32 bits; `x86` is one, though LANGBE has it for the backend. */
const of32Bits = new Set(["x86", "i386", "i486", "i586", "i686", "386", "x32", "ia32", "x86_32", "arm", "arm32", "armhf", "armel", "armv6", "armv7", "armv7a", "armv7l", "thumbv7", "gnux32", "muslx32"]);
const libraries: Readonly<Record<string, Libc>> = { none: "none", libc: "libc", musl: "musl", glibc: "libc" };
/** Parts that add nothing: vendors and, where we need none, C libraries. */
const fillers = new Set(["unknown", "pc", "apple", "gnu", "msvc", "elf", "w64", "bun"]);

export type TargetLookup = { readonly ok: true; readonly target: TargetRow } | { readonly ok: false; readonly message: string; readonly advice: string };

/** The target that somebody means by `linux-x86_64`, `x86_64-linux-gnu`, `linux/amd64` and so on; `wanted`: the C library, where the spelling does not say. */
export function findTarget(spelling: string, wanted?: string): TargetLookup {
  let libc: string | undefined = wanted;
  let os: string | undefined;
  let architecture: string | undefined;
  // Zig's gnu.2.28 names a version of the C library; which one a program needs, --glibc says.
  for (const part of wordsOf(spelling.toLowerCase())) {
    const system = systemOf(part);
    const differs = (before: string | undefined, now: string | undefined): boolean => before !== undefined && now !== undefined && before !== now;
    if (differs(os, system) || differs(architecture, architectures[part])) return { ok: false, message: `there is no target '${spelling}': it names ${system === undefined ? `${architecture} and ${architectures[part]}` : `${os} and ${system}`}`, advice: possible() };
    if (architectures[part] !== undefined) architecture = architectures[part];
    else if (system !== undefined) os = system;
    else if (libraries[part] !== undefined) libc = libraries[part];
    else if (of32Bits.has(part)) return { ok: false, message: `there is no target '${spelling}': '${part}' is of 32 bits, and programs are built for 64`, advice: possible() };
    else if (!fillers.has(part)) return { ok: false, message: `there is no target '${spelling}': '${part}' is no operating system and no architecture that programs are built for`, advice: possible() };
  }
  const rows = targets.filter((row) => row.os === os && row.architecture === architecture);
  const target = libc === undefined ? rows[0] : rows.find((row) => row.libc === libc);
  if (target !== undefined) return { ok: true, target };
  if (rows.length === 0) {
    const lacks = os === undefined && architecture === undefined ? "operating system and no architecture" : os === undefined ? "operating system" : architecture === undefined ? "architecture" : undefined;
    const near = everyTarget().filter((row) => row.os === os || row.architecture === architecture).map(({ name }) => name);
    return { ok: false, message: `there is no target '${spelling}'${lacks === undefined ? "" : `: it names no ${lacks}`}`, advice: near.length > 0 ? `for example ${near.join(", ")}` : possible() };
  }
  return { ok: false, message: `there is no target '${spelling}' with the C library '${libc}'`, advice: `for ${os} on ${architecture} LANGLIBC is ${[...new Set(rows.map((row) => row.libc))].join(" or ")}` };
}

/** The words of a spelling: `linux-x86_64`, `linux/amd64`, `linux_x86_64`. */
function wordsOf(spelling: string): readonly string[] {
  return spelling.replace(/x86-64/g, "x86_64").replace(/^([a-z]+)_(?=x86_64$|arm64$)/, "$1-").replace(/(-(?:gnu|musl))\.[\d.]+$/, "$1").split(/[-/]/);
}

/** The system of a word, perhaps with a version: `darwin`, `macos14`, `osx.13`. */
function systemOf(part: string): string | undefined {
  return Object.entries(systems).find(([word]) => part === word || (part.startsWith(word) && /^[\d.]+$/.test(part.slice(word.length))))?.[1];
}

/** Whether a word names an operating system. */
export function knownSystem(word: string): boolean {
  return systemOf(word) !== undefined;
}

/** The architecture that a backend or another tool's word stands for. */
export function architectureOf(word: string): string | undefined {
  return architectures[word] ?? targets.find(({ backend }) => backend === word)?.architecture;
}

/** A row for each operating system and architecture: the one that its plain name finds, or the one with that C library where there is one. */
export function everyTarget(libc?: string): readonly TargetRow[] {
  return targets.filter((row) => row === targets.find((other) => other.os === row.os && other.architecture === row.architecture && (libc === undefined || other.libc === libc)));
}

/** The row of the machine that this runs on; undefined where programs can be built but not run. */
export function hostTarget(platform: string, arch: string): TargetRow | undefined {
  return targets.find((row) => row.host.platform === platform && row.host.arch === arch);
}

function possible(): string {
  return `the targets are ${targets.map((row) => row.name).join(", ")}`;
}
