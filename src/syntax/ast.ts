/**
 * The syntax tree of a whole program: columns in typed arrays, one row a node, children before parents (post-order), all files
 * in one store so that a later stage adds a fact about nodes as one more column (`check` adds types and meanings).
 *
 * In memory a node is: kind, flags, start and end (positions in the source map), and four operands `a b c d`. What the
 * operands of each kind are is said in the table below, once; readers use the named methods of `Ast`.
 * A list is an index into `pool`: the count, then the items. Node 0 and list 0 mean "none" and "empty".
 */

import type { NameId } from "../source/interner.ts";
import { release } from "../source/release.ts";

export type Node = number & { readonly brand: "Node" };
export type List = number & { readonly brand: "List" };
/** An interned name; 0 is "no name". */
export type { NameId } from "../source/interner.ts";
/** Index of a literal's value in `Ast.integers`, `Ast.floats` or `Ast.strings`. */
export type LiteralId = number & { readonly brand: "LiteralId" };
export const emptyList = 0 as List;

/** Node kinds. Beside each: its operands a, b, c, d; "?" may be none (0); […] is a list. Flags are named after "|". */
export const kinds = [
  "None",
  // ── expressions ──
  "Integer", //           a: LiteralId in integers, b: suffix (NameId of the type, or 0)
  "Float", //             a: LiteralId in floats, b: suffix
  "Bool", //              a: 0 or 1
  "Nil",
  "Char", //              a: code point
  "Byte", //              a: value of b'x'
  "String", //            a: LiteralId in strings
  "FormatString", //      a: [String | FormatPiece]
  "FormatPiece", //       a: expression, b: LiteralId of the format text in strings, or 0
  "Name", //              a: NameId
  "VariantName", //       a: NameId                          `.Circle`
  "Field", //             a: object, b: NameId               also paths `module.name`, `Shape.Circle`
  "TupleField", //        a: object, b: index
  "Index", //             a: object, b: [expression or type] `xs[i]`, `xs[a..b]`, `max[i64]`, `List[u8]`
  "Call", //              a: callee, b: [argument]
  "Intrinsic", //         a: NameId without the @, b: [argument or type]
  "Unary", //             a: operand, b: UnaryOperator
  "Binary", //            a: left, b: right, c: BinaryOperator (also && || ??)
  "Cast", //              a: expression, b: type
  "Range", //             a: from?, b: to? | inclusive
  "Try", //               a: operand                         `x?`
  "Unwrap", //            a: operand                         `x!`
  "Pipe", //              a: left, b: right                  right is a path or a Call
  "StructLiteral", //     a: path, b: [FieldInit], c: base?
  "FieldInit", //         a: value, b: NameId
  "Array", //             a: [element]
  "ArrayRepeat", //       a: element, b: count
  "Tuple", //             a: [element]                       no element: the void value
  "Paren", //             a: inner
  "Block", //             a: [statement], b: result?         result: the last expression, not ended by `;`
  "If", //                a: condition, b: then (Block), c: else? (Block or If)
  "LetCondition", //      a: pattern, b: expression          condition of If and While
  "Match", //             a: scrutinee, b: [Arm]
  "Arm", //               a: pattern, b: guard?, c: body
  "Loop", //              a: body, b: label (NameId or 0)
  "While", //             a: condition, b: body, c: label
  "For", //               a: pattern, b: iterable, c: body, d: label
  "Closure", //           a: [Parameter], b: result type?, c: body | move
  "Return", //            a: value?
  "Break", //             a: value?, b: label
  "Continue", //          b: label
  "Assign", //            a: place, b: value, c: BinaryOperator or 0 for plain `=`
  // ── types that are not written like an expression (names, paths and `Name[T]` are Name, Field, Index) ──
  "PointerType", //       a: target                          also Unary Dereference where a type is read from an argument list
  "ReferenceType", //     a: target | mutable
  "ArrayType", //         a: length, b: element
  "SliceType", //         a: element | mutable
  "OptionalType", //      a: inner
  "TupleType", //         a: [type]
  "FunctionType", //      a: [type], b: result? | mutable (mut func), external (extern func), variadic
  "DynType", //           a: trait path
  // ── patterns ──
  "WildcardPattern",
  "BindingPattern", //    a: NameId, b: subpattern?          lower-case `x`, `x @ pattern` | mutable (for `var`)
  "LiteralPattern", //    a: expression                      literal, or negative literal
  "RangePattern", //      a: from?, b: to? | inclusive
  "TuplePattern", //      a: [pattern]
  "PathPattern", //       a: path                            capitalised name: a variant or a constant
  "VariantPattern", //    a: path, b: [pattern]
  "StructPattern", //     a: path, b: [FieldPattern] | rest
  "FieldPattern", //      a: NameId, b: pattern              the shorthand `x` gets a BindingPattern of the same span
  "OrPattern", //         a: [pattern]
  "SlicePattern", //      a: [pattern]
  "RestPattern", //       `..` within a slice, tuple or variant pattern
  // ── statements (an expression may stand as a statement by itself) ──
  "ExpressionStatement", // a: expression | semicolon
  "Let", //               a: pattern, b: type?, c: value?, d: else block? | mutable (`var`)
  "Defer", //             a: expression
  "CompileIfStatement", // a: condition, b: Block, c: Block or CompileIfStatement?
  // ── declarations ──
  "Function", //          a: NameId, b: Signature, c: body (Block)?, d: [Attribute] | public, external, test, deferredBody
  "Signature", //         a: [TypeParameter], b: [Parameter], c: result type? | variadic
  "Parameter", //         a: NameId, b: type?, c: pattern? (of a closure's parameter; then a is 0) | self, mutable, reference    `self` `&self` `&mut self`
  "TypeParameter", //     a: NameId, b: [bound path]
  "Struct", //            a: NameId, b: [TypeParameter], c: [FieldDeclaration], d: [derived trait path] | public
  "FieldDeclaration", //  a: NameId, b: type | public
  "Enum", //              a: NameId, b: [TypeParameter], c: [Variant], d: [derived trait path] | public
  "Variant", //           a: NameId, b: [FieldDeclaration], c: value?   a field without a name has NameId 0
  "Trait", //             a: NameId, b: [TypeParameter], c: [Function], d: [trait path that it builds on] | public
  "Impl", //              a: [TypeParameter], b: trait path?, c: self type, d: [Function]
  "Const", //             a: NameId, b: type?, c: value | public
  "Global", //            a: NameId, b: type?, c: value?     | public
  "TypeAlias", //         a: NameId, b: [TypeParameter], c: type | public
  "Include", //           a: LiteralId of the path in strings
  "Import", //            a: LiteralId of the path, b: alias (NameId or 0)
  "Test", //              a: LiteralId of the title, b: body
  "CompileIf", //         a: condition, b: [declaration], c: [declaration]     `#if … else …`, else-if nests in c
  "Attribute", //         a: NameId without the @, b: [expression]
  "File", //              a: [declaration]
  /** Stands where the parser reported an error; later stages are silent about it. */
  "Error",
] as const;

