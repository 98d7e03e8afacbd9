/** A whole fabric whose operators sign with BN254 keys: from the deployment to the conviction. */
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, SigningKey, Wallet, ZeroAddress } from "ethers";

import { watched, Watcher } from "../../src/agents/index.ts";
import { operatorSigner } from "../../src/agents/operatorSigner.ts";
import { readTable } from "../../src/chain/readTable.ts";
import { readTableInForce } from "../../src/chain/readTableInForce.ts";
import { ParleyError } from "../../src/errors.ts";
import { createKeystore, readKeystore } from "../../src/operators/keystore.ts";
import { readMembership } from "../../src/operators/membership.ts";
import { registerOperator } from "../../src/operators/registerOperator.ts";
import { fund } from "../../src/testing/cheats.ts";
import { deposit } from "../../src/testing/eigenlayer.ts";
import { deploymentOf } from "../../src/testing/deploymentOf.ts";
import { readFabricTables } from "../../src/tables/readFabricTables.ts";
import {
  certificateDigest,
  checkpointTree,
  decodeProof,
  Degree,
  foldBatch,
  genesis,
  keyId,
  listedIds,
  makeCertificate,
  readBn254Certificate,
  SCHEME_BN254,
  type BatchItem,
  type Checkpoint,
  type OperatorTable,
  type Statement,
} from "../../src/wire/index.ts";
import {
  ALPHA_CONFIRMATIONS,
  deadOperator,
  gatewayOf,
  idsOf,
  mine,
  operatorsOf,
  passTime,
  recorderOn,
  relayerOf,
  send,
  useWorld,
} from "../src/agents/fixture.ts";
import { settleLane } from "./settleLane.ts";
import { deliverCall, finalOf, hold, inventedWord } from "../src/agents/watching/lies.ts";

