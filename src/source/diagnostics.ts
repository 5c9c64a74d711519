/** Diagnostics are data: a code of `errorCodes.ts`, spans, advice. Printing them is `render.ts`'s. */

import type { ErrorCode } from "./errorCodes.ts";

export interface Span {
  /** Source map positions, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface Label extends Span {
  /** What the second span shows, such as "declared here". */
  readonly text: string;
}

export interface Diagnostic {
  readonly code: ErrorCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly span: Span;
  readonly labels: readonly Label[];
  /** What to do, one sentence each. */
  readonly advice: readonly string[];
}

/** After this many mistakes a compilation stops (section 15 of the reference). */
const mistakeLimit = 20;
/** However often one mistake shows. */
const placeLimit = 500;

/** Of these codes, the message alone tells the mistake: a name that is not there, a habit of another language. */
const toldByMessage = /^E02|^E0137$/;
/** Of these, the second place alone: a variable that cannot change, whatever would change it; where a text ends within brackets. */
const toldByLabel = /^E0125$|^E0310$|^E0322$|^E0339$|^E0382$/;

/**
 * The same text for errors of one cause: they say the same and point at the same second place, such as a declaration, or are about the same unknown
 * name. To tools each is an error at its place; people are told once, and where else.
 */
function mistakeOf({ code, message, span, labels }: Diagnostic): string {
  if (labels.length === 0 && !toldByMessage.test(code)) return String(span.start);
  return `${toldByLabel.test(code) ? "" : `${code} ${message}`}${labels.map((label) => ` ${label.start} ${label.end} ${label.text}`).join("")}`;
}

/** Diagnostics by their mistakes, in the order in which these show first; a warning is alone. */
export function mistakesOf(diagnostics: readonly Diagnostic[]): Diagnostic[][] {
  const found = new Map<string, Diagnostic[]>();
  diagnostics.forEach((one, i) => {
    const key = one.severity === "error" ? mistakeOf(one) : `warning ${i}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [one]);
    else known.push(one);
  });
  return [...found.values()];
}

/** How much had been reported at some time. */
export interface Mark {
  readonly length: number;
  readonly errors: number;
}

/** Where a compilation collects its diagnostics. Two errors at the same start are one: the later is taken for a consequence. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];
  errorCount = 0;
  private readonly errorStarts = new Set<number>();
  private readonly mistakes = new Set<string>();
  private readonly limit: number;

  constructor(limit = mistakeLimit) {
    this.limit = limit;
  }

  error(code: ErrorCode, span: Span, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): void {
    if (this.errorStarts.has(span.start) || this.full) return;
    this.errorStarts.add(span.start);
    this.errorCount++;
    const error: Diagnostic = { code, severity: "error", message, span, labels: more.labels ?? [], advice: more.advice ?? [] };
    this.mistakes.add(mistakeOf(error));
    this.list.push(error);
  }

  warning(code: ErrorCode, span: Span, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): void {
    this.list.push({ code, severity: "warning", message, span, labels: more.labels ?? [], advice: more.advice ?? [] });
  }

  /** The state now, for `backTo`. */
  mark(): Mark {
    return { length: this.list.length, errors: this.errorCount };
  }

  /** Forgets what was reported since `mark` about `within`. What is about other declarations, which were looked at on the way, is not said again. */
  backTo(mark: Mark, within: Span): void {
    const since = this.list.splice(mark.length);
    let isForgotten = false;
    for (const one of since) {
      const { start } = one.span;
      if (start < within.start || start >= within.end) this.list.push(one);
      else {
        isForgotten = true;
        if (one.severity !== "error") continue;
        this.errorStarts.delete(start);
        this.errorCount--;
      }
    }
    if (isForgotten) this.countMistakes();
  }

  /** Takes back errors since `mark`, unless no other would be left at all; if there are none, `instead` are reported. */
  withdraw(mark: Mark, which: (one: Diagnostic) => boolean, instead: readonly Diagnostic[]): void {
    const since = this.list.splice(mark.length);
    const kept = since.filter((one) => !which(one));
    if (!kept.some((one) => one.severity === "error") && instead.length > 0) {
      this.list.push(...kept, ...instead);
      this.errorCount = mark.errors + instead.length;
    } else {
      const isAll = mark.errors === 0 && !kept.some((one) => one.severity === "error");
      this.list.push(...(isAll ? since : kept));
      if (!isAll) this.errorCount -= since.length - kept.length;
    }
    this.countMistakes();
  }

  /** Takes back what turned out to be the consequence of another. */
  remove(which: (one: Diagnostic) => boolean): void {
    const kept = this.list.filter((one) => !which(one));
    this.errorCount -= this.list.reduce((count, one) => count + (one.severity === "error" && which(one) ? 1 : 0), 0);
    this.list.length = 0;
    this.list.push(...kept);
    this.countMistakes();
  }

  private countMistakes(): void {
    this.mistakes.clear();
    for (const one of this.list) if (one.severity === "error") this.mistakes.add(mistakeOf(one));
  }

  get full(): boolean {
    return this.mistakes.size >= this.limit || this.errorCount >= placeLimit;
  }
}