export type KindName = (typeof kinds)[number];
export type Kind = number & { readonly brand: "Kind" };
/** `Kind.If` and so on: the row number of each kind. */
export const Kind = Object.fromEntries(kinds.map((name, index) => [name, index])) as { readonly [K in KindName]: Kind };

export const Flag = {
  mutable: 1,
  inclusive: 2,
  public: 4,
  external: 8,
  variadic: 16,
  self: 32,
  reference: 64,
  semicolon: 128,
  move: 256,
  rest: 512,
  /** The body was skipped (std is parsed on demand): `c` is the index of its `{` token, see parser.ts. */
  deferredBody: 1024,
  /** `///` comments stand before the declaration: documentation.ts reads them. */
  documented: 2048,
} as const;

export const unaryOperators = ["", "-", "!", "~", "*", "&", "&mut"] as const;
export const UnaryOperator = { Negate: 1, Not: 2, Complement: 3, Dereference: 4, Borrow: 5, BorrowMutable: 6 } as const;

/** Operator numbers in `Binary.c` and `Assign.c`; the spelling is the index's. */
export const binaryOperators = [
  "", "+", "-", "*", "/", "%", "+%", "-%", "*%", "+|", "-|", "*|", "<<", ">>", "&", "|", "^",
  "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??",
] as const;
export const BinaryOperator = {
  Add: 1, Subtract: 2, Multiply: 3, Divide: 4, Remainder: 5, AddWrap: 6, SubtractWrap: 7, MultiplyWrap: 8,
  AddSaturate: 9, SubtractSaturate: 10, MultiplySaturate: 11, ShiftLeft: 12, ShiftRight: 13, And: 14, Or: 15, Xor: 16,
  Equal: 17, NotEqual: 18, Less: 19, LessEqual: 20, Greater: 21, GreaterEqual: 22, LogicalAnd: 23, LogicalOr: 24, Coalesce: 25,
} as const;

