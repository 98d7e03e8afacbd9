/** Operators and relayers of a fabric, the real ones, on faulty nodes. */
import { MemorySigningStore, Operator, Relayer, type OperatorClient } from "../../agents/index.ts";
import type { CertificateDomain, Hex } from "../../wire/index.ts";
import type { Fabric } from "../fabric.ts";
import type { DevnetOperator } from "../operators.ts";
import { faultyCalls, NO_CALL_FAULTS } from "./calls.ts";
import { equivocatingOperator, faultyOperator, recordedOperator, type SignedAnswer } from "./faultyOperator.ts";
import type { FaultState, FaultyNodes } from "./faultyNodes.ts";
import type { Lifeline } from "./faultyRelayer.ts";

/** An operator of the fabric: honest until it falls, silent while it is out. */
export function makeFaultyOperator(
  operator: DevnetOperator,
  domain: CertificateDomain,
  nodes: FaultyNodes,
  state: FaultState & {
    readonly hasFallen: (name: string) => boolean;
    readonly onSigned: (answer: SignedAnswer) => void;
  },
): OperatorClient {
  const { name, key } = operator;
  const { schedule, isOn, isOver, hasFallen, onCallFault, onSigned } = state;
  const own = new Operator({ nodes: nodes.faulty(name), domain, key, store: new MemorySigningStore() });
  const honest = recordedOperator(own, name, onSigned);
  const dishonest = equivocatingOperator(operator, domain, onSigned);
  const either: OperatorClient = {
    address: operator.keyAddress,
    certify: (checkpoints) => (hasFallen(name) ? dishonest : honest).certify(checkpoints),
  };
  const calls = faultyCalls({
    seed: schedule.seed,
    to: name,
    rates: () => (isOver() ? NO_CALL_FAULTS : schedule.plan.certify),
    onFault: onCallFault,
  });
  const isOut = (): boolean => isOn((fault) => fault.kind === "outage" && fault.operator === name);
  return faultyOperator(either, { name, calls, isOut });
}

/** A relayer that knows nothing yet, on nodes that its lifeline guards. */
export function makeMortalRelayer(
  name: string,
  fabric: Fabric,
  nodes: FaultyNodes,
  operators: readonly OperatorClient[],
  { lifeline, only }: { readonly lifeline: Lifeline; readonly only: ReadonlySet<Hex> | undefined },
): Relayer {
  const members = nodes.faulty(name, (node) => lifeline.guard(node));
  const [l1] = members;
  if (l1 === undefined) throw new Error("a fabric has members");
  const { settlement, serviceManager } = fabric.contracts;
  const { chainId, signer } = l1;
  return new Relayer({
    settlement: { chainId, settlement, serviceManager, signer, startBlock: fabric.startBlock },
    members,
    operators,
    only,
  });
}
