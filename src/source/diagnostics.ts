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

/** After this many errors a compilation stops (section 15 of the reference). */
const errorLimit = 20;

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
  private readonly limit: number;

  constructor(limit = errorLimit) {
    this.limit = limit;
  }

  error(code: ErrorCode, span: Span, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): void {
    if (this.errorStarts.has(span.start) || this.full) return;
    this.errorStarts.add(span.start);
    this.errorCount++;
    this.list.push({ code, severity: "error", message, span, labels: more.labels ?? [], advice: more.advice ?? [] });
  }

  warning(code: ErrorCode, span: Span, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): void {
    this.list.push({ code, severity: "warning", message, span, labels: more.labels ?? [], advice: more.advice ?? [] });
  }

  /** The state now, for `backTo`. */
  mark(): Mark {
    return { length: this.list.length, errors: this.errorCount };
  }

  /** Forgets what was reported since `mark`. */
  backTo(mark: Mark): void {
    for (const one of this.list.splice(mark.length)) if (one.severity === "error") this.errorStarts.delete(one.span.start);
    this.errorCount = mark.errors;
  }

  /** Takes back errors since `mark`, unless no other would be left; if there are none, `instead` are reported. */
  withdraw(mark: Mark, which: (one: Diagnostic) => boolean, instead: readonly Diagnostic[]): void {
    const since = this.list.splice(mark.length);
    const kept = since.filter((one) => !which(one));
    if (!kept.some((one) => one.severity === "error") && instead.length > 0) {
      this.list.push(...kept, ...instead);
      this.errorCount = mark.errors + instead.length;
      return;
    }
    const isAll = !kept.some((one) => one.severity === "error");
    this.list.push(...(isAll ? since : kept));
    if (!isAll) this.errorCount -= since.length - kept.length;
  }

  get full(): boolean {
    return this.errorCount >= this.limit;
  }
}
