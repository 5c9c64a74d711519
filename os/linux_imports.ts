/** Which library of Linux' C libraries has a function, and which version of it a program asks for. */

import { glibcSince, inBoth, inGlibc, inMusl, inResolver, libraryVariables, newestGlibc } from "./linux_functions.ts";

/** glibc before 2.34 has these apart; later ones keep empty libraries of these names. */
const apart: readonly (readonly [RegExp, string])[] = [
  [/^(pthread_|sem_)/, "libpthread.so.0"],
  [/^dl(open|sym|close|error|addr|vsym|info|mopen)$/, "libdl.so.2"],
  [/^(timer_|mq_|shm_|aio_)/, "librt.so.1"],
  [/^(openpty|forkpty|login_tty|login|logout|logwtmp)$/, "libutil.so.1"],
];
/** Of <math.h>, without the f or l at the end. */
const mathematics = `acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 exp10 expm1 fabs fdim floor fma fmax fmin fmod frexp hypot ilogb
  ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sincos sinh
  sqrt tan tanh tgamma trunc j0 j1 jn y0 y1 yn`;

/**
 * By architecture: functions that glibc has in several versions, with those since the oldest. Who asks for none gets the oldest, which may be another function
 * (realpath without nil as its second argument). Those with 2.27 and later set no errno, or return as C11 has it.
 */
type Versions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
let madeVersions: Versions | undefined;
const versions = (): Versions => (madeVersions ??= {
  x86_64: {
    __libc_start_main: ["2.2.5"], memcpy: ["2.2.5", "2.14"], realpath: ["2.2.5", "2.3"], posix_spawn: ["2.2.5", "2.15"], posix_spawnp: ["2.2.5", "2.15"],
    regexec: ["2.2.5", "2.3.4"], nftw: ["2.2.5", "2.3.3"], sched_setaffinity: ["2.3.3", "2.3.4"], sched_getaffinity: ["2.3.3", "2.3.4"], clock_gettime: ["2.17"],
    pthread_cond_wait: ["2.2.5", "2.3.2"], pthread_cond_signal: ["2.2.5", "2.3.2"], pthread_cond_broadcast: ["2.2.5", "2.3.2"], pthread_cond_init: ["2.2.5", "2.3.2"],
    pthread_cond_destroy: ["2.2.5", "2.3.2"], pthread_cond_timedwait: ["2.2.5", "2.3.2"], timer_create: ["2.2.5", "2.3.3"], timer_delete: ["2.2.5", "2.3.3"],
    timer_settime: ["2.2.5", "2.3.3"], timer_gettime: ["2.2.5", "2.3.3"], timer_getoverrun: ["2.2.5", "2.3.3"], fmemopen: ["2.2.5", "2.22"], quick_exit: ["2.10", "2.24"],
    glob: ["2.2.5", "2.27"], glob64: ["2.2.5", "2.27"], exp: ["2.2.5", "2.29"], exp2: ["2.2.5", "2.29"], log: ["2.2.5", "2.29"], log2: ["2.2.5", "2.29"], pow: ["2.2.5", "2.29"],
    expf: ["2.2.5", "2.27"], exp2f: ["2.2.5", "2.27"], logf: ["2.2.5", "2.27"], log2f: ["2.2.5", "2.27"], powf: ["2.2.5", "2.27"], lgamma: ["2.2.5", "2.23"],
  },
  arm64: {
    __libc_start_main: ["2.17"], fmemopen: ["2.17", "2.22"], quick_exit: ["2.17", "2.24"], glob: ["2.17", "2.27"], glob64: ["2.17", "2.27"], exp: ["2.17", "2.29"], exp2: ["2.17", "2.29"],
    log: ["2.17", "2.29"], log2: ["2.17", "2.29"], pow: ["2.17", "2.29"], expf: ["2.17", "2.27"], exp2f: ["2.17", "2.27"], logf: ["2.17", "2.27"], log2f: ["2.17", "2.27"], powf: ["2.17", "2.27"],
    lgamma: ["2.17", "2.23"],
  },
});

/** The oldest glibc that programs are made for where nobody asks for another. */
export const oldestGlibc = "2.17";

/** Functions that C programs get from an object of glibc's that is linked into them: what that calls. atexit's callback is given an argument that it ignores. */
const inlined: Readonly<Record<string, string>> = { atexit: "__cxa_atexit" };

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

