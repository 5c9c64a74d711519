/** How a target's programs run on this machine: by themselves, under somebody's emulation, or not at all. Nothing here is needed to build. */

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { hostTarget, type TargetRow } from "../../os/targets.ts";

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

interface Emulator {
  readonly name: string;
  /** Whether it could run the target's programs on this kind of machine, if it is there. */
  readonly fits: (target: TargetRow, own: TargetRow) => boolean;
  readonly find: () => string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

const emulators: readonly Emulator[] = [
  {
    name: "wine",
    fits: (target, own) => target.os === "windows" && target.architecture === own.architecture && own.os !== "windows",
    find: () => findProgram(["wine64", "wine"], ["/usr/lib/wine/wine64", "/usr/lib64/wine/wine64"]),
    environment: { WINEDEBUG: "-all" },
  },
  {
    name: "qemu-aarch64",
    fits: (target, own) => target.os === "linux" && own.os === "linux" && String(target.architecture) === "arm64" && own.architecture === "x86_64",
    find: () => findProgram(["qemu-aarch64", "qemu-aarch64-static"]),
  },
];

const known = new Map<string, Runner>();

/** How programs for `target` run here. */
export function runnerOf(target: TargetRow): Runner {
  const own = hostTarget(process.platform, process.arch);
  if (own !== undefined && own.os === target.os && own.architecture === target.architecture) return { kind: "native" };
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
  const path = emulator.find();
  if (path === undefined) return { kind: "none", reason: `programs for ${target.name} run here under ${emulator.name}, which is not installed` };
  return { kind: "under", name: emulator.name, command: [path], environment: { ...emulator.environment } };
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
