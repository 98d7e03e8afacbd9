// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

/// @notice The wire format once more, written from docs/PROTOCOL.md with no line of contracts/types: an oracle for them.
library Wire {
    uint256 private constant COUNTS = 2 ** 40;

    function memberId(
        uint256 settlementChainId,
        address settlement,
        uint256 chainId,
        address gateway
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(settlementChainId, settlement, chainId, gateway));
    }

    function genesis(bytes32 source, bytes32 destination) internal pure returns (bytes32) {
        uint256 head = uint256(keccak256(bytes.concat("parley.lane.v1", source, destination)));
        return bytes32(head - (head % COUNTS));
    }

    function count(bytes32 word) internal pure returns (uint256) {
        return uint256(word) % COUNTS;
    }

    function idOf(bytes32 word, bytes32 messageHash) internal pure returns (bytes32) {
        return keccak256(bytes.concat(word, messageHash));
    }

    function next(bytes32 word, bytes32 messageHash) internal pure returns (bytes32) {
        uint256 id = uint256(idOf(word, messageHash));
        return bytes32(id - (id % COUNTS) + count(word) + 1);
    }

    function hashMessage(
        bytes32 source,
        uint256 destinationChainId,
        address sender,
        address recipient,
        uint64 options,
        bytes memory payload
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Message(bytes32 source,uint256 destinationChainId,address sender,address recipient,uint64 options,bytes payload)"
        );
        return
            keccak256(abi.encode(typeHash, source, destinationChainId, sender, recipient, options, keccak256(payload)));
    }

    function leaf(
        bytes32 source,
        bytes32 destination,
        bytes32 word,
        uint64 reachedBy,
        uint8 level,
        bytes32 blockHash
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Checkpoint(bytes32 source,bytes32 destination,bytes32 laneWord,uint64 reachedBy,uint8 level,bytes32 blockHash)"
        );
        return keccak256(abi.encode(typeHash, source, destination, word, reachedBy, level, blockHash));
    }

    function node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }

    /// @notice Root of the tree of four leaves, or of one.
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        return leaves.length == 1 ? leaves[0] : node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]));
    }

    /// @notice `depth ‖ depth × sibling` of a leaf of that tree.
    function siblings(bytes32[] memory leaves, uint256 index) internal pure returns (bytes memory) {
        if (leaves.length == 1) return hex"00";
        uint256 other = index < 2 ? 2 : 0;
        return abi.encodePacked(uint8(2), leaves[index ^ 1], node(leaves[other], leaves[other + 1]));
    }

    function digest(uint256 chainId, address serviceManager, bytes32 root_) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Parley"),
                keccak256("1"),
                chainId,
                serviceManager
            )
        );
        bytes32 certificate = keccak256(abi.encode(keccak256("Certificate(bytes32 root)"), root_));
        return keccak256(abi.encodePacked(hex"1901", domain, certificate));
    }

    /// @notice One signature of a certificate: `index ‖ r ‖ yParityAndS`.
    function signature(uint256 index, uint256 key, bytes32 digest_) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest_);
        return abi.encodePacked(uint8(index), r, (uint256(v - 27) << 255) | uint256(s));
    }

    function skip(bytes32 messageHash) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(0), messageHash);
    }

    function message(
        address sender,
        address recipient,
        uint64 options,
        bytes memory payload
    ) internal pure returns (bytes memory) {
        if (options == 0) return abi.encodePacked(uint8(1), sender, recipient, uint16(payload.length), payload);
        return abi.encodePacked(uint8(2), sender, recipient, options, uint16(payload.length), payload);
    }

    /// @notice ERC-7930 form of an address on an EVM chain.
    function interoperableAddress(uint256 chainId, address account) internal pure returns (bytes memory) {
        uint256 length = 1;
        while (length < 32 && chainId >> (8 * length) != 0) ++length;
        bytes memory chainReference = new bytes(length);
        for (uint256 i = 0; i < length; ++i) chainReference[i] = bytes1(uint8(chainId >> (8 * (length - 1 - i))));
        return abi.encodePacked(hex"00010000", uint8(length), chainReference, uint8(20), account);
    }

    function attributes(uint64 options) internal pure returns (bytes[] memory list) {
        uint256 gasLimit = options & type(uint56).max;
        uint256 minFinality = options >> 56;
        bytes memory limit = abi.encodeWithSignature("gasLimit(uint256)", gasLimit);
        bytes memory level = abi.encodeWithSignature("minFinality(uint8)", minFinality);
        list = new bytes[]((gasLimit == 0 ? 0 : 1) + (minFinality == 0 ? 0 : 1));
        if (list.length == 2) {
            (list[0], list[1]) = bytes4(limit) < bytes4(level) ? (limit, level) : (level, limit);
        } else if (list.length == 1) {
            list[0] = gasLimit == 0 ? level : limit;
        }
    }
}
