import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bakedGroupsModule, bakedTableModule } from "./bake.ts";
import { impliedRegisters } from "./table.ts";
import { inTemporaryFolder, runTool } from "./testing/oracles.ts";

/** A program that assembles and disassembles, and prints what came of it. */
const program = `
import { Assembler } from "${import.meta.dir}/assembler.ts";
import { disassemble } from "${import.meta.dir}/disassembler.ts";
import { impliedRegisters, row, rowOf } from "${import.meta.dir}/table.ts";
const asm = new Assembler();
asm.rr(row("add_rm64_r64"), 0, 9);
asm.ri(row("sub_rm64_i32"), 0, 1000);
asm.ri(row("shl_rm32_u8"), 6, 1);
asm.r(rowOf("setcc_rm8", 5), 6);
asm.rm(rowOf("cmovcc_r64_rm64", 12), 1, 4, 2, 3, 8);
asm.rrr(row("shlx_r64_rm64_r64"), 1, 2, 3);
asm.rr(row("movq_r64_x"), 1, 2);
const lines = [];
for (let at = 0; at < asm.length; ) {
  const read = disassemble(asm.bytes, at, asm.length);
  lines.push(read.text);
  at += read.length;
}
console.log(asm.code().toHex() + " " + lines.join("; ") + " " + JSON.stringify(impliedRegisters("mul_rm64")));
`;

test("a bundle with the baked table does what the source does, and holds no row texts", async () => {
  const entry = "/virtual/entry.ts";
  const bundle = async (baked: boolean): Promise<string> => {
    const result = await Bun.build({
      entrypoints: [entry], files: { [entry]: program }, target: "bun", minify: true,
      plugins: !baked ? [] : [{
        name: "bake",
        setup(build) {
          build.onLoad({ filter: /encoders\/x86_64\/bakedTable\.ts$/ }, () => ({ contents: bakedTableModule(), loader: "ts" }));
          build.onLoad({ filter: /encoders\/x86_64\/rows\/groups\.ts$/ }, () => ({ contents: bakedGroupsModule(), loader: "ts" }));
        },
      }],
    });
    expect(result.success).toBe(true);
    return result.outputs[0].text();
  };
  const [baked, plain] = [await bundle(true), await bundle(false)];
  expect(baked.includes("rw r | REX.W 01") || baked.includes("vaddps")).toBe(false);
  expect(plain.includes("rw r | REX.W 01")).toBe(true);
  const outputs = inTemporaryFolder((path) => [baked, plain].map((code, i) => {
    const file = join(path, `${i}.mjs`);
    writeFileSync(file, code);
    return runTool([process.execPath, file]).trim();
  }));
  expect(outputs[0]).toBe(outputs[1]);
  expect(outputs[1].endsWith(JSON.stringify(impliedRegisters("mul_rm64")))).toBe(true);
  expect(outputs[1]).toContain("add rax, r9; sub rax, 1000; shl esi, 1; setne sil; cmovl rcx, QWORD PTR [rsp+rdx*8+8]; shlx rcx, rdx, rbx; movq rcx, xmm2");
});
