// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GatewayParameters} from "../../../contracts/interfaces/IGatewayDeployer.sol";
import {IGateway} from "../../../contracts/interfaces/IGateway.sol";
import {ITableFactory} from "../../../contracts/interfaces/ITableFactory.sol";
import {Ledger} from "./Ledger.sol";
import {Behaviour, Recipient, ReenteringRecipient} from "./Recipients.sol";
import {create, vm} from "./Vm.sol";
import {Wire} from "./Wire.sol";

/// @dev Gateways.
uint256 constant MEMBERS = 3;

/// @dev Operators of a table.
uint256 constant OPERATORS = 4;

/// @notice Deploys a Gateway, and answers what it asks for meanwhile.
contract Wires {
    GatewayParameters private _parameters;

    function deploy(GatewayParameters calldata parameters_) external returns (IGateway) {
        _parameters = parameters_;
        return IGateway(create(vm.getCode("contracts/Gateway.sol:Gateway")));
    }

    function parameters() external view returns (GatewayParameters memory) {
        return _parameters;
    }
}

/// @notice Three Gateways on three chains in one EVM, and a model of what they must be: every message truly sent, the table
/// in force, what each owner set, which words are held. The world is their bridge; L1 is what the model says.
/// The Gateways' code is what `hardhat build` made of them. (`hardhat test` builds first, unless it is given a file: then build.)
/// @dev The third Gateway accepts nobody by itself, so its owner's acceptance falls somewhere into a run.
abstract contract World {
    struct Message {
        address sender;
        address recipient;
        uint64 options;
        uint64 payloadLength;
        uint256 payloadSeed;
        bytes32 messageHash;
        bytes32 id;
        // Under which the recipient notes it in the ledger.
        bytes32 digest;
    }

    /// @notice What was truly sent on a lane, how often the recipients executed it, and from when its words are settled.
    struct Sent {
        uint256 source;
        uint256 destination;
        bytes32[] messageHashes;
        // By message: executions that the ledger knows.
        uint256[] times;
        // One more than there are messages; empty while the lane is not open.
        bytes32[] words;
        // By word: the time from which it is settled, and one; or 0.
        uint256[] settledFrom;
    }

    /// @dev `words[i]` is the word before `messages[i]`; empty while the lane is not open.
    struct LaneModel {
        Message[] messages;
        bytes32[] words;
    }

    struct TableModel {
        bool present;
        uint256 set;
        uint256 weighting;
        uint256 snapshot;
        uint256 expiry;
        uint256 floor;
        uint256[MEMBERS] certifiableUntil;
        bool[MEMBERS] faulted;
    }

    /// @dev A source as a Gateway sees it. `held` by level; `settledFrom` by count: usable from then on, plus one.
    struct SourceModel {
        bool accepted;
        uint8 minLevel;
        uint16 quorumBps;
        bool paused;
        uint256 delayedUntil;
        uint256 delayableFrom;
        bytes32[3] held;
        mapping(uint256 count => uint256) settledFrom;
    }

    uint256 internal constant TOTAL_WEIGHT = 10_000;
    uint256 internal constant SETTLEMENT_CHAIN = 31_000;
    address internal constant SETTLEMENT = address(0x5e77);
    address internal constant SERVICE_MANAGER = address(0x5e31);
    address internal constant OWNER = address(0x0a11ce);
    uint256 internal constant MAX_COUNT = 2 ** 40 - 1;

    Ledger public immutable LEDGER = new Ledger();
    ITableFactory internal immutable FACTORY = ITableFactory(
        create(vm.getCode("contracts/tables/EcdsaTableFactory.sol:EcdsaTableFactory"))
    );

    IGateway[MEMBERS] public gateways;
    bytes32[MEMBERS] public ids;
    uint256 public clock = 1_800_000_000;

    /// @notice What happened, by name, so that a test can tell that the runs reach it.
    mapping(string what => uint256 times) public reached;

    /// @notice By invariant, how it was first broken; empty if it holds.
    mapping(uint256 invariant => string how) public broken;

    mapping(uint256 source => mapping(uint256 destination => LaneModel)) internal _lanes;
    mapping(uint256 destination => TableModel) internal _tables;
    mapping(uint256 destination => mapping(uint256 source => SourceModel)) internal _sources;

    /// @dev Private keys of two operator sets, ascending by address.
    uint256[OPERATORS][2] internal _keys;

    address[] internal _recipients;
    mapping(address recipient => Behaviour) internal _behaviours;
    Recipient internal immutable SOMETIMES;
    ReenteringRecipient public immutable REENTERING;

    constructor() {
        vm.warp(clock);
        vm.deal(address(this), 1 ether);
        _makeOperators();
        for (uint256 i = 0; i < MEMBERS; ++i) {
            vm.chainId(_chainId(i));
            gateways[i] = new Wires().deploy(
                GatewayParameters(
                    OWNER,
                    address(this),
                    FACTORY,
                    SETTLEMENT_CHAIN,
                    SETTLEMENT,
                    SERVICE_MANAGER,
                    i != MEMBERS - 1
                )
            );
            ids[i] = Wire.memberId(SETTLEMENT_CHAIN, SETTLEMENT, _chainId(i), address(gateways[i]));
        }
        for (uint256 i = 0; i < uint256(Behaviour.IsNoRecipient); ++i) {
            Behaviour behaviour = Behaviour(i);
            address recipient =
                behaviour == Behaviour.Reenters
                    ? address(new ReenteringRecipient(LEDGER))
                    : address(new Recipient(LEDGER, behaviour));
            _recipients.push(recipient);
            _behaviours[recipient] = behaviour;
        }
        SOMETIMES = Recipient(_recipients[uint256(Behaviour.Sometimes)]);
        REENTERING = ReenteringRecipient(_recipients[uint256(Behaviour.Reenters)]);
    }

    /// @notice What was truly sent on a lane.
    function sentOn(uint256 source, uint256 destination) external view returns (Sent memory sent) {
        LaneModel storage lane = _lanes[source][destination];
        uint256 count = lane.messages.length;
        (sent.source, sent.destination, sent.words) = (source, destination, lane.words);
        sent.messageHashes = new bytes32[](count);
        bytes32[] memory digests = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            (sent.messageHashes[i], digests[i]) = (lane.messages[i].messageHash, lane.messages[i].digest);
        }
        sent.times = LEDGER.timesOf(digests);
        mapping(uint256 count => uint256) storage settledFrom = _sources[destination][source].settledFrom;
        sent.settledFrom = new uint256[](lane.words.length);
        for (uint256 i = 0; i < sent.words.length; ++i) sent.settledFrom[i] = settledFrom[Wire.count(sent.words[i])];
    }

    function tableOf(uint256 destination) external view returns (TableModel memory) {
        return _tables[destination];
    }

    function heldOf(uint256 destination, uint256 source, uint256 level) external view returns (bytes32) {
        return _sources[destination][source].held[level];
    }

    function _chainId(uint256 member) internal pure returns (uint256) {
        return 1001 + member;
    }

    /// @dev The runs say whether they reach what they are for.
    function _reach(string memory what) internal {
        ++reached[what];
    }

    /// @dev Unless `holds`, the invariant is broken.
    function _require(uint256 invariant, bool holds, string memory how) internal {
        if (!holds && bytes(broken[invariant]).length == 0) broken[invariant] = how;
    }

    /// @dev Notes a message that was sent; the model alone says what its id is.
    function _note(uint256 source, uint256 destination, Message memory message, bytes memory payload) internal {
        LaneModel storage lane = _lanes[source][destination];
        bytes32 word = lane.words[lane.words.length - 1];
        message.messageHash = Wire.hashMessage(
            ids[source],
            _chainId(destination),
            message.sender,
            message.recipient,
            message.options,
            payload
        );
        message.id = Wire.idOf(word, message.messageHash);
        message.digest = LEDGER.digestOf(
            address(gateways[destination]),
            ids[source],
            Wire.count(word),
            message.id,
            message.recipient,
            Wire.interoperableAddress(_chainId(source), message.sender),
            payload
        );
        lane.messages.push(message);
        lane.words.push(Wire.next(word, message.messageHash));
    }

    /// @dev Weight of an operator. The first weighting is even; in the second 0, 1 and 2 hold exactly 66.67 %, in the third
    /// exactly 70 %, and 1, 2 and 3 exactly 90 %.
    function _weight(uint256 weighting, uint256 operator) internal pure returns (uint96) {
        uint96[OPERATORS][3] memory weights = [
            [uint96(2500), 2500, 2500, 2500],
            [uint96(2000), 1667, 3000, 3333],
            [uint96(1000), 3000, 3000, 3000]
        ];
        return weights[weighting][operator];
    }

    function _signedWeight(uint256 weighting, uint256 signers) internal pure returns (uint256 weight) {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if ((signers >> i) & 1 != 0) weight += _weight(weighting, i);
        }
    }

    /// @dev The certificate of these operators (a bit mask) of a set over a tree's root.
    function _certificate(uint256 set, uint256 signers, bytes32 root) internal view returns (bytes memory list) {
        bytes32 digest = Wire.digest(SETTLEMENT_CHAIN, SERVICE_MANAGER, root);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if ((signers >> i) & 1 != 0) list = bytes.concat(list, Wire.signature(i, _keys[set][i], digest));
        }
    }

    function _makeOperators() private {
        for (uint256 set = 0; set < 2; ++set) {
            for (uint256 i = 0; i < OPERATORS; ++i) {
                uint256 key = uint256(keccak256(abi.encode("operator", set, i))) >> 1;
                uint256 place = i;
                for (; place > 0 && vm.addr(_keys[set][place - 1]) > vm.addr(key); --place) {
                    _keys[set][place] = _keys[set][place - 1];
                }
                _keys[set][place] = key;
            }
        }
    }
}
