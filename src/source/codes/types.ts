import type { Explanation } from "./explanation.ts";

/** E03xx: values of a wrong type, and what types and declarations forbid. */
export const typeErrors = {
  E0301: { title: "mismatched types", explanation: `A value of one type stands where another is wanted. Integers widen by themselves within one signedness, and from unsigned to a wider signed; everything else is written: x as T.

    let n i32 = 5i64 as i32` },
  E0302: { title: "not callable", explanation: `Only functions, closures and variants with parts can be called.` },
  E0303: { title: "wrong number of arguments", explanation: `A call has as many arguments as the function has parameters; the second span shows the declaration.` },
  E0304: { title: "wrong number of type arguments", explanation: `A generic type, trait or function is given as many types as it has type parameters.

    let m Map[str, i64]` },
  E0305: { title: "operator does not apply", explanation: `The operator is not defined for operands of these types. Numbers of different kinds are converted with as; strings are joined with f-strings.

    1 + 2.0 as i64` },
  E0306: { title: "condition is not bool", explanation: `A condition is a bool; numbers and pointers are compared explicitly.

    if n != 0 { }` },
  E0307: { title: "type cannot be inferred", explanation: `Nothing says which type is meant, neither this statement nor a later use of the variable that it declares: write it.

    var best ?i64 = None` },
  E0308: { title: "literal does not fit", explanation: `The literal's value is outside the range of its type.

    let b u8 = 256       // a u8 goes up to 255` },
  E0309: { title: "missing result", explanation: `The function's end can be reached, and it declares a result: end the body with an expression (without ;) or return one.

    func f(n i64) i64 { if n > 0 { 1 } else { 0 } }` },
  E0310: { title: "assignment to something immutable", explanation: `let, parameters, patterns and constants do not change; var does. Elements and fields of an immutable value do not change either.

    var count = 0
    count += 1` },
  E0311: { title: "not a place", explanation: `Left of = stands a variable, a field, an element or *pointer.` },
  E0312: { title: "statement without effect", explanation: `The statement computes a value that nobody uses. Perhaps = or return is missing, or a line break split the expression.

    x + 1                // perhaps: x += 1` },
  E0313: { title: "nil for something that is no raw pointer", explanation: `nil is for *T only. What may be absent is a ?T, and its absence is None.

    let found ?i64 = None` },
  E0314: { title: "conversion not possible", explanation: `as converts between numbers, char, bool to integers, enums without parts to integers, and between pointers and usize.` },
  E0315: { title: "type contains itself", explanation: `A struct or enum that holds itself by value would be of infinite size. Hold it behind a pointer or a Box.

    struct Node { value i64, next *Node }` },
  E0316: { title: "fields missing", explanation: `A struct literal gives every field a value, or takes the rest from another with ..

    Point { x: 0.0, ..p }` },
  E0317: { title: "not a struct", explanation: `Only structs and variants with named parts are written as Name { field: value }.` },
  E0318: { title: "type has no fields", explanation: `Values of this type have no fields.` },
  E0319: { title: "cannot be indexed", explanation: `[ ] indexes arrays, slices, raw pointers and types that implement Index. A str is cut with s[a..b]; s.bytes() gives its bytes.` },
  E0320: { title: "index is not an integer", explanation: `An index is a value of an integer type.` },
  E0321: { title: "cannot be dereferenced", explanation: `* reads through *T, &T and boxes; this value is none of them.` },
  E0322: { title: "mutable borrow of something immutable", explanation: `&mut needs a place that may change: a var, or what is reached through &mut, []mut or a raw pointer.` },
  E0323: { title: "? on a value that cannot fail", explanation: `x? applies to a ?T or a Result.` },
  E0324: { title: "? in a function that cannot hand on", explanation: `x? returns None or Err from the function around it, whose result must be a ?T or a Result of a fitting error type.

    func parse(s str) Result[i64, str] { … }` },
  E0325: { title: "! on a value that cannot be absent", explanation: `x! applies to a ?T or a Result. To negate a bool write !x.` },
  E0326: { title: "?? on a value that cannot be absent", explanation: `a ?? b gives b where a is None or Err; a must be a ?T or a Result.` },
  E0327: { title: "cannot be iterated", explanation: `for goes over ranges, arrays, slices and types that implement Iterator.

    for i in 0..n { }` },
  E0328: { title: "branches of different types", explanation: `The branches of an if or match whose value is used have one type.

    let x = if c { 1 } else { 2 }` },
  E0329: { title: "break with a value", explanation: `Only loop has a value that break can give; while and for end by themselves without one.` },
  E0330: { title: "let else must leave", explanation: `The block of let … else does not reach its end: it returns, breaks, continues or panics.

    let Some(x) = find(k) else { return }` },
  E0331: { title: "main of a wrong type", explanation: `main is one of func main(), main() i64, main(args []str) i64, main() Result[T, E] with T void or i64.` },
  E0332: { title: "no main function", explanation: `A program starts in func main(), and the file declares none.

    func main() { println("hello") }` },
  E0333: { title: "variant with wrong parts", explanation: `A variant is built with the parts that it declares: Circle(2.0), Empty without parentheses.` },
  E0334: { title: "no value here", explanation: `An expression of type void has no value to store, pass or compare.` },
  E0335: { title: "array of another length", explanation: `The number of elements differs from the array type's length.

    let xs [3]i64 = [1, 2, 3]` },
  E0336: { title: "format does not fit the value", explanation: `x X b o are for integers, .N and e for floats; width and alignment for everything.` },
  E0337: { title: "value cannot be shown", explanation: `print and f-strings take values whose type is Show: numbers, bool, char, str, and types that derive or implement it.

    struct Point: Show { x f64, y f64 }` },
  E0338: { title: "method without its receiver", explanation: `A method that takes self is called on a value; one that does not is called on the type.

    Point.origin().len()` },
  E0339: { title: "method needs a mutable receiver", explanation: `The method takes &mut self, and the value is immutable: make it a var.` },
  E0340: { title: "type has no C equivalent", explanation: `Parameters and results of extern and @export functions are numbers, bool, char, raw pointers, structs of them and extern func.` },
  E0341: { title: "type not allowed for a global", explanation: `A var global is of a Copy type, or a Cell; what else changes belongs in a function, or behind a raw pointer.` },
  E0342: { title: "argument cannot be variadic", explanation: `Behind ... C passes integers, floats, pointers, and structs of what C has. On Windows for arm64 it has no place there for numbers of 128 bits: C compilers put them where they do not look for them.` },
  E0344: { title: "wrong arguments of an intrinsic", explanation: `The intrinsic takes other types or numbers of arguments; the message says which.` },
  E0345: { title: "type arguments on something not generic", explanation: `[ ] with types stands behind generic functions and types only.` },
  E0346: { title: "trait not implemented", explanation: `The type does not implement a trait that is required here: derive it behind the colon of its declaration, or write an impl.

    struct Point: Eq, Hash { x i64, y i64 }` },
  E0347: { title: "method of the trait missing", explanation: `An impl defines every method of its trait that has no body there.` },
  E0348: { title: "method not in the trait", explanation: `An impl for a trait defines that trait's methods only; others stand in an impl of the type alone.` },
  E0349: { title: "implemented twice", explanation: `A trait is implemented once for a type.` },
  E0350: { title: "impl far from its trait and type", explanation: `An impl stands in the module of its trait or of its type.` },
  E0351: { title: "cannot be derived", explanation: `Copy, Clone, Eq, Ord, Hash, Show and Default can be derived, where every field has them.` },
  E0352: { title: "trait cannot be dyn", explanation: `The methods of a dyn Trait have a receiver, no type parameters and no other Self; and dyn stands behind &, &mut, Box, Rc or Arc.` },
  E0353: { title: "method differs from the trait's", explanation: `A method of an impl has the parameters and the result that the trait declares.` },
  E0354: { title: "endlessly many instances", explanation: `A generic function is made anew for each list of type arguments. One that calls itself, perhaps through others, with ever greater types would never be finished.

    func f[T: Copy](n i64, x T) { f(n - 1, (x, x)) }` },
  E0355: { title: "cannot be sliced", explanation: `x[a..b] cuts arrays, slices, str and raw pointers.` },
  E0356: { title: "jump out of defer", explanation: `A deferred expression runs while its block is left; it cannot return, break out or use ?.` },
  E0357: { title: "recursive alias", explanation: `A type alias names, perhaps through others, itself.` },
  E0358: { title: "attribute not possible here", explanation: `@export and @import are for functions without type parameters whose types C knows.` },
  E0359: { title: "negation of an unsigned number", explanation: `- needs a signed integer or a float. Convert with as, or write 0 -% x if wrapping is meant.` },
  E0360: { title: "tuple has no such part", explanation: `The parts of a tuple are numbered from 0.

    let pair = (1, 2)
    pair.1` },
  E0362: { title: "missing else", explanation: `An if whose value is used has an else.

    let x = if c { 1 } else { 2 }` },
  E0363: { title: "type without size", explanation: `void, never and dyn Trait are no types of variables, fields or elements.` },
  E0364: { title: "struct literal base of another type", explanation: `Behind .. stands a value of the same struct.` },
  E0365: { title: "returned value in a function without result", explanation: `The function declares no result; write it behind the parameters.

    func five() i64 { return 5 }` },
  E0367: { title: "range has no value here", explanation: `A range with open ends stands only within [ ] and patterns.` },
  E0368: { title: "trait builds on itself", explanation: `What stands behind the colon of a trait are traits that its types have, too. If these, perhaps through others, built on the trait itself, the traits of the circle would be one.` },
  E0380: { title: "closure changes what it captures", explanation: `A func may be called from anywhere it is seen, and as often as one likes, so it cannot change what it captured. A closure that does is a mut func.

    func each(xs []i64, f mut func(i64)) { for x in xs { f(*x) } }
    var total = 0
    each(xs, |x| total += x)` },
  E0381: { title: "closure with captures as a C function", explanation: `A C function pointer is code alone. A closure that captures needs its environment, which C does not pass.` },
  E0382: { title: "call of a mut func through an immutable place", explanation: `A mut func changes what it captured when it is called, so what holds it must be mutable: a var, a parameter, something behind &mut.

    var next = || { count += 1; count }
    next()` },
  E0383: { title: "spawn of a function value", explanation: `spawn takes a closure as it is written, which then owns what it captures, or a named function: so it is seen what goes to the new thread.

    let t = spawn(|| work(n))` },
  E0399: { title: "not yet possible", explanation: `The reference allows this; this version of the compiler does not build it yet.` },
} as const satisfies Record<`E03${string}`, Explanation>;
