/** Types of the random programs: how each is written, and which of the language's traits it has. */

export type Trait = "Copy" | "Clone" | "Eq" | "Ord" | "Hash" | "Show" | "Default";
export type IntName = "i64" | "i32" | "u8" | "u64" | "i16" | "usize";

export interface StructDecl {
  readonly kind: "struct";
  readonly name: string;
  readonly params: readonly string[];
  readonly fields: readonly Type[];
  readonly derives: readonly Trait[];
  /** Its `Drop` prints its first field, an i64; no field moves out of it. */
  readonly drops: boolean;
  /** `+` takes two of them. */
  adds: boolean;
  traits: TraitDecl[];
  methods: Method[];
}

export interface EnumDecl {
  readonly kind: "enum";
  readonly name: string;
  readonly params: readonly string[];
  /** Filled after the declaration is made: a part may be a box of the enum. */
  variants: readonly { readonly name: string; readonly parts: readonly Type[] }[];
  readonly derives: readonly Trait[];
  traits: TraitDecl[];
}

export interface TraitDecl {
  readonly name: string;
  /** `func NAME(&self, by i64) i64` that each implementation has, and one with a default body. */
  readonly required: string;
  readonly defaulted: string;
  /** `func NAME(&mut self, by i64)`. */
  readonly changing: string;
}

export interface Method {
  readonly name: string;
  readonly receiver: "self" | "&self" | "&mut self";
  readonly params: readonly Parameter[];
  readonly result: Type | undefined;
  readonly cost: number;
}

export type Mode = "value" | "ref" | "mut" | "slice" | "slice mut" | "dyn" | "func";

export interface Parameter {
  readonly mode: Mode;
  /** Of what is passed; what is behind the reference; the element of a slice. */
  readonly type: Type;
}

export type Type =
  | { readonly kind: "int"; readonly name: IntName; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "bool" | "char" | "str" | "string" | "float"; readonly name: string }
  | { readonly kind: "list" | "box" | "rc" | "weak" | "cell" | "optional" | "set" | "deque" | "heap"; readonly name: string; readonly item: Type }
  | { readonly kind: "map" | "result"; readonly name: string; readonly first: Type; readonly second: Type }
  | { readonly kind: "tuple"; readonly name: string; readonly parts: readonly Type[] }
  | { readonly kind: "array"; readonly name: string; readonly item: Type; readonly length: number }
  | { readonly kind: "struct"; readonly name: string; readonly decl: StructDecl; readonly args: readonly Type[] }
  | { readonly kind: "enum"; readonly name: string; readonly decl: EnumDecl; readonly args: readonly Type[] }
  | { readonly kind: "func"; readonly name: string; readonly params: readonly Type[]; readonly result: Type; readonly changes: boolean }
  | { readonly kind: "dyn"; readonly name: string; readonly trait: TraitDecl }
  | { readonly kind: "param"; readonly name: string; readonly bounds: readonly (Trait | TraitDecl)[] };

export type IntType = Extract<Type, { kind: "int" }>;
export type StructType = Extract<Type, { kind: "struct" }>;
export type EnumType = Extract<Type, { kind: "enum" }>;
export type FuncType = Extract<Type, { kind: "func" }>;

export const ints: readonly IntType[] = [["i64", 64], ["i32", 32], ["u8", 8], ["u64", 64], ["i16", 16], ["usize", 64]].map(([name, bits]) => ({ kind: "int", name: name as IntName, bits: bits as number, signed: `${name}`.startsWith("i") }));
export const i64 = ints[0] as IntType;
export const bool: Type = { kind: "bool", name: "bool" };
export const char: Type = { kind: "char", name: "char" };
export const str: Type = { kind: "str", name: "str" };
export const string: Type = { kind: "string", name: "String" };
export const float: Type = { kind: "float", name: "f64" };

const wrappers = { list: "List", box: "Box", rc: "Rc", weak: "Weak", cell: "Cell", set: "Set", deque: "Deque", heap: "Heap" } as const;

export function wrap(kind: keyof typeof wrappers | "optional", item: Type): Type {
  return { kind, item, name: kind === "optional" ? `?${item.kind === "func" ? `(${item.name})` : item.name}` : `${wrappers[kind]}[${item.name}]` };
}

export const map = (first: Type, second: Type): Type => ({ kind: "map", first, second, name: `Map[${first.name}, ${second.name}]` });
export const result = (first: Type, second: Type): Type => ({ kind: "result", first, second, name: `Result[${first.name}, ${second.name}]` });
export const tuple = (parts: readonly Type[]): Type => ({ kind: "tuple", parts, name: `(${parts.map((part) => part.name).join(", ")})` });
export const array = (item: Type, length: number): Type => ({ kind: "array", item, length, name: `[${length}]${item.name}` });
export const func = (params: readonly Type[], result: Type, changes: boolean): FuncType => ({ kind: "func", params, result, changes, name: `${changes ? "mut " : ""}func(${params.map(({ name }) => name).join(", ")}) ${result.name}` });

export function named(decl: StructDecl | EnumDecl, args: readonly Type[]): StructType | EnumType {
  const name = args.length === 0 ? decl.name : `${decl.name}[${args.map((arg) => arg.name).join(", ")}]`;
  return decl.kind === "struct" ? { kind: "struct", decl, args, name } : { kind: "enum", decl, args, name };
}

