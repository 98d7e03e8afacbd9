/** What the simulated fabric asks of whoever puts contracts onto a chain. `deploy/` answers it with Hardhat Ignition. */

/** What a ServiceManager is made of, but the Settlement; see contracts/settlement/ServiceManager.sol. Times in seconds. */
export interface SettlementParameters {
  readonly owner: string;
  readonly memberNotice: bigint;
  readonly allocationManager: string;
  readonly keyRegistrar: string;
  readonly rewardsCoordinator: string;
  readonly strategies: string[];
  readonly multipliers: bigint[];
  readonly metadataURI: string;
  readonly tableAge: bigint;
  readonly minInterval: bigint;
  readonly weightFloor: bigint;
  readonly minWeight: bigint;
  readonly minOperators: bigint;
  /** Wei. */
  readonly bond: bigint;
}

/** A Gateway and its bridge, by the GatewayDeployer. */
export interface GatewayParameters {
  readonly gatewayDeployer: string;
  readonly gatewayInitCode: string;
  readonly bridgeInitCode: string;
  /** Where the GatewayDeployer will put them. */
  readonly gateway: string;
  readonly bridge: string;
  readonly owner: string;
  readonly settlementChainId: bigint;
  readonly settlement: string;
  readonly serviceManager: string;
  readonly acceptAll: boolean;
}

/** A member's registration. `bridge` is the member's own end. */
export interface MemberParameters {
  readonly settlement: string;
  readonly chainId: bigint;
  readonly gateway: string;
  readonly bridge: string;
  readonly maxSettleAge: bigint;
}

/** The registration of a rollup of stack `devnet`, and L1's end of its bridge. */
export interface DevnetMemberParameters extends MemberParameters {
  readonly serviceManager: string;
  readonly derivation: string;
}

/** Deploys on one chain. Each answers the addresses. */
export interface ContractDeployer {
  gatewayDeployer(parameters: {
    readonly data: string;
    readonly address: string;
  }): Promise<{ gatewayDeployer: string }>;
  devnetToken(): Promise<{ token: string }>;
  settlement(parameters: SettlementParameters): Promise<{ settlement: string; serviceManager: string }>;
  localGateway(parameters: GatewayParameters): Promise<{ tableFactory: string; bridge: string; gateway: string }>;
  devnetGateway(parameters: GatewayParameters): Promise<{ tableFactory: string; bridge: string; gateway: string }>;
  localMember(parameters: MemberParameters): Promise<{ l1Bridge: string }>;
  devnetMember(parameters: DevnetMemberParameters): Promise<{ l1Bridge: string }>;
  pingPong(parameters: { readonly links: { gateway: string; counterpart: string }[] }): Promise<{ pingPong: string }>;
}
