/**
 * The same bytes whatever machine the compiler runs on: programs for every target by Bun from source, by the executable, by the executable for the other
 * architecture under qemu, and by Node. A host that is not here is said to be not run.
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { targets } from "../os/targets.ts";
import { bundle, bundleForNode } from "./bundle.ts";
import { findSysroot } from "./sysroot.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lang-hosts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Dozens of builds, perhaps emulated, on a machine that has other things to do. */
const patience = 400_000;

/** What is built, each for all targets: every level, and debug information. The small ones first: an emulated host builds those only. At -O1 there are prebuilt functions of std in it. */
const builds: readonly (readonly string[])[] = [
  ["examples/hello.lang", "-Os", "--strip"],
  ["examples/fib.lang", "-O0", "-g"],
  ["examples/hello.lang", "-O1"],
  ["examples/word_count.lang", "-O1"],
  ["examples/json_pretty.lang", "-O2"],
];
const small = builds.slice(0, 3);

/** Which C libraries to ask for, to have every row of the table. */
const libraries = [...new Set(targets.map(({ libc }) => libc))];

/** The SHA-256 of every executable, by its name; built by `command`. */
function hashes(host: string, command: readonly string[], chosen = builds, environment: Readonly<Record<string, string>> = {}): Record<string, string> {
  const found: Record<string, string> = {};
  chosen.forEach((words, index) => {
    const to = join(folder, `${host}-${index}`);
    mkdirSync(to, { recursive: true });
    const [program, ...args] = [...command, "build", ...words, "--target", "all", "-o", join(to, "p")];
    for (const LANGLIBC of libraries) {
      const ended = spawnSync(program as string, args, { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", LANGCACHE: "off", ...environment, LANGLIBC } });
      if (ended.status !== 0) throw new Error(`${host}: ${[program, ...args].join(" ")} ended with ${ended.status ?? ended.signal}: ${ended.stderr}`);
    }
    for (const name of readdirSync(to)) found[`${words.join(" ")} → ${name}`] = createHash("sha256").update(readFileSync(join(to, name))).digest("hex");
  });
  return found;
}

/** How the compiler's executable for arm64 is started here; undefined, and said, if it is not. */
async function onArm64(): Promise<readonly string[] | undefined> {
  const notRun = (reason: string): undefined => {
    console.log(`not run: the same executables by Bun on arm64: ${reason}`);
    return undefined;
  };
  const sysroot = findSysroot("arm64");
  if (!sysroot.ok) return notRun(sysroot.missing);
  const made = await bundle(join(folder, "lang-arm64"), "bun-linux-arm64");
  if (!made.ok) return notRun(`its runtime is not to be had: ${made.logs.join("; ")}`);
  const command = [...sysroot.command, join(folder, "lang-arm64")];
  const started = spawnSync(command[0] as string, [...command.slice(1), "version"], { encoding: "utf8" });
  return started.status === 0 ? command : notRun(`it does not start here: ${started.stderr.trim()}`);
}

const arm64 = await onArm64();
/** By the compiler's executable for this machine. */
let wanted: Record<string, string> = {};
beforeAll(async () => {
  const made = await bundle(join(folder, "lang"));
  if (!made.ok) throw new Error(made.logs.join("\n"));
  wanted = hashes("executable", [join(folder, "lang")]);
}, patience);

/** Those that have nothing prebuilt in them: from source, all of std is compiled anew. */
const wholly = () => Object.fromEntries(Object.entries(wanted).filter(([name]) => !name.includes("-O1")));
const fromSource = builds.filter((words) => !words.includes("-O1"));

describe("the same executables", () => {
  test("there is one for each target", () => {
    expect(Object.keys(wanted)).toHaveLength(builds.length * targets.length);
  });

  test("by the executable, once more", () => {
    expect(wanted).toMatchObject(hashes("again", [join(folder, "lang")], small));
  });

  test("by Bun from source", () => {
    expect(hashes("source", [process.execPath, "src/cli/main.ts"], fromSource)).toEqual(wholly());
  }, patience);

  const node = Bun.which("node");
  if (node === null) console.log("not run, for want of node: the same executables by Node");
  else {
    test("by Node, from a bundle", async () => {
      expect(await bundleForNode(join(folder, "node"))).toEqual([]);
      expect(hashes("node", [node, join(folder, "node/main.js")])).toEqual(wanted);
    }, patience);
    // Node reads TypeScript by itself from 22.18 on.
    const [major = 0, minor = 0] = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.slice(1).split(".").map(Number);
    if (major > 23 || (major === 22 && minor >= 18)) test("by Node, from source", () => expect(hashes("node-source", [node, "src/cli/main.ts"], fromSource)).toEqual(wholly()));
    else console.log(`not run, since node here is ${major}.${minor}: the same executables by Node from source`);
  }

  if (arm64 !== undefined) {
    test("by Bun on arm64, under qemu", () => {
      // Under qemu, code that is compiled while it runs is slower than none.
      const found = hashes("arm64", arm64, small, { BUN_JSC_useJIT: "0" });
      expect(Object.keys(found)).toHaveLength(small.length * targets.length);
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, wanted[name] ?? "absent"])));
    }, patience);
  }
});
