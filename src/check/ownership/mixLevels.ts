/**
 * What code that is known by its type only may move about behind what it is given: told by the functions, closures and implementations of the
 * program. A value is at stake only where some function moves something among the parts of a value of that type.
 */

import { Kind } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import { throughReferences } from "../traits.ts";
import { wholeOf, type Input } from "./inputs.ts";
import { leadsTo } from "./leading.ts";
import { moveMark, strayMark } from "./loanNumbers.ts";
import type { Summary } from "./summary.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Nothing is moved; copies of what may be copied; references to change something by, too. */
export const MixLevel = { none: 0, copies: 1, all: 2 } as const;

const anyHead = "any";

/** Questions that were asked, a type or a number of parameters with one of `Question`, and what was answered. */
export type Answers = Map<number, number>;

const Question = { value: 0, functions: 1, given: 2 } as const;

export class MixLevels {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  /** By head of a type (`headOf`); by number of parameters, of what closures captured. */
  private readonly values = new Map<string, number>();
  private readonly functions = new Map<number, number>();
  /** Numbers of parameters, which of them and its head: what functions are given as values move about. */
  private readonly shapes = new Map<string, number>();
  private readonly answers = new Map<TypeId, number>();
  /** Where questions and their answers are noted. */
  private record: Answers | undefined = undefined;

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** The user's functions in which something may be moved about behind one input. */
  candidates(): readonly FunctionDefinition[] {
    const { c, facts } = this;
    const isOne = (type: TypeId): boolean => facts.holds(type) && (facts.mixing.mayMix(type) || (facts.isMutableBorrow(type) && facts.inputs.hasParts(type)));
    return c.definitions.filter((f): f is FunctionDefinition =>
      f.kind === "function" && f.node !== 0 && f.origin === "lang" && f.bodyChecked && c.ast.body(f.node) !== 0 && !facts.isLibrary(f)
      && (f.parameters.some(isOne) || (c.ast.kind[f.node] === Kind.Closure && c.program.capturesOf(f.node).length > 0)));
  }

  /** Takes in what a function's summary says. True if that is new. */
  add(f: FunctionDefinition, inputs: readonly Input[], { contents, places }: Summary): boolean {
    let changed = false;
    for (const lists of [contents, places]) {
      lists.forEach((numbers, i) => {
        const whole = wholeOf(inputs, i);
        let level: number = MixLevel.none;
        for (const one of numbers) {
          if (one === moveMark) level = Math.max(level, this.levelOf(inputs[i]?.type, 1));
          else if (one < strayMark && this.isWithin(f, wholeOf(inputs, one >> 1), whole)) level = Math.max(level, this.levelOf(inputs[one >> 1]?.type, one & 1));
        }
        if (level === MixLevel.none) return;
        if (whole >= f.parameters.length) changed = raise(this.functions, f.parameters.length, level) || changed;
        else {
          const head = this.headOf(inputs[whole]?.type);
          changed = raise(this.values, head, level) || changed;
          for (const one of [head, anyHead]) raise(this.shapes, `${f.parameters.length} ${whole} ${one}`, level);
        }
      });
    }
    return changed;
  }

  /** What a closure captured is one value. */
  private isWithin(f: FunctionDefinition, one: number, other: number): boolean {
    const first = f.parameters.length;
    return one === other || (one >= first && other >= first);
  }

  private levelOf(type: TypeId | undefined, level: number): number {
    const { facts } = this;
    const moved = type !== undefined && level === 1 && facts.isBorrow(type) ? facts.types.inner(type) : type;
    return moved === undefined || facts.behind.holdsMutable(moved) ? MixLevel.all : MixLevel.copies;
  }

  private headOf(type: TypeId | undefined): string {
    const { types } = this.facts;
    if (type === undefined) return "";
    const at = throughReferences(this.c, type);
    const kind = types.kindOf(at);
    return kind === TypeKind.Struct || kind === TypeKind.Enum ? `${kind} ${types.definition(at)}` : kind === TypeKind.Tuple ? `${kind} ${types.listLength(at)}` : `${kind}`;
  }

  /** A call that knows only types is given a value of this one. */
  of(type: TypeId): number {
    let level = this.answers.get(type);
    if (level === undefined) {
      level = this.find(type);
      this.answers.set(type, level);
    }
    this.record?.set(type * 4 + Question.value, level);
    return level;
  }

  /** Function values with so many parameters. */
  ofFunctions(parameters: number): number {
    const level = this.functions.get(parameters) ?? MixLevel.none;
    this.record?.set(parameters * 4 + Question.functions, level);
    return level;
  }

  /** A function value of this type may move something about behind what it is given. */
  movesGiven(type: TypeId): boolean {
    const answer = this.findGiven(type);
    this.record?.set(type * 4 + Question.given, answer ? 1 : 0);
    return answer;
  }

  /** What is asked from now on goes into `record`. */
  recordIn(record: Answers | undefined): void { this.record = record; }

  /** Something would be answered otherwise now. */
  isOutdated(record: Answers): boolean {
    for (const [question, answer] of record) {
      const asked = question >> 2;
      const kind = question & 3;
      const now = kind === Question.value ? this.of(asked as TypeId) : kind === Question.functions ? this.ofFunctions(asked) : this.findGiven(asked as TypeId) ? 1 : 0;
      if (now !== answer) return true;
    }
    return false;
  }

  private findGiven(type: TypeId): boolean {
    const { types } = this.facts;
    const at = throughReferences(this.c, type);
    const parameter = `${TypeKind.TypeParameter}`;
    return types.items(at).some((item, i) => {
      const head = this.headOf(item);
      return [head === parameter ? anyHead : head, parameter].some((one) => this.shapes.has(`${types.listLength(at)} ${i} ${one}`));
    });
  }

  /** What was found is taken for new. */
  forget(): void { this.answers.clear(); }

  private find(of: TypeId): number {
    const { facts } = this;
    const { types } = facts;
    let level: number = MixLevel.none;
    const isAll = leadsTo(of, (type) => {
      if (isScalar(type) || !facts.holds(type)) return false;
      const raiseTo = (one: number): boolean => {
        level = Math.max(level, one);
        return level === MixLevel.all;
      };
      const own = (): boolean => raiseTo(Math.max(this.values.get(this.headOf(type)) ?? MixLevel.none, this.values.get(`${TypeKind.TypeParameter}`) ?? MixLevel.none));
      switch (types.kindOf(type)) {
        case TypeKind.Function:
          return raiseTo(this.ofFunctions(types.listLength(type)));
        case TypeKind.Dyn:
          return facts.closures.typesBehind(types.definition(type)) ?? raiseTo(this.anything());
        case TypeKind.TypeParameter:
          return raiseTo(this.anything());
        case TypeKind.Reference:
        case TypeKind.Slice:
        case TypeKind.Pointer:
          return [types.inner(type)];
        default:
          return own() || facts.partsOf(type);
      }
    });
    return isAll ? MixLevel.all : level;
  }

  /** Of any value that the program has. */
  private anything(): number {
    return Math.max(MixLevel.none, ...this.values.values(), ...this.functions.values());
  }
}

function raise<K>(table: Map<K, number>, key: K, level: number): boolean {
  if ((table.get(key) ?? MixLevel.none) >= level) return false;
  table.set(key, level);
  return true;
}
