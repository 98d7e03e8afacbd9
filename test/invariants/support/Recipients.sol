// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IGateway} from "../../../contracts/interfaces/IGateway.sol";
import {Ledger} from "./Ledger.sol";
import {Wire} from "./Wire.sol";
import {noise} from "./Dice.sol";

/// @notice How a recipient behaves. Up to `Sometimes` it executes and says so.
enum Behaviour {
    Accepts,
    AcceptsWithBomb,
    Reenters,
    Sometimes,
    Reverts,
    Burns,
    RevertsWithBomb,
    ReturnsWrongWord,
    ReturnsShort,
    IsNoRecipient
}

/// @notice A recipient of every kind but the re-entering one.
contract Recipient is IERC7786Recipient {
    Ledger internal immutable LEDGER;
    Behaviour public immutable BEHAVIOUR;

    /// @notice Of behaviour `Sometimes`: whether it executes now.
    bool public open;

    /// @dev Less is as if it were none: that a message gets the gas it names is seen by its recipient.
    uint256 private constant NEEDED_GAS = 120_000;

    error NotNow(bytes32 id);

    constructor(Ledger ledger, Behaviour behaviour) {
        LEDGER = ledger;
        BEHAVIOUR = behaviour;
    }

    function setOpen(bool open_) external {
        open = open_;
    }

    function receiveMessage(
        bytes32 id,
        bytes calldata sender,
        bytes calldata payload
    ) external payable virtual returns (bytes4) {
        bytes4 magic = IERC7786Recipient.receiveMessage.selector;
        if (BEHAVIOUR == Behaviour.Reverts || (BEHAVIOUR == Behaviour.Sometimes && !open)) revert NotNow(id);
        if (BEHAVIOUR == Behaviour.Burns) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (BEHAVIOUR == Behaviour.RevertsWithBomb) _bomb(0, false);
        if (BEHAVIOUR == Behaviour.ReturnsWrongWord) {
            // The selector, but not alone in its word.
            assembly ("memory-safe") {
                mstore(0, or(magic, 1))
                return(0, 32)
            }
        }
        if (BEHAVIOUR == Behaviour.ReturnsShort) {
            assembly ("memory-safe") {
                mstore(0, magic)
                return(0, 31)
            }
        }
        if (gasleft() < NEEDED_GAS) revert NotNow(id);
        LEDGER.record(IGateway(msg.sender), id, sender, payload);
        if (BEHAVIOUR == Behaviour.AcceptsWithBomb) _bomb(magic, true);
        return magic;
    }

    /// @dev Ends the call with as much data as three quarters of the gas that is left can pay for.
    function _bomb(bytes4 first, bool success) private view {
        uint256 length = 32 * Math.sqrt(gasleft() * (gasleft() > 100_000 ? 380 : 200));
        assembly ("memory-safe") {
            mstore(0, first)
            if success {
                return(0, length)
            }
            revert(0, length)
        }
    }
}

/// @notice Calls back into the Gateway that calls it: `deliver` of the very same batch, `advance`, `sendMessage`.
contract ReenteringRecipient is Recipient {
    struct Sent {
        bytes32 outerId;
        bytes32 id;
    }

    bytes public deliverCall;
    bytes public advanceCall;
    uint256 public destinationChainId;
    address public nestedRecipient;

    /// @notice Messages sent from within a delivery that stood.
    Sent[] public sent;

    /// @notice Whether `deliver` could be entered: the lock failed.
    bool public delivered;

    /// @notice Whether `advance` held something.
    bool public advanced;

    constructor(Ledger ledger) Recipient(ledger, Behaviour.Reenters) {}

    function prepare(
        bytes calldata deliverCall_,
        bytes calldata advanceCall_,
        uint256 destinationChainId_,
        address nestedRecipient_
    ) external {
        deliverCall = deliverCall_;
        advanceCall = advanceCall_;
        destinationChainId = destinationChainId_;
        nestedRecipient = nestedRecipient_;
        advanced = false;
        delete sent;
    }

    function receiveMessage(
        bytes32 id,
        bytes calldata sender,
        bytes calldata payload
    ) external payable override returns (bytes4) {
        LEDGER.record(IGateway(msg.sender), id, sender, payload);
        bool success;
        if (deliverCall.length != 0) {
            (success, ) = msg.sender.call(deliverCall);
            if (success) delivered = true;
        }
        if (advanceCall.length != 0) {
            (success, ) = msg.sender.call(advanceCall);
            if (success) advanced = true;
        }
        if (destinationChainId != 0) {
            bytes memory to = Wire.interoperableAddress(destinationChainId, nestedRecipient);
            try IGateway(msg.sender).sendMessage(to, noise(uint256(id), 32), new bytes[](0)) returns (bytes32 nested) {
                sent.push(Sent(id, nested));
            } catch {
                return IERC7786Recipient.receiveMessage.selector;
            }
        }
        return IERC7786Recipient.receiveMessage.selector;
    }

    function sentCount() external view returns (uint256) {
        return sent.length;
    }
}
