/** What a stack's bridge is to the plan: how its two ends come about, and how a table gets over it. */
export interface MemberBridge {
  /** The member's own end, which the GatewayDeployer puts where every member has it. */
  readonly initCode: string;
  /** L1's end: a contract of its own, or the member's end where that is on L1 too. */
  readonly l1End: { readonly address: string; readonly initCode: string | undefined };
  /** Whether a table that L1 sent has not arrived yet. */
  readonly isOnItsWay: (tableId: string) => Promise<boolean>;
  /** Development nodes: brings what L1 sent, as a rollup's own node does. */
  readonly bring: (() => Promise<void>) | undefined;
}

/** What both ends have to know. */
export interface BridgeEnds {
  readonly settlement: string;
  readonly serviceManager: string;
  readonly gateway: string;
  /** The member's end. */
  readonly bridge: string;
}
