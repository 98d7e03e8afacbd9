import type { ConfigHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * A plugin by which these files, which have one override each, compile in one job: Hardhat puts files into a job whose
 * configuration is the same object, but makes an object for each override.
 */
export function compileTogether(files: readonly string[]): HardhatPlugin {
  const hooks: Partial<ConfigHooks> = {
    resolveUserConfig: async (userConfig, resolve, next) => {
      const config = await next(userConfig, resolve);
      for (const { overrides } of Object.values(config.solidity.profiles)) {
        const overridden = files.filter((file) => file in overrides);
        const shared = overridden.map((file) => overrides[file])[0];
        if (shared !== undefined) for (const file of overridden) overrides[file] = shared;
      }
      return config;
    },
  };
  return {
    id: "compile-together",
    hookHandlers: { config: () => Promise.resolve({ default: () => Promise.resolve(hooks) }) },
  };
}
