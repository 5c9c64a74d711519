/**
 * For the bundle: `Kind.If`, `T["+="]`, `Op.add` and their kin become the numbers that they are. The source keeps its tables of names; the executable
 * needs neither to build them when it starts nor to look them up in code that runs once, and a `switch` over them is a table of jumps.
 */

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The names and numbers of one table. */
type Table = Readonly<Record<string, number>>;

const folders = ["src/source", "src/syntax", "src/check", "src/irgen", "src/ir", "src/analysis", "src/opt", "src/codegen", "src/debug", "src/link", "encoders", "formats"];

/** The exported tables of each module, by the module's path: plain objects that hold nothing but integers. */
export async function constantTables(root: string): Promise<ReadonlyMap<string, ReadonlyMap<string, Table>>> {
  const found = new Map<string, ReadonlyMap<string, Table>>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = join(root, folder, name);
      if (!name.endsWith(".ts") || name.endsWith(".test.ts") || !/^export const [A-Z]\w* = /m.test(readFileSync(path, "utf8"))) continue;
      const exported = (await import(path)) as Readonly<Record<string, unknown>>;
      const tables = new Map(Object.entries(exported).filter((entry): entry is [string, Table] => /^[A-Z]/.test(entry[0]) && isTable(entry[1])));
      if (tables.size > 0) found.set(path, tables);
    }
  }
  return found;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every((one) => Number.isInteger(one));
}

/** The source of the module `path` with numbers for the items of the tables that it imports or has itself. */
export function inlineConstants(path: string, source: string, tables: ReadonlyMap<string, ReadonlyMap<string, Table>>): string {
  const own = tables.get(path);
  const known = new Map(own);
  for (const [, names, from] of source.matchAll(/^import \{([^}]*)\} from "(\.[^"]*)";$/gm)) {
    const exported = tables.get(resolve(dirname(path), from as string));
    if (exported === undefined) continue;
    for (const item of (names as string).split(",")) {
      const [name = "", alias = name] = item.trim().split(/\s+as\s+/);
      const table = exported.get(name);
      if (table !== undefined) known.set(alias, table);
    }
  }
  if (known.size === 0) return source;
  // `typeof T.error` is a type, and stays.
  const use = new RegExp(String.raw`(?<!typeof |[\w$."'])(${[...known.keys()].join("|")})(?:\.([A-Za-z_]\w*)|\["([^"\\\n]+)"\])`, "g");
  // Whoever still looks something up by a name that it learns only then finds the table ready; where nobody does, the bundler leaves it out.
  const ready = source.replace(/^export const (\w+) = Object\.fromEntries\(.*?\)(?= as \{)/gm, (whole: string, table: string) => {
    const values = own?.get(table);
    return values === undefined ? whole : `export const ${table} = ${JSON.stringify(values)}`;
  });
  return ready.replace(use, (whole: string, table: string, plain: string | undefined, quoted: string | undefined) => {
    const value = known.get(table)?.[plain ?? quoted ?? ""];
    return value === undefined ? whole : value < 0 ? `(${value})` : `${value}`;
  });
}
