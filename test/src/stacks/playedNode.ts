import { BrowserProvider, dataSlice, FunctionFragment, id, Interface, toQuantity } from "ethers";

/** What a contract answers, by its functions' signatures; functions that are not named revert. */
export type Answers = Readonly<Record<string, unknown>>;

/** A node that knows contracts by their answers alone, and answers a few methods of its own. */
export class PlayedNode {
  readonly name: string;
  readonly chainId: bigint;
  readonly isDevelopment: boolean;
  readonly node: { request(call: { method: string; params?: unknown[] }): Promise<unknown> };
  readonly reader: BrowserProvider;
  readonly contracts = new Map<string, Answers>();

  constructor(
    { name, chainId, isDevelopment = false }: { name: string; chainId: bigint; isDevelopment?: boolean },
    readonly methods: Readonly<Record<string, unknown>> = {},
  ) {
    this.name = name;
    this.chainId = chainId;
    this.isDevelopment = isDevelopment;
    this.node = { request: (call) => this.#request(call) };
    const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> =>
      this.#request({ method, params: params as unknown[] });
    this.reader = new BrowserProvider({ request }, chainId, { staticNetwork: true, cacheTimeout: -1 });
  }

  /** Puts a contract there. */
  place(address: string, answers: Answers = {}): this {
    this.contracts.set(address.toLowerCase(), answers);
    return this;
  }

  #request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    if (method in this.methods) return Promise.resolve(this.methods[method]);
    switch (method) {
      case "eth_chainId":
        return Promise.resolve(toQuantity(this.chainId));
      case "eth_getCode":
        return Promise.resolve(this.contracts.has(String(params[0]).toLowerCase()) ? "0x60" : "0x");
      case "eth_call":
        return this.#call(params[0] as { to: string; data: string });
      default:
        return Promise.reject(new Error(`the method ${method} does not exist`));
    }
  }

  #call({ to, data }: { to: string; data: string }): Promise<string> {
    const answers = this.contracts.get(to.toLowerCase());
    if (answers === undefined) return Promise.resolve("0x");
    for (const [signature, answer] of Object.entries(answers)) {
      const fragment = FunctionFragment.from(signature);
      if (dataSlice(id(fragment.format("sighash")), 0, 4) !== dataSlice(data, 0, 4)) continue;
      return Promise.resolve(new Interface([fragment]).encodeFunctionResult(fragment, [answer]));
    }
    return Promise.reject(Object.assign(new Error("execution reverted"), { code: 3, data: "0x" }));
  }
}
