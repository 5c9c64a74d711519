import { expect, test } from "bun:test";
import { CodeBuffer } from "./codeBuffer.ts";

test("grows and keeps what was written", () => {
  const buffer = new CodeBuffer(4);
  for (let i = 0; i < 1000; i++) {
    buffer.append(new Uint8Array([i, i >> 8, 7]));
    buffer.addFixup(i * 3, i & 7, i, -i);
    buffer.mark(i & 3, i * 2);
  }
  expect(buffer.length).toBe(3000);
  for (let i = 0; i < 1000; i++) {
    expect([...buffer.code().subarray(i * 3, i * 3 + 3)]).toEqual([i & 255, i >> 8, 7]);
    expect([buffer.fixupAt(i), buffer.fixupKind(i), buffer.fixupSymbol(i), buffer.fixupAddend(i)]).toEqual([i * 3, i & 7, i, i === 0 ? 0 : -i]);
    expect([buffer.markAt(i), buffer.markKind(i), buffer.markValue(i)]).toEqual([i * 3 + 3, i & 3, i * 2]);
  }
});

test("labels are numbered from 0 and unbound at first", () => {
  const buffer = new CodeBuffer();
  const first = buffer.newLabels(300);
  const next = buffer.newLabel();
  expect([first, next] as number[]).toEqual([0, 300]);
  expect(buffer.labelOffset(next)).toBe(-1);
  buffer.append(new Uint8Array(5));
  buffer.bind(next);
  expect(buffer.labelOffset(next)).toBe(5);
});

test("patches four bytes, least significant first", () => {
  const buffer = new CodeBuffer();
  buffer.append(new Uint8Array(6));
  buffer.patch32(1, -2);
  expect(buffer.code().toHex()).toBe("00feffffff00");
});

test("a reset forgets content", () => {
  const buffer = new CodeBuffer();
  buffer.append(new Uint8Array(6));
  buffer.addFixup(1, 2, 3, 4);
  buffer.mark(0, 0);
  buffer.newLabel();
  buffer.reset();
  expect([buffer.length, buffer.fixupCount, buffer.markCount, buffer.newLabel()] as number[]).toEqual([0, 0, 0, 0]);
});
