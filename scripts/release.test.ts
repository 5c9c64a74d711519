import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checksums, releases } from "./release.ts";

const scripts = fileURLToPath(new URL("./", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lang-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A release of stand-ins that say their own name. */
function release(): void {
  const files = releases.map(({ file }) => ({ name: file, bytes: new TextEncoder().encode(`#!/bin/sh\necho ${file}\n`) }));
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "SHA256SUMS"), checksums(files));
  copyFileSync(join(scripts, "install.sh"), join(folder, "install.sh"));
}

const install = (to: string) => spawnSync("sh", [join(folder, "install.sh"), to], { encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", HOME: folder } });

describe.if(process.platform === "linux")("install.sh", () => {
  test("puts this machine's executable in place, over an older one", () => {
    release();
    const to = join(folder, "bin");
    for (let run = 0; run < 2; run++) {
      const { status, stdout, stderr } = install(to);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain(`installed ${to}/lang`);
    }
    expect(statSync(join(to, "lang")).mode & 0o777).toBe(0o755);
    const own = process.arch === "arm64" ? "arm64" : "x64";
    expect(spawnSync(join(to, "lang"), { encoding: "utf8" }).stdout).toStartWith(`lang-linux-${own}`);
  });

  test("installs nothing whose checksum is another", () => {
    release();
    for (const { file } of releases) writeFileSync(join(folder, file), "changed");
    const to = join(folder, "other");
    const { status, stderr } = install(to);
    expect(status).toBe(1);
    expect(stderr).toContain("is not what SHA256SUMS says");
    expect(existsSync(join(to, "lang"))).toBe(false);
  });

  test("says what is missing", () => {
    release();
    rmSync(join(folder, "SHA256SUMS"));
    expect(install(join(folder, "third"))).toMatchObject({ status: 1 });
  });
});

test("checksums are as sha256sum reads them", () => {
  expect(checksums([{ name: "a", bytes: new TextEncoder().encode("abc") }])).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n");
});

test("the install scripts ask for names that a release has", () => {
  const text = readFileSync(join(scripts, "install.sh"), "utf8") + readFileSync(join(scripts, "install.ps1"), "utf8");
  for (const part of ["lang-$os-$architecture", "lang-windows-$architecture.exe", "-musl"]) expect(text).toContain(part);
});
