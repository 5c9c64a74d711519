/** Writes the same program in lang, C and Go, statement by statement. */

import { typeTexts, type Expression, type Scalar, type Texts } from "./expression.ts";

export interface Parameter {
  readonly name: string;
  readonly type: Texts;
}

export function same(text: string): Texts {
  return { lang: text, c: text, go: text };
}

export function parameter(name: string, type: Scalar): Parameter {
  return { name, type: typeTexts(type) };
}

export class Writer {
  readonly lang: string[] = [];
  readonly c: string[] = [];
  readonly go: string[] = [];
  private depth = 0;

  /** One line in each language, or none where the text is undefined. */
  line(texts: { readonly lang?: string; readonly c?: string; readonly go?: string }): void {
    const indent = "    ".repeat(this.depth);
    if (texts.lang !== undefined) this.lang.push(indent + texts.lang);
    if (texts.c !== undefined) this.c.push(indent + texts.c);
    if (texts.go !== undefined) this.go.push(indent + texts.go);
  }

  blank(): void {
    this.lang.push("");
    this.c.push("");
    this.go.push("");
  }

  comment(text: string, slashes = "//"): void {
    this.line({ lang: `${slashes} ${text}`, c: `// ${text}`, go: `// ${text}` });
  }

  function(name: string, parameters: readonly Parameter[], result: Texts): void {
    this.line({
      lang: `func ${name}(${parameters.map((p) => `${p.name} ${p.type.lang}`).join(", ")}) ${result.lang} {`,
      c: `static ${result.c} ${name}(${parameters.map((p) => `${p.type.c}${p.type.c.endsWith("*") ? "" : " "}${p.name}`).join(", ") || "void"}) {`,
      go: `func ${name}(${parameters.map((p) => `${p.name} ${p.type.go}`).join(", ")}) ${result.go} {`,
    });
    this.depth++;
  }

  /** Ends a function. */
  endFunction(): void {
    this.end();
    this.blank();
  }

  declare(kind: "let" | "var", name: string, value: Expression, annotated = true): void {
    const type = typeTexts(value.type);
    this.line({
      lang: annotated ? `${kind} ${name} ${type.lang} = ${value.lang}` : `${kind} ${name} = ${value.lang}`,
      c: `${kind === "let" ? "const " : ""}${type.c} ${name} = ${value.c};`,
      go: `var ${name} ${type.go} = ${value.go}`,
    });
  }

  assign(place: string, op: string, value: Texts): void {
    this.line({ lang: `${place} ${op} ${value.lang}`, c: `${place} ${op} ${value.c};`, go: `${place} ${op} ${value.go}` });
  }

  return(value: Texts): void {
    this.line({ lang: `return ${value.lang}`, c: `return ${value.c};`, go: `return ${value.go}` });
  }

  if(condition: Texts): void {
    this.line({ lang: `if ${condition.lang} {`, c: `if (${condition.c}) {`, go: `if ${condition.go} {` });
    this.depth++;
  }

  elseIf(condition: Texts): void {
    this.depth--;
    this.line({ lang: `} else if ${condition.lang} {`, c: `} else if (${condition.c}) {`, go: `} else if ${condition.go} {` });
    this.depth++;
  }

  else(): void {
    this.depth--;
    this.line({ lang: "} else {", c: "} else {", go: "} else {" });
    this.depth++;
  }

  while(condition: Texts): void {
    this.line({ lang: `while ${condition.lang} {`, c: `while (${condition.c}) {`, go: `for ${condition.go} {` });
    this.depth++;
  }

  /** `for i in low..high`, with i of type i64. */
  for(i: string, low: Texts, high: Texts): void {
    this.line({
      lang: `for ${i} in ${low.lang}..${high.lang} {`,
      c: `for (int64_t ${i} = ${low.c}; ${i} < ${high.c}; ${i}++) {`,
      go: `for ${i} := int64(${low.go}); ${i} < ${high.go}; ${i}++ {`,
    });
    this.depth++;
  }

  /** Opens anything that `end` closes. */
  open(texts: { readonly lang?: string; readonly c?: string; readonly go?: string }): void {
    this.line(texts);
    this.depth++;
  }

  indent(by: number): void {
    this.depth += by;
  }

  end(): void {
    this.depth--;
    this.line({ lang: "}", c: "}", go: "}" });
  }
}
