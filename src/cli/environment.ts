/** The environment for the programs that we start. */

/** What tells that restart.ts has been here; the conformance suite gives it to its workers, too: 400 programs take 11 s of processor time with it, 19 without. */
export const restartVariable = "BUN_JSC_useFTLJIT";

/**
 * What restart.ts gives to itself: JavaScriptCore without its last compiler, and one before that puts only the smallest functions in place of their calls (of 40
 * bytes, not of 80). What it saves by more is less than what compiling that takes.
 */
export const restartEnvironment: Readonly<Record<string, string>> = { [restartVariable]: "0", BUN_JSC_maximumFunctionForCallInlineCandidateBytecodeCostForDFG: "40" };

/** The environment as the user gave it. */
export function givenEnvironment(): NodeJS.ProcessEnv {
  if (process.env[restartVariable] === undefined) return process.env;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in restartEnvironment)));
}
