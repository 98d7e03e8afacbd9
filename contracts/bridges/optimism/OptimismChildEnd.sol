// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "../../interfaces/optimism/ICrossDomainMessenger.sol";
import {IOptimismChildEnd} from "../../interfaces/optimism/IOptimismChildEnd.sol";
import {IOptimismParentEnd} from "../../interfaces/optimism/IOptimismParentEnd.sol";
import {ChildEnd} from "../ChildEnd.sol";

/// @title OP Stack: the rollup's end
/// @notice Items go up and come down as messages of the L2CrossDomainMessenger; nothing else is trusted. Going up is free of
/// charge here; whoever finalizes the withdrawal on the parent chain pays for the gas there.
///
/// RETRY: see `OptimismParentEnd`. A withdrawal is proven and finalized by anyone, and may be proven again if the dispute game
/// that it was proven against is lost.
abstract contract OptimismChildEnd is IOptimismChildEnd, ChildEnd {
    /// @dev The L2CrossDomainMessenger: a predeployed contract of every OP Stack chain.
    ICrossDomainMessenger private constant _OPTIMISM_L2_MESSENGER = ICrossDomainMessenger(
        0x4200000000000000000000000000000000000007
    );

    /// @dev Gas that a call on the parent chain gets at least, and more for each item: to keep a word, or to pass it on to
    /// the parent of the parent.
    uint32 private constant _OPTIMISM_UP_GAS = 200_000;
    uint32 private constant _OPTIMISM_UP_ITEM_GAS = 200_000;

    /// @notice The other end, on the parent chain.
    address public immutable OPTIMISM_PARENT;

    constructor(address parent) {
        OPTIMISM_PARENT = parent;
    }

    /// @inheritdoc IOptimismChildEnd
    function fromOptimismParent(bytes[] calldata items) external {
        require(msg.sender == address(_OPTIMISM_L2_MESSENGER), NotOptimismL2Messenger(msg.sender));
        address sender = _OPTIMISM_L2_MESSENGER.xDomainMessageSender();
        require(sender == OPTIMISM_PARENT, NotOptimismParent(sender));
        _receiveFromParent(items);
    }

    function _sendToParent(bytes[] memory items) internal override {
        _refuseValue();
        _OPTIMISM_L2_MESSENGER.sendMessage(
            OPTIMISM_PARENT,
            abi.encodeCall(IOptimismParentEnd.fromOptimismChild, (items)),
            // A transaction has less than 2^14 items.
            _OPTIMISM_UP_GAS + _OPTIMISM_UP_ITEM_GAS * uint32(items.length)
        );
    }
}
