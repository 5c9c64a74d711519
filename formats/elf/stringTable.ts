/** String tables: zero-terminated UTF-8, the empty string at 0. */

const encoder = new TextEncoder();

export interface StringTable {
  readonly content: Uint8Array;
  /** By string given: its offset. */
  readonly offset: Uint32Array;
}

/** A table of `texts`, equal ones again and again. One native join and one native encoding, as there may be a hundred thousand. */
export function stringTable(texts: readonly string[]): StringTable {
  const joined = `\0${texts.join("\0")}\0`;
  const content = encoder.encode(joined);
  const offset = new Uint32Array(texts.length);
  const ascii = content.length === joined.length;
  let at = 1;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    offset[i] = text === "" ? 0 : at;
    at += (ascii ? text.length : encoder.encode(text).length) + 1;
  }
  return { content, offset };
}
