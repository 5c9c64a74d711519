/** Functions over data: arrays, structs, enums, texts, globals. */

import { binary, cast, condition, fitted, float, integer, literal, masked, name, typeTexts, wrapped, type Expression, type Integer, type Texts } from "./expression.ts";
import { parametersOf, resultMask, title, words, type Callee, type Making } from "./making.ts";
import { parameter, same } from "./writer.ts";

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
