import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { libraryDocument } from "./library.ts";

test("docs/library.md is what `bun docs/library.ts` writes", () => {
  expect(readFileSync(new URL("library.md", import.meta.url), "utf8")).toBe(libraryDocument());
});
