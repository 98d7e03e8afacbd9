/** What a Gateway's owner may say of the members that it listens to. No Hardhat inside. */
export * from "./pauseSource.ts";
