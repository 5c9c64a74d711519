/** The code blocks of a document, and what their info strings say about them. */

export interface Block {
  /** First line of the code, from 1. */
  readonly line: number;
  readonly language: string;
  /** The words behind the language. */
  readonly words: readonly string[];
  readonly text: string;
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const opened = /^```(\S+)?(.*)$/.exec(lines[i] as string);
    if (opened === null) continue;
    const start = i + 1;
    while (i + 1 < lines.length && lines[i + 1] !== "```") i++;
    const [, language = "", rest = ""] = opened;
    blocks.push({ line: start + 1, language, words: rest.trim().split(/\s+/).filter((word) => word !== ""), text: `${lines.slice(start, i + 1).join("\n")}\n` });
    i++;
  }
  return blocks;
}
