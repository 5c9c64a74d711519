/**
 * The state of IR generation: the module being made, the function at hand, and the queue of functions that are still to come. Only what
 * `main` reaches is made. The other files of this folder are functions over this state, by topic.
 *
 * Values of the language travel as `Shape` says. A function that yields a Pair returns its first half and leaves the second in
 * `second`; one that yields a place returns a pointer and leaves a constant byte offset in `offset`. Read them at once.
 */

import type { CheckedProgram } from "../check/checkedProgram.ts";
import type { LocalId } from "../check/definitions.ts";
import { Layouts } from "../check/layout.ts";
import { fieldTypeIn, Substitution } from "../check/substitute.ts";
import { isScalar, type TypeId, type TypeTable } from "../check/types.ts";
import { Builder } from "../ir/builder.ts";
import { MOST_SLOTS } from "../ir/functionColumns.ts";
import { ValueFlag, type Block, type IrFunction, type SignatureId, type SymbolId, type Value } from "../ir/function.ts";
import { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { Interner } from "../source/interner.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import type { Ast, Node } from "../syntax/ast.ts";
import { isBorrow } from "./borrowFacts.ts";
import { CallEdges } from "./callEdges.ts";
import { DataPool } from "./data.ts";
import { DebugVariables } from "./debugVariables.ts";
import { Frame } from "./frame.ts";
import { FunctionSymbols } from "./functionSymbols.ts";
import { Locals } from "./locals.ts";
import type { GeneratorOptions } from "./options.ts";
import type { Owned } from "./owned.ts";
import { Shape, Shapes } from "./shape.ts";
import { Signatures } from "./signatures.ts";
import { SymbolNames } from "./symbolNames.ts";
import { trapRows } from "./traps.ts";
import { ProgramView } from "./view.ts";

/** Bytes of stack slots beyond which functions may exhaust the stack, be it one or all of them in a row; small frames do not count. */
const largeFrame = 256 * 1024;
const countedFrame = 4096;

/** Copies and fills of up to this many bytes are written out by every code generator; longer ones may become calls of std/memory.lang. */
const longestCopy = 32;

const none: readonly Value[] = [];

export class Generator {
  readonly program: ProgramView;
  readonly ast: Ast;
  readonly types: TypeTable;
  readonly names: Interner;
  readonly sources: SourceMap;
  readonly layouts: Layouts;
  readonly shapes: Shapes;
  readonly signatures: Signatures;
  readonly module = new Module();
  readonly b: Builder;
  /** Where the locals of the function at hand live. */
  readonly locals: Locals;
  readonly data: DataPool;
  readonly symbolNames: SymbolNames;
  readonly functions: FunctionSymbols;
  readonly options: GeneratorOptions;
  /** Where variables live, for debuggers that ask. */
  readonly debug: DebugVariables | undefined;

  /** Whether values of a type stay as they are while they are borrowed (borrowFacts.ts). */
  readonly stillTypes = new Map<TypeId, boolean>();

  /** Second half of the Pair just yielded. */
  second = 0 as Value;
  /** Offset in bytes of the place just yielded. */
  offset = 0;
  /** The table of methods that belongs to the place just yielded, if that is of an unsized type. */
  metadata = 0 as Value;
  /** Control gets to the end of the current block. Where not, nothing is emitted. */
  reachable = true;

  /** Of the body at hand, and of those around it by `depth`. */
  frame = new Frame(this);
  private readonly frames = [this.frame];
  /** How many bodies are around the one at hand, each written where it is called. */
  depth = 0;
  /** Locals whose values are dropped. */
  readonly owned = new Map<LocalId, Owned>();
  /** By expression: the temporary that its value was put into last. */
  readonly temporaries = new Map<Node, Owned>();
  /** By type: 1 no, 2 yes. */
  private drops = new Uint8Array(256);

  /** Who calls whom: recursion may exhaust the stack. */
  readonly calls = new CallEdges();
  private readonly queue: { readonly make: () => void; readonly substitution: Substitution | undefined }[] = [];
  private recycled: IrFunction | undefined = undefined;
  /** Something is printed into a String: std's streams must know buffers. */
  usesBuffers = false;
  /** `lang_buffer_put`, once something calls it. */
  bufferSymbol: SymbolId | undefined = undefined;
  /** A call through a function value was made. */
  callsIndirectly = false;
  private framesTogether = 0;
  /** Functions already made or queued for types (equality, show): by `purpose type`. */
  readonly helpers = new Map<string, SymbolId>();
  /** What the program asks of this version that it does not build; `what` as in "… not supported yet". */
  readonly unsupported: { readonly node: Node; readonly what: string }[] = [];
  /** A long copy, move or fill was made: the code generator may call the functions that do these. */
  usesMemory = false;
  /** Right sides of pipes that stand within `?` or `!`: what comes before their arguments. */
  readonly piped = new Map<Node, Node>();

  constructor(program: CheckedProgram, names: Interner, sources: SourceMap, options: GeneratorOptions) {
    this.program = new ProgramView(program);
    this.ast = program.ast;
    this.types = program.types;
    this.names = names;
    this.sources = sources;
    this.symbolNames = new SymbolNames(this.program, this.module, names, sources);
    this.options = options;
    this.layouts = new Layouts(program.types, program.definitions, (definition) => program.queries?.ensureStructure(definition));
    this.shapes = new Shapes(program.types, program.definitions, this.layouts);
    this.signatures = new Signatures(this.module, this.shapes);
    this.b = new Builder(this.module, { variablesInMemory: options.variablesInMemory });
    this.functions = new FunctionSymbols(this);
    this.data = new DataPool(this);
    this.debug = options.debugVariables === true ? new DebugVariables(this) : undefined;
    this.locals = new Locals(this, program.localCount);
    // Handlers are made when the first check refers to them, but a trap's number is fixed: see `useTrap`.
    for (const [name] of trapRows) this.module.trap(name);
  }

  /** `lang_main`, once something calls it. */
  mainSymbol: SymbolId | undefined = undefined;

  // ── the queue ──

  /** Runs everything queued, until nothing more is reached. */
  drain(): void {
    for (let next = this.queue.pop(); next !== undefined; next = this.queue.pop()) {
      this.program.substitution = next.substitution;
      next.make();
    }
    this.program.substitution = undefined;
  }

  /** Makes something later, as the function at hand sees types. */
  enqueue(make: () => void): void {
    this.enqueueAs(this.program.substitution, make);
  }

  /** Makes something later, with these type arguments. */
  enqueueAs(substitution: Substitution | undefined, make: () => void): void {
    this.queue.push({ make, substitution });
  }

  /** A function of std that the compiler itself calls. */
  runtime(name: string): SymbolId {
    const definition = this.program.preludeFunction(name);
    if (definition === undefined) throw new Error(`irgen/generator.runtime: std has no function '${name}'`);
    return this.functions.of(definition);
  }

  /** The trap's number, with its handler made. */
  useTrap(code: number): number {
    const trap = this.module.traps[code];
    const row = trapRows[code];
    if (trap === undefined || row === undefined) throw new Error(`irgen/generator.useTrap: no trap ${code}`);
    if (trap.handler === undefined) this.module.traps[code] = { name: trap.name, handler: this.runtime(row[1]) };
    return code;
  }

  noteCall(callee: SymbolId): void {
    this.calls.add(this.b.f.symbol, callee);
  }

  /** True if what was made so far may exhaust the stack; other programs need no handler for that. */
  mayExhaustStack(): boolean {
    return this.callsIndirectly || this.framesTogether > largeFrame || this.calls.hasCycle(this.module.symbols.length);
  }

  // ── signatures ──

  /** A function type's code pointer takes the environment last. */
  valueSignature(type: TypeId): SignatureId {
    if (this.types.isExternal(type)) return this.signatures.c(this.types.items(type), this.types.inner(type), this.types.isVariadic(type));
    return this.signatures.lang(this.types.items(type), this.types.inner(type), [Type.ptr]);
  }

  // ── fields ──

  /** The type of a field of the struct, or of a variant of the enum, that `owner` is; `declared`: as the declaration has it. */
  fieldType(owner: TypeId, declared: TypeId): TypeId {
    return fieldTypeIn(this.types, this.program.definitions, owner, declared);
  }

  /** Something is to be done when a value of the type ends. */
  needsDrop(type: TypeId): boolean {
    if (isScalar(type)) return false;
    if (type >= this.drops.length) {
      const larger = new Uint8Array(Math.max(type + 1, this.drops.length * 2));
      larger.set(this.drops);
      this.drops = larger;
    }
    if (this.drops[type] === 0) this.drops[type] = this.program.needsDrop(type) ? 2 : 1;
    return this.drops[type] === 2;
  }

  // ── a function's frame ──

  /** Starts the body of a declared function, whose text has so many bytes; at 0 what the compiler itself makes. */
  begin(symbol: SymbolId, length = 0, position = 0): void {
    this.b.position = position;
    this.b.start(symbol, this.options.reuse === true ? this.recycled : undefined, 1 << Math.min(12, Math.max(6, 32 - Math.clz32(length >> 2))));
    this.reachable = true;
    this.frame.begin();
    this.owned.clear();
    this.temporaries.clear();
    this.debug?.begin();
    this.locals.reserve(this.program.localCount);
  }

  /** Ends it: blocks that control cannot get to go, the function is stored and handed on. False if no frame is large enough for it. */
  end(): boolean {
    const { b } = this;
    this.frame.end();
    b.dropUnreached();
    const f = b.finish();
    const frame = f.slotBytes();
    if (frame >= countedFrame) this.framesTogether += frame;
    const { onFunction, reuse, made } = this.options;
    made?.takeDown(this, f.symbol, frame > largeFrame);
    if (onFunction !== undefined && frame <= MOST_SLOTS) onFunction(f);
    if (reuse === true) {
      this.recycled = f;
      this.module.functions.delete(f.symbol);
    }
    return frame <= MOST_SLOTS;
  }

  /** The body of another function is written here, which gets `inputs`, until `leaveBody`. */
  enterBody(inputs: readonly Value[]): void {
    this.depth++;
    this.frame = this.frames[this.depth] ??= new Frame(this);
    this.frame.begin(inputs);
    this.locals.reserve(this.program.localCount);
  }

  leaveBody(): void {
    this.depth--;
    this.frame = this.frames[this.depth] as Frame;
  }

  /** Piece `index` of what the body at hand is called with. */
  input(index: number): Value {
    const { inputs } = this.frame;
    return inputs === undefined ? this.b.f.param(this.b.f.order[0] as Block, index) : (inputs[index] as Value);
  }

  // ── control ──

  /** Continues in `block`; whether control gets there is known by now for all but loop heads, which are entered before this. */
  startBlock(block: Block): void {
    this.b.switchTo(block);
    this.reachable = this.b.hasIncoming(block);
  }

  jump(target: Block, args?: ArrayLike<number>): void {
    if (this.reachable) this.b.jump(target, args);
    this.reachable = false;
  }

  branch(condition: Value, yes: Block, no: Block): void {
    if (this.reachable) this.b.branch(condition, yes, no);
    this.reachable = false;
  }

  /** The body at hand ends here, with its results. */
  return(results: readonly Value[] = none): void {
    const { b, frame } = this;
    if (frame.inputs === undefined) b.return(results);
    else frame.returns.push({ block: b.current, position: b.position, results });
  }

  /** After a call that never returns. */
  unreachable(): void {
    if (this.reachable) this.b.unreachable();
    this.reachable = false;
  }

  trapIf(condition: Value, code: number, operands?: readonly Value[]): void {
    if (this.reachable) this.b.trapIf(condition, this.useTrap(code), operands);
  }

  // ── memory ──

  /** Address of a new stack slot for a value of the type. */
  temporary(type: TypeId): Value {
    const { f } = this.b;
    return f.slotAddress(f.slot(this.layouts.size(type), this.layouts.alignment(type)));
  }

  addressAt(pointer: Value, offset: number): Value {
    if (offset === 0) return pointer;
    const { f } = this.b;
    return this.b.typed(Op["ptr.add"], Type.ptr, pointer, f.int(Type.i64, offset));
  }

  /** Reads a value; of a Memory type the address itself is its value. */
  loadValue(type: TypeId, pointer: Value, offset: number): Value {
    switch (this.shapes.of(type)) {
      case Shape.Void:
        return 0 as Value;
      case Shape.Scalar:
        return this.borrowed(type, this.b.load(this.shapes.scalar(type), pointer, offset));
      case Shape.Pair: {
        const first = this.borrowed(type, this.b.load(Type.ptr, pointer, offset));
        this.second = this.b.load(this.shapes.second(type), pointer, offset + 8);
        return first;
      }
      default:
        return this.addressAt(pointer, offset);
    }
  }

  /** Notes of a pointer that was loaded that it is never nil if it is a borrow. */
  private borrowed(type: TypeId, loaded: Value): Value {
    const { f } = this.b;
    if (f.op[loaded] === Op.load && isBorrow(this, type)) f.flags[loaded] = (f.flags[loaded] as number) | ValueFlag.nonnull;
    return loaded;
  }

  storeValue(type: TypeId, value: Value, second: Value, pointer: Value, offset: number): void {
    if (!this.reachable) return;
    switch (this.shapes.of(type)) {
      case Shape.Void:
        return;
      case Shape.Scalar:
        this.b.store(value, pointer, offset);
        return;
      case Shape.Pair:
        this.b.store(value, pointer, offset);
        this.b.store(second, pointer, offset + 8);
        return;
      default: {
        const size = this.layouts.size(type);
        if (size === 0) return;
        this.copyMemory(this.addressAt(pointer, offset), value, size);
      }
    }
  }

  copyMemory(to: Value, from: Value, size: number): void {
    if (to === from) return;
    if (size > longestCopy) this.usesMemory = true;
    this.b.typed(Op.copy, Type.void, to, from, this.b.f.int(Type.i64, size));
  }

  /** What stands for a value where control does not get to. */
  nothing(type: TypeId): Value {
    const { f } = this.b;
    switch (this.shapes.of(type)) {
      case Shape.Void:
        return 0 as Value;
      case Shape.Scalar: {
        const scalar = this.shapes.scalar(type);
        return scalar === Type.f32 || scalar === Type.f64 ? f.constant(scalar, 0, 0) : f.int(scalar, 0);
      }
      case Shape.Pair: {
        const second = this.shapes.second(type);
        this.second = f.int(second, 0);
        return f.int(Type.ptr, 0);
      }
      default:
        return this.temporary(type);
    }
  }
}
