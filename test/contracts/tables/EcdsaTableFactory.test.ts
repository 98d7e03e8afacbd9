import { expect } from "chai";
import { dataLength, id, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { join } from "../../../src/wire/bytes.ts";
import { MAX_MEMBERS, MAX_OPERATORS, SCHEME_ECDSA, type Hex, type TableOperator } from "../../../src/wire/index.ts";
import { adoptTable, createChains, TABLE_FACTORIES, type Chain, type TableFactory } from "../../fixtures/gateways.ts";
import { certify, deliver } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { SourceLane, sourceOn } from "../../fixtures/lane.ts";
import { deployArguments, deployTable, deployTableAt, type Source, type TableParts } from "../../fixtures/tables.ts";

const key = (n: number | bigint): string => toBeHex(n, 20);
const operator = (n: number | bigint, weight = 1n): TableOperator => ({ key: key(n), weight });
const source = (n: number): Source => ({ id: toBeHex(n, 32), certifiableUntil: 1n, flags: 0 });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const describeFactory = (tableFactory: TableFactory) => (): void => {
  let chain: Chain;
  before(async () => {
    [chain] = await createChains([1001n], { tableFactory });
  });
  beforeEach(() => chain.reset());

  const refuses = async (parts: TableParts): Promise<void> => {
    expect(await deployTableAt(chain, parts)).to.equal(ZeroAddress);
  };
  const refusesBytes = async (operators: Hex, sources: Hex[] = []): Promise<void> => {
    const [header] = deployArguments({ operators: [] });
    expect(await chain.tableFactory.deploy.staticCall(header, sources, operators)).to.equal(ZeroAddress);
  };

  it("makes tables of the ECDSA scheme", async () => {
    expect(await chain.tableFactory.scheme()).to.equal(SCHEME_ECDSA);
  });

  it("R17: makes no table without operators, of more than 256, or of half an operator", async () => {
    await refuses({ operators: [] });
    await refuses({ operators: numbers(MAX_OPERATORS + 1).map((n) => operator(n)) });
    await refusesBytes(toBeHex(1, 31));
    await refusesBytes(join(operatorOf(1), "0x00"));
    const all = await deployTable(chain, { operators: numbers(MAX_OPERATORS).map((n) => operator(n)) });
    expect((await all.table()).totalWeight).to.equal(BigInt(MAX_OPERATORS));
  });

  it("R17: makes no table with a key of zero, twice, or out of order", async () => {
    await refuses({ operators: [operator(0)] });
    await refuses({ operators: [operator(0), operator(1)] });
    await refuses({ operators: [operator(1), operator(1)] });
    await refuses({ operators: [operator(1), operator(2), operator(2), operator(3)] });
    await refuses({ operators: [operator(2), operator(1)] });
    await refuses({ operators: [operator(1), operator(3), operator(2)] });
  });

  it("invariant 3, incident: Ronin 2024: makes no table with a weight of zero, or a floor of zero", async () => {
    await refuses({ operators: [operator(1, 0n)] });
    await refuses({ operators: [operator(1), operator(2, 0n), operator(3)] });
    await refuses({ operators: [operator(1)], weightFloor: 0n });
  });

  it("R17: makes no table whose weights do not fit 96 bits together", async () => {
    const most = (1n << 96n) - 1n;
    await refuses({ operators: [operator(1, most), operator(2, 1n)] });
    await refuses({ operators: numbers(MAX_OPERATORS).map((n) => operator(n, most)) });
    expect(await deployTableAt(chain, { operators: [operator(1, most - 1n), operator(2, 1n)] })).to.not.equal(
      ZeroAddress,
    );
  });

  it("incident: Nomad 2022: makes no table with a source of zero, twice, out of order, or half a source", async () => {
    const operators = [operator(1)];
    await refuses({ operators, sources: [source(0)] });
    await refuses({ operators, sources: [source(0), source(1)] });
    await refuses({ operators, sources: [source(1), source(1)] });
    await refuses({ operators, sources: [source(2), source(1)] });
    await refuses({ operators, sources: [source(1), source(3), source(2)] });
    await refusesBytes(operatorOf(1), [id("a source without status")]);
    await refusesBytes(operatorOf(1), [id("a source"), ZeroHash, id("and a half")]);
  });

  it("makes no table with more than 64 sources, and one with 64 or none", async () => {
    const operators = [operator(1)];
    await refuses({ operators, sources: numbers(MAX_MEMBERS + 1).map(source) });
    const full = await deployTable(chain, { operators, sources: numbers(MAX_MEMBERS).map(source) });
    expect(await full.sourceStatus(toBeHex(MAX_MEMBERS, 32))).to.equal(1n << 8n);
    expect(await deployTableAt(chain, { operators, sources: [] })).to.not.equal(ZeroAddress);
  });

  if (tableFactory === "EcdsaTableFactory") {
    it("a table's code is the master copy's with the data behind it, within what a contract may hold", async () => {
      const sources = numbers(MAX_MEMBERS).map(source);
      const operators = numbers(MAX_OPERATORS).map((n) => operator(n));
      const code = await chain.ethers.provider.getCode(await deployTableAt(chain, { operators, sources }));
      const master = await chain.ethers.deployContract("EcdsaOperatorTable");
      expect(code.startsWith((await chain.ethers.provider.getCode(await master.getAddress())).slice(0, 100))).to.be
        .true;
      expect(dataLength(code)).to.be.lessThanOrEqual(24_576);
    });
  }

  it("incident: Wormhole 2022: a table that a stranger deploys, of the stranger's own keys, is in force nowhere", async () => {
    const [honest, forged] = [makeOperators(4), makeOperators(7).slice(4)];
    const lane = new SourceLane(sourceOn(77n), chain);
    await adoptTable(chain, { members: [chain, lane.source], operators: honest });
    const [inForce] = await chain.contract.tableInForce();

    const table = await deployTable(chain, {
      operators: forged,
      sources: [{ id: lane.id, certifiableUntil: (1n << 64n) - 1n, flags: 0 }],
    });
    expect((await chain.contract.tableInForce())[0])
      .to.equal(inForce)
      .and.not.equal(await table.getAddress());
    const sent = lane.send({ recipient: chain.user.address });
    await expect(
      deliver(chain, lane.source, sent.before, [sent.item], await certify(lane, chain, sent.after, forged)),
    ).to.be.revertedWithCustomError(table, "InvalidSignature");
  });

  it("deploys at an address that depends on nothing a caller chooses: two calls, two tables", async () => {
    const parts = { operators: [operator(1)] };
    expect(await deployTableAt(chain, parts)).to.not.equal(await deployTableAt(chain, parts));
  });
};

for (const tableFactory of TABLE_FACTORIES) describe(tableFactory, describeFactory(tableFactory));

/** The bytes of operator n with weight 1. */
function operatorOf(n: number): Hex {
  return join(key(n), toBeHex(1, 12));
}
