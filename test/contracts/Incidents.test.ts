import { expect } from "chai";
import fc from "fast-check";
import { hexlify, id as hashOf, Interface, MaxUint256, ZeroHash, type FunctionFragment, type Signer } from "ethers";
import { artifacts } from "hardhat";

import {
  encodeBatch,
  encodeInteroperableAddress,
  encodeTable,
  Level,
  memberId,
  type Hex,
} from "../../src/wire/index.ts";
import { DOMAIN, SETTLEMENT } from "../fixtures/constants.ts";
import { adoptTable, settle, tableFor } from "../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, type InboxWorld } from "../fixtures/inbox.ts";
import type { SourceLane } from "../fixtures/lane.ts";
import { heldProof } from "../fixtures/messages.ts";
import { advanceProof, checkpointOf } from "../fixtures/operators.ts";
import { eventsOf, SELECTOR } from "../fixtures/recipients.ts";

/** Contracts that hold power, funds or trust. */
const PRIVILEGED = [
  "Gateway",
  "GatewayDeployer",
  "EraGatewayDeployer",
  "EcdsaTableFactory",
  "EcdsaOperatorTable",
  "StoredTableFactory",
  "StoredOperatorTable",
  "Bn254TableFactory",
  "Bn254OperatorTable",
  "Settlement",
  "ServiceManager",
  "Slasher",
  "LocalBridge",
  "OptimismL1Bridge",
  "OptimismRollupBridge",
  "ArbitrumL1Bridge",
  "ArbitrumRollupBridge",
  "ArbitrumOnOptimismHop",
  "ZksyncL1Bridge",
  "ZksyncRollupBridge",
  "DevnetL1Bridge",
  "DevnetRollupBridge",
];

