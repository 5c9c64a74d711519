/**
 * A region of code as assembly text, from its bytes and fixups alone: what `-S` prints for a section's code. Labels are
 * made up for the offsets that branches and rip-relative operands lead to.
 */
import { DECODED, Instruction, decode } from "./decoder.ts";
import { instructionText } from "./disassembler.ts";
import type { Symboliser } from "./disassembler.ts";
import { operandKinds } from "./operands.ts";
import { fixupsOf, linesBefore, numberLabels } from "../listing.ts";
import type { ListingInput } from "../listing.ts";
import { RIP } from "./registers.ts";
import { rowOperand, rowOperandCount } from "./columns.ts";

/** The region's lines, without line ends. Bytes that are no instruction become `.byte` with a remark. */
export function listRegion(input: ListingInput): string[] {
  const { bytes, start, end } = input;
  const instruction = new Instruction();
  const references = fixupsOf(input);
  const labels = collectLabels(input, references);
  const symbols: Symboliser = {
    fixup: (at) => references.get(at),
    target: (offset) => labels.get(offset) ?? input.nameAt(offset),
  };
  const lines: string[] = [];
  for (let at = start; at < end; ) {
    lines.push(...linesBefore(input, at, labels));
    if (decode(bytes, at, end, instruction) === DECODED) {
      lines.push(`\t${instructionText(instruction, at, symbols)}`);
      at += instruction.length;
    } else {
      lines.push(`\t.byte ${bytes[at]} # not an instruction`);
      at++;
    }
  }
  const label = labels.get(end);
  if (label !== undefined) lines.push(`${label}:`);
  return lines;
}

/**
 * Labels for the offsets of the region that something leads to and that are an instruction's start, or the end. Even where
 * a symbol stands: of a branch to a global symbol `as` would make a relocation.
 */
function collectLabels(input: ListingInput, references: ReadonlyMap<number, unknown>): Map<number, string> {
  const { bytes, start, end } = input;
  const instruction = new Instruction();
  const targets = new Set<number>();
  const starts = new Set<number>([end]);
  for (let at = start; at < end; ) {
    starts.add(at);
    if (decode(bytes, at, end, instruction) !== DECODED) {
      at++;
      continue;
    }
    at += instruction.length;
    const count = rowOperandCount(instruction.row);
    const relative = count > 0 && operandKinds[rowOperand(instruction.row, 0)].relative;
    if (relative && !references.has(instruction.immediateAt)) targets.add(at + instruction.immediate);
    if (instruction.hasMemory && instruction.base === RIP && !references.has(instruction.displacementAt)) {
      targets.add(at + instruction.displacement);
    }
  }
  return numberLabels([...targets].filter((offset) => starts.has(offset)), input.labelPrefix);
}
