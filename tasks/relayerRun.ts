import { randomUUID } from "node:crypto";
import os from "node:os";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import { readProjectErrors } from "./projectErrors.ts";
import { relayerOperators } from "./relayerOperators.ts";
import { runService } from "./serviceCommand.ts";

export default async function relayerRun(args: TaskArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  await runService(hre, "relayer", args, async ({ fabric, settings, log, signal }) => {
    const { DEFAULT_BATCH_POLICY } = await import("../src/sending/index.ts");
    const { runRelayer } = await import("../src/agents/relaying/relayerService.ts");
    const { openSenders } = await import("../src/agents/relaying/openSenders.ts");
    const { payingMembers, settlementAccess } = await import("../src/deployments/access.ts");
    const { Heartbeats } = await import("../src/agents/heartbeats.ts");
    const { beating } = await import("../src/stacks/beating.ts");
    const { carryUp } = await import("../src/settling/index.ts");
    const { hopOf } = await import("../src/messages/relayMessages.ts");
    const { openDatabase } = await import("../src/store/index.ts");
    const { account, databaseUrl, host, port, interval, alarmAge, tokens, rateLimit } = settings;
    const settlement = await settlementAccess(fabric, { account });
    const members = await Promise.all(
      (await payingMembers(fabric, { account })).map(async (member) => ({
        ...member,
        hop: await hopOf(fabric, member, account),
      })),
    );
    const place =
      databaseUrl === undefined
        ? { directory: path.resolve(hre.config.paths.root, settings.database) }
        : { url: databaseUrl };
    const database = await openDatabase(place, settlement);
    try {
      const senders = await openSenders(
        { settlement, members },
        {
          database,
          maxInFlight: settings.maxInFlight,
          replaceAfter: settings.replaceAfter * 1_000,
          ceiling: settings.maxFee === undefined ? undefined : BigInt(settings.maxFee) * 10n ** 9n,
        },
      );
      try {
        const beats = senders.paying.members.flatMap(({ id, signer, sender }) => {
          const member = fabric.members.find((one) => one.id === id);
          return member === undefined ? [] : [{ ...beating(fabric, member, signer), ...(sender && { sender }) }];
        });
        const { operators: urls, upkeep } = settings;
        const operators = await relayerOperators({ fabric, operators: urls, every: upkeep * 1_000, log, signal });
        await runRelayer({
          relayer: {
            ...senders.paying,
            heartbeats: new Heartbeats({ settlement: senders.paying.settlement, members: beats }),
            carryUp: () =>
              carryUp(fabric, async (at) => {
                const payer = senders.paying.members.find(({ id }) => id === at.id);
                return payer ?? { signer: await at.signer(account) };
              }),
            operators,
            abis: [await readProjectErrors(hre.artifacts)],
            database,
            name: `${os.hostname()}:${process.pid}:${randomUUID()}`,
            maxBatch: settings.maxBatch,
            batching: {
              ...DEFAULT_BATCH_POLICY,
              maxWait: settings.maxWait * 1_000,
              worth: BigInt(settings.worth) * 10n ** 9n,
            },
            operatorTimeout: settings.operatorTimeout,
            leaseSeconds: settings.lease,
            upkeepSeconds: settings.upkeep,
            pageBlocks: settings.pageBlocks,
            keepSeconds: settings.keep === 0 ? undefined : settings.keep * 86_400,
          },
          at: { host, port },
          intervalMs: interval,
          alarmAge,
          log,
          signal,
          ...(tokens === undefined ? {} : { tokens }),
          limits: { requestsPerMinute: rateLimit },
        });
        await senders.drain(settings.grace * 1_000);
      } finally {
        senders.close();
      }
    } finally {
      await database.close();
    }
  });
}
