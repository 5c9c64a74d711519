/** What package.json promises is there: the command, what is exported, what is published. */

import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

setDefaultTimeout(120_000);

const root = fileURLToPath(new URL("../", import.meta.url));

interface Package {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly bun: string; readonly default: string }>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly sideEffects: readonly string[];
}

const { bin, exports, files, scripts, sideEffects } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Package;

describe("package.json", () => {
  test("the command is there and may be executed", () => {
    for (const path of Object.values(bin)) expect(statSync(join(root, path)).mode & 0o111).not.toBe(0);
  });

  for (const [name, { bun: path }] of Object.entries(exports)) {
    test(`exports ${name}`, async () => {
      if (!path.includes("*")) {
        expect(existsSync(join(root, path))).toBe(true);
        await import(`lang${name.slice(1)}`);
        return;
      }
      const [before, after] = path.split("*") as [string, string];
      const found = readdirSync(join(root, before)).filter((file) => file.endsWith(after) && !file.endsWith(".test.ts"));
      // Folders within count, too: encoders/* reaches encoders/x86_64/decode.
      const within = found.length > 0 ? found : readdirSync(join(root, before), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(after));
      expect(within.length).toBeGreaterThan(0);
      await import(`lang${name.slice(1).replace("*", (within[0] as string).slice(0, -after.length))}`);
    });
  }

  test("what is published exists", () => {
    // lib/ is made when the package is packed.
    expect(files.filter((path) => !path.startsWith("!") && path !== "lib" && !existsSync(join(root, path)))).toEqual([]);
  });

  test("bundlers keep the modules that are imported for what loading them does", () => {
    const lost = ["src", "encoders", "formats", "os"].flatMap((folder) => {
      const paths = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
      return paths.flatMap((path) => [...readFileSync(join(root, folder, path), "utf8").matchAll(/^import "([^"]+)"/gm)].flatMap(([, name = ""]) => {
        const module = join(folder, dirname(path), name);
        // In the sources, and as JavaScript in lib/.
        return [`./${module}`, `./lib/${module.replace(/\.ts$/, ".js")}`].filter((file) => !sideEffects.some((pattern) => new Bun.Glob(pattern).match(file)));
      }));
    });
    expect(lost).toEqual([]);
  });

  test("scripts name files that exist", () => {
    const missing = Object.values(scripts).flatMap((line) => line.split(" ").filter((word) => word.endsWith(".ts") && !existsSync(join(root, word))));
    expect(missing).toEqual([]);
  });
});

/** Builds a program for each system as somebody would who has the package, and says what came of it. */
const user = `import { build } from "lang";
import { host } from "lang/host";
import { buildRequest, type BuildRequest } from "lang/request";
import { everyTarget, type TargetRow } from "lang/targets";

const bytes: Uint8Array = new TextEncoder().encode('func main() {\\n    println("hello")\\n}\\n');
const sizes = everyTarget().map((target: TargetRow): string => {
  const request: BuildRequest = buildRequest("hello.lang", bytes, target, { level: "Os", strip: true });
  const answer = build(request, host);
  return \`\${target.name} \${answer.bytes === undefined ? "failed" : "built"}\`;
});
console.log(sizes.join("\\n"));
`;

