/** Where a command puts what goes away when it ends. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../driver/host.ts";
import { onInterrupt } from "./interrupt.ts";
import { CannotWrite } from "./output.ts";

const advice = ["TMPDIR names another folder for temporary files"];

/** A new folder, which the caller removes, or a signal that ends the command. */
export function temporaryFolder(purpose: string): string {
  const within = tmpdir();
  try {
    const folder = mkdtempSync(join(within, `lang-${purpose}-`));
    onInterrupt(() => removeFolder(folder));
    return folder;
  } catch (error) {
    throw new CannotWrite(`'${within}'`, error, advice);
  }
}

/** Removes such a folder, or a file in one. What still holds one of its files, as a scanner does on Windows, must not make a command fail that has done its work. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch {
    // It is a folder for temporary files: the system's to clear.
  }
}

/** A folder of this user's that stays. */
export function keptFolder(purpose: string): string {
  const folder = join(tmpdir(), `lang-${purpose}-${process.getuid?.() ?? 0}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CannotWrite(`'${folder}'`, error, advice);
  }
  return folder;
}

/** Writes a program into such a folder. */
export function writeProgram(path: string, bytes: Uint8Array): void {
  const problem = writeWhole(path, bytes, true);
  if (problem !== undefined) throw new CannotWrite(`'${path}'`, problem, advice);
}
