// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICrossDomainMessenger} from "../../interfaces/optimism/ICrossDomainMessenger.sol";
import {IOptimismChildEnd} from "../../interfaces/optimism/IOptimismChildEnd.sol";
import {IOptimismParentEnd} from "../../interfaces/optimism/IOptimismParentEnd.sol";
import {arrivalGas} from "../arrivalGas.sol";
import {ParentEnd} from "../ParentEnd.sol";
import {RefusesValue} from "../RefusesValue.sol";

/// @title OP Stack: the parent chain's end
/// @notice Items go down and come up as messages of the L1CrossDomainMessenger; nothing else is trusted.
///
/// STACK PARAMETERS: none, for the default, or `abi.encode(uint32 minGasLimit)`: gas that the items get on the rollup at least.
/// FEE: none in ether, and value is refused. The rollup's gas is bought by burning gas here (ResourceMetering): about as much as
/// the items get there while deposits are in little demand, and more when they are not. The default is for the worst case; less
/// is safe, even zero: the message then fails on arrival, and anyone retries it there, where gas is cheap. So it does, untried,
/// with far more than the default's most: the messengers reckon with too little for what a proxy holds back of a call's gas.
/// RETRY: the messengers keep what failed (`failedMessages`), and anyone may call `relayMessage` with more gas, for ever. What
/// brings items takes all of them or reverts, so no amount of gas makes a message count whose items were not taken.
abstract contract OptimismParentEnd is IOptimismParentEnd, ParentEnd, RefusesValue {
    /// @dev Most gas that the default asks for: enough for the largest table, and what a message of that length still gets.
    uint256 private constant _OPTIMISM_MOST_GAS = 9_250_000;

    /// @notice Carries messages.
    ICrossDomainMessenger public immutable OPTIMISM_MESSENGER;

    /// @notice The other end, on the rollup.
    address public immutable OPTIMISM_CHILD;

    constructor(ICrossDomainMessenger messenger, address child) {
        OPTIMISM_MESSENGER = messenger;
        OPTIMISM_CHILD = child;
    }

    /// @inheritdoc IOptimismParentEnd
    function fromOptimismChild(bytes[] calldata items) external {
        require(msg.sender == address(OPTIMISM_MESSENGER), NotOptimismMessenger(msg.sender));
        address sender = OPTIMISM_MESSENGER.xDomainMessageSender();
        require(sender == OPTIMISM_CHILD, NotOptimismChild(sender));
        _receiveFromChild(items);
    }

    function _sendToChild(bytes[] calldata items, address, bytes calldata stackParams) internal override {
        _refuseValue();
        OPTIMISM_MESSENGER.sendMessage(
            OPTIMISM_CHILD,
            abi.encodeCall(IOptimismChildEnd.fromOptimismParent, (items)),
            _minGasLimit(items, stackParams)
        );
    }

    function _quoteToChild(
        bytes[] calldata items,
        bytes calldata stackParams
    ) internal pure override returns (uint256) {
        _minGasLimit(items, stackParams);
        return 0;
    }

    function _minGasLimit(bytes[] calldata items, bytes calldata stackParams) private pure returns (uint32) {
        // At most _OPTIMISM_MOST_GAS: fits 32 bits.
        if (stackParams.length == 0) return uint32(Math.min(arrivalGas(items), _OPTIMISM_MOST_GAS));
        require(
            stackParams.length == 32 && uint256(bytes32(stackParams)) <= type(uint32).max,
            MalformedStackParams(stackParams, "abi.encode(uint32 minGasLimit)")
        );
        return abi.decode(stackParams, (uint32));
    }
}
