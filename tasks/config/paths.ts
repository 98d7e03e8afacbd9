/** Where the addresses file is written, relative to the project, unless a task is told otherwise. */
export const DEFAULT_ADDRESSES_FILE = "parley.addresses.json";
