/** Functions over numbers: arithmetic, loops, choices, floats, calls of others. */

import { binary, cast, condition, fitted, float, integer, literal, masked, name, typeTexts, type Expression, type Texts } from "./expression.ts";
import { call, integers, locals, nouns, parametersOf, resultMask, title, words, type Callee, type Making } from "./making.ts";
import { parameter, same } from "./writer.ts";

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
