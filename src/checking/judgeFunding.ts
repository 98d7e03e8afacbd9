import { formatEther } from "ethers";

import { danger, warning, type Finding } from "./finding.ts";
import type { Purse } from "./readFunding.ts";

/** Below so many times what comes next it is time to fill up. */
const AHEAD = 4n;

/** What is wrong with what there is to pay with. Pure. */
export function judgeFunding({ fundings, closed, unknown }: Purse): Finding[] {
  return [
    ...fundings.flatMap(({ chain, account, balance, needed, purpose }): Finding[] => {
      const meaning = `${account} has ${formatEther(balance)} ETH here; ${formatEther(needed)} may be needed next: for ${purpose}.`;
      const remedy = "Send it some, or name the account that pays with --account.";
      if (balance < needed) return [danger("funds/too-low", chain, meaning, remedy)];
      return balance < AHEAD * needed ? [warning("funds/low", chain, meaning, remedy)] : [];
    }),
    ...closed.map(({ member, at, inbox, origin }) => {
      const who = origin === undefined ? "no account that is known here" : `not ${origin}`;
      return danger(
        "bridge/allow-list",
        member,
        `The Inbox of ${member} on ${at}, ${inbox}, takes tickets of listed accounts alone, and ${who}: no table and no settled word gets there.`,
        "Have the chain's owner list the accounts that send for Parley (Inbox.setAllowList: transactions' origins), or name one that is listed with --account.",
      );
    }),
    ...[...unknown].map(([chain, reason]) => {
      const meaning = `What comes next costs something that could not be reckoned: ${reason}`;
      return warning("funds/unknown", chain, meaning, "See that the chain's bridge and node answer.");
    }),
  ];
}
