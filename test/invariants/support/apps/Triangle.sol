// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GatewayParameters} from "../../../../contracts/interfaces/IGatewayDeployer.sol";
import {IGateway} from "../../../../contracts/interfaces/IGateway.sol";
import {ITableFactory} from "../../../../contracts/interfaces/ITableFactory.sol";
import {Lane} from "../../../../contracts/types/Lane.sol";
import {check, create, IVm, vm} from "../Vm.sol";
import {Wire} from "../Wire.sol";
import {Wires} from "../World.sol";

/// @dev Rollups, each the others' member.
uint256 constant MEMBERS = 3;

/// @dev Operators of the one table, all of the same weight.
uint256 constant OPERATORS = 4;

/// @notice Three rollups' Gateways in one EVM, with one table of operators in force at each; and every message that was sent,
/// read from the Gateways' events. The world is the Gateways' bridge.
abstract contract Triangle {
    /// @dev A message on its lane.
    struct Sent {
        // As the batch carries it.
        bytes item;
        bytes payload;
        bytes32 messageHash;
        // The lane's word after it.
        bytes32 word;
        // The application sent it, not a stranger.
        bool isOurs;
        bool isDelivered;
        uint64 gasLimit;
    }

    uint256 internal constant SETTLEMENT_CHAIN = 31_000;
    address internal constant SETTLEMENT = address(0x5e77);
    address internal constant SERVICE_MANAGER = address(0x5e31);
    bytes32 private constant MESSAGE_SENT = keccak256("MessageSent(bytes32,bytes,bytes,bytes,uint256,bytes[])");
    uint64 private constant DEFAULT_GAS = 200_000;

    IGateway[MEMBERS] public gateways;
    bytes32[MEMBERS] internal _ids;
    uint256 internal _clock = 1_800_000_000;

    /// @notice What happened, by name, so that a test can tell that the runs reach it.
    mapping(string what => uint256 times) public reached;

    mapping(uint256 source => mapping(uint256 destination => Sent[])) internal _sent;

    /// @dev Private keys, ascending by address.
    uint256[OPERATORS] private _keys;

    constructor() {
        vm.warp(_clock);
        _makeOperators();
        address factory = create(vm.getCode("contracts/tables/EcdsaTableFactory.sol:EcdsaTableFactory"));
        for (uint256 i = 0; i < MEMBERS; ++i) {
            vm.chainId(_chainId(i));
            gateways[i] = new Wires().deploy(
                GatewayParameters(
                    address(this),
                    address(this),
                    ITableFactory(factory),
                    SETTLEMENT_CHAIN,
                    SETTLEMENT,
                    SERVICE_MANAGER,
                    true
                )
            );
            _ids[i] = Wire.memberId(SETTLEMENT_CHAIN, SETTLEMENT, _chainId(i), address(gateways[i]));
        }
        for (uint256 i = 0; i < MEMBERS; ++i) _fromSettlement(i, _encodeTable());
        vm.recordLogs();
    }

    /// @dev What was sent on a lane.
    function sentOn(uint256 source, uint256 destination) external view returns (Sent[] memory) {
        return _sent[source][destination];
    }

    /// @dev The chain that calls are on from now on.
    function _at(uint256 member) internal {
        vm.chainId(_chainId(member));
    }

    /// @dev Hears what the application sent.
    function _onCollected(bytes memory payload) internal virtual;

    /// @dev Reads from the events what was sent since the last time, by `ours[member]` or by others, in order. There are events
    /// of calls that reverted among them, whose messages are on no lane.
    function _collect(address[MEMBERS] memory ours) internal {
        uint256[MEMBERS][MEMBERS] memory firsts;
        for (uint256 i = 0; i < MEMBERS * MEMBERS; ++i) {
            firsts[i / MEMBERS][i % MEMBERS] = _sent[i / MEMBERS][i % MEMBERS].length;
        }
        IVm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != MESSAGE_SENT) continue;
            for (uint256 source = 0; source < MEMBERS; ++source) {
                if (logs[i].emitter == address(gateways[source])) _note(source, ours[source], firsts[source], logs[i]);
            }
        }
        for (uint256 i = 0; i < MEMBERS * MEMBERS; ++i) {
            if (i / MEMBERS != i % MEMBERS) _account(i / MEMBERS, i % MEMBERS, firsts[i / MEMBERS][i % MEMBERS]);
        }
    }

    function _fromSettlement(uint256 destination, bytes memory item) internal {
        bytes[] memory items = new bytes[](1);
        items[0] = item;
        gateways[destination].fromSettlement(items);
    }

    function _encodeSettled(uint256 source, uint256 destination, bytes32 word) internal view returns (bytes memory) {
        return abi.encodePacked(uint8(2), _ids[source], _ids[destination], word);
    }

    /// @dev The proof by a certificate of the first `signers` operators that the lane stood at a word by now.
    function _certificateProof(
        uint256 source,
        uint256 destination,
        bytes32 word,
        uint8 level,
        uint256 signers
    ) internal view returns (bytes memory proof) {
        bytes32 blockHash = level == 1 ? keccak256("some block") : bytes32(0);
        bytes32 leaf = Wire.leaf(_ids[source], _ids[destination], word, uint64(_clock), level, blockHash);
        bytes32 digest = Wire.digest(SETTLEMENT_CHAIN, SERVICE_MANAGER, leaf);
        proof = abi.encodePacked(uint8(1), level, uint64(_clock));
        if (level == 1) proof = abi.encodePacked(proof, blockHash);
        proof = bytes.concat(proof, hex"00");
        for (uint256 i = 0; i < signers; ++i) proof = bytes.concat(proof, Wire.signature(i, _keys[i], digest));
    }

    /// @dev The lane's word before its message `index`.
    function _wordBefore(uint256 source, uint256 destination, uint256 index) internal view returns (bytes32) {
        return index == 0 ? Wire.genesis(_ids[source], _ids[destination]) : _sent[source][destination][index - 1].word;
    }

    /// @dev An account on a rollup, as ERC-7930 has it.
    function _on(uint256 member, address account) internal pure returns (bytes memory) {
        return Wire.interoperableAddress(_chainId(member), account);
    }

    function _chainId(uint256 member) internal pure returns (uint256) {
        return 1001 + member;
    }

    function _reach(string memory what) internal {
        ++reached[what];
    }

    function _note(uint256 source, address ours, uint256[MEMBERS] memory firsts, IVm.Log memory log) private {
        (bytes memory from, bytes memory to, bytes memory payload, , bytes[] memory attributes) = abi.decode(
            log.data,
            (bytes, bytes, bytes, uint256, bytes[])
        );
        // No attribute but a gas limit is used here.
        uint64 gasLimit = attributes.length == 0 ? 0 : uint64(uint256(_wordAt(attributes[0], 4)));
        (address sender, address recipient) = (_accountOf(from), _accountOf(to));
        uint256 destination = uint16(bytes2(_wordAt(to, 5))) - _chainId(0);
        Sent memory sent;
        sent.payload = payload;
        sent.item = Wire.message(sender, recipient, gasLimit, payload);
        sent.messageHash = Wire.hashMessage(_ids[source], _chainId(destination), sender, recipient, gasLimit, payload);
        sent.isOurs = sender == ours;
        sent.gasLimit = gasLimit == 0 ? DEFAULT_GAS : gasLimit;
        Sent[] storage lane = _sent[source][destination];
        bytes32 before = _wordBefore(source, destination, lane.length);
        if (Wire.idOf(before, sent.messageHash) != log.topics[1]) {
            // It has the place of the one before, which was taken back with the call that sent it.
            check(lane.length > firsts[destination], "a message has another id than its lane says");
            lane.pop();
            before = _wordBefore(source, destination, lane.length);
            check(Wire.idOf(before, sent.messageHash) == log.topics[1], "a message has another id than its lane says");
        }
        sent.word = Wire.next(before, sent.messageHash);
        lane.push(sent);
    }

    /// @dev Compares a lane with the Gateway's, and tells what of ours came onto it.
    function _account(uint256 source, uint256 destination, uint256 first) private {
        Sent[] storage lane = _sent[source][destination];
        bytes32 word = Lane.unwrap(gateways[source].laneTo(_chainId(destination)));
        if (_wordBefore(source, destination, lane.length) != word && lane.length > first) lane.pop();
        check(_wordBefore(source, destination, lane.length) == word, "a lane is not what was sent on it");
        for (uint256 i = first; i < lane.length; ++i) {
            if (lane[i].isOurs) _onCollected(lane[i].payload);
        }
    }

    function _makeOperators() private {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            uint256 key = uint256(keccak256(abi.encode("operator", i))) >> 1;
            uint256 place = i;
            for (; place > 0 && vm.addr(_keys[place - 1]) > vm.addr(key); --place) _keys[place] = _keys[place - 1];
            _keys[place] = key;
        }
    }

    function _encodeTable() private view returns (bytes memory item) {
        uint64 forever = uint64(_clock + 100_000 days);
        item = abi.encodePacked(uint8(1), uint8(1), uint64(1), forever, uint96(1), uint8(MEMBERS));
        uint256[MEMBERS] memory order = _order();
        for (uint256 i = 0; i < MEMBERS; ++i) {
            item = abi.encodePacked(item, uint64(_chainId(order[i])), address(gateways[order[i]]), forever, uint8(0));
        }
        for (uint256 i = 0; i < OPERATORS; ++i) item = abi.encodePacked(item, vm.addr(_keys[i]), uint96(2500));
    }

    /// @dev The members, ascending by id.
    function _order() private view returns (uint256[MEMBERS] memory order) {
        for (uint256 i = 0; i < MEMBERS; ++i) {
            uint256 place = i;
            for (; place > 0 && _ids[order[place - 1]] > _ids[i]; --place) order[place] = order[place - 1];
            order[place] = i;
        }
    }

    function _accountOf(bytes memory interoperableAddress) private pure returns (address) {
        return address(bytes20(_wordAt(interoperableAddress, interoperableAddress.length - 20)));
    }

    /// @dev The 32 bytes from `offset` on; what is beyond the end is not looked at.
    function _wordAt(bytes memory data, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }
}
