/** How a target's programs run on this machine: by themselves, under somebody's emulation, or not at all. Nothing here is needed to build. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findTarget, hostTarget, type TargetRow } from "../../os/targets.ts";
import { build as compile } from "../driver/build.ts";
import { host, type BuildHost } from "../driver/host.ts";
import { buildRequest } from "../driver/request.ts";
import { keptFolder, writeProgram } from "./temporary.ts";

export type Runner =
  | { readonly kind: "native" }
  /** The program is an argument of `command`. */
  | { readonly kind: "under"; readonly name: string; readonly command: readonly string[]; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: "none"; readonly reason: string };

/** Where a program that may be installed lies: in a folder of PATH, or at a place that distributions use. */
function findProgram(names: readonly string[], places: readonly string[] = []): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const findWine = (): string | undefined => findProgram(["wine64", "wine"], ["/usr/lib/wine/wine64", "/usr/lib64/wine/wine64"]);

/** Programs of others that are used where they are there: clang under LANGBE=llvm, the others to run what was built for another machine. */
export function foundPrograms(): Readonly<Record<"clang" | "qemu" | "wine", string | undefined>> {
  const named = process.env["LANG_CLANG"] ?? "";
  return { clang: named.includes("/") ? findProgram([], [named]) : findProgram([named === "" ? "clang" : named]), qemu: findQemu()?.()[0], wine: findWine() };
}

const always = (path: string | undefined): (() => readonly string[]) | undefined => (path === undefined ? undefined : () => [path]);
const findQemu = (): (() => readonly string[]) | undefined => always(findProgram(["qemu-aarch64", "qemu-aarch64-static"]));

/** The loader of that name in os/loaders/, compiled by ourselves for `target`; kept from run to run by its content. */
function buildLoader(name: string, target: string): string {
  const found = findTarget(target);
  if (!found.ok) throw new Error(`cli/runners.buildLoader: ${found.message}`);
  const path = `os/loaders/${name}.lang`;
  const answer = compile(buildRequest(path, host.library(path) ?? new Uint8Array(0), found.target, { strip: true }), libraryHost);
  if (answer.bytes === undefined) throw new Error(`cli/runners.buildLoader: ${path}: ${[...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("; ")}`);
  const folder = keptFolder("loaders");
  const program = join(folder, `${name}-${target}-${createHash("sha256").update(answer.bytes).digest("hex").slice(0, 16)}`);
  if (existsSync(program)) return program;
  writeProgram(program, answer.bytes);
  return program;
}

/** The loaders' files include one another from the library. */
const libraryHost: BuildHost = {
  ...host,
  read(path) {
    const bytes = host.library(path.slice(path.lastIndexOf("os/loaders/")));
    return bytes === undefined ? { ok: false, reason: "there is no such file", missing: true } : { ok: true, bytes };
  },
};

interface Emulator {
  readonly name: string;
  /** What must be installed, if it is not called as the whole is. */
  readonly needs?: string;
  /** Whether it could run the target's programs on this kind of machine, if it is there. */
  readonly fits: (target: TargetRow, own: TargetRow) => boolean;
  /** Undefined if it is not here; else what gives the command, which may take a moment. */
  readonly find: (target: TargetRow) => (() => readonly string[]) | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  /** What is not here though the emulator is. */
  readonly missing?: (target: TargetRow) => string | undefined;
}

/** Where distributions put another architecture's loader and libraries; QEMU_LD_PREFIX comes first, as for qemu itself. */
function foreignRoots(): readonly string[] {
  const own = process.env["QEMU_LD_PREFIX"];
  return [...(own === undefined ? [] : [own]), "/usr/aarch64-linux-gnu", "/usr/aarch64-linux-musl"];
}

function foreignRoot(interpreter: string): string | undefined {
  return foreignRoots().find((root) => existsSync(root + interpreter));
}