/** Room that a tree begins with: a small program and what it reaches of the library. */
const FIRST_NODES = 1024;

export class Ast {
  count = 1;
  kind = new Uint8Array(FIRST_NODES);
  flags = new Uint16Array(FIRST_NODES);
  start = new Int32Array(FIRST_NODES);
  end = new Int32Array(FIRST_NODES);
  a = new Int32Array(FIRST_NODES);
  b = new Int32Array(FIRST_NODES);
  c = new Int32Array(FIRST_NODES);
  d = new Int32Array(FIRST_NODES);
  /** Lists: count, then items. */
  pool = new Int32Array(2 * FIRST_NODES);
  poolCount = 1;
  /** Integer literals too large for `i53`, and all others: the value without sign. */
  readonly integers: (number | bigint)[] = [0];
  /** The literal of each small integer, once there is one. */
  readonly smallIntegers = new Int32Array(256);
  readonly floats: number[] = [0];
  /** By literal: the few that as an f32 are not the one nearest to their f64. */
  readonly singles = new Map<number, number>();
  /** Decoded string literals, UTF-8 without the closing NUL. */
  readonly strings: Uint8Array[] = [new Uint8Array(0)];

  /** Names whose declaration could not be read or was refused: that they, or their arguments, are unknown is a consequence. */
  readonly lost = new Set<number>();

  /** The head of an impl could not be read: what it would have given to a type is not known. */
  isImplLost = false;

  /** Appends a node; its children must have been added before. `start` and `end` are source map positions, end exclusive. */
  add(kind: Kind, flags: number, start: number, end: number, a: number, b: number, c: number, d: number): Node {
    const node = this.count++;
    if (node === this.kind.length) this.grow();
    this.kind[node] = kind;
    this.start[node] = start;
    this.end[node] = end;
    this.a[node] = a;
    // New rows are 0, and most have no flags and few operands: a store costs more than the question.
    if (flags !== 0) this.flags[node] = flags;
    if (b !== 0) this.b[node] = b;
    if (c !== 0) this.c[node] = c;
    if (d !== 0) this.d[node] = d;
    return node as Node;
  }

  /** Copies `items[from..to)` (a parser's stack) into the pool and returns the list. */
  addList(items: ArrayLike<number>, from: number, to: number): List {
    const count = to - from;
    if (count === 0) return emptyList;
    this.reserveLists(count + 1);
    const list = this.poolCount;
    this.pool[this.poolCount++] = count;
    for (let i = from; i < to; i++) this.pool[this.poolCount++] = items[i] as number;
    return list as List;
  }

  /** Makes room in the pool for `count` more numbers. */
  reserveLists(count: number): void {
    if (this.poolCount + count > this.pool.length) this.pool = enlarge(this.pool, new Int32Array(Math.max(this.poolCount + count, this.pool.length * 2)));
  }

  /** Number of items of a list. */
  length(list: List): number {
    return this.pool[list] as number;
  }

  /** Item `index` of a list of nodes. */
  item(list: List, index: number): Node {
    return this.pool[list + 1 + index] as Node;
  }

  kindName(node: Node): KindName {
    return kinds[this.kind[node] as number] as KindName;
  }

