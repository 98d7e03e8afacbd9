import { readFile } from "node:fs/promises";

import { expect } from "chai";
import { z } from "zod";

import { type DeploymentPlan, planDeployment } from "../../deploy/plan.ts";
import { type Bill, reviewPlan } from "../../deploy/review.ts";
import { adoptionGas, snapshotGas } from "../../deploy/steps/tableGas.ts";
import type { KeyType } from "../../src/wire/index.ts";
import { type FaultyChains, openFaultyChains } from "./chains.ts";

describe("Deployment: the gas of tables", function () {
  this.timeout(60_000);

  for (const operators of [10, 50, 200]) {
    it(`is estimated from above for ${operators} operators, and not by much`, async () => {
      const measured = z
        .record(z.number().int())
        .parse(JSON.parse(await readFile(new URL("../../bench/gas.json", import.meta.url), "utf8")));
      // What was measured has two strategies and two members.
      const size = { keyType: "ecdsa", operators: BigInt(operators), strategies: 2n, members: 2n } as const;
      for (const [what, estimate] of [
        ["snapshot", snapshotGas(size)],
        ["publish", adoptionGas(size)],
      ] as const) {
        const used = BigInt(measured[`${what}${operators}`]!);
        expect(estimate >= used && estimate <= 2n * used, `${what}: ${estimate} for ${used}`).to.equal(true);
      }
    });
  }

  it("fits a transaction with as many operators as the strategies allow, in the largest fabric", () => {
    for (const [strategies, operators] of [
      [1n, 256n],
      [2n, 256n],
      [3n, 170n],
      [4n, 128n],
    ] as const) {
      const size = { keyType: "ecdsa", operators, strategies, members: 64n } as const;
      expect(snapshotGas(size) <= 16_777_216n, String(strategies)).to.equal(true);
    }
  });

  describe("in a plan", () => {
    let faulty: FaultyChains;

    before(async () => {
      faulty = await openFaultyChains();
    });
    after(() => faulty.close());

    const planned = (change: Partial<FaultyChains["choices"]>): Promise<DeploymentPlan> =>
      planDeployment(faulty.chains, { ...faulty.choices, ...change });
    const billOfL1 = async (plan: DeploymentPlan): Promise<Bill> => (await reviewPlan(plan)).bills[0]!;
    const strategies = [1, 2, 3].map((n) => ({ address: `0x${String(n).repeat(40)}`, multiplier: 10n ** 18n }));

    it("makes an account's bill grow with the operators that a development node gets", async () => {
      const [two, many] = [
        await billOfL1(await planned({ operators: 2 })),
        await billOfL1(await planned({ operators: 202 })),
      ];
      // One snapshot with one strategy, and a publication to L1 and to the rollup.
      expect(many.gas - two.gas).to.equal(200n * (38_000n + 2n * 8_000n));
      expect(many.cost > two.cost).to.equal(true);
    });

    it("is more where operators sign with BN254 keys, the more the more there are", async () => {
      const billOf = async (keyType: KeyType, operators: number): Promise<bigint> =>
        (await billOfL1(await planned({ keyType, operators }))).gas;
      const more = async (operators: number): Promise<bigint> =>
        (await billOf("bn254", operators)) - (await billOf("ecdsa", operators));
      expect((await more(202)) - (await more(2))).to.equal(200n * (15_000n + 11_000n + 10_000n));
    });

    it("grows with the strategies, and with the least number of operators where others bring them", async () => {
      const four = await billOfL1(await planned({ strategies, minOperators: 4n }));
      const ten = await billOfL1(await planned({ strategies, minOperators: 10n }));
      expect(ten.gas - four.gas).to.equal(6n * (74_000n + 2n * 8_000n));
    });
  });
});
