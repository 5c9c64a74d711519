/** Names, types and constants in LLVM's spelling (LangRef: "Identifiers", "Type System", "Constants"). */

import type { IrFunction, SignatureId, SymbolId, Value } from "../../ir/function.ts";
import type { Module, Signature } from "../../ir/module.ts";
import { Type, typeNames } from "../../ir/types.ts";

/** Pointers are `ptr`; for LLVM 14 module.ts replaces the word. */
const llvmTypes: readonly string[] = typeNames.map((name) =>
  ({ f32: "float", f64: "double", v128: "<2 x i64>", v256: "<4 x i64>" } as Readonly<Record<string, string>>)[name] ?? name);

/** LLVM's name of the type; pointers are opaque. */
export function typeText(type: Type): string {
  return llvmTypes[type] as string;
}

/** Quoted: names may hold anything. */
export function globalName(name: string): string {
  return `@"${escaped(new TextEncoder().encode(name))}"`;
}

/** What stands between the quotes of a name or of data: printable ASCII as it is, all else as `\XX`. */
export function escaped(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 ? String.fromCharCode(byte) : `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return text;
}

/** An address within a symbol; 0 is the symbol's own. */
export function addressText(module: Module, symbol: SymbolId, offset: number, typed: boolean): string {
  const plain = globalName(module.nameOf(symbol));
  // Data has an alias that points to bytes.
  const name = typed && module.symbols[symbol]?.kind === "function" ? `bitcast (${functionType(module.signatureOf(symbol), typed)}* ${plain} to ptr)` : plain;
  return offset === 0 ? name : `getelementptr (i8, ptr ${name}, i64 ${offset})`;
}

/** A constant of any type, exact: floats by their bits. */
export function constantText(f: IrFunction, v: Value): string {
  const type = f.typeOf(v);
  switch (type) {
    // By their bits: NaN's payloads and signs stay.
    case Type.f32: return `bitcast (i32 ${f.a[v]} to float)`;
    case Type.f64: return `bitcast (i64 ${f.bigOf(v)} to double)`;
    case Type.ptr: return f.bigOf(v) === 0n ? "null" : `inttoptr (i64 ${f.bigOf(v)} to ptr)`;
    case Type.v128: {
      const more = f.c[v] as number;
      const word = (low: number, high: number) => (BigInt(high) << 32n) | BigInt(low >>> 0);
      return `<i64 ${word(f.a[v] as number, f.b[v] as number)}, i64 ${word(f.pool[more + 1] as number, f.pool[more + 2] as number)}>`;
    }
    case Type.v256: throw new Error("codegen/llvm/text.constantText: a constant of 256 bits");
    default: return String(f.bigOf(v));
  }
}

/** Numbers of 128 bits were made pairs before (legalize.ts), in signatures too. */
export function flat(types: readonly Type[]): readonly Type[] {
  return types.flatMap((type) => (type === Type.i128 ? [Type.i64, Type.i64] : [type]));
}

/** What a function gives: nothing, a value, or several as a structure. */
export function resultText(signature: Signature): string {
  const results = flat(signature.results);
  const [first] = results;
  if (first === undefined) return "void";
  return results.length === 1 ? typeText(first) : `{ ${results.map(typeText).join(", ")} }`;
}

/** Words that a C function takes on the stack: LLVM gets them as one argument that is copied there. */
export function stackWords({ passing }: Signature): number {
  return passing === undefined ? 0 : passing.parameters.filter((place) => place < 0).length;
}

/** What LLVM is told of a parameter besides its type: the address for a large result is that of AAPCS64, in x8 (6.9), which no other parameter has. */
export function resultAddress({ passing }: Signature, index: number): string {
  return index === 0 && passing?.parameters[0] === 8 ? "sret(i8) " : "";
}

/** Whether a register stays empty in front of a parameter: AAPCS64 has 16 bytes that are aligned to 16 begin at an even one. LLVM gives registers in order, so it gets a word for that one. */
export function skipsRegister({ passing }: Signature, index: number): boolean {
  const place = passing?.parameters[index] ?? 0;
  // Other conventions' registers do not have such numbers.
  return passing !== undefined && place > 0 && place < 8 && place % 2 === 0 && passing.parameters[index + 1] === place + 1 && !passing.parameters.includes(place - 1);
}

/** The types of a function's parameters; a variadic function with places names all of them, so that each goes where it should. */
export function parameterTypes(signature: Signature, typed: boolean): string[] {
  const words = stackWords(signature);
  const whole = flat(signature.parameters);
  const types = whole.slice(0, whole.length - words).flatMap((type, i) => [...(skipsRegister(signature, i) ? ["i64"] : []), `${typeText(type)} ${resultAddress(signature, i)}`.trimEnd()]);
  if (words > 0) types.push(`${typed ? `[${words} x i64]*` : "ptr"} byval([${words} x i64]) align 8`);
  return signature.variadic ? [...types, "..."] : types;
}

/** The type of a function as an indirect call states it. `typed`: with typed pointers, as LLVM 14 has them. */
export function functionType(signature: Signature, typed: boolean): string {
  return `${resultText(signature)} (${parameterTypes(signature, typed).map((type) => type.replace(/ (byval|sret).*/, "")).join(", ")})`;
}

/** Our own convention is LLVM's fast one, on both sides of every call. */
export function conventionText(signature: Signature): string {
  return signature.convention === "lang" ? "fastcc " : "";
}

/** The signature of a number; throws if there is none. */
export function signatureAt(module: Module, id: SignatureId): Signature {
  const signature = module.signatures[id];
  if (signature === undefined) throw new Error(`codegen/llvm/text.signatureAt: no signature ${id}`);
  return signature;
}
