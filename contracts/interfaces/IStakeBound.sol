// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInbox} from "./IInbox.sol";

/// @notice A bridge's end that releases, in any `window` seconds, no more on the word of operators than a part of the stake
/// that is behind the table in force. What is more waits at the Gateway, whose message stays deliverable: it passes when the
/// window has room again, or as soon as its word is settled. Settled messages are not counted.
/// See docs/SECURITY.md for what the numbers have to be.
interface IStakeBound {
    /// @notice What the bound is made of. Fixed for good.
    /// @param shareWad Part of a table's weight, in 1e-18, that all `bridges` together may release in a window; never above
    /// 0.6667, which is a quorum. To be covered by what a lie costs, no more than 0.6667 times the smallest `falsehoodWad` of
    /// the linked sources, or times 0.02 if the Gateway takes fast words of one.
    /// @param bridges Ends, of all tokens and on all rollups, for which the same stake answers at once.
    /// @param window Seconds. No shorter than a quorum that lied goes on to count.
    /// @param maxTokensPerEth The most that `tokensPerEth` can ever be.
    struct Terms {
        uint64 shareWad;
        uint32 bridges;
        uint48 window;
        uint128 maxTokensPerEth;
    }

    /// @notice The owner set what a unit of weight is worth.
    event TokensPerEthSet(uint128 tokensPerEth);

    /// @notice A share above 0.6667e18, or no bridge, or no window.
    error InvalidTerms(uint64 shareWad, uint32 bridges, uint48 window);

    /// @notice The bound has no room for this amount on operators' word. Retry later, or once the message is settled: at once
    /// only that helps where `amount` is above `cap`.
    /// @param amount What was to be released, in units of the token.
    /// @param available What can be released now.
    /// @param cap What can be released in a whole window.
    error ValueCapExceeded(uint256 amount, uint256 available, uint256 cap);

    /// @notice The owner may not value the stake above `max`.
    error AboveCeiling(uint128 tokensPerEth, uint128 max);

    /// @notice Sets how many units of the token 1e18 of weight (an ETH of stake) is worth. Holds at once, for what is released
    /// from now on; zero keeps everything waiting for its settled word. The owner alone; reverts with `AboveCeiling`.
    function setTokensPerEth(uint128 tokensPerEth_) external;

    /// @notice Units of the token for 1e18 of weight.
    function tokensPerEth() external view returns (uint128);

    /// @notice The bound's terms.
    function terms() external view returns (Terms memory);

    /// @notice What can be released on operators' word in a window, in units of the token, by the table that is in force at
    /// `gateway`; zero if there is none, or if it has expired.
    function valueCap(IInbox gateway) external view returns (uint256);

    /// @notice What is left of `valueCap` now.
    function releasable(IInbox gateway) external view returns (uint256);
}
