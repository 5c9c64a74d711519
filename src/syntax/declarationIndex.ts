/**
 * Where the declarations of a file stand, so that one can be lexed and parsed by itself when it is first named: a program reaches few of the
 * standard library's. Made when the executable is bundled (scripts/build.ts), or when the checkout's library is first read.
 */

import { Diagnostics } from "../source/diagnostics.ts";
import { Interner, Names, type NameId } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast } from "./ast.ts";
import type { CarriedTree } from "./carriedTree.ts";
import { lex } from "./lexer.ts";
import { T, TokenFlag, type Tokens, startsDeclaration } from "./token.ts";

export interface DeclarationIndex {
  /** In the order of the file: the name that a declaration brings; "" for declarations that must be read at once (an import, an `#if` around an include, …). */
  readonly names: readonly string[];
  /**
   * For each name, the first byte of its declaration and the one behind its last. With the first byte's complement (`~`) stand the names of an impl that is of
   * interest only when its type and something of it is: first the type's, then those of which one must have been asked for besides (a trait, `.method`).
   */
  readonly ranges: Int32Array;
  /** The bodies of functions, from `{` to behind `}`, rising: whoever reads a declaration may pass them over until somebody asks for one. */
  readonly bodies: Int32Array;
  /** Files that the file includes whatever the target, as it writes them. They stand under no name. */
  readonly includes: readonly string[];
}

/** A piece of a file that declares something. */
export interface DeclarationPart {
  /** Its first byte in the file, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  /** Of an impl: one of these names must have been asked for besides its type's. Empty: nothing else. */
  readonly besides: readonly string[];
}

/** What an index says: ranges that must be read at once, and each other part with the names that it waits under. */
export function partsOf({ names, ranges }: DeclarationIndex): { readonly atOnce: readonly number[]; readonly parts: readonly { readonly under: readonly string[]; readonly part: DeclarationPart }[] } {
  const atOnce: number[] = [];
  const parts: { under: readonly string[]; part: DeclarationPart }[] = [];
  for (let i = 0; i < names.length; ) {
    const key = ranges[2 * i] as number;
    const end = ranges[2 * i + 1] as number;
    const first = i++;
    while (i < names.length && ranges[2 * i] === key) i++;
    const group = names.slice(first, i);
    if (group[0] === "") atOnce.push(key, end);
    // An impl waits under its type alone; the others it stands besides.
    else if (key < 0) parts.push({ under: group.slice(0, 1), part: { start: ~key, end, besides: group.slice(1) } });
    else parts.push({ under: group, part: { start: key, end, besides: [] } });
  }
  return { atOnce, parts };
}

/** The same of many files at once, where a name costs nothing until it is asked for. */
export interface DeclarationTable {
  /** How many parts there are. */
  readonly count: number;
  /** Ranges in a file, by its number, that must be read at once: first bytes and those behind the last, in turns. */
  atOnce(file: number): Int32Array;
  /** The parts that stand under a name. */
  under(name: string): Int32Array;
  fileOf(part: number): number;
  /** As the library calls it: `std/core.lang`. */
  pathOf(file: number): string;
  /** The numbers of the files that a file includes whatever the target. */
  includes(file: number): Int32Array;
  /** The same object each time. */
  part(part: number): DeclarationPart;
}

/** What a table knows of one file. */
export interface CarriedIndex {
  readonly table: DeclarationTable;
  readonly number: number;
  /** The file's syntax tree, for a program that began with the names that came with it; read when first asked for. */
  tree(): CarriedTree;
}

/** The index of a file without mistakes. */
export function indexDeclarations(bytes: Uint8Array): DeclarationIndex {
  const names = new Interner();
  const ast = new Ast();
  const tokens = lex(ast, names, new SourceMap().add("", bytes), new Diagnostics());
  const found: string[] = [];
  const ranges: number[] = [];
  const includes: string[] = [];
  for (let row = 0; tokens.kind[row] !== T.EndOfFile; ) {
    const first = row;
    // An attribute may stand on a line of its own.
    while (tokens.kind[row] === T["@"]) row = behind(tokens, row + 2);
    const isInclude = tokens.kind[row] === T.Name && tokens.kind[row + 1] === T.String && names.name(tokens.value[row] as NameId) === "include";
    if (isInclude) includes.push(new TextDecoder().decode(ast.strings[tokens.value[row + 1] as number]));
    const { keys, paired } = isInclude ? under() : keysOf(tokens, names, row);
    do row = behind(tokens, row);
    while (tokens.kind[row] !== T.EndOfFile && !startsHere(tokens, row));
    // Positions begin at 1.
    const start = (tokens.start[first] as number) - 1;
    const end = (tokens.end[row - 1] as number) - 1;
    if (keys.length === 1 && keys[0] === "" && found.at(-1) === "") {
      ranges[ranges.length - 1] = end;
      continue;
    }
    for (const key of keys) {
      found.push(key);
      ranges.push(paired ? ~start : start, end);
    }
  }
  return { names: found, ranges: Int32Array.from(ranges), bodies: Int32Array.from(bodiesOf(tokens)), includes };
}

