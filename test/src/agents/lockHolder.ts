/**
 * A process that takes the locks it is told of, several times at once, says what came of it, and holds them till its end.
 * Does nothing unless it is started for that: test runners load every file.
 */
import { ParleyError } from "../../../src/errors.ts";
import { lockStore } from "../../../src/agents/storeLock.ts";

export const HOLD_LOCKS = "hold-locks";

const TRIES = 3;

async function outcomeOf(path: string): Promise<string> {
  try {
    await lockStore(path);
    return "taken";
  } catch (error) {
    return error instanceof ParleyError ? error.code : String(error);
  }
}

if (process.argv[2] === HOLD_LOCKS) {
  process.on("message", (path: string) => {
    void Promise.all(Array.from({ length: TRIES }, () => outcomeOf(path))).then((outcomes) => process.send?.(outcomes));
  });
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}
