/** What the prelude does not mark pub, no program can name; what it does, every program can. Read from the sources, so that nothing new is forgotten. */

import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkText } from "../src/check/testing.ts";

const folder = import.meta.dir;
const core = readFileSync(join(folder, "core.lang"), "utf8");
const files: Record<string, string> = {};
for (const [top, path] of [["std", folder], ["os", join(folder, "../os")]] as const) {
  for (const name of readdirSync(path).filter((one) => one.endsWith(".lang"))) files[`${top}/${name}`] = readFileSync(join(path, name), "utf8");
}
const prelude = Object.entries(files).filter(([path]) => core.includes(`"${path}"`) && !/heap_libc|os\//.test(path));

interface Declared {
  readonly name: string;
  readonly isPublic: boolean;
}

/** What stands outside of impls: functions, globals, constants; types. */
const values: Declared[] = [];
const types: Declared[] = [];
/** Methods of types that a path can name. */
const methods: Declared[] = [];
for (const [, text] of prelude) {
  let owner: string | undefined;
  for (const line of text.split("\n")) {
    const [, isPublic, kind, name = ""] = /^(pub )?(func|var|const|struct|enum|type|trait) (\w+)/.exec(line) ?? [];
    if (kind !== undefined && kind !== "trait") (/func|var|const/.test(kind) ? values : types).push({ name, isPublic: isPublic !== undefined });
    if (/^\S/.test(line)) owner = / for /.test(line) ? undefined : /^impl(?:\[.*?\])? (\w+)(?:\[[\w, ]*\])? \{/.exec(line)?.[1];
    const [, isShown, method] = /^ {4}(pub )?func (\w+)/.exec(line) ?? [];
    if (owner !== undefined && method !== undefined) methods.push({ name: `${owner}.${method}`, isPublic: isShown !== undefined });
  }
}

/** The codes of `lines`, each the body of a function of its own, by line. */
function codesOf(lines: readonly string[]): string[][] {
  const { found } = checkText({ "main.lang": lines.join("\n"), ...files }, { errors: 100_000 });
  const codes: string[][] = lines.map(() => []);
  for (const one of found) {
    const [code = "", place = ""] = one.split(" ");
    codes[Number(place.split(":")[0]) - 1]?.push(code);
  }
  return codes;
}

test("the lists are read", () => {
  expect(values.filter(({ isPublic }) => !isPublic).map(({ name }) => name)).toEqual(expect.arrayContaining(["print_str", "input_at", "str_from_raw", "HEAP_SMALL", "lang_alloc"]));
  expect(methods.filter(({ isPublic }) => !isPublic).map(({ name }) => name)).toEqual(expect.arrayContaining(["List.grow", "Deque.place", "Map.entry_of", "String.check"]));
  expect(methods.filter(({ isPublic }) => isPublic).length).toBeGreaterThan(200);
});

test("names without pub are unknown, others are known", () => {
  const all = values.filter(({ name }) => name !== "lang_start");
  const codes = codesOf(all.map(({ name }, i) => `func f${i}() { let _x = ${name} }`));
  expect(all.filter(({ isPublic }, i) => codes[i]?.includes("E0201") === isPublic).map(({ name }) => name)).toEqual([]);
});

test("types without pub are unknown, others are known", () => {
  const codes = codesOf(types.map(({ name }, i) => `func f${i}(x &${name}) { }`));
  expect(types.filter(({ isPublic }, i) => codes[i]?.includes("E0202") === isPublic).map(({ name }) => name)).toEqual([]);
});

test("methods without pub are private, others are not", () => {
  const codes = codesOf(methods.map(({ name }, i) => `func f${i}() { let _x = ${name} }`));
  expect(methods.filter(({ isPublic }, i) => codes[i]?.includes("E0208") === isPublic).map(({ name }) => name)).toEqual([]);
});

test("a private method hides none of a trait, of what a type derefs to, or of a type of the same name", () => {
  const text = `trait Growing { func grow(&self) str }
impl Growing for List[i64] { func grow(&self) str { "grown" } }
trait Checked { func check(&self) str }
impl Checked for str { func check(&self) str { *self } }
struct Field { items List[i64] }
impl Deref[List[i64]] for Field { func deref(&self) &List[i64] { &self.items } }
struct Pot { n i64 }
impl Pot { func place(&self) i64 { self.n }
  func grow(&mut self) { self.n += 1 } }
func f(list List[i64], text String, field Field) str { let _a = list.grow()
  let _b = text.check()
  let _c = List[i64].grow(&list)
  field.grow() }
func g() i64 { var pot = Pot { n: 1 }
  pot.grow()
  pot.place() }`;
  const { found, messages } = checkText({ "main.lang": text, ...files });
  expect(found, messages).toEqual([]);
});

test("what is unknown is not suggested", () => {
  const { messages, diagnostics } = checkText({ "main.lang": "func f() { print_st(1) }\nfunc g(list &mut List[i64]) { list.grw(1) }", ...files });
  expect(messages).toContain("print_st");
  expect(diagnostics.list.flatMap(({ advice }) => advice ?? []).join("\n")).not.toMatch(/print_str|grow/);
});
