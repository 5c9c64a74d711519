import { describe, expect, test } from "bun:test";
import { placeCall, type CTarget } from "./place.ts";
import type { CValue } from "./value.ts";

/** A struct by its fields' sizes: `f4 i8`; one field without braces is a scalar. */
function value(text: string): CValue {
  const aggregate = text.startsWith("{");
  let size = 0;
  let alignment = 1;
  const fields = text.replace(/[{}]/g, "").trim().split(" ").map((field) => {
    const bytes = Number(field.slice(1));
    size = Math.ceil(size / bytes) * bytes;
    alignment = Math.max(alignment, bytes);
    size += bytes;
    return { offset: size - bytes, size: bytes, float: field.startsWith("f") };
  });
  return { size: Math.ceil(size / alignment) * alignment, alignment, aggregate, fields };
}

function placed(target: CTarget, args: readonly string[], result?: string, fixed = -1): string {
  const call = placeCall(target, { arguments: args.map(value), result: result === undefined ? undefined : value(result), variadic: fixed >= 0, fixed: fixed < 0 ? args.length : fixed });
  const texts = call.arguments.map((passage) => passage.kind === "stack" ? `stack ${passage.offset}` : passage.kind === "address" ? (passage.register < 0 ? `&stack ${passage.offset}` : `&${passage.register}`)
    : passage.parts.map(({ register }) => `${register}`).join("+") + (passage.rest === undefined ? "" : `+stack ${passage.rest.offset}`));
  const back = result === undefined ? "" : call.result.kind === "memory" ? ` -> &${call.result.register}` : ` -> ${call.result.parts.map(({ register }) => register).join("+")}`;
  return texts.join(", ") + back;
}

const sysV: CTarget = { architecture: "x86_64", calls: "system" };
const win64: CTarget = { architecture: "x86_64", calls: "windows" };
const arm: CTarget = { architecture: "arm64", calls: "system" };
const apple: CTarget = { architecture: "arm64", calls: "apple" };
const windowsArm: CTarget = { architecture: "arm64", calls: "windows" };

describe("places of C arguments", () => {
  const rows: readonly (readonly [string, CTarget, readonly string[], string | undefined, number, string])[] = [
    ["eightbytes by class", sysV, ["{f8 i4}", "{f4 f4}", "{f4 f4 f4}", "{i4 f4}"], "{i8 f8}", -1, "16+7, 17, 18+19, 6 -> 0+16"],
    ["more than two words in memory", sysV, ["{i8 i8 i8}", "i4"], "{i8 i8 i8}", -1, "stack 0, 6 -> &7"],
    ["a struct goes whole or not at all", sysV, ["i8", "i8", "i8", "i8", "i8", "{i8 i8}", "i8"], undefined, -1, "7, 6, 2, 1, 8, stack 0, 9"],
    ["Windows: by number, by address", win64, ["{i4 i4}", "f8", "{i1 i1 i1}", "{i8 i8}", "i4", "{i8 i8}"], "{i8 i8}", -1, "2, 18, &9, &stack 32, stack 40, &stack 48 -> &1"],
    ["Windows: variable floats in both", win64, ["i8", "f8"], undefined, 1, "1, 17+2"],
    ["homogeneous floats", arm, ["{f4 f4 f4 f4}", "{f8 f8}", "{f8 i8}", "{i8 i8 i8}"], "{f4 f4 f4}", -1, "32+33+34+35, 36+37, 0+1, &2 -> 32+33+34"],
    ["no register after the stack", arm, ["i8", "i8", "i8", "i8", "i8", "i8", "i8", "{i8 i8}", "i8"], "{i8 i8 i8}", -1, "0, 1, 2, 3, 4, 5, 6, stack 0, stack 16 -> &8"],
    ["Apple packs", apple, [..."12345678"].map(() => "i8").concat("i1", "i1", "i4", "{i1 i1}"), undefined, -1, "0, 1, 2, 3, 4, 5, 6, 7, stack 0, stack 1, stack 4, stack 8"],
    ["Apple: variable on the stack", apple, ["i8", "i4", "f8", "{f4 f4}"], undefined, 1, "0, stack 0, stack 8, stack 16"],
    ["Windows arm64: variadic as integers", windowsArm, ["f8", "i8", "i8", "i8", "i8", "i8", "i8", "{i8 i8}", "f8"], undefined, 1, "0, 1, 2, 3, 4, 5, 6, 7+stack 0, stack 8"],
    // As clang's assembly has them; for System V as gcc and clang 18 do, clang before that splits the first row's second argument.
    ["128 bits go whole, aligned in memory", sysV, ["i4", "i16", "i8", "i8", "i16", "i8", "i4", "{i16}"], "i16", -1, "7, 6+2, 1, 8, stack 0, 9, stack 16, stack 32 -> 0+2"],
    ["128 bits in a struct", sysV, ["{i16}", "{i8 i16}", "i8"], "{i16}", -1, "7+6, stack 0, 2 -> 0+2"],
    ["Windows: 128 bits by address, back in xmm0", win64, ["i4", "i16", "{i16}"], "i16", -1, "1, &2, &8 -> 16+32"],
    ["Windows: a struct of 128 bits by address", win64, ["{i16}"], "{i16}", -1, "&2 -> &1"],
    ["128 bits in an even pair", arm, ["i4", "i16", "i4", "{i16}", "i16", "i4"], "i16", -1, "0, 2+3, 4, 6+7, stack 0, stack 16 -> 0+1"],
    ["128 bits aligned in memory", arm, [..."12345678"].map(() => "i8").concat("i4", "i16", "i4", "{i16}"), "{i16}", -1, "0, 1, 2, 3, 4, 5, 6, 7, stack 0, stack 16, stack 32, stack 48 -> 0+1"],
    ["Apple: 128 bits in the next pair", apple, ["i4", "i16", "i4", "{i16}", "i4", "i4", "i16", "i1"], "i16", -1, "0, 1+2, 3, 4+5, 6, 7, stack 0, stack 16 -> 0+1"],
    ["Apple: variable numbers of 128 bits are aligned", apple, ["i4", "i4", "{i16}", "i4", "i16"], undefined, 1, "0, stack 0, stack 16, stack 32, stack 48"],
    ["Windows arm64: 128 bits in an even pair", windowsArm, ["i4", "i16", "i4"], "i16", -1, "0, 2+3, 4 -> 0+1"],
  ];
  for (const [name, target, args, result, fixed, expected] of rows) test(name, () => expect(placed(target, args, result, fixed)).toBe(expected));
});
