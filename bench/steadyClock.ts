import { toQuantity } from "ethers";
import hre from "hardhat";

const MINING = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "hardhat_mine", "evm_mine"]);
const CHOOSING = "evm_setNextBlockTimestamp";

/**
 * Has each block of chains that are created from now on come a second after the one before, unless its time is chosen, however long
 * anything takes: hashes of what holds a time, and with them the zero bytes that calldata is paid by, are the same in every run.
 */
export function keepSteadyTime(): void {
  const chosen = new WeakSet<object>();
  hre.hooks.registerHandlers("network", {
    onRequest: async (context, connection, request, next) => {
      const { provider } = connection;
      if (request.method === CHOOSING) chosen.add(provider);
      else if (MINING.has(request.method)) {
        if (!chosen.has(provider)) {
          const latest: unknown = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
          const time = BigInt((latest as { timestamp: string }).timestamp);
          await provider.request({ method: CHOOSING, params: [toQuantity(time + 1n)] });
        }
        chosen.delete(provider);
      }
      return next(context, connection, request);
    },
  });
}
