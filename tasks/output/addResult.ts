/** What `rollup:add` did, as data and as text. */
import { timeText } from "./messages.ts";
import type { NetworkDeployResult } from "./networkDeployResult.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export interface AddResult extends NetworkDeployResult {
  readonly name: string;
  /** When it becomes a member, seconds since 1970 by L1's clock; zero if it is not registered yet. */
  readonly liveFrom: bigint;
}

/** `text`: what came of the plan. */
export function describeAddition({ name, liveFrom, steps }: AddResult, text: string, paint: Paint): string {
  const isDone = steps.every(({ status }) => status === "done" || status === "sent");
  if (isDone) return `${text}\n${paint("green", `${name} is a member, and all members know it.`)}`;
  const notice =
    liveFrom === 0n
      ? `${name} is not registered yet; its notice begins then.`
      : `${name} becomes a member at ${timeText(liveFrom)}, L1's time.`;
  return `${text}\n${notice} The next operator table after that names it, and opens the lanes to and from it: a relayer publishes it, or you do by running this again.`;
}
