// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an operator table says of itself.
/// @param id Hash of the item that brought it.
/// @param snapshot When L1 took it, seconds.
/// @param expiry From then on it verifies nothing, seconds.
/// @param weightFloor A table of less total weight verifies nothing; not zero.
struct TableHeader {
    bytes32 id;
    uint64 snapshot;
    uint64 expiry;
    uint96 weightFloor;
}

/// @notice What a table says of a source: `uint64 certifiableUntil ‖ uint8 flags` in the low 72 bits; zero if it does not
/// know the source.
type SourceStatus is uint256;

using {certifiableUntil, isFaulted} for SourceStatus global;

/// @dev Flag of a source in a table: it settled words that contradict each other; no certificate about it counts.
uint8 constant FAULTED = 1;

/// @notice Seconds; from then on no certificate about the source counts.
function certifiableUntil(SourceStatus status) pure returns (uint256) {
    return SourceStatus.unwrap(status) >> 8;
}

/// @notice Whether the source settled words that contradict each other.
function isFaulted(SourceStatus status) pure returns (bool) {
    return SourceStatus.unwrap(status) & FAULTED != 0;
}

/// @dev Most operators in a table.
uint256 constant MAX_OPERATORS = 256;

/// @dev Most members in a table.
uint256 constant MAX_MEMBERS = 64;

/// @dev Lowest quorum in basis points of the total weight.
uint16 constant MIN_QUORUM_BPS = 6_667;

/// @dev Highest quorum that an owner may demand, so that a tenth of the operators cannot silence a source.
uint16 constant MAX_QUORUM_BPS = 9_000;
