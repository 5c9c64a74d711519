/** Archives at the link: their members are taken only when something undefined is defined there. */
import { readArchive } from "../../formats/ar/read.ts";
import type { LinkError } from "./linkError.ts";
import { Binding, UNDEFINED } from "./object.ts";
import type { Machine, ObjectFile, SymbolId } from "./object.ts";
import { readObject } from "./readObject.ts";

/** An archive as the linker asks for it. */
export interface Library {
  readonly name: string;
  /** The member that defines a symbol, as a number; undefined for none. */
  memberOf(symbol: string): number | undefined;
  /** Reads a member. */
  load(member: number): { readonly ok: true; readonly object: ObjectFile } | { readonly ok: false; readonly error: LinkError };
}

export type ReadLibraryResult = { readonly ok: true; readonly library: Library } | { readonly ok: false; readonly error: LinkError };

/** Opens an archive (not a thin one); `name` is what messages call it. */
export function readLibrary(name: string, bytes: Uint8Array<ArrayBuffer>, machine: Machine): ReadLibraryResult {
  const read = readArchive(bytes);
  if (!read.ok) return { ok: false, error: damaged(name, `${read.error.field} at 0x${read.error.offset.toString(16)}: ${read.error.problem}`) };
  const { members, symbols } = read.archive;
  return {
    ok: true,
    library: {
      name,
      memberOf: (symbol) => symbols.get(symbol),
      load(index) {
        const { name: memberName, content } = members[index];
        const full = `${name}(${memberName})`;
        if (content === undefined) return { ok: false, error: damaged(full, "is in another file (a thin archive)") };
        return readObject(full, new Uint8Array(bytes.buffer, content.byteOffset, content.byteLength), machine);
      },
    },
  };
}

function damaged(name: string, problem: string): LinkError {
  return { code: "E0809", symbol: "", message: `${name}: ${problem}`, places: [], advice: [] };
}

export type PullResult = { readonly ok: true; readonly objects: readonly ObjectFile[] } | { readonly ok: false; readonly errors: readonly LinkError[] };

/**
 * The objects, and after them the members that they need, those that these need, and so on. Unlike with `ld`, the order of libraries only decides
 * which of several definitions is taken. Weak references pull nothing, nor does what a common symbol defines.
 */
export function pullMembers(objects: readonly ObjectFile[], libraries: readonly Library[]): PullResult {
  if (libraries.length === 0) return { ok: true, objects };
  const all = [...objects];
  const defined = new Set<string>();
  const wanted: string[] = [];
  const errors: LinkError[] = [];
  const taken = new Set<string>();
  const note = (object: ObjectFile): void => {
    const { symbols } = object;
    for (let i = 0; i < symbols.count; i++) {
      const s = i as SymbolId;
      const binding = symbols.binding(s);
      if (binding === Binding.local) continue;
      const section = symbols.section(s);
      if (section !== UNDEFINED) defined.add(symbols.name(s));
      else if (binding === Binding.global) wanted.push(symbols.name(s));
    }
  };
  objects.forEach(note);
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (defined.has(next)) continue;
    for (const [index, library] of libraries.entries()) {
      const member = library.memberOf(next);
      if (member === undefined) continue;
      const key = `${index} ${member}`;
      if (taken.has(key)) break;
      taken.add(key);
      const read = library.load(member);
      if (!read.ok) {
        errors.push(read.error);
        break;
      }
      all.push(read.object);
      note(read.object);
      break;
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, objects: all };
}
