/**
 * A function's body as the ownership checks see it: blocks of statements about places, in columns. What a statement computes is left out;
 * what it reads, moves, borrows and writes is all there. `lower*.ts` make it from the checked tree.
 */

import type { Node } from "../../syntax/ast.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind, type TypeId, type TypeTable } from "../types.ts";
import { wholeOf, type Input } from "./inputs.ts";
import { KnownFunctions } from "./knownFunctions.ts";
import { isPointer, placeOfPointer } from "./loanNumbers.ts";
import type { TypeFacts } from "./typeFacts.ts";
import { Paths, Root, copied, noPath, type PathId } from "./paths.ts";

/** Beside each: what the operands a and b are. */
export const Op = {
  /** a: a place whose life begins, holding nothing yet. */
  init: 1,
  /** b: a place whose value is looked at. */
  read: 2,
  /** a: destination, b: a place whose value is copied there. */
  copy: 3,
  /** a: destination or 0, b: a place whose value goes there. */
  move: 4,
  /** a: destination or 0, b: loan. */
  borrow: 5,
  /** a: a place that existed before, b: the temporary that holds its new value, or 0. */
  assign: 6,
  /** a: a root whose scope ends. */
  dead: 7,
  /** a: destination or 0, b: call. */
  call: 8,
  /** a: destination, b: a place that a raw pointer to is taken of, or whose raw pointer is read. Only what parameters brought is remembered. */
  raw: 9,
  /** b: a temporary whose value goes into a global. */
  escape: 10,
  /** The function is left. */
  exit: 11,
  /** b: a place that is used without being accessed: what a loop goes over. */
  keep: 12,
} as const;

export const StatementFlag = {
  /** Only the outermost word is looked at: a length, a variant's tag. */
  shallow: 1,
  /** The old value, or the value at the end of its scope, is dropped. */
  drops: 2,
  /** A `Drop` that is written by the user runs, and may use whatever the value holds. */
  dropUses: 4,
  /** It is taken apart by a pattern. */
  byPattern: 8,
  /** A loop's own step: no error is reported for it. */
  implicit: 16,
  /** A raw pointer that may be to memory which this body allocated. */
  heap: 64,
  /** The destination keeps what it held. */
  adds: 32,
} as const;

export interface Loan {
  readonly place: PathId;
  readonly mutable: boolean;
  readonly node: Node;
  /** The pattern whose bindings are parts of one value, 0 if it is made otherwise. */
  readonly pattern: Node;
  /** The closure that captures by this loan: whether anything can be stored through it is told by its body. */
  readonly closure: FunctionDefinition | undefined;
  /** Which of its captures; -1: the environment that a moving closure owns. */
  readonly capture: number;
}

/** A closure that is made here: by capture the loans by which it borrows, and the place in its own environment. */
export interface Made {
  readonly loans: readonly (readonly number[])[];
  readonly owned: readonly PathId[];
  /** The variables themselves. */
  readonly variables: readonly PathId[];
}

/** A call that may hand on what its arguments hold. */
export interface Call {
  readonly node: Node;
  /** Undefined: a function value, or what the language brings itself. */
  readonly callee: FunctionDefinition | undefined;
  /** Built into the language: which way what the arguments hold goes. `captures`: a closure that is made may store what it captured in other captures. */
  readonly rule: "summary" | "value" | "union" | "exchange" | "write" | "copy" | "captures";
  /** One for each parameter; 0 where the argument holds nothing. The last is the function value itself, if it is one. */
  readonly args: readonly PathId[];
  readonly parameters: readonly TypeId[];
  readonly result: TypeId;
  /** What the callee's type parameters stand for, if that is known. */
  readonly typeArguments?: readonly TypeId[] | undefined;
  /** By parameter: the function values in the argument are what the body was given itself; with a function value that is called, the last. */
  readonly given?: readonly boolean[] | undefined;
  /** By argument: the function that it is, if it is written there. */
  readonly functions?: readonly (FunctionDefinition | undefined)[] | undefined;
  /** Where the receiver lies which the call is lent, if nobody else can change it. */
  readonly receiver?: PathId | undefined;
}

/** A function value that is given references which end with the call, though its result's type says nothing of them. */
export interface Lent {
  readonly node: Node;
  /** Undefined: it is known by its type only. */
  readonly f: FunctionDefinition | undefined;
  readonly type: TypeId;
  readonly parameters: readonly number[];
}