describe("A fabric of operators with BN254 keys", () => {
  const world = useWorld({ operators: 4, keyType: "bn254" });

  const l1Access = () => {
    const { settlement, serviceManager } = world.fabric.contracts;
    const { chainId, signer } = world.l1;
    return { chainId, settlement, serviceManager, signer, startBlock: world.fabric.startBlock };
  };

  async function tableInForce(): Promise<OperatorTable> {
    const { id } = await readTableInForce(world.beta);
    return await readTable({ ...l1Access(), runner: world.l1.signer }, id!);
  }

  /** The statement with the certificate of operators that sign anything. */
  async function signedBy(checkpoint: Checkpoint, signers: readonly number[]): Promise<Statement> {
    const table = await tableInForce();
    const { root } = checkpointTree([checkpoint]);
    const signatures = await Promise.all(
      signers.map(async (place) => {
        const signer = operatorSigner(world.fabric.operators[place]!.key);
        const index = listedIds(table).indexOf(signer.address.toLowerCase());
        return { index, signature: await signer.signRoot(world.domain, root) };
      }),
    );
    const certificate = makeCertificate(table, certificateDigest(world.domain, root), signatures);
    return { checkpoint, siblings: [], certificate };
  }

  async function sendFinal(): Promise<string> {
    const { alpha, beta } = world;
    const id = await send(alpha, beta, await recorderOn(beta));
    await mine(world, alpha, ALPHA_CONFIRMATIONS);
    return id;
  }

  const watcher = (): Watcher => new Watcher({ settlement: l1Access(), members: world.members });

  const addressesOf = (places: readonly number[]): string[] =>
    places.map((place) => world.fabric.operators[place]!.address).sort();

  it("is deployed with a table of their keys, which the addresses file, status and table:show know", async () => {
    const table = await tableInForce();
    if (table.scheme !== SCHEME_BN254) expect.fail("a table of another scheme");
    expect(table.operators.map(({ key }) => keyId(key)).sort()).to.deep.equal(
      world.fabric.operators.map(({ keyAddress }) => keyAddress).sort(),
    );
    expect(deploymentOf(world.fabric).settlement.keyType).to.equal("bn254");
    const [operator] = world.fabric.operators;
    const { keyType, key, seat } = await readMembership(operator!.address, l1Access());
    expect([keyType, key]).to.deep.equal(["bn254", operator!.keyAddress]);
    expect(seat?.index).to.equal(listedIds(table).indexOf(operator!.keyAddress.toLowerCase()));
    const { latest } = await readFabricTables(l1Access(), world.members);
    expect(latest!.operators.map((shown) => shown.operator).sort()).to.deep.equal(addressesOf([0, 1, 2, 3]));
  });

  /** How many were absent from the certificate by which a transaction delivered. */
  async function absentFrom(txHash: string): Promise<number> {
    const { data } = (await world.beta.provider.getTransaction(txHash))!;
    const [, , bytes] = gatewayOf(world.beta).interface.decodeFunctionData("deliver", data) as unknown as string[];
    const proof = decodeProof(bytes!);
    if (proof.kind !== "certificate") expect.fail("delivered without a certificate");
    return readBn254Certificate(proof.certificate).absent.length;
  }

  it("delivers on the word of all of them, of those who are there where one is gone, and of no less than a quorum", async () => {
    const first = await sendFinal();
    const whole = await relayerOf(world).step();
    expect([idsOf(whole.delivered), whole.problems]).to.deep.equal([[first], []]);
    expect(await absentFrom(whole.delivered[0]!.txHash)).to.equal(0);

    const second = await sendFinal();
    const [gone, other, ...rest] = operatorsOf(world);
    const part = await relayerOf(world, [deadOperator(gone!), other!, ...rest]).step();
    expect([idsOf(part.delivered), part.problems]).to.deep.equal([[second], []]);
    expect(await absentFrom(part.delivered[0]!.txHash)).to.equal(1);

    const third = await sendFinal();
    const stuck = await relayerOf(world, [deadOperator(gone!), deadOperator(other!), ...rest]).step();
    expect(stuck.delivered).to.deep.equal([]);
    expect(stuck.uncertified.map(({ answers }) => answers.length)).to.deep.equal([2]);
    expect(idsOf((await relayerOf(world).step()).delivered)).to.deep.equal([third]);
  });

  it("publishes the next table itself, with the sum of the keys that are left", async () => {
    const before = (await readTableInForce(world.beta)).id;
    await passTime(world, 86_400);
    const { published, problems } = await relayerOf(world).step();
    expect(problems).to.deep.equal([]);
    expect(published.map(({ member }) => member).sort()).to.deep.equal(["alpha", "beta", "l1"]);
    await world.fabric.derive();
    expect((await readTableInForce(world.beta)).id).to.not.equal(before);
    const sent = await sendFinal();
    expect(idsOf((await relayerOf(world).step()).delivered)).to.deep.equal([sent]);
  });

  it("takes in an operator with a BN254 key of its own keystore, and no key of another type", async () => {
    const { fabric, l1 } = world;
    const account = Wallet.createRandom(l1.provider);
    await fund(fabric.members[0].provider, account.address, 100n * 10n ** 18n);
    const { token, strategy } = fabric.contracts;
    await deposit(account, { token, strategy, amount: 40n * 10n ** 18n });
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), "parley-bn254-")), "key.json");
    const keyAddress = await createKeystore(file, "correct horse", { keyType: "bn254", scryptN: 2 });
    const order = {
      deposit: undefined,
      endpoint: "https://operator.example",
      metadata: "",
      allocationDelay: 0,
      evicted: undefined,
    };
    const access = { ...l1Access(), signer: account };
    const wrong: unknown = await registerOperator({ ...order, key: new SigningKey(id("key")) }, access).catch(
      (error: unknown) => error,
    );
    expect(wrong).to.be.instanceOf(ParleyError).with.property("code", "operator/other-key-type");

    const key = await readKeystore(file, "correct horse");
    const { membership } = await registerOperator({ ...order, key }, access);
    expect([membership.isMember, membership.key, membership.keyType]).to.deep.equal([true, keyAddress, "bn254"]);
    await fabric.publishTable();
    expect((await readMembership(account.address, l1Access())).seat?.weight).to.equal(40n * 10n ** 18n);
    expect((await tableInForce()).operators).to.have.lengthOf(5);
  });

  it("R22, R24: convicts every signer of a quorum that contradicts itself, by its certificates; revokes the table; goes on", async () => {
    const { alpha, beta } = world;
    const corrupt = [0, 1, 2];
    await hold(beta, await signedBy(await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1)), corrupt));
    await sendFinal();
    const item: BatchItem = {
      kind: "message",
      sender: ZeroAddress,
      recipient: ZeroAddress,
      options: 0n,
      payload: "0x",
    };
    const lane = { source: alpha.id, destinationChainId: beta.chainId };
    const { word } = foldBatch(lane, genesis(alpha.id, beta.id), [item]);
    const other = await signedBy(await finalOf(alpha, beta, word), corrupt);
    await beta.signer.sendTransaction({ to: beta.gateway, data: deliverCall(alpha, beta, other, [item]) });

    const { statements, contradicted, convicted, revoked, problems } = await watcher().step();
    expect(problems).to.deep.equal([]);
    expect([statements, contradicted.length]).to.deep.equal([2, 2]);
    expect(contradicted[0]!.signers).to.have.lengthOf(3);
    expect(convicted.map(({ operator }) => operator).sort()).to.deep.equal(addressesOf(corrupt));
    expect(new Set(convicted.map(({ degree, wad }) => [degree, wad].join()))).to.deep.equal(
      new Set([[Degree.quorum, 10n ** 18n].join()]),
    );
    expect(revoked.map(({ at }) => at).sort()).to.deep.equal(["L1's ServiceManager", "alpha", "beta", "l1"].sort());
  });

  it("R24: convicts one that signs two words by itself, by its own two signatures", async () => {
    const { alpha, beta } = world;
    const guard = watcher();
    const liar = world.fabric.operators[1]!;
    const signer = operatorSigner(liar.key);
    for (const name of ["one", "other"]) {
      const checkpoint = await finalOf(alpha, beta, inventedWord(alpha, beta, name, 1));
      guard.hear([checkpoint], await signer.signRoot(world.domain, checkpointTree([checkpoint]).root));
    }
    const { convicted, problems } = await guard.step();
    expect(problems).to.deep.equal([]);
    expect(convicted.map(({ operator, degree, wad }) => [operator, degree, wad])).to.deep.equal([
      [liar.address, Degree.lone, 10n ** 16n],
    ]);
    const { key, isTombstoned } = await readMembership(liar.address, l1Access());
    expect([key, isTombstoned]).to.deep.equal([liar.keyAddress, true]);
  });

  it("R24: convicts of a falsehood who signed it, by a certificate from which some are absent and by a signature, once the truth is settled", async () => {
    const { alpha, beta, fabric } = world;
    const wad = 10n ** 17n;
    await (await fabric.settlement.getFunction("announceFalsehoodWad").send(alpha.id, wad)).wait();
    const guard = watcher();
    const lie = await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1));
    await hold(beta, await signedBy(lie, [0, 1, 2]));
    const liar = operatorSigner(fabric.operators[3]!.key);
    guard.hear([lie], await liar.signRoot(world.domain, checkpointTree([lie]).root));
    expect((await guard.step()).convicted).to.deep.equal([]);
    await sendFinal();
    await settleLane(fabric, alpha.id, beta.id, 1);
    const { convicted, problems } = await guard.step();
    expect(problems).to.deep.equal([]);
    expect(convicted.map(({ operator }) => operator).sort()).to.deep.equal(addressesOf([0, 1, 2, 3]));
    expect(new Set(convicted.map(({ offence, degree, wad }) => [offence, degree, wad].join()))).to.deep.equal(
      new Set([["falsehood", Degree.lone, wad].join()]),
    );
  });

  it("R24: convicts nobody who is honest, whatever is heard of them", async () => {
    const guard = watcher();
    const operators = operatorsOf(world).map((operator) => watched(operator, guard));
    const sent = await sendFinal();
    expect(idsOf((await relayerOf(world, operators).step()).delivered)).to.deep.equal([sent]);
    const { statements, contradicted, convicted, revoked, unseen, problems } = await guard.step();
    expect(statements > 0).to.equal(true);
    expect({ contradicted, convicted, revoked, unseen, problems }).to.deep.equal({
      contradicted: [],
      convicted: [],
      revoked: [],
      unseen: [],
      problems: [],
    });
  });
});
