/** Code can be read from one end to the other, without symbols: what lies between functions stops the processor, and keeps disassemblers in step. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { disassemble } from "../../encoders/x86_64/disassembler.ts";
import { readElf } from "../../formats/elf/read.ts";
import { findTarget } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest } from "./request.ts";

setDefaultTimeout(60_000);

const source = `
func main(args []str) {
    var words Map[str, i64] = Map.new()
    for a in args { words[a] = args.len }
    var sorted = [3.5, 1.25, args.len as f64].to_list()
    sorted.sort_by(|a, b| if *a < *b { Ordering.Less } else { Ordering.Greater })
    for (name, count) in words { println(f"{name} {count} {sorted[0]}") }
}
`;

test("what a straight reading of an executable's code finds are instructions", () => {
  const found = findTarget("linux-x86_64");
  if (!found.ok) throw new Error(found.message);
  for (const level of ["O0", "O1", "O2", "Os"] as const) {
    const { bytes, diagnostics } = build(buildRequest("p.lang", new TextEncoder().encode(source), found.target, { level }), host);
    if (bytes === undefined) throw new Error(JSON.stringify(diagnostics));
    const read = readElf(bytes);
    if (!read.ok) throw new Error(read.error.problem);
    const text = read.file.sections.find(({ name }) => name === ".text");
    if (text === undefined) throw new Error("no .text");
    const wrong: string[] = [];
    for (let at = 0; at < text.size; ) {
      const { text: instruction, length, error } = disassemble(text.content, at, text.size);
      // Two zero bytes: what a gap that nobody filled looks like.
      if (error !== undefined || instruction === "add BYTE PTR [rax], al") wrong.push(`${level} ${at.toString(16)}: ${instruction}`);
      at += length;
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  }
});
