/** Bytes of a call that brings a table of 256 operators and 64 members, in round figures. */
export const LARGEST_TABLE = 16_384n;

/** Gas that such a table gets on a rollup at least (contracts/bridges/arrivalGas.sol), when its members are all new. */
export const TABLE_ARRIVAL_GAS = 13_000_000n;