/** The type with its parameters replaced. */
export function substitute(type: Type, by: ReadonlyMap<string, Type>): Type {
  if (by.size === 0) return type;
  const of = (inner: Type): Type => substitute(inner, by);
  switch (type.kind) {
    case "param": return by.get(type.name) ?? type;
    case "list": case "box": case "rc": case "weak": case "cell": case "optional": case "set": case "deque": case "heap": return wrap(type.kind, of(type.item));
    case "map": return map(of(type.first), of(type.second));
    case "result": return result(of(type.first), of(type.second));
    case "tuple": return tuple(type.parts.map(of));
    case "array": return array(of(type.item), type.length);
    case "struct": case "enum": return named(type.decl, type.args.map(of));
    case "func": return func(type.params.map(of), of(type.result), type.changes);
    default: return type;
  }
}

function bindings(params: readonly string[], args: readonly Type[]): ReadonlyMap<string, Type> {
  return new Map(params.map((name, i) => [name, args[i] as Type]));
}

export const fieldsOf = (type: StructType): readonly Type[] => type.decl.fields.map((field) => substitute(field, bindings(type.decl.params, type.args)));
export const variantsOf = (type: EnumType): readonly { readonly name: string; readonly parts: readonly Type[] }[] =>
  type.decl.variants.map(({ name, parts }) => ({ name, parts: parts.map((part) => substitute(part, bindings(type.decl.params, type.args))) }));

/** Whether the type has the trait, as the library and the derives say. */
export function has(type: Type, trait: Trait): boolean {
  const every = (parts: readonly Type[]): boolean => parts.every((part) => has(part, trait));
  switch (type.kind) {
    case "int": case "bool": case "char": case "str": return true;
    case "float": return trait !== "Hash";
    case "string": return trait !== "Copy";
    case "list": return trait === "Default" || (trait !== "Copy" && has(type.item, trait));
    case "box": return trait !== "Copy" && has(type.item, trait);
    case "rc": return trait === "Clone" || (trait !== "Copy" && has(type.item, trait));
    case "weak": return trait === "Clone" || trait === "Show";
    case "cell": return (trait === "Clone" && has(type.item, "Copy")) || ((trait === "Show" || trait === "Default") && has(type.item, trait));
    case "optional": return trait === "Default" || has(type.item, trait);
    case "set": return trait === "Default" || ((trait === "Clone" || trait === "Eq" || trait === "Show") && has(type.item, trait));
    case "deque": return trait === "Default" || ((trait === "Clone" || trait === "Eq" || trait === "Show") && has(type.item, trait));
    case "heap": return trait === "Default" || ((trait === "Clone" || trait === "Show") && has(type.item, trait));
    case "map": return trait === "Default" || ((trait === "Clone" || trait === "Eq" || trait === "Show") && every([type.first, type.second]));
    case "result": return trait !== "Default" && every([type.first, type.second]);
    case "tuple": return every(type.parts);
    case "array": return has(type.item, trait);
    case "struct": case "enum": return type.decl.derives.includes(trait) && every(type.args);
    case "param": return type.bounds.includes(trait) || (trait === "Clone" && type.bounds.includes("Copy")) || (trait === "Eq" && type.bounds.includes("Ord"));
    case "func": case "dyn": return false;
  }
}

/** Whether a type parameter occurs in the type. */
export function hasParam(type: Type): boolean {
  switch (type.kind) {
    case "param": return true;
    case "list": case "box": case "rc": case "weak": case "cell": case "optional": case "set": case "deque": case "heap": case "array": return hasParam(type.item);
    case "map": case "result": return hasParam(type.first) || hasParam(type.second);
    case "tuple": return type.parts.some(hasParam);
    case "struct": case "enum": return type.args.some(hasParam);
    case "func": return hasParam(type.result) || type.params.some(hasParam);
    default: return false;
  }
}

/** Whether a function value or a trait object is somewhere in it: these count as holding what their makers were given. */
export function mayHold(type: Type, seen: ReadonlySet<unknown> = new Set()): boolean {
  const any = (parts: readonly Type[], inside = seen): boolean => parts.some((part) => mayHold(part, inside));
  switch (type.kind) {
    case "func": case "dyn": return true;
    case "list": case "box": case "rc": case "weak": case "cell": case "optional": case "set": case "deque": case "heap": case "array": return mayHold(type.item, seen);
    case "map": case "result": return any([type.first, type.second]);
    case "tuple": return any(type.parts);
    case "struct": return any(type.args) || any(type.decl.fields);
    case "enum": return !seen.has(type.decl) && (any(type.args) || any(type.decl.variants.flatMap(({ parts }) => parts), new Set([...seen, type.decl])));
    default: return false;
  }
}

export const isCopy = (type: Type): boolean => has(type, "Copy");

/** Whether the type implements the trait of the program. */
export function implementsTrait(type: Type, trait: TraitDecl): boolean {
  switch (type.kind) {
    case "int": return type.name === "i64";
    case "string": return true;
    case "struct": case "enum": return type.decl.traits.includes(trait);
    case "list": return implementsTrait(type.item, trait);
    case "param": return type.bounds.includes(trait);
    default: return false;
  }
}
