import { ZeroHash, type Provider } from "ethers";

import { contractAt } from "../../chain/contractAt.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISlasher__factory } from "../../../types/ethers-contracts/factories/interfaces/ISlasher__factory.ts";
import type { IServiceManager } from "../../../types/ethers-contracts/interfaces/IServiceManager.ts";
import type { ISlasher } from "../../../types/ethers-contracts/interfaces/ISlasher.ts";
import { readBlock } from "../../chain/blocks.ts";
import { DEALLOCATION_DELAY } from "../../chain/eigenlayer.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { Degree, listedIds, OffenceKind, SCHEME_BN254, type Bn254Table, type Hex } from "../../wire/index.ts";
import type { SettlementAccess } from "../relaying/types.ts";
import { KeyOwners } from "./keyOwners.ts";
import type { TableView } from "./planConvictions.ts";
import { SettledWords, type SettledLane } from "./settledWords.ts";
import { TakenTables } from "./tables.ts";

/** What a fast word that is never settled costs, of 1e18 (R26). */
const UNSETTLED_WAD = 2n * 10n ** 16n;

/** L1's contracts that hold operators to account, and what was read of them. */
export class Accountability {
  readonly manager: IServiceManager;
  readonly settlement: SettlementAccess;
  readonly #provider: Provider;
  readonly #tables: TakenTables;
  readonly #settled: SettledWords;
  #slasher: ISlasher | undefined;
  #owners: KeyOwners | undefined;

  constructor(settlement: SettlementAccess) {
    this.settlement = settlement;
    this.manager = contractAt(IServiceManager__factory, settlement.serviceManager, settlement.signer);
    this.#provider = readerOf(settlement.signer);
    this.#tables = new TakenTables(settlement);
    this.#settled = new SettledWords(settlement);
  }

  /** The Slasher, called by the account that reports. */
  async slasher(): Promise<ISlasher> {
    this.#slasher ??= contractAt(ISlasher__factory, await this.manager.SLASHER(), this.settlement.signer);
    return this.#slasher;
  }

  /** All tables as they count now. Throws as `TakenTables.read` does. */
  async tables(): Promise<TableView> {
    const tables = await this.#tables.read();
    const { number } = await readBlock(this.#provider, "latest");
    return { tables, recentFrom: number + 1 - Number(DEALLOCATION_DELAY) };
  }

  /** The ids of all keys that a table ever listed, in lower case. Throws as {@link tables} does. */
  async listedKeys(): Promise<ReadonlySet<string>> {
    const tables = await this.#tables.read();
    return new Set(tables.flatMap(({ table }) => listedIds(table)));
  }

  /** The tables of BN254 keys, the latest first, one for each set of operators. Throws as {@link tables} does. */
  async sharedTables(): Promise<readonly Bn254Table[]> {
    const distinct = new Map<Hex, Bn254Table>();
    for (const { table } of await this.#tables.read()) {
      if (table.scheme === SCHEME_BN254 && !distinct.has(table.aggregateKey)) distinct.set(table.aggregateKey, table);
    }
    return [...distinct.values()];
  }

  /** The operators of the keys with these ids, of whatever table, by them. Throws as {@link tables} does. */
  async ownersOf(ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const { serviceManager: avs } = this.settlement;
    this.#owners ??= new KeyOwners(this.#provider, { avs, id: await this.manager.OPERATOR_SET_ID() });
    const asked = new Set(ids);
    const keys = new Map<string, string>();
    for (const { table } of await this.#tables.read()) {
      for (const [index, id] of listedIds(table).entries()) {
        const key = table.operators[index]?.key;
        if (asked.has(id) && key !== undefined) keys.set(id, key);
      }
    }
    return await this.#owners.read(keys.values());
  }

  /** Every word that was settled. Throws as `SettledWords.read` does. */
  async settledLanes(): Promise<ReadonlyMap<string, SettledLane>> {
    return await this.#settled.read();
  }

  /** What an offence about a source costs now, of 1e18; 0 if nobody can be convicted of it. */
  async wadOf(kind: OffenceKind, source: Hex, reachedBy: bigint): Promise<bigint> {
    if (kind === OffenceKind.falsehood) return await this.#settled.wadOf(source, reachedBy);
    return (await this.#settled.isFaulted(source)) ? 0n : UNSETTLED_WAD;
  }

  /** How gravely an operator is convicted of equivocation already. */
  async degreeOf(operator: string): Promise<Degree> {
    const degree = Number(await (await this.slasher()).degreeOf(operator, OffenceKind.equivocation, ZeroHash));
    return degree === Degree.quorum ? Degree.quorum : degree === Degree.lone ? Degree.lone : Degree.none;
  }

  /** What untruths of a kind about a source have cost an operator so far, of 1e18. */
  async chargedWad(operator: string, kind: OffenceKind, source: Hex): Promise<bigint> {
    return await (await this.slasher()).chargedWad(operator, kind, source);
  }

  /** L1's time, in seconds. */
  async now(): Promise<bigint> {
    return (await readBlock(this.#provider, "latest")).timestamp;
  }
}
