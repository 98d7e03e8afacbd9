/** What made the tables what they are, in order. What has been released is never changed: add another. */
import { logs } from "./0001-logs.ts";
import { work } from "./0002-work.ts";
import { sending } from "./0003-sending.ts";
import { certified } from "./0004-certified.ts";
import { pruning } from "./0005-pruning.ts";

/** Statements that run in one transaction, once. */
export type Migration = { readonly name: string; readonly statements: readonly string[] };

/** A migration's number is its place, from 1 on. */
export const MIGRATIONS: readonly Migration[] = [logs, work, sending, certified, pruning];
