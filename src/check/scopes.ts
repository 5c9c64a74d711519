/**
 * The local names in sight. In memory: a stack of bindings (name, local, the binding that it hides), and a column by name that holds the
 * innermost binding, so that looking up a name is one read, and leaving a scope puts back what was hidden.
 */

import type { NameId } from "../syntax/ast.ts";
import type { LocalId } from "./definitions.ts";

/** Index of a binding in the stack; 0: none. */
export type Binding = number & { readonly brand: "Binding" };

export class Scopes {
  private heads = new Int32Array(4096);
  private names = new Int32Array(1024);
  private locals = new Int32Array(1024);
  private hidden = new Int32Array(1024);
  private count = 1;
  /** Where the innermost scope begins. */
  private start = 1;

  /** Opens a scope; give what it returns to `leave`. */
  enter(): number {
    const outer = this.start;
    this.start = this.count;
    return outer;
  }

  /** Closes the innermost scope; `outer` is what its `enter` returned. */
  leave(outer: number): void {
    const { names, hidden, heads } = this;
    for (let at = this.count - 1; at >= this.start; at--) heads[names[at] as number] = hidden[at] as number;
    this.count = this.start;
    this.start = outer;
  }

  /** The innermost binding of a name, 0 if there is none. */
  find(name: NameId): Binding {
    return (name < this.heads.length ? this.heads[name] : 0) as Binding;
  }

  local(binding: Binding): LocalId { return this.locals[binding] as LocalId; }

  /** The binding was made in the innermost scope. */
  isInnermost(binding: Binding): boolean { return binding >= this.start; }

  /** Every binding from here on is newer than those now. */
  get top(): Binding { return this.count as Binding; }

  /** First binding of the innermost scope, for walking what it declared. */
  get scopeStart(): Binding { return this.start as Binding; }

  bind(name: NameId, local: LocalId): void {
    const at = this.count++;
    if (at === this.names.length) {
      this.names = larger(this.names, at * 2);
      this.locals = larger(this.locals, at * 2);
      this.hidden = larger(this.hidden, at * 2);
    }
    if (name >= this.heads.length) this.heads = larger(this.heads, Math.max(name + 1, this.heads.length * 2));
    this.names[at] = name;
    this.locals[at] = local;
    this.hidden[at] = this.heads[name] as number;
    this.heads[name] = at;
  }

  nameOf(binding: number): NameId { return this.names[binding] as NameId; }
}

function larger(from: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size);
  to.set(from);
  return to;
}
