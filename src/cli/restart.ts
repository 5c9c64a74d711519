/**
 * Large programs are built in a process that starts anew without JavaScriptCore's last compiler. That one takes longer to compile the compiler than its code
 * saves: a build of 100,000 lines needs twice the processor time with it, one of 400,000 too. It can be turned off from the environment alone, and
 * with it goes what else makes large builds quicker (environment.ts).
 */

import { statusOf } from "../driver/files.ts";
import type { BuildHost } from "../driver/host.ts";
import { restartEnvironment, restartVariable } from "./environment.ts";

/** Programs from so many bytes on take long enough that starting again pays. */
const largeProgram = 200_000;

/** Starts the process again if one of the files that are to be built is that large: before the compiler is loaded, and anything is read. */
export function restartForLarge(files: readonly string[], restart = restartHere()): void {
  if (restart !== undefined && files.some((path) => sizeOf(path) > largeProgram)) restart();
}

/** Bytes of a file; 0 for what is none, or cannot be looked at: who reads it tells. */
function sizeOf(path: string): number {
  try {
    const status = path === "-" ? undefined : statusOf(path);
    return status?.kind === "file" ? status.size : 0;
  } catch {
    return 0;
  }
}

/** A host that starts the process again when it has read that much, with what files include; until `stay` is called, as the process must not have written anything. */
export function restarting(host: BuildHost, restart = restartHere()): { readonly host: BuildHost; readonly stay: () => void } {
  let left = restart === undefined ? Number.POSITIVE_INFINITY : largeProgram;
  const stay = (): void => { left = Number.POSITIVE_INFINITY; };
  const paths: string[] = [];
  const read: BuildHost["read"] = (path) => {
    const found = host.read(path);
    paths.push(path);
    if (found.ok && (left -= found.bytes.length) < 0) {
      stay();
      if (paths.every(mayReadAgain)) restart?.();
    }
    return found;
  };
  return { host: { ...host, read }, stay };
}

/** Standard input and pipes can't be read a second time. */
function mayReadAgain(path: string): boolean {
  return path !== "-" && (statusOf(path)?.kind ?? "file") === "file";
}

/** What starts this process again; undefined where that can't be done or was done. */
function restartHere(): (() => void) | undefined {
  // Node has another machine, Windows cannot replace a process, and a checkout's process may run tests.
  if (typeof Bun === "undefined" || !Bun.isStandaloneExecutable || process.platform === "win32" || process.env[restartVariable] !== undefined) return undefined;
  return () => {
    try {
      // Else it would say that this function is new, to the user.
      process.removeAllListeners("warning");
      process.execve?.(process.execPath, [process.argv0, ...process.argv.slice(2)], { ...restartEnvironment(navigator.hardwareConcurrency), ...process.env });
    } catch {
      // The executable was replaced meanwhile, or the system refuses: the build is slower and nothing worse.
    }
  };
}
