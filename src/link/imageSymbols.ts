/** The symbol table of an image: what is left of the objects' symbols, with addresses. */
import type { ImageSymbols } from "./image.ts";
import { ABSOLUTE, SymbolType } from "./object.ts";
import type { OutputSection } from "./outputs.ts";
import type { Program } from "./program.ts";
import { PRIVATE_PREFIX } from "./privateNames.ts";

/**
 * Definitions that are in the image, each once, without section symbols and the compiler's own labels (.L…). `address` is by symbol number.
 */
export function imageSymbols(program: Program, outputs: readonly OutputSection[], outputAddress: Float64Array, address: Float64Array): ImageSymbols {
  // thread-local variables have offsets within each thread's block
  const isThreadLocal = outputs.map((output) => output.kind === "tls" || output.kind === "tlsZero");
  const threadBlock = outputAddress[isThreadLocal.indexOf(true)] ?? 0;
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
  const { symbolSection, symbolSize, definition } = program;
  program.objects.forEach((object, o) => {
    const { traits, names: ownNames, count: symbolCount } = object.symbols;
    const base = program.symbolBase[o];
    for (let i = 0; i < symbolCount; i++) {
      const number = base + i;
      const trait = traits[i];
      const symbolType = (trait >> 2) & 7;
      if (definition[number] !== number || symbolType === SymbolType.section) continue;
      const section = symbolSection[number];
      const output = section >= 0 ? outputOf[section] : section === ABSOLUTE ? ABSOLUTE : -1;
      if (output === -1) continue;
      const name = ownNames[i];
      if (name === "" || name.startsWith(PRIVATE_PREFIX)) continue;
      names.push(name);
      binding[count] = trait & 3;
      type[count] = symbolType;
      visibility[count] = trait >> 5;
      addresses[count] = output >= 0 && isThreadLocal[output] ? address[number] - threadBlock : address[number];
      sizes[count] = symbolSize[number];
      sections[count] = output;
      count++;
    }
  });
  return { count, names, binding, type, visibility, address: addresses, size: sizes, section: sections };
}
