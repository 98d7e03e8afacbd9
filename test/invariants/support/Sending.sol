// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dice, noise} from "./Dice.sol";
import {Behaviour} from "./Recipients.sol";
import {Settling} from "./Settling.sol";
import {check, vm} from "./Vm.sol";
import {Wire} from "./Wire.sol";
import {MEMBERS} from "./World.sol";

/// @notice Messages to recipients of every kind, and what the Outbox must refuse.
abstract contract Sending is Settling {
    /// @dev Below it, a recipient that executes may not get far enough.
    uint256 internal constant ENOUGH_GAS = 150_000;

    uint64 private constant REENTERING_GAS = 4_000_000;

    /// @notice Anyone sends a few messages on one lane.
    function send(uint256 seed) external {
        Dice memory dice = _act(seed);
        (uint256 source, uint256 destination) = _rollLane(dice);
        for (uint256 left = 1 + dice.roll(4); left > 0; --left) _send(dice, source, destination);
    }

    /// @notice Sends that must be refused: from a fork, with value, to nowhere, with what is not canonical.
    function _sendRefused(Dice memory dice) internal {
        (uint256 source, uint256 destination) = _rollLane(dice);
        uint256 kind = dice.roll(7);
        bytes memory to = Wire.interoperableAddress(_chainId(destination), _recipients[0]);
        if (kind == 1) to = Wire.interoperableAddress(_chainId(source), _recipients[0]);
        if (kind == 2) to = bytes.concat(to, hex"00");
        if (kind == 3) to = abi.encodePacked(hex"000100000300", uint16(_chainId(destination)), hex"14", _recipients[0]);
        bytes[] memory attributes = new bytes[](kind == 4 ? 1 : 0);
        if (kind == 4) attributes[0] = abi.encodeWithSignature("gasLimit(uint256)", uint256(8_000_001));
        vm.chainId(_chainId(kind == 0 ? destination : source));
        bytes memory call = abi.encodeCall(
            gateways[source].sendMessage,
            (to, new bytes(kind == 5 ? 16_385 : 1), attributes)
        );
        (bool success, ) = address(gateways[source]).call{value: kind == 6 ? 1 : 0}(call);
        _require(4, !success, "a message that the Outbox must refuse was sent");
        _reach("a send was refused");
    }

    /// @notice The recipient that executes only sometimes changes its mind.
    function _toggleRecipient() internal {
        SOMETIMES.setOpen(!SOMETIMES.open());
    }

    function _send(Dice memory dice, uint256 source, uint256 destination) internal {
        Message memory message;
        message.sender = address(uint160(1 + dice.roll(type(uint160).max)));
        message.recipient = _rollRecipient(dice, destination);
        message.options = _rollOptions(dice, message.recipient);
        message.payloadSeed = uint256(dice.word());
        message.payloadLength = uint64(dice.oneIn(40) ? 16_384 : dice.roll(100));
        bytes memory payload = noise(message.payloadSeed, message.payloadLength);

        vm.chainId(_chainId(source));
        vm.prank(message.sender);
        (bool success, bytes memory result) = address(gateways[source]).call(
            abi.encodeCall(
                gateways[source].sendMessage,
                (
                    Wire.interoperableAddress(_chainId(destination), message.recipient),
                    payload,
                    Wire.attributes(message.options)
                )
            )
        );
        bytes32[] storage words = _lanes[source][destination].words;
        bool isFull = words.length != 0 && Wire.count(words[words.length - 1]) == MAX_COUNT;
        _require(4, success == (words.length != 0 && !isFull), "a send did not do what the lane allows");
        if (!success) {
            _reach(isFull ? "a full lane refused a message" : "a lane that is not open refused a message");
            return;
        }
        _note(source, destination, message, payload);
        bytes32 id = _lanes[source][destination].messages[_lanes[source][destination].messages.length - 1].id;
        _require(4, id == abi.decode(result, (bytes32)), "sendId is not the hash of word and message");
        _reach("a message was sent");
    }

    function _payloadOf(Message memory message) internal pure returns (bytes memory) {
        return noise(message.payloadSeed, message.payloadLength);
    }

    function _gasLimitOf(Message memory message) internal pure returns (uint256 gasLimit) {
        gasLimit = message.options & type(uint56).max;
        if (gasLimit == 0) gasLimit = 200_000;
    }

    function _behaviourOf(address recipient) internal view returns (Behaviour) {
        bool isRecipient = recipient == _recipients[0] || _behaviours[recipient] != Behaviour.Accepts;
        return isRecipient ? _behaviours[recipient] : Behaviour.IsNoRecipient;
    }

    /// @dev Half of them execute; the others fail in every way, or are no recipients at all.
    function _rollRecipient(Dice memory dice, uint256 destination) private view returns (address) {
        uint256 choice = dice.roll(8);
        if (choice < 3) return _recipients[0];
        if (choice < 7) return _recipients[dice.roll(_recipients.length)];
        address[10] memory others = [
            address(0),
            OWNER,
            SETTLEMENT,
            address(this),
            address(gateways[destination]),
            address(gateways[(destination + 1) % MEMBERS]),
            address(FACTORY),
            _tableOf(destination),
            // Precompiles: sha256, the identity, which returns its input, and one of all.
            address(uint160(2 + 2 * dice.roll(2))),
            address(uint160(1 + dice.roll(17)))
        ];
        return others[dice.roll(others.length)];
    }

    function _rollOptions(Dice memory dice, address recipient) private view returns (uint64 options) {
        // Now and then far too little, which only the last message of a batch survives.
        if (dice.oneIn(3)) options = uint64(dice.oneIn(4) ? 1 + dice.roll(40_000) : ENOUGH_GAS + dice.roll(300_000));
        if (_behaviourOf(recipient) == Behaviour.Reenters) options = REENTERING_GAS;
        if (dice.oneIn(3)) options |= uint64(1 + dice.roll(3)) << 56;
    }

    function _tableOf(uint256 destination) private view returns (address) {
        (bool success, bytes memory result) = address(gateways[destination]).staticcall(
            abi.encodeCall(gateways[destination].tableInForce, ())
        );
        check(success, "tableInForce() reverted");
        (address table, , ) = abi.decode(result, (address, uint64, bool));
        return table;
    }
}
