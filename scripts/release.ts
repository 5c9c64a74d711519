/**
 * `npm run release [TARGET…]`: the compiler's executables for every platform in dist/release, with SHA-256 checksums and the install scripts. The runtimes
 * come from npm, as Bun itself. Targets are parts of names: `npm run release linux-x64` makes the two of them.
 */

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MachFile } from "../formats/macho/read.ts";
import { readMacho } from "../formats/macho/read.ts";
import { resign } from "../formats/macho/resign.ts";
import { verifySignature } from "../formats/macho/verifySignature.ts";
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

/**
 * Holds the signature of a macOS executable against its content, and signs anew what Bun left with the signature of its bare runtime. Gives what was done,
 * or what is still wrong.
 */
export function signMacos(path: string): { readonly ok: boolean; readonly told: string } {
  const bytes = new Uint8Array(readFileSync(path));
  const before = signatureProblems(bytes);
  if (typeof before === "string") return { ok: false, told: before };
  if (before.problems.length === 0) return { ok: true, told: "its signature is right" };
  const signed = resign(before.file, bytes, basename(path));
  if (!signed.ok) return { ok: false, told: signed.problem };
  const after = signatureProblems(signed.bytes);
  if (typeof after === "string" || after.problems.length > 0) return { ok: false, told: typeof after === "string" ? after : after.problems.join("; ") };
  writeFileSync(path, signed.bytes);
  return { ok: true, told: `signed anew (${before.problems[0]})` };
}

function signatureProblems(bytes: Uint8Array): { readonly file: MachFile; readonly problems: readonly string[] } | string {
  const read = readMacho(bytes);
  if (!read.ok) return `${read.error.field}: ${read.error.problem}`;
  const { file } = read;
  const part = file.parts["signature"];
  if (part === undefined) return { file, problems: ["no signature"] };
  return { file, problems: verifySignature(bytes, part, file.segments.find(({ name }) => name === "__TEXT")?.fileSize ?? 0) };
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
    if (made.ok) {
      const signed = target.includes("darwin") ? signMacos(join(folder, file)) : undefined;
      console.log(`dist/release/${file}: ${(made.size / 1e6).toFixed(1)} MB${made.without === undefined ? "" : `, without ${made.without}`}${signed === undefined ? "" : `, ${signed.told}`}`);
      if (signed?.ok === false) failed = true;
    } else {
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
