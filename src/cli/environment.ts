/** The environment for the programs that we start. */

/**
 * What a process of ours that has much to do starts with; it can't be said later. Without JavaScriptCore's last compiler 400 conformance programs take 11 s of
 * processor time instead of 19. Memory in large pages that is not given back before the end: where a fault of the memory takes its time, as in a virtual machine,
 * 100,000 lines take a tenth less.
 */
const longRun: Readonly<Record<string, string>> = { BUN_JSC_useFTLJIT: "0", MIMALLOC_ALLOW_THP: "1", MIMALLOC_PURGE_DELAY: "-1" };

/** Says which of them we added, separated by commas: what the user set stays. */
export const addedVariable = "LANG_ADDED_TO_ENVIRONMENT";

/** The environment `from` for a process of ours that has much to do. */
export function longRunEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const added = Object.keys(longRun).filter((name) => from[name] === undefined);
  return { ...longRun, ...from, [addedVariable]: added.join(",") };
}

/** The environment as the user gave it. */
export function givenEnvironment(): NodeJS.ProcessEnv {
  const { [addedVariable]: added, ...given } = process.env;
  for (const name of added?.split(",") ?? []) delete given[name];
  return given;
}