export class Flow {
  readonly definition: FunctionDefinition;
  /** A body of the library, which is only looked at for its summary. */
  readonly isLibrary: boolean;
  readonly paths: Paths;
  /** Where each input stands; what the body allocates is one more. */
  readonly parameters: PathId[] = [];
  /** Number of the first loan that is made here: before come two for each parameter, its references and what lies behind them. */
  firstLoan = 0;
  inputs: readonly Input[] = [];
  /** Of a closure: what it captured. */
  readonly captures: PathId[] = [];
  /** Those that it has by value. */
  readonly ownedCaptures = new Set<PathId>();
  /** What lies behind each parameter's references, as far as it may hold references. */
  readonly contents: PathId[] = [];
  /** Paths of the locals, for the dump and the messages. */
  readonly locals: PathId[] = [];
  result: PathId = noPath;
  /** Parts of the result that are told apart. */
  resultParts: readonly PathId[] = [];
  readonly loans: Loan[] = [];
  readonly calls: Call[] = [];
  /** Functions that lie at places. */
  readonly functions = new KnownFunctions();
  /** Closures that are made here and capture something. */
  readonly closures: FunctionDefinition[] = [];
  readonly made = new Map<FunctionDefinition, Made>();
  readonly lent: Lent[] = [];
  /** What stands for the environments of closures that end with this body, though what they borrow goes on. */
  readonly frames = new Set<PathId>();
  /** Globals that are named and may hold references. */
  readonly globals: PathId[] = [];
  /** Rcs are made here whose contents references may be put into. */
  shares = false;
  /** By root: numbers of its loans. */
  readonly loansOf = new Map<PathId, number[]>();
  /** As `loansOf`, the mutable ones: what only looks meets no others. */
  readonly mutableLoansOf = new Map<PathId, number[]>();

  statementCount = 0;
  op = new Uint8Array(64);
  a = new Int32Array(64);
  b = new Int32Array(64);
  node = new Int32Array(64);
  flags = new Uint8Array(64);

  blockCount = 0;
  start = new Int32Array(16);
  end = new Int32Array(16);
  private edgeFrom: number[] = [];
  private edgeTo: number[] = [];
  private found: Graph | undefined = undefined;
  /** Something may be moved, or a local is borrowed: otherwise that part of the checks has nothing to do. */
  moves = 0;

  constructor(definition: FunctionDefinition, types: TypeTable, isLibrary: boolean) {
    this.definition = definition;
    this.isLibrary = isLibrary;
    this.paths = new Paths(types);
  }

  add(op: number, a: number, b: number, node: Node, flags: number): number {
    const at = this.statementCount++;
    if (at === this.op.length) this.grow();
    this.op[at] = op;
    this.a[at] = a;
    this.b[at] = b;
    this.node[at] = node;
    this.flags[at] = flags;
    return at;
  }

  addBlock(): number {
    const block = this.blockCount++;
    if (block === this.start.length) {
      this.start = copied(this.start, block * 2);
      this.end = copied(this.end, block * 2);
    }
    return block;
  }

  addEdge(from: number, to: number): void {
    this.edgeFrom.push(from);
    this.edgeTo.push(to);
  }

  /** The parts of a value that are told apart in summaries: calls put something there, or go by what is there. In the library a value and its error are. */
  addParts(root: PathId, facts: TypeFacts): readonly PathId[] {
    if (this.isLibrary && facts.types.kindOf(this.paths.typeOf(root)) !== TypeKind.Result) return [];
    return facts.inputs.leavesOf(this.paths.typeOf(root)).map(({ steps, stepTypes }) => steps.reduce<PathId>((at, step, k) => this.paths.step(at, step, stepTypes[k] as TypeId), root));
  }

  addParameter(place: PathId): void {
    this.parameters.push(place);
    this.firstLoan += 2;
  }

  addLoan(loan: Loan): number {
    const number = this.loans.length;
    this.loans.push(loan);
    const root = this.paths.rootOf(loan.place);
    append(this.loansOf, root, number);
    if (loan.mutable) append(this.mutableLoansOf, root, number);
    return number;
  }

  /** The loan (counted from the first that is made here) is of memory that Rcs share. */
  isShared(loan: number): boolean {
    const place = this.loans[loan]?.place;
    return place !== undefined && this.paths.kindOf(this.paths.rootOf(place)) === Root.shared;
  }

