import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { sha256 } from "./sha256.ts";

test("SHA-256 is what others compute, at every length around a block's end", () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 131) >> 3);
  for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 4096, 5000]) {
    const wanted = createHash("sha256").update(bytes.subarray(0, length)).digest("hex");
    expect(Buffer.from(sha256(bytes, 0, length)).toString("hex")).toBe(wanted);
  }
  expect(Buffer.from(sha256(bytes, 100, 300)).toString("hex")).toBe(createHash("sha256").update(bytes.subarray(100, 300)).digest("hex"));
});
