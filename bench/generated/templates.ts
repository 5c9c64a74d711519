/**
 * The kinds of functions that generated programs are made of. Each writes one function that others call (and what it needs) and says how
 * it is called; `cost` is a bound on the steps of a call, so that whole programs end soon.
 */

import { binary, cast, condition, fitted, float, integer, literal, masked, name, typeTexts, wrapped, type Expression, type Integer, type Texts } from "./expression.ts";
import type { Random } from "./random.ts";
import { parameter, same, type Parameter, type Writer } from "./writer.ts";

/** A function to be called: it gives an i64 from 0 to 65535. */
export interface Callee {
  readonly name: string;
  /** Types of the parameters, and the largest value of each (a power of two less one). */
  readonly parameters: readonly { readonly type: Integer; readonly mask: number }[];
  readonly cost: number;
}

export interface Making {
  readonly random: Random;
  readonly out: Writer;
  /** Number of this function: part of every name. */
  readonly id: number;
  /** A function made before that costs at most so much; undefined if there is none left to choose. */
  readonly callee: (cost: number) => Callee | undefined;
}

const verbs = ["compute", "measure", "combine", "update", "estimate", "collect", "adjust", "resolve", "reduce", "balance", "rank", "settle"] as const;
const nouns = ["total", "weight", "offset", "budget", "score", "distance", "volume", "index", "margin", "height", "demand", "rate"] as const;
const locals = ["first", "second", "base", "extra", "delta", "part", "value", "step", "size", "rest"] as const;
const words = ["north", "harbour", "lantern", "quiet", "seven", "river", "copper", "window", "meadow", "signal", "paper", "orbit"] as const;

const integers: readonly Integer[] = ["i64", "i64", "i64", "i64", "i32", "i32", "u32", "u64", "u8", "i16", "u16", "i8"];
const resultMask = 0xffff;

function title({ random, id }: Making): string {
  return `${random.pick(verbs)}_${random.pick(nouns)}_${id}`;
}

/** A call of a function made before, with arguments made of `variables`. */
function call(random: Random, callee: Callee, variables: readonly Expression[]): Expression {
  const args = callee.parameters.map(({ type, mask }) => fitted(integer(random, random.once(3) ? type : "i64", variables, 1), type, mask));
  const text = (key: keyof Texts) => `${callee.name}(${args.map((a) => a[key]).join(", ")})`;
  return { lang: text("lang"), c: text("c"), go: text("go"), type: "i64", low: 0, high: resultMask, tight: true };
}

function parametersOf(parameters: Callee["parameters"], names: readonly string[]): { list: Parameter[]; variables: Expression[] } {
  return {
    list: parameters.map(({ type }, i) => parameter(names[i] as string, type)),
    variables: parameters.map(({ type, mask }, i) => name(names[i] as string, type, 0, mask)),
  };
}

/** Integer arithmetic with a few locals and branches. */
export function arithmetic(making: Making): Callee {
  const { random, out } = making;
  const called = title(making);
  const kind = random.pick(integers);
  const parameters = [{ type: kind, mask: kind === "i8" ? 127 : 255 }, { type: random.once(2) ? kind : ("i64" as const), mask: 127 }];
  const { list, variables } = parametersOf(parameters, ["a", "b"]);
  out.comment(`Works on ${kind}, with ${random.pick(words)} rules.`, "///");
  out.function(called, list, typeTexts("i64"));
  const seen = [...variables];
  const start = random.between(0, 3);
  for (let i = 0; i < random.between(2, 4); i++) {
    const local = locals[(start + i) % locals.length] as string;
    const value = integer(random, kind, seen, 3);
    out.declare("let", local, value, kind !== "i64" || random.once(3));
    seen.push(name(local, kind, value.low, value.high));
  }
  out.declare("var", "result", fitted(integer(random, kind, seen, 2), "i64", 1023));
  let cost = 20;
  const result = name("result", "i64", 0, resultMask);
  for (let i = 0; i < random.between(1, 2); i++) {
    out.if(condition(random, kind, seen));
    out.assign("result", "=", masked(binary(result, "+", fitted(integer(random, kind, seen, 2), "i64", 4095), 0, resultMask + 4095), resultMask));
    if (random.once(2)) {
      out.elseIf(condition(random, kind, seen));
      out.assign("result", "+=", literal("i64", random.between(1, 9)));
      out.assign("result", "&=", literal("i64", resultMask));
    }
    if (random.once(2)) {
      out.else();
      const callee = making.callee(300);
      if (callee === undefined) out.assign("result", "=", masked(result, 255));
      else {
        cost += callee.cost;
        out.assign("result", "=", call(random, callee, [...seen, result]));
      }
    }
    out.end();
  }
  // Every local is used: Go wants it so.
  const sum = seen.slice(2).reduce<Expression>((total, v) => {
    const term = fitted(v, "i64", 255);
    return binary(total, "+", term, 0, total.high + 255);
  }, result);
  out.return(masked(sum, resultMask));
  out.endFunction();
  return { name: called, parameters, cost };
}

