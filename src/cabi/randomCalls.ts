/**
 * Random C signatures as two programs that call each other: one in the language, one in C. Each function checks what arrives, each caller what
 * comes back, and both report by number what is wrong. For the differential test.
 */

export interface CallPrograms {
  readonly lang: string;
  readonly c: string;
  readonly signatures: readonly string[];
}

/** What is left out of signatures, since the C compiler has it wrong or C compilers do not agree. */
export interface Exceptions {
  /** clang before 18 splits a number of 128 bits between the last register and the stack, and does not align it there (psABI 3.2.3 does): what may not fit is put in a struct, which it has right. */
  readonly splitsWide?: boolean;
  /** Behind `...` no number of 128 bits, nor a struct with one. */
  readonly noWideVariable?: boolean;
}

interface Scalar {
  readonly lang: string;
  readonly c: string;
  /** A value by a number, as both languages write it. */
  readonly value: (n: number) => string;
}

interface Struct {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: FieldType; readonly counts: readonly number[] }[];
}

type FieldType = Scalar | Struct;

const scalars: readonly Scalar[] = [
  { lang: "i8", c: "signed char", value: (n) => `${(n % 256) - 128}` },
  { lang: "u8", c: "unsigned char", value: (n) => `${n % 256}` },
  { lang: "i16", c: "short", value: (n) => `${((n * 257) % 65536) - 32768}` },
  { lang: "u16", c: "unsigned short", value: (n) => `${(n * 257) % 65536}` },
  { lang: "i32", c: "int", value: (n) => `${((n * 7654321) % 2147483647) - 1073741824}` },
  { lang: "u32", c: "unsigned", value: (n) => `${(n * 7654321) % 4294967295}` },
  { lang: "i64", c: "long long", value: (n) => `${n * 98765432123 - 40000000000000}` },
  { lang: "u64", c: "unsigned long long", value: (n) => `${n * 98765432123}` },
  { lang: "f32", c: "float", value: (n) => `${n}.25` },
  { lang: "f64", c: "double", value: (n) => `${n}.125` },
  { lang: "f32", c: "float", value: (n) => `${n}.5` },
  { lang: "f64", c: "double", value: (n) => `${n}.75` },
  { lang: "bool", c: "_Bool", value: (n) => (n % 3 === 0 ? "true" : "false") },
  { lang: "char", c: "unsigned", value: (n) => `'${String.fromCharCode(65 + (n % 26))}'` },
  { lang: "i128", c: "__int128", value: (n) => `${BigInt(n) * 123456789012345678901234567890n - 6000000000000000000000000000000n}` },
  { lang: "u128", c: "unsigned __int128", value: (n) => `${BigInt(n) * 3210987654321098765432109876543210987n}` },
  { lang: "usize", c: "size_t", value: (n) => `${n * 98765432123}` },
  { lang: "*u8", c: "pointer", value: (n) => `(${n * 4096} as usize as *u8)` },
  { lang: "extern func(i32) i32", c: "callback", value: (n) => `(${n % 2 === 0 ? "twice" : "thrice"} as extern func(i32) i32)` },
];
const f64: Scalar = { lang: "f64", c: "double", value: (n) => `${n}.125` };
const i32: Scalar = { lang: "i32", c: "int", value: (n) => `${n - 50}` };
const common = {
  lang: `extern func bad(number i32, leaf i32)
@export("twice") func twice(n i32) i32 { n *% 2 }
@export("thrice") func thrice(n i32) i32 { n *% 3 }`,
  c: `#include <stdarg.h>
#include <stddef.h>
#define true 1
#define false 0
typedef unsigned char *pointer;
typedef int (*callback)(int);
extern int twice(int), thrice(int);
extern void bad(int, int);`,
};

const isStruct = (type: FieldType): type is Struct => "fields" in type;

class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed | 1;
  }
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 4294967296) * limit);
  }
  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

