// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Wiring} from "./Wiring.sol";
import {IOutbox} from "./interfaces/IOutbox.sol";
import {formatEvmAddress, parseEvmAddress} from "./types/EvmAddress.sol";
import {genesis, Lane} from "./types/Lane.sol";
import {hashMessage, MAX_PAYLOAD} from "./types/Message.sol";
import {GAS_LIMIT, MIN_FINALITY, Options, parseAttributes} from "./types/Options.sol";

/// @title Outbox
/// @notice The sending half of a Gateway.
///
/// LANES: one storage slot a destination chain: the hash chain over all messages to it, and their number. A zero slot is no
/// lane. A lane only grows; every 256 messages its word is kept as an anchor, so that any message is proven by at most 255
/// hashes from an anchor or from the lane's current word.
///
/// LIVENESS: nobody can stop a send but a full lane; there is no pause, no fee and no lock.
abstract contract Outbox is Wiring {
    mapping(uint256 chainId => Lane) private _lanes;
    mapping(uint256 chainId => bytes32 destination) private _destinations;
    mapping(bytes32 destination => mapping(uint256 page => Lane)) private _anchors;

    /// @inheritdoc IERC7786GatewaySource
    function sendMessage(
        bytes calldata recipient,
        bytes calldata payload,
        bytes[] calldata attributes
    ) external payable returns (bytes32 sendId) {
        if (msg.value != 0) revert ValueRefused(msg.value);
        if (block.chainid != CHAIN_ID) revert WrongChain(block.chainid, CHAIN_ID);
        if (payload.length > MAX_PAYLOAD) revert PayloadTooLong(payload.length, MAX_PAYLOAD);
        (uint256 chainId, address account) = parseEvmAddress(recipient);
        Options options = parseAttributes(attributes);

        Lane lane = _lanes[chainId];
        if (lane.isZero()) revert UnknownDestination(chainId);
        sendId = lane.idOf(hashMessage(MEMBER_ID, chainId, msg.sender, account, options, payload));
        lane = lane.next(sendId);
        _lanes[chainId] = lane;
        if (lane.isPageEnd()) _anchors[_destinations[chainId]][lane.page() - 1] = lane;

        emit MessageSent(sendId, formatEvmAddress(CHAIN_ID, msg.sender), recipient, payload, 0, attributes);
    }

    /// @inheritdoc IOutbox
    function laneTo(uint256 destinationChainId) external view returns (Lane) {
        return _lanes[destinationChainId];
    }

    /// @inheritdoc IOutbox
    function destinationOn(uint256 chainId) external view returns (bytes32 destination) {
        return _destinations[chainId];
    }

    /// @inheritdoc IOutbox
    function anchor(bytes32 destination, uint256 page) external view returns (Lane) {
        return _anchors[destination][page];
    }

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4 selector) external pure returns (bool) {
        return selector == GAS_LIMIT || selector == MIN_FINALITY;
    }

    /// @dev Opens the lane to a member that was just accepted, closing the lane to the member whose place it takes: its
    /// last word becomes the anchor of the page that was being filled.
    function _openLane(bytes32 destination, uint256 chainId) internal virtual {
        bytes32 previous = _destinations[chainId];
        if (previous != 0) {
            Lane last = _lanes[chainId];
            // A full page has its anchor; an empty one has no message to prove.
            if (last.count() != 0 && !last.isPageEnd()) _anchors[previous][last.page()] = last;
            emit LaneClosed(previous, chainId, last);
        }
        _destinations[chainId] = destination;
        _lanes[chainId] = genesis(MEMBER_ID, destination);
        emit LaneOpened(destination, chainId);
    }
}