  /** The type of an input; undefined for memory that is allocated here. */
  parameterType(i: number): TypeId | undefined { return this.inputs[i]?.type; }

  /** The parameter or captured variable that an input is, or is a part of. */
  wholeOf(i: number): number {
    return wholeOf(this.inputs, i);
  }

  /** An input is the other one, or a part of it. */
  isPartOf(i: number, whole: number): boolean {
    for (let at = i; at >= 0; at = this.inputs[at]?.of ?? -1) if (at === whole) return true;
    return false;
  }

  /** The place of an input whose own memory is there when the body is left: behind a reference, or in what a closure owns. */
  keptPlace(i: number): PathId {
    const input = this.inputs[i];
    const first = this.definition.parameters.length;
    if (input === undefined || i < first) return noPath;
    if (input.of < 0) return this.ownedCaptures.has(this.captures[i - first] ?? noPath) ? (this.captures[i - first] ?? noPath) : noPath;
    return input.isBehind || this.keptPlace(input.of) !== noPath ? (this.parameters[i] ?? noPath) : noPath;
  }

  /** The input that a reference with this in its set points behind; -1: none. */
  inputOf(one: number): number {
    if (one < this.firstLoan) return one >> 1;
    return isPointer(one) && placeOfPointer(one) !== noPath ? this.contents.indexOf(this.paths.rootOf(placeOfPointer(one))) : -1;
  }

  /** The borrow behind a loan's number; undefined for what a parameter brings. */
  borrowOf(loan: number): Loan | undefined {
    return loan < this.firstLoan ? undefined : this.loans[loan - this.firstLoan];
  }

  /** The graph of the blocks, once all are there. */
  get graph(): Graph { return (this.found ??= new Graph(this)); }

  edges(): { readonly from: readonly number[]; readonly to: readonly number[] } {
    return { from: this.edgeFrom, to: this.edgeTo };
  }

  private grow(): void {
    const size = this.op.length * 2;
    this.a = copied(this.a, size);
    this.b = copied(this.b, size);
    this.node = copied(this.node, size);
    const op = new Uint8Array(size);
    op.set(this.op);
    this.op = op;
    const flags = new Uint8Array(size);
    flags.set(this.flags);
    this.flags = flags;
  }
}

/** The graph of a flow's blocks: neighbours, and an order in which each block that is reached comes after some block before it. */
export class Graph {
  readonly order: Int32Array;
  readonly successors: Int32Array;
  readonly successorStart: Int32Array;
  readonly predecessors: Int32Array;
  readonly predecessorStart: Int32Array;

  constructor(flow: Flow) {
    const { from, to } = flow.edges();
    const blocks = flow.blockCount;
    [this.successors, this.successorStart] = adjacency(blocks, from, to);
    [this.predecessors, this.predecessorStart] = adjacency(blocks, to, from);
    const order: number[] = [];
    const seen = new Uint8Array(blocks);
    const stack: number[] = [0];
    const next = this.successorStart.slice();
    if (blocks > 0) seen[0] = 1;
    while (stack.length > 0 && blocks > 0) {
      const block = stack[stack.length - 1] as number;
      const at = next[block] as number;
      if (at === this.successorStart[block + 1]) {
        order.push(block);
        stack.pop();
        continue;
      }
      next[block] = at + 1;
      const to1 = this.successors[at] as number;
      if (seen[to1] === 0) {
        seen[to1] = 1;
        stack.push(to1);
      }
    }
    this.order = new Int32Array(order.reverse());
  }
}

function adjacency(blocks: number, from: readonly number[], to: readonly number[]): [Int32Array, Int32Array] {
  const start = new Int32Array(blocks + 2);
  for (const block of from) start[block + 2] = (start[block + 2] as number) + 1;
  for (let i = 1; i < blocks + 2; i++) start[i] = (start[i] as number) + (start[i - 1] as number);
  const items = new Int32Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const block = from[i] as number;
    const at = start[block + 1] as number;
    items[at] = to[i] as number;
    start[block + 1] = at + 1;
  }
  return [items, start];
}

function append(lists: Map<PathId, number[]>, root: PathId, number: number): void {
  const list = lists.get(root);
  if (list === undefined) lists.set(root, [number]);
  else list.push(number);
}
