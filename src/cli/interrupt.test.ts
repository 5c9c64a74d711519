/** A signal that ends a command leaves neither its folder nor the programs that it started. */

import { expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = join(import.meta.dir, "main.ts");

test.skipIf(process.platform === "win32")("lang test ended by SIGTERM takes its folder and the test that runs with it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lang-interrupt-"));
  try {
    const temporary = join(folder, "temporary");
    writeFileSync(join(folder, "endless.lang"), `import "std/fs"
func os_getpid() i64
test "endless" { fs.write_text("started", &f"{os_getpid()}")!; loop { } }
func main() { }
`);
    mkdirSync(temporary);
    const child = spawn(process.execPath, [main, "test", "endless.lang"], { cwd: folder, env: { ...process.env, TMPDIR: temporary } });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("close", (status) => resolve(status)));
    const started = join(folder, "started");
    for (let i = 0; i < 600 && !(existsSync(started) && readFileSync(started, "utf8") !== "") && child.exitCode === null; i++) await Bun.sleep(50);
    expect({ text, running: child.exitCode }).toEqual({ text: "", running: null });
    const pid = Number(readFileSync(started, "utf8"));
    child.kill("SIGTERM");
    expect({ status: await ended, left: readdirSync(temporary) }).toEqual({ status: 143, left: [] });
    expect(await isGone(pid)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

/** Killed programs may stay known to the system for a moment, or as dead ones until somebody asks for their status. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      process.kill(pid, 0);
      const state = await Bun.file(`/proc/${pid}/stat`).text().catch(() => ") Z");
      if (/\) [ZX]/.test(state)) return true;
    } catch {
      return true;
    }
    await Bun.sleep(50);
  }
  return false;
}
