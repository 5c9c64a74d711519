import type { Explanation } from "./explanation.ts";

/** E01xx: what the lexer and the parser refuse. */
export const syntaxErrors = {
  E0101: { title: "stray character", explanation: `This character has no meaning outside strings and comments. Names are made of letters, digits and \`_\`.

    let price = 5$       // write: let price = 5` },
  E0102: { title: "ill-formed UTF-8", explanation: `Source text is UTF-8; here stand bytes that are not. The file was probably saved in another encoding, or is not text.` },
  E0103: { title: "control character", explanation: `A NUL byte or another control character stands in the source. In a string, write it as an escape.

    let end = "\\0"` },
  E0104: { title: "comment without end", explanation: `A \`/*\` is not closed by \`*/\`. Comments nest: every \`/*\` inside needs its own end.

    /* outer /* inner */ still outer */` },
  E0105: { title: "string without end", explanation: `A string literal ends at its closing quote, on the same line; only \`"""\` strings go over several lines.

    let text = """
    two
    lines"""` },
  E0106: { title: "character literal without end", explanation: `A character literal holds one character between single quotes. Text stands in double quotes.

    let letter = 'a'` },
  E0107: { title: "unknown escape", explanation: `The escapes are \\n \\r \\t \\0 \\\\ \\" \\' \\xHH and \\u{H…}. In a raw string, r"…", a backslash is a backslash.

    let path = r"C:\\new"` },
  E0108: { title: "malformed \\x or \\u escape", explanation: `\\x takes two hexadecimal digits, up to 7f in a string or char and up to ff in a byte. \\u{…} takes one to six and names a Unicode scalar value: at most 10ffff, no surrogate (d800 to dfff).

    "\\x41 \\u{1F600}"` },
  E0109: { title: "character literal with not one character", explanation: `A character literal holds exactly one character (one code point). Text stands in double quotes.

    let c = 'a'
    let s = "ab"` },
  E0110: { title: "malformed number", explanation: `After 0x, 0o or 0b stands at least one digit of that base, and no digit of another. An exponent has digits.

    0xff  0o17  0b1010  1e9` },
  E0111: { title: "unknown suffix of a number", explanation: `A number may end in the name of its type: i8 to i128, u8 to u128, isize, usize, f32, f64. Hexadecimal, octal and binary numbers take integer types only.

    42u8  2.5f32  0xffi64` },
  E0112: { title: "integer too large for any type", explanation: `The largest integer type is u128; this literal is above its maximum.

    340282366920938463463374607431768211455u128` },
  E0113: { title: "byte literal outside ASCII", explanation: `b'…' is one byte (a u8): an ASCII character or an escape such as b'\\xff'.

    let slash = b'/'` },
  E0114: { title: "brace in an f-string without partner", explanation: `In an f-string { opens an expression and } closes it. For the braces themselves write {{ and }}.

    f"{{{count}}}"       // prints {3}` },
  E0115: { title: "f-string piece without expression", explanation: `Between { and } (or the : of a format) stands an expression.

    f"x = {x}"` },
  E0116: { title: "malformed format specification", explanation: `A format is [fill][align][sign][#][0][width][.precision][kind], with align one of < ^ >, kind one of x X b o e.

    f"{price:.2} {n:08x} {name:>10}"` },
  E0117: { title: "text-direction character", explanation: `This invisible character changes the direction in which text is shown, so the program would not read as it runs. In a string, write it as \\u{…}.` },
  E0120: { title: "unexpected token", explanation: `The parser expected something else here; the message says what.

    func f(a i64, b i64) i64 { a + b }` },
  E0121: { title: "expected an expression", explanation: `Here a value is needed: a literal, a name, a call, an operator with its operands.

    let x = 1 +          // an operand is missing` },
  E0122: { title: "expected a type", explanation: `Here the name of a type is needed, or one of *T &T [N]T []T ?T (A, B) func(A) R.

    var count i64 = 0` },
  E0123: { title: "expected a pattern", explanation: `Patterns are literals, ranges, names, _, tuples, structs, variants, slices and alternatives of them.

    match n { 0 => a, 1 | 2 => b, _ => c }` },
  E0124: { title: "expected a declaration", explanation: `Outside functions stand declarations only: include, import, const, var, type, func, struct, enum, trait, impl, test. Statements belong in a function.

    func main() { println("hello") }` },
  E0125: { title: "bracket without end", explanation: `A ( [ or { is not closed before the end of the file, or before a bracket of another kind closes. The second span shows where it was opened.` },
  E0126: { title: "closing bracket without opening one", explanation: `A ) ] or } closes nothing. Perhaps there is one too many, or the opening one is in a comment or a string.` },
  E0127: { title: "nested too deep", explanation: `Brackets, blocks, types, patterns and prefix operators may nest up to 256 levels; up to 2000 calls, fields, casts and pipes may follow one another. Name a part of the expression with let, or move it to a function.` },
  E0128: { title: "chained comparison", explanation: `Comparisons do not chain: a < b < c has no meaning here.

    if a < b && b < c { }` },
  E0129: { title: "chained range", explanation: `A range has at most two ends: a..b..c has no meaning.` },
  E0130: { title: "statement does not end", explanation: `A statement ends at a newline or at ;, and here something follows on the same line.

    let a = 1; let b = 2` },
  E0131: { title: "struct literal in a head", explanation: `In the head of an if, while, for or match, the { begins the block. Put a struct literal into parentheses.

    if p == (Point { x: 1.0, y: 2.0 }) { }` },
  E0132: { title: "assignment as a value", explanation: `An assignment is a statement and has no value; it may be the body of an arm or a closure. To compare, write ==.

    if x == 1 { }` },
  E0133: { title: "keyword as a name", explanation: `This word belongs to the language and cannot be a name.

    let kind = 1         // not: let type = 1` },
  E0134: { title: "label without loop", explanation: `A label names a loop, while or for.

    outer: for x in xs { break outer }` },
  E0135: { title: "body missing", explanation: `An if, while, for, loop, else, test or function body is a block in braces.

    if done { return }` },
  E0136: { title: "attribute in the wrong place", explanation: `The attributes are @import("module", "name") and @export("name"), before a func. Elsewhere @name is an intrinsic and stands in an expression.` },
  E0137: { title: "spelled as in another language", explanation: `This is how another language writes it; the advice says how it is written here.

    func f(x i64) i64 { var y = x; y += 1; y }` },
  E0138: { title: "unknown directive", explanation: `The only directive is #if CONDITION { … } else { … }.

    #if OS == "linux" { include "os/linux_x86_64.lang" }` },
  E0139: { title: "pub in the wrong place", explanation: `pub stands before a declaration of a file, a field or a method of an impl; not before impl, test, include, variants or statements.` },
  E0140: { title: "malformed parameter", explanation: `A parameter is a name and a type, without a colon; self, &self or &mut self stands first and only in methods.

    func move_by(&mut self, dx f64, dy f64) { }` },
  E0141: { title: "pipe into something that is no function", explanation: `Right of |> stands the path of a function or a call, perhaps with ? or ! behind.

    "3" |> parse_int |> add(4)` },
  E0142: { title: "statement begins with an operator", explanation: `A line that starts with . |> ?? || && or a binary operator other than - * & | .. continues the one above, so no statement starts with it. Perhaps the line above ends in ; or the operand is missing.` },
  E0143: { title: "type missing", explanation: `Parameters of functions and fields have written types; a var global without an initialiser too.

    func twice(x i64) i64 { x * 2 }` },
  E0144: { title: "body not allowed", explanation: `An extern func and an @import declare what stands elsewhere, so they have no body.

    extern func abs(n i32) i32` },
  E0145: { title: "declaration within a function", explanation: `Functions, types, constants, traits, impls and imports are declared at the top level of a file. Within a function stand let, var and closures.

    let twice = |x i64| x * 2` },
  E0146: { title: "variadic parameter in the wrong place", explanation: `... stands last in an extern func and means further arguments as C passes them.

    extern func printf(format *u8, ...) i32` },
  E0147: { title: "declaration without value", explanation: `let, const and a global without a type need a value.

    const LIMIT = 100` },
  E0148: { title: "malformed label or jump", explanation: `break may carry a label and a value, continue a label.

    break outer` },
} as const satisfies Record<`E01${string}`, Explanation>;
