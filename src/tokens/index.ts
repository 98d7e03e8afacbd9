/** Tokens that move between rollups: deploy, link, send. No Hardhat inside. */
export * from "./deployToken.ts";
export * from "./links.ts";
export * from "./planToken.ts";
export * from "./readToken.ts";
export * from "./sendTokens.ts";
export * from "./tokenOrder.ts";
