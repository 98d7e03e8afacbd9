/** Has L1 revoke the table in force, and no member know of it yet. */
import { readerOf } from "../../src/chain/readerOf.ts";
import { encodeEquivocation, ZERO_WORD, type Statement } from "../../src/wire/index.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISlasher__factory } from "../../types/ethers-contracts/factories/interfaces/ISlasher__factory.ts";
import { finalOf, inventedWord, signedBy } from "../src/agents/watching/lies.ts";
import type { Served } from "./served.ts";

export async function revokeOnL1({ fabric }: Pick<Served, "fabric">): Promise<void> {
  const { serviceManager } = fabric.contracts;
  const [l1, alpha, beta] = fabric.members.map(({ id, chainId, signer }) => ({
    id,
    chainId,
    signer,
    provider: readerOf(signer),
  }));
  const domain = { settlementChainId: l1!.chainId, serviceManager };
  const sign = async (name: string): Promise<Statement> =>
    signedBy(
      { fabric, domain },
      await finalOf(alpha!, beta!, inventedWord(alpha!, beta!, name, 1)),
      fabric.operators.slice(0, 6),
    );
  const evidence = encodeEquivocation({
    a: await sign("one"),
    b: await sign("other"),
    from: ZERO_WORD,
    messageHashes: [],
  });
  const manager = IServiceManager__factory.connect(serviceManager, l1!.signer);
  const { tableId } = await manager.latestTable();
  await (await ISlasher__factory.connect(await manager.SLASHER(), l1!.signer).revokeTable(tableId, evidence)).wait();
}
