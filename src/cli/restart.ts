/**
 * Large programs are built in a process that starts anew without JavaScriptCore's last compiler. That one takes longer to compile the compiler than its code
 * saves: a build of 100,000 lines needs twice the processor time with it, one of 400,000 too. It can be turned off from the environment alone, and
 * with it goes what else makes large builds quicker (environment.ts).
 */

import { besidePath, withEnding } from "../driver/besidePath.ts";
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

/**
 * A host that starts the process again where a program is large with all that it includes and imports. It looks at that when the first such file is read: a
 * program of one file never asks, and what was done until then is little.
 */
export function restarting(host: BuildHost, restart = restartHere()): BuildHost {
  if (restart === undefined) return host;
  let root: string | undefined;
  let isDecided = false;
  const read: BuildHost["read"] = (path) => {
    if (root === undefined) root = path;
    else if (!isDecided) {
      isDecided = true;
      if (leadsToMuch(host, root)) restart();
    }
    return host.read(path);
  };
  return { ...host, read };
}

/** Whether a file is large together with those that lines of it and of them seem to name. Standard input and pipes, which can't be read a second time, are not looked at. */
function leadsToMuch(host: BuildHost, root: string): boolean {
  const waiting = [root];
  const known = new Set(waiting.map(host.identity));
  let size = 0;
  for (const path of waiting) {
    const found = sizeOf(path) > 0 ? host.read(path) : undefined;
    if (found?.ok !== true) continue;
    size += found.bytes.length;
    if (size > largeProgram) return true;
    for (const [, name] of new TextDecoder().decode(found.bytes).matchAll(/^[ \t]*(?:pub[ \t]+)?(?:include|import)[ \t]+"([^"\n]+)"/gm)) {
      if (name === undefined) continue;
      const near = besidePath(path, withEnding(name));
      const identity = host.identity(near);
      if (known.has(identity)) continue;
      known.add(identity);
      waiting.push(near);
    }
  }
  return false;
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
