import { contractAt } from "../chain/contractAt.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import type { SettlementAccess } from "../agents/relaying/types.ts";
import { DEALLOCATION_DELAY, EIGENLAYER } from "../chain/eigenlayer.ts";
import type { Hex } from "../wire/index.ts";
import { readMembership, type Membership } from "./membership.ts";
import type { StepStatus } from "./planRegistration.ts";
import { transact } from "./transact.ts";

/** The steps out, in their order: leave the operator set; once nothing can be slashed any more, take back the bond. */
export interface ExitStep {
  readonly name: "leave" | "bond";
  readonly status: StepStatus;
  readonly detail: string;
}

export interface Exit {
  readonly membership: Membership;
  readonly steps: readonly ExitStep[];
  readonly taken: readonly { readonly name: ExitStep["name"]; readonly transactions: readonly Hex[] }[];
}

/** What there is to do for an operator to be out. */
export async function planExit(operator: string, l1: SettlementAccess): Promise<Pick<Exit, "membership" | "steps">> {
  const membership = await readMembership(operator, l1);
  const { isMember, isSlashable, bond } = membership;
  const leave: ExitStep = isMember
    ? { name: "leave", status: "open", detail: "leave Parley's operator set" }
    : { name: "leave", status: "done", detail: "not in Parley's operator set" };
  const freeFrom = isMember || !isSlashable ? undefined : await readFreeBlock(operator, l1);
  return { membership, steps: [leave, bondStep(bond, isMember || isSlashable, freeFrom)] };
}

function bondStep(bond: bigint, isLiable: boolean, freeFrom: bigint | undefined): ExitStep {
  const name = "bond";
  if (bond === 0n) return { name, status: "done", detail: "no bond is left" };
  if (!isLiable) return { name, status: "open", detail: `take back the bond of ${bond} wei` };
  const when = freeFrom === undefined ? `${DEALLOCATION_DELAY} blocks of L1 after it left` : `L1's block ${freeFrom}`;
  return { name, status: "waiting", detail: `the bond of ${bond} wei answers for what it signed until ${when}` };
}

/** Takes the steps out that can be taken now. Throws `operator/step-failed`, and as the node does. */
export async function deregisterOperator(
  l1: SettlementAccess,
  onStep: (step: ExitStep) => void = () => undefined,
): Promise<Exit> {
  const { signer, serviceManager } = l1;
  const operator = await signer.getAddress();
  const manager = contractAt(IServiceManager__factory, serviceManager, signer);
  const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, signer);
  const taken: { name: ExitStep["name"]; transactions: Hex[] }[] = [];
  for (const name of ["leave", "bond"] as const) {
    const { membership, steps } = await planExit(operator, l1);
    const step = steps.find((one) => one.name === name);
    if (step?.status !== "open") continue;
    onStep(step);
    const operatorSetIds = [await manager.OPERATOR_SET_ID()];
    const call =
      name === "leave"
        ? () => allocations.deregisterFromOperatorSets({ operator, avs: serviceManager, operatorSetIds })
        : () => manager.withdrawBond(membership.bond, operator);
    taken.push({ name, transactions: [await transact(name, call)] });
  }
  return { ...(await planExit(operator, l1)), taken };
}

/** L1's block from which on an operator that left can be slashed no more; undefined if its leaving was not seen. */
async function readFreeBlock(
  operator: string,
  { serviceManager, signer, startBlock }: SettlementAccess,
): Promise<bigint | undefined> {
  const manager = contractAt(IServiceManager__factory, serviceManager, signer);
  const left = (await manager.queryFilter(manager.filters.OperatorLeft(operator), startBlock)).at(-1);
  return left === undefined ? undefined : BigInt(left.blockNumber) + DEALLOCATION_DELAY + 1n;
}
