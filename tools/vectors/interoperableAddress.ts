import { join } from "../../src/wire/bytes.ts";
import { decodeInteroperableAddress, encodeInteroperableAddress } from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refusedBytes } from "./refused.ts";

/** ERC-7930 interoperable addresses. */
export const interoperableAddressVectors = ((random) => {
  const chainIds = [1n, 10n, 255n, 256n, 8453n, 11155111n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 256n - 1n];
  const accounts = [
    // The example of ERC-7930: Ethereum mainnet.
    { chainId: 1n, address: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045" },
    ...chainIds.map((chainId) => ({ chainId, address: random.address() })),
    { chainId: 10n, address: `0x${"00".repeat(20)}` },
  ];
  const account = random.bytes(20);
  const bad = refusedBytes(decodeInteroperableAddress);
  return {
    valid: accounts.map((one) => ({ account: one, bytes: encodeInteroperableAddress(one) })),
    invalid: [
      bad("no bytes", "wire/truncated", "0x"),
      bad("version alone", "wire/truncated", "0x0001"),
      bad("version 0", "wire/unsupported", join("0x0000000001", "0x0a14", account)),
      bad("version 2", "wire/unsupported", join("0x0002000001", "0x0a14", account)),
      bad("chain type 1", "wire/unsupported", join("0x0001000101", "0x0a14", account)),
      bad("chain type 2 (Solana)", "wire/unsupported", join("0x0001000201", "0x0a14", account)),
      bad("no chain", "wire/range", join("0x0001000000", "0x14", account)),
      bad("chain 0 in one byte", "wire/not-canonical", join("0x0001000001", "0x0014", account)),
      bad("chain id with a leading zero", "wire/not-canonical", join("0x0001000002", "0x000a14", account)),
      bad("chain id of 33 bytes", "wire/range", join("0x0001000021", random.bytes(33), "0x14", account)),
      bad("no address", "wire/unsupported", "0x00010000010a00"),
      bad("address of 19 bytes", "wire/unsupported", join("0x00010000010a13", account.slice(0, -2))),
      bad("address of 21 bytes", "wire/unsupported", join("0x00010000010a15", account, "0x00")),
      bad("address of 32 bytes", "wire/unsupported", join("0x00010000010a20", `0x${"00".repeat(12)}`, account)),
      bad("address cut off", "wire/truncated", join("0x00010000010a14", account.slice(0, -2))),
      bad("a byte behind the address", "wire/trailing", join("0x00010000010a14", account, "0x00")),
      bad("chain id longer than the bytes", "wire/truncated", join("0x0001000020", "0x0a14", account)),
    ],
  };
}) satisfies Build;
