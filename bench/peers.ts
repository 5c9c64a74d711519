/** The compilers that lang is set beside, where they are installed. */

export interface Peer {
  readonly name: "tcc" | "gcc" | "clang" | "go";
  readonly version: string;
}

const versionArguments: Readonly<Record<Peer["name"], readonly string[]>> = { tcc: ["-v"], gcc: ["--version"], clang: ["--version"], go: ["version"] };

/** Those that are installed, and the names of those that aren't. */
export function findPeers(): { readonly present: readonly Peer[]; readonly absent: readonly string[] } {
  const present: Peer[] = [];
  const absent: string[] = [];
  for (const name of ["tcc", "gcc", "clang", "go"] as const) {
    const path = Bun.which(name);
    if (path === null) {
      absent.push(name);
      continue;
    }
    const { stdout } = Bun.spawnSync([path, ...versionArguments[name]], { stderr: "ignore" });
    present.push({ name, version: stdout.toString().split("\n")[0] ?? "" });
  }
  return { present, absent };
}

/** Builds a C file. Warnings about what the programs do on purpose are off. */
export function compileC(peer: "tcc" | "gcc" | "clang", level: "O0" | "O2", source: string, output: string, defines: readonly string[] = []): readonly string[] {
  return [peer, `-${level}`, "-w", ...defines.map((name) => `-D${name}`), source, "-o", output, "-lm"];
}
