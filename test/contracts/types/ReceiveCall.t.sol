// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {ReceiveCall, newReceiveCall, returnedReason} from "../../../contracts/types/ReceiveCall.sol";
import {check} from "../../invariants/support/Vm.sol";
import {Dice, noise} from "../../invariants/support/Dice.sol";

/// @notice Notes what it is called with, and returns what it was told to.
contract Listener {
    bytes32 public seen;
    bytes private _result;
    bool private _succeeds;

    fallback() external {
        seen = keccak256(msg.data);
        bytes memory result = _result;
        if (_succeeds) {
            assembly ("memory-safe") {
                return(add(result, 32), mload(result))
            }
        }
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }

    function prepare(bytes calldata result, bool succeeds) external {
        (_result, _succeeds) = (result, succeeds);
    }
}

/// @notice The calls that `ReceiveCall` builds are those of `abi.encodeCall`, message after message in one buffer.
contract ReceiveCallTest {
    Listener private immutable RECORDER = new Listener();

    /// @notice Each call of a batch equals abi.encodeCall, and nothing else in memory changes.
    function testFuzz_receiveCall_equalsEncodeCall(uint256 chainId, uint8 shift, uint256 seed) public {
        RECORDER.prepare(abi.encode(IERC7786Recipient.receiveMessage.selector), true);
        this.callAll(chainId >> shift, seed, noise(seed, 300));
    }

    /// @notice R13: a call succeeds by 32 bytes or more whose whole first word is the selector, and by nothing else; R10: of
    /// what it returned, 256 bytes are kept.
    function testFuzz_R13_onlyTheWholeWordSucceeds(uint8 kind, bytes calldata result, bool succeeds) public {
        bytes32 magic = bytes32(IERC7786Recipient.receiveMessage.selector);
        bytes memory data = result;
        if (kind % 4 == 1) data = bytes.concat(magic, result);
        if (kind % 4 == 2) data = bytes.concat(magic ^ bytes32(uint256(1) << kind), result);
        if (kind % 4 == 3) data = _cut(bytes.concat(magic), kind / 8);
        RECORDER.prepare(data, succeeds);
        (bool success, bytes memory reason) = this.callOnce(result);
        check(success == (succeeds && data.length >= 32 && bytes32(data) == magic), "another success");
        check(keccak256(reason) == keccak256(_cut(data, data.length > 256 ? 256 : data.length)), "another reason");
    }

    function callAll(uint256 chainId, uint256 seed, bytes calldata source) external {
        Dice memory dice = Dice(seed);
        ReceiveCall call = newReceiveCall(chainId, source.length);
        bytes memory neighbour = noise(seed, 64);
        for (uint256 left = 4; left > 0; --left) {
            bytes32 id = dice.word();
            address sender = address(uint160(uint256(dice.word())));
            bytes calldata payload = source[:dice.roll(source.length + 1)];
            check(call.deliverTo(address(RECORDER), 1_000_000, id, sender, payload), "the call failed");
            bytes memory expected = abi.encodeCall(
                IERC7786Recipient.receiveMessage,
                (id, InteroperableAddress.formatEvmV1(chainId, sender), payload)
            );
            check(RECORDER.seen() == keccak256(expected), "another call than abi.encodeCall");
        }
        check(keccak256(neighbour) == keccak256(noise(seed, 64)), "memory behind the buffer changed");
    }

    function callOnce(bytes calldata payload) external returns (bool success, bytes memory reason) {
        ReceiveCall call = newReceiveCall(1, payload.length);
        success = call.deliverTo(address(RECORDER), 10_000_000, 0, address(0), payload);
        reason = returnedReason();
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory result) {
        result = new bytes(length);
        for (uint256 i = 0; i < length; ++i) result[i] = data[i];
    }
}
