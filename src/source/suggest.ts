/** "Did you mean": the name that was probably meant. */

/** What other languages call it. For names that are unknown here; the values are names, or what to write instead. */
const elsewhere: Readonly<Record<string, string>> = {
  null: "None; nil is for raw pointers", NULL: "None; nil is for raw pointers", nullptr: "None; nil is for raw pointers", Nil: "None; nil is for raw pointers", None_: "None", undefined: "None", nothing: "None", Nothing: "None", Just: "Some",
  True: "true", TRUE: "true", False: "false", FALSE: "false", this: "self",
  int: "i64", uint: "u64", long: "i64", short: "i16", byte: "u8", integer: "i64", Int: "i64", Integer: "i64", number: "f64",
  float: "f64", double: "f64", Float: "f64", Double: "f64", float32: "f32", float64: "f64", int8: "i8", int16: "i16", int32: "i32", int64: "i64",
  uint8: "u8", uint16: "u16", uint32: "u32", uint64: "u64", size_t: "usize", boolean: "bool", Boolean: "bool", Bool: "bool",
  string: "str", char8: "u8", rune: "char", Char: "char", unit: "void", Vec: "List", vec: "List", Vector: "List", vector: "List", ArrayList: "List",
  HashMap: "Map", Dictionary: "Map", dict: "Map", BTreeMap: "Map", HashSet: "Set", Func: "a function's type: func(A) R", Function: "a function's type: func(A) R", Callable: "a function's type: func(A) R", Closure: "a function's type: func(A) R", Optional: "?T", Option: "?T", Maybe: "?T",
  printf: "print", puts: "println", echo: "println", eprintf: "eprint", console: "println", Console: "println", System: "println", fmt: "println", cout: "println", pass: "nothing: an empty block is { }", strlen: "len", format: 'f"{x}"', sprintf: 'f"{x}"', Sprintf: 'f"{x}"', length: "len", sizeof: "@sizeof",
  size_of: "@sizeof", memcpy: "@memcpy", memset: "@memset", input: "readln", read_line: "readln", throw: "panic", abort: "panic", typeof: "type_of", range: "0..n", parseInt: "s.parse[i64](), which gives a ?i64", parseFloat: "s.parse[f64](), which gives a ?f64", atoi: "s.parse[i64](), which gives a ?i64",
  ...Object.fromEntries("sin cos tan asin acos atan atan2 exp ln log2 log10 pow cbrt hypot".split(" ").map((name) => [name, `math.${name}(…), with import "std/math"`])),
  std: "the last part of the module's path: import \"std/math\", and math.sin(x)",
};

/** What to write here for a name of another language; undefined if it is none. */
export function nameElsewhere(name: string): string | undefined {
  return Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
}

/** What other languages have as functions and modules, where nothing in sight resembles the name. */
const functionsElsewhere: Readonly<Record<string, string>> = {
  append: "xs.push(x), of a list", enumerate: "xs.iter().enumerate()", sum: "xs.iter().sum()", sorted: "xs.sort()", reversed: "xs.iter().rev()", zip: "xs.iter().zip(ys.iter())", map: "xs.iter().map(f)", filter: "xs.iter().filter(f)",
  any: "xs.iter().any(f)", all: "xs.iter().all(f)", abs: "x.abs()", round: "x.round()", pow: "x.pow(n)", sleep: 'time.sleep(time.seconds(1)), with import "std/time"',
  sys: "func main(args []str) i64 for the arguments; files are in std/fs, programs in std/process", os: "func main(args []str) i64 for the arguments; files are in std/fs, programs in std/process", argv: "func main(args []str) i64",
};

/** What to write here for a function or module of another language; undefined if it is none. */
export function functionElsewhere(name: string): string | undefined {
  return Object.hasOwn(functionsElsewhere, name) ? functionsElsewhere[name] : undefined;
}

/** Traits as other languages call them. */
const traitsElsewhere: Readonly<Record<string, string>> = {
  Debug: "Show", Display: "Show", ToString: "Show", Stringer: "Show", Printable: "Show", PartialEq: "Eq", Equatable: "Eq", Comparable: "Ord", PartialOrd: "Ord", Cmp: "Ord", Hashable: "Hash", Iterable: "Iterator", IntoIterator: "Iterator",
  Cloneable: "Clone", Into: "From", Fn: "a function's type: func(A) R", FnMut: "a function's type: mut func(A) R", FnOnce: "a function's type: func(A) R",
};

/** The trait that another language calls `name`, or what to write instead. */
export function traitElsewhere(name: string): string | undefined {
  return Object.hasOwn(traitsElsewhere, name) ? traitsElsewhere[name] : undefined;
}

