import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { errorsDocument } from "./errors.ts";

test("docs/errors.md is what `bun docs/errors.ts` writes", () => {
  expect(readFileSync(new URL("errors.md", import.meta.url), "utf8")).toBe(errorsDocument());
});
