/** Programs that somebody wrote, changed at random: by tokens, and by whole pieces of their trees. Most are wrong, some still mean something. */

import { Random } from "../../bench/generated/random.ts";
import { Diagnostics } from "../../src/source/diagnostics.ts";
import { Interner } from "../../src/source/interner.ts";
import { SourceMap } from "../../src/source/sourceMap.ts";
import { Ast } from "../../src/syntax/ast.ts";
import { lex } from "../../src/syntax/lexer.ts";
import { parseFile } from "../../src/syntax/parser.ts";
import { T } from "../../src/syntax/token.ts";

interface Piece {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes rather than characters: positions are theirs. */
const decoder = new TextDecoder();
const encoder = new TextEncoder();

function tokensOf(bytes: Uint8Array): Piece[] {
  const file = new SourceMap().add("mutant.lang", bytes);
  const tokens = lex(new Ast(), new Interner(), file, new Diagnostics());
  const pieces: Piece[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i] as number;
    const start = (tokens.start[i] as number) - file.base;
    const end = (tokens.end[i] as number) - file.base;
    if (end > start) pieces.push({ kind: kind === T.Name ? "name" : String(kind), start, end });
  }
  return pieces;
}

function nodesOf(bytes: Uint8Array): Piece[] {
  const sources = new SourceMap();
  const ast = new Ast();
  const file = sources.add("mutant.lang", bytes);
  parseFile(ast, new Interner(), file, new Diagnostics());
  const pieces: Piece[] = [];
  for (let node = 1; node < ast.count; node++) {
    const start = (ast.start[node] as number) - file.base;
    const end = (ast.end[node] as number) - file.base;
    const kind = ast.kindName(node as never);
    if (end > start && kind !== "File") pieces.push({ kind, start, end });
  }
  return pieces;
}

function splice(bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  const made = new Uint8Array(bytes.length - (end - start) + by.length);
  made.set(bytes.subarray(0, start));
  made.set(by, start);
  made.set(bytes.subarray(end), start + by.length);
  return made;
}

/** Exchanges two pieces that do not overlap. */
function exchange(bytes: Uint8Array, a: Piece, b: Piece): Uint8Array {
  const [first, second] = a.start < b.start ? [a, b] : [b, a];
  if (first.end > second.start) return bytes;
  const [x, y] = [bytes.slice(first.start, first.end), bytes.slice(second.start, second.end)];
  return splice(splice(bytes, second.start, second.end, x), first.start, first.end, y);
}

/** Mutant `seed` of one of the programs; pieces of the other may come in. */
export function mutant(seed: number, programs: readonly string[]): string {
  const random = new Random(seed);
  let bytes: Uint8Array = encoder.encode(random.pick(programs));
  const other = encoder.encode(random.pick(programs));
  for (let left = random.between(1, 3); left > 0; left--) {
    const tree = !random.once(3);
    const pieces = tree ? nodesOf(bytes) : tokensOf(bytes);
    if (pieces.length === 0) break;
    const piece = random.pick(pieces);
    const alike = pieces.filter(({ kind }) => kind === piece.kind);
    const text = bytes.slice(piece.start, piece.end);
    switch (random.between(0, 7)) {
      case 0: bytes = splice(bytes, piece.start, piece.end, new Uint8Array(0)); break;
      case 1: bytes = splice(bytes, piece.end, piece.end, encoder.encode(`${tree ? random.pick(["\n", ", ", " "]) : " "}${decoder.decode(text)}`)); break;
      case 2: bytes = exchange(bytes, piece, random.pick(alike)); break;
      case 3: case 4: {
        // Another of its kind takes its place.
        const from = random.pick(alike);
        bytes = splice(bytes, piece.start, piece.end, bytes.slice(from.start, from.end));
        break;
      }
      case 5: {
        const foreign = (tree ? nodesOf(other) : tokensOf(other)).filter(({ kind }) => kind === piece.kind);
        if (foreign.length > 0) {
          const from = random.pick(foreign);
          bytes = splice(bytes, piece.start, piece.end, other.slice(from.start, from.end));
        }
        break;
      }
      case 6: {
        const names = tokensOf(bytes).filter(({ kind }) => kind === "name");
        if (names.length < 2) break;
        const [at, from] = [random.pick(names), random.pick(names)];
        bytes = splice(bytes, at.start, at.end, bytes.slice(from.start, from.end));
        break;
      }
      default: {
        const wrapped = random.pick([["(", ")"], ["{ ", " }"], ["&", ""], ["&mut ", ""], ["*", ""], ["Some(", ")"], ["[", "]"], ["", "?"], ["", "!"], ["move || ", ""], ["Box.new(", ")"], ["", ".clone()"], ["if true { ", " } else { panic(\"\") }"], ["", ".len"], ["", "[0]"], ["return ", ""], ["-", ""]]);
        bytes = splice(bytes, piece.start, piece.end, encoder.encode(`${wrapped[0]}${decoder.decode(text)}${wrapped[1]}`));
      }
    }
  }
  return decoder.decode(bytes);
}
