/**
 * `npm run release [TARGET…]`: the compiler's executables for every platform in dist/release, with SHA-256 checksums and the install scripts. The runtimes
 * come from npm, as Bun itself. Targets are parts of names: `npm run release linux-x64` makes the two of them.
 */

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, type BunTarget } from "./bundle.ts";

export interface Release {
  /** The executable's name in the release. */
  readonly file: string;
  readonly target: BunTarget;
}

/** Executables of a release, by the names that the install scripts ask for. */
export const releases: readonly Release[] = [
  { file: "lang-linux-x64", target: "bun-linux-x64" },
  { file: "lang-linux-arm64", target: "bun-linux-arm64" },
  { file: "lang-linux-x64-musl", target: "bun-linux-x64-musl" },
  { file: "lang-linux-arm64-musl", target: "bun-linux-arm64-musl" },
  { file: "lang-macos-x64", target: "bun-darwin-x64" },
  { file: "lang-macos-arm64", target: "bun-darwin-arm64" },
  { file: "lang-windows-x64.exe", target: "bun-windows-x64" },
  { file: "lang-windows-arm64.exe", target: "bun-windows-arm64" },
];

/** The text of a checksum file, as `sha256sum -c` reads it. */
export function checksums(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): string {
  return files.map(({ name, bytes }) => `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`).join("");
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  const scripts = fileURLToPath(new URL("./", import.meta.url));
  const folder = join(scripts, "../dist/release");
  mkdirSync(folder, { recursive: true });
  const chosen = releases.filter(({ file }) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
  if (chosen.length === 0) {
    console.error(`release: no platform has ${wanted.join(" or ")} in its name; there are ${releases.map(({ file }) => file).join(", ")}`);
    process.exit(2);
  }
  let failed = false;
  for (const { file, target } of chosen) {
    const made = await bundle(join(folder, file), target);
    if (made.ok) console.log(`dist/release/${file}: ${(made.size / 1e6).toFixed(1)} MB`);
    else {
      failed = true;
      console.error(`release: ${file} was not made\n${made.logs.join("\n")}`);
    }
  }
  if (failed) process.exit(1);
  for (const script of ["install.sh", "install.ps1"]) copyFileSync(join(scripts, script), join(folder, script));
  const files = [...chosen.map(({ file }) => file), "install.sh", "install.ps1"];
  writeFileSync(join(folder, "SHA256SUMS"), checksums(files.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))));
  console.log("dist/release/SHA256SUMS");
}