/** Modules of the library that programs name before anything of them is known. */
const libraryModules: readonly string[] = ["base64", "crc32", "decimal", "flags", "fs", "hex", "json", "math", "path", "process", "random", "sha256", "time"];

/** The library's modules by name: of the executable's stand-in for this file only functions can be imported. */
export function modulesOfLibrary(): readonly string[] {
  return libraryModules;
}

/** What methods are called elsewhere, and here: the first that the type has is meant. `len` and `[a..b]` are no methods, but what to write. */
const methodsElsewhere: readonly (readonly [elsewhere: string, here: readonly string[]])[] = [
  ["contains_key containsKey containsValue has has_key hasKey includes exists", ["contains"]],
  ["length size count getLength Len Length", ["len"]],
  ["concat append push_string write_str", ["push_str", "push", "insert", "push_back"]],
  ["push_back pushBack add Add addLast enqueue", ["push", "insert", "push_back", "push_str"]],
  ["put set emplace", ["insert"]],
  ["pop_back popBack removeLast dequeue poll", ["pop", "pop_front"]],
  ["delete erase del discard removeAt remove_at", ["remove"]],
  ["shift popleft pop_left pop_front", ["pop_front", "remove"]],
  ["unshift", ["push_front", "insert"]],
  ["top front head", ["peek", "first", "last"]],
  ["toUpperCase toUpper to_upper to_uppercase uppercase to_ascii_uppercase", ["upper"]],
  ["toLowerCase toLower to_lower to_lowercase lowercase to_ascii_lowercase", ["lower"]],
  ["indexOf index_of find_index index", ["index_of", "find", "position"]],
  ["lastIndexOf rindex", ["rfind"]],
  ["substring substr slice", ["[a..b]"]], ["copy dup duplicate", ["clone"]], ["unique distinct uniq", ["dedup"]], ["chunks_exact rchunks", ["chunks"]],
  ["reverse reversed backwards", ["reverse", "reversed", "rev"]], ["split_whitespace fields", ["words"]], ["rsplit split_terminator split_inclusive", ["split"]],
  ["strip", ["trim"]], ["lstrip trimStart trimLeft", ["trim_start"]], ["rstrip trimEnd trimRight", ["trim_end"]],
  ["toString to_str to_owned str String", ["to_string"]],
  ["splitlines", ["lines"]], ["as_bytes", ["bytes"]], ["len_utf8", ["char_count"]], ["replaceAll replace_all", ["replace"]], ["startsWith startswith has_prefix hasPrefix HasPrefix", ["starts_with"]], ["endsWith endswith has_suffix hasSuffix HasSuffix", ["ends_with"]],
  ["isEmpty empty", ["is_empty"]],
  ["sorted toSorted sort_unstable", ["sort", "into_sorted"]],
  ["matches", ["count_of"]], ["to_digit to_digit_value digit_value", ["digit"]], ["is_ascii_digit", ["is_digit"]], ["is_ascii_alphabetic", ["is_letter"]], ["is_ascii_whitespace", ["is_space"]], ["is_ascii_uppercase", ["is_upper"]], ["is_ascii_lowercase", ["is_lower"]],
  ["trim_start_matches", ["strip_prefix"]], ["trim_end_matches", ["strip_suffix"]], ["toList to_vec toArray to_array", ["to_list", "collect"]],
  ["parse_int parseInt toInt to_int to_i64 toInteger atoi", ["parse_i64"]],
  ["parse_float parseFloat toFloat to_float to_f64 toDouble", ["parse_f64"]],
  ["borrow borrow_mut", ["with", "get"]],
  ["forEach each", ["for_each"]], ["powi", ["pow"]], ["every", ["all"]], ["some", ["any"]], ["foldl inject foldLeft", ["fold"]],
  ["rjust padStart lpad", ["pad_start"]], ["ljust padEnd rpad", ["pad_end"]],
  ["items entries", ["iter"]],
  ["charAt char_at", ["chars"]], ["is_alphabetic isalpha", ["is_letter"]], ["is_numeric isdigit", ["is_digit"]], ["is_whitespace isspace", ["is_space"]],
  ["getOrDefault getOrElse setdefault get_or_default or_insert get_or", ["get_or_insert", "get"]],
];

