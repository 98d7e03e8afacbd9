import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { ParleyError } from "../../../src/errors.ts";
import type { Database } from "../../../src/store/database.ts";
import { openDatabase } from "../../../src/store/index.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { withoutSecret } from "../../../src/store/postgres.ts";
import { FABRIC, onBothDatabases } from "../../support/databases.ts";

/** The code with which something rejects. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing",
    (error: unknown) => (error as ParleyError).code,
  );

describe("Database", () => {
  onBothDatabases((empty) => {
    let database: Database;
    before(async () => {
      database = await empty();
      await database.query("CREATE TABLE things (id int8 PRIMARY KEY, name text)");
    });
    after(() => database.close());
    beforeEach(() => database.query("DELETE FROM things"));

    const names = async (): Promise<unknown[]> =>
      (await database.query<{ name: string }>("SELECT name FROM things ORDER BY id")).map(({ name }) => name);

    it("answers integers of eight bytes exactly, and takes lists and JSON", async () => {
      const large = 2n ** 63n - 1n;
      const [row] = await database.query("SELECT $1::int8 AS large, $2::text[] AS list, $3::jsonb -> 'a' AS inner", [
        large,
        ["x", 'y,"z'],
        JSON.stringify({ a: "0x" }),
      ]);
      expect(row).to.deep.equal({ large, list: ["x", 'y,"z'], inner: "0x" });
    });

    it("does all of a transaction, or, where it rejects, nothing", async () => {
      const result = await database.transaction(async (tx) => {
        await tx.query("INSERT INTO things VALUES (1, 'one')");
        return await tx.query("INSERT INTO things VALUES (2, 'two') RETURNING name");
      });
      expect(result).to.deep.equal([{ name: "two" }]);
      const failure = new Error("on purpose");
      const failed = database.transaction(async (tx) => {
        await tx.query("INSERT INTO things VALUES (3, 'three')");
        throw failure;
      });
      expect(await failed.catch((error: unknown) => error)).to.equal(failure);
      await database.transaction((tx) => tx.query("INSERT INTO things VALUES (1, 'again')")).catch(() => undefined);
      expect(await names()).to.deep.equal(["one", "two"]);
    });

    it("does transactions that stand in each other's way one after the other", async () => {
      await database.query("INSERT INTO things VALUES (1, '0'), (2, '0')");
      const add = (first: number, second: number): Promise<unknown> =>
        database.transaction(async (tx) => {
          for (const id of [first, second]) {
            await tx.query("UPDATE things SET name = name::int8 + 1 WHERE id = $1", [id]);
          }
        });
      // Half of them take the rows in one order, half in the other: deadlocks are certain to be tried.
      await Promise.all(Array.from({ length: 6 }, (_, place) => (place % 2 === 0 ? add(1, 2) : add(2, 1))));
      expect(await names()).to.deep.equal(["6", "6"]);
    });

    it("is migrated once, however many processes begin at once", async () => {
      await Promise.all([1, 2, 3].map(() => migrate(database, FABRIC)));
      const done = await database.query("SELECT number, name FROM migrations ORDER BY number");
      expect(done).to.deep.equal([
        { number: 1n, name: "logs" },
        { number: 2n, name: "work" },
        { number: 3n, name: "sending" },
        { number: 4n, name: "certified" },
        { number: 5n, name: "pruning" },
      ]);
    });

    it("belongs to one fabric", async () => {
      expect(await codeOf(migrate(database, { ...FABRIC, chainId: 2n }))).to.equal("store/other-fabric");
      const settlement = `0x${"11".repeat(20)}`;
      expect(await codeOf(migrate(database, { ...FABRIC, settlement }))).to.equal("store/other-fabric");
      const upper = `0x${FABRIC.settlement.slice(2).toUpperCase()}`;
      await migrate(database, { ...FABRIC, settlement: upper });
    });

    it("is left alone by a version that is older than what changed it", async () => {
      await database.query("INSERT INTO migrations VALUES (99, 'of the future')");
      expect(await codeOf(migrate(database, FABRIC))).to.equal("store/newer");
      await database.query("DELETE FROM migrations WHERE number = 99");
    });
  });

  describe("in a directory", () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), "parley-store-"))));
    after(() => rm(folder, { recursive: true, force: true }));

    it("is kept, and open in one process alone", async () => {
      const directory = path.join(folder, "deep", "db");
      const first = await openDatabase({ directory }, FABRIC);
      await first.query("INSERT INTO relayers VALUES ('me', now())");
      expect(await codeOf(openDatabase({ directory }, FABRIC))).to.equal("store/in-use");
      await first.close();
      const second = await openDatabase({ directory }, FABRIC);
      expect(await second.query("SELECT name FROM relayers")).to.deep.equal([{ name: "me" }]);
      await second.close();
    });

    it("that cannot be there says so, and not that another has it open", async () => {
      const file = path.join(folder, "file");
      await writeFile(file, "");
      const directory = path.join(file, "db");
      const error = await openDatabase({ directory }, FABRIC).then(
        () => undefined,
        (thrown: unknown) => thrown as ParleyError,
      );
      expect(error?.code).to.equal("store/not-writable");
      expect(error?.message).to.contain(directory);
    });

    it("that holds something else says that it can be begun anew, and is not left locked", async () => {
      const directory = path.join(folder, "spoilt");
      await mkdir(directory);
      await writeFile(path.join(directory, "PG_VERSION"), "7");
      for (let attempt = 0; attempt < 2; ++attempt) {
        expect(await codeOf(openDatabase({ directory }, FABRIC))).to.equal("store/unreadable");
      }
    });
  });

  it("on a server that is not there says where, without the password", async () => {
    const opening = openDatabase({ url: "postgresql://me:secret@127.0.0.1:1/parley" }, FABRIC);
    const error = await opening.then(
      () => undefined,
      (thrown: unknown) => thrown as ParleyError,
    );
    expect(error?.code).to.equal("store/unreachable");
    expect(error?.message).to.contain("127.0.0.1:1/parley").and.not.contain("secret");
    expect(withoutSecret("no URL")).to.equal("the given URL");
  });
});
