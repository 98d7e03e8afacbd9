/**
 * A process that signs what it is told, says what left it, and ends itself without warning at a step. Does nothing unless it is
 * started for that: test runners load every file.
 */
import { id, SigningKey } from "ethers";

import { FileSigningStore } from "../../../../src/agents/fileSigningStore.ts";
import { operatorSigner } from "../../../../src/agents/operatorSigner.ts";
import { FileHaltBook, haltsFileOf } from "../../../../src/agents/signing/fileHaltBook.ts";
import { GuardedSigner } from "../../../../src/agents/signing/guardedSigner.ts";
import type { OperatorStep } from "../../../../src/agents/signing/steps.ts";
import { checkpointTree, type Checkpoint } from "../../../../src/wire/index.ts";
import { branch, fast, final, foldOf, LANE, wordAt, type Branch } from "../statements.ts";

export const SIGN_AND_DIE = "sign-and-die";

/** What such a process does, and where it ends. */
export type Order = {
  readonly file: string;
  readonly step: OperatorStep;
  /** How often it gets past the step. */
  readonly times: number;
  /** Which words it signs at which level. */
  readonly seed: number;
};

export const LENGTH = 12;
export const OWN: Branch = branch("own", LENGTH);
/** Leaves the own branch after three messages. */
export const FORK: Branch = [...OWN.slice(0, 3), ...branch("fork", LENGTH - 3)];

const KEY = operatorSigner(new SigningKey(id("killed operator")));
const DOMAIN = { settlementChainId: 1n, serviceManager: `0x${"5e".repeat(20)}` };

/** The words that are asked for, in a seeded order, on a branch. */
export function requests(seed: number, messages: Branch): Checkpoint[] {
  return Array.from({ length: 10 }, (_, place) => {
    const number = Number(BigInt(id(`${seed} ${place}`)) % 1_000_000n);
    const word = wordAt(messages, 1 + (number % messages.length));
    return number % 3 === 0 ? fast(word, id(messages.join())) : final(word);
  });
}

/** The guard over the files that an operator keeps. */
export async function openGuard(
  file: string,
  onStep?: (step: OperatorStep) => void,
): Promise<{ guard: GuardedSigner; store: FileSigningStore }> {
  const store = await FileSigningStore.open(file, { identity: { ...DOMAIN, keyId: KEY.address }, onStep });
  const halts = await FileHaltBook.open(haltsFileOf(file), onStep);
  return { guard: new GuardedSigner({ signer: KEY, domain: DOMAIN, store, halts, onStep }), store };
}

/** Asks for a signature; whether there is one. */
export async function signs(guard: GuardedSigner, checkpoint: Checkpoint, messages: Branch): Promise<boolean> {
  const { root } = checkpointTree([checkpoint]);
  return "signature" in (await guard.sign(root, [{ checkpoint, fold: foldOf(messages) }]));
}

async function signAndDie({ file, step, times, seed }: Order): Promise<void> {
  let passed = 0;
  const { guard } = await openGuard(file, (label) => {
    if (label === step && passed++ === times) process.kill(process.pid, "SIGKILL");
  });
  for (const [place, checkpoint] of requests(seed, OWN).entries()) {
    if (await signs(guard, checkpoint, OWN)) await tell(place);
  }
  for (;;) await guard.compare(LANE, foldOf(FORK)).then(() => guard.compare(LANE, foldOf(OWN)));
}

const tell = (place: number): Promise<void> =>
  new Promise((resolve) => process.send?.(place, undefined, undefined, () => resolve()));

if (process.argv[2] === SIGN_AND_DIE) {
  process.once("message", (order) => void signAndDie(order as Order));
  process.on("disconnect", () => process.exit());
}
