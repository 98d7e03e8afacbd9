// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {IStakeBound} from "../interfaces/IStakeBound.sol";
import {Level} from "../types/Level.sol";

/// @title Stake bound
/// @notice Bounds what a bridge releases on the word of operators by the stake that they would lose. To be inherited by
/// whatever releases value while a Parley Gateway delivers to it; see `StakeBoundedBridge`.
///
/// ONE COUNT: for all sources, both certified levels and all tables, so that neither another lane nor another table gives
/// new room. The window slides: there is no boundary at which twice the cap passes.
/// NO TABLE, NO ROOM: at a Gateway whose table is gone, revoked or expired nothing is released on words that it holds still.
/// NEVER STUCK: a refusal reverts, so the Gateway keeps the message; its settled word is asked for no room.
/// OWNER: says what stake is worth in the token, up to a ceiling that is fixed. Cannot release, nor keep a settled message.
abstract contract StakeBound is IStakeBound, Ownable2Step {
    using RateLimiter for RateLimiter.SlidingWindow;

    /// @dev What any quorum holds of a table's weight, at least: `MIN_QUORUM_BPS` in 1e-18.
    uint64 private constant MAX_SHARE = 0.6667e18;

    /// @dev All that is released counts together.
    bytes32 private constant EVERYTHING = 0;

    uint64 private immutable SHARE_WAD;
    uint32 private immutable BRIDGES;
    uint48 private immutable WINDOW;
    uint128 private immutable MAX_TOKENS_PER_ETH;

    /// @inheritdoc IStakeBound
    uint128 public tokensPerEth;

    RateLimiter.SlidingWindow private _released;

    /// @notice Begins at the ceiling.
    constructor(Terms memory terms_, address owner_) Ownable(owner_) {
        require(
            terms_.shareWad <= MAX_SHARE && terms_.bridges != 0 && terms_.window != 0,
            InvalidTerms(terms_.shareWad, terms_.bridges, terms_.window)
        );
        SHARE_WAD = terms_.shareWad;
        BRIDGES = terms_.bridges;
        WINDOW = terms_.window;
        MAX_TOKENS_PER_ETH = terms_.maxTokensPerEth;
        _setTokensPerEth(terms_.maxTokensPerEth);
    }

    /// @inheritdoc IStakeBound
    function setTokensPerEth(uint128 tokensPerEth_) external onlyOwner {
        require(tokensPerEth_ <= MAX_TOKENS_PER_ETH, AboveCeiling(tokensPerEth_, MAX_TOKENS_PER_ETH));
        _setTokensPerEth(tokensPerEth_);
    }

    /// @inheritdoc IStakeBound
    function releasable(IInbox gateway) external view returns (uint256) {
        return Math.saturatingSub(valueCap(gateway), _released.used(EVERYTHING));
    }

    /// @inheritdoc IStakeBound
    function terms() external view returns (Terms memory) {
        return Terms(SHARE_WAD, BRIDGES, WINDOW, MAX_TOKENS_PER_ETH);
    }

    /// @inheritdoc IStakeBound
    function valueCap(IInbox gateway) public view returns (uint256) {
        (ICertificateVerifier verifier, , ) = gateway.tableInForce();
        if (address(verifier) == address(0)) return 0;
        (, , uint256 expiry, uint256 totalWeight) = verifier.table();
        if (block.timestamp >= expiry) return 0;
        // Below 2^165, each rounded down: a weight of 96 bits, a share below one, a price of 128 bits for 1e18 > 2^59.
        uint256 weight = (totalWeight * SHARE_WAD) / (uint256(BRIDGES) * 1e18);
        return Math.mulDiv(weight, tokensPerEth, 1e18);
    }

    /// @dev Counts what the message that is being delivered is about to release; reverts if there is no room for it. To be
    /// called before anything leaves, and only where `msg.sender` is known to be a Gateway that the application trusts.
    function _requireRoom(uint256 amount) internal {
        (, , uint8 level) = IInbox(msg.sender).delivering();
        if (level == Level.SETTLED) return;
        uint256 cap = valueCap(IInbox(msg.sender));
        // Below 2^165.
        _released.updateSettings(WINDOW, uint208(cap));
        if (!_released.tryConsume(EVERYTHING, amount)) {
            revert ValueCapExceeded(amount, _released.available(EVERYTHING), cap);
        }
    }

    function _setTokensPerEth(uint128 tokensPerEth_) private {
        tokensPerEth = tokensPerEth_;
        emit TokensPerEthSet(tokensPerEth_);
    }
}
