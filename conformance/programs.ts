import { hasHeader, parseHeader, type Expectation, type HeaderProblem } from "./expectation.ts";

/** One text file of the suite; `path` is relative to the suite's root, with `/`. */
export interface SuiteFile { readonly path: string; readonly text: string }

/** A program with its expectation and the files that it may include or import. */
export interface Program {
  readonly path: string;
  /** The folder of the reference's section, such as `04-expressions`. */
  readonly section: string;
  readonly expectation: Expectation;
  /** Every `.lang` file of the program, itself among them, by path relative to the suite's root. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Programs {
  /** In the order of their paths. */
  readonly programs: readonly Program[];
  readonly problems: readonly HeaderProblem[];
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/**
 * Finds the programs among the suite's files: a `.lang` file with a header is one. Where it is called `main.lang`, everything else in
 * its folder and below belongs to it. A `.lang` file that is neither a program nor part of one is a problem. Other endings are passed over.
 */
export function collectPrograms(suite: Iterable<SuiteFile>): Programs {
  const sources = [...suite].filter((file) => file.path.endsWith(".lang")).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const folders = new Map<string, Map<string, string>>();
  for (const file of sources) if (file.path.endsWith("/main.lang")) folders.set(folderOf(file.path), new Map());

  const programs: Program[] = [];
  const problems: HeaderProblem[] = [];
  for (const file of sources) {
    const folder = ownerOf(file.path, folders);
    const shared = folder === null ? null : folders.get(folder) ?? null;
    if (shared !== null) shared.set(file.path, file.text);
    const isMain = folder !== null && file.path === `${folder}main.lang`;
    if (shared !== null && !isMain) continue;
    if (!hasHeader(file.text)) {
      problems.push({ file: file.path, line: 1, message: "neither a program (no `//@` header) nor beside a main.lang" });
      continue;
    }
    const header = parseHeader(file.path, file.text);
    if (header.kind === "malformed") {
      problems.push(...header.problems);
      continue;
    }
    const slash = file.path.indexOf("/");
    programs.push({
      path: file.path,
      section: slash < 0 ? "" : file.path.slice(0, slash),
      expectation: header.expectation,
      files: shared ?? new Map([[file.path, file.text]]),
    });
  }
  return { programs, problems };
}

/** The folder of the outermost `main.lang` that a path stands beside or below, or null. */
function ownerOf(path: string, folders: ReadonlyMap<string, unknown>): string | null {
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    const folder = path.slice(0, slash + 1);
    if (folders.has(folder)) return folder;
  }
  return null;
}
