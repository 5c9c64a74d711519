/**
 * Symbol names, by one reversible rule: the parts `module`, `Type` (for methods) and `name` are joined by `.`; within a part, letters and
 * digits stand for themselves, `_` is written `__`, and any other byte of UTF-8 `_xx` in lower-case hexadecimal. A module is its file's path without
 * `.lang`, as it was included. Functions of std that the compiler calls by name (`lang_…`) and C symbols keep their names.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const underscore = 95;

/** The symbol of a path of names. */
export function mangle(parts: readonly string[]): string {
  return parts.map(mangledPart).join(".");
}

/** One name as it stands in a symbol. Most are names of the source, which have no other such byte than `_`. */
export function mangledPart(part: string): string {
  let hasUnderscore = false;
  for (let at = 0; at < part.length; at++) {
    const code = part.charCodeAt(at);
    if (isPlain(code)) continue;
    if (code !== underscore) return escapedPart(part);
    hasUnderscore = true;
  }
  return hasUnderscore ? part.replaceAll("_", "__") : part;
}

function escapedPart(part: string): string {
  let out = "";
  let from = 0;
  for (let at = 0; at < part.length; at++) {
    const code = part.charCodeAt(at);
    if (isPlain(code)) continue;
    if (code >= 0x80) return mangledBytes(part);
    out += part.slice(from, at) + escaped(code);
    from = at + 1;
  }
  return out + part.slice(from);
}

function mangledBytes(part: string): string {
  let out = "";
  for (const byte of encoder.encode(part)) out += isPlain(byte) ? String.fromCharCode(byte) : escaped(byte);
  return out;
}

const escapes: string[] = [];

/** What stands for a byte that is no letter or digit; the names of instances have many, of few kinds. */
function escaped(byte: number): string {
  return (escapes[byte] ??= byte === underscore ? "__" : `_${byte.toString(16).padStart(2, "0")}`);
}

/** What symbols of literals begin with; linkers show none that do. */
const literals = { text: ".Lstr.", constant: ".Lconst." } as const;

/** The symbol of a text or of other constant memory, by its number. */
export function literalName(kind: keyof typeof literals, number: number): string {
  return literals[kind] + number;
}

/** Which of them a symbol is of, if of any. */
export function literalKind(symbol: string): keyof typeof literals | undefined {
  return symbol.startsWith(literals.text) ? "text" : symbol.startsWith(literals.constant) ? "constant" : undefined;
}

/** A letter or digit of ASCII. (No pattern: to compile one takes longer than all the names of a small program.) */
function isPlain(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

/** The parts of a mangled name; a name that was not made by `mangle` comes back as one part. */
export function demangle(symbol: string): string[] {
  if (symbol.startsWith("lang_")) return [symbol];
  // What the compiler itself makes begins with a dot.
  if (symbol.startsWith(".")) return [demangle(symbol.slice(1)).join(".")];
  return symbol.split(".").map(demangledPart);
}

/** In slices, as a program has many such names; only other bytes than those of ASCII need decoding. */
function demangledPart(part: string): string {
  let at = part.indexOf("_");
  if (at < 0) return part;
  let text = "";
  let from = 0;
  while (at >= 0) {
    text += part.slice(from, at);
    if (part.charCodeAt(at + 1) === underscore) {
      text += "_";
      from = at + 2;
    } else {
      const byte = Number.parseInt(part.slice(at + 1, at + 3), 16);
      if (byte >= 0x80) return decodedPart(part);
      text += String.fromCharCode(byte);
      from = at + 3;
    }
    at = part.indexOf("_", from);
  }
  return text + part.slice(from);
}

function decodedPart(part: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < part.length; i++) {
    if (part.charCodeAt(i) !== underscore) bytes.push(part.charCodeAt(i));
    else if (part.charCodeAt(i + 1) === underscore) {
      bytes.push(underscore);
      i++;
    } else {
      bytes.push(Number.parseInt(part.slice(i + 1, i + 3), 16));
      i += 2;
    }
  }
  return decoder.decode(new Uint8Array(bytes));
}

/** What a person calls the function: `fib`, `Point.len`. */
export function displayName(symbol: string): string {
  const dot = symbol.indexOf(".");
  if (dot === 0) return demangle(symbol)[0] ?? symbol;
  if (dot < 0 || symbol.startsWith("lang_")) return symbol;
  // A copy that opt/specialise.ts made for a closure.
  const copy = symbol.indexOf(".for.");
  const name = copy < 0 ? symbol.slice(dot + 1) : symbol.slice(dot + 1, copy);
  let at = name.indexOf("_");
  if (at < 0) return name;
  for (; at >= 0; at = name.indexOf("_", at + 2)) {
    if (name.charCodeAt(at + 1) !== underscore) return demangle(copy < 0 ? symbol : symbol.slice(0, copy)).slice(1).join(".");
  }
  return name.replaceAll("__", "_");
}
