/**
 * Which function lies at a place, where that can be no other: in a temporary, or a variable that does not change, which is given its value at one place of the text. The items of
 * `xs.iter().map(|x| x.len)` are what that closure gives.
 */

import type { FunctionDefinition } from "../definitions.ts";
import { noPath, type PathId, type Paths } from "./paths.ts";

export class KnownFunctions {
  private readonly known = new Map<PathId, FunctionDefinition>();
  /** Values that went from one place to another as they are. */
  private readonly copies = new Map<PathId, PathId>();
  private readonly written = new Set<PathId>();
  /** Roots that may have other values than the text at one place tells. */
  private readonly changing = new Set<PathId>();

  /** Something within the root is given a value. `isFixed`: nothing else can change it. */
  writes(root: PathId, isFixed: boolean): void {
    if (!isFixed || this.written.has(root)) this.changing.add(root);
    this.written.add(root);
  }

  put(path: PathId, f: FunctionDefinition): void { this.known.set(path, f); }
  copy(to: PathId, from: PathId): void { this.copies.set(to, from); }

  /** The function that lies `steps` further on than a place. */
  at(paths: Paths, from: PathId, steps: readonly number[]): FunctionDefinition | undefined {
    if (this.changing.has(paths.rootOf(from))) return undefined;
    let path = from;
    for (const [i, step] of steps.entries()) {
      const next = paths.find(path, step);
      if (next === noPath) return this.elsewhere(paths, path, steps.slice(i));
      path = next;
    }
    return this.known.get(path) ?? this.elsewhere(paths, path, []);
  }

  /** Where what the place is a part of came from. */
  private elsewhere(paths: Paths, path: PathId, steps: readonly number[]): FunctionDefinition | undefined {
    let rest = steps;
    for (let at = path; at !== noPath; at = paths.parent(at)) {
      const source = this.copies.get(at);
      if (source !== undefined) return this.at(paths, source, rest);
      rest = [paths.stepOf(at), ...rest];
    }
    return undefined;
  }
}
