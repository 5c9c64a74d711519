/** The kernel's types. Integers have no sign; operations do. `void` is the type of an instruction without a result. */

export type Type = number & { readonly brand: "Type" };

/** name, size in bytes, class of register that holds it. Alignment equals size. */
const rows = [
  ["void", 0, "none"],
  ["i8", 1, "integer"],
  ["i16", 2, "integer"],
  ["i32", 4, "integer"],
  ["i64", 8, "integer"],
  ["i128", 16, "wide"],
  ["f32", 4, "float"],
  ["f64", 8, "float"],
  ["ptr", 8, "integer"],
  ["v128", 16, "float"],
  ["v256", 32, "float"],
] as const;

export type TypeName = (typeof rows)[number][0];

export const Type = Object.fromEntries(rows.map(([name], index) => [name, index])) as { readonly [K in TypeName]: Type };
export const typeNames: readonly TypeName[] = rows.map(([name]) => name);
/** Size in bytes by type number. */
export const typeSize = new Uint8Array(rows.map(([, size]) => size));

/** i8 to i128 and ptr. */
export function isInteger(type: Type): boolean {
  return (type >= Type.i8 && type <= Type.i128) || type === Type.ptr;
}

/** f32 or f64; vectors are none. */
export function isFloat(type: Type): boolean {
  return type === Type.f32 || type === Type.f64;
}

/** A vector of 128 or 256 bits. */
export function isVector(type: Type): boolean {
  return type >= Type.v128;
}
