import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";

import { expect } from "chai";

import { terminalProgress } from "../../../tasks/output/progress.ts";
import { printingToStderr } from "../../../tasks/output/streams.ts";

/** A stream that keeps what is written, and passes for a terminal of this width if it is to. */
function fakeStream(isTTY: boolean, columns: number): { stream: WriteStream; written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns });
  return { stream: stream as unknown as WriteStream, written: () => String(stream.read() ?? "") };
}

describe("Output of tasks", () => {
  it("tells a terminal each step on one line, cut to its width, and wipes it at the end", () => {
    const { stream, written } = fakeStream(true, 12);
    const progress = terminalProgress(stream);
    progress.step("Deploying the Gateway");
    expect(written())
      .to.match(/Deploying t$/)
      .and.to.not.contain("\n");
    progress.step("Done");
    expect(written().endsWith("\u001b[2K\u001b[1GDone …")).to.equal(true);
    progress.end();
    expect(written()).to.equal("\u001b[2K\u001b[1G");
  });

  it("tells nothing where there is no terminal", () => {
    const { stream, written } = fakeStream(false, 80);
    const progress = terminalProgress(stream);
    progress.step("Deploying");
    progress.end();
    expect(written()).to.equal("");
  });

  it("keeps what is printed on the way out of stdout, and gives stdout back even if the work fails", async () => {
    const { stdout, stderr } = process;
    const writeOf = ({ write }: { write: unknown }): unknown => write;
    const before = writeOf(stdout);
    const stderrWrite = stderr.write.bind(stderr);
    const printed: string[] = [];
    stderr.write = (text: string | Uint8Array): boolean => printed.push(String(text)) > 0;
    try {
      const work = printingToStderr(() => {
        console.log("compiling");
        return Promise.reject(new Error("stop"));
      });
      expect(await work.catch((error: unknown) => String(error))).to.equal("Error: stop");
    } finally {
      stderr.write = stderrWrite;
    }
    expect(printed).to.deep.equal(["compiling\n"]);
    expect(writeOf(stdout)).to.equal(before);
  });
});
