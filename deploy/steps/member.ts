/** A member: its Gateway and both ends of its bridge, and its registration on L1. */
import { ZeroAddress } from "ethers";

import { contractAt, interfaceOf } from "../../src/chain/contractAt.ts";
import { GatewayDeployer__factory } from "../../types/ethers-contracts/factories/GatewayDeployer__factory.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { Settlement__factory } from "../../types/ethers-contracts/factories/settlement/Settlement__factory.ts";
import { throughDeploymentProxy } from "../../src/chain/deploymentProxy.ts";
import type { PlannedContracts, PlannedMember } from "../addresses.ts";
import { type DeployChain, hasCode } from "../chain.ts";
import { creationGas } from "../code.ts";
import { SALT } from "../salt.ts";
import type { DeploySettings } from "../settings.ts";
import { type Action, doneIf, type Step, type StepState } from "../step.ts";
import { createStep } from "./create.ts";

/** What a member's steps rest on. */
export interface MemberPlan {
  readonly l1: DeployChain;
  readonly contracts: PlannedContracts;
  readonly settings: DeploySettings;
}

/** On the member's own chain. What makes a Gateway is the same everywhere: it is long, and written down once. */
export function gatewaySteps({ l1, contracts, settings }: MemberPlan): (member: PlannedMember) => Step[] {
  const { settlement, serviceManager, everywhere } = contracts;
  const { gatewayDeployer, tableFactory } = everywhere;
  const deployer = interfaceOf(GatewayDeployer__factory);
  const gateway = deployer.encodeFunctionData("deploy", [
    Gateway__factory.bytecode,
    {
      owner: settings.owner,
      bridge: everywhere.bridge,
      tableFactory: tableFactory.address,
      settlementChainId: l1.chainId,
      settlement: settlement.address,
      serviceManager: serviceManager.address,
      acceptAll: true,
    },
  ]);
  const bridgeOf = (initCode: string): string =>
    deployer.encodeFunctionData("deployBridge", [initCode, l1.chainId, settlement.address]);
  return ({ chain, bridge }) => {
    const owned = { chain, sender: "owner" } as const;
    const call = (data: string): Action => ({ kind: "call", call: { to: gatewayDeployer.address, data, value: 0n } });
    return [
      createStep(chain, "gateway-deployer", "deploy the GatewayDeployer", gatewayDeployer),
      createStep(chain, "table-factory", "deploy the factory of operator tables", tableFactory),
      {
        ...owned,
        id: "bridge",
        title: "deploy the bridge",
        gas: creationGas(bridge.initCode),
        action: call(bridgeOf(bridge.initCode)),
        state: async () => doneIf(await hasCode(chain, everywhere.bridge)),
      },
      {
        ...owned,
        id: "gateway",
        title: "deploy the Gateway",
        gas: creationGas(Gateway__factory.bytecode),
        action: call(gateway),
        state: async () => doneIf(await hasCode(chain, everywhere.gateway)),
      },
    ];
  };
}

/** On L1. */
export function registrationSteps(
  { l1, contracts, settings }: MemberPlan,
  { chain, id, bridge }: PlannedMember,
): Step[] {
  const { settlement, everywhere } = contracts;
  const { l1End } = bridge;
  const registry = contractAt(Settlement__factory, settlement.address, l1.reader);
  const register: Step = {
    id: `member-${chain.name}`,
    title: `register ${chain.name}`,
    chain: l1,
    sender: "owner",
    gas: 400_000n,
    action: {
      kind: "call",
      call: {
        to: settlement.address,
        data: registry.interface.encodeFunctionData("addMember", [
          { chainId: chain.chainId, gateway: everywhere.gateway },
          l1End.address,
          chain.maxSettleAge,
        ]),
        value: 0n,
      },
    },
    state: async (): Promise<StepState> => {
      if (!(await hasCode(l1, settlement.address))) return "due";
      if ((await registry.member(id)).bridge !== ZeroAddress) return "done";
      return await dueForOwner(registry, settings.owner);
    },
  };
  if (l1End.initCode === undefined) return [register];
  const code = { ...throughDeploymentProxy(SALT.l1Bridge(chain.chainId), l1End.initCode), initCode: l1End.initCode };
  return [createStep(l1, `bridge-${chain.name}`, `deploy L1's end of the bridge to ${chain.name}`, code), register];
}

/** Due, unless the contract was handed over to somebody else. */
export async function dueForOwner(contract: { owner(): Promise<string> }, planned: string): Promise<StepState> {
  const owner = await contract.owner();
  return owner === planned ? "due" : { waitsFor: `its owner, which is ${owner} now` };
}
