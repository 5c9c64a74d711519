/** Makes a failing program smaller: lines and whole blocks go, as long as it fails in the same way. */

/** The last line of what starts at `at`: itself, or the end of the block that it opens. */
function endOf(lines: readonly string[], at: number): number {
  if (!(lines[at] as string).trimEnd().endsWith("{")) return at;
  const indent = (lines[at] as string).search(/\S/);
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    // `} else {` goes on.
    if (line.search(/\S/) === indent && line.trim() === "}") return i;
  }
  return at;
}

/** `fails` says whether a candidate still shows the failure. At most `attempts` candidates are tried. */
export function shrink(text: string, fails: (candidate: string) => boolean, attempts = 400): string {
  let lines = text.trimEnd().split("\n");
  let left = attempts;
  for (let changed = true; changed && left > 0; ) {
    changed = false;
    for (let at = lines.length - 1; at >= 0 && left > 0; at--) {
      if (at >= lines.length) continue;
      const end = endOf(lines, at);
      const line = lines[at] as string;
      if (line.trim() === "}" || line.trim().startsWith("} else")) continue;
      const without = [...lines.slice(0, at), ...lines.slice(end + 1)];
      left--;
      if (fails(`${without.join("\n")}\n`)) {
        lines = without;
        changed = true;
        continue;
      }
      // Only the block's frame.
      if (end > at && left > 0 && !/^(func|struct|enum|match|let|[a-zA-Z_.0-9]+.* =>)/.test(line.trim())) {
        const unwrapped = [...lines.slice(0, at), ...lines.slice(at + 1, end), ...lines.slice(end + 1)];
        left--;
        if (fails(`${unwrapped.join("\n")}\n`)) {
          lines = unwrapped;
          changed = true;
        }
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
