/** Keeps stdout for the result: what anything else prints while `work` runs goes to stderr. */
export async function printingToStderr<Result>(work: () => Promise<Result>): Promise<Result> {
  const { stderr } = process;
  const stdout: { write: unknown } = process.stdout;
  const { write } = stdout;
  stdout.write = stderr.write.bind(stderr);
  try {
    return await work();
  } finally {
    stdout.write = write;
  }
}
