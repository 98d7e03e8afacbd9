import type { DevnetMember } from "../devnetMember.ts";
import type { ExpectedMessage } from "./expectedMessage.ts";
import type { ExpectedArguments } from "./expectedRefusal.ts";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the types of chai are a namespace
  namespace Chai {
    interface Assertion {
      /**
       * Of a transaction: that it sent a message from this member, such as is said.
       *
       *     await expect(app.greet()).to.emitMessage(alpha, { to: beta, recipient: mailbox });
       */
      emitMessage(source: DevnetMember, expected?: ExpectedMessage): Promise<void>;
      /**
       * Of a message, its id, or a transaction that sent one message: that it was executed there.
       *
       *     await devnet.deliverAll();
       *     await expect(message).toBeDeliveredOn(beta);
       */
      toBeDeliveredOn(destination: DevnetMember): Promise<void>;
      /**
       * Of a message, its id, or a transaction that sent one message: that it was tried there, and its recipient refused it; with this
       * error (of a revert with a text, the text), or one whose text fits.
       *
       *     await expect(message).toFailOn(beta, "MailboxIsClosed");
       *     await expect(message).toFailOn(beta, "ERC20InsufficientBalance", { needed: 5n });
       */
      toFailOn(destination: DevnetMember, reason?: string | RegExp, args?: ExpectedArguments): Promise<void>;
    }
  }
}
