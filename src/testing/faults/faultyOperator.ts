import { id } from "ethers";

import { operatorSigner, type Certification, type OperatorClient } from "../../agents/index.ts";
import { ParleyError } from "../../errors.ts";
import {
  checkpointTree,
  countOf,
  Level,
  type CertificateDomain,
  type Checkpoint,
  wordOf,
  type Hex,
  type LaneWord,
} from "../../wire/index.ts";
import type { DevnetOperator } from "../operators.ts";
import type { FaultyCalls } from "./calls.ts";

/** What an operator signed, be it heard or not. */
export interface SignedAnswer {
  /** Its name. */
  readonly operator: string;
  readonly checkpoints: readonly Checkpoint[];
  readonly signature: Hex;
  /** Whether it says another word than it was asked for. */
  readonly isLie: boolean;
}

/** An operator each signature of which is written down, be it heard or not. */
export function recordedOperator(
  operator: OperatorClient,
  name: string,
  onSigned: (answer: SignedAnswer) => void,
): OperatorClient {
  return {
    address: operator.address,
    certify: async (checkpoints) => {
      const answer = await operator.certify(checkpoints);
      const { signature } = answer;
      if (signature !== undefined) onSigned({ operator: name, checkpoints, signature, isLie: false });
      return answer;
    },
  };
}

/** An operator whose requests and answers go through faulty calls, and that is silent while it is out. */
export function faultyOperator(
  operator: OperatorClient,
  { name, calls, isOut }: { readonly name: string; readonly calls: FaultyCalls; readonly isOut: () => boolean },
): OperatorClient {
  return {
    address: operator.address,
    certify: async (checkpoints) => {
      if (isOut()) throw new ParleyError("faults/out", `${name} is out: a fault of the schedule.`, "Ask again later.");
      return await calls.through("certify", () => operator.certify(checkpoints));
    },
  };
}

/**
 * An operator without honour: it looks nothing up and keeps no account of what it signed. It signs whatever it is asked, and
 * for every final word also another one at the same count (R24: an equivocation).
 */
export function equivocatingOperator(
  { name, key, keyAddress }: Pick<DevnetOperator, "name" | "key" | "keyAddress">,
  domain: CertificateDomain,
  onSigned: (answer: SignedAnswer) => void,
): OperatorClient {
  const signer = operatorSigner(key);
  const sign = async (checkpoints: readonly Checkpoint[], isLie: boolean): Promise<Certification> => {
    const { root } = checkpointTree(checkpoints);
    const signature = await signer.signRoot(domain, root);
    onSigned({ operator: name, checkpoints, signature, isLie });
    return { root, signature, refused: [] };
  };
  return {
    address: keyAddress,
    certify: async (checkpoints) => {
      const final = checkpoints.filter(({ level }) => level === Level.final);
      const lies = final.map((checkpoint) => ({ ...checkpoint, laneWord: otherWord(checkpoint) }));
      if (lies.length > 0) await sign(lies, true);
      return await sign(checkpoints, false);
    },
  };
}

/** A word at the same count that is on no lane. */
const otherWord = ({ laneWord }: Checkpoint): LaneWord =>
  wordOf(id(`${laneWord} told otherwise`).slice(0, 2 + 2 * 27), countOf(laneWord));