/** A loop over a range with an accumulator, calls in the loop. */
export function loop(making: Making): Callee {
  const { random, out } = making;
  const called = title(making);
  const parameters = [{ type: "i64" as const, mask: 1023 }, { type: "i64" as const, mask: 63 }];
  const { list, variables } = parametersOf(parameters, ["seed", "limit"]);
  const trips = random.between(2, 9);
  out.function(called, list, typeTexts("i64"));
  out.declare("var", "total", literal("i64", random.between(0, 40)), random.once(2));
  const total = name("total", "i64", 0, resultMask);
  let cost = 10 + trips * 10;
  const counting = random.once(3);
  if (counting) {
    out.declare("var", "i", literal("i64", 0), false);
    out.while(binary(name("i", "i64", 0, trips), "<", literal("i64", trips), 0, 1));
  } else out.for("i", same("0"), same(`${trips}`));
  const seen = [...variables, total, name("i", "i64", 0, trips)];
  out.if(condition(random, "i64", seen));
  out.assign("total", "=", masked(integer(random, "i64", seen, 3), resultMask));
  const callee = making.callee(400 / trips);
  if (callee !== undefined) {
    out.else();
    cost += trips * callee.cost;
    out.assign("total", "=", masked(binary(total, "+", call(random, callee, seen), 0, 2 * resultMask), resultMask));
  }
  out.end();
  if (!counting && random.once(3)) {
    out.if(binary(total, ">", literal("i64", 65000), 0, 1));
    out.line({ lang: "break", c: "break;", go: "break" });
    out.end();
  }
  if (counting) out.assign("i", "+=", literal("i64", 1));
  else out.assign("total", "=", masked(binary(total, "+", name("i", "i64", 0, trips), 0, resultMask + trips), resultMask));
  out.end();
  out.return(masked(binary(total, "+", name("limit", "i64", 0, 63), 0, resultMask + 63), resultMask));
  out.endFunction();
  return { name: called, parameters, cost };
}

/** An array that is filled, worked on and summed; sometimes through a function that takes a slice. */
export function array(making: Making): Callee {
  const { random, out, id } = making;
  const called = title(making);
  const element = random.pick(["i64", "i32", "u8", "u32", "i64"] as const);
  const length = random.pick([8, 12, 16]);
  const parameters = [{ type: "i64" as const, mask: 255 }];
  const types = typeTexts(element);
  const sliced = random.once(2);
  if (sliced) {
    const summing = `sum_of_${id}`;
    out.comment(`Sums those that are not ${random.pick(words)}.`, "///");
    out.function(summing, [{ name: "values", type: { lang: `[]${element}`, c: `const ${types.c} *`, go: `[]${types.go}` } }, parameter("from", "i64")].flatMap((p, i) =>
      i === 0 ? [p] : [p]), typeTexts("i64"));
    out.declare("var", "sum", literal("i64", 0));
    out.for("i", same("from"), { lang: "values.len", c: `${length}`, go: "int64(len(values))" });
    const value = name("values[i]", element, 0, 127);
    out.if(binary(value, "!=", literal(element, random.between(1, 100)), 0, 1));
    out.assign("sum", "+=", cast(value, "i64"));
    out.end();
    out.end();
    out.return(same("sum"));
    out.endFunction();
  }
  out.function(called, [parameter("start", "i64")], typeTexts("i64"));
  out.line({ lang: `var table [${length}]${element} = [0; ${length}]`, c: `${types.c} table[${length}] = {0};`, go: `var table [${length}]${types.go}` });
  const i = name("i", "i64", 0, length - 1);
  const start = name("start", "i64", 0, 255);
  out.for("i", same("0"), same(`${length}`));
  out.assign("table[i]", "=", fitted(integer(random, "i64", [start, i], 2), element, 127));
  out.end();
  if (random.once(2)) {
    out.for("i", same("1"), same(`${length}`));
    out.if(binary(name("table[i - 1]", element, 0, 127), ">", name("table[i]", element, 0, 127), 0, 1));
    out.declare("let", "kept", name("table[i]", element, 0, 127), false);
    out.assign("table[i]", "=", same("table[i - 1]"));
    out.assign("table[i - 1]", "=", same("kept"));
    out.end();
    out.end();
  }
  out.declare("var", "result", literal("i64", random.between(0, 9)));
  if (sliced) {
    const text = (values: string) => `sum_of_${id}(${values}, ${random.between(0, 0) + 1})`;
    out.assign("result", "+=", { lang: text("&table"), c: text("table"), go: text("table[:]") });
  } else {
    out.for("i", same("0"), same(`${length}`));
    out.assign("result", "+=", binary(cast(name("table[i]", element, 0, 127), "i64"), "*", literal("i64", random.between(1, 5)), 0, 1000));
    out.end();
  }
  out.return(masked(name("result", "i64", 0, 2 * resultMask), resultMask));
  out.endFunction();
  return { name: called, parameters, cost: length * 16 + 20 };
}

