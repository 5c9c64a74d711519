/**
 * `npm run build`: the single executable dist/lang, with std/, os/ and the conformance suite inside. Needs nothing but the Bun that npm installed.
 */

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BunPlugin } from "bun";
import { bakedGroupsModule, bakedTableModule } from "../encoders/x86_64/bake.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Paths and texts of what the executable carries. */
function carried(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of ["std", "os", "conformance"]) {
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
      if (path.endsWith(".lang")) files[`${folder}/${path}`] = readFileSync(join(root, folder, path), "utf8");
    }
  }
  return files;
}

/** Replaces what the checkout reads or computes when it starts by what the executable carries. */
const embed: BunPlugin = {
  name: "embed",
  setup(build) {
    build.onLoad({ filter: /src\/driver\/embedded\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const marked = "= undefined;";
      if (!source.includes(marked)) throw new Error("scripts/build: src/driver/embedded.ts has no place for the files");
      return { contents: source.replace(marked, `= ${JSON.stringify(carried())};`), loader: "ts" };
    });
    build.onLoad({ filter: /encoders\/x86_64\/bakedTable\.ts$/ }, () => ({ contents: bakedTableModule(), loader: "ts" }));
    build.onLoad({ filter: /encoders\/x86_64\/rows\/groups\.ts$/ }, () => ({ contents: bakedGroupsModule(), loader: "ts" }));
  },
};

const folder = join(root, "dist");
const output = join(folder, "lang");
mkdirSync(folder, { recursive: true });
const result = await Bun.build({
  entrypoints: [join(root, "src/cli/main.ts")],
  plugins: [embed],
  minify: { syntax: true, whitespace: true, identifiers: false },
  bytecode: true,
  format: "esm",
  target: "bun",
  compile: { outfile: `${output}.new`, autoloadDotenv: false, autoloadBunfig: false },
});
if (!result.success) {
  for (const log of result.logs) console.error(String(log));
  process.exit(1);
}
rmSync(output, { force: true });
renameSync(`${output}.new`, output);
console.log(`dist/lang: ${(statSync(output).size / 1e6).toFixed(1)} MB`);
