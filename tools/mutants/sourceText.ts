import { rangeOf, type AstNode, type Range } from "./ast.ts";

/** A source file; solc counts its bytes, not its characters. */
export class SourceText {
  readonly path: string;
  readonly #bytes: Buffer;

  constructor(path: string, content: string) {
    this.path = path;
    this.#bytes = Buffer.from(content);
  }

  at({ start, end }: Range): string {
    return this.#bytes.subarray(start, end).toString();
  }

  of(node: AstNode): string {
    return this.at(rangeOf(node));
  }

  /** The range, and the semicolon behind it if there is one. */
  withSemicolon({ start, end }: Range): Range {
    const behind = /^\s*;/.exec(this.at({ start: end, end: end + 100 }));
    return { start, end: end + (behind === null ? 0 : Buffer.byteLength(behind[0])) };
  }

  /** The source with these disjoint ranges replaced, and where each replacement came to stand. */
  replace(edits: readonly (Range & { readonly text: string })[]): { content: string; ranges: Range[] } {
    const parts: Buffer[] = [];
    const places = new Map<object, Range>();
    let [read, written] = [0, 0];
    const push = (part: Buffer): void => {
      parts.push(part);
      written += part.length;
    };
    for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
      push(this.#bytes.subarray(read, edit.start));
      const start = written;
      push(Buffer.from(edit.text));
      places.set(edit, { start, end: written });
      read = edit.end;
    }
    push(this.#bytes.subarray(read));
    return {
      content: Buffer.concat(parts).toString(),
      ranges: edits.map((edit) => places.get(edit) ?? { start: 0, end: 0 }),
    };
  }
}
