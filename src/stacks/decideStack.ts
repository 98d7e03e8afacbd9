/** Which stack a rollup is joined by: what the config says, held against what the rollup shows. */
import { getAddress } from "ethers";

import { ParleyError } from "../errors.ts";
import { detectStacks, type DetectedChain, refusesEvmCode, STACK_CONTRACTS } from "./detectStacks.ts";
import { otherMessenger, requireParentContract, type JoinedChains } from "./requireParentContract.ts";
import {
  type CanonicalStack,
  PARENT_CONTRACTS,
  type ParentContract,
  type RollupStack,
  type Stack,
  STACK_TITLES,
} from "./stack.ts";
import { wellKnownRollup } from "./wellKnown.ts";

export interface StackChains extends JoinedChains {
  readonly parent: JoinedChains["parent"] & { readonly isDevelopment: boolean };
  readonly rollup: JoinedChains["rollup"] & DetectedChain & { readonly isDevelopment: boolean };
}

/** What the config says; what is left out is found out. */
export interface StackChoice {
  readonly stack: Stack | undefined;
  readonly contracts: Readonly<Partial<Record<ParentContract, string>>>;
}

/**
 * Decides. Throws `stack/mismatch`, `stack/unknown`, `stack/ambiguous`, `stack/contracts-unknown`, `stack/no-evm`, and as
 * `requireParentContract` does.
 */
export async function decideStack(chains: StackChains, choice: StackChoice): Promise<RollupStack> {
  const { parent, rollup } = chains;
  if (choice.stack === "devnet") return { name: "devnet" };
  const detected = await detectStacks(rollup);
  const areDevelopment = parent.isDevelopment && rollup.isDevelopment;
  if (choice.stack !== undefined && !detected.includes(choice.stack)) throw mismatch(chains, choice.stack, detected);
  const name = choice.stack ?? only(chains, detected, areDevelopment);
  if (name === undefined) return { name: "devnet" };
  const parentContract = choice.contracts[PARENT_CONTRACTS[name]] ?? publishedContract(chains, name);
  if (choice.stack === undefined && areDevelopment && !(await stands(chains, parentContract))) {
    // Development nodes often have a stack's marks and none of its bridge.
    return { name: "devnet" };
  }
  if (parentContract === undefined) throw await contractsUnknown(chains, name);
  if (name === "zksync" && (await refusesEvmCode(rollup))) throw noEvm(chains);
  await requireParentContract(chains, name, parentContract);
  return { name, parentContract: getAddress(parentContract) };
}

function only(
  { rollup }: StackChains,
  detected: readonly CanonicalStack[],
  areDevelopment: boolean,
): CanonicalStack | undefined {
  if (detected.length === 1) return detected[0];
  if (areDevelopment) return undefined;
  if (detected.length === 0) {
    throw new ParleyError(
      "stack/unknown",
      `${rollup.name} (chain ${rollup.chainId}) shows the marks of no stack that this version has a bridge for.`,
      "Deploy to chains of the OP Stack, Arbitrum or the ZK Stack; on nodes of Hardhat or anvil a stand-in is used.",
    );
  }
  throw new ParleyError(
    "stack/ambiguous",
    `${rollup.name} (chain ${rollup.chainId}) shows the marks of more than one stack: ${detected.join(", ")}.`,
    "Say in the config which it is: `stack`.",
  );
}

function publishedContract({ parent, rollup }: StackChains, name: CanonicalStack): string | undefined {
  const known = wellKnownRollup(rollup.chainId, parent.chainId);
  return known?.stack === name ? known.parentContract : undefined;
}

const stands = async ({ parent }: StackChains, address: string | undefined): Promise<boolean> =>
  address !== undefined && (await parent.reader.getCode(address)) !== "0x";

function mismatch({ rollup }: StackChains, wanted: CanonicalStack, detected: readonly CanonicalStack[]): ParleyError {
  const found = detected.length === 0 ? "those of none" : `those of ${detected.join(", ")}`;
  return new ParleyError(
    "stack/mismatch",
    `The config says that ${rollup.name} is of the stack \`${wanted}\`, but chain ${rollup.chainId} shows other marks: ${found} (nothing is at ${STACK_CONTRACTS[wanted]}).`,
    "Correct `stack`, or leave it out: then it is found out. Or correct the network's URL.",
  );
}

/** An OP Stack chain says itself which messenger it believes: worth a hint, but not to be taken on its word. */
async function contractsUnknown({ parent, rollup }: StackChains, name: CanonicalStack): Promise<ParleyError> {
  const said = name === "optimism" ? await otherMessenger(rollup.reader, STACK_CONTRACTS.optimism) : undefined;
  return new ParleyError(
    "stack/contracts-unknown",
    `Nothing says which contract on ${parent.name} is the ${PARENT_CONTRACTS[name]} of ${rollup.name} (${STACK_TITLES[name]}, chain ${rollup.chainId}).`,
    `Look it up in the chain's documentation and name it in the config: contracts: { ${PARENT_CONTRACTS[name]}: "0x…" }.${said === undefined ? "" : ` The chain itself names ${said}.`}`,
  );
}

const noEvm = ({ rollup }: StackChains): ParleyError =>
  new ParleyError(
    "stack/no-evm",
    `${rollup.name} (chain ${rollup.chainId}) runs EraVM alone: code of the EVM, a Gateway's too, cannot be deployed there.`,
    "Deploy to ZK Stack chains with EVM emulation; docs/STACKS.md says what EraVM would need.",
  );
