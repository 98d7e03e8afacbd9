import type { ConfigHooks } from "hardhat/types/hooks";

import { withContracts } from "../config/contracts.ts";
import { crossCheck } from "../config/crossCheck.ts";
import { EMBEDDED_NETWORKS } from "../config/embedded.ts";
import { resolveParley } from "../config/resolve.ts";
import { validateParley } from "../config/validate.ts";
import "../config/typeExtensions.ts";

const handlers: Partial<ConfigHooks> = {
  extendUserConfig: async (config, next) => {
    const extended = await next(config);
    return { ...extended, networks: { ...EMBEDDED_NETWORKS, ...extended.networks } };
  },
  validateUserConfig: ({ parley }) => Promise.resolve(validateParley(parley)),
  resolveUserConfig: async (userConfig, resolveConfigurationVariable, next) => {
    const resolved = await next(userConfig, resolveConfigurationVariable);
    return {
      ...resolved,
      parley: resolveParley(userConfig.parley, resolved.networks),
      solidity: withContracts(resolved.solidity, resolved.paths.root),
    };
  },
  validateResolvedConfig: ({ parley, networks }) => Promise.resolve(crossCheck(parley, networks)),
};

export default (): Promise<Partial<ConfigHooks>> => Promise.resolve(handlers);
