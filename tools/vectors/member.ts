import { memberId } from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refused } from "./refused.ts";

/** Members' ids. */
export const memberVectors = ((random) => {
  const settlement = { chainId: 1n, settlement: random.address() };
  const cases = [
    { at: settlement, member: { chainId: 10n, gateway: random.address() } },
    { at: settlement, member: { chainId: 1n, gateway: random.address() } },
    { at: settlement, member: { chainId: 2n ** 64n - 1n, gateway: random.address() } },
    {
      at: { chainId: 11155111n, settlement: random.address() },
      member: { chainId: 84532n, gateway: random.address() },
    },
    {
      at: { chainId: 2n ** 256n - 1n, settlement: random.address() },
      member: { chainId: random.uint(63), gateway: random.address() },
    },
  ];
  const gateway = random.address();
  return {
    valid: cases.map((one) => ({ ...one, memberId: memberId(one.at, one.member) })),
    invalid: [
      refused("chain id 0", "wire/range", { at: settlement, member: { chainId: 0n, gateway } }, ({ at, member }) =>
        memberId(at, member),
      ),
      refused(
        "chain id 2^64",
        "wire/range",
        { at: settlement, member: { chainId: 2n ** 64n, gateway } },
        ({ at, member }) => memberId(at, member),
      ),
    ],
  };
}) satisfies Build;
