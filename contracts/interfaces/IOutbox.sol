// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Lane} from "../types/Lane.sol";

/// @notice Where messages start. Each lane is a hash chain in one storage slot; `sendMessage` of ERC-7786 extends it.
///
/// `sendMessage(recipient, payload, attributes) → sendId` is open to anyone. `recipient` is a canonical ERC-7930 address,
/// `payload` at most 16,384 bytes, `attributes` strictly ascending out of `gasLimit(uint256)` (1 to 8,000,000) and
/// `minFinality(uint8)` (1 to 3). `sendId` is the message's id for ever. Reverts with `ValueRefused`, `WrongChain`,
/// `InvalidInteroperableAddress`, `PayloadTooLong`, `UnknownDestination`, `LaneFull`, or an error of the attributes
/// (`UnsupportedAttribute`, `InvalidAttributeLength`, `AttributesNotAscending`, `InvalidGasLimit`, `InvalidMinFinality`).
interface IOutbox is IERC7786GatewaySource {
    /// @notice A lane to this member was opened: messages can be sent to its chain.
    event LaneOpened(bytes32 indexed destination, uint256 indexed chainId);

    /// @notice Another member took this one's place on its chain; `last` is the lane's last word.
    event LaneClosed(bytes32 indexed destination, uint256 indexed chainId, Lane last);

    /// @notice Native value cannot be carried: send none.
    error ValueRefused(uint256 value);

    /// @notice This chain has another id than the one for which the Gateway was made: it is a fork and cannot send.
    error WrongChain(uint256 chainId, uint256 expected);

    /// @notice No lane leads to this chain: its Gateway is no accepted member (yet). See `laneTo`.
    error UnknownDestination(uint256 chainId);

    /// @notice The payload is longer than `max` bytes.
    error PayloadTooLong(uint256 length, uint256 max);

    /// @notice The word of the lane to a chain; zero if there is none.
    function laneTo(uint256 destinationChainId) external view returns (Lane);

    /// @notice The member at the end of the lane to a chain; zero if there is none.
    function destinationOn(uint256 chainId) external view returns (bytes32 destination);

    /// @notice The word after the last message of a page (256 messages), or, of a lane that was closed, its last word;
    /// zero while the page is being filled.
    /// @param destination Id of the destination member.
    /// @param page Number of the page, from 0.
    function anchor(bytes32 destination, uint256 page) external view returns (Lane);
}
