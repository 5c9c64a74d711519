/** What a program declares, and what `check` finds out about each declaration. One object a declaration: they are few next to nodes. */

import type { Node, NameId } from "../syntax/ast.ts";
import type { FileId } from "../source/sourceMap.ts";
import type { TypeId } from "./types.ts";

export type DefinitionId = number & { readonly brand: "DefinitionId" };
export type LocalId = number & { readonly brand: "LocalId" };

interface Common {
  readonly id: DefinitionId;
  readonly name: NameId;
  /** The declaration's node; 0 for what the compiler itself brings. */
  readonly node: Node;
  readonly file: FileId;
  readonly public: boolean;
}

export interface FunctionDefinition extends Common {
  readonly kind: "function";
  /** Types in the order of parameters, the receiver first. Filled before any body is checked. */
  parameters: readonly TypeId[];
  /** Locals that hold the parameters; filled when the body is checked. */
  parameterLocals: readonly LocalId[];
  result: TypeId;
  variadic: boolean;
  /** `extern`: a C symbol without a body. `os`: no body, the os layer must define it (then `definedBy`). */
  readonly origin: "lang" | "extern" | "os" | "import";
  definedBy: FunctionDefinition | undefined;
  /** Name given by @export, or the C symbol's. */
  readonly linkName: string | undefined;
  readonly exported: boolean;
  /** The type whose `impl` it stands in, 0 for a free function. */
  readonly owner: TypeId;
  readonly receiver: "none" | "value" | "reference" | "mutableReference";
  /** All in scope, outermost first: those of the impl (of a trait: Self, then its own), then the function's. */
  readonly typeParameters: readonly DefinitionId[];
  /** How many of them the impl or trait brings. */
  readonly outerParameters: number;
  /** The impl that it stands in, 0 outside. */
  readonly implementation: DefinitionId | 0;
  /** The trait that declares it, 0 outside. */
  readonly trait: DefinitionId | 0;
  /** Declared in a trait, with a body. */
  readonly hasDefault: boolean;
  /** The body was checked without error: `irgen` may use it. */
  bodyChecked: boolean;
  /** How often bodies name it, as far as they are checked; a body with type parameters counts twice, as it may be made several times. */
  uses: number;
}

/** Its type is written with the type parameters of the struct or enum: whoever reads it substitutes (substitute.ts). */
export interface Field {
  readonly name: NameId;
  readonly type: TypeId;
  readonly node: Node;
}

/** The traits that the declaration asks to derive. */
export interface Derives {
  readonly copy: boolean;
  readonly eq: boolean;
  readonly ord: boolean;
  readonly show: boolean;
  readonly default: boolean;
  readonly hash: boolean;
  readonly clone: boolean;
}

export interface StructDefinition extends Common {
  readonly kind: "struct";
  type: TypeId;
  fields: readonly Field[];
  derives: Derives;
  readonly typeParameters: readonly DefinitionId[];
}

export interface EnumDefinition extends Common {
  readonly kind: "enum";
  type: TypeId;
  variants: readonly VariantDefinition[];
  /** Where each name stands in `variants`, made by `variantOf` where they are many. */
  variantIndex?: ReadonlyMap<NameId, VariantDefinition>;
  derives: Derives;
  readonly typeParameters: readonly DefinitionId[];
}

/** The fields of a struct, or of all variants of an enum. */
export function fieldsHeld(definition: StructDefinition | EnumDefinition): readonly Field[] {
  return definition.kind === "struct" ? definition.fields : definition.variants.flatMap((variant) => variant.fields);
}

/** `Some None Ok Err` are variants too; their `owner` is 0, and the type at hand tells which they are. */
export interface VariantDefinition extends Common {
  readonly kind: "variant";
  readonly owner: DefinitionId;
  /** The tag's value: its index in the enum. those of `Some None Ok Err` are OptionalTag and ResultTag. */
  readonly index: number;
  fields: readonly Field[];
  /** Fields have names: built by `Rect(w, h)` all the same. */
  readonly named: boolean;
}

/** A function as a constant holds it, with the type arguments of an instance. */
export interface ConstantFunction {
  readonly function: FunctionDefinition;
  readonly args: readonly TypeId[];
  /** As C calls it. */
  readonly isForeign: boolean;
}

/** A word of a constant that holds an address. */
export interface ConstantReference {
  readonly offset: number;
  readonly target: ConstantValue | ConstantFunction;
  readonly addend: number;
}

/** A value in memory as it was evaluated at compile time. */
export interface ConstantValue {
  /** Laid out as at run time, little-endian. */
  readonly bytes: Uint8Array;
  /** Words of `bytes` that hold an address: of other constant memory, or of a function. */
  readonly references: readonly ConstantReference[];
  /** For an unrelocated scalar integer, bool or char. */
  readonly integer: bigint | undefined;
}

export interface ConstDefinition extends Common {
  readonly kind: "const";
  type: TypeId;
  /** Undefined until evaluated, or if that failed. */
  value: ConstantValue | undefined;
}

export interface GlobalDefinition extends Common {
  readonly kind: "global";
  type: TypeId;
  /** Undefined: all zero, if there is no initialiser. */
  value: ConstantValue | undefined;
}

export interface AliasDefinition extends Common {
  readonly kind: "alias";
  type: TypeId;
  readonly typeParameters: readonly DefinitionId[];
}

/** A trait with its arguments, Self left out: a bound, a supertrait, what an impl implements. */
export interface TraitReference {
  readonly trait: DefinitionId;
  readonly args: readonly TypeId[];
}

export interface TypeParameterDefinition extends Common {
  readonly kind: "typeParameter";
  type: TypeId;
  /** Filled with the signature that it belongs to. */
  bounds: readonly TraitReference[];
}

export interface TraitDefinition extends Common {
  readonly kind: "trait";
  /** The first is Self, whose bound is the trait itself. */
  readonly typeParameters: readonly DefinitionId[];
  supertraits: readonly TraitReference[];
  methods: readonly FunctionDefinition[];
  /** The library's trait of this known name (Eq, Copy, …), which the language itself gives to built-in types; 0 for others. */
  readonly known: NameId | 0;
  /** By the head of their target (implementations.ts); 0 holds those of a bare type parameter. */
  readonly implementations: Map<number, ImplDefinition[]>;
}

/** Its name is the trait's, or 0. */
export interface ImplDefinition extends Common {
  readonly kind: "impl";
  readonly typeParameters: readonly DefinitionId[];
  trait: TraitReference | undefined;
  target: TypeId;
  methods: readonly FunctionDefinition[];
  readonly derived: boolean;
}

export interface ModuleDefinition extends Common {
  readonly kind: "module";
  readonly moduleFile: FileId;
}

/** Functions of the prelude whose types no declaration can say yet: print, min, assert_eq… */
export interface BuiltinDefinition extends Common {
  readonly kind: "builtin";
  readonly builtin: string;
}

/** A type's own name: i64, str. */
export interface ScalarTypeDefinition extends Common {
  readonly kind: "scalarType";
  readonly type: TypeId;
}

export type Definition =
  | FunctionDefinition | StructDefinition | EnumDefinition | VariantDefinition | ConstDefinition | GlobalDefinition
  | AliasDefinition | TypeParameterDefinition | TraitDefinition | ImplDefinition | ModuleDefinition | BuiltinDefinition | ScalarTypeDefinition;

/** Tags of the built-in enums. `None` and `Ok` are 0. */
export const OptionalTag = { None: 0, Some: 1 } as const;
export const ResultTag = { Ok: 0, Err: 1 } as const;

/** The type parameters of what is not generic. */
export const noParameters: readonly DefinitionId[] = [];
