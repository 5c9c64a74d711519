/** A unit: one scene with its own helper functions, as a tree of statements in both languages, so that parts can be taken out of both at once. */

export type Statement =
  | { readonly kind: "line"; readonly lang: string; readonly rust: string }
  | { readonly kind: "block"; readonly lang: string; readonly rust: string; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] | undefined };

export interface Body {
  readonly lang: string;
  readonly rust: string;
  readonly statements: readonly Statement[];
}

export interface Unit {
  readonly name: string;
  /** Those whose declarations it needs. */
  readonly constructs: readonly string[];
  /** Helpers first, the scene last. */
  readonly functions: readonly Body[];
}

export type Language = "lang" | "rust";

function write(statements: readonly Statement[], language: Language, indent: string, lines: string[]): void {
  for (const statement of statements) {
    const text = statement[language];
    if (statement.kind === "line") {
      lines.push(`${indent}${text}${language === "rust" && !text.startsWith("return ") && text !== "" ? ";" : ""}`);
      continue;
    }
    lines.push(`${indent}${text}`);
    write(statement.body, language, `${indent}    `, lines);
    if (statement.otherwise !== undefined) {
      lines.push(`${indent}} else {`);
      write(statement.otherwise, language, `${indent}    `, lines);
    }
    lines.push(`${indent}}`);
  }
}

/** The unit's functions, a line each statement. */
export function textOf(unit: Unit, language: Language): string[] {
  const lines: string[] = [];
  for (const body of unit.functions) {
    lines.push(body[language]);
    write(body.statements, language, "    ", lines);
    lines.push("}");
  }
  return lines;
}

/** Every unit that has one statement, frame of a block, `else` or helper less. */
export function smaller(unit: Unit): Unit[] {
  const out: Unit[] = [];
  for (let at = 0; at < unit.functions.length; at++) {
    const body = unit.functions[at];
    if (body === undefined) continue;
    if (at < unit.functions.length - 1) out.push({ ...unit, functions: unit.functions.filter((_, i) => i !== at) });
    for (const statements of smallerLists(body.statements)) out.push({ ...unit, functions: unit.functions.map((other, i) => (i === at ? { ...body, statements } : other)) });
  }
  return out;
}

function smallerLists(list: readonly Statement[]): (readonly Statement[])[] {
  const out: (readonly Statement[])[] = [];
  // Halves first: most of a unit has nothing to do with what is wrong.
  if (list.length > 3) out.push(list.slice(list.length >> 1), list.slice(0, list.length >> 1));
  for (let i = list.length - 1; i >= 0; i--) {
    const statement = list[i] as Statement;
    const [before, after] = [list.slice(0, i), list.slice(i + 1)];
    out.push([...before, ...after]);
    if (statement.kind === "line") continue;
    out.push([...before, ...statement.body, ...after]);
    for (const body of smallerLists(statement.body)) out.push([...before, { ...statement, body }, ...after]);
    if (statement.otherwise === undefined) continue;
    out.push([...before, { ...statement, otherwise: undefined }, ...after], [...before, ...statement.otherwise, ...after]);
    for (const otherwise of smallerLists(statement.otherwise)) out.push([...before, { ...statement, otherwise }, ...after]);
  }
  return out;
}

/** The unit without the statements that stand at these of its lines; undefined if a line belongs to none. */
export function without(unit: Unit, lines: ReadonlySet<number>): Unit | undefined {
  let at = 0;
  let dropped = 0;
  const rest = (statements: readonly Statement[]): Statement[] => {
    const kept: Statement[] = [];
    for (const statement of statements) {
      const drop = lines.has(at++);
      if (drop) dropped++;
      if (statement.kind === "line") {
        if (!drop) kept.push(statement);
        continue;
      }
      const body = rest(statement.body);
      let otherwise: Statement[] | undefined;
      if (statement.otherwise !== undefined) {
        at++;
        otherwise = rest(statement.otherwise);
      }
      at++;
      if (!drop) kept.push({ ...statement, body, otherwise });
    }
    return kept;
  };
  const functions = unit.functions.map((body) => {
    at++;
    const statements = rest(body.statements);
    at++;
    return { ...body, statements };
  });
  return dropped === 0 ? undefined : { ...unit, functions };
}
