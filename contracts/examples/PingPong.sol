// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

/// @title Ping-pong
/// @notice The smallest application that talks both ways: it answers each ball it receives until nobody wants more. Written
/// on OpenZeppelin's `CrosschainLinked`, so it runs over any ERC-7786 gateway; nothing in it knows Parley.
contract PingPong is CrosschainLinked {
    /// @notice Balls that arrived here.
    uint256 public received;

    /// @notice A ball was hit to the counterpart on `chainId`.
    event BallSent(bytes32 indexed sendId, uint256 indexed chainId, uint256 hitsLeft);

    /// @notice A ball arrived from the counterpart on a chain.
    event BallReceived(bytes32 indexed receiveId, bytes sender, uint256 hitsLeft);

    /// @param links For each chain to play with: this chain's gateway, and the counterpart's ERC-7930 address.
    constructor(Link[] memory links) CrosschainLinked(links) {}

    /// @notice Hits a ball to the counterpart on another chain. Open to anyone.
    /// @param chainId The counterpart's chain id.
    /// @param hits How often the ball is answered, in both directions together.
    /// @return sendId The message's id.
    function serve(uint256 chainId, uint256 hits) external returns (bytes32 sendId) {
        return _hit(InteroperableAddress.formatEvmV1(chainId), chainId, hits);
    }

    function _processMessage(
        address,
        bytes32 receiveId,
        bytes calldata sender,
        bytes calldata payload
    ) internal override {
        uint256 hits = abi.decode(payload, (uint256));
        ++received;
        emit BallReceived(receiveId, sender, hits);
        if (hits == 0) return;
        (uint256 chainId, ) = InteroperableAddress.parseEvmV1Calldata(sender);
        _hit(InteroperableAddress.formatEvmV1(chainId), chainId, hits - 1);
    }

    function _hit(bytes memory chain, uint256 chainId, uint256 hits) private returns (bytes32 sendId) {
        sendId = _sendMessageToCounterpart(chain, abi.encode(hits), new bytes[](0));
        emit BallSent(sendId, chainId, hits);
    }
}
