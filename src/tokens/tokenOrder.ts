import { isAddress, parseUnits } from "ethers";

import type { ConnectedMember } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";

/**
 * How a token moves: `erc20`: locked where it lives, minted elsewhere (BridgeERC20, ERC20Crosschain). `erc7802`: burned and minted
 * everywhere (BridgeERC7802).
 */
export const TOKEN_KINDS = ["erc20", "erc7802"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** What is asked for, as it is written on the command line. */
export interface TokenWish {
  readonly kind: string;
  /** A token of kind `erc20` that is there. */
  readonly token: string | undefined;
  readonly name: string | undefined;
  readonly symbol: string | undefined;
  /** In whole tokens. */
  readonly supply: string | undefined;
}

/** What is to be deployed where. */
export interface TokenOrder {
  readonly kind: TokenKind;
  /** Where it moves between; `home` among them. */
  readonly members: readonly ConnectedMember[];
  /** Where the token lives, or its supply is minted. */
  readonly home: ConnectedMember;
  /** The token: one that is there, or what a new one is to be. `supply` is in its smallest unit, of 18 decimals. */
  readonly token:
    { readonly address: string } | { readonly name: string; readonly symbol: string; readonly supply: bigint };
  /** The account that deploys and owns; each network's first one by default. */
  readonly account?: string | undefined;
}

/** Decimals of tokens that are deployed here. */
export const DECIMALS = 18;

/** Makes an order of a wish. Throws `token/too-few`, `token/twice`, `token/home-apart`, and as `tokenOf` does. */
export function tokenOrder(
  wish: TokenWish,
  members: readonly ConnectedMember[],
  home: ConnectedMember,
  account?: string,
): TokenOrder {
  if (members.length < 2) {
    throw new ParleyError(
      "token/too-few",
      `There is ${members.length === 0 ? "no rollup" : "one rollup"} to move between.`,
      "Name two or more, separated by commas: --on alpha,beta.",
    );
  }
  const twice = members.find((member, place) => members.indexOf(member) !== place);
  if (twice !== undefined) {
    throw new ParleyError("token/twice", `--on names ${twice.name} twice.`, "Name each rollup once.");
  }
  if (!members.includes(home)) {
    throw new ParleyError(
      "token/home-apart",
      `The token's home, ${home.name}, is none of the rollups that it is to move between.`,
      "Name it in --on too.",
    );
  }
  return { ...tokenOf(wish), members, home, account };
}

/** Throws `token/bad-kind`, `token/bad-token`, `token/unnamed`, `token/bad-supply`. */
function tokenOf({ kind, token, name, symbol, supply }: TokenWish): Pick<TokenOrder, "kind" | "token"> {
  const known = TOKEN_KINDS.find((one) => one === kind);
  if (known === undefined) {
    throw new ParleyError("token/bad-kind", `--kind is "${kind}".`, `Use one of: ${TOKEN_KINDS.join(", ")}.`);
  }
  if (token !== undefined) {
    if (known === "erc20" && name === undefined && symbol === undefined && supply === undefined) {
      const isValid: boolean = isAddress(token);
      if (isValid) return { kind: known, token: { address: token } };
      throw new ParleyError("token/bad-token", `--token is "${token}".`, "Give the address of an ERC-20.");
    }
    throw new ParleyError(
      "token/bad-token",
      known === "erc20"
        ? "--token names a token that is there, which has a name, a symbol and a supply of its own."
        : `A token of kind ${known} that is there is not taken: its own admin lets a bridge mint it.`,
      known === "erc20" ? "Leave out --name, --symbol and --supply, or --token." : "Leave out --token, or use erc20.",
    );
  }
  if (name === undefined || name === "" || symbol === undefined || symbol === "") {
    throw new ParleyError(
      "token/unnamed",
      "A new token needs a name and a symbol.",
      "Give --name and --symbol, or the address of a token that is there: --token 0x….",
    );
  }
  return { kind: known, token: { name, symbol, supply: amountOf(supply, DECIMALS, "--supply", "token/bad-supply") } };
}

/** An amount above zero in whole tokens, in the smallest unit. Throws the error of this code. */
export function amountOf(text: string | undefined, decimals: number, option: string, code: string): bigint {
  try {
    const amount = parseUnits(text ?? "", decimals);
    if (amount > 0n && amount < 1n << 128n) return amount;
  } catch {
    // Told below.
  }
  throw new ParleyError(
    code,
    text === undefined ? `${option} is missing.` : `${option} is "${text}".`,
    `Give an amount of tokens above zero, with at most ${decimals} decimals: 32 or 0.5.`,
  );
}
