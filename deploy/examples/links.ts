/** Links an end of an application with its counterparts, once all of them stand. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** `end`: an `OwnedLinks`, whose owner deploys. `counterparts`: ERC-7930 addresses, one a chain. */
export const Links = buildModule("Links", (m) => {
  const end = m.contractAt("OwnedLinks", m.getParameter<string>("end"));
  m.call(end, "link", [m.getParameter<string[]>("counterparts")]);
  return { end };
});
