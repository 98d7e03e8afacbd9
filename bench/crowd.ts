/** Many operators at once, and what they cost. */
import { computeAddress, id, SigningKey, Wallet } from "ethers";

import { createOperator, deposit, allocate } from "../src/testing/eigenlayer.ts";
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

/** Makes operators, each with stake in both strategies. Their numbers are from `from` up to `to`. */
export async function crowd(fabric: Fabric, to: number, from = 0): Promise<void> {
  const { l1, set } = fabric;
  for (let n = from; n < to; ++n) {
    const operator = new Wallet(accountOf(n), l1.ethers.provider);
    await l1.networkHelpers.setBalance(operator.address, 10n * ETHER);
    const [first, second] = [await l1.tokens[0].getAddress(), await l1.tokens[1].getAddress()];
    await createOperator({
      ...{ operator, key: keyOf(n), operatorSet: set, token: first, strategy: l1.strategies[0] },
      ...{ stake: 40n * ETHER, bond: BOND, data: REGISTRATION },
    });
    await deposit(operator, { token: second, strategy: l1.strategies[1], amount: 40n * ETHER });
    await allocate(operator, { operatorSet: set, strategy: l1.strategies[1], magnitude: ETHER });
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
  const accused = new Wallet(accountOf(numbers[0] ?? 0)).address;
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
