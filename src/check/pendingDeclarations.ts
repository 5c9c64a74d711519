/** The prelude's declarations that nobody named yet. */

import { partsOf, type CarriedIndex, type DeclarationIndex, type DeclarationPart, type DeclarationTable } from "../syntax/declarationIndex.ts";
import type { LoadedModule } from "./modules.ts";

export interface PendingDeclaration {
  readonly module: LoadedModule;
  readonly part: DeclarationPart;
}

export class PendingDeclarations {
  private readonly waiting = new Map<string, PendingDeclaration[]>();
  /** What was asked for. */
  private readonly named = new Set<string>();
  private readonly taken = new Set<DeclarationPart>();
  /** Where files have their declarations in a table: that, and by number those that were added. */
  private table: DeclarationTable | undefined;
  private readonly modules: (LoadedModule | undefined)[] = [];
  /** Files of the table whose declarations wait though nobody read the file. */
  private readonly expected = new Set<number>();
  private readonly load: (path: string) => LoadedModule;

  /** `load` reads an expected file, once. */
  constructor(load: (path: string) => LoadedModule) {
    this.load = load;
  }

  /** From now on the file's declarations wait. Gives the ranges that must be read at once: first bytes and those behind the last, in turns. */
  add(module: LoadedModule, index: DeclarationIndex | CarriedIndex): Iterable<number> {
    if (!("table" in index)) {
      const { atOnce, parts } = partsOf(index);
      for (const { under, part } of parts) for (const name of under) this.waitUnder(name, { module, part });
      return atOnce;
    }
    this.table = index.table;
    this.modules[index.number] = module;
    return index.table.atOnce(index.number);
  }

  /** From now on the declarations of a file wait that has none to be read at once; false if they do already. */
  expect(table: DeclarationTable, file: number): boolean {
    if (this.modules[file] !== undefined || this.expected.has(file)) return false;
    this.table = table;
    this.expected.add(file);
    return true;
  }

  /** The file of that number, if it was added or is expected. */
  moduleOf(file: number): LoadedModule | undefined {
    if (this.table !== undefined && this.expected.delete(file)) this.modules[file] = this.load(this.table.pathOf(file));
    return this.modules[file];
  }

  private waitUnder(name: string, declaration: PendingDeclaration): void {
    const there = this.waiting.get(name);
    if (there === undefined) this.waiting.set(name, [declaration]);
    else there.push(declaration);
  }

  /** What waits under a name, each once; an impl only if what it stands besides was asked for too, else it goes on waiting for that. */
  take(name: string): readonly PendingDeclaration[] {
    const { table, named, taken } = this;
    const there: PendingDeclaration[] = [];
    if (table !== undefined) {
      for (const part of table.under(name)) {
        const module = this.moduleOf(table.fileOf(part));
        if (module !== undefined) there.push({ module, part: table.part(part) });
      }
    }
    there.push(...(this.waiting.get(name) ?? []));
    this.waiting.delete(name);
    named.add(name);
    return there.filter((declaration) => {
      const { part } = declaration;
      if (taken.has(part)) return false;
      if (part.besides.length > 0 && !part.besides.some((one) => named.has(one))) {
        for (const one of part.besides) this.waitUnder(one, declaration);
        return false;
      }
      taken.add(part);
      return true;
    });
  }

  /** All that waits. */
  takeAll(): readonly PendingDeclaration[] {
    const { table, taken } = this;
    const all = [...this.waiting.values()].flat();
    this.waiting.clear();
    for (let part = 0; table !== undefined && part < table.count; part++) {
      const module = this.moduleOf(table.fileOf(part));
      if (module !== undefined) all.push({ module, part: table.part(part) });
    }
    this.table = undefined;
    return all.filter(({ part }) => !taken.has(part) && taken.add(part));
  }
}
