/** What is put right when a signal ends a command: folders go, programs that were started end. A command that does nothing of the kind ends at once, as any program does. */

import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Interrupt = (typeof signals)[number];

const cleanups = new Set<() => void>();
let receive: ((signal: Interrupt) => void) | undefined;

/** Whether a signal is one of those by which somebody ends a program that is not at fault. */
export function isInterrupt(signal: NodeJS.Signals | null): signal is Interrupt {
  return signals.some((one) => one === signal);
}

/** Has `cleanup` run where a signal ends this process from now on; gives what takes that back. */
export function onInterrupt(cleanup: () => void): () => void {
  if (receive === undefined) receiveInterrupts(endBy);
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

/** Signals go to `receiver` from now on, and end nothing by themselves. */
export function receiveInterrupts(receiver: (signal: Interrupt) => void): void {
  if (receive === undefined) for (const signal of signals) process.on(signal, () => receive?.(signal));
  receive = receiver;
}

/** Ends this process as the signal would have, but cleanly. */
export function endBy(signal: Interrupt): never {
  for (const cleanup of [...cleanups].reverse()) cleanup();
  process.exit(128 + (constants.signals[signal] ?? 0));
}
