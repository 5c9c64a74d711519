/** Stores the expanded table as a module, so that an executable need not parse the rows when it starts. */
import { columns, rowNames } from "./columns.ts";
import { row, type RowName } from "./table.ts";
import { groups } from "./rows/groups.ts";

/** What `bakedTable.ts` shall read in the bundle: the groups that code generators ask for. */
export function bakedTableModule(): string {
  const texts = Object.assign({}, ...groups) as { readonly [name: string]: string };
  const all = Object.keys(texts) as RowName[];
  for (const name of all) row(name);
  const conditional: { [name: string]: number } = {};
  for (const name of all) if (texts[name].includes("+cc")) conditional[name] = row(name);
  const implied: { [name: string]: string } = {};
  for (const name of all) {
    const marks = texts[name].split("|")[0].split(" ").filter((mark) => mark[0] === "+");
    if (marks.length > 0) implied[name] = marks.join(" ");
  }
  const names = rowNames();
  const parts = columns.map(([column, places]) => new Uint8Array(column.buffer, 0, names.length * places * column.BYTES_PER_ELEMENT));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const table = { names: names.join(" "), count: names.length, conditional: JSON.stringify(conditional), columns: bytes.toBase64(), implied: JSON.stringify(implied) };
  return `export const bakedTable = ${JSON.stringify(table)};\n`;
}

/** What `rows/groups.ts` shall read in the bundle: the texts are no longer needed. */
export function bakedGroupsModule(): string {
  return "export const groups = [];\nexport const furtherGroups = [];\n";
}
