/** What a guide has its reader do: each fenced block is one step, and none is there for looking at alone. */

export type Step =
  /** ```` ```ts ```` and the like: a file, whose path is the comment in its first line. */
  | { readonly kind: "file"; readonly line: number; readonly path: string; readonly text: string }
  /** ```` ```sh ````: commands. With `# exit code N` behind it, the last one ends with that. */
  | Command
  /** ```` ```sh terminal ````: a command in a terminal of its own, which runs on beside the others. */
  | Terminal;

export interface Command {
  readonly kind: "command";
  readonly line: number;
  readonly script: string;
  readonly exitCode: number;
  /** ```` ```sh soon ````: what comes of something else that is going on; tried again until it does. */
  readonly isSoon: boolean;
  /** ```` ```text ```` behind it: what it prints, among other things. */
  readonly excerpt: string | undefined;
}

export interface Terminal extends Omit<Command, "kind" | "exitCode" | "isSoon"> {
  readonly kind: "terminal";
  /** Once it has printed this, the reader goes on. */
  readonly excerpt: string;
}

interface Block {
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

const FENCE = /^```(.*)$/;
const FILE_NAME = /^(?:\/\/|#) ([\w./-]+\.[\w]+)$/;
const EXIT_CODE = /# exit code (\d+)[^\n]*\s*$/;

/** The steps of a guide, in their order. Throws on a block of which it is not said what to do with it. */
export function parseGuide(markdown: string): Step[] {
  const steps: Step[] = [];
  const blocks = blocksOf(markdown);
  while (blocks.length > 0) {
    const block = blocks.shift();
    if (block === undefined) break;
    const { line, info, text: script } = block;
    if (info === "sh" || info === "sh soon") {
      const exitCode = Number(EXIT_CODE.exec(script)?.[1] ?? 0);
      const isSoon = info === "sh soon";
      steps.push({ kind: "command", line, script, exitCode, isSoon, excerpt: takeExcerpt(blocks) });
    } else if (info === "sh terminal") {
      const excerpt = takeExcerpt(blocks);
      if (excerpt === undefined) throw new Error(`Line ${line}: what does it print when it is ready?`);
      steps.push({ kind: "terminal", line, script, excerpt });
    } else steps.push(fileOf(block));
  }
  return steps;
}

function fileOf({ line, info, text }: Block): Step {
  const path = FILE_NAME.exec(text.split("\n", 1)[0] ?? "")?.[1];
  if (path === undefined)
    throw new Error(`Line ${line}: a block of "${info}" neither names its file nor is a command's.`);
  return { kind: "file", line, path, text };
}

function takeExcerpt(blocks: Block[]): string | undefined {
  return blocks[0]?.info === "text" ? blocks.shift()?.text : undefined;
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const info = FENCE.exec(text)?.[1]?.trim();
    if (info === undefined) open?.lines.push(text);
    else if (open === undefined) open = { line: index + 1, info, lines: [] };
    else {
      blocks.push({ line: open.line, info: open.info, text: `${open.lines.join("\n")}\n` });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`Line ${open.line}: the block has no end.`);
  return blocks;
}
