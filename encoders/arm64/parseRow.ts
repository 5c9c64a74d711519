/** The text of a row to its columns; table.ts says how a row is written. */

export interface Field {
  readonly at: number;
  readonly width: number;
}

export interface Alias {
  /** Conditions joined by `&`: see aliases.ts. */
  readonly condition: string;
  readonly mnemonic: string;
  readonly operands: string;
}

export interface Row {
  readonly name: string;
  /** The bits that are the same in every instruction of the row, and which they are. */
  readonly value: number;
  readonly mask: number;
  readonly fields: Readonly<Record<string, Field>>;
  /** Pairs of fields that must be equal: a field that stands twice in the diagram. */
  readonly twins: readonly (readonly [Field, Field])[];
  readonly mnemonic: string;
  readonly operands: string;
  /** What is written instead where it says the same; the first that applies. */
  readonly aliases: readonly Alias[];
  /** The extension that the processor must have, by its name in `.arch_extension`; "" for none. */
  readonly feature: string;
}

/** A row of `rows/`: its diagram of 32 bits, its text, its marks. Throws on a diagram that is not 32 bits wide: the table is wrong then. */
export function parseRow(name: string, text: string): Row {
  const [diagram, assembly, ...marks] = text.split(" | ") as [string, string, ...string[]];
  let at = 32;
  let value = 0;
  let mask = 0;
  const fields: Record<string, Field> = {};
  const twins: (readonly [Field, Field])[] = [];
  for (const part of diagram.split(" ")) {
    const [field, width] = part.split(":") as [string, string | undefined];
    const known = fields[field];
    if (known !== undefined) {
      at -= known.width;
      twins.push([known, { at, width: known.width }]);
    } else if (width !== undefined) {
      at -= Number(width);
      fields[field] = { at, width: Number(width) };
    } else {
      for (const bit of part) {
        if (bit !== "0" && bit !== "1") throw new Error(`encoders/arm64/parseRow.parseRow: ${name}: ${part}`);
        at--;
        mask |= 1 << at;
        if (bit === "1") value |= 1 << at;
      }
    }
  }
  if (at !== 0) throw new Error(`encoders/arm64/parseRow.parseRow: ${name} has ${32 - at} bits`);
  const aliases = marks.filter((mark) => mark[0] === "?").map((mark) => {
    const [condition, ...rest] = mark.slice(1).split(" ") as [string, ...string[]];
    return { condition, ...parted(rest.join(" ")) };
  });
  return {
    name, value: value >>> 0, mask: mask >>> 0, fields, twins, ...parted(assembly), aliases,
    feature: marks.find((mark) => mark[0] === "+")?.slice(1) ?? "",
  };
}

function parted(assembly: string): { readonly mnemonic: string; readonly operands: string } {
  const space = assembly.indexOf(" ");
  return { mnemonic: space < 0 ? assembly : assembly.slice(0, space), operands: space < 0 ? "" : assembly.slice(space + 1) };
}
