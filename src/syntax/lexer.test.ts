import { describe, expect, test } from "bun:test";
import { errorsOf, tokensOf } from "./testing.ts";

/** The tokens on one line. */
const tokens = (text: string): string => tokensOf(text).replaceAll("\n", " ");

describe("numbers", () => {
  test("every form", () => {
    expect(tokens("42 1_000 0xff 0XFF 0o17 0b1010 42u8 0xffi64 0b1u128 1f32 3.14 1e9 1.5e-3 2E+2 2.5f32 1_0.0_1")).toBe(
      "Integer 42 Integer 1000 Integer 255 Integer 255 Integer 15 Integer 10 Integer 42 u8 Integer 255 i64 Integer 1 u128 Float 1 f32 Float 3.14 Float 1000000000 Float 0.0015 Float 200 Float 2.5 f32 Float 10.01",
    );
  });
  test("large integers are exact", () => {
    expect(tokens("9007199254740993 18446744073709551615 0xffff_ffff_ffff_ffff 340282366920938463463374607431768211455u128")).toBe(
      "Integer 9007199254740993 Integer 18446744073709551615 Integer 18446744073709551615 Integer 340282366920938463463374607431768211455 u128",
    );
  });
  test("floats are correctly rounded", () => {
    expect(tokens("0.1 123456789012345678.0 1e23 2.2250738585072014e-308 1e400 4.9e-324 0.3")).toBe("Float 0.1 Float 123456789012345680 Float 1e+23 Float 2.2250738585072014e-308 Float Infinity Float 5e-324 Float 0.3");
  });
});

test("dots behind numbers", () => {
  expect(tokens("1..2")).toBe("Integer 1 `..` Integer 2");
  expect(tokens("t.0.1")).toBe("Name t `.` Integer 0 `.` Integer 1");
  expect(tokens("1.max")).toBe("Integer 1 `.` Name max");
});

describe("texts", () => {
  test("escapes", () => {
    expect(tokens('"a\\n\\t\\r\\0\\\\\\"\\\'\\x41\\u{1F600}\\u{e9}"')).toBe(`String ${JSON.stringify("a\n\t\r\0\\\"'A😀é")}`);
  });
  test("raw and multi-line texts are verbatim", () => {
    expect(tokens('r"C:\\new"')).toBe('String "C:\\\\new"');
    expect(tokens('r#"say "hi""#')).toBe('String "say \\"hi\\""');
    expect(tokens('"""\n  two\r\n  "lines" \\x41"""')).toBe('String "\\n  two\\n  \\"lines\\" A"');
    expect(tokens('r"""a\\n\nb"""')).toBe('String "a\\\\n\\nb"');
    expect(tokens('"" ""')).toBe('String "" String ""');
  });
  test("characters and bytes", () => {
    expect(tokens("'a' 'é' '\\n' '\\u{1F600}' b'a' b'\\xff' '\"' '\\''")).toBe("Character 97 Character 233 Character 10 Character 128512 Byte 97 Byte 255 Character 34 Character 39");
  });
  test("f-strings", () => {
    expect(tokens('f"x = {x}, {n:x} {{}}"')).toBe('FormatStart FormatText "x = " FormatOpen Name x FormatClose FormatText ", " FormatOpen Name n FormatSpecification "x" FormatClose FormatText " {}" FormatEnd');
    expect(tokens('f"{f"{"a"}"}{m["k"]}{P { x: 1 }:>3}"')).toBe(
      'FormatStart FormatOpen FormatStart FormatOpen String "a" FormatClose FormatEnd FormatClose FormatOpen Name m `[` String "k" `]` FormatClose FormatOpen Name P `{` Name x `:` Integer 1 `}` FormatSpecification ">3" FormatClose FormatEnd',
    );
    expect(tokens('f""')).toBe("FormatStart FormatEnd");
    expect(tokens('f"""a\n{x\n}"""')).toBe('FormatStart FormatText "a\\n" FormatOpen Name x FormatClose FormatEnd');
  });
});

test("comments nest, and documentation is marked", () => {
  expect(tokens("a /* b /* c */ d */ e // f\n/// g\nh //// i\n j")).toBe("Name a Name e Name h ends-statement documented Name j ends-statement");
  expect(tokens("a /* \n */ b")).toBe("Name a Name b ends-statement");
});

