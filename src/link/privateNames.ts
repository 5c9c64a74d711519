/** Names of symbols that no source names and no executable shows: how they are made, and what they are in words. */

/** What they begin with, ours and those of other compilers: assemblers and linkers for ELF leave such symbols out. */
export const PRIVATE_PREFIX = ".L";

/** What a name stands for. */
const meanings = { table: "jump table", constant: "constant", unwind: "unwind information", slot: "slot of" } as const;

/** The name of one of a kind: `.Ltable.3`, `.Lunwind`. */
export function privateName(kind: keyof typeof meanings, which?: number | string): string {
  return which === undefined ? PRIVATE_PREFIX + kind : `${PRIVATE_PREFIX}${kind}.${which}`;
}

/** What a name that `privateName` made stands for, in words; undefined for others. */
export function privateMeaning(name: string): string | undefined {
  for (const [kind, meaning] of Object.entries(meanings)) {
    const made = PRIVATE_PREFIX + kind;
    if (name === made || name.startsWith(`${made}.`)) return kind === "slot" ? `${meaning} ${name.slice(made.length + 1)}` : meaning;
  }
  return undefined;
}
