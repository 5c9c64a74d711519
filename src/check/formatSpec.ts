/** The format behind the colon of an f-string's piece: `[[fill]align][sign][#][0][width][.precision][kind]`. */

export interface FormatSpec {
  /** One character, or "" for a space. */
  readonly fill: string;
  readonly align: "" | "<" | "^" | ">";
  readonly sign: "" | "+" | "-" | " ";
  readonly alternate: boolean;
  /** Zeros behind the sign, up to the width. */
  readonly zero: boolean;
  /** 0 if there is none. */
  readonly width: number;
  /** -1 if there is none. */
  readonly precision: number;
  readonly kind: "" | "x" | "X" | "b" | "o" | "e" | "E";
}

const form = /^(?:(?<fill>[^])?(?<align>[<^>]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>[1-9][0-9]*)?(?:\.(?<precision>[0-9]+))?(?<kind>[xXboeE])?$/u;

/** Widths and precisions beyond this are slips. */
const largest = 65535;

/** The format that a text says, undefined if it says none. */
export function parseFormatSpec(text: string): FormatSpec | undefined {
  const found = form.exec(text)?.groups;
  if (found === undefined) return undefined;
  const width = Number(found["width"] ?? 0);
  const precision = Number(found["precision"] ?? -1);
  if (width > largest || precision > largest) return undefined;
  return {
    fill: found["fill"] ?? "",
    align: (found["align"] ?? "") as FormatSpec["align"],
    sign: (found["sign"] ?? "") as FormatSpec["sign"],
    alternate: found["alternate"] !== undefined,
    zero: found["zero"] !== undefined,
    width,
    precision,
    kind: (found["kind"] ?? "") as FormatSpec["kind"],
  };
}
