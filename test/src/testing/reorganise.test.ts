import { expect } from "chai";
import { network } from "hardhat";

import { ParleyError } from "../../../src/errors.ts";
import { fund, mine } from "../../../src/testing/cheats.ts";
import type { ChainProvider } from "../../../src/testing/eigenlayer.ts";
import { branchPoint, reorganise } from "../../../src/testing/reorganise.ts";

const ALICE = "0x00000000000000000000000000000000000000aa";

describe("reorganise", () => {
  let provider: ChainProvider;
  beforeEach(async () => {
    ({ provider } = await network.create());
    await mine(provider, 3);
  });

  const hashAt = async (height: number | "latest"): Promise<string | undefined> => {
    const tag = height === "latest" ? height : `0x${height.toString(16)}`;
    const block = await provider.request({ method: "eth_getBlockByNumber", params: [tag, false] });
    return (block as { hash: string } | null)?.hash;
  };
  const height = async (): Promise<number> => Number(await provider.request({ method: "eth_blockNumber" }));
  const balance = async (): Promise<unknown> =>
    await provider.request({ method: "eth_getBalance", params: [ALICE, "latest"] });

  it("replaces each block since the point by another, even if the same happens, and ends one block higher", async () => {
    const before = await hashAt("latest");
    let point = await branchPoint(provider);
    await mine(provider, 2);
    const seen = new Set([await hashAt(4), await hashAt(5)]);
    for (const blocks of [3, 4, 5]) {
      point = await reorganise(point, () => mine(provider, 1));
      expect(await height()).to.equal(3 + blocks);
      expect(await hashAt(3)).to.equal(before);
      for (const replaced of [4, 5]) {
        expect(seen).to.not.include(await hashAt(replaced));
        seen.add(await hashAt(replaced));
      }
    }
  });

  it("takes back the state, and mines nothing more where the new branch is longer already", async () => {
    const point = await branchPoint(provider);
    await fund(provider, ALICE, 5n);
    await mine(provider, 1);
    await reorganise(point, () => mine(provider, 6));
    expect(await balance()).to.equal("0x0");
    expect(await height()).to.equal(9);
  });

  it("refuses a point that was used: reorganise/no-point", async () => {
    const point = await branchPoint(provider);
    await reorganise(point);
    const outcome = await reorganise(point).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ParleyError).with.property("code", "reorganise/no-point");
    expect(await height()).to.equal(4);
  });
});
