/** Ends a check: prints its problems and how to solve them, or what was found to be in order. */
export function report(problems: readonly string[], passed: string, remedy: string): void {
  if (problems.length === 0) {
    console.log(`ok: ${passed}`);
    return;
  }
  for (const problem of problems) console.error(`- ${problem}`);
  console.error(`${problems.length} problem(s). ${remedy}`);
  process.exitCode = 1;
}
