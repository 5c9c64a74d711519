/** Which library of Linux' C libraries has a function, and which version of it a program asks for. */

/** glibc before 2.34 has these apart; later ones keep empty libraries of these names. */
const apart: readonly (readonly [RegExp, string])[] = [
  [/^(pthread_|sem_)/, "libpthread.so.0"],
  [/^dl(open|sym|close|error|addr|vsym|info|mopen)$/, "libdl.so.2"],
  [/^(timer_|mq_|shm_|aio_)/, "librt.so.1"],
];
/** Of <math.h>, without the f or l at the end. */
const mathematics = new Set(`acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 exp10 expm1 fabs fdim floor fma fmax fmin fmod frexp hypot ilogb
  ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sincos sinh
  sqrt tan tanh tgamma trunc j0 j1 jn y0 y1 yn`.split(/\s+/));

/**
 * By architecture: functions that glibc has in several versions, with those since the oldest. Who asks for none gets the oldest, which may be another function
 * (realpath without nil as its second argument). Those with 2.27 and later set no errno, or return as C11 has it.
 */
const versions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
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
};

/** The oldest glibc that programs are made for where nobody asks for another. */
export const oldestGlibc = "2.17";

/** The library and the name there of the function that a program calls `symbol`. The os layer writes `libc_` before its own, so that they are nobody else's. */
export function linuxFunction(symbol: string, libc: "libc" | "musl"): { readonly library: string; readonly name: string } {
  const name = symbol.startsWith("libc_") ? symbol.slice(5) : symbol;
  if (libc === "musl") return { library: "libc.so", name };
  const library = apart.find(([pattern]) => pattern.test(name))?.[1] ?? (mathematics.has(name) || mathematics.has(name.replace(/[fl](_r)?$/, "")) ? "libm.so.6" : "libc.so.6");
  return { library, name };
}

/** The newest version of a function that glibc `floor` has; undefined where there is but one. */
export function glibcVersion(architecture: string, name: string, floor: string): string | undefined {
  const fitting = (versions[architecture]?.[name] ?? []).filter((version) => compareVersions(version, floor) <= 0);
  const newest = fitting.at(-1);
  return newest === undefined ? undefined : `GLIBC_${newest}`;
}

export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
