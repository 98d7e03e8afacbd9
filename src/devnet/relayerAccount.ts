import { id, type Provider, Wallet } from "ethers";

/**
 * What a devnet's relayer pays from: none of the nodes' accounts, because the numbers of its transactions would collide with those
 * of people. Its key is known to everyone: it is for simulated chains alone.
 */
export const relayerAccount = (provider?: Provider): Wallet =>
  new Wallet(id("parley.devnet.relayer"), provider ?? null);