  has(node: Node, flag: number): boolean {
    return ((this.flags[node] as number) & flag) !== 0;
  }

  // The operands by what they are. Each names the kinds it serves where that isn't plain.
  name(n: Node): NameId { return this.a[n] as NameId; }                       // Name, VariantName, BindingPattern, declarations, Parameter, …
  fieldName(n: Node): NameId { return this.b[n] as NameId; }                  // Field, FieldInit
  /** A float literal's value, as an f32 or f64. */
  floatOf(n: Node, isSingle: boolean): number {
    const literal = this.literal(n);
    const value = this.floats[literal] as number;
    return isSingle ? (this.singles.get(literal) ?? Math.fround(value)) : value;
  }
  literal(n: Node): LiteralId { return this.a[n] as LiteralId; }              // Integer, Float, String, Include, Import, Test
  suffix(n: Node): NameId { return this.b[n] as NameId; }                     // Integer, Float
  value(n: Node): number { return this.a[n] as number; }                      // Bool, Char, Byte
  formatText(n: Node): LiteralId { return this.b[n] as LiteralId; }           // FormatPiece
  tupleIndex(n: Node): number { return this.b[n] as number; }                 // TupleField
  operand(n: Node): Node { return this.a[n] as Node; }                        // Unary, Cast, Try, Unwrap, Paren, Field, Index, FormatPiece, ExpressionStatement, Defer, Return, Break
  elements(n: Node): List { return this.a[n] as List; }                       // FormatString, Array, Tuple, TupleType, TuplePattern, OrPattern, SlicePattern
  callee(n: Node): Node { return this.a[n] as Node; }                         // Call
  arguments(n: Node): List { return this.b[n] as List; }                      // Call, Intrinsic, Index, Attribute
  unaryOperator(n: Node): number { return this.b[n] as number; }
  left(n: Node): Node { return this.a[n] as Node; }                           // Binary, Pipe, Assign; from of Range and RangePattern
  right(n: Node): Node { return this.b[n] as Node; }                          // Binary, Pipe, Assign; to of Range and RangePattern
  operator(n: Node): number { return this.c[n] as number; }                   // Binary, Assign
  castType(n: Node): Node { return this.b[n] as Node; }
  path(n: Node): Node { return this.a[n] as Node; }                           // StructLiteral, PathPattern, VariantPattern, StructPattern, DynType
  inits(n: Node): List { return this.b[n] as List; }                          // StructLiteral
  base(n: Node): Node { return this.c[n] as Node; }                           // StructLiteral
  repeatCount(n: Node): Node { return this.b[n] as Node; }                    // ArrayRepeat
  statements(n: Node): List { return this.a[n] as List; }                     // Block
  result(n: Node): Node { return this.b[n] as Node; }                         // Block, Closure (type), FunctionType
  condition(n: Node): Node { return this.a[n] as Node; }                      // If, While, CompileIf, CompileIfStatement
  thenBlock(n: Node): Node { return this.b[n] as Node; }                      // If, CompileIfStatement
  elseBlock(n: Node): Node { return this.c[n] as Node; }                      // If, CompileIfStatement
  pattern(n: Node): Node { return this.a[n] as Node; }                        // LetCondition, Arm, For, Let
  scrutinee(n: Node): Node { return this.a[n] as Node; }                      // Match
  conditionValue(n: Node): Node { return this.b[n] as Node; }                 // LetCondition
  arms(n: Node): List { return this.b[n] as List; }                           // Match
  guard(n: Node): Node { return this.b[n] as Node; }                          // Arm
  armBody(n: Node): Node { return this.c[n] as Node; }                        // Arm
  iterable(n: Node): Node { return this.b[n] as Node; }                       // For
  /** Body of Loop, While, For, Closure, Function, Test. */
  body(n: Node): Node {
    const kind = this.kind[n];
    if (kind === Kind.Loop) return this.a[n] as Node;
    if (kind === Kind.While || kind === Kind.Test) return this.b[n] as Node;
    return this.c[n] as Node;
  }
  /** Label of Loop, While, For, Break, Continue; 0 if there is none. */
  label(n: Node): NameId {
    const kind = this.kind[n];
    if (kind === Kind.While) return this.c[n] as NameId;
    if (kind === Kind.For) return this.d[n] as NameId;
    return this.b[n] as NameId;
  }
  parameters(n: Node): List { return (this.kind[n] === Kind.Signature ? this.b[n] : this.a[n]) as List; } // Signature, Closure, FunctionType
  target(n: Node): Node { return this.a[n] as Node; }                         // PointerType, ReferenceType, OptionalType, SliceType
  arrayLength(n: Node): Node { return this.a[n] as Node; }                    // ArrayType
  arrayElement(n: Node): Node { return this.b[n] as Node; }                   // ArrayType
  subpattern(n: Node): Node { return this.b[n] as Node; }                     // BindingPattern, FieldPattern
  subpatterns(n: Node): List { return this.b[n] as List; }                    // VariantPattern, StructPattern
  declaredType(n: Node): Node { return this.b[n] as Node; }                   // Let, Const, Global, Parameter, FieldDeclaration
  initialiser(n: Node): Node { return this.c[n] as Node; }                    // Let, Const, Global
  parameterPattern(n: Node): Node { return this.c[n] as Node; }               // Parameter
  letElse(n: Node): Node { return this.d[n] as Node; }                        // Let
  signature(n: Node): Node { return this.b[n] as Node; }                      // Function
  attributes(n: Node): List { return this.d[n] as List; }                     // Function
  signatureResult(n: Node): Node { return this.c[n] as Node; }                // Signature
  typeParameters(n: Node): List {                                             // Signature, Impl, Struct, Enum, Trait, TypeAlias
    const kind = this.kind[n];
    return (kind === Kind.Signature || kind === Kind.Impl ? this.a[n] : this.b[n]) as List;
  }
  bounds(n: Node): List { return this.b[n] as List; }                         // TypeParameter
  members(n: Node): List { return (this.kind[n] === Kind.Impl ? this.d[n] : this.c[n]) as List; } // Struct, Enum, Trait, Impl
  variantFields(n: Node): List { return this.b[n] as List; }                  // Variant
  derives(n: Node): List { return this.d[n] as List; }                        // Struct, Enum
  implTrait(n: Node): Node { return this.b[n] as Node; }                      // Impl
  implType(n: Node): Node { return this.c[n] as Node; }                       // Impl
  aliasedType(n: Node): Node { return this.c[n] as Node; }                    // TypeAlias
  alias(n: Node): NameId { return this.b[n] as NameId; }                      // Import
  declarations(n: Node): List { return this.a[n] as List; }                   // File
  thenDeclarations(n: Node): List { return this.b[n] as List; }               // CompileIf
  elseDeclarations(n: Node): List { return this.c[n] as List; }               // CompileIf