/** A struct, a function that makes one, one that changes it in place, and their caller. */
export function struct(making: Making): Callee {
  const { random, out, id } = making;
  const called = title(making);
  const type = `Record${id}`;
  const kinds = ["i64", random.pick(["i32", "u8", "u16"] as const), "i64", "f64"] as const;
  const fields = ["left", "kind", "right", "weight"] as const;
  const count = random.between(3, 4);
  out.open({ lang: `struct ${type}: Copy {`, c: "typedef struct {", go: `type ${type} struct {` });
  for (let i = 0; i < count; i++) {
    const types = typeTexts(kinds[i] as Integer);
    out.line({ lang: `${fields[i]} ${types.lang}`, c: `${types.c} ${fields[i]};`, go: `${fields[i]} ${types.go}` });
  }
  out.indent(-1);
  out.line({ lang: "}", c: `} ${type};`, go: "}" });
  out.blank();
  const self: Texts = { lang: type, c: type, go: type };
  out.function(`new_${id}`, [parameter("left", "i64"), parameter("kind", kinds[1])], self);
  const variables = [name("left", "i64", 0, 1023), name("kind", kinds[1], 0, 127)];
  const values = [variables[0] as Expression, variables[1] as Expression, masked(integer(random, "i64", variables, 2), 1023), float(random, [], 0)].slice(0, count);
  out.return({
    lang: `${type} { ${values.map((v, i) => `${fields[i]}: ${v.lang}`).join(", ")} }`,
    c: `(${type}){ ${values.map((v, i) => `.${fields[i]} = ${v.c}`).join(", ")} }`,
    go: `${type}{${values.map((v, i) => `${fields[i]}: ${v.go}`).join(", ")}}`,
  });
  out.endFunction();
  out.function(`grow_${id}`, [{ name: "record", type: { lang: `&mut ${type}`, c: `${type} *`, go: `*${type}` } }, parameter("by", "i64")], { lang: "void", c: "void", go: "" });
  const place = (field: string): Texts => ({ lang: `record.${field}`, c: `record->${field}`, go: `record.${field}` });
  const member = (field: string, high: number): Expression => ({ ...place(field), type: "i64", low: 0, high, tight: true });
  const grown = masked(integer(random, "i64", [member("left", 1023), member("right", 1023), name("by", "i64", 0, 63)], 2), 1023);
  const set = (field: string, value: Expression) => out.line({ lang: `record.${field} = ${value.lang}`, c: `record->${field} = ${value.c};`, go: `record.${field} = ${value.go}` });
  set("left", grown);
  out.if(binary(member("right", 1023), ">", literal("i64", random.between(100, 900)), 0, 1));
  set("right", masked(binary(member("right", 1023), "+", name("by", "i64", 0, 63), 0, 2000), 1023));
  out.end();
  if (count === 4) {
    const weight: Expression = { ...place("weight"), type: "f64", low: 0, high: 100, tight: true };
    set("weight", binary(weight, "*", literal("f64", 0.5), 0, 100));
  }
  out.endFunction();
  const parameters = [{ type: "i64" as const, mask: 1023 }, { type: kinds[1], mask: 127 }];
  const { list } = parametersOf(parameters, ["amount", "kind"]);
  out.function(called, list, typeTexts("i64"));
  const made = `new_${id}(amount, kind)`;
  out.line({ lang: `var record = ${made}`, c: `${type} record = ${made};`, go: `record := ${made}` });
  const by = random.between(1, 60);
  out.line({ lang: `grow_${id}(&mut record, ${by})`, c: `grow_${id}(&record, ${by});`, go: `grow_${id}(&record, ${by})` });
  const left = name("record.left", "i64", 0, 1023);
  const right = name("record.right", "i64", 0, 1023);
  let sum: Expression = binary(binary(left, "*", literal("i64", random.between(2, 9)), 0, 10000), "+", right, 0, 12000);
  sum = binary(sum, "+", cast(name("record.kind", kinds[1], 0, 127), "i64"), 0, 13000);
  if (count === 4) sum = binary(sum, "+", cast(binary(name("record.weight", "f64", 0, 100), "*", literal("f64", 8), 0, 1000), "i64"), 0, 14000);
  out.return(sum);
  out.endFunction();
  return { name: called, parameters, cost: 60 };
}

