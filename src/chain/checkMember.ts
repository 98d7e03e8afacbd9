import { contractAt } from "./contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { ParleyError } from "../errors.ts";
import type { MemberNode } from "./memberNode.ts";

/** Makes sure that a node is one of the member's chain, and that the member is there. Throws `chain/wrong-member`. */
export async function checkMember({ id, name, chainId, gateway, provider }: MemberNode): Promise<void> {
  const network = await provider.getNetwork();
  const code = await provider.getCode(gateway);
  const member = code === "0x" ? "none" : await contractAt(IGateway__factory, gateway, provider).MEMBER_ID();
  if (network.chainId === chainId && member === id) return;
  throw new ParleyError(
    "chain/wrong-member",
    `at ${gateway} on chain ${network.chainId} is member ${member}, but ${name} is ${id} on chain ${chainId}`,
    "Check the member's Gateway address, and that its node is one of its chain.",
  );
}
