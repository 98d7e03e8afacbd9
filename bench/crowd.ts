/** Many operators at once, and what they cost. */
import { computeAddress, id, SigningKey } from "ethers";

import { EIGENLAYER, EIGENLAYER_INTERFACE, FULL_MAGNITUDE } from "../src/chain/eigenlayer.ts";
import { requireMined, sendAs } from "../src/testing/cheats.ts";
import type { ChainProvider } from "../src/testing/eigenlayer.ts";
import { missingCalls, OPERATOR_CALL_GAS, TOKEN } from "../src/testing/operatorCalls.ts";
import {
  certificateDigest,
  checkpointTree,
  encodeCertificate,
  encodeEquivocationEvidence,
  encodeFalsehoodEvidence,
  MAX_EVIDENCE_FOLD,
  type Checkpoint,
  type Statement,
} from "../src/wire/index.ts";
import {
  FALSE,
  KIND,
  latestTable,
  messages,
  sameCount,
  TRUE,
  type Taken,
} from "../test/contracts/settlement/accused.ts";
import {
  BOND,
  ETHER,
  FALSEHOOD_NOTICE,
  MIN_INTERVAL,
  REGISTRATION,
  type Fabric,
} from "../test/contracts/settlement/fabric.ts";
import { laneOf, said, settle, WAD } from "../test/contracts/settlement/untrue.ts";

const keyOf = (n: number): SigningKey => new SigningKey(id(`parley crowd ${n} key`));
const accountOf = (n: number): string => id(`parley crowd ${n} account`);

/** What each stakes in a strategy. */
const STAKE = 40n * ETHER;

/** Makes operators, each with stake in both strategies. Their numbers are from `from` up to `to`. */
export async function crowd(fabric: Fabric, to: number, from = 0): Promise<void> {
  const { l1, set } = fabric;
  const reader = l1.ethers.provider;
  const provider: ChainProvider = { request: ({ method, params = [] }) => reader.send(method, [...params]) };
  const [first, second] = [await l1.tokens[0].getAddress(), await l1.tokens[1].getAddress()];
  const { strategyManager, allocationManager } = EIGENLAYER;
  const depositing = EIGENLAYER_INTERFACE.strategyManager.encodeFunctionData("depositIntoStrategy", [
    ...[l1.strategies[1], second, STAKE],
  ]);
  for (let n = from; n < to; ++n) {
    const account = computeAddress(accountOf(n));
    await l1.networkHelpers.setBalance(account, 10n * ETHER);
    const calls = await missingCalls(reader, {
      ...{ account, key: keyOf(n), operatorSet: set, token: first, strategy: l1.strategies[0] },
      ...{ stake: STAKE, magnitude: FULL_MAGNITUDE, bond: BOND, data: REGISTRATION },
    });
    const allocation = { operatorSet: set, strategies: [l1.strategies[1]], newMagnitudes: [FULL_MAGNITUDE] };
    const allocating = EIGENLAYER_INTERFACE.allocationManager.encodeFunctionData("modifyAllocations", [
      ...[account, [allocation]],
    ]);
    const inSecond = [
      { to: second, data: TOKEN.encodeFunctionData("mint", [account, STAKE]) },
      { to: second, data: TOKEN.encodeFunctionData("approve", [strategyManager, STAKE]) },
      { to: strategyManager, data: depositing },
      { to: allocationManager, data: allocating },
    ].map((call) => ({ ...call, value: 0n }));
    const sent = await sendAs(provider, { from: account, gas: OPERATOR_CALL_GAS }, [...calls, ...inSecond]);
    for (const transaction of sent) await requireMined(provider, transaction);
  }
}

/** What the operators that there are cost: a table, its publication to a Gateway on L1, and convictions of one of them. */
export async function measureOperators(fabric: Fabric): Promise<{
  snapshot: bigint;
  publish: bigint;
  convictLone: bigint;
  convictQuorum: bigint;
  convictFalsehood: bigint;
  convictFalsehoodQuorum: bigint;
}> {
  const { manager, slasher, local, l1 } = fabric;
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  const snapshot = await gasOf(manager.snapshot());
  const taken = await latestTable(fabric);
  const publish = await gasOf(manager.publish(taken.id, local.id, "0x"));

  const numbers = numbersOf(taken);
  const accused = computeAddress(accountOf(numbers[0] ?? 0));
  const quorum = Math.floor((taken.table.operators.length * 6_667) / 10_000) + 1;
  const convict = async (signers: number): Promise<bigint> => {
    const [a, b] = [TRUE, FALSE].map((checkpoint) => signedByFirst(fabric, taken, checkpoint, signers)) as [
      Statement,
      Statement,
    ];
    const listing = { tableId: taken.id, index: 0 };
    const evidence = encodeEquivocationEvidence({ equivocation: sameCount(a, b), a: listing, b: listing });
    return gasOf(slasher.convict(accused, KIND.equivocation, evidence, { gasLimit: 16_777_216n }));
  };
  const before = await l1.networkHelpers.takeSnapshot();
  const convictLone = await convict(1);
  await before.restore();
  const convictQuorum = await convict(quorum);
  await before.restore();
  const convictFalsehood = await measureFalsehood(fabric, taken, accused, 1);
  await before.restore();
  const convictFalsehoodQuorum = await measureFalsehood(fabric, taken, accused, quorum);
  await before.restore();
  return { snapshot, publish, convictLone, convictQuorum, convictFalsehood, convictFalsehoodQuorum };
}

/** The dearest falsehood: a word is settled as far behind the false one as evidence may fold. */
async function measureFalsehood(fabric: Fabric, taken: Taken, accused: string, signers: number): Promise<bigint> {
  const { settlement, owner, slasher, l1, rollup } = fabric;
  await settlement.connect(owner).announceFalsehoodWad(rollup.id, WAD);
  await l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
  const lie = laneOf(fabric);
  const [count, end] = [1, 1 + MAX_EVIDENCE_FOLD];
  await settle(fabric, lie.word("true", end));
  const evidence = encodeFalsehoodEvidence({
    statement: signedByFirst(fabric, taken, said(lie, lie.word("false", count)), signers),
    listing: { tableId: taken.id, index: 0 },
    settledCount: BigInt(end),
    from: lie.word("true", count),
    messageHashes: messages("true", end).slice(count),
  });
  return gasOf(slasher.convict(accused, KIND.falsehood, evidence, { gasLimit: 16_777_216n }));
}

async function gasOf(sent: ReturnType<Fabric["manager"]["snapshot"]>): Promise<bigint> {
  const receipt = await (await sent).wait();
  return receipt?.gasUsed ?? 0n;
}

/** The numbers of the operators of a table, in its order. */
function numbersOf({ table }: Taken): number[] {
  const numbers = new Map(table.operators.map((_, n) => [computeAddress(keyOf(n).publicKey), n]));
  return table.operators.flatMap(({ key }) => numbers.get(key) ?? []);
}

function signedByFirst(fabric: Fabric, taken: Taken, checkpoint: Checkpoint, count: number): Statement {
  const tree = checkpointTree([checkpoint]);
  const domain = { settlementChainId: fabric.l1.chainId, serviceManager: fabric.set.avs };
  const digest = certificateDigest(domain, tree.root);
  const signatures = numbersOf(taken)
    .slice(0, count)
    .map((n, index) => ({ index, signature: keyOf(n).sign(digest).serialized }));
  return { checkpoint, siblings: [], certificate: encodeCertificate(signatures) };
}
