/** What a build is asked for, and what it answers. Plain data. */

import type { TargetRow } from "../../os/targets.ts";
import type { Level } from "../opt/pipeline.ts";
import type { Diagnostic } from "../source/diagnostics.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import type { Linked } from "./account.ts";

/** Where a build stops, and what it writes there. */
export type OutputKind = "executable" | "object" | "assembly" | "ir" | "llvm" | "typed" | "ast" | "tokens" | "nothing";

export interface BuildRequest {
  /** The program's file as the user wrote it: messages name it so. */
  readonly path: string;
  /** Its contents, if they do not come from the path (standard input, a test). */
  readonly bytes?: Uint8Array | undefined;
  readonly target: TargetRow;
  readonly level: Level;
  readonly output: OutputKind;
  /** LLVM IR text as LLVM 14 reads it, with typed pointers. */
  readonly llvm14?: boolean | undefined;
  /** What is made of LLVM IR text afterwards, where that is known: what others link has no start of its own. */
  readonly llvmFor?: "executable" | "object" | undefined;
  /** Processor features beyond the baseline. */
  readonly features: readonly string[];
  readonly unchecked: boolean;
  /** `--check-memory`: std/heap_check.lang is the allocator. */
  readonly checkMemory?: boolean | undefined;
  readonly strip: boolean;
  /** `-g`: debug information, and the constant DEBUG. */
  readonly debug: boolean;
  /** Build the `test` declarations into a program that runs the one whose number it is given. */
  readonly tests: boolean;
  readonly image?: ImageOptions;
  readonly tools: ToolOptions;
}

/** What only some formats of executables have. */
export interface ImageOptions {
  /** macOS: what the signature calls the program. */
  readonly identifier?: string;
  /** The smallest file that loaders take, rather than an ordinary one (Windows). */
  readonly tiny?: boolean;
  /** Windows: whether the program has a console. */
  readonly subsystem?: "console" | "gui";
  /** Windows: an icon file, a manifest, and the version's four numbers. */
  readonly icon?: Uint8Array;
  readonly manifest?: Uint8Array;
  readonly fileVersion?: readonly number[];
  /** Linux with glibc: the oldest that the program is to run with, such as 2.17. */
  readonly glibc?: string;
}

/** What makes the compiler's own work visible. */
export interface ToolOptions {
  readonly timePasses: boolean;
  readonly verifyIr: boolean;
  /** `--dump-ownership`. */
  readonly dumpOwnership: boolean;
  readonly stopAfter: string | undefined;
  readonly optLimit: number | undefined;
  /** `--dump=STAGE`, `--dump=after:PASS`: stage or pass names; "all" for every pass. */
  readonly dumps: readonly string[];
  /** Only functions of this name are dumped. */
  readonly functionName: string | undefined;
  /** The answer has what `accountOf` wants to know of the executable. */
  readonly account?: boolean;
  /** Takes what is dumped. */
  readonly onDump: (title: string, text: string) => void;
}

/** Nothing is made visible. */
export const noTools: ToolOptions = {
  timePasses: false, verifyIr: false, dumpOwnership: false, stopAfter: undefined, optLimit: undefined, dumps: [], functionName: undefined, onDump: () => {},
};

/**
 * A request as the command line makes it where no option is given: the executable of a program, at -O1. `more` says what is to be otherwise; without
 * `bytes` the program is read from its path.
 */
export function buildRequest(path: string, bytes: Uint8Array | undefined, target: TargetRow, more: Partial<Omit<BuildRequest, "path" | "bytes" | "target">> = {}): BuildRequest {
  return { path, bytes, target, level: "O1", output: "executable", features: [], unchecked: false, strip: false, debug: false, tests: false, tools: noTools, ...more };
}

export interface StageTime {
  readonly stage: string;
  readonly milliseconds: number;
}

export interface BuildAnswer {
  readonly sources: SourceMap;
  readonly diagnostics: readonly Diagnostic[];
  /** The output, if there was no error (and something was to be written). Text outputs are UTF-8. */
  readonly bytes: Uint8Array | undefined;
  /** Errors that belong to no place in a source: linking, reading files. */
  readonly failures: readonly Failure[];
  readonly times: readonly StageTime[];
  /** Where the linker put what, if `tools.account` asks for it. */
  readonly linked?: Linked | undefined;
  /** Titles of the tests, in the order of their numbers. */
  readonly tests: readonly { readonly title: string; readonly position: number }[];
}

/** An error without a span. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly advice: readonly string[];
  /** The function that nobody has (E0807), and what to say where its declaration is shown. */
  readonly undefinedSymbol?: { readonly name: string; readonly advice: readonly string[] };
}
