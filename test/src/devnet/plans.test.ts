import { expect } from "chai";

import { planPorts } from "../../../src/devnet/ports.ts";
import { rollupNames } from "../../../src/devnet/rollupNames.ts";
import { devnetChains } from "../../../tasks/config/devnetChains.ts";
import { resolveParley } from "../../../tasks/config/resolve.ts";
import { expectRefusal } from "../../support/refusal.ts";

describe("What a devnet is planned to be", () => {
  it("names rollups by the Greek alphabet, and by numbers once it is over", () => {
    const names = rollupNames(63);
    expect(names.slice(0, 3)).to.deep.equal(["alpha", "beta", "gamma"]);
    expect(names.slice(23, 26)).to.deep.equal(["omega", "rollup25", "rollup26"]);
    expect(new Set(names).size).to.equal(63);
  });

  it("gives each of 63 rollups a chain id of its own, the first two the config's networks", () => {
    const { l1, rollups } = devnetChains(resolveParley(), { rollups: 63, confirmations: undefined });
    expect(l1.network).to.equal("parleyL1");
    expect(rollups.map(({ chainId }) => chainId)).to.deep.equal(Array.from({ length: 63 }, (_, i) => 900_001 + i));
    expect(rollups.slice(0, 3).map(({ network }) => network)).to.deep.equal([
      "parleyAlpha",
      "parleyBeta",
      "parleyBeta",
    ]);
  });

  it("takes the config's rollups and confirmations unless others are asked for", () => {
    const parley = resolveParley({ rollups: { solo: { network: "mine", finality: { confirmations: 5 } } } });
    const nothing = { rollups: undefined, confirmations: undefined };
    expect(devnetChains(parley, nothing).rollups).to.deep.equal(parley.rollups);
    const { l1, rollups } = devnetChains(parley, { ...nothing, confirmations: 2 });
    expect([l1, ...rollups].map(({ finality }) => finality)).to.deep.equal([
      { confirmations: 2 },
      { confirmations: 2 },
    ]);
    const asked = devnetChains(parley, { ...nothing, rollups: 1 });
    expect(asked.rollups.map(({ name, network }) => [name, network])).to.deep.equal([["alpha", "parleyAlpha"]]);
  });

  it("plans consecutive ports, or such as the system gives", () => {
    expect(planPorts(8545, 2)).to.deep.equal({ l1: 8545, rollups: [8546, 8547], operators: 8548 });
    expect(planPorts(0, 2)).to.deep.equal({ l1: 0, rollups: [0, 0], operators: 0 });
    expect(planPorts(65_532, 2).operators).to.equal(65_535);
    expectRefusal(() => planPorts(65_533, 2), "devnet/bad-port");
    expectRefusal(() => planPorts(-1, 2), "devnet/bad-port");
  });
});
