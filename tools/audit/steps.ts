import { readFileSync } from "node:fs";

import { npm, okLine, tsx, type Ran } from "./run.ts";
import { solidityMutants } from "./solidityMutants.ts";
import { fuzzing, invariants } from "./solidityTests.ts";
import type { Step } from "./step.ts";
import { typescriptMutants } from "./typescriptMutants.ts";

export type AuditOptions = { readonly full: boolean; readonly recorded: boolean; readonly minutes: number };

const CODE = ["contracts", "src", "tasks", "deploy", "test", "tools", "bench", "package-lock.json"];

const single = (name: string, what: string, inputs: readonly string[], act: () => Promise<Ran>): Step => ({
  name,
  what,
  demands: "passes",
  inputs,
  parts: () => [
    {
      name: "all",
      run: async () => {
        const ran = await act();
        return { passed: ran.passed, says: okLine(ran) };
      },
    },
  ],
});

/** Whether package.json has a script of this name. */
const hasScript = (name: string): boolean =>
  new RegExp(`^    "${name}":`, "m").test(readFileSync("package.json", "utf8"));

/** What an audit consists of, quick ones first. */
export const auditSteps = ({ full, recorded, minutes }: AuditOptions): readonly Step[] => [
  single("secrets", "no key, token or path of a machine in any file", CODE, () => tsx("tools/check-secrets.ts")),
  single(
    "tests named",
    "every invariant and rule has the tests that docs/INVARIANTS.md names",
    ["docs/INVARIANTS.md", "test"],
    () => tsx("tools/check-invariants.ts"),
  ),
  single("lint", "solhint, eslint, prettier, without a warning", CODE, () => npm("lint")),
  single("storage", "storage layouts are as committed", ["contracts", "docs/storage"], () => npm("storage:check")),
  single("coverage", "every line and statement of the shipped contracts runs", ["contracts", "test"], () =>
    npm("coverage"),
  ),
  ...(hasScript("formal")
    ? [
        single("formal", "what solc's model checker proves", ["contracts", "formal", "tools/formal"], () =>
          npm("formal"),
        ),
      ]
    : []),
  typescriptMutants(recorded),
  solidityMutants(full),
  fuzzing,
  invariants(minutes),
];
