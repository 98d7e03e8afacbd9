// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbSys} from "../interfaces/arbitrum/IArbSys.sol";

/// @notice Plays ArbSys at 0x64 on a simulated chain: counts what is sent up, and says it in Nitro's own event. The Merkle tree
/// over it, which Nitro keeps in its state, is the test's to build.
contract ArbSysStandIn is IArbSys {
    /// @dev Of the Ethereum block that Nitro saw last: some number, as long as the leaf has the same.
    uint256 private constant _ETH_BLOCK = 20_000_000;

    /// @notice How many were sent: the next one's position.
    uint256 public size;

    /// @notice As in nitro-contracts 3.2.0.
    event L2ToL1Tx(
        address caller,
        address indexed destination,
        uint256 indexed hash,
        uint256 indexed position,
        uint256 arbBlockNum,
        uint256 ethBlockNum,
        uint256 timestamp,
        uint256 callvalue,
        bytes data
    );

    /// @inheritdoc IArbSys
    function sendTxToL1(address destination, bytes calldata data) external payable returns (uint256) {
        uint256 hash = uint256(
            keccak256(
                abi.encodePacked(msg.sender, destination, block.number, _ETH_BLOCK, block.timestamp, msg.value, data)
            )
        );
        emit L2ToL1Tx(msg.sender, destination, hash, size, block.number, _ETH_BLOCK, block.timestamp, msg.value, data);
        ++size;
        return hash;
    }
}
