import { expect } from "chai";

import { judgeFabric, type FabricHealth, type RegisteredMember, type Registry } from "../../../src/checking/index.ts";
import type { ConnectedMember } from "../../../src/deployments/connect.ts";
import { ParleyError } from "../../../src/errors.ts";
import type { ReadMemberStatus, TableStatus } from "../../../src/messages/fabricStatus.ts";
import type { Journey } from "../../../src/stacks/index.ts";
import { FAULTED, Level, memberId, type OperatorTable } from "../../../src/wire/index.ts";

const NOW = 1_000_000n;
const DAY = 86_400n;
const GATEWAY = "0x5656565656565656565656565656565656565656";
const SETTLEMENT = { chainId: 1n, settlement: "0x7878787878787878787878787878787878787878" };
const idOf = (chainId: bigint): string => memberId(SETTLEMENT, { chainId, gateway: GATEWAY });
const nobody = (): Promise<never> => Promise.reject(new Error("nobody is asked"));

const CONTENT: OperatorTable = {
  scheme: 1,
  snapshot: NOW,
  expiry: NOW + DAY,
  weightFloor: 10n,
  members: [1n, 2n].map((chainId) => ({ chainId, gateway: GATEWAY, certifiableUntil: NOW + 9n * DAY, flags: 0 })),
  operators: [{ key: GATEWAY, weight: 30n }],
};
const TABLE: TableStatus = { id: "0x01", snapshot: NOW, expiry: NOW + DAY, isExpired: false, content: CONTENT };
const SOURCE = { accepted: true, minLevel: Level.final, quorumBps: 6_667n, paused: false };

function member(chainId: bigint, name: string, source: string): ReadMemberStatus {
  const provider = { send: nobody } as unknown as ConnectedMember["provider"];
  const connected: ConnectedMember = {
    ...{ name, chainId, provider, at: "nowhere", id: idOf(chainId), gateway: GATEWAY, signer: nobody },
    ...{ confirmations: 0, startBlock: 0 },
  };
  const sources = [{ name: source, ...SOURCE }];
  return { member: connected, problem: undefined, height: 1, finalHeight: 1, time: NOW, table: TABLE, sources };
}

const REGISTERED: RegisteredMember = {
  ...{ id: idOf(2n), name: "beta", liveFrom: 1n, retiredFrom: 0n, isFaulted: false, falsehoodWad: 0n },
  ...{ stack: "devnet", times: { forcedInclusion: 0n, disputedSettlement: 0n } },
};
const REGISTRY: Registry = {
  ...{
    now: NOW,
    latestTable: "0x01",
    latestSnapshot: NOW,
    revokedUntil: 0n,
    tableAge: DAY,
    deallocationDelay: 100_800n,
    others: [],
  },
  members: [{ ...REGISTERED, id: idOf(1n), name: "l1" }, REGISTERED],
};

interface Change {
  /** Of beta, as a member that was read. */
  readonly beta?: Partial<ReadMemberStatus>;
  readonly table?: Partial<TableStatus>;
  readonly content?: Partial<Omit<OperatorTable, "scheme">>;
  readonly source?: Partial<ReadMemberStatus["sources"][number]>;
  /** Of beta, as it is registered. */
  readonly registered?: Partial<RegisteredMember>;
  readonly registry?: Partial<Registry>;
  readonly operators?: FabricHealth["status"]["operators"];
  readonly descending?: readonly Journey[];
  /** Why beta's bridge could not be read. */
  readonly unread?: string;
  readonly purse?: Partial<FabricHealth["purse"]>;
}

const PURSE: FabricHealth["purse"] = { fundings: [], closed: [], unknown: new Map() };

