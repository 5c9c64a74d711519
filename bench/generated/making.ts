/** What the templates of functions share: how a function is named, called and given its parameters. */

import { fitted, integer, name, type Expression, type Integer, type Texts } from "./expression.ts";
import type { Random } from "./random.ts";
import { parameter, type Parameter, type Writer } from "./writer.ts";

/** A function to be called: it gives an i64 from 0 to 65535. */
export interface Callee {
  readonly name: string;
  /** Types of the parameters, and the largest value of each (a power of two less one). */
  readonly parameters: readonly { readonly type: Integer; readonly mask: number }[];
  readonly cost: number;
}

/** What a template is given. */
export interface Making {
  readonly random: Random;
  readonly out: Writer;
  /** Number of this function: part of every name. */
  readonly id: number;
  /** A function made before that costs at most so much; undefined if there is none left to choose. */
  readonly callee: (cost: number) => Callee | undefined;
}

const verbs = ["compute", "measure", "combine", "update", "estimate", "collect", "adjust", "resolve", "reduce", "balance", "rank", "settle"] as const;
export const nouns = ["total", "weight", "offset", "budget", "score", "distance", "volume", "index", "margin", "height", "demand", "rate"] as const;
export const locals = ["first", "second", "base", "extra", "delta", "part", "value", "step", "size", "rest"] as const;
export const words = ["north", "harbour", "lantern", "quiet", "seven", "river", "copper", "window", "meadow", "signal", "paper", "orbit"] as const;

export const integers: readonly Integer[] = ["i64", "i64", "i64", "i64", "i32", "i32", "u32", "u64", "u8", "i16", "u16", "i8"];
export const resultMask = 0xffff;

/** The name of the function that is being made. */
export function title({ random, id }: Making): string {
  return `${random.pick(verbs)}_${random.pick(nouns)}_${id}`;
}

/** A call of a function made before, with arguments made of `variables`. */
export function call(random: Random, callee: Callee, variables: readonly Expression[]): Expression {
  const args = callee.parameters.map(({ type, mask }) => fitted(integer(random, random.once(3) ? type : "i64", variables, 1), type, mask));
  const text = (key: keyof Texts) => `${callee.name}(${args.map((a) => a[key]).join(", ")})`;
  return { lang: text("lang"), c: text("c"), go: text("go"), type: "i64", low: 0, high: resultMask, tight: true };
}

/** Parameters of these types and names, and what expressions can say with them. */
export function parametersOf(parameters: Callee["parameters"], names: readonly string[]): { list: Parameter[]; variables: Expression[] } {
  return {
    list: parameters.map(({ type }, i) => parameter(names[i] as string, type)),
    variables: parameters.map(({ type, mask }, i) => name(names[i] as string, type, 0, mask)),
  };
}
