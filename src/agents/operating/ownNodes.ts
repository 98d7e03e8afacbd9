/** The members as an operator sees them: each through several nodes of its own that must agree. */
import { AgreeingProvider, HttpNode, type NodeOutcome } from "../../chain/agreement/index.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import { ParleyError } from "../../errors.ts";
import type { NodesSetting } from "./operatorSettings.ts";

/** A member, and where its nodes are if the settings do not say. */
export type KnownMember = Omit<MemberNode, "provider"> & { readonly urls: readonly string[] };

export type OwnNodesOptions = {
  /** By members' names. */
  readonly nodes: Readonly<Record<string, NodesSetting>>;
  /** How many must agree where a member's entry does not say; all of them if left out. */
  readonly agree: number | undefined;
  readonly timeoutMs: number;
  readonly onOutcome?: (node: OwnNode, outcome: NodeOutcome, seconds: number, reason: string | undefined) => void;
};

/** A node of a member. */
export type OwnNode = { readonly member: string; readonly place: number; readonly at: string };

/** A member through the operator's nodes. */
export type OwnMember = MemberNode & {
  readonly provider: AgreeingProvider;
  readonly nodes: readonly OwnNode[];
  /** How many of them must agree. */
  readonly agree: number;
};

/** Opens the nodes, without asking anything of them. Throws `nodes/unknown-member`, `nodes/none`, `nodes/agree`. */
export function ownNodes(members: readonly KnownMember[], options: OwnNodesOptions): OwnMember[] {
  for (const name of Object.keys(options.nodes)) {
    if (members.some((member) => member.name === name)) continue;
    throw new ParleyError(
      "nodes/unknown-member",
      `The setting \`nodes\` names ${name}, which is no member.`,
      `Members are: ${members.map((member) => member.name).join(", ")}.`,
    );
  }
  return members.map((member) => ownMember(member, options));
}

function ownMember({ urls: known, ...member }: KnownMember, options: OwnNodesOptions): OwnMember {
  const { name, chainId } = member;
  const { urls, agree = options.agree, finality } = entryOf(options.nodes[name], known);
  if (urls.length === 0) {
    throw new ParleyError(
      "nodes/none",
      `Nothing says where a node of ${name} is.`,
      "Name it in the setting `nodes`: by --nodes, PARLEY_OPERATOR_NODES or `parley.operator.nodes` in the Hardhat config.",
    );
  }
  const { timeoutMs, onOutcome } = options;
  const nodes = urls.map((url) => new HttpNode({ url, chainId, timeoutMs }));
  const named = nodes.map(({ at }, place): OwnNode => ({ member: name, place, at }));
  const needed = agree ?? urls.length;
  const provider = new AgreeingProvider({
    name,
    chainId,
    nodes,
    agree: needed,
    onOutcome: (place, outcome, seconds, reason) => {
      const node = named[place];
      if (node !== undefined) onOutcome?.(node, outcome, seconds, reason);
    },
  });
  const confirmations = finality === undefined ? {} : { confirmations: finality };
  return { ...member, ...confirmations, provider, nodes: named, agree: needed };
}

type Entry = {
  readonly urls: readonly string[];
  readonly agree?: number | undefined;
  readonly finality?: MemberNode["confirmations"];
};

function entryOf(setting: NodesSetting | undefined, known: readonly string[]): Entry {
  if (setting === undefined) return { urls: known };
  if (Array.isArray(setting)) return { urls: setting };
  const { urls, agree, finality } = setting;
  if (finality === undefined) return { urls, agree };
  return { urls, agree, finality: finality === "finalized" ? finality : finality.confirmations };
}