/** What is found in a fabric that differs in this from one in which all is well. */
function judge(change: Change = {}): string[] {
  const { beta, table, content, source, registered, registry, operators, descending, unread, purse } = change;
  const changed = member(2n, "beta", "l1");
  const health: FabricHealth = {
    status: {
      members: [
        member(1n, "l1", "beta"),
        {
          ...changed,
          table: { ...TABLE, content: { ...CONTENT, ...content }, ...table },
          sources: changed.sources.map((known) => ({ ...known, ...source })),
          ...beta,
        },
      ],
      lanes: [],
      operators: operators ?? [{ address: GATEWAY, problem: undefined }],
      isWell: true,
    },
    registry: {
      ...REGISTRY,
      members: [REGISTRY.members[0]!, { ...REGISTERED, ...registered }],
      ...registry,
    },
    descending: new Map([["beta", descending ?? []]]),
    bridgesUnread: new Map(unread === undefined ? [] : [["beta", unread]]),
    purse: { ...PURSE, ...purse },
  };
  return judgeFabric(health, SETTLEMENT)
    .filter(({ code }) => code !== "quorum/thin") // one operator is one alone
    .map(({ severity, code, subject }) => `${severity} ${code} ${subject}`);
}

describe("judgeFabric", () => {
  it("finds nothing where all is well", () => {
    expect(judge()).to.deep.equal([]);
  });

  it("invariant 3: names tables that do not count: none, foreign, revoked, below the floor", () => {
    expect(judge({ beta: { table: undefined } })).to.deep.equal(["danger table/none beta"]);
    expect(judge({ table: { content: undefined } })).to.deep.equal(["danger table/foreign beta"]);
    expect(judge({ content: { weightFloor: 31n } })).to.deep.equal(["danger table/below-floor beta"]);
    const revoked = { table: { snapshot: NOW - 9n }, registry: { revokedUntil: NOW - 9n } };
    expect(judge(revoked)).to.deep.equal(["danger table/revoked beta"]);
    expect(judge({ ...revoked, registry: { revokedUntil: NOW - 10n } })).to.deep.equal(["warning table/behind beta"]);
  });

  it("grades a table's age by what is left of its life", () => {
    const left = (seconds: bigint): string[] =>
      judge({ table: { expiry: NOW + seconds, snapshot: NOW + seconds - DAY }, registry: { latestSnapshot: 0n } });
    expect(left((DAY * 2n) / 5n)).to.deep.equal([]);
    expect(left((DAY * 2n) / 5n - 1n)).to.deep.equal(["warning table/ageing beta"]);
    expect(left(DAY / 4n)).to.deep.equal(["warning table/ageing beta"]);
    expect(left(DAY / 4n - 1n)).to.deep.equal(["danger table/expiring beta"]);
  });

  it("asks for a quorum of every source that is certified, and of no other", () => {
    const silent = [{ address: GATEWAY, problem: "gone" }];
    expect(judge({ operators: silent })).to.include.members(["danger quorum/not-reached beta"]);
    const paused = judge({ operators: silent, source: { paused: true } });
    expect(paused).to.deep.equal(["danger quorum/not-reached l1", "warning source/paused l1 → beta"]);
    expect(judge({ operators: [] })).to.deep.equal(["warning quorum/unasked l1", "warning quorum/unasked beta"]);
  });

  it("compares a member with its registration on L1", () => {
    expect(judge({ registered: { liveFrom: 0n } })).to.deep.equal(["danger member/unregistered beta"]);
    expect(judge({ registered: { liveFrom: NOW + 1n } })).to.deep.equal(["warning member/notice beta"]);
    expect(judge({ registered: { retiredFrom: NOW + 1n } })).to.deep.equal(["warning member/retired beta"]);
    expect(judge({ registered: { isFaulted: true } })).to.deep.equal([
      "danger source/fault-untold beta → l1",
      "danger member/faulted beta",
    ]);
    expect(judge({ registry: { others: ["0x02"] } })).to.deep.equal(["warning member/unnamed 0x02"]);
  });

  it("R33: calls a falsehoodWad dangerous that a disputed settlement leaves no time for", () => {
    const slow = { times: { forcedInclusion: DAY, disputedSettlement: 11n * 3_600n } }; // 133 h + 24 h + 11 h = 168 h
    expect(judge({ registered: slow })).to.deep.equal([]);
    expect(judge({ registered: { ...slow, falsehoodWad: 1n } })).to.deep.equal(["danger budget/exceeded beta"]);
    const quick = { times: { forcedInclusion: DAY, disputedSettlement: 11n * 3_600n - 1n }, falsehoodWad: 1n };
    expect(judge({ registered: quick })).to.deep.equal([]);
  });

  it("names sources that a member does not take, or knows otherwise than L1", () => {
    expect(judge({ source: { accepted: false } })).to.deep.equal(["danger source/not-accepted l1 → beta"]);
    const [l1, beta] = CONTENT.members;
    expect(judge({ content: { members: [beta!] } })).to.deep.equal(["warning source/unlisted l1 → beta"]);
    expect(judge({ content: { members: [{ ...l1!, flags: FAULTED }, beta!] } })).to.deep.equal([
      "danger source/disputed l1 → beta",
    ]);
    const until = (certifiableUntil: bigint): string[] =>
      judge({ content: { members: [{ ...l1!, certifiableUntil }, beta!] } });
    expect(until(NOW)).to.deep.equal(["danger source/not-certifiable l1 → beta"]);
    expect(until(NOW + DAY)).to.deep.equal(["warning source/silent l1 → beta"]);
    expect(until(NOW + DAY + 1n)).to.deep.equal([]);
  });

  it("names what L1 sent that somebody has to carry on, and nothing that a bridge carries by itself", () => {
    const journey = { items: [], txHash: "0x03" };
    const at = member(2n, "beta", "l1").member;
    const call = { title: "redeem the ticket", by: "anyone", at, to: GATEWAY, data: "0x", value: 0n };
    expect(judge({ descending: [{ ...journey, next: { kind: "due", call } }] })).to.deep.equal([
      "danger bridge/stuck beta",
    ]);
    const waits = { kind: "waits", for: "its sequencer", until: undefined } as const;
    expect(judge({ descending: [{ ...journey, next: waits }] })).to.deep.equal([]);
    expect(judge({ unread: "no such method" })).to.deep.equal(["warning bridge/unread beta"]);
  });

  it("calls it a danger if an account cannot pay what comes next, and warns of one that can pay it three times", () => {
    const funding = { chain: "l1", account: GATEWAY, needed: 100n, purpose: "a table" };
    const has = (balance: bigint): string[] => judge({ purse: { fundings: [{ ...funding, balance }] } });
    expect(has(99n)).to.deep.equal(["danger funds/too-low l1"]);
    expect(has(100n)).to.deep.equal(["warning funds/low l1"]);
    expect(has(399n)).to.deep.equal(["warning funds/low l1"]);
    expect(has(400n)).to.deep.equal([]);
    expect(judge({ purse: { unknown: new Map([["l1", "no price"]]) } })).to.deep.equal(["warning funds/unknown l1"]);
  });

  it("names an Arbitrum chain whose Inbox takes tickets of other accounts alone", () => {
    const closed = [{ member: "beta", at: "l1", inbox: GATEWAY, origin: undefined }];
    expect(judge({ purse: { closed } })).to.deep.equal(["danger bridge/allow-list beta"]);
  });

  it("tells of a chain that cannot be read by its own error, and puts dangers first", () => {
    const problem = new ParleyError("chain/unreachable", "It does not answer.", "Start it.");
    const status = { member: member(2n, "beta", "l1").member, problem };
    const health: FabricHealth = {
      status: { members: [status], lanes: [], operators: [], isWell: false },
      registry: { ...REGISTRY, others: ["0x02"] },
      descending: new Map(),
      bridgesUnread: new Map(),
      purse: PURSE,
    };
    expect(judgeFabric(health, SETTLEMENT).map(({ code }) => code)).to.deep.equal([
      "chain/unreachable",
      "member/unnamed",
    ]);
  });
});
