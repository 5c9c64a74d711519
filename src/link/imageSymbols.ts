/** The symbol table of an image: what is left of the objects' symbols, with addresses. */
import type { ImageSymbols } from "./image.ts";
import { ABSOLUTE, SymbolType } from "./object.ts";
import type { SymbolId } from "./object.ts";
import type { OutputSection } from "./outputs.ts";
import type { Program } from "./program.ts";

/**
 * Definitions that are in the image, each once, without section symbols and the compiler's own labels (.L…). `address` is by symbol number.
 */
export function imageSymbols(program: Program, outputs: readonly OutputSection[], address: Float64Array): ImageSymbols {
  const outputOf = new Int32Array(program.sectionCount).fill(-1);
  outputs.forEach((output, i) => {
    for (const section of output.inputs) outputOf[section] = i;
  });
  const capacity = program.symbolCount;
  const names: string[] = [];
  const binding = new Uint8Array(capacity);
  const type = new Uint8Array(capacity);
  const visibility = new Uint8Array(capacity);
  const addresses = new Float64Array(capacity);
  const sizes = new Float64Array(capacity);
  const sections = new Int32Array(capacity);
  let count = 0;
  program.objects.forEach((object, o) => {
    const { symbols } = object;
    const base = program.symbolBase[o];
    for (let i = 0; i < symbols.count; i++) {
      const s = i as SymbolId;
      const number = base + i;
      const symbolType = symbols.type(s);
      const section = program.symbolSection[number];
      if (program.definition[number] !== number || symbolType === SymbolType.section) continue;
      let output: number = ABSOLUTE;
      if (section >= 0) {
        output = outputOf[section];
        if (output < 0) continue;
      } else if (section !== ABSOLUTE) continue;
      const name = symbols.name(s);
      if (name === "" || name.startsWith(".L")) continue;
      names.push(name);
      binding[count] = symbols.binding(s);
      type[count] = symbolType;
      visibility[count] = symbols.visibility(s);
      addresses[count] = address[number];
      sizes[count] = symbols.size(s);
      sections[count] = output;
      count++;
    }
  });
  return { count, names, binding, type, visibility, address: addresses, size: sizes, section: sections };
}
