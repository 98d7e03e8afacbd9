import { expect } from "chai";

import type { ParleyError } from "../../../src/errors.ts";
import type { PendingTransaction } from "../../../src/sending/index.ts";
import type { Database } from "../../../src/store/database.ts";
import { DatabasePendingTransactions } from "../../../src/store/index.ts";
import { onBothDatabases } from "../../support/databases.ts";

const ACCOUNT = { chainId: 2n ** 53n, address: `0x${"aa".repeat(20)}` };

const transaction = (nonce: number, more: Partial<PendingTransaction> = {}): PendingTransaction => ({
  ...{ nonce, key: `call ${nonce}`, covers: ["0x01", "0x02"], to: `0x${"bb".repeat(20)}`, data: "0x1234" },
  ...{ value: 2n ** 200n, gasLimit: 21_000n },
  attempts: [
    { fees: { maxFeePerGas: 10n ** 18n, maxPriorityFeePerGas: 0n }, hash: "0xabcd", raw: "0x02ff", sentAt: 1_700_000 },
    { fees: { gasPrice: 7n }, hash: undefined, raw: undefined, sentAt: 1_800_000 },
  ],
  ...more,
});

describe("Pending transactions in a database", () => {
  onBothDatabases((empty) => {
    let database: Database;
    let store: DatabasePendingTransactions;
    before(async () => {
      database = await empty();
      store = new DatabasePendingTransactions(database);
    });
    after(() => database.close());
    beforeEach(() => database.query("DELETE FROM pending_transactions"));

    it("come back as they were written, each account's own", async () => {
      const other = { ...ACCOUNT, chainId: 1n };
      await store.put(ACCOUNT, transaction(6));
      await store.put(ACCOUNT, transaction(5));
      await store.put(other, transaction(5, { key: "another" }));
      expect(await store.load(ACCOUNT)).to.deep.equal([transaction(5), transaction(6)]);
      expect((await store.load(other)).map(({ key }) => key)).to.deep.equal(["another"]);
    });

    it("replace the one with their nonce, and are forgotten one by one", async () => {
      await store.put(ACCOUNT, transaction(5));
      await store.put(ACCOUNT, transaction(6));
      await store.put(ACCOUNT, transaction(5, { key: "later" }));
      await store.remove(ACCOUNT, 6);
      await store.remove(ACCOUNT, 6);
      expect(await store.load(ACCOUNT)).to.deep.equal([transaction(5, { key: "later" })]);
    });

    it("that this version cannot read are an error, not nothing", async () => {
      await store.put(ACCOUNT, transaction(5));
      await database.query("UPDATE pending_transactions SET transaction = '{}'");
      const error: unknown = await store.load(ACCOUNT).catch((thrown: unknown) => thrown);
      expect((error as ParleyError).code).to.equal("store/unreadable-transaction");
    });
  });
});
