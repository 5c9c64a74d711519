/** Which bodies the checks look into: a linear look at the nodes' types, which spares most functions the rest. */

import { Kind, UnaryOperator, kinds, type KindName, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { Checker } from "../context.ts";
import { isConstantLiteral } from "../constantLiterals.ts";
import type { LocalId } from "../definitions.ts";
import { T, TypeKind, isScalar } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Expressions that bring a value; what only hands one on (blocks, branches, parentheses) is passed over. */
const sources: ReadonlySet<KindName> = new Set([
  "Name", "Field", "TupleField", "Index", "Call", "Unary", "Closure", "Cast", "Intrinsic", "Pipe", "Try", "Unwrap", "StructLiteral", "Tuple", "Array", "ArrayRepeat", "Binary",
]);
const isSource = new Uint8Array(kinds.map((name) => (sources.has(name) ? 1 : 0)));

export class Interest {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  /** By node: what is in it is only looked through, as `p` in `p.x`. */
  private lookedThrough = new Uint8Array(0);

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** Something in the body moves, is borrowed or refers to something in a way that may be wrong. */
  has(body: Node): boolean {
    const { ast, program, types } = this.c;
    const { kind, start, end, a, b } = ast;
    if (this.lookedThrough.length < ast.count) this.lookedThrough = new Uint8Array(ast.count);
    const { lookedThrough, facts } = this;
    const from = start[body] as number;
    const to = end[body] as number;
    for (let n: number = body; n > 0 && (start[n] as number) >= from && (end[n] as number) <= to; n--) {
      const k = kind[n] as number;
      if (k === Kind.BindingPattern) {
        // What a pattern binds by reference borrows what it matches.
        const m = program.meaningOf(n as Node);
        if (meaningKind(m) === MeaningKind.Local && facts.isTracked(program.localType(meaningIndex(m) as LocalId))) return true;
        continue;
      }
      if (isSource[k] === 0) continue;
      const isThrough = lookedThrough[n] === 1;
      if (k === Kind.Call) this.passOver(n as Node);
      else if (k === Kind.Unary && isThrough) continue;
      if (k === Kind.Field || k === Kind.TupleField || (k === Kind.Index && kind[ast.item(ast.arguments(n as Node), 0)] !== Kind.Range) || (k === Kind.Unary && b[n] === UnaryOperator.Dereference)) {
        if (meaningKind(program.meaningOf(n as Node)) !== MeaningKind.Definition) lookedThrough[a[n] as number] = 1;
      }
      if (isThrough && (k === Kind.Name || k === Kind.Field || k === Kind.TupleField || k === Kind.Index)) continue;
      // An array literal that serves as a slice lies in a temporary.
      if ((k === Kind.Array || k === Kind.ArrayRepeat) && program.wantedOf(n as Node) !== 0 && !isConstantLiteral(ast, program, n as Node)) return true;
      const type = program.typeOf(n as Node);
      // Most are numbers.
      if (type === 0 || (isScalar(type) && type !== T.str) || !facts.isTracked(type)) continue;
      // A function's own name is no value that is held.
      if (types.kindOf(type) === TypeKind.Function && k !== Kind.Closure && meaningKind(program.meaningOf(n as Node)) === MeaningKind.Definition) continue;
      return true;
    }
    return false;
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
