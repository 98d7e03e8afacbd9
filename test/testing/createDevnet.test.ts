import { expect } from "chai";
import hre from "hardhat";

import { Level } from "../../src/wire/index.ts";
import { createDevnet, type Devnet, type DevnetOptions, type RollupsOption } from "../../testing/index.ts";
import { ParleyError } from "../../src/errors.ts";

/** The error with which a devnet is refused. */
async function refusalOf(
  options: DevnetOptions<RollupsOption>,
  runtime: Parameters<typeof createDevnet>[1] = hre,
): Promise<ParleyError> {
  try {
    const devnet = await createDevnet(options, runtime);
    await devnet.close();
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
  return expect.fail("a devnet was made");
}

describe("createDevnet", function () {
  this.timeout(120_000); // the first devnet of a process has Hardhat load its chain, within a test

  it("names the rollups as it is told, and ends with its block", async () => {
    let ended: Devnet;
    {
      await using devnet = await createDevnet({
        rollups: ["one", "other-one"],
        operators: 4,
        quorum: 7_500,
        keyType: "bn254",
      });
      const { one, "other-one": other } = devnet.rollups;
      expect(devnet.members.map(({ name }) => name)).to.deep.equal(["l1", "one", "other-one"]);
      expect(new Set(devnet.members.map(({ chainId }) => chainId)).size).to.equal(3);
      expect(devnet.runningOperators).to.have.lengthOf(4);
      expect(devnet.fabric.keyType).to.equal("bn254");

      const blocks = await Promise.all(devnet.members.map(({ ethers }) => ethers.provider.getBlock("latest")));
      expect(new Set(blocks.map((block) => block?.timestamp)).size, "clocks agree").to.equal(1);

      const recorder = await devnet.l1.deploy("MessageRecorder");
      const message = await other.send({ to: devnet.l1, recipient: recorder, minFinality: Level.final });
      expect(message.options).to.deep.equal({ minFinality: Level.final });
      expect((await other.getContractAt("Gateway", other.gateway)).target).to.equal(one.gateway.target);
      devnet.stopOperators(1); // three quarters are not more than three quarters
      expect((await devnet.deliverAll()).waiting).to.have.lengthOf(1);
      devnet.startOperators();
      expect((await devnet.deliverAll()).delivered).to.have.lengthOf(1);
      ended = devnet;
    }
    const request = ended.l1.provider.request({ method: "eth_blockNumber" });
    expect(
      await request.then(
        () => "answers",
        () => "is closed",
      ),
    ).to.equal("is closed");
  });

  for (const [options, what] of [
    [{ rollups: 0 }, /`rollups` is 0/],
    [{ rollups: 64 }, /`rollups` is 64/],
    [{ rollups: [] }, /`rollups` is 0/],
    [{ rollups: ["Alpha"] }, /"Alpha" cannot name a rollup/],
    [{ rollups: ["l1"] }, /"l1" cannot name a rollup/],
    [{ rollups: ["same", "same"] }, /two rollups are named "same"/],
    [{ operators: 3 }, /`operators` is 3/],
    [{ operators: 257 }, /`operators` is 257/],
    [{ confirmations: -1 }, /`confirmations` is -1/],
    [{ confirmations: 1.5 }, /`confirmations` is 1.5/],
    [{ quorum: 6_666 }, /`quorum` is 6666/],
    [{ stacks: { gamma: "devnet" } }, /`stacks` names "gamma", which is no rollup/],
  ] as const satisfies readonly (readonly [DevnetOptions<RollupsOption>, RegExp])[]) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      const { code, message } = await refusalOf(options);
      expect(code).to.equal("devnet/bad-option");
      expect(message).to.match(what);
    });
  }

  it("says that simulated chains have no bridge of a real stack", async () => {
    const { code, message, hint } = await refusalOf({ rollups: ["base"], stacks: { base: "optimism" } });
    expect(code).to.equal("devnet/stack-not-simulated");
    expect(message).to.contain('base is to be of the stack "optimism"');
    expect(hint).to.contain("devnet");
  });

  it("says what the project's config lacks", async () => {
    const { parley: _, ...others } = hre.config;
    const without = { ...hre, config: others as typeof hre.config };
    expect((await refusalOf({}, without)).code).to.equal("devnet/no-plugin");
    const networks = { ...hre.config.networks, parleyBeta: { ...hre.config.networks["parleyBeta"]!, type: "http" } };
    const other = { ...hre, config: { ...hre.config, networks: networks as typeof hre.config.networks } };
    const { code, message } = await refusalOf({}, other);
    expect([code, message]).to.satisfy(
      ([one, text]: string[]) => one === "devnet/not-simulated" && /parleyBeta/.test(text!),
    );
  });
});