/** What stands in place of methods that other languages have: operators, functions of modules. By what the method is called on, and its names. */
const insteadOfMethods: readonly (readonly [on: "integer" | "float" | "text" | "items" | "any", names: string, write: string])[] = [
  ["integer", "wrapping_add", "write a +% b"], ["integer", "wrapping_sub", "write a -% b"], ["integer", "wrapping_mul", "write a *% b"],
  ["integer", "saturating_add", "write a +| b"], ["integer", "saturating_sub", "write a -| b"], ["integer", "saturating_mul", "write a *| b"],
  ["integer", "overflowing_add overflowing_sub overflowing_mul", "checked_add and its kin give None where a result does not fit; +% wraps"],
  ["integer", "is_even isEven even", "write n % 2 == 0"], ["integer", "is_odd isOdd odd", "write n % 2 != 0"],
  ["integer", "gcd lcm", "import \"std/math\", and write math.gcd(a, b) or math.lcm(a, b)"], ["integer", "sqrt isqrt", "write (n as f64).sqrt(), or import \"std/math\", and math.isqrt(n as u64)"],
  ["integer", "to_float to_f64 toFloat toDouble float", "convert with as: n as f64"], ["integer", "to_radix to_base hex bin to_hex", "write f\"{n:x}\", f\"{n:b}\" or f\"{n:o}\""], ["integer", "chr to_char", "write char.from_u32(n as u32), or of a u8: n as char"],
  ["float", "to_int to_i64 toInt to_integer int", "convert with as: x as i64"], ["float", "pow powf powi", "import \"std/math\", and write math.pow(x, y)"],
  ["float", "sin cos tan asin acos atan atan2 sinh cosh tanh exp exp2 ln log log2 log10 cbrt hypot", "it is a function: import \"std/math\", and write math.sin(x), math.ln(x), …"],
  ["text", "format", "values stand in the text: f\"x = {x}\""], ["text", "into", "write ….to_string()"], ["text", "into_string", "write ….to_string()"],
  ["any", "into", "say which type: Type.from(…)"], ["any", "ord code codepoint", "write c as u32"],
  ["items", "flatten", "write ….flat_map(|row| row.iter())"], ["items", "shuffle", "import \"std/random\": random.Random.new().shuffle(&mut xs)"],
];

/** What to write instead of a method `name` on a value of such a kind; undefined if nothing is known. */
export function insteadOfMethod(name: string, on: "integer" | "float" | "text" | "items" | "any"): string | undefined {
  return insteadOfMethods.find(([kind, names]) => (kind === on || kind === "any") && names.split(" ").includes(name))?.[2];
}

const integerLimits: Readonly<Record<string, string>> = { MAX: "max_value()", Max: "max_value()", MaxValue: "max_value()", MIN: "min_value()", Min: "min_value()", MinValue: "min_value()" };
const floatLimits: Readonly<Record<string, string>> = {
  MAX: "MAX_F64", INFINITY: "INFINITY", INF: "INFINITY", Inf: "INFINITY", Infinity: "INFINITY", NEG_INFINITY: "INFINITY, with a minus", NAN: "NAN", NaN: "NAN", EPSILON: "EPSILON", MIN_POSITIVE: "MIN_POSITIVE", PI: "PI",
};

/** What to write for a limit of a number's type that another language has as a constant of the type: `i64.MAX`. */
export function limitElsewhere(type: string, name: string): string | undefined {
  if (/^[iu](\d+|size)$/.test(type)) return Object.hasOwn(integerLimits, name) ? `write ${type}.${integerLimits[name]}` : undefined;
  return type === "f64" && Object.hasOwn(floatLimits, name) ? `import "std/math", and write math.${floatLimits[name]}` : undefined;
}

/** The method that another language calls `name`, of those that `has` knows; undefined if there is none. */
export function methodElsewhere(name: string, has: (method: string) => boolean): string | undefined {
  const row = methodsElsewhere.find(([elsewhere]) => elsewhere.split(" ").includes(name));
  return row?.[1].find(has);
}

/**
 * The candidate nearest to `name`: at most a third of its letters inserted, left out, replaced or swapped with their neighbour. The first of equals;
 * undefined if none is near. Looks at no more than a few thousand candidates of similar length, so that it stays quick.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  let looked = 0;
  const lower = name.toLowerCase();
  for (const candidate of candidates) {
    if (candidate === name || candidate === "" || candidate === "_") continue;
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    if (++looked > 5000) break;
    // Another case is half a mistake; names of one or two letters are near to everything.
    const distance = candidate.toLowerCase() === lower ? 0.5 : name.length < 3 ? limit + 1 : editDistance(name, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits between two names, a swap of neighbours counting as one; `limit` if there are that many or more. */
export function editDistance(a: string, b: string, limit: number): number {
  if (a.length > 64 || b.length > 64) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] as number) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
