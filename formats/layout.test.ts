import { expect, test } from "bun:test";
import { layout } from "./layout.ts";

const Header = layout(40, { magic: [0, "u32"], small: [4, "u8"], half: [6, "u16"], wide: [8, "u64"], delta: [16, "i32"], far: [20, "i64"], name: [28, "name8"] });

test("what is written is read back, little-endian", () => {
  const bytes = new Uint8Array(50).fill(0xaa);
  const values = { magic: 0x464c457f, small: 7, half: 0xfffe, wide: 0x1_2345_6789_abcd, delta: -2, far: -0x1_0000_0001, name: "__text" };
  Header.write(bytes, 5, values);
  expect(Header.read(bytes, 5)).toEqual(values);
  expect([...bytes.subarray(5, 9)]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
  expect([...bytes.subarray(13, 21)]).toEqual([0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 0]);
  expect([...bytes.subarray(33, 41)]).toEqual([0x5f, 0x5f, 0x74, 0x65, 0x78, 0x74, 0, 0]);
  expect(bytes[10]).toBe(0xaa); // between fields
  expect(bytes[45]).toBe(0xaa); // after the header
});

test("a header that contradicts itself does not load", () => {
  expect(() => layout(8, { a: [0, "u32"], b: [2, "u16"] })).toThrow("b overlaps another field at byte 2");
  expect(() => layout(8, { a: [4, "u64"] })).toThrow("a ends at 12, the header at 8");
  expect(() => Header.write(new Uint8Array(40), 0, { ...Header.read(new Uint8Array(40), 0), name: "ninechars" })).toThrow("longer than 8");
});
