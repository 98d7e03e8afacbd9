import { throughDeploymentProxy } from "../../src/chain/deploymentProxy.ts";
import type { DeployChain } from "../chain.ts";
import { SALT } from "../salt.ts";

/** What a stack's bridge is to the plan: how its two ends come about, and how a table gets over it. */
export interface MemberBridge {
  /** The member's own end, which the GatewayDeployer puts where every member has it. */
  readonly initCode: string;
  /** L1's end: a contract of its own, or the member's end where that is on L1 too. */
  readonly l1End: { readonly address: string; readonly initCode: string | undefined };
  /** Whether a table that L1 sent has not arrived yet. */
  readonly isOnItsWay: (table: SentTable) => Promise<boolean>;
  /** Development nodes: brings what L1 sent, as a rollup's own node does. Without it the rollup itself does, in its own time. */
  readonly bring: (() => Promise<void>) | undefined;
  /** Gas on L1 that sending a table takes beyond what every bridge takes. */
  readonly sendGas: bigint;
  /** Wei that sending a table down takes at most, told before anything stands. */
  readonly mostFee: () => Promise<bigint>;
  /** Of an L3: the middle of its bridge. */
  readonly hop?: PlannedHop;
  /** Wei that pushing a table on from there takes at most. */
  readonly mostPush?: () => Promise<bigint>;
}

/** The middle of an L3's bridge, on its parent. */
export interface PlannedHop {
  readonly parent: DeployChain;
  readonly address: string;
  readonly initCode: string;
  /** By which the parent's GatewayDeployer knows it, in the place of the settlement chain's id. */
  readonly number: bigint;
  /** Whether a table has come from L1. */
  readonly hasArrived: (tableId: string) => Promise<boolean>;
  /** Whether it was pushed on so lately that it may be on its way. */
  readonly isPushed: (tableId: string) => Promise<boolean>;
}

/** A table that L1 sent. */
export interface SentTable {
  readonly tableId: string;
  /** To whom. */
  readonly member: string;
}

/** What both ends have to know. */
export interface BridgeEnds {
  readonly settlement: string;
  readonly serviceManager: string;
  readonly gateway: string;
  readonly gatewayDeployer: string;
  /** The member's end. */
  readonly bridge: string;
}

/** L1's end of the bridge to a rollup: members' own ends are alike, so the salt keeps L1's apart. */
export const planL1End = ({ chainId }: DeployChain, initCode: string): MemberBridge["l1End"] => ({
  ...throughDeploymentProxy(SALT.l1Bridge(chainId), initCode),
  initCode,
});

/** Of a bridge that carries free of charge. */
export const FREE = { sendGas: 0n, mostFee: () => Promise.resolve(0n) } as const;
