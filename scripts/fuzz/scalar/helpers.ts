/** Functions that every random program over numbers has, for the integer types that it chose: what slices, references, closures and traits need to be called with. */

import type { IntegerType, Type } from "./types.ts";

export function helpers({ name }: IntegerType): string {
  return `func sum_${name}(xs []${name}) ${name} {
    var sum ${name} = 0
    for x in xs { sum = sum *% 3 +% *x }
    sum
}
func change_${name}(xs []mut ${name}, by ${name}) {
    for i in 0..xs.len { xs[i] = (xs[i] ^ by) +% 3 }
}
func bump_${name}(place &mut ${name}, by ${name}) ${name} {
    let old = *place
    *place = *place *% 5 +% by
    old
}
func twice_${name}(f func(${name}) ${name}, x ${name}) ${name} { f(f(x)) }
func each_${name}(xs []${name}, f mut func(${name})) { for x in xs { f(*x) } }
func choose_${name}(which i64, by ${name}) func(${name}) ${name} {
    match which & 3 {
        0 => |x| x +% by
        1 => |x| x ^ 85
        2 => |x| (x >> 1) *% by
        _ => |x| ~x
    }
}
func dig_${name}(n i64, a ${name}) ${name} { if n <= 0 { a } else { dig_${name}(n - 1, a *% 3 +% 1) ^ a } }
func even_${name}(x ${name}) ?${name} { if x & 1 == 0 { Some(x) } else { None } }
func three_${name}(a ${name}, b ${name}, c ${name}) ?${name} { Some(even_${name}(a)? +% even_${name}(b)? *% even_${name}(c)?) }`;
}

export const numberTrait = `trait Number {
    func number(&self) i64
    func doubled(&self) i64 { self.number() *% 2 }
}
func number_of[T: Number](x &T) i64 { x.number() +% x.doubled() }
func number_behind(x &dyn Number) i64 { x.doubled() -% x.number() *% 3 }`;

/** The trait for a struct or an enum of the program. */
export function implementation(type: Type): string {
  const parts = (of: readonly Type[], name: (i: number) => string): string => {
    const found = of.flatMap((part, i) => (part.kind === "integer" || part.kind === "float" || part.kind === "bool" ? [`(${name(i)} as i64)`] : []));
    return found.length === 0 ? "7" : found.join(" *% 31 +% ");
  };
  if (type.kind === "struct") return `impl Number for ${type.name} { func number(&self) i64 { ${parts(type.fields, (i) => `self.f${i}`)} } }`;
  if (type.kind !== "enum") throw new Error("fuzz/helpers.implementation: neither struct nor enum");
  const arms = type.variants.map((of, v) => {
    const names = of.map((_, i) => `x${i}`);
    return `        V${type.name.slice(1)}${v}${of.length === 0 ? "" : `(${names.join(", ")})`} => ${v} +% ${parts(of, (i) => `*x${i}`)}`;
  });
  return `impl Number for ${type.name} {\n    func number(&self) i64 { match self {\n${arms.join("\n")}\n    } }\n}`;
}
