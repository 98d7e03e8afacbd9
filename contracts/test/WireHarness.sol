// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {Batch} from "../types/Batch.sol";
import {certificateDigest, certificateDomain, Checkpoint, hashCheckpoint} from "../types/Checkpoint.sol";
import {Equivocation} from "../types/Equivocation.sol";
import {EquivocationEvidence} from "../types/EquivocationEvidence.sol";
import {FalsehoodEvidence, SettledFacts} from "../types/FalsehoodEvidence.sol";
import {formatEvmAddress, parseEvmAddress} from "../types/EvmAddress.sol";
import {Item} from "../types/Item.sol";
import {fold, genesis, Lane} from "../types/Lane.sol";
import {Level} from "../types/Level.sol";
import {memberId, MemberRef} from "../types/Member.sol";
import {hashMessage} from "../types/Message.sol";
import {Options, parseAttributes} from "../types/Options.sol";
import {Proof} from "../types/Proof.sol";
import {newReceiveCall, ReceiveCall} from "../types/ReceiveCall.sol";

/// @title The wire format's Solidity, function by function, for the tests that compare it with the TypeScript
contract WireHarness {
    /// @dev An item of a batch, read.
    struct BatchItem {
        uint8 kind;
        address sender;
        address recipient;
        uint64 options;
        bytes payload;
        bytes32 messageHash;
        bytes32 id;
    }

    /// @dev A proof of `deliver`, read.
    struct DeliverProof {
        uint8 kind;
        uint8 level;
        uint64 reachedBy;
        bytes32 blockHash;
        bytes32[] siblings;
        bytes certificate;
    }

    /// @dev A message to hand to a recipient.
    struct Handover {
        bytes32 id;
        address sender;
        bytes payload;
    }

    /// @dev The item is none that Settlement takes.
    error NotAWord();

    function handOver(
        uint256 sourceChainId,
        address recipient,
        Handover[] calldata messages
    ) external returns (bool success) {
        uint256 longest = 0;
        for (uint256 i = 0; i < messages.length; ++i) {
            if (messages[i].payload.length > longest) longest = messages[i].payload.length;
        }
        ReceiveCall call = newReceiveCall(sourceChainId, longest);
        success = true;
        for (uint256 i = 0; i < messages.length; ++i) {
            Handover calldata message = messages[i];
            success = call.deliverTo(recipient, gasleft(), message.id, message.sender, message.payload) && success;
        }
    }

    function idOfMember(
        uint256 settlementChainId,
        address settlement,
        MemberRef calldata member
    ) external pure returns (bytes32) {
        return memberId(settlementChainId, settlement, member.chainId, member.gateway);
    }

    function genesisOf(bytes32 source, bytes32 destination) external pure returns (Lane) {
        return genesis(source, destination);
    }

    function step(Lane lane, bytes32 messageHash) external pure returns (uint256 nonce, bytes32 id, Lane next) {
        nonce = lane.count();
        id = lane.idOf(messageHash);
        next = lane.next(id);
    }

    function foldOf(Lane lane, bytes32[] calldata messageHashes) external pure returns (Lane) {
        return fold(lane, messageHashes);
    }

    function pageOf(Lane lane) external pure returns (uint256 page, bool isPageEnd) {
        return (lane.page(), lane.isPageEnd());
    }

    function messageHashOf(
        bytes32 source,
        uint256 destinationChainId,
        address sender,
        address recipient,
        Options options,
        bytes calldata payload
    ) external pure returns (bytes32) {
        return hashMessage(source, destinationChainId, sender, recipient, options, payload);
    }

    function attributes(
        bytes[] calldata list
    ) external pure returns (Options options, uint8 minFinality, uint256 gasLimit) {
        options = parseAttributes(list);
        return (options, options.minFinality(), options.gasLimit());
    }

    function evmAddress(bytes calldata interoperableAddress) external pure returns (uint256 chainId, address account) {
        return parseEvmAddress(interoperableAddress);
    }

    /// @dev Writes an address between two others, none of which may touch another's memory.
    function evmAddressBytes(
        uint256 chainId,
        address account
    ) external pure returns (bytes memory before, bytes memory written, bytes memory behind) {
        before = formatEvmAddress(1, address(1));
        written = formatEvmAddress(chainId, account);
        behind = formatEvmAddress(type(uint256).max, address(type(uint160).max));
    }

    /// @dev Reads a batch as the Inbox does.
    function batch(
        bytes32 source,
        uint256 destinationChainId,
        Lane from,
        bytes calldata items
    ) external pure returns (Lane to, BatchItem[] memory read) {
        require(items.length != 0, Batch.MalformedBatch(0));
        // A skip is the shortest item.
        read = new BatchItem[](items.length / Batch.SKIP_LENGTH + 1);
        uint256 length = 0;
        to = from;
        for (uint256 offset = 0; offset < items.length; ++length) {
            BatchItem memory item = read[length];
            uint256 kind = Batch.kindAt(items, offset);
            item.kind = uint8(kind);
            if (kind == Batch.SKIP) {
                (item.messageHash, offset) = Batch.readSkip(items, offset);
            } else {
                Options options;
                bytes calldata payload;
                (item.sender, item.recipient, options, payload, offset) = Batch.readMessage(items, offset, kind);
                item.options = Options.unwrap(options);
                item.payload = payload;
                item.messageHash = hashMessage(
                    source,
                    destinationChainId,
                    item.sender,
                    item.recipient,
                    options,
                    payload
                );
            }
            item.id = to.idOf(item.messageHash);
            to = to.next(item.id);
        }
        // Shortens the array to what was read.
        assembly ("memory-safe") {
            mstore(read, length)
        }
    }

    function leaf(Checkpoint calldata checkpoint) external pure returns (bytes32) {
        return hashCheckpoint(checkpoint);
    }

    function root(bytes32 leaf_, bytes32[] calldata siblings) external pure returns (bytes32) {
        return MerkleProof.processProofCalldata(siblings, leaf_);
    }

    function digest(
        uint256 settlementChainId,
        address serviceManager,
        bytes32 root_
    ) external pure returns (bytes32 domain, bytes32 digest_) {
        domain = certificateDomain(settlementChainId, serviceManager);
        digest_ = certificateDigest(domain, root_);
    }

    /// @dev Reads a proof as `deliver` does.
    function deliverProof(bytes calldata proof) external pure returns (DeliverProof memory read) {
        (read.kind, read.level) = Proof.readKind(proof);
        if (read.kind == Proof.HELD) {
            require(
                proof.length == 2 && read.level >= Level.FAST && read.level <= Level.SETTLED,
                IInbox.MalformedProof()
            );
            return read;
        }
        bool isFast = read.level == Level.FAST;
        require(read.kind == Proof.CERTIFICATE && (isFast || read.level == Level.FINAL), IInbox.MalformedProof());
        bytes calldata rest;
        (read.reachedBy, read.blockHash, rest) = Proof.readStatement(proof, isFast);
        require(isFast == (read.blockHash != 0), IInbox.MalformedProof());
        (read.siblings, read.certificate) = Proof.readSiblings(rest);
    }

    /// @dev Reads a proof as `advance` does.
    function advanceProof(
        bytes calldata proof,
        uint256 checkpoints
    ) external pure returns (bytes32[][] memory siblings, bytes memory certificate) {
        siblings = new bytes32[][](checkpoints);
        bytes calldata rest = proof;
        for (uint256 i = 0; i < checkpoints; ++i) {
            (siblings[i], rest) = Proof.readSiblings(rest);
        }
        certificate = rest;
    }

    function settledItem(bytes32 source, bytes32 destination, Lane word) external pure returns (bytes memory) {
        return Item.encodeSettled(source, destination, word);
    }

    function wordItem(bytes32 destination, Lane word, uint64 time, bool current) external pure returns (bytes memory) {
        return Item.encodeWord(destination, word, time, current);
    }

    /// @dev Reads a WORD as Settlement does.
    function readWord(
        bytes calldata item
    ) external pure returns (bytes32 destination, Lane word, uint64 time, bool current) {
        require(Item.isWord(item), NotAWord());
        (destination, word, time, current) = Item.decodeWord(item);
        require(current || word.count() != 0, NotAWord());
    }

    function envelope(bytes[] calldata items) external pure returns (bytes memory) {
        return abi.encode(items);
    }

    function readEnvelope(bytes calldata data) external pure returns (bytes[] memory) {
        return abi.decode(data, (bytes[]));
    }

    function evidence(Equivocation calldata equivocation) external pure returns (bytes memory) {
        return abi.encode(equivocation);
    }

    /// @dev Reads evidence as `revokeTable` does.
    function readEvidence(bytes calldata data) external pure returns (Equivocation memory read, bool isConflict) {
        read = abi.decode(data, (Equivocation));
        isConflict = read.conflicts();
    }

    /// @dev Reads evidence as `convict` of an equivocation does.
    function readEquivocationEvidence(
        bytes calldata data
    ) external pure returns (EquivocationEvidence memory read, bool isConflict) {
        read = abi.decode(data, (EquivocationEvidence));
        isConflict = read.equivocation.conflicts();
    }

    function equivocationEvidence(EquivocationEvidence calldata evidence_) external pure returns (bytes memory) {
        return abi.encode(evidence_);
    }

    /// @dev Reads evidence as `convict` of a falsehood does, and judges it by these facts.
    function readFalsehood(
        bytes calldata data,
        SettledFacts calldata facts
    ) external pure returns (FalsehoodEvidence memory read, bool isContradicted) {
        read = abi.decode(data, (FalsehoodEvidence));
        isContradicted = read.contradicts(facts);
    }

    function falsehood(FalsehoodEvidence calldata evidence_) external pure returns (bytes memory) {
        return abi.encode(evidence_);
    }
}
