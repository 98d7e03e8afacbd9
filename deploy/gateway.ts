import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * A member's own chain: what makes its tables, its end of the bridge to L1, and the Gateway. The bridge and the Gateway are
 * deployed by the GatewayDeployer, so both addresses are known before, and the same on every chain.
 * @param id The module's id.
 * @param bridgeContract The chain's end of the bridge.
 */
const gatewayModule = <Id extends string, Bridge extends string>(id: Id, bridgeContract: Bridge) =>
  buildModule(id, (m) => {
    const settlementChainId = m.getParameter<bigint>("settlementChainId");
    const settlement = m.getParameter<string>("settlement");
    const bridgeAddress = m.getParameter<string>("bridge");

    const tableFactory = m.contract("EcdsaTableFactory");
    const gatewayDeployer = m.contractAt("GatewayDeployer", m.getParameter<string>("gatewayDeployer"));
    const bridgeDeployed = m.call(gatewayDeployer, "deployBridge", [
      m.getParameter<string>("bridgeInitCode"),
      settlementChainId,
      settlement,
    ]);
    const bridge = m.contractAt(bridgeContract, bridgeAddress, { after: [bridgeDeployed] });
    const gatewayDeployed = m.call(
      gatewayDeployer,
      "deploy",
      [
        m.getParameter<string>("gatewayInitCode"),
        {
          owner: m.getParameter<string>("owner"),
          bridge: bridgeAddress,
          tableFactory,
          settlementChainId,
          settlement,
          serviceManager: m.getParameter<string>("serviceManager"),
          acceptAll: m.getParameter<boolean>("acceptAll"),
        },
      ],
      { after: [bridge] },
    );
    const gateway = m.contractAt("Gateway", m.getParameter<string>("gateway"), { after: [gatewayDeployed] });
    return { tableFactory, bridge, gateway };
  });

/** The member that is on L1 itself. */
export const localGatewayModule = gatewayModule("ParleyLocalGateway", "LocalBridge");

/** A rollup of stack `devnet`. */
export const devnetGatewayModule = gatewayModule("ParleyDevnetGateway", "DevnetRollupBridge");