/** An enum with payloads, a match over it, and a caller that makes one. */
export function variants(making: Making): Callee {
  const { random, out, id } = making;
  const called = title(making);
  const type = `Shape${id}`;
  out.open({ lang: `enum ${type}: Copy {`, c: "typedef struct {", go: `type ${type} struct {` });
  out.line({ lang: "Circle(i64)", c: "int tag;", go: "tag int" });
  out.line({ lang: "Rect(i64, i64)", c: "union { struct { int64_t r; } circle; struct { int64_t w, h; } rect; } as;", go: "a, b int64" });
  out.line({ lang: "Empty" });
  out.indent(-1);
  out.line({ lang: "}", c: `} ${type};`, go: "}" });
  out.blank();
  out.function(`area_${id}`, [{ name: "shape", type: same(type) }], typeTexts("i64"));
  const r = name("r", "i64", 0, 255);
  const w = name("w", "i64", 0, 255);
  const h = name("h", "i64", 0, 63);
  const circle = masked(binary(integer(random, "i64", [r], 2), "+", r, -1e6, 1e6), resultMask);
  const rect = masked(binary(binary(w, "*", h, 0, 20000), "+", literal("i64", random.between(0, 99)), 0, 21000), resultMask);
  const empty = literal("i64", random.between(0, 60000));
  out.open({ lang: "match shape {", c: "switch (shape.tag) {", go: "switch shape.tag {" });
  out.line({ lang: `Circle(r) => ${circle.lang}` });
  out.line({ lang: `Rect(w, h) => ${rect.lang}` });
  out.line({ lang: `Empty => ${empty.lang}` });
  out.line({ c: "case 0: {", go: "case 0:" });
  out.line({ c: "    int64_t r = shape.as.circle.r;", go: "    r := shape.a" });
  out.line({ c: `    return ${circle.c};`, go: `    return ${circle.go}` });
  out.line({ c: "}" });
  out.line({ c: "case 1: {", go: "case 1:" });
  out.line({ c: "    int64_t w = shape.as.rect.w, h = shape.as.rect.h;", go: "    w, h := shape.a, shape.b" });
  out.line({ c: `    return ${rect.c};`, go: `    return ${rect.go}` });
  out.line({ c: "}" });
  out.line({ c: "default:", go: "default:" });
  out.line({ c: `    return ${empty.c};`, go: `    return ${empty.go}` });
  out.end();
  out.endFunction();
  const parameters = [{ type: "i64" as const, mask: 255 }, { type: "i64" as const, mask: 63 }];
  const { list, variables } = parametersOf(parameters, ["size", "kind"]);
  out.function(called, list, typeTexts("i64"));
  out.line({ lang: `var shape ${type} = .Empty`, c: `${type} shape = { .tag = 2 };`, go: `shape := ${type}{tag: 2}` });
  out.if(condition(random, "i64", variables));
  out.line({ lang: "shape = .Circle(size)", c: `shape = (${type}){ .tag = 0, .as.circle.r = size };`, go: `shape = ${type}{tag: 0, a: size}` });
  out.elseIf(condition(random, "i64", variables));
  out.line({ lang: "shape = .Rect(size, kind)", c: `shape = (${type}){ .tag = 1, .as.rect = { size, kind } };`, go: `shape = ${type}{tag: 1, a: size, b: kind}` });
  out.end();
  out.return(same(`area_${id}(shape)`));
  out.endFunction();
  return { name: called, parameters, cost: 30 };
}

