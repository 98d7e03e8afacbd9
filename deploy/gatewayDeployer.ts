import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { IgnitionModule, NamedArtifactContractAtFuture } from "@nomicfoundation/ignition-core";

import { DEPLOYMENT_PROXY } from "../src/chain/deploymentProxy.ts";

/**
 * The GatewayDeployer, through the deterministic deployment proxy: at the same address on every chain.
 * @param data What the proxy is sent: the salt and the init code.
 * @param address Where the proxy puts that code.
 */
// A function of its data, because Ignition takes no parameter for what `m.send` sends.
export const gatewayDeployerModule = ({
  data,
  address,
}: {
  data: string;
  address: string;
}): IgnitionModule<
  "ParleyGatewayDeployer",
  "GatewayDeployer",
  { gatewayDeployer: NamedArtifactContractAtFuture<"GatewayDeployer"> }
> =>
  buildModule("ParleyGatewayDeployer", (m) => {
    const deployed = m.send("deploy", DEPLOYMENT_PROXY, 0n, data);
    return { gatewayDeployer: m.contractAt("GatewayDeployer", address, { after: [deployed] }) };
  });
