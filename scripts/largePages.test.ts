import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { allowLargePages } from "./largePages.ts";

test.if(process.platform === "linux")("sets one byte of Bun's runtime, once and for all", () => {
  const bytes = readFileSync(process.execPath);
  const before = Buffer.from(bytes);
  expect(allowLargePages(bytes)).toEqual({ ok: true });
  const at = bytes.findIndex((byte, i) => byte !== before[i]);
  expect([before[at], bytes[at]]).toEqual([0, 1]);
  expect(Buffer.compare(bytes.subarray(at + 1), before.subarray(at + 1))).toBe(0);
  expect(allowLargePages(bytes)).toEqual({ ok: true });
  expect(bytes[at]).toBe(1);
});

test.if(process.platform === "linux")("leaves a runtime alone whose table has another form, or none", () => {
  const given = readFileSync(process.execPath);
  const name = given.indexOf("\0allow_thp\0") + 1;
  const changed = Buffer.from(given);
  changed[name] = 0x41;
  expect(allowLargePages(changed)).toEqual({ ok: false, problem: "its allocator has no option allow_thp" });
  const whole = Buffer.from(given);
  allowLargePages(whole);
  const at = whole.findIndex((byte, i) => byte !== given[i]);
  const initialised = Buffer.from(given);
  initialised[at + 8] = 1;
  expect(allowLargePages(initialised)).toEqual({ ok: false, problem: "the table that names allow_thp has another form" });
  expect(initialised[at]).toBe(0);
  const twice = Buffer.from(given);
  given.copy(twice, at + 64, at, at + 32);
  expect(allowLargePages(twice)).toEqual({ ok: false, problem: "more than one place names allow_thp" });
});

test("is no throw for what is no executable", () => {
  expect(allowLargePages(new TextEncoder().encode("#!/bin/sh\n"))).toMatchObject({ ok: false });
});
