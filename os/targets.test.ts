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
