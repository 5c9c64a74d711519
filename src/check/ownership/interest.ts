/** Which bodies the checks look into: a linear look at the nodes' types, which spares most functions the rest. */

import { Kind, UnaryOperator, kinds, type KindName, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { Checker } from "../context.ts";
import { isConstantLiteral } from "../constantLiterals.ts";
import type { LocalId } from "../definitions.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import { typeFacts, type TypeFacts } from "./typeFacts.ts";

/** What a kind of node is to the look: nothing, since it only hands a value on (blocks, branches, parentheses); a pattern; an expression that brings a value; and one of which more is asked than its type. */
const Role = { none: 0, binding: 1, value: 2, asked: 3 } as const;
const rows: { readonly [K in KindName]?: number } = {
  BindingPattern: Role.binding,
  Name: Role.value, Closure: Role.value, Cast: Role.value, Intrinsic: Role.value, Pipe: Role.value, Try: Role.value, Unwrap: Role.value, StructLiteral: Role.value, Tuple: Role.value, Binary: Role.value,
  Field: Role.asked, TupleField: Role.asked, Index: Role.asked, Call: Role.asked, Unary: Role.asked, Array: Role.asked, ArrayRepeat: Role.asked,
};
export const roles = new Uint8Array(kinds.map((name) => rows[name] ?? Role.none));

export class Interest {
  private readonly c: Checker;
  /** Made when a type is asked for that is neither a number nor known to be of interest: most small programs have none. */
  private facts: TypeFacts | undefined = undefined;
  /** By node: what is in it is only looked through, as `p` in `p.x`. */
  private lookedThrough = new Uint8Array(0);

  constructor(c: Checker) {
    this.c = c;
  }

  /** Something in the body moves, is borrowed or refers to something in a way that may be wrong. */
  has(body: Node): boolean {
    const { ast, program, types } = this.c;
    const { kind, start } = ast;
    if (this.lookedThrough.length < ast.count) this.lookedThrough = new Uint8Array(ast.count);
    const { lookedThrough } = this;
    const from = start[body] as number;
    const to = ast.end[body] as number;
    // What begins in the body is in it.
    for (let n: number = body; n > 0; n--) {
      const at = start[n] as number;
      if (at < from || at >= to) break;
      const k = kind[n] as number;
      const role = roles[k] as number;
      if (role === Role.none) continue;
      if (role === Role.binding) {
        // What a pattern binds by reference borrows what it matches.
        const m = program.meaningOf(n as Node);
        if (meaningKind(m) === MeaningKind.Local && this.isTracked(program.localType(meaningIndex(m) as LocalId))) return true;
        continue;
      }
      if (role === Role.asked) {
        if (k === Kind.Call) this.passOver(n as Node);
        else if (k === Kind.Array || k === Kind.ArrayRepeat) {
          // An array literal that serves as a slice lies in a temporary.
          if (program.wantedOf(n as Node) !== 0 && !isConstantLiteral(ast, program, n as Node)) return true;
        } else if (k === Kind.Unary && lookedThrough[n] === 1) continue;
        else this.lookThrough(n as Node, k);
      }
      const type = program.typeOf(n as Node);
      // Most are numbers.
      if (type === 0 || (isScalar(type) && type !== T.str)) continue;
      if (lookedThrough[n] === 1 && (k === Kind.Name || k === Kind.Field || k === Kind.TupleField || k === Kind.Index)) continue;
      if (!this.isTracked(type)) continue;
      // A function's own name is no value that is held.
      if (types.kindOf(type) === TypeKind.Function && k !== Kind.Closure && meaningKind(program.meaningOf(n as Node)) === MeaningKind.Definition) continue;
      return true;
    }
    return false;
  }

  private isTracked(type: TypeId): boolean {
    return (this.facts ??= typeFacts(this.c)).isTracked(type);
  }

  /** A part of a place, or what a pointer points to: the place itself is only looked through. */
  private lookThrough(n: Node, kind: number): void {
    const { ast, program } = this.c;
    if (kind === Kind.Unary ? ast.unaryOperator(n) !== UnaryOperator.Dereference : kind === Kind.Index && ast.kind[ast.item(ast.arguments(n), 0)] === Kind.Range) return;
    if (meaningKind(program.meaningOf(n)) !== MeaningKind.Definition) this.lookedThrough[ast.operand(n)] = 1;
  }

  /** A borrow of a variable that ends with the call which it is an argument of: it can conflict with what else the call names, and nothing more. */
  private passOver(call: Node): void {
    const { ast } = this.c;
    const args = ast.arguments(call);
    for (let i = 0; i < ast.length(args); i++) {
      const argument = ast.item(args, i);
      if (ast.kind[argument] !== Kind.Unary || ast.unaryOperator(argument) < UnaryOperator.Borrow) continue;
      const local = this.borrowedLocal(ast.operand(argument));
      if (local !== 0 && this.isNamedOnce(call, local)) this.lookedThrough[argument] = 1;
    }
  }

  /** The variable whose own memory a place lies in; 0 if it is another's. */
  private borrowedLocal(n: Node): number {
    const { ast, program, types } = this.c;
    let at = n;
    for (;;) {
      const m = program.meaningOf(at);
      if (ast.kind[at] === Kind.Name) return meaningKind(m) === MeaningKind.Local && types.kindOf(program.typeOf(at)) !== TypeKind.Reference ? m : 0;
      if ((ast.kind[at] !== Kind.Field || meaningKind(m) === MeaningKind.Definition) && ast.kind[at] !== Kind.TupleField) return 0;
      at = ast.operand(at);
      const kind = types.kindOf(program.typeOf(at));
      if (kind === TypeKind.Reference || kind === TypeKind.Pointer) return 0;
    }
  }

  private isNamedOnce(call: Node, local: number): boolean {
    const { ast, program } = this.c;
    const { kind, start, end } = ast;
    const from = start[call] as number;
    const to = end[call] as number;
    let count = 0;
    for (let n: number = call; n > 0 && (start[n] as number) >= from && (end[n] as number) <= to; n--) {
      if (kind[n] === Kind.Name && program.meaningOf(n as Node) === local) count++;
    }
    return count === 1;
  }
}