  /** What stands in parentheses, however many; what stands in none is itself. */
  withoutParentheses(n: Node): Node {
    let at = n;
    while (this.kind[at] === Kind.Paren) at = this.operand(at);
    return at;
  }

  /** Makes room for `count` more nodes at once: memory that is not written costs nothing, growing copies. */
  reserve(count: number): void {
    if (this.count + count > this.kind.length) this.resize(Math.max(this.count + count, this.kind.length * 2));
  }

  /** Nobody reads the nodes any more. */
  release(): void {
    release([this.kind, this.flags, this.start, this.end, this.a, this.b, this.c, this.d, this.pool]);
  }

  private grow(): void {
    this.resize(this.kind.length * 2);
  }

  private resize(size: number): void {
    this.kind = enlarge(this.kind, new Uint8Array(size));
    this.flags = enlarge(this.flags, new Uint16Array(size));
    this.start = enlarge(this.start, new Int32Array(size));
    this.end = enlarge(this.end, new Int32Array(size));
    this.a = enlarge(this.a, new Int32Array(size));
    this.b = enlarge(this.b, new Int32Array(size));
    this.c = enlarge(this.c, new Int32Array(size));
    this.d = enlarge(this.d, new Int32Array(size));
  }
}

function enlarge<T extends Uint8Array | Uint16Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