function randomStructs(random: Random, count: number): Struct[] {
  const structs: Struct[] = [];
  for (let s = 0; s < count; s++) {
    const alike = random.below(3) === 0 ? random.one(scalars.filter((scalar) => scalar.lang.startsWith("f") || random.below(4) === 0)) : undefined;
    const fields = Array.from({ length: 1 + random.below(s % 4 === 0 ? 7 : 3) }, (_, i) => {
      const type: FieldType = alike ?? (structs.length > 0 && random.below(6) === 0 ? random.one(structs.slice(0, 8)) : random.one(scalars));
      const counts = random.below(8) === 0 ? (random.below(3) === 0 ? [1 + random.below(3), 1 + random.below(3)] : [1 + random.below(4)]) : [];
      return { name: `m${i}`, type, counts };
    });
    structs.push({ name: `S${s}`, fields });
  }
  return structs;
}

/** Every scalar of a value: how it is reached behind a name, and its value. */
function leaves(type: FieldType, path: string, next: () => number, into: { path: string; type: Scalar; value: string }[]): void {
  if (!isStruct(type)) {
    into.push({ path, type, value: type.value(next()) });
    return;
  }
  const elements = (inner: FieldType, at: string, [count, ...rest]: readonly number[]): void => {
    if (count === undefined) leaves(inner, at, next, into);
    else for (let i = 0; i < count; i++) elements(inner, `${at}[${i}]`, rest);
  };
  for (const { name, type: inner, counts } of type.fields) elements(inner, `${path}.${name}`, counts);
}

/** An array of arrays of values between brackets. */
function nested([count, ...rest]: readonly number[], [open, close]: readonly [string, string], one: () => string): string {
  return count === undefined ? one() : `${open}${Array.from({ length: count }, () => nested(rest, [open, close], one)).join(", ")}${close}`;
}

function langLiteral(type: FieldType, next: () => number): string {
  if (!isStruct(type)) return type.value(next());
  const fields = type.fields.map(({ name, type: inner, counts }) => `${name}: ${nested(counts, ["[", "]"], () => langLiteral(inner, next))}`);
  return `${type.name} { ${fields.join(", ")} }`;
}

function cLiteral(type: FieldType, next: () => number): string {
  if (!isStruct(type)) return cValue(type, type.value(next()));
  const fields = type.fields.map(({ type: inner, counts }) => nested(counts, ["{", "}"], () => cLiteral(inner, next)));
  return `{${fields.join(", ")}}`;
}

function cValue(type: Scalar, value: string): string {
  if (type.c === "pointer") return `(pointer)${Number(/\d+/.exec(value))}ull`;
  if (type.c === "callback") return /twice|thrice/.exec(value)?.[0] ?? "";
  if (type.lang.endsWith("128")) return wideLiteral(type.c, BigInt(value));
  if (!/^[fiu]\d/.test(type.lang)) return type.lang === "usize" ? `${value}ull` : value;
  return type.lang.startsWith("f") ? (type.lang === "f32" ? `${value}f` : value) : `${value}${type.lang === "u64" ? "ull" : type.lang.endsWith("64") ? "ll" : type.lang === "u32" ? "u" : ""}`;
}

/** C has no literals of this size. */
function wideLiteral(type: string, value: bigint): string {
  const word = (shift: bigint): bigint => BigInt.asUintN(64, value >> shift);
  return `(${type})((unsigned __int128)${word(64n)}ull << 64 | ${word(0n)}ull)`;
}

function counter(start: number): () => number {
  let n = start;
  return () => 1 + (n++ % 100);
}

const nameOf = (type: FieldType, language: "lang" | "c"): string => (isStruct(type) ? type.name : type[language]);

/** What C makes of a variable argument. */
function promoted(type: FieldType): FieldType {
  if (isStruct(type)) return type;
  if (type.lang === "f32") return { ...f64, value: type.value };
  return /^[iu](8|16)$|bool/.test(type.lang) && type.c !== "pointer" ? { ...i32, value: type.value } : type;
}