describe("the package, unpacked in a project of somebody else's", () => {
  const project = mkdtempSync(join(tmpdir(), "lang-package-"));
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  const installed = join(project, "node_modules/lang");
  const run = (program: string, ...args: readonly string[]): { readonly status: number | null; readonly text: string } => {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: project, encoding: "utf8" });
    return { status, text: (stdout + stderr).trim() };
  };
  const built = { status: 0, text: ["linux-x86_64", "linux-arm64", "macos-x86_64", "macos-arm64", "windows-x86_64", "windows-arm64"].map((name) => `${name} built`).join("\n") };

  test("npm packs it, without tests", () => {
    const packed = spawnSync("npm", ["pack", "--json", "--pack-destination", project], { cwd: root, encoding: "utf8" });
    if (packed.status !== 0 && packed.error !== undefined) {
      console.log("not run, for want of npm: the packed library");
      return;
    }
    const [{ filename, files }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("["))) as [{ filename: string; files: { path: string }[] }];
    expect(files.filter(({ path }) => path.includes(".test."))).toEqual([]);
    expect(run("tar", "xzf", filename).status).toBe(0);
    mkdirSync(join(project, "node_modules"));
    cpSync(join(project, "package"), installed, { recursive: true });
    writeFileSync(join(project, "package.json"), '{ "type": "module" }');
    writeFileSync(join(project, "user.ts"), user);
    writeFileSync(join(project, "user.js"), user.replace(/, type \w+/g, "").replace(/: (?:Uint8Array|TargetRow|string|BuildRequest)\b/g, ""));
  });

  test("Node builds programs with it, and imports every module that is exported", () => {
    if (!existsSync(installed) || run("node", "--version").status !== 0) return;
    expect(run("node", "user.js")).toEqual(built);
    const modules = Object.entries(exports).flatMap(([name, { default: path }]) => {
      if (!path.includes("*")) return [`lang${name.slice(1)}`];
      const folder = path.slice(0, path.indexOf("*"));
      return readdirSync(join(installed, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js")).map((file) => `lang${name.slice(1).replace("*", file.replace(/\.js$/, ""))}`);
    });
    expect(modules.length).toBeGreaterThan(200);
    writeFileSync(join(project, "all.js"), `for (const name of ${JSON.stringify(modules)}) await import(name).catch((error) => console.log(name, error.message));\n`);
    expect(run("node", "all.js")).toEqual({ status: 0, text: "" });
  });

  test("its command runs with Node where there is no Bun", () => {
    const node = spawnSync("node", ["-p", "process.execPath"], { encoding: "utf8" }).stdout?.trim() ?? "";
    if (!existsSync(installed) || node === "") return;
    const lang = (...args: readonly string[]): string => {
      const { stdout, stderr } = spawnSync(node, [join(installed, "bin/lang.mjs"), ...args], { cwd: project, encoding: "utf8", env: { PATH: "/nowhere", NO_COLOR: "1" } });
      return stdout + stderr;
    };
    for (const name of ["cac", "zod"]) symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
    writeFileSync(join(project, "hello.lang"), 'func main() {\n    println("hello")\n}\n');
    writeFileSync(join(project, "wrong.lang"), "func main() { let x i64 = true }\n");
    if (process.platform === "linux" && process.arch === "x64") expect(lang("run", "hello.lang")).toBe("hello\n");
    expect(lang("check", "wrong.lang")).toStartWith("error[E0301]: expected i64, found bool");
    expect(lang("conformance", "--filter", "03-types/widening/refused-u8-to-usize", "--json")).toContain("refused-u8-to-usize");
  });

  test("so does Bun, from the sources", () => {
    if (!existsSync(installed)) return;
    expect(run(process.execPath, "user.ts")).toEqual(built);
    // In this order, too, modules that need each other come after what they need.
    if (existsSync(join(project, "all.js"))) expect(run(process.execPath, "all.js")).toEqual({ status: 0, text: "" });
  });

  test("its types hold under the strictest settings", () => {
    if (!existsSync(installed)) return;
    symlinkSync(join(root, "node_modules/bun-types"), join(project, "node_modules/bun-types"));
    for (const [resolution, module] of [["nodenext", "nodenext"], ["bundler", "esnext"]] as const) {
      expect(run(join(root, "node_modules/.bin/tsc"), "--noEmit", "--strict", "--target", "esnext", "--module", module, "--moduleResolution", resolution, "--types", "bun-types", "user.ts")).toEqual({ status: 0, text: "" });
    }
    writeFileSync(join(project, "wrong.ts"), 'import { build } from "lang";\nbuild(1);\n');
    expect(run(join(root, "node_modules/.bin/tsc"), "--noEmit", "--strict", "--module", "nodenext", "--types", "bun-types", "wrong.ts").text).toContain("error TS");
  });
});
