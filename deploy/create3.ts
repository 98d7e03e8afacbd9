import { AbiCoder, getCreate2Address, getCreateAddress, keccak256 } from "ethers";

/** Hash of the code of the proxy through which CREATE3 deploys; see OpenZeppelin's Create3. */
const CREATE3_PROXY_HASH = keccak256("0x73365f5f37365f34f06012573d5f5f3e3d5ffd5b005f526014600cf3");

/** What a GatewayDeployer makes of the two values that it is told. */
export const deployerSalt = (settlementChainId: bigint, settlement: string): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "address"], [settlementChainId, settlement]));

/** Where a GatewayDeployer's `deployBridge` puts something, whatever its code. */
export function bridgeAddress(gatewayDeployer: string, settlementChainId: bigint, settlement: string): string {
  const salt = deployerSalt(settlementChainId, settlement);
  return getCreateAddress({ from: getCreate2Address(gatewayDeployer, salt, CREATE3_PROXY_HASH), nonce: 1 });
}
