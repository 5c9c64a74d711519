/** When an alias stands for its row: conditions such as `rd=31&cond<14`, of fields and numbers, and the words below. */
import { decodeBitmask } from "./bitmask.ts";
import type { Instruction } from "./decoder.ts";
import type { Alias } from "./parseRow.ts";

const top = (i: Instruction): number => (i.field("sf") === 1 ? 63 : 31);

const words: Readonly<Record<string, (i: Instruction) => boolean>> = {
  always: () => true,
  notZero: (i) => i.field("rn") !== 31,
  /** A bit field that ends at the register's top: a shift to the right. */
  toTop: (i) => i.field("imms") === top(i),
  isLeft: (i) => i.field("imms") + 1 === i.field("immr"),
  /** `mov` of a constant is movz if that can do it, else movn, else orr; and never one of a shifted zero. */
  plain: (i) => i.field("imm16") !== 0 || i.field("hw") === 0,
  plainInverted: (i) => (i.field("imm16") !== 0 || i.field("hw") === 0) && (i.field("sf") === 1 || i.field("imm16") !== 0xffff),
  notMoveWide: (i) => !isMoveWide(decodeBitmask(i.field("bits"), i.field("sf") === 1) ?? 0n, i.field("sf") === 1 ? 4 : 2),
};

function isMoveWide(value: bigint, halfwords: number): boolean {
  const all = (1n << BigInt(16 * halfwords)) - 1n;
  for (let hw = 0; hw < halfwords; hw++) {
    const rest = all & ~(0xffffn << BigInt(16 * hw));
    if ((value & rest) === 0n || (~value & rest) === 0n) return true;
  }
  return false;
}

/** The first alias that applies. */
export function aliasOf(i: Instruction): Alias | undefined {
  for (const alias of i.row?.aliases ?? []) if (alias.condition.split("&").every((part) => holds(part, i))) return alias;
  return undefined;
}

function holds(condition: string, i: Instruction): boolean {
  const [, left, relation, right] = /^(\w+)([=<])(\w+)$/.exec(condition) ?? [];
  if (left !== undefined && right !== undefined) {
    const [a, b] = [i.field(left), /^\d/.test(right) ? Number(right) : i.field(right)];
    return relation === "=" ? a === b : a < b;
  }
  const word = words[condition];
  if (word === undefined) throw new Error(`encoders/arm64/aliases.holds: ${condition}`);
  return word(i);
}
