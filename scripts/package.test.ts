/** What package.json promises is there: the command, what is exported, what is published. */

import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

interface Package {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
}

const { bin, exports, files, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Package;

describe("package.json", () => {
  test("the command is there and may be executed", () => {
    for (const path of Object.values(bin)) expect(statSync(join(root, path)).mode & 0o111).not.toBe(0);
  });

  for (const [name, path] of Object.entries(exports)) {
    test(`exports ${name}`, async () => {
      if (!path.includes("*")) {
        expect(existsSync(join(root, path))).toBe(true);
        await import(`lang${name.slice(1)}`);
        return;
      }
      const [before, after] = path.split("*") as [string, string];
      const found = readdirSync(join(root, before)).filter((file) => file.endsWith(after) && !file.endsWith(".test.ts"));
      // Folders within count, too: encoders/* reaches encoders/x86_64/decode.
      const within = found.length > 0 ? found : readdirSync(join(root, before), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(after));
      expect(within.length).toBeGreaterThan(0);
      await import(`lang${name.slice(1).replace("*", (within[0] as string).slice(0, -after.length))}`);
    });
  }

  test("what is published exists", () => {
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("scripts name files that exist", () => {
    const missing = Object.values(scripts).flatMap((line) => line.split(" ").filter((word) => word.endsWith(".ts") && !existsSync(join(root, word))));
    expect(missing).toEqual([]);
  });
});
