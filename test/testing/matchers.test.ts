import { AssertionError, expect, use } from "chai";
import { concat, dataLength, Interface, toBeHex } from "ethers";

import { ParleyError } from "../../src/errors.ts";
import { Level } from "../../src/wire/index.ts";
import { createDevnet, parleyMatchers } from "../../testing/index.ts";
import type { Devnet, DevnetMember, DevnetMessage } from "../../testing/index.ts";

use(parleyMatchers);

const ERRORS = new Interface([
  "error MailboxIsClosed()",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  "error Foreign(uint256 figure)",
  "error Error(string)",
  "error Panic(uint256)",
]);

const HOLDER = "0xabCDeF0123456789AbcdEf0123456789aBCDEF01";

/** What recipients refuse with, by their names. */
const REFUSALS = {
  closed: ERRORS.encodeErrorResult("MailboxIsClosed"),
  poor: ERRORS.encodeErrorResult("ERC20InsufficientBalance", [HOLDER, 3n, 5n]),
  foreign: ERRORS.encodeErrorResult("Foreign", [7n]),
  saying: ERRORS.encodeErrorResult("Error", ["not on a Sunday"]),
  panicking: ERRORS.encodeErrorResult("Panic", [0x11n]),
  silent: "0x",
  unknown: "0xdeadbeef",
} as const;

type Recipient = keyof typeof REFUSALS;

/** Code that reverts with this data, whatever it is asked. */
const revertingWith = (data: string): string =>
  concat(["0x60", toBeHex(dataLength(data), 1), "0x80600b6000396000fd", data]);

/** The error with which an assertion fails. */
async function failureOf(assertion: Promise<void>): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  return expect.fail("the assertion held");
}

/** The code of the error with which an assertion cannot be judged. */
async function codeOf(assertion: Promise<void>): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    if (error instanceof ParleyError) return error.code;
    throw error;
  }
  return expect.fail("the assertion held");
}

