import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";

/** Says on a terminal what is being done, on one line that is overwritten; nothing where there is no terminal. */
export interface Progress {
  step(text: string): void;
  /** Wipes the line. */
  end(): void;
}

export function terminalProgress(stream: WriteStream): Progress {
  if (!stream.isTTY) return { step: () => undefined, end: () => undefined };
  const wipe = (): void => {
    clearLine(stream, 0);
    cursorTo(stream, 0);
  };
  return {
    step: (text) => {
      wipe();
      stream.write(`${text} …`.slice(0, stream.columns - 1));
    },
    end: wipe,
  };
}
