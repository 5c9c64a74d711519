/** How vectors are divided, and what a family of rows, whose name ends in `_T`, has for each division. */

interface Arrangement {
  readonly q: string;
  /** Log of an element's bytes. */
  readonly log: number;
}

const arrangements = {
  "8b": { q: "0", log: 0 }, "16b": { q: "1", log: 0 }, "4h": { q: "0", log: 1 }, "8h": { q: "1", log: 1 },
  "2s": { q: "0", log: 2 }, "4s": { q: "1", log: 2 }, "1d": { q: "0", log: 3 }, "2d": { q: "1", log: 3 },
} as const satisfies Readonly<Record<string, Arrangement>>;
export type ArrangementName = keyof typeof arrangements;

/** What a family may say after `T=`. */
const lists: Readonly<Record<string, readonly ArrangementName[]>> = {
  all: ["8b", "16b", "4h", "8h", "2s", "4s", "2d"],
  every: ["8b", "16b", "4h", "8h", "2s", "4s", "1d", "2d"],
  bhs: ["8b", "16b", "4h", "8h", "2s", "4s"],
  bh: ["8b", "16b", "4h", "8h"],
  hs: ["4h", "8h", "2s", "4s"],
  s: ["2s", "4s"],
  b: ["8b", "16b"],
  across: ["8b", "16b", "4h", "8h", "4s"],
  quads: ["4s"],
  float: ["2s", "4s", "2d"],
};

const letters = "bhsd";
const longer: Readonly<Record<string, string>> = { "8b": "4h", "16b": "8h", "4h": "2s", "8h": "4s", "2s": "1d", "4s": "2d" };

/** The arrangements of a family's text. */
export function arrangementsOf(text: string): readonly ArrangementName[] {
  const name = / \| T=(\w+)/.exec(text)?.[1] ?? "";
  const list = lists[name];
  if (list === undefined) throw new Error(`encoders/arm64/arrangements.arrangementsOf: ${text}`);
  return list;
}

/**
 * The row of one arrangement. In the diagram: `Q`, `size` (two bits), `sz` (its low bit), `nsz` (that of the elements twice as wide),
 * `SHIFT` (immh:immb), `LANE` (imm5), `CMODE` (its bits that give a shift), `BY` and `H` (the parts of an element's number and register).
 * In the text: `T`, `Ta` (of twice as wide elements), `Tp` (of half as many of them), `Te` (an element's letter), `{2}` (the upper
 * half), `E` and `EE` before a register's letter (a scalar as wide, twice as wide), `G` (a general register).
 */
export function arranged(text: string, name: ArrangementName): string {
  const { q, log } = arrangements[name];
  const [diagram, ...rest] = text.split(" | ") as [string, ...string[]];
  const bits: Readonly<Record<string, string>> = {
    Q: q, size: log.toString(2).padStart(2, "0"), sz: String(log & 1), nsz: String(log - 1),
    SHIFT: `${"1".padStart(4 - log, "0")} imm:${3 + log}`, LANE: log === 3 ? "lane:1 1000" : `lane:${4 - log} 1${"0".repeat(log)}`, LANE0: (1 << log).toString(2).padStart(5, "0"),
    CMODE: log === 1 ? "10 amount:1" : "0 amount:2",
    BY: log === 1 ? "l:1 m:1 rm:4" : log === 2 ? "l:1 rm:5" : "0 rm:5",
  };
  const upper = letters.toUpperCase();
  const assembly = rest.filter((part) => !part.startsWith("T=")).join(" | ")
    .replaceAll("{2}", q === "1" ? "2" : "")
    .replaceAll(/\.Ta\b/g, `.${{ 0: "8h", 1: "4s", 2: "2d", 3: "1q" }[log]}`).replaceAll(/\.Tp\b/g, `.${longer[name]}`)
    .replaceAll(/\.Te\b/g, `.${letters[log]}`).replaceAll(/\.T\b/g, `.${name}`)
    .replaceAll(/\bEE(?=[dn]\b)/g, upper[log + 1] ?? "").replaceAll(/\bE(?=[dnm]\b)/g, upper[log] as string).replaceAll(/\bG(?=[n]\b)/g, log === 3 ? "X" : "W")
    .replaceAll("BYNUMBER", log === 1 ? "h.l.m" : log === 2 ? "h.l" : "h").replaceAll("ELEMENTBITS", String(8 << log))
    .replaceAll("ELEMENTBYTES", String(1 << log)).replaceAll("VECTORBYTES", q === "1" ? "16" : "8");
  return `${diagram.split(" ").map((part) => bits[part] ?? part).join(" ")} | ${assembly}`;
}
