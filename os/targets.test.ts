import { expect, test } from "bun:test";
import { everyTarget, findTarget, targets } from "./targets.ts";

test("every row is found by its own name", () => {
  for (const row of targets) expect(findTarget(row.name, row.libc)).toEqual({ ok: true, target: row });
});

test("all targets: each system and architecture once, as its plain name says, or with the C library that is asked for", () => {
  const pairs = new Set(targets.map(({ os, architecture }) => `${os}-${architecture}`));
  expect(everyTarget().map(({ os, architecture }) => `${os}-${architecture}`)).toEqual([...pairs]);
  for (const row of everyTarget()) expect(findTarget(`${row.os}-${row.architecture}`)).toEqual({ ok: true, target: row });
  for (const libc of new Set(targets.map((row) => row.libc))) {
    const rows = everyTarget(libc);
    expect(new Set(rows.map(({ libc }) => libc))).toEqual(new Set([libc]));
    expect(rows).toEqual(targets.filter((row) => row.libc === libc));
  }
});

test("other tools' spellings", () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    "linux-x86_64": ["x86_64-linux-gnu", "linux/amd64", "linux-x64", "x86_64-unknown-linux-gnu", "x86_64-linux-gnu.2.28", "linux_x86_64", "bun-linux-x64"],
    "linux-arm64-musl": ["aarch64-unknown-linux-musl", "linux-musl-arm64", "bun-linux-arm64-musl"],
    "macos-arm64": ["darwin/arm64", "arm64-apple-macos14", "aarch64-apple-darwin23", "osx.13-arm64", "osx-arm64", "macos_arm64"],
    "windows-x86_64": ["x86_64-pc-windows-msvc", "x86_64-w64-mingw32", "win-x64", "win10-x64", "windows/amd64", "win32-x64"],
  };
  for (const [name, others] of Object.entries(spellings)) {
    for (const other of others) {
      const found = findTarget(other);
      expect([other, found.ok ? found.target.name : found.message]).toEqual([other, name]);
    }
  }
  for (const wrong of ["", "win", "darwin", "linux-riscv64", "arm64e-apple-darwin", "x86_64-freebsd"]) expect([wrong, findTarget(wrong).ok]).toEqual([wrong, false]);
});

test("what is wrong with a spelling is said", () => {
  const everyName = `the targets are ${targets.map(({ name }) => name).join(", ")}`;
  for (const [wrong, message, advice] of [
    ["windows", "there is no target 'windows': it names no architecture", "for example windows-x86_64, windows-arm64"],
    ["linux-x86", "there is no target 'linux-x86': 'x86' is of 32 bits, and programs are built for 64", everyName],
    ["i686-pc-windows-msvc", "there is no target 'i686-pc-windows-msvc': 'i686' is of 32 bits, and programs are built for 64", everyName],
    ["linux-windows-x86_64", "there is no target 'linux-windows-x86_64': it names linux and windows", everyName],
    ["linux/amd64/arm64", "there is no target 'linux/amd64/arm64': it names x86_64 and arm64", everyName],
    ["arm64", "there is no target 'arm64': it names no operating system", "for example linux-arm64, macos-arm64, windows-arm64"],
  ] as const) expect(findTarget(wrong)).toEqual({ ok: false, message, advice });
});
