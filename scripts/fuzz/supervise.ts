/** Runs seeds in a process of their own: one that hangs or dies is a failure of its seed, and the next seeds go on in another. */

/** A worker that says nothing for so long hangs in the compiler. */
const patience = 180_000;

/** A worker's sign of life, between the lines of two seeds. */
export const alive = "alive";

/** What a worker prints for a seed. */
export function tell(line: string): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export interface Supervision {
  readonly first: number;
  readonly count: number;
  /** Of each seed's line. */
  readonly onLine: (line: string) => void;
  /** A seed whose worker hung or died; how it ended. */
  readonly onDeath: (seed: number, how: string) => void;
}

/** Starts this script again with `--worker`, and a range of seeds, until all have had their turn. */
export async function supervise({ first, count, onLine, onDeath }: Supervision): Promise<void> {
  let next = first;
  const end = first + count;
  const own: string[] = [];
  for (let i = 1; i < process.argv.length; i++) {
    const word = process.argv[i] as string;
    if (/^--(seed|count)$/.test(word)) i++;
    else if (!/^--(seed|count)=/.test(word)) own.push(word);
  }
  while (next < end) {
    const child = Bun.spawn([process.execPath, ...own, "--worker", `--seed=${next}`, `--count=${end - next}`], { stdout: "pipe", stderr: "inherit" });
    let timer = setTimeout(() => child.kill("SIGKILL"), patience);
    let pending = "";
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      pending += decoder.decode(chunk, { stream: true });
      for (let at = pending.indexOf("\n"); at >= 0; at = pending.indexOf("\n")) {
        clearTimeout(timer);
        timer = setTimeout(() => child.kill("SIGKILL"), patience);
        const line = JSON.parse(pending.slice(0, at)) as string;
        pending = pending.slice(at + 1);
        if (line === alive) continue;
        next++;
        onLine(line);
      }
    }
    clearTimeout(timer);
    await child.exited;
    if (next < end && (child.signalCode !== null || child.exitCode !== 0)) {
      onDeath(next, child.signalCode === "SIGKILL" ? "does not end" : `ended with ${child.signalCode ?? child.exitCode}`);
      next++;
    }
  }
}
