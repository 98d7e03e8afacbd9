/** Why a node did not take a transaction, whichever client it is. */
export type RefusalKind =
  /** A transaction with this nonce is in a block already. */
  | "nonce-too-low"
  /** The node queues nothing behind a nonce that is missing. */
  | "nonce-too-high"
  /** It has this very transaction. */
  | "already-known"
  /** It has another one with this nonce, which pays as much. */
  | "replacement-underpriced"
  /** It pays less than the node or the next block asks for. */
  | "underpriced"
  | "insufficient-funds"
  /** It was executed and reverted, or would be. */
  | "reverted"
  /** It can never be taken as it is. */
  | "invalid"
  /** The node did not answer, or has no room now. */
  | "unavailable"
  | "unknown";

/** What a node answered instead of taking a transaction. */
export type NodeRefusal = {
  readonly kind: RefusalKind;
  /** The node's words. */
  readonly text: string;
};

// In this order: the first that fits counts. Words of geth, op-geth, Erigon, Nethermind, Besu, Reth, nitro, ZKsync, anvil and EDR.
const PATTERNS: readonly (readonly [RefusalKind, RegExp])[] = [
  // What a contract reverted with may read like anything else.
  ["reverted", /^(?:VM Exception|(?:transaction|execution) reverted)/i],
  [
    "already-known",
    /already known|known transaction|AlreadyKnown|already imported|AlreadyImported|already in (?:the )?(?:mempool|pool|system)|ALREADY_EXISTS/i,
  ],
  [
    "replacement-underpriced",
    /replacement (?:transaction )?(?:is )?underpriced|could not replace existing|ReplacementNotAllowed|OwnNonceAlreadyUsed|tries to replace pending|another (?:tx|transaction) (?:which has|with) (?:the )?same nonce/i,
  ],
  [
    "nonce-too-low",
    /nonce (?:is )?too low|OldNonce|invalid transaction nonce|already finalized|nonce already used|Pool\(Stale\)/i,
  ],
  ["nonce-too-high", /nonce (?:is )?too (?:high|distant|far)|NonceGap|NonceTooFar|NonceTooHigh|gapped[- ]nonce/i],
  [
    "insufficient-funds",
    /insufficient (?:funds|balance|eth)|InsufficientFunds|enough (?:funds|balance)|exceeds account balance|would cause overdraft/i,
  ],
  [
    "unavailable",
    /pool (?:is )?full|queue full|too many (?:transactions|requests)|txpool is full|limit (?:exceeded|reached)|rate limit|server shutting down|in progress|try again/i,
  ],
  [
    "underpriced",
    /underpriced|FeeTooLow|fee too low|less than block base fee|too low for the next block|gas price (?:is )?(?:too low|below)|price below|unacceptable gas price/i,
  ],
  [
    "invalid",
    /intrinsic gas|block gas limit|gas (?:limit|cap) (?:is )?(?:too (?:big|high|low)|exceeded)|GasLimitExceeded|gas limit is \d+ and exceeds|exceeds (?:the )?(?:transaction gas|configured) cap|oversized|size exceeds|tip above fee cap|higher than max fee|not supported|invalid (?:sender|chain|signature)|chain ?id|fee cap exceeded|negative value/i,
  ],
  [
    "unavailable",
    /timed? ?out|timeout|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|socket|network|fetch failed|connect|service unavailable|bad gateway|gateway time|\b(?:429|50[0234])\b/i,
  ],
];

const UNAVAILABLE_CODES = new Set(["NETWORK_ERROR", "SERVER_ERROR", "TIMEOUT"]);

/** What an error says that came back for a transaction. */
export function classifyRefusal(error: unknown): NodeRefusal {
  const texts = textsOf(error);
  const text = texts.at(-1) ?? String(error);
  // The node's own words are the innermost: what libraries make of them may be wrong.
  for (const words of [...texts].reverse()) {
    const found = PATTERNS.find(([, pattern]) => pattern.test(words));
    if (found !== undefined) return { kind: found[0], text };
  }
  const code = codeOf(error);
  return { kind: code !== undefined && UNAVAILABLE_CODES.has(code) ? "unavailable" : "unknown", text };
}

/** The messages of an error and of those in it, outermost first. */
function textsOf(error: unknown): string[] {
  const texts: string[] = [];
  for (let inner: unknown = error, depth = 0; typeof inner === "object" && inner !== null && depth < 6; ++depth) {
    const parts = inner as Partial<Record<"message" | "shortMessage" | "error" | "info" | "cause" | "data", unknown>>;
    // ethers' long messages quote the whole transaction, whose bytes may spell anything.
    const text = parts.shortMessage ?? parts.message;
    if (typeof text === "string" && text !== "") texts.push(text);
    inner = parts.error ?? parts.info ?? parts.cause ?? parts.data;
  }
  return texts;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
