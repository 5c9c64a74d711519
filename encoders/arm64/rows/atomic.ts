/** Exclusive, ordered and atomic accesses: Arm ARM C4.1.94. A name ends in the bits of the access: `ldaxr_8`; the mnemonic says `b` and `h`. */
type Rows = Readonly<Record<string, string>>;

/** The four sizes of a row; `@` stands for the letter of a register of that size, `~` for the mnemonic's ending. */
function sized(name: string, diagram: string, text: string): Rows {
  return Object.fromEntries(["b", "h", "", ""].map((ending, size) => {
    const register = size === 3 ? "X" : "W";
    return [`${name}_${8 << size}`, `${size.toString(2).padStart(2, "0")} ${diagram} | ${text.replaceAll("~", ending).replaceAll("@", register)}`];
  }));
}

/** Two registers: of 32 or 64 bits each. */
function paired(name: string, first: string, diagram: string, text: string): Rows {
  return Object.fromEntries([0, 1].map((size) => [`${name}_${32 << size}`, `${first} ${diagram.replace("Z", String(size))} | ${text.replaceAll("@", size === 1 ? "X" : "W")}`]));
}

/** The four orders of an operation: none, acquire, release, both. */
function ordered(name: string, rows: (name: string, acquire: string, release: string) => Rows): Rows {
  return { ...rows(name, "0", "0"), ...rows(`${name}a`, "1", "0"), ...rows(`${name}l`, "0", "1"), ...rows(`${name}al`, "1", "1") };
}

/** `ldadd` and its kin; without acquire and a result it is `stadd`. */
function operation(stem: string, opc: string): Rows {
  return ordered(`ld${stem}`, (name, acquire, release) => {
    const alias = acquire === "0" ? ` | ?rt=31 st${name.slice(2)}~ @s, [Xn|SP]` : "";
    return sized(name, `111000 ${acquire} ${release} 1 rs:5 0 ${opc} 00 rn:5 rt:5`, `${name}~ @s, @t, [Xn|SP]${alias} | +lse`);
  });
}

export const atomicRows: Rows = {
  ...sized("stxr", "001000 000 rs:5 0 11111 rn:5 rt:5", "stxr~ Ws, @t, [Xn|SP]"), ...sized("stlxr", "001000 000 rs:5 1 11111 rn:5 rt:5", "stlxr~ Ws, @t, [Xn|SP]"),
  ...sized("ldxr", "001000 010 11111 0 11111 rn:5 rt:5", "ldxr~ @t, [Xn|SP]"), ...sized("ldaxr", "001000 010 11111 1 11111 rn:5 rt:5", "ldaxr~ @t, [Xn|SP]"),
  ...sized("stlr", "001000 100 11111 1 11111 rn:5 rt:5", "stlr~ @t, [Xn|SP]"), ...sized("ldar", "001000 110 11111 1 11111 rn:5 rt:5", "ldar~ @t, [Xn|SP]"),
  ...sized("ldapr", "111000 101 11111 1 100 00 rn:5 rt:5", "ldapr~ @t, [Xn|SP] | +rcpc"),
  ...paired("stxp", "1", "Z 001000 001 rs:5 0 rt2:5 rn:5 rt:5", "stxp Ws, @t, @t2, [Xn|SP]"), ...paired("stlxp", "1", "Z 001000 001 rs:5 1 rt2:5 rn:5 rt:5", "stlxp Ws, @t, @t2, [Xn|SP]"),
  ...paired("ldxp", "1", "Z 001000 011 11111 0 rt2:5 rn:5 rt:5", "ldxp @t, @t2, [Xn|SP]"), ...paired("ldaxp", "1", "Z 001000 011 11111 1 rt2:5 rn:5 rt:5", "ldaxp @t, @t2, [Xn|SP]"),

  // Large System Extensions
  ...ordered("cas", (name, acquire, release) => sized(name, `001000 1 ${acquire} 1 rs:5 ${release} 11111 rn:5 rt:5`, `${name}~ @s, @t, [Xn|SP] | +lse`)),
  ...ordered("casp", (name, acquire, release) => paired(name, "0", `Z 001000 0 ${acquire} 1 rs:5 ${release} 11111 rn:5 rt:5`, `${name} EVEN-@s, ODD-@s, EVEN-@t, ODD-@t, [Xn|SP] | +lse`)),
  ...ordered("swp", (name, acquire, release) => sized(name, `111000 ${acquire} ${release} 1 rs:5 1 000 00 rn:5 rt:5`, `${name}~ @s, @t, [Xn|SP] | +lse`)),
  ...operation("add", "000"), ...operation("clr", "001"), ...operation("eor", "010"), ...operation("set", "011"),
  ...operation("smax", "100"), ...operation("smin", "101"), ...operation("umax", "110"), ...operation("umin", "111"),
};
