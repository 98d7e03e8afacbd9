import { Interface, isCallException, isError, type InterfaceAbi } from "ethers";

import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { ICertificateVerifier__factory } from "../../types/ethers-contracts/factories/interfaces/ICertificateVerifier__factory.ts";
import { IL1Bridge__factory } from "../../types/ethers-contracts/factories/interfaces/IL1Bridge__factory.ts";
import { IRollupBridge__factory } from "../../types/ethers-contracts/factories/interfaces/IRollupBridge__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { ISlasher__factory } from "../../types/ethers-contracts/factories/interfaces/ISlasher__factory.ts";
import type { Hex } from "../wire/index.ts";

/** Why a call failed, as far as it is known. */
export type DecodedFailure = {
  /** The error's name; undefined if there is none, or no ABI here knows it. */
  readonly name: string | undefined;
  /** What it carries, by the names of its parameters (or their places). */
  readonly args: Readonly<Record<string, string>>;
  /** For people. */
  readonly text: string;
};

// What applications on OpenZeppelin's ERC-7786 contracts most often refuse with, and ERC-20's own.
const OPEN_ZEPPELIN = [
  "error ERC7786RecipientUnauthorizedGateway(address gateway, bytes sender)",
  "error LinkAlreadyRegistered(bytes chain)",
  "error AccessRestricted()",
  "error OwnableUnauthorizedAccount(address account)",
  "error AccessControlUnauthorizedAccount(address account, bytes32 neededRole)",
  "error EnforcedPause()",
  "error ReentrancyGuardReentrantCall()",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
];

const KNOWN: readonly InterfaceAbi[] = [
  Gateway__factory.abi,
  ICertificateVerifier__factory.abi,
  ISettlement__factory.abi,
  IServiceManager__factory.abi,
  ISlasher__factory.abi,
  IL1Bridge__factory.abi,
  IRollupBridge__factory.abi,
  OPEN_ZEPPELIN,
];

const parsed = new WeakMap<object, Interface>();

/** Parses an ABI when its errors are first looked for, and once. */
function interfaceFrom(abi: InterfaceAbi): Interface {
  if (typeof abi === "string") return new Interface(abi);
  const known = parsed.get(abi) ?? new Interface(abi);
  parsed.set(abi, known);
  return known;
}

/** What the errors of Solidity itself carry: their signatures name it not. */
const SOLIDITY_OWN: Readonly<Record<string, string>> = { Error: "message", Panic: "code" };

/**
 * Decodes what a failed call returned, as `DeliveryFailed` carries it, by Parley's ABIs and those given (of the
 * recipients). The data may be cut off after 256 bytes.
 */
export function decodeFailure(data: Hex, abis: readonly InterfaceAbi[] = []): DecodedFailure {
  if (data === "0x") {
    return {
      name: undefined,
      args: {},
      text: "it returned nothing: no code, no gas left, or a revert without a reason",
    };
  }
  for (const abi of [...KNOWN, ...abis]) {
    const known = interfaceFrom(abi);
    const fragment = data.length < 10 ? null : known.getError(data.slice(0, 10));
    if (fragment === null) continue;
    try {
      const values = known.decodeErrorResult(fragment, data);
      const args = Object.fromEntries(
        fragment.inputs.map(({ name }, place) => [
          name === "" ? (SOLIDITY_OWN[fragment.name] ?? String(place)) : name,
          String(values[place]),
        ]),
      );
      const list = Object.entries(args).map(([name, value]) => `${name}: ${value}`);
      return { name: fragment.name, args, text: `${fragment.name}(${list.join(", ")})` };
    } catch {
      return { name: fragment.name, args: {}, text: `${fragment.name}(…), cut off: ${data}` };
    }
  }
  return { name: undefined, args: {}, text: `it returned ${data}` };
}

/** What a provider's error says of a call or transaction that was refused, decoded as far as it carries data. */
export function decodeCallError(error: unknown, abis: readonly InterfaceAbi[] = []): DecodedFailure {
  const data = revertData(error);
  if (data !== undefined) return decodeFailure(data, abis);
  const text = isError(error, "CALL_EXCEPTION")
    ? error.shortMessage
    : error instanceof Error
      ? error.message
      : String(error);
  return { name: undefined, args: {}, text };
}

/** The data with which a call reverted; undefined if the error is no revert, or does not say. */
function revertData(error: unknown): Hex | undefined {
  if (isCallException(error) && error.data !== null) return error.data;
  // Nodes that ethers does not know put the data somewhere in the JSON-RPC error, which ethers keeps as `info.error`.
  for (let inner: unknown = error, depth = 0; typeof inner === "object" && inner !== null && depth < 5; ++depth) {
    const { data, cause, error: nested, info } = inner as Partial<Record<"data" | "cause" | "error" | "info", unknown>>;
    if (typeof data === "string" && /^0x(?:[0-9a-f]{2})*$/i.test(data)) return data;
    inner = typeof data === "object" && data !== null ? data : (cause ?? nested ?? info);
  }
  return undefined;
}
