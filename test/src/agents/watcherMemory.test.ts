import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { ZeroHash } from "ethers";

import { FileHeardStatements, Watcher } from "../../../src/agents/index.ts";
import { Degree, type Statement } from "../../../src/wire/index.ts";
import { useWorld } from "./fixture.ts";
import { finalOf, inventedWord, signedBy } from "./watching/lies.ts";

describe("Watcher, over its own end", () => {
  const world = useWorld();
  let folder: string;
  let file: string;
  let heard: FileHeardStatements;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "watcher-"));
  });
  beforeEach(async () => {
    file = path.join(folder, "heard.jsonl");
    await rm(file, { force: true });
    heard = await FileHeardStatements.open(file);
  });
  afterEach(() => heard.close());
  after(() => rm(folder, { recursive: true }));

  const watcher = (): Watcher => {
    const { l1, members, fabric } = world;
    const { settlement, serviceManager } = fabric.contracts;
    const { chainId, signer } = l1;
    return new Watcher({
      settlement: { chainId, settlement, serviceManager, signer, startBlock: fabric.startBlock },
      members,
      heard,
    });
  };

  const say = async (name: string, signers = world.fabric.operators.slice(0, 1)): Promise<Statement> =>
    signedBy(world, await finalOf(world.alpha, world.beta, inventedWord(world.alpha, world.beta, name, 1)), signers);

  /** Hands an operator's answer over, as who asked it gets it. */
  const tell = (to: Watcher, { checkpoint, certificate }: Statement): void =>
    to.hear([checkpoint], `0x${certificate.slice(4)}`);

  async function reopen(): Promise<void> {
    await heard.close();
    heard = await FileHeardStatements.open(file);
  }

  it("R24: convicts of two answers between which it was killed", async () => {
    const [liar] = world.fabric.operators;
    const first = watcher();
    tell(first, await say("one"));
    expect((await first.step()).convicted).to.deep.equal([]);
    await reopen();

    const second = watcher();
    tell(second, await say("other"));
    const { convicted, problems } = await second.step();
    expect(convicted.map(({ operator, degree }) => [operator, degree])).to.deep.equal([[liar!.address, Degree.lone]]);
    expect(problems).to.deep.equal([]);
  });

  it("keeps a statement once, and none that nobody signed whom a table lists", async () => {
    const one = watcher();
    const said = await say("one");
    tell(one, said);
    tell(one, said);
    one.hear([said.checkpoint], `0x${"11".repeat(64)}`); // recovers to somebody, or nobody
    await one.step();
    tell(one, said);
    await one.step();
    expect((await readFile(file, "utf8")).split("\n")).to.have.lengthOf(2);
    await reopen();
    expect(heard.read()).to.have.lengthOf(1);
    expect(heard.read()[0]!.checkpoint).to.deep.equal(said.checkpoint);
  });

  it("says that it cannot keep what it was handed, uses it all the same, and keeps it later", async () => {
    const one = watcher();
    const keep = heard.keep.bind(heard);
    heard.keep = async () => Promise.reject(new Error("disk full"));
    tell(one, await say("one"));
    tell(one, await say("other"));
    const { convicted, problems } = await one.step();
    expect(convicted).to.have.lengthOf(1);
    expect(problems.map(({ subject }) => subject)).to.deep.equal(["what it was handed"]);
    heard.keep = keep;
    expect((await one.step()).problems).to.deep.equal([]);
    await reopen();
    expect(heard.read()).to.have.lengthOf(2);
  });

  it("forgets a line that was being written when it ended, and opens no file that is not as it was written", async () => {
    const one = watcher();
    tell(one, await say("one"));
    await one.step();
    await appendFile(file, '{"checkpoint":{"sou');
    await reopen();
    expect(heard.read()).to.have.lengthOf(1);

    const whole = await readFile(file, "utf8");
    await heard.close();
    await writeFile(file, whole.replace('"level":', `"hash":"${ZeroHash}","level":`));
    const error = await FileHeardStatements.open(file).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.include({ code: "watcher/corrupt" });
    expect((error as Error).message).to.contain("Line 1 of");
    await writeFile(file, whole);
    heard = await FileHeardStatements.open(file);
  });
});
