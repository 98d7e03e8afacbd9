import type { DeploymentParameters, IgnitionModule, IgnitionModuleResult } from "@nomicfoundation/ignition-core";

import type { ContractDeployer } from "../src/testing/contractDeployer.ts";
import { devnetTokenModule } from "./devnetToken.ts";
import { devnetGatewayModule, localGatewayModule } from "./gateway.ts";
import { gatewayDeployerModule } from "./gatewayDeployer.ts";
import { devnetMemberModule, localMemberModule } from "./member.ts";
import { pingPongModule } from "./pingPong.ts";
import { settlementModule } from "./settlement.ts";

/** A module whose contracts have these names. */
type Module<Name extends string> = IgnitionModule<string, string, IgnitionModuleResult<string>> & {
  readonly results: Readonly<Record<Name, unknown>>;
};

/** Deploys a module on a chain; answers its contracts' addresses by name. */
export type DeployModule = (
  module: IgnitionModule<string, string, IgnitionModuleResult<string>>,
  parameters: DeploymentParameters,
) => Promise<Readonly<Record<string, string>>>;

/** Deploys by the Ignition modules of this folder. */
export function ignitionDeployer(deployModule: DeployModule): ContractDeployer {
  const deploy = async <Name extends string>(
    module: Module<Name>,
    parameters: object,
  ): Promise<Record<Name, string>> => {
    const named = { [module.id]: { ...parameters } };
    return (await deployModule(module, named)) as Record<Name, string>;
  };
  return {
    gatewayDeployer: (parameters) => deploy(gatewayDeployerModule(parameters), {}),
    devnetToken: () => deploy(devnetTokenModule, {}),
    settlement: (parameters) => deploy(settlementModule, parameters),
    localGateway: (parameters) => deploy(localGatewayModule, parameters),
    devnetGateway: (parameters) => deploy(devnetGatewayModule, parameters),
    localMember: (parameters) => deploy(localMemberModule, parameters),
    devnetMember: (parameters) => deploy(devnetMemberModule, parameters),
    pingPong: (parameters) => deploy(pingPongModule, parameters),
  };
}
