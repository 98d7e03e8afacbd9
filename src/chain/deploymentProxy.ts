/**
 * The deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy): stands at one address on almost every
 * chain, and gives what it deploys an address that depends on salt and code alone.
 */
import { getCreate2Address, keccak256 } from "ethers";

/** Where it stands. */
export const DEPLOYMENT_PROXY = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/** Its runtime code. */
export const DEPLOYMENT_PROXY_CODE =
  "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

/** The transaction that deploys it on any chain, signed by nobody: its signature was made up, and its signer recovered. */
export const DEPLOYMENT_PROXY_TRANSACTION =
  "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222";

/** What the proxy must be sent to deploy this init code, and where the code will stand. */
export function throughDeploymentProxy(salt: string, initCode: string): { data: string; address: string } {
  return {
    data: salt + initCode.slice(2),
    address: getCreate2Address(DEPLOYMENT_PROXY, salt, keccak256(initCode)),
  };
}
