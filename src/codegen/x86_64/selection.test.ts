/** Which instructions functions become, in order, up to the stubs of failed checks. */
import { expect, test } from "bun:test";
import { disassemble } from "../../../encoders/x86_64/disassembler.ts";
import { generate } from "../generate.ts";
import { parse } from "../testing.ts";
import { x86_64 } from "./target.ts";

/** The instructions of function `f`, the last one of `text`. */
function codeOf(text: string): string {
  const module = parse(`trap t\n${text}`);
  const { object, trace, textSection } = generate(x86_64, module, [...module.functions.keys()], { level: "O1", verify: true });
  const f = trace.functionCount - 1;
  const code = object.sections[textSection].content();
  const lines: string[] = [];
  for (let at = trace.functionStart[f], end = at + trace.functionSize[f]; at < end; ) {
    const { text: line, length } = disassemble(code, at, end);
    lines.push(line);
    at += length;
  }
  return lines.join("; ").replace(/(; ud2)+$/, "");
}

/** Of a function of two numbers whose body is these lines. */
const body = (lines: string, type = "i64", result = type): string => codeOf(`func @f(${type}, ${type}) -> ${result} {\nb0(v1: ${type}, v2: ${type}):\n${lines.split("; ").map((line) => `  ${line}`).join("\n")}\n}\n`);

// The constant in rax, no widening of an amount, no test of what was set just now, constants of floats in memory.
const cases: readonly (readonly [string, string, string?, string?])[] = [
  ["v3: i64 = umulh v1, 12345; return v3", "mov eax, 0x3039; mul rdi; mov rax, rdx; ret"],
  ["v3: i32 = trunc v2; v4: i64 = zext v3; v5: i64 = lshr v1, v4; return v5", "mov rax, rdi; mov rcx, rsi; shr rax, cl; ret"],
  ["v3: i8 = slt v1, v2; v4: i64 = select v3, v1, v2; v5: i64 = zext v3; v6: i64 = add v4, v5; return v6", "cmp rdi, rsi; setl cl; cmovl rsi, rdi; movzx eax, cl; add rax, rsi; ret"],
  ["v3: i32 = trunc v1; v4: i32 = and v3, 7; v5: i64 = zext v4; v6: i64 = mul v5, v2; return v6", "and edi, 7; mov rax, rsi; imul rax, rdi; ret"],
  ["v3: i32 = trunc v1; v5: i64 = zext v3; v6: i64 = mul v5, v2; return v6", "mov ecx, edi; mov rax, rsi; imul rax, rcx; ret"],
  ["v3: i8 = fgt v1, 1.5:f64; return v3", "ucomisd xmm0, QWORD PTR [rip]; seta al; ret", "f64", "i8"],
];
for (const [lines, expected, type, result] of cases) test(lines, () => expect(body(lines, type, result)).toBe(expected));

test("a sum overwrites what ends in the loop, not what lives through it", () => {
  expect(codeOf(`func @f(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  jump b1(0, v2)
b1(v3: i64, v4: i64):
  v5: i64 = mul v4, v4
  v6: i64 = add v1, v5
  v7: i64 = xor v3, v6
  v8: i64 = add v4, -1
  v9: i8 = ne v8, 0
  branch v9, b1(v7, v8), b2
b2:
  return v7
}
`)).toContain("imul rcx, rsi; add rcx, rdi; xor rax, rcx");
});

test("a parameter that is read once more is not overwritten", () => {
  const text = codeOf(`func @f(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  jump b1(0, v2)
b1(v3: i64, v4: i64):
  v5: i64 = mul v4, v1
  v6: i64 = xor v3, v5
  v7: i64 = lshr v3, 8
  v8: i64 = or v6, v7
  v9: i64 = add v4, -1
  v10: i8 = ne v9, 0
  branch v10, b1(v8, v9), b2
b2:
  return v8
}
`);
  expect(text).toContain("imul rdx, rdi; xor rdx, rcx; shr rcx, 8; or rcx, rdx");
});
