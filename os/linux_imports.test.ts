import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { glibcSince, inBoth, inGlibc, inMusl } from "./linux_functions.ts";
import { glibcVersion, linuxFunction, oldestGlibc } from "./linux_imports.ts";

const words = (text: string): string[] => text.trim().split(/\s+/);

test("the os layer asks for nothing that glibc 2.17 or musl lack", () => {
  const source = readFileSync(join(import.meta.dir, "libc.lang"), "utf8");
  const declared = [...source.matchAll(/extern func libc_(\w+)\(/g)].map(([, name]) => name);
  expect(declared.length).toBeGreaterThan(40);
  const onlyMusl = ["stat", "lstat", "fstat"];
  const onlyGlibc = ["__xstat", "__lxstat", "__fxstat"];
  for (const name of declared) {
    if (!onlyMusl.includes(name)) expect({ name, found: linuxFunction(name, "libc", oldestGlibc)?.library }).toEqual({ name, found: "libc.so.6" });
    if (!onlyGlibc.includes(name)) expect({ name, found: linuxFunction(name, "musl", oldestGlibc)?.library }).toEqual({ name, found: "libc.so" });
    if (onlyMusl.includes(name)) continue;
    for (const architecture of ["x86_64", "arm64"]) expect(glibcVersion(architecture, name, oldestGlibc) ?? "GLIBC_2.2.5").toMatch(/^GLIBC_2\.(2\.5|17)$/);
  }
});

test("a function is in one list, and under the version that brought it", () => {
  const lists = [...words(inBoth), ...words(inGlibc), ...Object.values(glibcSince).flatMap(words)];
  expect(new Set(lists).size).toBe(lists.length);
  expect(words(inMusl).filter((name) => words(inBoth).includes(name))).toEqual([]);
  expect(linuxFunction("getrandom", "libc", "2.24")).toBe(undefined);
  expect(linuxFunction("getrandom", "libc", "2.25")).toEqual({ library: "libc.so.6", name: "getrandom" });
  expect(glibcVersion("arm64", "getrandom", "2.25")).toBe("GLIBC_2.25");
  expect(linuxFunction("pow", "libc", "2.17")?.library).toBe("libm.so.6");
  expect(linuxFunction("libc_read", "musl", "2.17")?.name).toBe("read");
});
