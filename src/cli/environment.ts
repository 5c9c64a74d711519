/** The environment for the programs that we start. */

/** What tells that restart.ts has been here; the conformance suite gives it to its workers, too: 400 programs take 11 s of processor time with it, 19 without. */
export const restartVariable = "BUN_JSC_useFTLJIT";

/** Threads that compile JavaScript: each that runs beside another and the program itself, on two cores, has one of them wait. */
const compilersVariable = "BUN_JSC_maxNumberOfWorklistThreads";

const fixed: Readonly<Record<string, string>> = {
  [restartVariable]: "0",
  BUN_JSC_maximumFunctionForCallInlineCandidateBytecodeCostForDFG: "40",
  BUN_JSC_heapGrowthMaxIncrease: "1",
  MIMALLOC_ALLOW_THP: "0",
};

/**
 * What restart.ts gives to itself: JavaScriptCore without its last compiler, and one before that puts only the smallest functions in place of their calls (of 40
 * bytes, not of 80). What it saves by more is less than what compiling that takes. On two `cores` one thread compiles: a build of 20,000 or 100,000 lines
 * at -O1 takes 0.95 of the time that it takes with two.
 *
 * The heap at most doubles between collections, and gets no large pages (scripts/largePages.ts): memory that the system has to zero, or to take from others
 * first, costs more than either saves. A -O1 build of 100,000 lines has 210 MB instead of 264, and takes as long; where a virtual machine's host has taken idle
 * memory back, 0.85 of the time, and one at -O0 0.68.
 */
export function restartEnvironment(cores: number): Readonly<Record<string, string>> {
  return cores > 2 ? fixed : { ...fixed, [compilersVariable]: "1" };
}

/** The environment as the user gave it, whose own values for these variables stay (restart.ts). */
export function givenEnvironment(): NodeJS.ProcessEnv {
  if (process.env[restartVariable] === undefined) return process.env;
  const ours = restartEnvironment(1);
  return Object.fromEntries(Object.entries(process.env).filter(([name, value]) => ours[name] !== value));
}
