// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../../contracts/interfaces/IGateway.sol";

/// @notice Where recipients note what they have executed. Their word counts, not the Gateway's: an entry is there only if the
/// call that made it was not undone.
contract Ledger {
    struct State {
        uint64 total;
        // In the batch under way: nonce of the last execution, and one.
        uint64 after_;
        bool outOfOrder;
    }

    struct Execution {
        uint64 times;
        uint8 level;
    }

    State public state;

    /// @dev By everything that a recipient can see of a message.
    mapping(bytes32 digest => Execution) public executions;

    /// @notice A batch begins.
    function begin() external {
        state.after_ = 0;
    }

    /// @notice The caller executed a message that this Gateway brought.
    function record(IGateway gateway, bytes32 id, bytes calldata sender, bytes calldata payload) external {
        (bytes32 source, uint40 nonce, uint8 level) = gateway.delivering();
        Execution storage execution = executions[
            digestOf(address(gateway), source, nonce, id, msg.sender, sender, payload)
        ];
        execution.times += 1;
        execution.level = level;
        State memory current = state;
        state = State(current.total + 1, uint64(nonce) + 1, current.outOfOrder || nonce < current.after_);
    }

    function times(bytes32 digest) external view returns (uint256) {
        return executions[digest].times;
    }

    /// @notice The same of many.
    function timesOf(bytes32[] calldata digests) external view returns (uint256[] memory list) {
        list = new uint256[](digests.length);
        for (uint256 i = 0; i < digests.length; ++i) list[i] = executions[digests[i]].times;
    }

    function digestOf(
        address gateway,
        bytes32 source,
        uint256 nonce,
        bytes32 id,
        address recipient,
        bytes memory sender,
        bytes memory payload
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(gateway, source, nonce, id, recipient, sender, payload));
    }
}
