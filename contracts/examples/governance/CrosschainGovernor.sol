// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorCrosschain} from "@openzeppelin/contracts/governance/extensions/GovernorCrosschain.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @title Crosschain governor
/// @notice OpenZeppelin's `GovernorCrosschain`: a vote on one chain acts on others, through the `RemoteExecutor` on each. A
/// proposal calls `relayCrosschain` of the governor itself, once for each chain.
/// A message to an executor asks for the gas that the gateway gives by default (200,000). A call that needs more fails in a batch,
/// and is deliverable for ever by whoever gives more: send it with the execution type that reverts (ERC-7579's default), never
/// with `try`, by which a call that ran out of gas would count as done.
contract CrosschainGovernor is GovernorVotes, GovernorCountingSimple, GovernorCrosschain {
    uint48 private immutable DELAY;
    uint32 private immutable PERIOD;
    uint256 private immutable QUORUM;

    /// @param token_ Whose holders vote.
    /// @param delay Seconds from a proposal to the vote.
    /// @param period Seconds of the vote.
    /// @param quorum_ Votes that must take part, in the token's smallest unit.
    constructor(
        IVotes token_,
        uint48 delay,
        uint32 period,
        uint256 quorum_
    ) Governor("Crosschain governor") GovernorVotes(token_) {
        DELAY = delay;
        PERIOD = period;
        QUORUM = quorum_;
    }

    /// @notice Seconds from a proposal to the vote.
    function votingDelay() public view override returns (uint256) {
        return DELAY;
    }

    /// @notice Seconds of the vote.
    function votingPeriod() public view override returns (uint256) {
        return PERIOD;
    }

    /// @notice Votes that must take part.
    function quorum(uint256) public view override returns (uint256) {
        return QUORUM;
    }
}
