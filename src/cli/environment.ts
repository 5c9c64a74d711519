/** The environment for the programs that we start. */

/** What restart.ts gives to itself. */
export const restartVariable = "BUN_JSC_useFTLJIT";

/** The environment as the user gave it. */
export function givenEnvironment(): NodeJS.ProcessEnv {
  const { [restartVariable]: ours, ...given } = process.env;
  return given;
}
