// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an operator can be convicted of.
/// @dev Their numbers are in calldata and events: new ones come last.
enum Kind {
    /// Signing two statements that cannot both be true.
    Equivocation,
    /// Signing, at level final, a word that its source settles otherwise.
    Falsehood,
    /// Signing, at level fast, a word that its source never settles.
    Unsettled
}

/// @notice How grave an offence is; a conviction of a higher degree still follows one of a lower.
enum Degree {
    None,
    /// On the word of the operator alone.
    Lone,
    /// Together with a quorum of a table.
    Quorum
}
