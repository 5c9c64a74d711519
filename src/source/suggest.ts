/** "Did you mean": the name that was probably meant. */

/** What other languages call it. For names that are unknown here; the values are names, or what to write instead. */
const elsewhere: Readonly<Record<string, string>> = {
  null: "None; nil is for raw pointers", NULL: "None; nil is for raw pointers", nullptr: "None; nil is for raw pointers", Nil: "None; nil is for raw pointers", None_: "None", undefined: "None", nothing: "None", Nothing: "None", Just: "Some",
  True: "true", TRUE: "true", False: "false", FALSE: "false", this: "self",
  int: "i64", uint: "u64", long: "i64", short: "i16", byte: "u8", integer: "i64", Int: "i64", Integer: "i64", number: "f64",
  float: "f64", double: "f64", Float: "f64", Double: "f64", float32: "f32", float64: "f64", int8: "i8", int16: "i16", int32: "i32", int64: "i64",
  uint8: "u8", uint16: "u16", uint32: "u32", uint64: "u64", size_t: "usize", boolean: "bool", Boolean: "bool", Bool: "bool",
  string: "str", char8: "u8", rune: "char", Char: "char", unit: "void", Vec: "List", vec: "List", Vector: "List", vector: "List", ArrayList: "List",
  HashMap: "Map", Dictionary: "Map", dict: "Map", BTreeMap: "Map", HashSet: "Set", Optional: "?T", Option: "?T", Maybe: "?T",
  printf: "print", puts: "println", echo: "println", eprintf: "eprint", console: "println", strlen: "len", length: "len", sizeof: "@sizeof",
  size_of: "@sizeof", memcpy: "@memcpy", memset: "@memset", input: "readln", read_line: "readln", throw: "panic", abort: "panic", typeof: "type_of", range: "0..n",
};

/** What to write here for a name of another language; undefined if it is none. */
export function nameElsewhere(name: string): string | undefined {
  return Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
}

/** Modules of the library that programs name before anything of them is known. */
const libraryModules: readonly string[] = ["base64", "crc32", "decimal", "flags", "fs", "hex", "json", "math", "path", "process", "random", "sha256", "time"];

/** The library's modules by name: of the executable's stand-in for this file only functions can be imported. */
export function modulesOfLibrary(): readonly string[] {
  return libraryModules;
}

/** What other languages call methods. */
const methodsElsewhere: Readonly<Record<string, string>> = {
  length: "len", size: "len", count: "len", Len: "len", Length: "len", append: "push", add: "push", push_back: "push", Add: "push", contains_key: "contains", containsKey: "contains", has: "contains",
  includes: "contains", indexOf: "index_of", toString: "to_string", to_str: "to_string", String: "to_string", toUpperCase: "upper", to_uppercase: "upper", to_upper: "upper", toLowerCase: "lower",
  to_lowercase: "lower", to_lower: "lower", forEach: "for_each", isEmpty: "is_empty", empty: "is_empty", startsWith: "starts_with", endsWith: "ends_with", strip: "trim", as_bytes: "bytes",
  len_utf8: "char_count", replaceAll: "replace", concat: "push_str", delete: "remove", put: "insert", set: "insert", pop_back: "pop", splitlines: "lines", to_vec: "to_list", toList: "to_list", powi: "pow",
  parse: "parse_i64", atoi: "parse_i64", entry: "get_or_insert", setdefault: "get_or_insert", is_alphabetic: "is_letter", is_numeric: "is_digit", isdigit: "is_digit", isalpha: "is_letter", is_whitespace: "is_space",
};

/** What a method of another language is called here, if the type has it; undefined if it is none of theirs. */
export function methodElsewhere(name: string): string | undefined {
  return Object.hasOwn(methodsElsewhere, name) ? methodsElsewhere[name] : undefined;
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
