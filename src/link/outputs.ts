/** Which sections of the inputs become which section of the image, and in what order. */
import { alignUp } from "../../formats/align.ts";
import { IMPORT_SLOTS } from "./imports.ts";
import type { SectionKind } from "./object.ts";
import type { Program } from "./program.ts";
import { RelocationKind } from "./relocationKind.ts";

export interface OutputSection {
  readonly name: string;
  readonly kind: SectionKind;
  alignment: number;
  /** In bytes. */
  size: number;
  /** Section numbers, in order, and where each begins within this one. */
  readonly inputs: number[];
  readonly inputOffset: number[];
}

/** By access first, so that each access is one segment; what is zero comes last. */
const order: readonly SectionKind[] = ["rodata", "text", "relro", "tls", "tlsZero", "data", "bss", "info"];
/** `.text.f` and `.text` are both .text. */
const families = [".text", ".rodata", ".data.rel.ro", ".data", ".bss", ".tdata", ".tbss", ".init_array", ".fini_array"];

/** By bit: what the loader changes when it places the image elsewhere. */
const addresses = 1 << RelocationKind.abs64;

/**
 * Groups the live sections that hold anything. `relocatable`: the loader may place the image anywhere, so that constants with addresses in them are written
 * first and read-only afterwards. Slots of imported functions end in an empty one for each library.
 */
export function outputSections(program: Program, relocatable: boolean): OutputSection[] {
  const outputs: OutputSection[] = [];
  const byName = new Map<string, OutputSection>();
  for (let i = 0; i < program.sectionCount; i++) {
    if (program.live[i] === 0 || program.size[i] === 0) continue;
    const section = program.sections[i];
    const name = familyOf(section.name);
    const kind = relocatable && section.kind === "rodata" && ((program.relocations[i].kinds & addresses) !== 0 || i === program.gotSection) ? "relro" : section.kind;
    const key = `${kind} ${name}`;
    let output = byName.get(key);
    if (output === undefined) {
      output = { name, kind, alignment: 1, size: 0, inputs: [], inputOffset: [] };
      byName.set(key, output);
      outputs.push(output);
    }
    const at = alignUp(output.size, section.alignment);
    output.alignment = Math.max(output.alignment, section.alignment);
    output.inputs.push(i);
    output.inputOffset.push(at);
    output.size = at + program.size[i] + (name === IMPORT_SLOTS ? 8 : 0);
  }
  return outputs.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function familyOf(name: string): string {
  for (const family of families) {
    if (name.startsWith(family) && (name.length === family.length || name[family.length] === ".")) return family;
  }
  return name;
}
