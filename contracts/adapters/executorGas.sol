// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The options are of no form that LayerZero V2 has, or ask for what cannot be had here: native value, native drops, composed
/// messages, ordered execution, reads.
/// @param offset Where the option begins that is meant.
error OptionsRefused(bytes options, uint256 offset);

/// @notice Gas that a message's options ask for the receiver; 0 if they ask for none. Type 3 is
/// `3 (2) ‖ option…`, an option `worker (1) ‖ size of what follows (2) ‖ type (1) ‖ …`; of workers the executor is 1, who receives is
/// type 1, `gas (16)` or `gas (16) ‖ value (16)`, and counts together if there are several. What a DVN (2) is told has nobody to hear
/// it. Type 1, of LayerZero V1, is `1 (2) ‖ gas (32)`.
function executorGas(bytes calldata options) pure returns (uint256 gas) {
    if (options.length == 0) return 0;
    if (options.length == 34 && uint16(bytes2(options)) == 1) return uint256(bytes32(options[2:]));
    if (options.length < 2 || uint16(bytes2(options)) != 3) revert OptionsRefused(options, 0);
    uint256 offset = 2;
    while (offset < options.length) {
        uint256 worker = uint8(options[offset]);
        // Bytes that are not there count as zeros; an option that lacks any does not end within the options, or is empty.
        uint256 end = offset + 3 + uint16(bytes2(options[offset + 1:]));
        if (end < offset + 4 || end > options.length) revert OptionsRefused(options, offset);
        if (worker == 1) {
            bytes calldata option = options[offset + 4:end];
            bool isReceive = uint8(options[offset + 3]) == 1;
            bool isWithoutValue = option.length == 16 || (option.length == 32 && bytes16(option[16:]) == 0);
            if (!(isReceive && isWithoutValue)) revert OptionsRefused(options, offset);
            // No overflow: 128 bits at a time.
            gas += uint128(bytes16(option));
        } else if (worker != 2) {
            revert OptionsRefused(options, offset);
        }
        offset = end;
    }
}
