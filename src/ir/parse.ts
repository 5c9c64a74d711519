/** The text that print.ts writes, read back; also what a person writes in a test. `//` begins a comment. Here declarations; bodies in parseBody.ts. */

import type { SymbolId } from "./function.ts";
import { Module, type DataRelocation, type FunctionAttributes, type Linkage, memoryRoles } from "./module.ts";
import { BodyParser } from "./parseBody.ts";
import { parseSignature, parseSymbol } from "./parseSignature.ts";
import { Scanner, TextError } from "./scan.ts";

export interface TextProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Reads a module. The first mistake ends it; whether the module makes sense is the verifier's business. */
export function parseModule(text: string): { readonly module: Module } | { readonly problem: TextProblem } {
  try {
    return { module: new Parser(text).module() };
  } catch (error) {
    if (error instanceof TextError) return { problem: { line: error.line, message: error.message } };
    throw error;
  }
}

interface PendingBody {
  readonly symbol: SymbolId;
  /** Where in the tokens the body begins. */
  readonly at: number;
}

class Parser {
  private readonly scan: Scanner;
  private readonly out = new Module();
  private readonly bodies: PendingBody[] = [];
  /** What names symbols, read once all of them are declared. */
  private readonly later: (() => void)[] = [];

  constructor(text: string) {
    this.scan = new Scanner(text);
  }

  module(): Module {
    const { scan } = this;
    for (scan.skipLines(); !scan.atEnd(); scan.skipLines()) {
      const token = scan.word();
      if (token === "trap") this.trap();
      else if (token === "site") this.site();
      else if (token === "func") this.func("local");
      else if (token === "data") this.data("local");
      else if (token === "export" || token === "import") {
        const linkage = token === "export" ? "exported" : "imported";
        if (scan.word() === "func") this.func(linkage);
        else this.data(linkage);
      } else throw scan.error(`'${token}' begins nothing known here`);
      scan.endLine();
    }
    for (const read of this.later) read();
    for (const body of this.bodies) {
      scan.at = body.at;
      this.out.functions.set(body.symbol, new BodyParser(scan, this.out, body.symbol).body());
    }
    return this.out;
  }

  private trap(): void {
    const { scan } = this;
    const name = scan.name();
    const at = scan.at;
    if (scan.peek().kind !== "symbol") {
      this.later.push(() => void this.out.trap(name));
      return;
    }
    scan.symbol();
    this.later.push(() => {
      scan.at = at;
      this.out.trap(name, parseSymbol(scan, this.out));
    });
  }

  private site(): void {
    const { scan } = this;
    const index = scan.integer();
    const at = scan.at;
    scan.symbol();
    const position = scan.integer();
    const parent = scan.integer();
    this.later.push(() => {
      scan.at = at;
      // They rise, and each names one before it.
      const { length } = this.out.inlineSites;
      if (index !== length) throw scan.error(`site ${index} stands where site ${length} is expected`);
      if (parent < 0 || parent >= index) throw scan.error(`site ${index} is within site ${parent}, which is not before it`);
      this.out.inlineSites[index] = { callee: parseSymbol(scan, this.out), position, parent };
    });
  }

  private func(linkage: Linkage): void {
    const { scan, out } = this;
    const name = scan.symbol();
    const signature = parseSignature(scan, out);
    let attributes: FunctionAttributes = { inline: "auto", cold: false, noreturn: false };
    while (scan.peek().kind === "word") {
      const word = scan.word();
      if (word === "cold") attributes = { ...attributes, cold: true };
      else if (word === "noreturn") attributes = { ...attributes, noreturn: true };
      else if (word === "inline.never") attributes = { ...attributes, inline: "never" };
      else if (word === "inline.always") attributes = { ...attributes, inline: "always" };
      else {
        const memory = memoryRoles.find((role) => role === word);
        if (memory === undefined) throw scan.error(`'${word}' is no attribute of a function`);
        attributes = { ...attributes, memory };
      }
    }
    if (out.find(name) !== undefined) throw scan.error(`the symbol '@${name}' is declared twice`);
    const symbol = out.declareFunction(name, signature, linkage, attributes);
    if (!scan.accept("{")) return;
    this.bodies.push({ symbol, at: scan.at });
    scan.skipTo("}");
  }

  private data(linkage: Linkage): void {
    const { scan, out } = this;
    const name = scan.symbol();
    if (out.find(name) !== undefined) throw scan.error(`the symbol '@${name}' is declared twice`);
    const symbol = out.declareData(name, linkage);
    if (scan.peek().kind !== "word") return;
    let size = 0;
    let alignment = 1;
    let writable = false;
    let mergeable = false;
    while (scan.peek().kind === "word") {
      const word = scan.word();
      if (word === "size") size = scan.integer();
      else if (word === "align") alignment = scan.integer();
      else if (word === "writable") writable = true;
      else if (word === "mergeable") mergeable = true;
      else throw scan.error(`'${word}' is no attribute of data`);
    }
    const bytes = scan.accept("=") ? scan.bytes() : new Uint8Array(0);
    const at = scan.at;
    if (scan.accept("{")) scan.skipTo("}");
    this.later.push(() => {
      scan.at = at;
      const relocations: DataRelocation[] = [];
      if (scan.accept("{") && !scan.accept("}")) {
        do {
          const offset = scan.integer();
          scan.expect(":");
          relocations.push({ offset, symbol: parseSymbol(scan, this.out), addend: scan.offset() });
        } while (scan.accept(","));
        scan.expect("}");
      }
      out.data.set(symbol, { symbol, bytes, size: Math.max(size, bytes.length), alignment, writable, mergeable, relocations });
    });
  }
}
