/** Chains of `if … else if … else …`, and of `#if`, of any length: read in a loop, then built from their end. */

import type { List, Node } from "./ast.ts";
import type { Parser } from "./parserState.ts";
import { T } from "./token.ts";

/** What tells the kinds of chains apart. */
export interface ChainForm {
  /** Reads `if` and its condition; 0: there is no `if`, and the chain is given up. */
  readonly condition: (p: Parser) => Node;
  readonly then: (p: Parser) => Node | List;
  readonly otherwise: (p: Parser) => Node | List;
  /** `#if` or `if` may stand behind `else`, rather than `if` alone. */
  readonly directive: boolean;
  /** Makes a link; `rest`: what stands behind its `else`, 0 for nothing. */
  readonly link: (p: Parser, start: number, end: number, condition: Node, then: number, rest: number) => Node;
  /** A link as what stands behind the `else` of the one before. */
  readonly asRest: (p: Parser, link: Node) => Node | List;
}

/** The first link of the chain, 0 if it was given up. */
export function parseChain(p: Parser, form: ChainForm): Node {
  const from = p.stackCount;
  let rest: number = 0;
  for (;;) {
    const start = p.start();
    const condition = form.condition(p);
    if (condition === 0) {
      p.stackCount = from;
      return condition;
    }
    const then = form.then(p);
    p.push(condition);
    p.push(then as number as Node);
    p.push(start as Node);
    if (p.panicking || p.kind !== T.else) break;
    p.advance();
    if (p.kind === T.if || (form.directive && p.kind === T["#"])) continue;
    rest = form.otherwise(p);
    break;
  }
  const end = p.lastEnd;
  let link = 0 as Node;
  for (let at = p.stackCount - 3; at >= from; at -= 3) {
    link = form.link(p, p.stack[at + 2] as number, end, p.stack[at] as Node, p.stack[at + 1] as number, rest);
    if (at > from) rest = form.asRest(p, link);
  }
  p.stackCount = from;
  return link;
}
