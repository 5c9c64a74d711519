/** Moves that are wrong wherever they stand: out of what must keep its value. Found while the flow is made. */

import type { Node } from "../../syntax/ast.ts";
import type { ErrorCode } from "../../source/errorCodes.ts";
import type { Checker } from "../context.ts";
import type { GlobalDefinition, LocalId } from "../definitions.ts";
import { describe } from "./describe.ts";
import type { Flow } from "./flow.ts";
import { Root, type PathId } from "./paths.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class Refusals {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  /** Bodies of the library are only looked at for their summaries. */
  isSilent = false;

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  moveBehindReference(flow: Flow, path: PathId, through: PathId, n: Node): false {
    const kind = this.facts.isRawPointer(flow.paths.typeOf(through)) ? "a raw pointer" : "a reference";
    return this.refuse("E0410", flow, path, n, `${this.what(flow, path)} cannot be moved out: it is behind ${kind}`, this.declared(flow, through, `${this.shown(flow, through)} only borrows it`));
  }

  moveOutOfOwner(flow: Flow, path: PathId, through: PathId, n: Node): false {
    const owner = flow.paths.typeOf(through);
    const isBox = this.facts.isBox(owner) && flow.paths.parent(path) === through;
    return this.refuse("E0410", flow, path, n, `${this.what(flow, path)} cannot be moved out of the ${this.c.typeName(owner)} that owns it`, [], isBox ? ["take it out with .into_inner()"] : []);
  }

  moveOutOfElement(flow: Flow, path: PathId, of: PathId, n: Node): false {
    return this.refuse("E0411", flow, path, n, `an element cannot be moved out of ${this.what(flow, of)}, which would be left with a hole`, []);
  }

  moveOutOfDrop(flow: Flow, path: PathId, of: PathId, n: Node): false {
    return this.refuse("E0416", flow, path, n, `${this.what(flow, path)} cannot be moved out: ${this.c.typeName(flow.paths.typeOf(of))} has a Drop, which needs all its parts`, []);
  }

  moveOutOfCapture(flow: Flow, path: PathId, n: Node): false {
    return this.refuse("E0415", flow, path, n, `${this.what(flow, path)} cannot be moved out of the closure that captured it, which may be called again`, this.declared(flow, path, "captured from here"), ["to give it away once, put it in an optional: var once = Some(…), and once.take()! in the closure"]);
  }

  moveInGuard(flow: Flow, path: PathId, n: Node): false {
    return this.refuse("E0410", flow, path, n, `${this.what(flow, path)} cannot be moved in a guard: if that does not hold, the next arm looks at it`, []);
  }

  moveOfDeferred(flow: Flow, path: PathId, n: Node, deferrer: Node): false {
    this.report("E0417", n, `${this.what(flow, path)} cannot be moved: a defer still uses it`, [this.c.label(deferrer, "it runs when the block is left")], flow.paths.typeOf(path));
    return false;
  }

  mutableBehindShared(flow: Flow, path: PathId, n: Node): void {
    this.report("E0410", n, `${this.what(flow, path)} is a &mut behind a &, and gives no way to change anything`, this.declared(flow, path, "reached through here"), undefined);
  }

  moveOutOfGlobal(definition: GlobalDefinition, n: Node): void {
    this.report("E0414", n, `${this.c.nameText(definition.name)} cannot be moved out: it is a global`, this.c.declaredAt(definition), undefined);
  }

  private refuse(code: ErrorCode, flow: Flow, path: PathId, n: Node, message: string, labels: ReturnType<Checker["label"]>[], first: readonly string[] = []): false {
    this.report(code, n, message, labels, flow.paths.typeOf(path), first);
    return false;
  }

  private report(code: ErrorCode, n: Node, message: string, labels: ReturnType<Checker["label"]>[], type: Parameters<Checker["typeName"]>[0] | undefined, first: readonly string[] = []): void {
    if (this.isSilent) return;
    const advice = [...first, "borrow it with & instead"];
    if (type !== undefined && this.facts.isClone(type)) advice.push("clone it: ….clone()");
    this.c.error(code, n, message, { labels, advice });
  }

  private what(flow: Flow, path: PathId): string {
    return describe(this.c, flow, path);
  }

  private shown(flow: Flow, path: PathId): string {
    return describe(this.c, flow, path);
  }

  /** Where the variable at the root is declared. */
  private declared(flow: Flow, path: PathId, text: string): ReturnType<Checker["label"]>[] {
    const root = flow.paths.rootOf(path);
    if (flow.paths.kindOf(root) === Root.temporary) return [];
    const local = flow.paths.ownerOf(root) as LocalId;
    return [this.c.label(this.c.program.localNode(local), text)];
  }
}
