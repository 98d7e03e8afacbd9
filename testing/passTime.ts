import type { ChainProvider } from "../src/testing/eigenlayer.ts";

/** Lets all chains come to one time, so many seconds after the latest one's, in a block each. Answers that time. */
export async function passTime(providers: readonly ChainProvider[], seconds: number): Promise<number> {
  const times: number[] = [];
  for (const provider of providers) times.push(await timeOf(provider));
  const time = Math.max(...times) + seconds;
  for (const [place, provider] of providers.entries()) {
    if (times[place] === time) continue;
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [time] });
    await provider.request({ method: "hardhat_mine", params: ["0x1"] });
  }
  return time;
}

async function timeOf(provider: ChainProvider): Promise<number> {
  const block = await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  return Number((block as { timestamp: string }).timestamp);
}