describe("Incidents: what messages can make a Gateway do", () => {
  let world: InboxWorld;
  let lane: SourceLane;

  before(async () => {
    world = await createInboxWorld();
  });

  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
  });

  async function abiOf(name: string): Promise<Interface> {
    return Interface.from((await artifacts.readArtifact(name)).abi as never);
  }

  function writing(abi: Interface): FunctionFragment[] {
    const found: FunctionFragment[] = [];
    abi.forEachFunction((fragment) => {
      if (!fragment.constant) found.push(fragment);
    });
    return found;
  }

  describe("incident: Poly Network 2021: a message that calls a privileged contract", () => {
    it("R14 every call begins with receiveMessage's selector, whatever the payload", async () => {
      const recipient = await world.recorder.getAddress();
      const selectors = (await Promise.all(PRIVILEGED.map(abiOf))).flatMap((abi) =>
        writing(abi).map(({ selector }) => selector),
      );
      const payload = fc.oneof(
        fc.constantFrom(...selectors),
        fc.uint8Array({ maxLength: 40 }).map((bytes) => hexlify(bytes)),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(payload, { minLength: 1, maxLength: 10 }), async (payloads) => {
          const from = lane.word;
          const sent = lane.sendAll(recipient, payloads);
          const items = sent.map(({ item }) => item);
          const received = await eventsOf(deliverSettled(world, lane, from, items), world.recorder, "Received");
          expect(received.map((event) => String(event.data).slice(0, 10))).to.deep.equal(payloads.map(() => SELECTOR));
        }),
        { numRuns: 20, seed: 2021 },
      );
    });

    for (const name of PRIVILEGED) {
      it(`R14 ${name} has no receiveMessage, and no fallback that a message could reach`, async () => {
        const abi = await abiOf(name);
        expect(abi.getFunction(SELECTOR)).to.equal(null);
        expect(abi.fragments.map(({ type }) => type)).to.not.include("fallback");
        expect(abi.receive).to.equal(false);
      });
    }

    it("a message to the Gateway and what it trusts, carrying every privileged call, changes nothing", async () => {
      const { chain } = world;
      const trusted = [
        chain.gateway,
        await chain.deployer.getAddress(),
        await chain.tableFactory.getAddress(),
        (await chain.contract.tableInForce())[0],
        chain.bridge.address,
      ];
      const table = encodeTable(await tableFor(chain, { members: [chain], operators: world.operators }), SETTLEMENT);
      const { interface: abi } = chain.contract;
      const payloads = [
        abi.encodeFunctionData("fromSettlement", [[table]]),
        abi.encodeFunctionData("setSource", [lane.id, Level.fast, 0, false]),
        abi.encodeFunctionData("setAcceptAll", [false]),
        abi.encodeFunctionData("acceptMember", [hashOf("a member")]),
        abi.encodeFunctionData("delaySettled", [lane.id, 1]),
        abi.encodeFunctionData("transferOwnership", [chain.user.address]),
        abi.encodeFunctionData("acceptOwnership"),
        abi.encodeFunctionData("renounceOwnership"),
      ];
      const before = await stateOf();
      const from = lane.word;
      const sent = trusted.flatMap((recipient) => lane.sendAll(recipient, payloads));
      const running = deliverSettled(
        world,
        lane,
        from,
        sent.map(({ item }) => item),
      );
      expect(await eventsOf(running, chain.contract, "MessageDelivered")).to.be.empty;
      expect(await eventsOf(running, chain.contract, "DeliveryFailed")).to.have.lengthOf(sent.length);
      expect(await stateOf()).to.deep.equal(before);
      expect((await (await running).wait())!.logs).to.have.lengthOf(sent.length);
    });

    async function stateOf(): Promise<unknown> {
      const { contract } = world.chain;
      return Promise.all([
        contract.owner(),
        contract.pendingOwner(),
        contract.acceptAll(),
        contract.tableInForce(),
        contract.member(lane.id),
      ]);
    }

    it("R14 nothing trusts the Gateway as a caller: neither itself, nor its deployer", async () => {
      const { chain } = world;
      await chain.helpers.impersonateAccount(chain.gateway);
      await chain.helpers.setBalance(chain.gateway, 10n ** 18n);
      const asGateway = await chain.ethers.getSigner(chain.gateway);
      await expect(chain.contract.connect(asGateway).fromSettlement([]))
        .to.be.revertedWithCustomError(chain.contract, "NotBridge")
        .withArgs(chain.gateway);
      await expect(chain.contract.connect(asGateway).setAcceptAll(false))
        .to.be.revertedWithCustomError(chain.contract, "OwnableUnauthorizedAccount")
        .withArgs(chain.gateway);
      const parameters = {
        owner: chain.gateway,
        bridge: chain.gateway,
        tableFactory: chain.gateway,
        settlementChainId: 1n,
        settlement: chain.gateway,
        serviceManager: chain.gateway,
        acceptAll: true,
      };
      await expect(chain.deployer.connect(asGateway).deploy("0x", parameters))
        .to.be.revertedWithCustomError(chain.deployer, "NotAdmin")
        .withArgs(chain.gateway);
    });
  });

  describe("incident: CrossCurve 2026: an express path that skips the check", () => {
    it("the Gateway's writing functions are these, and `deliver` alone calls a recipient", async () => {
      const { chain } = world;
      const sent = lane.send({ recipient: await world.recorder.getAddress() });
      await settle(chain, lane.id, lane.word);
      const items = encodeBatch([sent.item]);
      const checkpoint = checkpointOf({
        source: lane.id,
        destination: chain.id,
        word: lane.word,
        reachedBy: BigInt(await chain.helpers.time.latest()),
      });
      const table = encodeTable(await tableFor(chain, { members: [chain], operators: world.operators }), SETTLEMENT);
      const away = { chainId: lane.source.chainId, address: await world.recorder.getAddress() };
      const paths: Record<string, { by: Signer; args: unknown[] }> = {
        deliver: { by: chain.relayer, args: [lane.source, items, heldProof(Level.settled), sent.before] },
        advance: {
          by: chain.relayer,
          args: [[checkpoint], await advanceProof(DOMAIN, [checkpoint], world.operators)],
        },
        revokeTable: { by: chain.relayer, args: [items] },
        dropContradicted: { by: chain.relayer, args: [lane.id, Level.final, 1n, sent.before, [sent.messageHash]] },
        fromSettlement: { by: chain.bridge, args: [[table, items, "0x10", "0x01"]] },
        sendMessage: { by: chain.user, args: [encodeInteroperableAddress(away), items, []] },
        setSource: { by: chain.owner, args: [lane.id, Level.fast, 0, false] },
        acceptMember: { by: chain.owner, args: [lane.id] },
        setAcceptAll: { by: chain.owner, args: [true] },
        delaySettled: { by: chain.owner, args: [lane.id, 0] },
        transferOwnership: { by: chain.owner, args: [chain.owner] },
        acceptOwnership: { by: chain.owner, args: [] },
        renounceOwnership: { by: chain.owner, args: [] },
      };
      const abi = await abiOf("Gateway");
      expect(writing(abi).map(({ name }) => name)).to.have.members(Object.keys(paths));

      const calling: string[] = [];
      const refused: string[] = [];
      for (const [name, { by, args }] of Object.entries(paths)) {
        const snapshot = await chain.helpers.takeSnapshot();
        const method = chain.contract.connect(by).getFunction(name);
        await method(...args, { gasLimit: 5_000_000n }).catch(() => refused.push(name));
        const times = await world.recorder.executions(sent.id);
        expect(await chain.contract.isDelivered(lane.id, 0)).to.equal(times !== 0n);
        if (times !== 0n) calling.push(name);
        await snapshot.restore();
      }
      expect(calling).to.deep.equal(["deliver"]);
      // These want more than fits here; the others did what they do.
      expect(refused).to.have.members(["revokeTable", "dropContradicted", "acceptMember", "acceptOwnership"]);
    });

    it("the Gateway's code never delegates, creates, or destroys itself", async () => {
      const opcodes = opcodesOf(await world.chain.ethers.provider.getCode(world.chain.gateway));
      for (const [name, opcode] of Object.entries({
        CREATE: 0xf0,
        CALLCODE: 0xf2,
        DELEGATECALL: 0xf4,
        CREATE2: 0xf5,
        SELFDESTRUCT: 0xff,
      })) {
        expect(opcodes.has(opcode), name).to.equal(false);
      }
      expect(opcodes.has(0xf1), "CALL").to.equal(true);
    });
  });

  describe("incident: ZetaChain 2026, Socket 2024: an arbitrary call against stale approvals", () => {
    it("a message to a token moves nothing that was approved to the Gateway or sent to it", async () => {
      const { chain } = world;
      const token = await chain.ethers.deployContract("DevnetToken", ["Token", "TOK"], chain.user);
      const address = await token.getAddress();
      await token.mint(chain.user, 1_000n);
      await token.mint(chain.gateway, 500n);
      await token.approve(chain.gateway, MaxUint256);
      const thief = chain.relayer.address;
      const from = lane.word;
      const sent = lane.sendAll(address, [
        token.interface.encodeFunctionData("transferFrom", [chain.user.address, thief, 1_000n]),
        token.interface.encodeFunctionData("transfer", [thief, 500n]),
        token.interface.encodeFunctionData("approve", [thief, 500n]),
      ]);
      const running = deliverSettled(
        world,
        lane,
        from,
        sent.map(({ item }) => item),
      );
      expect(await eventsOf(running, chain.contract, "DeliveryFailed")).to.have.lengthOf(3);
      expect(await token.balanceOf(chain.user)).to.equal(1_000n);
      expect(await token.balanceOf(chain.gateway)).to.equal(500n);
      expect(await token.allowance(chain.gateway, thief)).to.equal(0n);
    });

    it("R14 the Gateway takes no funds, in no function but `sendMessage`, which refuses them", async () => {
      const abi = await abiOf("Gateway");
      const payable = writing(abi).filter((fragment) => fragment.payable);
      expect(payable.map(({ name }) => name)).to.deep.equal(["sendMessage"]);
      expect(await world.chain.ethers.provider.getBalance(world.chain.gateway)).to.equal(0n);
    });
  });

  describe("incident: GriffinAI, Seedify 2025: a peer that an admin slips in", () => {
    it("whatever the owner changes of whom this Gateway trusts, it says so", async () => {
      const { contract, owner, user } = world.chain;
      // On a chain that has a member: its Gateway's replacement, which waits for the owner.
      const replacement = { ...world.source, gateway: user.address };
      await adoptTable(world.chain, { members: [world.chain, replacement], operators: world.operators });
      const listed = memberId(SETTLEMENT, replacement);
      const changes: Record<string, { by: Signer; args: unknown[]; event: string }> = {
        setSource: { by: owner, args: [lane.id, Level.fast, 9_000, true], event: "SourceSet" },
        acceptMember: { by: owner, args: [listed], event: "MemberAccepted" },
        setAcceptAll: { by: owner, args: [false], event: "AcceptAllSet" },
        delaySettled: { by: owner, args: [lane.id, 1], event: "SettledDelayed" },
        transferOwnership: { by: owner, args: [user], event: "OwnershipTransferStarted" },
        acceptOwnership: { by: user, args: [], event: "OwnershipTransferred" },
        renounceOwnership: { by: user, args: [], event: "OwnershipTransferred" },
      };
      // What is left takes its trust from proofs, or is the bridge's.
      const proven = ["deliver", "advance", "revokeTable", "dropContradicted", "fromSettlement", "sendMessage"];
      const names = writing(await abiOf("Gateway")).map(({ name }) => name);
      expect(names).to.have.members([...Object.keys(changes), ...proven]);
      for (const [name, { by, args, event }] of Object.entries(changes)) {
        await expect(contract.connect(by).getFunction(name)(...args), name).to.emit(contract, event);
      }
    });

    it("and it can accept nobody whom L1 has not listed, which takes L1's notice: UnknownMember", async () => {
      const { contract, owner, user } = world.chain;
      const rogue = memberId(SETTLEMENT, { chainId: 666n, gateway: user.address });
      await expect(contract.connect(owner).acceptMember(rogue))
        .to.be.revertedWithCustomError(contract, "UnknownMember")
        .withArgs(rogue);
    });
  });

  it("incident: Arbitrum inbox 2022: no contract that holds power has an initialiser", async () => {
    for (const name of PRIVILEGED) {
      const names = writing(await abiOf(name)).map((fragment) => fragment.name);
      expect(
        names.filter((one) => /init|setup|configure|upgrade|migrate/i.test(one)),
        name,
      ).to.deep.equal([]);
    }
  });

  it("incident: Nomad 2022: nothing of zeros is proven, before anything was settled and after", async () => {
    const zeros: Hex = `0x00${"00".repeat(32)}`;
    const empty: Hex = `0x01${"00".repeat(42)}`;
    const attempt = (from: Hex, items: Hex, proof: Hex, chainId = lane.source.chainId) =>
      world.chain.contract.deliver.staticCall({ chainId, gateway: lane.source.gateway }, items, proof, from);
    for (const settledBefore of [false, true]) {
      if (settledBefore) {
        lane.send({ recipient: await world.recorder.getAddress() });
        await settle(world.chain, lane.id, lane.word);
      }
      for (const items of [zeros, empty, encodeBatch([{ kind: "skip", messageHash: ZeroHash }])]) {
        for (const from of [ZeroHash, lane.word]) {
          for (const level of [0, 1, 2, 3]) {
            for (const chainId of [0n, lane.source.chainId, world.chain.chainId]) {
              await expect(attempt(from, items, `0x000${level}`, chainId)).to.be.revertedWithCustomError(
                world.chain.contract,
                "WordNotHeld",
              );
            }
          }
          for (const length of [0, 1, 2, 11, 42, 43, 108]) {
            for (const kind of ["0x0102", "0x0101"]) {
              await expect(attempt(from, items, `${kind}${"00".repeat(length)}`)).to.be.revert(world.chain.ethers);
            }
          }
        }
      }
    }
  });
});

/** The opcodes in runtime code: what PUSH carries and the metadata behind the code left out. */
function opcodesOf(runtime: Hex): Set<number> {
  const bytes = Buffer.from(runtime.slice(2), "hex");
  const end = bytes.length - 2 - bytes.readUInt16BE(bytes.length - 2);
  const found = new Set<number>();
  for (let at = 0; at < end; ++at) {
    const opcode = bytes[at]!;
    found.add(opcode);
    if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f;
  }
  return found;
}
