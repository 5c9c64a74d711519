import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { alsoImported, deferredGroups, standIn } from "./deferred.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

describe("modules that wait until they are called", () => {
  const paths = Object.values(deferredGroups).flat();

  test("are there, each in one group, and have functions to be called", () => {
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(paths.filter((path, i) => paths.indexOf(path) !== i)).toEqual([]);
    expect(paths.filter((path) => !/^export function /m.test(readFileSync(join(root, path), "utf8")))).toEqual([]);
  });

  test("give others nothing but functions and types", () => {
    const group = new Map(Object.entries(deferredGroups).flatMap(([name, modules]) => modules.map((path) => [path, name] as const)));
    const wrong: string[] = [];
    for (const path of ["src", "encoders", "formats", "os"].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`))) {
      if (!path.endsWith(".ts") || /\.test\.ts$|(^|\/)testing|\/fuzz\.ts$/.test(path)) continue; // in no bundle
      for (const [, names = "", from = ""] of readFileSync(join(root, path), "utf8").matchAll(/^import \{([^}]*)\} from "(\.[^"]*)";/gm)) {
        const target = join(dirname(path), from);
        if (!group.has(target) || group.get(target) === group.get(path)) continue;
        const source = readFileSync(join(root, target), "utf8");
        for (const name of names.split(",").map((one) => one.trim().replace(/ as \w+$/, "")).filter((one) => one !== "" && !one.startsWith("type "))) {
          if (!new RegExp(`^export (?:async )?function ${name}\\b`, "m").test(source)) wrong.push(`${path} imports ${name} of ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test("have a stand-in whose first call loads them, once", async () => {
    const loads: string[] = [];
    const text = standIn("group", 1, ["first", "second"]).replaceAll("export function", "function");
    const make = new Function("require", `${text}\nreturn { first: (...given) => first(...given), second: (...given) => second(...given) };`) as (
      require: (name: string) => unknown,
    ) => { first(a: number, b: number): number; second(): string };
    const { first, second } = make((name) => {
      loads.push(name);
      return { module1: { first: (a: number, b: number) => a * b, second: () => "called" } };
    });
    expect([first(6, 7), first(2, 3), second(), loads]).toEqual([42, 6, "called", ["deferred:group"]]);
  });

  test("are reached with the start and the whole compiler, but by commands that need none of it", () => {
    for (const name of ["check", "fmt", "stages"]) {
      expect(alsoImported("/r", `/r/src/cli/${name}.ts`)).toStartWith('import "/r/src/cli/commands.ts";\nimport "/r/src/driver/build.ts?own";\nimport "/r/src/codegen/');
    }
    expect(alsoImported("/r", "/r/src/cli/run.ts")).toBe('import "/r/src/cli/commands.ts";\n');
    for (const name of ["main", "kept", "build"]) expect(alsoImported("/r", `/r/src/cli/${name}.ts`)).toBe("");
  });

  test("all that the command line loads when it is asked for is known here", () => {
    const folder = join(root, "src/cli");
    const loaded = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).flatMap((name) => [...readFileSync(join(folder, name), "utf8").matchAll(/await import\("\.\/(\w+\.ts)"\)/g)].map(([, path]) => path as string));
    expect(loaded.length).toBeGreaterThan(10);
    for (const name of new Set(loaded)) expect([name, alsoImported("/r", `/r/src/cli/${name}`)]).not.toEqual([name, ""]);
  });
});