describe("Matchers", () => {
  let devnet: Devnet<"alpha" | "beta">;
  let alpha: DevnetMember;
  let beta: DevnetMember;
  let delivered: DevnetMessage;
  let waiting: DevnetMessage;
  const refused = {} as Record<Recipient, DevnetMessage>;

  before(async () => {
    devnet = await createDevnet({ operators: 4, abis: [ERRORS] });
    ({ alpha, beta } = devnet.rollups);
    const taker = await beta.deploy("MessageRecorder");
    for (const [place, [name, data]] of Object.entries(REFUSALS).entries()) {
      const recipient = toBeHex(0xbad0000 + place, 20);
      await beta.provider.request({ method: "hardhat_setCode", params: [recipient, revertingWith(data)] });
      refused[name as Recipient] = await alpha.send({ to: beta, recipient });
    }
    delivered = await alpha.send({ to: beta, recipient: taker, payload: "0xC0de" });
    await devnet.deliverAll();
    devnet.stopOperators(2);
    waiting = await alpha.send({ to: beta, recipient: taker, minFinality: Level.final, gasLimit: 300_000n });
    await devnet.deliverAll();
  });
  after(() => devnet.close());

  describe("emitMessage", () => {
    it("finds the message that a transaction sent, by whatever is said of it", async () => {
      const payload = (bytes: string): boolean => bytes.startsWith("0xc0");
      await expect(delivered.txHash).to.emitMessage(alpha);
      await expect(delivered.txHash).to.emitMessage(alpha, {
        ...{
          to: beta,
          sender: alpha.signers[0]!,
          recipient: delivered.recipient.toLowerCase(),
          nonce: delivered.nonce,
        },
        payload: "0xC0DE",
      });
      await expect(delivered.txHash).to.emitMessage(alpha, { payload, nonce: Number(delivered.nonce) });
      await expect(waiting.txHash).to.emitMessage(alpha, { minFinality: Level.final, gasLimit: 300_000n });
    });

    it("takes what a contract's method answers", async () => {
      const sending = alpha.gateway.sendMessage(await beta.interoperable(HOLDER), "0x01", []);
      await expect(sending).to.emitMessage(alpha, { recipient: HOLDER, payload: "0x01" });
      await expect((await sending).wait()).to.emitMessage(alpha);
      await expect(beta.signers[0]!.sendTransaction({ to: HOLDER })).to.not.emitMessage(beta);
    });

    for (const [trait, expected] of Object.entries({
      destination: () => ({ to: alpha }),
      sender: () => ({ sender: HOLDER }),
      recipient: () => ({ recipient: HOLDER }),
      payload: () => ({ payload: "0x00" }),
      nonce: () => ({ nonce: 99 }),
      gasLimit: () => ({ gasLimit: 1n }),
      minFinality: () => ({ minFinality: Level.settled }),
    })) {
      it(`tells messages apart by ${trait}`, async () => {
        await expect(delivered.txHash).to.not.emitMessage(alpha, expected());
        const text = await failureOf(expect(delivered.txHash).to.emitMessage(alpha, expected()));
        expect(text).to.match(
          new RegExp(`with ${trait} .* but message ${delivered.id} \\(alpha → beta, nonce 7\\) has ${trait} `),
        );
      });
    }

    it("says what else was sent, or that nothing was", async () => {
      const isEmpty = (payload: string): boolean => payload === "0x";
      const one = await failureOf(expect(delivered.txHash).to.emitMessage(alpha, { to: beta, payload: isEmpty }));
      expect(one).to.match(/has payload 0xc0de$/);
      const { hash } = await alpha.signers[0]!.sendTransaction({ to: HOLDER });
      expect(await failureOf(expect(hash).to.emitMessage(alpha))).to.equal(
        `expected transaction ${hash} to send a message from alpha, but it sent none`,
      );
      expect(await failureOf(expect(delivered.txHash).not.to.emitMessage(alpha, { to: beta }))).to.match(
        /to send no message from alpha with destination beta, but it sent message 0x\w+ \(alpha → beta, nonce 7\)$/,
      );
    });

    it("refuses what is no transaction of that chain", async () => {
      expect(await codeOf(expect(delivered.txHash).to.emitMessage(beta))).to.equal("devnet/no-transaction");
      expect(await codeOf(expect("hello").to.emitMessage(alpha))).to.equal("devnet/no-transaction");
    });
  });

  describe("toBeDeliveredOn", () => {
    it("takes a message, its id, the transaction that sent it, or a promise", async () => {
      for (const subject of [delivered, delivered.id, { hash: delivered.txHash }, Promise.resolve(delivered)]) {
        await expect(subject).toBeDeliveredOn(beta);
        expect(await failureOf(expect(subject).not.toBeDeliveredOn(beta))).to.equal(
          `expected message ${delivered.id} (alpha → beta, nonce 7) not to be delivered on beta, but it was`,
        );
      }
    });

    it("says why a message was not delivered there", async () => {
      const expected = (id: string, nonce: number, where = "beta"): string =>
        `expected message ${id} (alpha → beta, nonce ${nonce}) to be delivered on ${where}, but `;
      await expect(delivered).not.toBeDeliveredOn(alpha);
      expect(await failureOf(expect(delivered).toBeDeliveredOn(alpha))).to.equal(
        `${expected(delivered.id, 7, "alpha")}it goes to beta`,
      );
      await expect(refused.closed).not.toBeDeliveredOn(beta);
      expect(await failureOf(expect(refused.closed).toBeDeliveredOn(beta))).to.equal(
        `${expected(refused.closed.id, 0)}it failed, its recipient refused it: MailboxIsClosed()`,
      );
      await expect(waiting).not.toBeDeliveredOn(beta);
      const text = await failureOf(expect(waiting).toBeDeliveredOn(beta));
      expect(
        text.startsWith(`${expected(waiting.id, 8)}it is final, and waits: no quorum: 2 of 4 operators`),
        text,
      ).to.equal(true);
    });

    it("judges no message that is not there, nor one of several", async () => {
      const nobody = `0x${"11".repeat(32)}`;
      expect(await codeOf(expect(nobody).toBeDeliveredOn(beta))).to.equal("message/unknown");
      expect(await codeOf(expect(nobody).not.toBeDeliveredOn(beta))).to.equal("message/unknown");
      const { hash } = await alpha.signers[0]!.sendTransaction({ to: HOLDER });
      expect(await codeOf(expect({ hash }).toBeDeliveredOn(beta))).to.equal("devnet/which-message");
    });
  });

  describe("toFailOn", () => {
    const cases: Readonly<Record<Recipient, readonly [reason: string | RegExp, args?: object][]>> = {
      closed: [["MailboxIsClosed"], [/Closed/]],
      poor: [
        ["ERC20InsufficientBalance"],
        ["ERC20InsufficientBalance", [HOLDER, 3n, 5n]],
        ["ERC20InsufficientBalance", { needed: 5, sender: HOLDER.toLowerCase() }],
        ["ERC20InsufficientBalance", { balance: (value: string) => BigInt(value) < 5n }],
      ],
      foreign: [["Foreign", [7]]],
      saying: [["not on a Sunday"], ["Error", { message: "not on a Sunday" }], [/sunday/i]],
      panicking: [["Panic", { code: 0x11 }]],
      silent: [[/it returned nothing/]],
      unknown: [[/0xdeadbeef/]],
    };

    for (const [name, reasons] of Object.entries(cases)) {
      it(`knows why a recipient refused: ${name}`, async () => {
        const message = refused[name as Recipient];
        await expect(message).toFailOn(beta);
        for (const [reason, args] of reasons)
          await expect(message).toFailOn(beta, reason, args as Record<string, unknown>);
        await expect(message).not.toFailOn(beta, "AnotherError");
        await expect(message).not.toFailOn(alpha);
        expect(await failureOf(expect(message).toFailOn(beta, "AnotherError", { figure: 1 }))).to.match(
          /^expected message 0x\w{64} \(alpha → beta, nonce \d\) to fail on beta with AnotherError\(figure: 1\), but it failed, its recipient refused it: /,
        );
        expect(await failureOf(expect(message).not.toFailOn(beta))).to.match(
          /nonce \d\) not to fail on beta, but it failed: /,
        );
      });
    }

    it("compares what errors carry", async () => {
      for (const args of [{ needed: 6n }, { balance: 3n, nothing: 0n }, [HOLDER, 3n, 6n], [HOLDER, 3n, 5n, 0n]]) {
        await expect(refused.poor).not.toFailOn(beta, "ERC20InsufficientBalance", args);
        await failureOf(expect(refused.poor).toFailOn(beta, "ERC20InsufficientBalance", args));
      }
    });

    it("takes neither a message that was delivered for failed, nor one that nobody tried", async () => {
      await expect(delivered).not.toFailOn(beta);
      expect(await failureOf(expect(delivered).toFailOn(beta))).to.match(/to fail on beta, but it was delivered$/);
      await expect(waiting).not.toFailOn(beta);
      expect(await failureOf(expect(waiting).toFailOn(beta, "MailboxIsClosed"))).to.match(
        /, but it is final, and waits: /,
      );
    });
  });
});
