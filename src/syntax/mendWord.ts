/** Misspelled keywords before a declaration: what follows leaves no doubt that one was meant. */

import { suggest } from "../source/suggest.ts";
import { foreignSpelling } from "./foreign.ts";
import { typeWords, wordAt } from "./foreignForms.ts";
import type { Parser } from "./parserState.ts";
import { T, setOf, tokenKinds, type TokenKind, type TokenName } from "./token.ts";

/** What begins a declaration that has a name. */
const beginnings: readonly TokenName[] = ["func", "struct", "enum", "trait", "impl", "const", "type", "extern"];
export const beginsNamed = setOf([...beginnings]);

/**
 * At `struc Point {` or `pubx func f(`: reports the word and makes it the keyword that was meant, so that the declaration is read and what it
 * declares is known. `isMethod`: only functions stand here.
 */
export function mendWord(p: Parser, isMethod = false): void {
  if (p.kind !== T.Name || p.newlineAt(p.index + 1)) return;
  const next = p.peek(1);
  const isBeforeKeyword = next === T.func || (!isMethod && beginsNamed[next] !== 0);
  if (!isBeforeKeyword && next !== T.Name) return;
  const word = wordAt(p, p.index);
  if (typeWords.has(word)) return;
  const meant = suggest(word, isBeforeKeyword ? ["pub"] : isMethod ? ["func"] : beginnings);
  if (meant === undefined || foreignSpelling(p) !== undefined) return;
  p.slip("E0137", p.start(), p.end(), `\`${word}\` is not a word of this language`, `did you mean \`${meant}\`?`);
  p.kind = tokenKinds.indexOf(meant as TokenName) as TokenKind;
  p.tokens.kind[p.index] = p.kind;
}