/** Bodies of functions that stand by themselves or in an impl or a trait. */
function bodiesOf(tokens: Tokens): number[] {
  const found: number[] = [];
  const visit = (from: number, end: number): void => {
    let isFunction = false;
    for (let row = from; row < end; ) {
      const kind = tokens.kind[row] as number;
      const next = behind(tokens, row);
      if (kind === T.func) isFunction = true;
      else if (kind === T.impl || kind === T.trait || kind === T.struct || kind === T.enum || kind === T.const || kind === T.var || kind === T.type || kind === T["#"] || (kind === T.Name && tokens.kind[row + 1] === T.String)) isFunction = false;
      if (kind === T["{"] && isFunction) {
        found.push((tokens.start[row] as number) - 1, (tokens.end[next - 1] as number) - 1);
        isFunction = false;
      } else if (kind === T["{"] && opensGroup(tokens, row)) visit(row + 1, next - 1);
      row = next;
    }
  };
  visit(0, tokens.count);
  return found;
}

/** The `{` in the row is that of an impl or a trait. */
function opensGroup(tokens: Tokens, row: number): boolean {
  for (let at = row - 1; at >= 0; at--) {
    const kind = tokens.kind[at];
    if (kind === T.impl || kind === T.trait) return true;
    if (kind === T["}"] || kind === T["{"] || kind === T.struct || kind === T.enum || kind === T.func || kind === T["#"]) return false;
  }
  return false;
}

/** The row behind a token, or behind the bracket that it opens. */
function behind(tokens: Tokens, row: number): number {
  const kind = tokens.kind[row];
  const opens = kind === T["("] || kind === T["["] || kind === T["{"] || kind === T.FormatOpen;
  return Math.max(row, opens ? (tokens.value[row] as number) : 0) + 1;
}

/** A token outside brackets that begins a declaration. */
function startsHere(tokens: Tokens, row: number): boolean {
  const kind = tokens.kind[row] as number;
  if (((tokens.flags[row] as number) & TokenFlag.newline) === 0) return false;
  if (kind === T.Name) return tokens.kind[row + 1] === T.String;
  return startsDeclaration[kind] !== 0 || kind === T["@"] || kind === T.var;
}

