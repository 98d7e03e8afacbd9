// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Lane} from "./Lane.sol";

bytes32 constant CHECKPOINT_TYPEHASH = keccak256(
    "Checkpoint(bytes32 source,bytes32 destination,bytes32 laneWord,uint64 reachedBy,uint8 level,bytes32 blockHash)"
);

bytes32 constant CERTIFICATE_TYPEHASH = keccak256("Certificate(bytes32 root)");

bytes32 constant DOMAIN_TYPEHASH = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
);

/// @notice A statement about a lane: on the chain that the source settles, the lane's word at this count is this, reached
/// no later than the last block with timestamp <= `reachedBy`.
/// @param source Id of the source member.
/// @param destination Id of the destination member.
/// @param laneWord The lane's word.
/// @param reachedBy Seconds since 1970, on the source's clock.
/// @param level `Level.FAST` or `Level.FINAL`.
/// @param blockHash At level fast the block in which the word was read; at level final zero.
struct Checkpoint {
    bytes32 source;
    bytes32 destination;
    Lane laneWord;
    uint64 reachedBy;
    uint8 level;
    bytes32 blockHash;
}

/// @notice The checkpoint as a leaf of a checkpoint tree (EIP-712 hashStruct). 224 bytes are hashed, so no inner node of a
/// tree (64 bytes) can pass for a leaf.
function hashCheckpoint(Checkpoint memory checkpoint) pure returns (bytes32 leaf) {
    bytes32 typehash = CHECKPOINT_TYPEHASH;
    // Equals keccak256(abi.encode(CHECKPOINT_TYPEHASH, checkpoint)), as the test vectors show: the struct is six words in
    // memory as in its ABI encoding. Memory above the free pointer is scratch.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        mstore(buffer, typehash)
        mcopy(add(buffer, 0x20), checkpoint, 0xc0)
        leaf := keccak256(buffer, 0xe0)
    }
}

/// @notice EIP-712 domain of every certificate of one operator set.
/// @param settlementChainId Chain id of L1.
/// @param serviceManager The ServiceManager on L1.
function certificateDomain(uint256 settlementChainId, address serviceManager) pure returns (bytes32) {
    return
        keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Parley"), keccak256("1"), settlementChainId, serviceManager));
}

/// @notice What operators sign: the EIP-712 digest of `Certificate(root)`.
/// @param domain Of `certificateDomain`.
/// @param root Root of a checkpoint tree.
function certificateDigest(bytes32 domain, bytes32 root) pure returns (bytes32) {
    return MessageHashUtils.toTypedDataHash(domain, Hashes.efficientKeccak256(CERTIFICATE_TYPEHASH, root));
}