/** By system: its loader in os/loaders/. */
const loaders: Partial<Record<TargetRow["os"], string>> = { macos: "macho", windows: "pe" };

const hostName = hostTarget(process.platform, process.arch)?.name ?? "";

const emulators: readonly Emulator[] = [
  {
    name: "wine",
    fits: (target, own) => target.os === "windows" && target.architecture === own.architecture && own.os !== "windows",
    find: () => always(findWine()),
    environment: { WINEDEBUG: "-all" },
  },
  {
    name: "qemu-aarch64",
    fits: (target, own) => target.os === "linux" && own.os === "linux" && target.architecture === "arm64" && own.architecture === "x86_64",
    find: (target) => {
      const qemu = findQemu();
      if (qemu === undefined || target.interpreter === undefined) return qemu;
      const root = foreignRoot(target.interpreter);
      return root === undefined ? undefined : () => [...qemu(), "-L", root];
    },
    missing: ({ interpreter }) => (interpreter === undefined || findQemu() === undefined ? undefined : `${interpreter} of another machine is in none of ${foreignRoots().join(", ")}`),
  },
  {
    name: "our own loader",
    fits: (target, own) => loaders[target.os] !== undefined && own.os === "linux" && target.architecture === own.architecture && (target.os !== "windows" || own.architecture === "arm64"),
    find: (target) => () => [buildLoader(loaders[target.os] ?? "", hostName)],
  },
  {
    name: "our own loader (qemu)",
    needs: "qemu-aarch64",
    fits: (target, own) => loaders[target.os] !== undefined && own.os === "linux" && target.architecture === "arm64" && own.architecture === "x86_64",
    find: (target) => {
      const qemu = findQemu();
      return qemu === undefined ? undefined : () => [...qemu(), buildLoader(loaders[target.os] ?? "", "linux-arm64")];
    },
  },
];

const known = new Map<string, Runner>();

/** How programs for `target` run here. */
export function runnerOf(target: TargetRow): Runner {
  const own = hostTarget(process.platform, process.arch);
  if (own !== undefined && own.os === target.os && own.architecture === target.architecture) {
    if (target.interpreter === undefined || existsSync(target.interpreter)) return { kind: "native" };
    return { kind: "none", reason: `programs for ${target.name} are loaded by ${target.interpreter}, which is not installed` };
  }
  let runner = known.get(target.name);
  if (runner === undefined) {
    runner = own === undefined ? { kind: "none", reason: "nothing runs on this machine but the compiler" } : under(target, own);
    known.set(target.name, runner);
  }
  return runner;
}

function under(target: TargetRow, own: TargetRow): Runner {
  const emulator = emulators.find(({ fits }) => fits(target, own));
  if (emulator === undefined) return { kind: "none", reason: `programs for ${target.name} do not run on this machine` };
  const find = emulator.find(target);
  if (find === undefined) return { kind: "none", reason: emulator.missing?.(target) ?? `programs for ${target.name} run here under ${emulator.needs ?? emulator.name}, which is not installed` };
  let command: readonly string[] | undefined;
  return {
    kind: "under", name: emulator.name, environment: { ...emulator.environment },
    get command() {
      return (command ??= find());
    },
  };
}

/** What to start, to run `program`. */
export function commandLine(runner: Exclude<Runner, { kind: "none" }>, program: string, args: readonly string[]): { readonly program: string; readonly args: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  if (runner.kind === "native") return { program, args, environment: {} };
  return { program: runner.command[0] as string, args: [...runner.command.slice(1), program, ...args], environment: runner.environment };
}

/** What emulation needs to be up before output is collected: wine's services would otherwise hold the first program's output open. */
export function warmUp(runner: Runner): void {
  if (runner.kind !== "under" || runner.name !== "wine") return;
  spawnSync(runner.command[0] as string, ["wineboot"], { stdio: "ignore", env: { ...process.env, ...runner.environment }, timeout: 120_000 });
}
