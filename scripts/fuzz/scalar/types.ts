/** Types and variables of random programs over numbers and plain data. */

export type IntegerName = "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize";

export type Type =
  | { readonly kind: "integer"; readonly name: IntegerName; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "float"; readonly name: "f32" | "f64" }
  | { readonly kind: "bool"; readonly name: "bool" }
  | { readonly kind: "array"; readonly name: string; readonly element: Type; readonly length: number }
  | { readonly kind: "struct"; readonly name: string; readonly fields: readonly Type[] }
  | { readonly kind: "enum"; readonly name: string; readonly variants: readonly (readonly Type[])[] }
  | { readonly kind: "tuple"; readonly name: string; readonly parts: readonly Type[] }
  | { readonly kind: "optional"; readonly name: string; readonly inner: Type };

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

export interface Callee {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly cost: number;
}

export type IntegerType = Extract<Type, { kind: "integer" }>;

export const integers: readonly IntegerType[] = (["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"] as const)
  .map((name) => ({ kind: "integer", name, bits: name.endsWith("size") ? 64 : Number(name.slice(1)), signed: name.startsWith("i") }));
export const i64 = integers[3] as IntegerType;
export const bool: Type = { kind: "bool", name: "bool" };
export const floats: readonly Type[] = [{ kind: "float", name: "f64" }, { kind: "float", name: "f32" }];
