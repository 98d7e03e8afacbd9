import { expect } from "chai";
import { AbiCoder, concat, dataLength, toBeHex } from "ethers";

import { encodeTable, SCHEME_BN254, SCHEME_ECDSA, type TableMember } from "../../../../src/wire/index.ts";
import { makeOperators } from "../../../fixtures/operators.ts";
import { GAS_PRICE, createZksyncFabric, quote, type ZksyncFabric } from "./zksyncFabric.ts";

/** What publishing costs at most: bytes of a slot, gas of a byte. */
const SLOT_PUBDATA = 65n;
const GAS_PER_PUBDATA = 800n;
/** Slots that a member changes when it is listed: its record, its place on its chain, the lane to it and its destination. */
const SLOTS_OF_MEMBER = 4n;
/** Slots that every table changes: table in force, nonces of the factory and the table, the table's code. */
const SLOTS_OF_TABLE = 6n;

/** How much more gas L1's end reckons with than another chain takes, since the EVM is emulated there. */
const EMULATION = 5n;

describe("ZK Stack: gas", () => {
  let fabric: ZksyncFabric;
  before(async () => {
    fabric = await createZksyncFabric();
  });
  beforeEach(() => fabric.reset());

  /** Sends a table of so many operators that lists so many members for the first time, as ServiceManager would. */
  async function sendTable(operators: number, newMembers: number): Promise<void> {
    const { l1, manager, settlement, zk, rollup, local } = fabric;
    const now = BigInt(await zk.connection.networkHelpers.time.latest());
    const known = [
      zk.ref,
      { chainId: rollup.chainId, gateway: await rollup.gateway.getAddress() },
      { chainId: l1.chainId, gateway: await local.gateway.getAddress() },
    ];
    const added = Array.from({ length: newMembers }, (_, i) => ({
      chainId: BigInt(8_000 + i),
      gateway: toBeHex(0xbeef_0000 + i, 20),
    }));
    const members = [...known, ...added].map((ref): TableMember => ({ ...ref, certifiableUntil: now, flags: 0 }));
    const item = encodeTable(
      {
        scheme: SCHEME_ECDSA,
        snapshot: now + 1_000n,
        expiry: now + 86_400n,
        weightFloor: 1n,
        members,
        operators: makeOperators(operators),
      },
      { chainId: l1.chainId, settlement: await settlement.getAddress() },
    );
    const publisher = await manager.getAddress();
    await l1.networkHelpers.impersonateAccount(publisher);
    await l1.networkHelpers.setBalance(publisher, 10n ** 20n);
    const signer = await l1.ethers.getSigner(publisher);
    const fee = await quote(fabric, [item]);
    await zk.l1Bridge.connect(signer).send([item], signer, "0x", { value: fee, ...GAS_PRICE });
  }

  for (const [operators, newMembers] of [
    [10, 0],
    [50, 0],
    [200, 0],
    [200, 30],
  ] as const) {
    it(`the default gas is enough for ${operators} operators and ${newMembers} new members, however dear bytes are`, async () => {
      const { pair, zk } = fabric;
      await sendTable(operators, newMembers);
      const [queued] = await pair.queued();
      await pair.down();
      const [execution] = pair.executions;
      expect(execution).to.include({ succeeded: true });
      const [address] = await zk.gateway.tableInForce();
      const code = BigInt(dataLength(await zk.connection.ethers.provider.getCode(address)));
      const slots = SLOTS_OF_TABLE + SLOTS_OF_MEMBER * BigInt(newMembers);
      const emulated = (code + SLOT_PUBDATA * slots) * GAS_PER_PUBDATA;
      // On EraVM itself no code is published: each operator is a slot instead, each source two.
      const stored = SLOT_PUBDATA * (slots + BigInt(operators + 2 * (2 + newMembers))) * GAS_PER_PUBDATA;
      for (const published of [emulated, stored]) {
        const needed = execution!.gasUsed + published;
        expect(queued!.gasLimit >= needed, `${needed} of ${queued!.gasLimit}`).to.be.true;
      }
    });
  }

  it("a table of the BN254 scheme gets a million gas more than one of the ECDSA scheme that is as long", async () => {
    const perPubdata = 800n;
    const fixed = (gas: bigint): Promise<bigint> =>
      quote(fabric, ["0x"], AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [gas, perPubdata]));
    const ofAMillion = (await fixed(3_000_000n)) - (await fixed(2_000_000n));
    const table = (scheme: number): string => concat(["0x01", toBeHex(scheme, 1), `0x${"00".repeat(400)}`]);
    const more = (await quote(fabric, [table(SCHEME_BN254)])) - (await quote(fabric, [table(SCHEME_ECDSA)]));
    expect(more).to.equal(EMULATION * ofAMillion);
  });

  it("the largest table that there can be asks for no more than the stack gives, and arrives", async () => {
    const { pair } = fabric;
    await sendTable(256, 61);
    const [queued] = await pair.queued();
    expect(queued).to.include({ gasLimit: 72_000_000n });
    await pair.down();
    expect(pair.executions[0]).to.include({ succeeded: true });
  });
});