const isWide = (type: FieldType): boolean => !isStruct(type) && type.lang.endsWith("128");
const holdsWide = (type: FieldType): boolean => (isStruct(type) ? type.fields.some((field) => holdsWide(field.type)) : isWide(type));
const wideStructs: readonly Struct[] = scalars.filter(isWide).map((type, i) => ({ name: `Wide${i}`, fields: [{ name: "m", type, counts: [] }] }));

/** The parameters with structs instead of those numbers of 128 bits that may find too few of the six registers left. */
function wrapped(parameters: readonly FieldType[]): FieldType[] {
  let words = 1;
  return parameters.map((type) => {
    const into: Parameters<typeof leaves>[3] = [];
    leaves(type, "", () => 0, into);
    words += into.reduce((sum, leaf) => sum + (isWide(leaf.type) ? 2 : 1), 0);
    return isWide(type) && words > 6 ? (wideStructs.find((struct) => struct.fields[0]?.type === type) ?? type) : type;
  });
}

/** `count` random signatures of a seed, with their calls from lang to C and from C to lang: each side says what came in wrong. */
export function randomCalls(seed: number, count: number, exceptions: Exceptions = {}): CallPrograms {
  const random = new Random(seed);
  const structs = [...wideStructs, ...randomStructs(random, Math.min(150, count))];
  const lang: string[] = [common.lang];
  const c: string[] = [common.c];
  const langCalls: string[] = [];
  const cCalls: string[] = [];
  const signatures: string[] = [];
  for (const { name, fields } of structs) {
    lang.push(`struct ${name} { ${fields.map((field) => `${field.name} ${field.counts.map((count) => `[${count}]`).join("")}${nameOf(field.type, "lang")}`).join(", ")} }`);
    c.push(`typedef struct ${name} { ${fields.map((field) => `${nameOf(field.type, "c")} ${field.name}${field.counts.map((count) => `[${count}]`).join("")};`).join(" ")} } ${name};`);
  }
  const type = (): FieldType => (random.below(2) === 0 ? random.one(structs) : random.one(scalars));
  for (let i = 0; i < count; i++) {
    const drawn = Array.from({ length: random.below(random.below(4) === 0 ? 14 : 6) }, type);
    const parameters = exceptions.splitsWide === true ? wrapped(drawn) : drawn;
    const result = random.below(8) === 0 ? undefined : type();
    // We give them as they are, C takes them as promoted.
    const given = i % 4 === 3 ? Array.from({ length: 1 + random.below(8) }, type).filter((p) => exceptions.noWideVariable !== true || !holdsWide(p)) : [];
    const variable = given.map(promoted);
    if (variable.length > 0 && parameters.length === 0) parameters.push(i32);
    // A narrow last parameter is no place to start from (C11 7.16.1.4).
    if (variable.length > 0) {
      const last = parameters[parameters.length - 1] as FieldType;
      parameters[parameters.length - 1] = !isStruct(last) && last.lang === "bool" ? i32 : promoted(last);
    }
    signatures.push(`${result === undefined ? "void" : nameOf(result, "c")} (${[...parameters.map((p) => nameOf(p, "c")), ...(variable.length > 0 ? ["...", ...variable.map((p) => nameOf(p, "c"))] : [])].join(", ")})`);
    const start = i * 7;
    const all = [...parameters, ...variable];
    const langParameters = parameters.map((p, k) => `a${k} ${nameOf(p, "lang")}`);
    const cParameters = parameters.map((p, k) => `${nameOf(p, "c")} a${k}`);
    const langResult = result === undefined ? "" : ` ${nameOf(result, "lang")}`;
    const cResult = result === undefined ? "void" : nameOf(result, "c");
    const expected: { path: string; type: Scalar; value: string }[] = [];
    const next = counter(start);
    all.forEach((p, k) => leaves(p, `a${k}`, next, expected));
    const returned: { path: string; type: Scalar; value: string }[] = [];
    if (result !== undefined) leaves(result, "r", counter(start + 3), returned);
    const langCheck = (list: typeof expected, from: number): string => list.map((leaf, k) => `    if ${leaf.path} != ${leaf.value} { bad(${i}, ${from + k}) }`).join("\n");
    // One branch for each argument: compilers are slow where there are many.
    const cCheck = (list: typeof expected, from: number): string => {
      const byArgument = Map.groupBy(list, (leaf) => leaf.path.split(/[.[]/)[0]);
      return [...byArgument.values()].map((group, k) => `  if (${group.map((leaf) => `(${leaf.path} != (${leaf.type.c})${cValue(leaf.type, leaf.value)})`).join(" | ")}) bad(${i}, ${from + k});`).join("\n");
    };
    const cReturn = result === undefined ? "" : `  ${cResult} r = ${cLiteral(result, counter(start + 3))};\n  return r;`;
    // From us to C.
    lang.push(`extern func c${i}(${[...langParameters, ...(variable.length > 0 ? ["..."] : [])].join(", ")})${langResult}`);
    const arguments_ = counter(start);
    const langArguments = [...parameters, ...given].map((p, k) => (k < parameters.length || isStruct(p) || p.lang === "bool" || p.lang === "char" ? langLiteral(p, arguments_) : `${langLiteral(p, arguments_)} as ${p.lang}`)).join(", ");
    langCalls.push(result === undefined ? `    c${i}(${langArguments})` : `    { let r = c${i}(${langArguments})\n${langCheck(returned, 1000)}\n }`);
    const take = variable.length === 0 ? "" : `  va_list l; va_start(l, a${parameters.length - 1});\n${variable.map((p, k) => `  ${nameOf(p, "c")} a${parameters.length + k} = va_arg(l, ${nameOf(p, "c")});`).join("\n")}\n`;
    c.push(`${cResult} c${i}(${[...cParameters, ...(variable.length > 0 ? ["..."] : [])].join(", ") || "void"}) {\n${take}${cCheck(expected, 0)}\n${cReturn}\n}`);
    if (variable.length > 0) continue;
    // From C to us: by name, or by an address that we give.
    const byAddress = i % 2 === 0;
    lang.push(`${byAddress ? "" : `@export("l${i}") `}func l${i}(${langParameters.join(", ")})${langResult} {\n${langCheck(expected, 2000)}\n${result === undefined ? "" : `    return ${langLiteral(result, counter(start + 3))}\n`}}`);
    const values = counter(start);
    const prepare = parameters.map((p, k) => `  ${nameOf(p, "c")} a${k} = ${cLiteral(p, values)};`).join("\n");
    const call = (callee: string): string => `${prepare}\n  ${result === undefined ? "" : `${cResult} r = `}${callee}(${parameters.map((_, k) => `a${k}`).join(", ")});\n${cCheck(returned, 3000)}`;
    const types = cParameters.join(", ") || "void";
    if (byAddress) {
      lang.push(`extern func back${i}(f extern func(${parameters.map((p) => nameOf(p, "lang")).join(", ")})${langResult})`);
      langCalls.push(`    back${i}(l${i})`);
      // Called on by us, through the pointer that C gives back.
      c.push(`void back${i}(${cResult} (*f)(${types})) {\n${call("f")}\n}`);
    } else {
      c.push(`extern ${cResult} l${i}(${types});`);
      cCalls.push(`__attribute__((noinline)) static void call${i}(void) {\n${call(`l${i}`)}\n}`);
    }
  }
  // In pieces, so that no function is too long to compile quickly.
  const runs: string[] = [];
  for (let at = 0; at < langCalls.length; at += 20) {
    lang.push(`func run${runs.length}() {\n${langCalls.slice(at, at + 20).join("\n")}\n}`);
    runs.push(`run${runs.length}()`);
  }
  lang.push(`@export("run_lang") func run_lang() {\n${runs.map((run) => `    ${run}`).join("\n")}\n}`);
  c.push(...cCalls, `void run_c(void) {\n${cCalls.map((text) => `  ${/call\d+/.exec(text)?.[0] ?? ""}();`).join("\n")}\n}`);
  return { lang: lang.join("\n") + "\n", c: c.join("\n") + "\n", signatures };
}
