import { expect, use } from "chai";
import { hexlify, toUtf8Bytes } from "ethers";

import { createDevnet, type Devnet, type DevnetMember, parleyMatchers } from "../../testing/index.ts";
import { Mailbox__factory } from "../../types/ethers-contracts/factories/examples/Mailbox__factory.ts";
import type { Mailbox } from "../../types/ethers-contracts/examples/Mailbox.ts";

use(parleyMatchers);

describe("createDevnet", () => {
  let devnet: Devnet<"alpha" | "beta">;
  let alpha: DevnetMember;
  let beta: DevnetMember;

  before(async () => {
    devnet = await createDevnet({ rollups: 2, operators: 8 });
    ({ alpha, beta } = devnet.rollups);
  });
  after(() => devnet.close());

  async function mailboxes(): Promise<{ onAlpha: Mailbox; onBeta: Mailbox }> {
    const [onAlpha, onBeta] = [
      await alpha.deploy("Mailbox", [alpha.gateway]),
      await beta.deploy("Mailbox", [beta.gateway]),
    ];
    const at = (address: unknown, { signers }: DevnetMember): Mailbox =>
      Mailbox__factory.connect(String(address), signers[0]);
    return { onAlpha: at(onAlpha.target, alpha), onBeta: at(onBeta.target, beta) };
  }

  it("delivers all that was sent, both ways", async () => {
    const { onAlpha, onBeta } = await devnet.loadFixture(mailboxes);
    await alpha.send({ to: beta, recipient: onBeta, payload: hexlify(toUtf8Bytes("over there")) });
    await beta.send({ to: alpha, recipient: onAlpha, payload: hexlify(toUtf8Bytes("back here")) });
    const { delivered, failed, waiting } = await devnet.deliverAll();
    expect(delivered.map(({ source, destination, nonce }) => `${source} ${destination} ${nonce}`)).to.have.members([
      "alpha beta 0",
      "beta alpha 0",
    ]);
    expect([...failed, ...waiting]).to.be.empty;
    expect([await onBeta.lastText(), await onAlpha.lastText()]).to.deep.equal(["over there", "back here"]);
    expect((await devnet.messages()).map(({ status }) => status)).to.deep.equal(["delivered", "delivered"]);
  });
});