/** A match over an integer whose arms are expressions, some of them calls. */
export function choice(making: Making): Callee {
  const { random, out } = making;
  const called = title(making);
  const parameters = [{ type: "i64" as const, mask: 31 }, { type: "i64" as const, mask: 1023 }];
  const { list, variables } = parametersOf(parameters, ["kind", "amount"]);
  out.comment(`What ${random.pick(words)} costs, by kind.`, "///");
  out.function(called, list, typeTexts("i64"));
  out.open({ lang: "match kind {", c: "switch (kind) {", go: "switch kind {" });
  let cost = 20;
  let next = 0;
  const arms = random.between(3, 6);
  for (let i = 0; i <= arms; i++) {
    const callee = random.once(3) ? making.callee(200) : undefined;
    cost += callee?.cost ?? 0;
    const value = callee === undefined ? masked(integer(random, "i64", variables, 2), resultMask) : call(random, callee, variables);
    if (i === arms) out.line({ lang: `_ => ${value.lang}`, c: `default: return ${value.c};`, go: `default:` });
    else {
      const span = random.pick([1, 1, 2, 4]);
      const numbers = Array.from({ length: span }, (_, k) => next + k);
      next += span;
      const pattern = span === 1 ? `${numbers[0]}` : span === 2 ? numbers.join(" | ") : `${numbers[0]}..=${numbers[span - 1]}`;
      out.line({ lang: `${pattern} => ${value.lang}`, c: `${numbers.map((n) => `case ${n}:`).join(" ")} return ${value.c};`, go: `case ${numbers.join(", ")}:` });
    }
    out.line({ go: `    return ${value.go}` });
  }
  out.end();
  out.endFunction();
  return { name: called, parameters, cost };
}

/** A name for a number, and a look at the bytes of a text; prints something that is hardly ever due. */
export function text(making: Making): Callee {
  const { random, out, id } = making;
  const called = title(making);
  const chosen = Array.from({ length: random.between(2, 4) }, () => `${random.pick(words)} ${random.pick(words)}`);
  const strType: Texts = { lang: "str", c: "const char *", go: "string" };
  out.function(`label_${id}`, [parameter("number", "i64")], strType);
  out.open({ lang: "match number {", c: "switch (number) {", go: "switch number {" });
  chosen.forEach((label, i) => {
    out.line({ lang: `${i} => "${label}"`, c: `case ${i}: return "${label}";`, go: `case ${i}:` });
    out.line({ go: `    return "${label}"` });
  });
  out.line({ lang: `_ => "${random.pick(words)}"`, c: `default: return "${words[0]}";`, go: "default:" });
  // The three must agree: the default has the same text everywhere.
  const last = out.lang.length - 1;
  out.lang[last] = (out.lang[last] as string).replace(/"[^"]*"/, `"${words[0]}"`);
  out.line({ go: `    return "${words[0]}"` });
  out.end();
  out.endFunction();
  const parameters = [{ type: "i64" as const, mask: 7 }, { type: "i64" as const, mask: 255 }];
  const { list } = parametersOf(parameters, ["number", "bias"]);
  out.function(called, list, typeTexts("i64"));
  out.line({ lang: `let label = label_${id}(number)`, c: `const char *label = label_${id}(number);`, go: `label := label_${id}(number)` });
  out.line({ lang: "var count i64 = bias", c: "int64_t count = bias;", go: "count := bias" });
  const letter = random.pick(["a", "e", "n", "r"]);
  out.for("i", same("0"), { lang: "label.len", c: "(int64_t)strlen(label)", go: "int64(len(label))" });
  out.if({ lang: `label.ptr[i] == b'${letter}'`, c: `label[i] == '${letter}'`, go: `label[i] == '${letter}'` });
  out.assign("count", "+=", literal("i64", random.between(1, 20)));
  out.end();
  out.end();
  const rare = random.between(300, 500);
  out.if(binary(name("count", "i64", 0, 1000), "==", literal("i64", rare), 0, 1));
  const message = `rarely ${random.pick(words)}`;
  out.line({
    lang: `println(f"${message}: {label}, {count} of {number}")`,
    c: `printf("${message}: %s, %lld of %lld\\n", label, (long long)count, (long long)number);`,
    go: `fmt.Printf("${message}: %s, %d of %d\\n", label, count, number)`,
  });
  out.end();
  out.return(same("count"));
  out.endFunction();
  return { name: called, parameters, cost: 160 };
}

