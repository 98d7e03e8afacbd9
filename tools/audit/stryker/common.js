/** What StrykerJS is told whatever it changes: tests run in one process, each mutant's alone, up to the first that fails. */
export const strykerOptions = (name, mutate, spec) => ({
  plugins: ["@stryker-mutator/mocha-runner"],
  testRunner: "mocha",
  testRunnerNodeArgs: ["--import", "tsx"],
  coverageAnalysis: "perTest",
  concurrency: 1,
  timeoutMS: 10_000,
  mutate,
  mochaOptions: { "no-config": true, "no-package": true, "no-opts": true, spec },
  // The copy that it changes lies within the repository, so that it finds the dependencies.
  tempDirName: "cache/stryker",
  symlinkNodeModules: false,
  ignorePatterns: ["artifacts", "bench", "cache", "contracts", "coverage", "dist", "docs", "tasks"],
  disableTypeChecks: true,
  reporters: ["progress-append-only", "clear-text", "json"],
  jsonReporter: { fileName: `cache/audit/stryker-${name}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
});
