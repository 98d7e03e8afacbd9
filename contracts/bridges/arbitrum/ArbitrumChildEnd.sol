// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrumChildEnd} from "../../interfaces/arbitrum/IArbitrumChildEnd.sol";
import {IArbitrumParentEnd} from "../../interfaces/arbitrum/IArbitrumParentEnd.sol";
import {IArbSys} from "../../interfaces/arbitrum/IArbSys.sol";
import {ChildEnd} from "../ChildEnd.sol";
import {aliasOf} from "../addressAlias.sol";

/// @title Arbitrum: the rollup's end
/// @notice Items go up by ArbSys, free of charge, and come down as redeemed tickets of the other end. Its alias stands for it:
/// only the Inbox makes it call.
abstract contract ArbitrumChildEnd is IArbitrumChildEnd, ChildEnd {
    /// @dev A precompiled contract of every Nitro chain.
    IArbSys private constant _ARB_SYS = IArbSys(address(0x64));

    /// @notice The other end, on the parent chain.
    address public immutable ARBITRUM_PARENT;

    constructor(address parent) {
        ARBITRUM_PARENT = parent;
    }

    /// @inheritdoc IArbitrumChildEnd
    function fromArbitrumParent(bytes[] calldata items) external {
        require(msg.sender == aliasOf(ARBITRUM_PARENT), NotArbitrumParent(msg.sender));
        _receiveFromParent(items);
    }

    function _sendToParent(bytes[] memory items) internal override {
        _refuseValue();
        _ARB_SYS.sendTxToL1(ARBITRUM_PARENT, abi.encodeCall(IArbitrumParentEnd.fromArbitrumChild, (items)));
    }
}
