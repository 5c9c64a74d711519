/**
 * Random units: right by types, by chance right or wrong by ownership. What has surely moved is mostly left alone, nothing else is followed: what is
 * right is for the two compilers to say.
 */

import { Random } from "../../../bench/generated/random.ts";
import type { Production } from "./productions.ts";
import { bodyType, typeRow } from "./types.ts";
import type { Body, Statement, Unit } from "./unit.ts";
import type { Vocabulary } from "./constructs/construct.ts";
import { chosenConstructs, vocabularyOf } from "./vocabulary.ts";

interface Variable {
  readonly name: string;
  readonly type: string;
}

interface Place {
  readonly lang: string;
  readonly rust: string;
  readonly moves: boolean;
}

interface Text {
  readonly lang: string;
  readonly rust: string;
}

interface Helper {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly result: string;
}

/** What a scene begins with. */
const simple: Readonly<Record<string, string>> = { S: "text(#)", L: "list2(#)", P: "Pair { a: text(1#), b: text(2#) }" };
const owned = ["S", "S", "L", "P", "D", "B", "O", "ND", "RC"];
/** Parameters and what patterns bind cannot be assigned in lang. */
const changes = (name: string): boolean => !/^[pq]/.test(name);

class UnitWriter {
  private readonly random: Random;
  private readonly name: string;
  private readonly helpers: Helper[] = [];
  private readonly constructs: readonly string[];
  private readonly words: Vocabulary;
  private variables: Variable[] = [];
  private readonly moved = new Set<string>();
  private counter = 0;
  private loops = 0;
  private result: string | undefined;
  private inClosure = false;
  /** How many variables there were when the block at hand began: those may be shadowed. */
  private outside = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.name = `u${seed}`;
    const chosen = chosenConstructs(this.random);
    this.constructs = chosen.map(({ name }) => name);
    this.words = vocabularyOf(chosen);
  }

  unit(): Unit {
    const functions: Body[] = [];
    for (let count = this.random.pick([0, 0, 1, 1, 2]); count > 0; count--) functions.push(this.helper());
    this.begin(undefined);
    const statements: Statement[] = [];
    for (const [i, type] of ["S", "S", "L", "P"].entries()) {
      const value = simple[type]?.replaceAll("#", String(i)) ?? "";
      statements.push(this.variable(type, { lang: value, rust: value }));
    }
    if (this.random.once(2)) statements.push(this.declare(this.random.pick(owned)));
    for (let count = this.random.between(1, 3); count > 0; count--) statements.push(this.declare(this.random.pick(this.words.variables)));
    statements.push(...this.some(this.random.between(2, 6), 0));
    for (let count = this.random.between(1, 3); count > 0; count--) statements.push(this.show(this.known()));
    functions.push({ lang: `func ${this.name}(n i64) {`, rust: `fn ${this.name}(n: i64) {`, statements });
    return { name: this.name, functions, constructs: this.constructs };
  }

  private begin(result: string | undefined): void {
    this.variables = [];
    this.moved.clear();
    this.result = result;
  }

  private helper(): Body {
    const result = this.random.pick(this.words.results);
    this.begin(result === "" ? undefined : result);
    const types: string[] = [];
    for (let count = this.random.between(1, 3); count > 0; count--) types.push(this.random.pick(this.words.parameters));
    if (result === "&mut S") types.push("&mut P");
    else if (result !== "") types.push("&S");
    const own = types.map((type): Variable => ({ name: this.fresh("p"), type }));
    this.variables.push(...own);
    const statements = [...this.some(this.random.between(result === "" ? 1 : 0, 3), 1)];
    if (result !== "") {
      const { lang, rust } = this.value(result, 0);
      statements.push({ kind: "line", lang: `return ${lang}`, rust: `return ${rust};` });
    }
    const name = `${this.name}_${this.helpers.length}`;
    // Shared references have one lifetime; the outer one of a `&mut` is its own, or one for all where the result is one.
    const signature = (type: string): string => {
      const { rust } = typeRow(type);
      if (!type.startsWith("&mut ")) return result === "&mut S" ? rust.replace(/'a/g, "'b") : rust;
      return result === "&mut S" ? rust.replace(/'a/g, "'b").replace("&'b mut", "&'a mut") : rust.replace("&'a mut", "&mut");
    };
    this.helpers.push({ name, parameters: types, result });
    return {
      lang: `func ${name}(${own.map((p) => `${p.name} ${typeRow(p.type).lang}, `).join("")}n i64) ${result === "" ? "" : `${typeRow(result).lang} `}{`,
      rust: `fn ${name}<'a, 'b>(${own.map((p) => `mut ${p.name}: ${signature(p.type)}, `).join("")}n: i64)${result === "" ? "" : ` -> ${typeRow(result).rust}`} {`,
      statements,
    };
  }

  private fresh(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  private some(count: number, depth: number): Statement[] {
    const out: Statement[] = [];
    for (; count > 0; count--) out.push(this.statement(depth));
    return out;
  }

  private statement(depth: number): Statement {
    const { random } = this;
    const chance = random.between(0, 99);
    if (chance < 18) return this.declare(random.pick(random.once(4) ? owned : this.words.variables));
    if (chance < 30) return this.show(this.known());
    if (chance < 34 && this.loops > 0) return { kind: "block", ...this.fill({ lang: "if n > $1 {", rust: "if n > $1 {", holes: ["#"] }, 0), body: [{ kind: "line", ...random.pick([{ lang: "break", rust: "break" }, { lang: "continue", rust: "continue" }]) }], otherwise: undefined };
    if (chance < 36 && this.result !== undefined) {
      const { lang, rust } = this.value(this.result, 1);
      return { kind: "block", ...this.fill({ lang: "if n > $1 {", rust: "if n > $1 {", holes: ["#"] }, 0), body: [{ kind: "line", lang: `return ${lang}`, rust: `return ${rust};` }], otherwise: undefined };
    }
    if (chance < 42) return this.closure();
    if (chance < 52 && this.helpers.length > 0) {
      const call = this.call(random.pick(this.helpers), 1);
      if (call !== undefined) return { kind: "line", lang: call.lang, rust: call.rust };
    }
    if (chance < 66 && depth < 2) {
      const made = this.block(depth);
      if (made !== undefined) return made;
    }
    for (let tries = 0; tries < 20; tries++) {
      const production = random.pick(this.words.effects);
      if (this.possible(production)) return this.effect(production);
    }
    return this.show(this.known());
  }

  /** A statement, whose new variables are known behind it. */
  private effect(production: Production): Statement {
    const made: Variable[] = [];
    const filled = this.fill(production, 1, made);
    this.variables.push(...made);
    return { kind: "line", ...filled };
  }

  private declare(type: string): Statement {
    let value = this.value(type, 0);
    const callers = this.helpers.filter(({ result }) => result === type);
    if (callers.length > 0 && !this.random.once(3)) value = this.call(this.random.pick(callers), 1) ?? value;
    return this.variable(type, value);
  }

  private variable(type: string, value: Text): Statement {
    const { random } = this;
    const shadowed = this.outside > 0 && random.once(6) ? this.variables[random.between(0, this.outside - 1)]?.name : undefined;
    const name = shadowed ?? this.fresh("v");
    if (shadowed !== undefined) {
      this.variables = this.variables.filter((variable) => variable.name !== name);
      this.outside--;
    }
    this.variables.push({ name, type });
    return { kind: "line", lang: `var ${name} ${typeRow(type).lang} = ${value.lang}`, rust: `let mut ${name}: ${bodyType(type)} = ${value.rust}` };
  }

  /** A variable that has not moved, mostly. */
  private known(): Variable {
    const left = this.variables.filter(({ name }) => !this.gone(name));
    return this.random.pick(left.length > 0 && !this.random.once(40) ? left : this.variables);
  }

  private show({ name, type }: Variable): Statement {
    if (type === "F") return { kind: "line", lang: `${name}()`, rust: `${name}()` };
    const [lang, rust] = typeRow(type).show;
    return { kind: "line", lang: lang.replaceAll("$", name), rust: rust.replaceAll("$", name) };
  }

  private closure(): Statement {
    this.inClosure = true;
    const made = this.closureLine();
    this.inClosure = false;
    return made;
  }

  private closureLine(): Statement {
    const { random } = this;
    let body: Text;
    if (random.once(2)) {
      const shown = this.show(this.known());
      body = { lang: shown.lang, rust: shown.rust };
    } else {
      const production = random.pick(this.words.effects);
      if (!this.possible(production)) return this.show(this.known());
      body = this.fill(production, 1);
    }
    const name = this.fresh("f");
    const move = random.once(5) ? "move " : "";
    this.variables.push({ name, type: "F" });
    return { kind: "line", lang: `var ${name} = ${move}|| { ${body.lang}; }`, rust: `let mut ${name} = ${move}|| { ${body.rust}; }` };
  }

  private block(depth: number): Statement | undefined {
    const { random } = this;
    const row = random.pick(this.words.blocks);
    if (!this.possible(row)) return undefined;
    const head = this.fill(row, 1);
    const names = row.binds.map(() => this.fresh("q"));
    const named = (text: string): string => names.reduce((all, name, i) => all.replace(`%${i + 1}`, name), text);
    const outer = this.variables;
    const inside = (write: () => Statement[]): Statement[] => {
      const { outside } = this;
      this.variables = [...outer];
      this.outside = outer.length;
      const made = write();
      this.variables = outer;
      this.outside = outside;
      return made;
    };
    if (row.isLoop) this.loops++;
    const fuel = row.isLoop && /^(loop|while)/.test(row.lang) ? this.fresh("fuel") : undefined;
    const body = inside(() => {
      for (const [i, type] of row.binds.entries()) if (type !== "i") this.variables.push({ name: names[i] as string, type });
      const made = this.some(random.between(1, 3), depth + 1);
      return fuel === undefined ? made : [{ kind: "block", lang: `${fuel} += 1; if ${fuel} > 2 {`, rust: `${fuel} += 1; if ${fuel} > 2 {`, body: [{ kind: "line", lang: "break", rust: "break" }], otherwise: undefined }, ...made];
    });
    if (row.isLoop) this.loops--;
    const otherwise = row.hasElse && random.once(2) ? inside(() => this.some(random.between(1, 2), depth + 1)) : undefined;
    const lang = named(head.lang);
    const rust = named(head.rust);
    if (fuel === undefined) return { kind: "block", lang, rust, body, otherwise };
    return { kind: "block", lang: `var ${fuel} = 0; ${lang}`, rust: `let mut ${fuel} = 0; ${rust}`, body, otherwise };
  }

  private call(helper: Helper, depth: number): Text | undefined {
    const args = helper.parameters.map((type) => this.value(type, depth));
    return { lang: `${helper.name}(${args.map(({ lang }) => `${lang}, `).join("")}n)`, rust: `${helper.name}(${args.map(({ rust }) => `${rust}, `).join("")}n)` };
  }

  /** Whether its places can be found at all. */
  private possible({ holes }: Production): boolean {
    return holes.every((hole) => {
      if (hole === "^") return this.result === undefined && !this.inClosure;
      if (hole.startsWith("=") || hole.startsWith("!")) return this.placesOf(hole.slice(1), hole.startsWith("!")).length > 0;
      return !hole.startsWith("@") || this.variables.some(({ name, type }) => type === hole.slice(1) && changes(name));
    });
  }

  /** `made`: takes the variables that the text declares. */
  private fill({ lang, rust, holes }: Production, depth: number, made: Variable[] = []): Text {
    const texts = holes.map((hole): Text => {
      if (hole === "^") return { lang: "", rust: "" };
      if (!hole.startsWith("'")) return this.hole(hole, depth);
      const name = this.fresh("q");
      made.push({ name, type: hole.slice(1) });
      return { lang: name, rust: name };
    });
    const filled = (text: string, key: "lang" | "rust"): string => text.replace(/\$(\d)/g, (_, digit: string) => texts[Number(digit) - 1]?.[key] ?? "");
    return { lang: filled(lang, "lang"), rust: filled(rust, "rust") };
  }

  private hole(hole: string, depth: number): Text {
    const { random } = this;
    if (hole === "#") {
      const text = String(random.between(0, 3));
      return { lang: text, rust: text };
    }
    const type = hole.replace(/^[=!@]/, "");
    if (type === hole) return this.value(type, depth + 1);
    if (hole.startsWith("@")) {
      const { name } = random.pick(this.variables.filter((variable) => variable.type === type && changes(variable.name)));
      return { lang: name, rust: name };
    }
    return this.pickPlace(this.placesOf(type, hole.startsWith("!")));
  }

  private pickPlace(of: readonly Place[]): Place {
    const left = of.filter(({ lang }) => !this.gone(lang));
    return this.random.pick(left.length > 0 && !this.random.once(40) ? left : of);
  }

  private placesOf(type: string, mutable: boolean): Place[] {
    const out: Place[] = [];
    for (const { name, type: own } of this.variables) {
      if (own === type && (!mutable || changes(name))) out.push({ lang: name, rust: name, moves: true });
      for (const row of this.words.places) {
        if (row.of !== own || row.type !== type || (mutable && !row.mutable) || (mutable && !changes(name) && !own.startsWith("&mut"))) continue;
        out.push({ lang: row.text.replace("$", name), rust: row.rust.replace("$", name), moves: row.moves });
      }
    }
    return out;
  }

  /** Whether it, or what it is a part of, has moved; or a part of it. */
  private gone(place: string): boolean {
    for (const moved of this.moved) if (place === moved || place.startsWith(`${moved}.`) || place.startsWith(`${moved}[`) || place.startsWith(`(*${moved}`) || moved.startsWith(`${place}.`)) return true;
    return false;
  }

  private value(type: string, depth: number): Text {
    const { random } = this;
    const rows = this.words.values.get(type);
    if (rows === undefined) throw new Error(`fuzz/ownership/generate.value: ${type}`);
    // What is at hand: moved, copied or reborrowed.
    const ready = type === "S" || type === "P" || type === "D" ? this.placesOf(type, false).filter(({ moves }) => moves) : this.variables.filter((variable) => variable.type === type).map(({ name }): Place => ({ lang: name, rust: name, moves: true }));
    const copies = typeRow(type).copy === true;
    const moves = !copies && !type.startsWith("&mut");
    const fresh = ready.filter(({ lang }) => !this.gone(lang) && !(moves && this.loops > 0 && !random.once(3)));
    const often = moves ? (depth === 0 ? 6 : 4) : depth === 0 ? 4 : 2;
    if (fresh.length > 0 && (random.once(often) || (depth > 2 && !moves))) {
      const { lang, rust } = random.pick(random.once(40) ? ready : fresh);
      if (moves) this.moved.add(lang);
      return { lang, rust };
    }
    for (let tries = 0; tries < 6; tries++) {
      const row = random.pick(rows);
      if ((depth > 1 && row.holes.length > 1) || (depth > 0 && row.lang.endsWith("collect()")) || (row.lang.startsWith("same(") && !random.once(4))) continue;
      if (depth > 4) break;
      if (this.possible(row)) return this.grouped(this.fill(row, depth));
    }
    const first = rows[0];
    if (first !== undefined && this.possible(first)) return this.grouped(this.fill(first, depth + 1));
    // No place is at hand: a temporary.
    const of = type.replace(/^&(mut )?/, "");
    const inner = this.value(of, depth + 1);
    const sign = type.startsWith("&mut") ? "&mut " : "&";
    return { lang: `(${sign}same(${inner.lang}))`, rust: `(${sign}same(${inner.rust}))` };
  }

  /** In parentheses where what stands around could tear it apart. */
  private grouped({ lang, rust }: Text): Text {
    return /^(if|match|&|\*|[A-Z]\w* \{)/.test(lang) ? { lang: `(${lang})`, rust: `(${rust})` } : { lang, rust };
  }
}

/** The unit of a seed, always the same. */
export function randomUnit(seed: number): Unit {
  return new UnitWriter(seed).unit();
}