/** Heads of types that no declaration brings; implementations.askHead asks for them. */
const builtin = new Set(["[]", "?", "&", "str", "char", "bool", "void", "never", "f32", "f64", "Result", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"]);

/** Traits whose impls the checker may ask a type for though nothing named the trait: they come with the type. */
const unasked = new Set(["Copy", "Drop", "Deref", "DerefMut"]);

interface Keys {
  readonly keys: readonly string[];
  /** The first is of a type, and one of the others must be asked for, too. */
  readonly paired: boolean;
}

const under = (...keys: readonly string[]): Keys => ({ keys, paired: false });

/**
 * What the declaration beginning in the row (behind attributes) is entered under; "" for one that must be read at once.
 * An `#if`: the names of all that is declared in it, if each thing has one. An enum: its name, and those of its variants. A trait: its name, and `.method` for each of its methods. An impl: the type's head, paired with the trait's name, or with
 * `.method` for each; if it is for any type, these alone.
 */
function keysOf(tokens: Tokens, names: Interner, first: number): Keys {
  let row = first;
  if (tokens.kind[row] === T.pub) row++;
  if (tokens.kind[row] === T.extern) row++;
  const kind = tokens.kind[row] as number;
  if (kind === T.impl) return implKeys(tokens, names, row + 1);
  if (kind === T["#"]) return conditionalKeys(tokens, names, row);
  const brings = kind === T.func || kind === T.struct || kind === T.enum || kind === T.trait || kind === T.const || kind === T.var || kind === T.type;
  const name = tokens.value[row + 1] as NameId;
  if (!brings || tokens.kind[row + 1] !== T.Name || name === Names._) return under("");
  if (kind === T.enum) return under(names.name(name), ...variantKeys(tokens, names, row + 2));
  if (kind !== T.trait) return under(names.name(name));
  return under(names.name(name), ...methodKeys(tokens, names, row + 2));
}

/** The row is the one with the `#`. */
function conditionalKeys(tokens: Tokens, names: Interner, first: number): Keys {
  const found: string[] = [];
  let row = first;
  do {
    if (tokens.kind[row] === T["{"]) {
      const end = behind(tokens, row) - 1;
      for (let inner = row + 1; inner < end; ) {
        const { keys, paired } = keysOf(tokens, names, inner);
        if (paired || keys.includes("")) return under("");
        found.push(...keys);
        do inner = behind(tokens, inner);
        while (inner < end && !startsHere(tokens, inner));
      }
    }
    row = behind(tokens, row);
  } while (tokens.kind[row] !== T.EndOfFile && !startsHere(tokens, row));
  return found.length === 0 ? under("") : under(...new Set(found));
}

/** An enum's variants may be named bare. The row is one before the body. */
function variantKeys(tokens: Tokens, names: Interner, from: number): string[] {
  let row = from;
  while (tokens.kind[row] !== T["{"] && tokens.kind[row] !== T.EndOfFile) row = behind(tokens, row);
  const end = tokens.value[row] as number;
  const found: string[] = [];
  for (row++; row < end; row = behind(tokens, row)) if (tokens.kind[row] === T.Name) found.push(names.name(tokens.value[row] as NameId));
  return found;
}

/** The row is the one behind `impl`. */
function implKeys(tokens: Tokens, names: Interner, from: number): Keys {
  const own = new Set<string>();
  let start = from;
  if (tokens.kind[from] === T["["]) {
    start = behind(tokens, from);
    for (let row = from + 1; row < start; row++) {
      const isFirst = tokens.kind[row - 1] === T["["] || tokens.kind[row - 1] === T[","];
      if (isFirst && tokens.kind[row] === T.Name) own.add(names.name(tokens.value[row] as NameId));
    }
  }
  let target = start;
  for (let row = start; tokens.kind[row] !== T["{"] && tokens.kind[row] !== T.EndOfFile; row = behind(tokens, row)) {
    if (tokens.kind[row] === T.for) target = row + 1;
  }
  const head = headAt(tokens, names, target);
  const others = target === start ? methodKeys(tokens, names, target) : [headAt(tokens, names, start)];
  if (head === "" || own.has(head)) return under(...others);
  if (others.length > 0 && !unasked.has(others[0] as string)) return { keys: [head, ...others], paired: true };
  return builtin.has(head) ? under(...others) : under(head);
}

/** The head of the type that begins in the row: a name (a path's last), `[]` for a slice, `?` for an optional, `&` for a borrow. */
function headAt(tokens: Tokens, names: Interner, from: number): string {
  let row = from;
  while (tokens.kind[row] === T.Name && tokens.kind[row + 1] === T["."]) row += 2;
  switch (tokens.kind[row] as number) {
    case T.Name:
      return names.name(tokens.value[row] as NameId);
    case T["["]:
      return tokens.kind[row + 1] === T["]"] ? "[]" : "";
    case T["?"]:
      return "?";
    case T["&"]:
      return "&";
    default:
      return "";
  }
}

/** `.name` for each method between the braces that open in the row or behind it. */
function methodKeys(tokens: Tokens, names: Interner, from: number): readonly string[] {
  let open = from;
  while (tokens.kind[open] !== T["{"] && tokens.kind[open] !== T.EndOfFile) open = behind(tokens, open);
  const keys: string[] = [];
  if (tokens.kind[open] !== T["{"]) return keys;
  const end = behind(tokens, open) - 1;
  for (let row = open + 1; row < end; row = behind(tokens, row)) {
    if (tokens.kind[row] === T.func && tokens.kind[row + 1] === T.Name) keys.push(`.${names.name(tokens.value[row + 1] as NameId)}`);
  }
  return keys;
}
