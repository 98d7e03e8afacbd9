/** Declares the commands that run until they are told to end. Their flags are their settings. */
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { placesOf, type Setting } from "../../src/service/settings.ts";
import { yesOrNo } from "../../src/service/settingKinds.ts";
import { SERVICES, type Service } from "../config/services.ts";
import { addresses } from "./options.ts";

type Action = Parameters<ReturnType<typeof task>["setAction"]>[0];

/** A command with a flag for each setting of its service. */
function serviceTask(service: Service, description: string, action: Action): NewTaskDefinition {
  const settings: Readonly<Record<string, Setting<unknown>>> = SERVICES[service];
  const builder = Object.entries(settings).reduce(
    (before, [name, one]) => {
      const { variable } = placesOf(service, name);
      const option = { name, description: `${one.description} (or ${variable})` };
      return one.kind === yesOrNo
        ? before.addFlag(option)
        : before.addOption({ ...option, type: ArgumentType.STRING_WITHOUT_DEFAULT, defaultValue: undefined });
    },
    task(`${service}:run`, description),
  );
  return builder.addOption(addresses).setAction(action).build();
}

export const serviceTasks: NewTaskDefinition[] = [
  serviceTask(
    "operator",
    "Sign what your own nodes show, for whoever asks by HTTP; runs until it is told to end",
    () => import("../operatorRun.ts"),
  ),
  serviceTask(
    "relayer",
    "Deliver messages, publish operator tables; runs until it is told to end",
    () => import("../relayerRun.ts"),
  ),
  serviceTask(
    "watcher",
    "Check what operators say against your own nodes, and have those convicted who lie; runs until it is told to end",
    () => import("../watcherRun.ts"),
  ),
];
