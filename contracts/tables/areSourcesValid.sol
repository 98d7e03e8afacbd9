// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MAX_MEMBERS} from "../types/Table.sol";

/// @notice Whether there are at most MAX_MEMBERS sources, two words each, ids strictly ascending.
function areSourcesValid(bytes32[] calldata sources) pure returns (bool) {
    if (sources.length % 2 != 0 || sources.length > MAX_MEMBERS * 2) return false;
    bytes32 previous = 0;
    for (uint256 i = 0; i < sources.length; i += 2) {
        if (sources[i] <= previous) return false;
        previous = sources[i];
    }
    return true;
}
