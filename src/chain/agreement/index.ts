/** Several nodes of one chain that must say the same before it is taken for true. */
export { AgreeingProvider, type AgreeingProviderOptions } from "./agreeingProvider.ts";
export type { AgreementOptions, NodeListener, NodeOutcome } from "./agreement.ts";
export { HttpNode, type HttpNodeOptions, type RpcNode } from "./rpcNode.ts";