test("names in other scripts, in one normal form", () => {
  expect(tokens("größe 变量 x_1 é e\u0301")).toBe("Name größe Name 变量 Name x_1 Name é Name é");
});

test("a byte order mark and a #! line are passed over", () => {
  expect(tokens("\ufeff#!/usr/bin/env lang\nx")).toBe("Name x ends-statement".replace(" ends-statement", ""));
});

test("operators are the longest that fit", () => {
  expect(tokens("a..=b a...b <<= >>= +%= *|= |> ?? && || => ~ @")).toBe(
    "Name a `..=` Name b Name a `...` Name b `<<=` `>>=` `+%=` `*|=` `|>` `??` `&&` `||` `=>` `~` `@`",
  );
});

describe("the newline rule", () => {
  /** The tokens before which a statement ends. */
  const ends = (text: string): string =>
    tokensOf(text)
      .split("\n")
      .filter((line) => line.endsWith("ends-statement"))
      .map((line) => line.replace(/^(Name )?(.*) ends-statement$/, "$2"))
      .join(" ");

  test("ends after what a statement can end in", () => {
    for (const last of ["x", "1", "1.5", '"s"', "'c'", "b'c'", 'f"s"', "true", "false", "nil", "self", "f()", "a[i]", "{}", "return", "break", "continue", "x!", "x?", "x!?", "f()!"]) {
      expect(`${last}: ${ends(`${last}\nnext`)}`).toBe(`${last}: next`);
    }
  });
  test("goes on after what it cannot end in", () => {
    for (const last of ["a +", "a =", "a,", "f(", "a[", "a.", "let", "if", "a ..", "a as", "=>", "a ==", "= !", "( ?", "&", "in", "else"]) {
      expect(`${last}: ${ends(`${last}\nnext`)}`).toBe(`${last}: `);
    }
  });
  test("goes on before what continues it", () => {
    for (const next of [".f", "|> f", "?? b", "|| b", "&& b", "else {}", "+ b", "/ b", "% b", "+% b", "*% b", "+| b", "<< b", ">> b", "^ b", "== b", "!= b", "< b", "<= b", "> b", ">= b", "..= b"]) {
      expect(`${next}: ${ends(`a\n${next}`)}`).toBe(`${next}: `);
    }
  });
  test("ends before what could start a statement", () => {
    for (const [next, token] of [["- b", "`-`"], ["* b", "`*`"], ["& b", "`&`"], ["| b", "`|`"], [".. b", "`..`"], ["(b)", "`(`"], ["[b]", "`[`"], ["!b", "`!`"], ["{", "`{`"], ["if", "`if`"], ["= b", "`=`"]]) {
      expect(`${next}: ${ends(`a\n${next}`)}`).toBe(`${next}: ${token}`);
    }
  });
  test("is white space in ( ) and [ ], and counts again in { } within", () => {
    expect(ends("f(a\nb)")).toBe("");
    expect(ends("[a\nb]")).toBe("");
    expect(ends("f({ a\nb })")).toBe("b");
    expect(ends("f({ g(a\nb)\nc })")).toBe("c");
    expect(ends('f"{a\n+ b}"')).toBe("");
  });
});

describe("what the lexer refuses", () => {
  test("ill-formed UTF-8 is reported once a file", () => {
    const bad = [[0xff], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3], [0x80]];
    for (const bytes of bad) {
      for (const [before, after] of [["", ""], ['"', '"'], ["// ", ""], ["/* ", " */"], ["'", "'"], ['r"', '"']] as const) {
        const text = new Uint8Array([...new TextEncoder().encode(before), ...bytes, ...bytes, ...new TextEncoder().encode(after)]);
        expect(tokensOf(text)).toContain("E0102 this file is not well-formed UTF-8");
        expect(tokensOf(text).split("E0102").length).toBe(2);
      }
    }
  });

  test("the rest of the file is lexed", () => {
    expect(errorsOf('func f() { g("abc }\nfunc g() { $ }\n')).toContain("E0105");
    expect(tokens('"abc\nx = $ 1')).toContain("Name x ends-statement `=` Integer 1");
  });
});
