/** The example recipient (contracts/examples/Mailbox.sol), that a newcomer has whom to write to. */
import { id } from "ethers";

import { initCodeOf } from "../../deploy/code.ts";
import { Mailbox__factory } from "../../types/ethers-contracts/factories/examples/Mailbox__factory.ts";
import { DEPLOYMENT_PROXY, throughDeploymentProxy } from "../chain/deploymentProxy.ts";
import { ParleyError } from "../errors.ts";
import type { FabricMember } from "../testing/fabric.ts";

const SALT = id("parley.devnet.mailbox");

/** Puts a mailbox on every member; answers its address, which is the same everywhere because the Gateway's is. */
export async function deployMailboxes(members: readonly FabricMember[]): Promise<{ readonly address: string }> {
  const addresses = await Promise.all(members.map((member) => deployMailbox(member)));
  const [address, ...others] = new Set(addresses);
  if (address !== undefined && others.length === 0) return { address };
  throw new ParleyError(
    "devnet/gateways-differ",
    `The Gateways are not at one address: ${members.map(({ name, ref }) => `${name} ${ref.gateway}`).join(", ")}.`,
    "Start from fresh chains with the same accounts.",
  );
}

async function deployMailbox({ signer, ref }: FabricMember): Promise<string> {
  const { data, address } = throughDeploymentProxy(SALT, initCodeOf(Mailbox__factory, [ref.gateway]));
  await (await signer.sendTransaction({ to: DEPLOYMENT_PROXY, data })).wait();
  return address;
}
