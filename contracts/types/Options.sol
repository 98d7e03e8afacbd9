// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Level} from "./Level.sol";

/// @notice A message's decoded attributes in 8 bytes: `uint8 minFinality ‖ uint56 gasLimit`; zero means absent.
type Options is uint64;

using {minFinality, gasLimit} for Options global;

/// @dev ERC-7786 attribute `gasLimit(uint256)`: gas that the recipient's call gets at least.
bytes4 constant GAS_LIMIT = bytes4(keccak256("gasLimit(uint256)"));

/// @dev ERC-7786 attribute `minFinality(uint8)`: lowest level at which the destination may deliver.
bytes4 constant MIN_FINALITY = bytes4(keccak256("minFinality(uint8)"));

/// @dev Highest gas limit of a message, so that one with the longest payload still fits a transaction (EIP-7825).
uint256 constant MAX_GAS_LIMIT = 8_000_000;

/// @notice The attribute's length is not that of a selector and one word.
error InvalidAttributeLength(bytes attribute);

/// @notice Attributes must be strictly ascending by selector: sorted, none twice.
error AttributesNotAscending(bytes4 previous, bytes4 selector);

/// @notice A gas limit is 1 to `max`.
error InvalidGasLimit(uint256 gasLimit, uint256 max);

/// @notice A minimum finality is 1 (fast), 2 (final) or 3 (settled).
error InvalidMinFinality(uint256 minFinality);

/// @notice Lowest level at which the message may be delivered; 0 if the sender demands none.
function minFinality(Options options) pure returns (uint8) {
    // The shift leaves 8 bits.
    return uint8(Options.unwrap(options) >> 56);
}

/// @notice Gas that the recipient's call gets at least; 0 if the sender names none.
function gasLimit(Options options) pure returns (uint256) {
    return Options.unwrap(options) & type(uint56).max;
}

/// @notice Decodes the attributes of a message, refusing all but their one canonical form.
function parseAttributes(bytes[] calldata attributes) pure returns (Options) {
    uint256 options = 0;
    bytes4 previous = 0;
    for (uint256 i = 0; i < attributes.length; ++i) {
        bytes calldata attribute = attributes[i];
        bytes4 selector = bytes4(attribute);
        if (!(selector == GAS_LIMIT || selector == MIN_FINALITY))
            revert IERC7786GatewaySource.UnsupportedAttribute(selector);
        if (attribute.length != 36) revert InvalidAttributeLength(attribute);
        if (selector <= previous) revert AttributesNotAscending(previous, selector);
        previous = selector;

        uint256 value = uint256(bytes32(attribute[4:]));
        if (selector == GAS_LIMIT) {
            if (!(value != 0 && value <= MAX_GAS_LIMIT)) revert InvalidGasLimit(value, MAX_GAS_LIMIT);
            options |= value;
        } else {
            if (!(value >= Level.FAST && value <= Level.SETTLED)) revert InvalidMinFinality(value);
            options |= value << 56;
        }
    }
    // Both fields were checked against their bounds: 8 and 56 bits.
    return Options.wrap(uint64(options));
}