/** A global that is counted up, and a constant that bounds it. */
export function global(making: Making): Callee {
  const { random, out, id } = making;
  const called = title(making);
  const most = random.pick([127, 255, 511, 1023]);
  out.line({ lang: `const LIMIT_${id} = ${most}`, c: `enum { LIMIT_${id} = ${most} };`, go: `const LIMIT_${id} = ${most}` });
  const start = random.between(0, 99);
  out.line({ lang: `var counter_${id} i64 = ${start}`, c: `static int64_t counter_${id} = ${start};`, go: `var counter_${id} int64 = ${start}` });
  out.blank();
  const parameters = [{ type: "u32" as const, mask: 0xffff }];
  out.function(called, [parameter("input", "u32")], typeTexts("i64"));
  const input = name("input", "u32", 0, 0xffff);
  out.declare("let", "mixed", wrapped("*", input, literal("u32", random.between(1000, 2 ** 31 - 1)), 0xfff));
  const counter = name(`counter_${id}`, "i64", 0, most);
  const sum = binary(counter, "+", cast(name("mixed", "u32", 0, 0xfff), "i64"), 0, 6000);
  out.assign(`counter_${id}`, "=", binary(sum, "&", name(`LIMIT_${id}`, "i64", 0, most), 0, most));
  out.if(binary(counter, ">", literal("i64", most >> 1), 0, 1));
  out.return(binary(counter, "+", literal("i64", random.between(1, 99)), 0, 2000));
  out.end();
  out.return(counter);
  out.endFunction();
  return { name: called, parameters, cost: 12 };
}

/** Floats, whose result becomes an integer. */
export function floating(making: Making): Callee {
  const { random, out, id } = making;
  const called = title(making);
  const x = name("x", "f64", -100, 100);
  const y = name("y", "f64", -100, 100);
  out.function(`blend_${id}`, [parameter("x", "f64"), parameter("y", "f64")], typeTexts("f64"));
  const value = float(random, [x, y], 3);
  out.declare("let", "mixed", value);
  const mixed = name("mixed", "f64", value.low, value.high);
  out.if(binary(mixed, ">", binary(x, "+", y, -200, 200), 0, 1));
  out.return(binary(mixed, "*", literal("f64", 0.25), -1e9, 1e9));
  out.end();
  out.return(binary(binary(mixed, "+", x, -1e9, 1e9), "-", y, -1e9, 1e9));
  out.endFunction();
  const parameters = [{ type: "i32" as const, mask: 63 }, { type: "i64" as const, mask: 63 }];
  const { list, variables } = parametersOf(parameters, ["near", "far"]);
  out.function(called, list, typeTexts("i64"));
  const [near, far] = variables as [Expression, Expression];
  const arg = binary(cast(near, "f64"), "*", literal("f64", 1.5), 0, 95);
  const args = (key: keyof Texts) => `blend_${id}(${arg[key]}, ${cast(far, "f64")[key]})`;
  const call: Expression = { lang: args("lang"), c: args("c"), go: args("go"), type: "f64", low: -1e10, high: 1e10, tight: true };
  out.return(masked(cast(binary(call, "*", literal("f64", 4), -1e11, 1e11), "i64"), resultMask));
  out.endFunction();
  return { name: called, parameters, cost: 30 };
}

/** Calls of functions made before, their results mixed. */
export function calls(making: Making): Callee {
  const { random, out } = making;
  const called = title(making);
  const parameters = [{ type: "i64" as const, mask: 511 }, { type: "i64" as const, mask: 511 }];
  const { list, variables } = parametersOf(parameters, ["left", "right"]);
  out.comment(`The ${random.pick(nouns)} of both sides.`, "///");
  out.function(called, list, typeTexts("i64"));
  const seen = [...variables];
  let cost = 10;
  let sum: Expression = literal("i64", random.between(1, 9));
  for (let i = 0; i < random.between(2, 4); i++) {
    const callee = making.callee(150);
    if (callee === undefined) break;
    cost += callee.cost;
    const local = locals[i] as string;
    out.declare("let", local, call(random, callee, seen), false);
    const result = name(local, "i64", 0, resultMask);
    seen.push(result);
    sum = binary(sum, random.pick(["+", "^"]), result, 0, sum.high + 2 * resultMask);
  }
  out.return(masked(sum, resultMask));
  out.endFunction();
  return { name: called, parameters, cost };
}

export const templates: readonly ((making: Making) => Callee)[] = [arithmetic, arithmetic, loop, loop, array, struct, variants, choice, choice, text, global, floating, calls, calls];