let known: { readonly glibc: ReadonlySet<string>; readonly musl: ReadonlySet<string>; readonly since: ReadonlyMap<string, string>; readonly resolver: ReadonlySet<string>; readonly variables: ReadonlySet<string>; readonly mathematics: ReadonlySet<string> } | undefined;

/** The tables as sets, made when somebody asks for a function by name. */
function tables(): NonNullable<typeof known> {
  const both = words(inBoth);
  return (known ??= {
    glibc: new Set([...both, ...words(inGlibc)]), musl: new Set([...both, ...words(inMusl)]),
    since: new Map(Object.entries(glibcSince).flatMap(([version, names]) => words(names).map((name) => [name, version] as const))),
    resolver: new Set(words(inResolver)), variables: new Set(words(libraryVariables)), mathematics: new Set(words(mathematics)),
  });
}

/** The name of the library's function that a program calls `symbol`. The os layer writes `libc_` before its own, so that they are nobody else's. */
export function linuxName(symbol: string): string {
  return symbol.startsWith("libc_") ? symbol.slice(5) : symbol;
}

/**
 * The library and the name there of the function that a program calls `symbol`; undefined if we know that `libc` has none, or that glibc has none in version
 * `floor`. Names that begin with `_` are the library's own affair, and taken as they are.
 */
export function linuxFunction(symbol: string, libc: "libc" | "musl", floor: string): { readonly library: string; readonly name: string } | undefined {
  const name = linuxName(symbol);
  const isOurs = name !== symbol || name.startsWith("_");
  if (libc === "musl") return isOurs || tables().musl.has(name) ? { library: "libc.so", name } : undefined;
  if (Object.hasOwn(inlined, name)) return { library: "libc.so.6", name: inlined[name] };
  if (!isOurs && !isInGlibc(name, floor)) return undefined;
  if (!isOurs && tables().resolver.has(name)) return { library: "libresolv.so.2", name };
  const library = apart.find(([pattern]) => pattern.test(name))?.[1] ?? (tables().mathematics.has(name) || tables().mathematics.has(name.replace(/[fl](_r)?$/, "")) ? "libm.so.6" : "libc.so.6");
  return { library, name };
}

function isInGlibc(name: string, floor: string): boolean {
  const { glibc, since, variables } = tables();
  if (glibc.has(name)) return true;
  const version = since.get(name);
  if (version !== undefined) return compareVersions(version, floor) <= 0;
  return compareVersions(floor, newestGlibc) > 0 && !variables.has(name);
}

/** What to say of a name that `linuxFunction` does not find; `suggest`: the nearest of names. */
export function linuxAdvice(name: string, libc: "libc" | "musl", suggest: (name: string, candidates: Iterable<string>) => string | undefined): string[] {
  const { glibc, musl, since, variables } = tables();
  const byName = "dlsym(nil, \"…\\0\".ptr) finds at run time whatever the library has";
  if (variables.has(name)) return [`'${name}' is a variable of the C library, not a function: dlsym(nil, "${name}\\0".ptr) gives its address`];
  const version = since.get(name);
  if (libc === "libc" && version !== undefined) return [`glibc has '${name}' since ${version}, and the program is to run with earlier ones: say --glibc ${version}`];
  const near = suggest(name, libc === "musl" ? musl : [...glibc, ...since.keys()]);
  const elsewhere = libc === "musl" ? (glibc.has(name) || since.has(name) ? ["glibc has it, musl 1.2.3 does not"] : []) : musl.has(name) ? ["musl has it, glibc does not"] : [];
  return [...(near === undefined ? [] : [`did you mean '${near}'?`]), ...elsewhere, libc === "musl" ? byName : `no glibc up to ${newestGlibc} has it: for one of a later version say --glibc with that; ${byName}`];
}

/** The newest version of a function that glibc `floor` has; undefined where there is but one. */
export function glibcVersion(architecture: string, name: string, floor: string): string | undefined {
  // where no function was asked for by name, none is so new
  const since = known?.since.get(name);
  if (since !== undefined) return `GLIBC_${since}`;
  const fitting = (versions()[architecture]?.[name] ?? []).filter((version) => compareVersions(version, floor) <= 0);
  const newest = fitting.at(-1);
  return newest === undefined ? undefined : `GLIBC_${newest}`;
}

/** Below, equal to or above 0 as `a` is older than, the same as or newer than `b`: `2.9` is older than `2.17`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
