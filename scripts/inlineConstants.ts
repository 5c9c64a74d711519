/**
 * For the bundle: `Kind.If`, `T["+="]`, `Op.add` and their kin become the numbers that they are. The source keeps its tables of names; the executable
 * needs neither to build them when it starts nor to look them up in code that runs once, and a `switch` over them is a table of jumps.
 */

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { row, type RowName } from "../encoders/x86_64/table.ts";

/** The names and numbers of one table. */
type Table = Readonly<Record<string, number>>;

/** Of one module: its tables of names, and how other constants would be written that it computes when it is loaded. */
export interface Constants {
  readonly tables: ReadonlyMap<string, Table>;
  readonly computed: ReadonlyMap<string, string>;
}

/** Constants that are computed by one call: columns of a table's rows, sets of tokens, the encoder's rows. And lists of rows, and tables of texts that are put together. */
const computation = /^export const (\w+)((?:: [^=\n]+)?) = (?:(?:Uint8Array\.from|new Uint8Array(?=\(\w+\.map)|Int16Array\.of|rows\.map|setOf|byToken|byByte|byOperation|byWidth|alu|shift|row|Object\.keys)\([\s\S]*?\);$|\[\n[\s\S]*?\n\];$|\{\n  \.\.\.[\s\S]*?\n\};$)/gm;

const folders = ["os", "src/cli", "src/source", "src/syntax", "src/check", "src/irgen", "src/ir", "src/analysis", "src/opt", "src/codegen", "src/debug", "src/link", "encoders", "formats"];

/** The exported constants of each module, by the module's path. Its tables are plain objects that hold nothing but integers. */
export async function constantTables(root: string): Promise<ReadonlyMap<string, Constants>> {
  const found = new Map<string, Constants>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = join(root, folder, name);
      if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
      const source = readFileSync(path, "utf8");
      const computations = [...source.matchAll(computation)].map(([, constant]) => constant as string);
      if (computations.length === 0 && !/^export const [A-Z]\w* = /m.test(source)) continue;
      const exported = (await import(path)) as Readonly<Record<string, unknown>>;
      const tables = new Map(Object.entries(exported).filter((entry): entry is [string, Table] => /^[A-Z]/.test(entry[0]) && isTable(entry[1])));
      const computed = new Map(computations.flatMap((constant) => {
        const text = literal(exported[constant]);
        return text === undefined ? [] : [[constant, text] as const];
      }));
      if (tables.size > 0 || computed.size > 0) found.set(path, { tables, computed });
    }
  }
  return found;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every((one) => Number.isInteger(one));
}

/** How a value would be written; undefined for one that holds more than integers, texts, truth values, arrays and plain objects of them. */
function literal(value: unknown): string | undefined {
  if (Number.isInteger(value) || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  // A list of numbers is made number by number.
  if (value instanceof Uint8Array && value.length > 16) return `Uint8Array.fromHex("${value.toHex()}")`;
  if ((value instanceof Int16Array || value instanceof Int8Array) && value.length > 16) return `new ${value.constructor.name}(Uint8Array.fromHex("${new Uint8Array(value.buffer).toHex()}").buffer)`;
  if (value instanceof Uint8Array || value instanceof Int16Array || value instanceof Int8Array) return `new ${value.constructor.name}([${value.join()}])`;
  const isArray = Array.isArray(value);
  if (!isArray && (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)) return undefined;
  const items = Object.entries(value).map(([name, item]) => [JSON.stringify(name), literal(item)] as const);
  if (items.some(([, item]) => item === undefined)) return undefined;
  // Many rows are made sooner from a text.
  if (isArray && value.length >= 8 && value.every((item) => typeof item === "object" && !Array.isArray(item))) return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  return isArray ? `[${items.map(([, item]) => item).join()}]` : `({ ${items.map(([name, item]) => `${name}: ${item}`).join()} })`;
}

/** The encoder's rows that a module names, by their numbers in the table that is baked beside it. */
function withRows(source: string): string {
  return /^import \{ row \} from ".*x86_64\/table\.ts";$|^import \{ .*\brow\b.* \} from "\.\/table\.ts";$/m.test(source) ? source.replace(/(?<![\w.])row\("(\w+)"\)/g, (_, name: string) => `${row(name as RowName)}`) : source;
}

/** The source of the module `path` with numbers for the items of the tables that it imports or has itself. */
export function inlineConstants(path: string, source: string, constants: ReadonlyMap<string, Constants>): string {
  const own = constants.get(path);
  const known = new Map(own?.tables);
  for (const [, names, from] of source.matchAll(/^import \{([^}]*)\} from "(\.[^"]*)";$/gm)) {
    const exported = constants.get(resolve(dirname(path), from as string))?.tables;
    if (exported === undefined) continue;
    for (const item of (names as string).split(",")) {
      const [name = "", alias = name] = item.trim().split(/\s+as\s+/);
      const table = exported.get(name);
      if (table !== undefined) known.set(alias, table);
    }
  }
  const text = own === undefined ? source : source.replace(computation, (whole: string, name: string, type: string) => {
    const value = own.computed.get(name);
    return value === undefined ? whole : `export const ${name}${type} = ${value};`;
  });
  if (known.size === 0) return withRows(text);
  // `typeof T.error` is a type, and stays.
  const use = new RegExp(String.raw`(?<!typeof |[\w$."'])(${[...known.keys()].join("|")})(?:\.([A-Za-z_]\w*)|\["([^"\\\n]+)"\])`, "g");
  // Whoever still looks something up by a name that it learns only then finds the table ready; where nobody does, the bundler leaves it out.
  const ready = text.replace(/^export const (\w+) = Object\.fromEntries\(.*?\)(?= as \{)/gm, (whole: string, table: string) => {
    const values = own?.tables.get(table);
    return values === undefined ? whole : `export const ${table} = ${JSON.stringify(values)}`;
  });
  return withRows(ready).replace(use, (whole: string, table: string, plain: string | undefined, quoted: string | undefined) => {
    const value = known.get(table)?.[plain ?? quoted ?? ""];
    return value === undefined ? whole : value < 0 ? `(${value})` : `${value}`;
  });
}
