/** What the writers of a program share: the text so far, chance, what is declared, and the places that a value can be taken from. */

import { Random } from "../../../bench/generated/random.ts";
import { Scope, type Variable } from "./scope.ts";
import { fieldsOf, has, i64, implementsTrait, ints, isCopy, named, wrap, type EnumDecl, type FuncType, type Parameter, type StructDecl, type TraitDecl, type Type, array, bool, char, func, map, result, str, string, tuple } from "./types.ts";

/** A function that later ones may call. */
export interface Callee {
  readonly name: string;
  readonly typeParams: readonly { readonly name: string; readonly bounds: readonly (string | TraitDecl)[] }[];
  readonly params: readonly Parameter[];
  readonly result: Type | undefined;
  /** The result borrows from the arguments that are references. */
  readonly lends: "none" | "shared" | "mut";
  readonly cost: number;
}

/** A variable or a part of one. */
export interface Place {
  readonly text: string;
  readonly type: Type;
  readonly variable: Variable;
  /** Of fields and parts, as `scope` names them; an element's ends at its array. */
  readonly path: string;
  /** No reference, element or type with a Drop lies on the way: it may move. */
  readonly movable: boolean;
  /** Its text is a reference to it. */
  readonly isReference: boolean;
}

export class Context {
  readonly random: Random;
  readonly scope: Scope;
  readonly lines: string[] = [];
  indent = 0;
  private counter = 0;
  readonly structs: StructDecl[] = [];
  readonly enums: EnumDecl[] = [];
  readonly traits: TraitDecl[] = [];
  readonly callees: Callee[] = [];
  /** Type parameters at hand. */
  params: Extract<Type, { kind: "param" }>[] = [];
  /** Of the function being written. */
  result: Type | undefined;
  cost = 0;
  rounds = 1;
  loopDepth = 0;
  /** The tracer of drops. */
  tracer: StructDecl;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.scope = new Scope();
    this.tracer = { kind: "struct", name: "D", params: [], fields: [i64], derives: ["Clone", "Eq", "Ord", "Hash", "Show"], drops: true, adds: false, traits: [], methods: [] };
    this.structs.push(this.tracer);
  }

  // ── text ──

  fresh(start: string): string {
    return `${start}${this.counter++}`;
  }

  line(text: string): void {
    this.lines.push(`${"    ".repeat(this.indent)}${text}`);
  }

  open(text: string): void {
    this.line(text);
    this.indent++;
  }

  between(text: string): void {
    this.indent--;
    this.line(text);
    this.indent++;
  }

  close(text = "}"): void {
    this.indent--;
    this.line(text);
  }

  // ── types ──

  /** Any type of values, those with parts up to `depth`. */
  anyType(depth: number): Type {
    const { random } = this;
    if (depth <= 0 || random.once(4)) return this.simpleType();
    const inner = (): Type => this.anyType(depth - 1);
    switch (random.between(0, 19)) {
      case 0: case 1: case 2: return wrap("list", inner());
      case 3: return wrap("box", inner());
      case 4: return wrap("rc", random.once(2) ? wrap("cell", random.pick([i64, bool])) : inner());
      case 5: case 6: return wrap("optional", this.notOptional(inner()));
      case 7: return result(inner(), random.once(2) ? string : this.anyType(0));
      case 8: return tuple([inner(), inner()]);
      case 9: return array(inner(), random.between(1, 3));
      case 10: return map(this.keyType(), inner());
      case 11: return random.pick([wrap("set", this.keyType()), wrap("deque", inner()), wrap("heap", this.typeWith(["Ord"], 1))]);
      case 12: return this.traits.length > 0 ? wrap("box", { kind: "dyn", name: `dyn ${this.traits[0]?.name}`, trait: this.traits[0] as TraitDecl }) : string;
      case 13: return this.funcType();
      default: return this.declaredType(depth);
    }
  }

  private notOptional(type: Type): Type {
    return type.kind === "optional" ? type.item : type;
  }

  simpleType(): Type {
    const { random } = this;
    const choice = random.between(0, 13);
    if (choice < 5) return i64;
    if (choice < 7) return random.pick(ints);
    if (choice === 7) return bool;
    if (choice === 8) return random.pick([char, str]);
    if (choice < 11) return string;
    if (choice === 11 && this.params.length > 0) return random.pick(this.params);
    return named(this.tracer, []);
  }

  keyType(): Type {
    return this.random.pick([i64, string, ints[2] as Type, string, char, tuple([i64, bool])]);
  }

  funcType(): FuncType {
    const { random } = this;
    return func(Array.from({ length: random.between(0, 2) }, () => random.pick([i64, i64, string, bool])), random.pick([i64, string, bool]), random.once(3));
  }

  typeOfTracer(): Type {
    return named(this.tracer, []);
  }

  declaredType(depth: number): Type {
    const { random } = this;
    const decl = random.pick([...this.structs, ...this.enums, ...this.enums]);
    return named(decl, decl.params.map(() => this.anyType(Math.min(1, depth - 1))));
  }

  /** A type that has the traits. */
  typeWith(traits: readonly (string | TraitDecl)[], depth: number): Type {
    const fits = (type: Type): boolean => traits.every((trait) => (typeof trait === "string" ? has(type, trait as "Copy") : implementsTrait(type, trait)));
    for (let i = 0; i < 12; i++) {
      const type = this.anyType(depth);
      if (fits(type)) return type;
    }
    return this.random.once(2) && fits(string) ? string : i64;
  }

  // ── places ──

  /** All that can be named now, with parts. */
  places(): Place[] {
    const found: Place[] = [];
    for (const variable of this.scope.variables) {
      if (variable.dead || variable.slice) continue;
      this.walk({ text: variable.name, type: variable.type, variable, path: "", movable: variable.reference === "none", isReference: variable.reference !== "none" }, 2, found);
    }
    return found;
  }

  private walk(place: Place, depth: number, into: Place[]): void {
    into.push(place);
    const { type, text, variable, path, movable } = place;
    if (depth === 0) return;
    const part = (i: number, inner: Type, name: string, moves: boolean): void =>
      this.walk({ text: `${text}.${name}`, type: inner, variable, path: path === "" ? `${i}` : `${path}.${i}`, movable: moves, isReference: false }, depth - 1, into);
    if (type.kind === "struct") fieldsOf(type).forEach((field, i) => part(i, field, `f${i}`, movable && !type.decl.drops));
    else if (type.kind === "tuple") type.parts.forEach((inner, i) => part(i, inner, `${i}`, movable));
    else if (type.kind === "array") this.walk({ text: `${text}[${this.random.between(0, type.length - 1)}]`, type: type.item, variable, path, movable: false, isReference: false }, depth - 1, into);
  }

  readable(fits: (type: Type) => boolean): Place[] {
    return this.places().filter((place) => fits(place.type) && this.scope.canRead(place.variable, place.path));
  }

  changeable(fits: (type: Type) => boolean): Place[] {
    return this.places().filter((place) => fits(place.type) && this.scope.canChange(place.variable, place.path));
  }

  movable(fits: (type: Type) => boolean): Place[] {
    return this.places().filter((place) => place.movable && !isCopy(place.type) && fits(place.type) && this.scope.canMove(place.variable, place.path));
  }

  /** The text that borrows the place, to the end of the statement. */
  borrow(place: Place, kind: "shared" | "mut"): string {
    this.scope.borrow(place.variable, kind);
    if (place.isReference) return kind === "mut" || place.variable.reference === "shared" ? place.text : `&*${place.text}`;
    return kind === "mut" ? `&mut ${place.text}` : `&${place.text}`;
  }

  /** The text of the value at the place. */
  get(place: Place): string {
    return place.isReference ? `(*${place.text})` : place.text;
  }

  // ── statements' frame ──

  /** Cost of a call, if it may be made here. */
  affords(cost: number): boolean {
    return cost * this.rounds < 1500 && this.cost + cost * this.rounds < 6000;
  }

  spend(cost: number): void {
    this.cost += cost * this.rounds;
  }

  inLoop(rounds: number, write: () => void): void {
    const before = this.rounds;
    this.rounds *= Math.max(1, rounds);
    this.loopDepth++;
    this.scope.loop(write);
    this.loopDepth--;
    this.rounds = before;
  }
}

/** Types of one name are one type. */
export const same = (type: Type) => (other: Type): boolean => other.name === type.name;
