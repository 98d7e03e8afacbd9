import type { OperatorClient } from "../operatorClient.ts";
import type { Watcher } from "../watcher.ts";

/** An operator whose signatures a watcher hears of: who asks operators anyway, can have them watched at no cost. */
export const watched = (operator: OperatorClient, watcher: Pick<Watcher, "hear">): OperatorClient => ({
  address: operator.address,
  certify: async (checkpoints) => {
    const answer = await operator.certify(checkpoints);
    if (answer.signature !== undefined) watcher.hear(checkpoints, answer.signature);
    return answer;
  },
});
