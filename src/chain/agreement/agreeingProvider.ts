import { JsonRpcApiProvider, ZeroAddress, type JsonRpcError, type JsonRpcPayload, type JsonRpcResult } from "ethers";

import { ParleyError } from "../../errors.ts";
import { Agreement, type AgreementOptions } from "./agreement.ts";
import { isAsked, type AskedMethod } from "./comparable.ts";

export interface AgreeingProviderOptions extends AgreementOptions {
  readonly chainId: bigint;
}

/**
 * A chain as several nodes of it agree that it is. It answers what an operator asks and nothing else; what is asked about the
 * latest or the finalized block is asked about the highest one that enough nodes have.
 */
export class AgreeingProvider extends JsonRpcApiProvider {
  readonly #agreement: Agreement;

  /** Throws `nodes/agree`. */
  constructor({ chainId, ...options }: AgreeingProviderOptions) {
    super(chainId, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
    this.#agreement = new Agreement(options);
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return await Promise.all(
      payloads.map(async ({ id, method, params }) => ({ id, result: await this.#ask(method, params) })),
    );
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    if (!isAsked(method) || !Array.isArray(params)) {
      throw new ParleyError(
        "nodes/unsupported",
        `${method} is nothing that nodes are asked to agree on`,
        "Use a provider of a single node for it.",
      );
    }
    const answer = await this.#agreement.ask(method, await this.#pinned(method, params));
    return answer !== null && method.startsWith("eth_getBlock") ? { ...NO_DETAILS, ...answer } : answer;
  }

  /** The question with a height where it names the latest block, or such. */
  async #pinned(method: AskedMethod, params: readonly unknown[]): Promise<readonly unknown[]> {
    const place = TAG_PLACES[method];
    const tag = place === undefined ? undefined : params[place];
    if (place === undefined || (tag !== "latest" && tag !== "finalized" && tag !== "safe")) return params;
    const height = await this.#agreement.height(tag);
    return params.map((param, at): unknown => (at === place ? `0x${height.toString(16)}` : param));
  }
}

/** Where a question names its block. */
const TAG_PLACES: Readonly<Partial<Record<AskedMethod, number>>> = {
  eth_getBlockByNumber: 0,
  eth_call: 1,
  eth_getCode: 1,
};

/** What else ethers wants of a block, and nobody asks for here: nodes are not asked to agree on it. */
const NO_DETAILS = {
  nonce: null,
  difficulty: "0x0",
  gasLimit: "0x0",
  gasUsed: "0x0",
  miner: ZeroAddress,
  extraData: "0x",
  baseFeePerGas: null,
  transactions: [],
};
