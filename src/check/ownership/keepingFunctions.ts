/** Which function values of the program may keep what they are given: in what they own, in what they refer to, behind what else they are given. As types and captures tell. */

import { Kind } from "../../syntax/ast.ts";
import type { Capture } from "../captures.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import { LikeClosures, growClosures } from "./likeClosures.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class KeepingFunctions {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  /** Closures that may keep what they are given. */
  private keeping: LikeClosures | undefined = undefined;
  /** Closures that may keep what they are given in what they own. */
  private owning: LikeClosures | undefined = undefined;
  /** Function values that may store something behind what they are given. */
  private storers: LikeClosures | undefined = undefined;

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /**
   * A function value of this type, of which nothing else is known, may store what it is given in what it captured: some closure of the
   * program is made so that it could. (The library's own closures store nothing but in what they were handed.)
   */
  mayKeep(type: TypeId): boolean { return this.keepers().has(type); }

  /** Function values of which `mayKeep` is true may lie within a value of the type. */
  holdsLike(of: TypeId): boolean {
    const { c: { types }, facts } = this;
    return !this.keepers().isEmpty && leadsTo(of, (type) => {
      if (isScalar(type) || !facts.holds(type)) return false;
      if (types.kindOf(type) === TypeKind.Function) return this.mayKeep(type);
      return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
    });
  }

  /** As `mayKeep`, in what it owns: then it is itself what refers to what it was given. Closures that borrow what they store in are told by what they hold. */
  keepsInItself(type: TypeId): boolean { return this.owners().has(type); }

  private owners(): LikeClosures {
    if (this.owning === undefined) {
      const found = (this.owning = new LikeClosures(this.c));
      this.growKeepers(found, (capture) => this.ownsStore(capture, found));
    }
    return this.owning;
  }

  private growKeepers(found: LikeClosures, isStore: (capture: Capture) => boolean): void {
    const { c, facts } = this;
    // What holds no reference is kept by nobody.
    const mayStore = (f: FunctionDefinition): boolean => {
      const captures = c.program.capturesOf(f.node);
      return captures.some(isStore) || (captures.some(({ local }) => facts.behind.holdsUnknown(c.program.localType(local))) && this.callsStoring(f));
    };
    growClosures(c, () => false, (f) => f.parameters.some((type) => facts.holds(type)) && mayStore(f), (f) => found.add(f));
  }

  /**
   * A closure of generic code has function values that could store something behind values of type parameters' types: that know what these stand for.
   */
  private callsStoring(f: FunctionDefinition): boolean {
    const { c, facts } = this;
    const isOne = (type: TypeId): boolean => leadsTo(type, (one) => {
      if (isScalar(one)) return false;
      if (c.types.kindOf(one) === TypeKind.Function) return this.storing.has(one);
      return c.types.isReferring(one) ? [c.types.inner(one)] : facts.partsOf(one);
    });
    return f.parameters.some(isOne) || c.program.capturesOf(f.node).some(({ local }) => isOne(c.program.localType(local)));
  }

  /** Function values that could store something behind what they are given, as their types tell. */
  private get storing(): LikeClosures {
    if (this.storers === undefined) {
      const found = (this.storers = new LikeClosures(this.c));
      let left = this.mayStoreInParameters();
      // Generic ones do what those do that they are given.
      for (let before = -1; before !== left.length; ) {
        before = left.length;
        left = left.filter((f) => {
          const is = f.parameters.some((type) => this.facts.behind.holdsBehind(type)) || this.callsStoring(f);
          if (is) found.add(f);
          return !is;
        });
      }
    }
    return this.storers;
  }

  /** The user's closures, and functions that are used as values, with a parameter behind which something may be stored. */
  mayStoreInParameters(): readonly FunctionDefinition[] {
    const { c, facts } = this;
    return c.definitions.filter((f): f is FunctionDefinition => f.kind === "function" && f.node !== 0
      && ((c.ast.kind[f.node] === Kind.Closure && f.bodyChecked && !facts.isLibrary(f)) || facts.closures.isUsedAsValue(f))
      && f.parameters.some((type) => facts.behind.mayStoreBehind(type)));
  }

  /** What the closure owns by this capture is changed to hold a reference, or leads to what may do so when it is called. */
  private ownsStore({ local, mode, changed }: Capture, owning: LikeClosures): boolean {
    const type = this.c.program.localType(local);
    return mode === "move" && this.facts.holds(type) && ((changed && !this.facts.isFunctionValue(type)) || this.leadsToStore(type, owning));
  }

  /** Something may be stored by one who has such a value, and changes nothing of it himself: in a cell, or by closures like these. */
  private leadsToStore(of: TypeId, keepers: LikeClosures): boolean {
    const { facts, c: { types } } = this;
    return (!facts.isFunctionValue(of) && facts.behind.holdsCell(of)) || leadsTo(of, (type) => {
      if (isScalar(type) || !facts.holds(type)) return false;
      const kind = types.kindOf(type);
      if (kind === TypeKind.Function) return !types.isExternal(type) && keepers.has(type);
      if (kind === TypeKind.Dyn) return true;
      // A value of a type parameter whose bounds have nothing to store with is only looked at.
      if (kind === TypeKind.TypeParameter) return !facts.closures.isInert(type);
      return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
    });
  }

  /**
   * Among the function values that lie within a value of the type may be such, of those that may be called: the library's iterators were told of when they were made. `byLibrary`: by
   * the library, which calls only what a user's type does so with, and not what lies in collections.
   */
  holdsKeepers(of: TypeId, byLibrary: boolean): boolean {
    const { c: { types }, facts } = this;
    return leadsTo(of, (type) => {
      if (isScalar(type) || !facts.holds(type)) return false;
      const kind = types.kindOf(type);
      if (kind === TypeKind.Function) return this.keepsInItself(type);
      if (facts.inputs.isPlain(type)) return types.items(type).filter((item) => types.kindOf(item) === TypeKind.Struct);
      if (byLibrary && (kind === TypeKind.Struct || kind === TypeKind.Enum) && facts.isLibraryType(type)) return false;
      return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
    });
  }

  /** Some function value of the program may do so. */
  keepsAnything(): boolean { return !this.keepers().isEmpty; }

  private keepers(): LikeClosures {
    if (this.keeping === undefined) {
      const found = (this.keeping = new LikeClosures(this.c));
      this.growKeepers(found, (capture) => this.isStore(capture, found));
    }
    return this.keeping;
  }

  /** What is captured so can be changed to hold a reference, or may call a closure that keeps one. */
  private isStore({ local, mode, changed }: Capture, keeping: LikeClosures): boolean {
    const type = this.c.program.localType(local);
    return this.facts.holds(type) && (((changed || mode === "borrowMut") && !this.facts.isFunctionValue(type)) || this.leadsToStore(type, keeping));
  }
}
