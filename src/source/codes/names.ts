import type { Explanation } from "./explanation.ts";

/** E02xx: names that are not there, or there twice. */
export const nameErrors = {
  E0201: { title: "unknown name", explanation: `No variable, function, constant or variant of this name can be seen here. Names are private to their module unless marked pub.

    let total = 1
    println(totl)        // did you mean total?` },
  E0202: { title: "unknown type", explanation: `No type of this name can be seen here. The built-in ones are i8 to i128, u8 to u128, isize, usize, f32, f64, bool, char, str, void, never.` },
  E0203: { title: "declared twice", explanation: `A name is declared once in a scope; an inner scope may shadow it. The second span shows the first declaration.

    func f() { }
    func f() { }` },
  E0204: { title: "unknown field", explanation: `The type has no field of this name.

    struct Point { x f64, y f64 }
    p.z` },
  E0205: { title: "unknown method", explanation: `The type has no method of this name, nor has a trait that it implements.` },
  E0206: { title: "unknown variant", explanation: `The enum has no variant of this name.

    enum Shape { Circle(f64), Empty }
    Shape.Square` },
  E0207: { title: "ambiguous name", explanation: `More than one declaration could be meant: say which, as in Shape.Empty or json.parse.` },
  E0208: { title: "private name", explanation: `The declaration, field or method is private to its module; pub makes it visible to others.` },
  E0209: { title: "unknown label", explanation: `No loop around this break or continue has this label.

    outer: for x in xs { continue outer }` },
  E0210: { title: "unknown name in a module", explanation: `The module declares no such name.

    import "std/json"
    json.prase(text)     // did you mean parse?` },
  E0211: { title: "unknown intrinsic", explanation: `There is no intrinsic of this name. They are listed in section 12 of the reference.` },
  E0212: { title: "field twice", explanation: `A field is declared once in its struct, and given once in a literal or a pattern.` },
  E0213: { title: "parameter twice", explanation: `Two parameters have the same name.

    func f(a i64, a i64) { }` },
  E0214: { title: "variant twice", explanation: `Two variants of an enum have the same name.` },
  E0215: { title: "type parameter twice", explanation: `Two type parameters have the same name.` },
  E0216: { title: "unknown trait", explanation: `No trait of this name can be seen here.` },
  E0217: { title: "not a value", explanation: `The name means a type, a trait or a module, and a value is needed here.

    let x = i64          // write: let x i64 = 0` },
  E0218: { title: "not a type", explanation: `The name means a value, a function or a module, and a type is needed here.` },
  E0219: { title: "break or continue outside a loop", explanation: `break and continue stand within loop, while or for; a closure's or defer's body does not belong to the loop around it.` },
  E0220: { title: "self outside a method", explanation: `self is the receiver of a method: a function of an impl or trait whose first parameter is self, &self or &mut self.` },
  E0221: { title: "not a trait", explanation: `A trait is needed here, and the name means something else.` },
  E0222: { title: "method twice", explanation: `Two methods of a type have the same name.` },
  E0223: { title: "variant without known type", explanation: `.Variant is short for Type.Variant where the type is known from the surroundings; here it is not.

    let s = Shape.Empty` },
  E0225: { title: "Self outside an impl or trait", explanation: `Self is the type that an impl is for; elsewhere it has no meaning.` },
  E0226: { title: "type parameter that nothing determines", explanation: `The head of an impl names each of its type parameters: in the type, in the trait's arguments, or in a bound of one that is named there. One that only a method uses belongs to the method.

    impl S { func f[T](&self, x T) { } }      // not: impl[T] S` },
} as const satisfies Record<`E02${string}`, Explanation>;
