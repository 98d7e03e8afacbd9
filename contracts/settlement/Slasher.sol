// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IServiceManager} from "../interfaces/IServiceManager.sol";
import {ISlasher} from "../interfaces/ISlasher.sol";
import {IAllocationManager} from "../interfaces/eigenlayer/IAllocationManager.sol";
import {IKeyRegistrar} from "../interfaces/eigenlayer/IKeyRegistrar.sol";
import {IStrategy} from "../interfaces/eigenlayer/IStrategy.sol";
import {OperatorSet} from "../interfaces/eigenlayer/OperatorSet.sol";
import {readCertificate} from "../types/Certificate.sol";
import {certificateDigest, certificateDomain, hashCheckpoint} from "../types/Checkpoint.sol";
import {Degree, Kind} from "../types/Conviction.sol";
import {Equivocation, Statement} from "../types/Equivocation.sol";
import {EquivocationEvidence, Listing} from "../types/EquivocationEvidence.sol";
import {readTable, TakenTable} from "../types/TakenTable.sol";

/// @title Slasher
/// @notice Convicts operators that signed what cannot be true.
///
/// EVIDENCE: signatures and hashes, nothing else. Who signed R23's way can be shown in none: whoever calls, in whatever order.
/// ONCE: an operator is slashed once for each degree of a kind, so that one fault of its machine, repeated a thousand times, is
/// not a thousand faults; a graver conviction follows all the same.
/// LIVENESS: a conviction stands even while EigenLayer does not slash, and even for an operator that has left.
/// REENTRANCY: everything is written before EigenLayer is called; nobody is paid here (`IServiceManager.withdrawBounty`).
contract Slasher is ISlasher {
    /// @dev The state of one operator: whether it was ever convicted, and the slashing that EigenLayer has not done yet.
    struct Record {
        bool isTombstoned;
        uint64 waitingWad;
    }

    /// @dev What a lone equivocation costs, of 1e18 (R26).
    uint256 private constant LONE_WAD = 0.01e18;

    /// @dev What an equivocation with a quorum costs: everything (R26).
    uint256 private constant QUORUM_WAD = 1e18;

    uint256 private constant WAD = 1e18;

    /// @dev Part of its gas that a call to EigenLayer at least leaves unless gas was short: of what is sent along, it could use
    /// all, and a call gets all but a 64th; even three such calls in each other then leave less than a 16th.
    uint256 private constant GAS_DIVISOR = 4;

    /// @inheritdoc ISlasher
    IServiceManager public immutable SERVICE_MANAGER = IServiceManager(msg.sender);
    /// @notice EigenLayer's AllocationManager.
    IAllocationManager public immutable ALLOCATION_MANAGER;
    /// @notice EigenLayer's KeyRegistrar.
    IKeyRegistrar public immutable KEY_REGISTRAR;
    /// @inheritdoc ISlasher
    bytes32 public immutable CERTIFICATE_DOMAIN = certificateDomain(block.chainid, msg.sender);
    uint32 private immutable _OPERATOR_SET_ID;

    mapping(address operator => Record) private _records;

    /// @inheritdoc ISlasher
    mapping(address operator => mapping(Kind kind => mapping(bytes32 scope => Degree))) public degreeOf;

    /// @dev Made by the ServiceManager, which it serves.
    /// @param allocationManager EigenLayer's AllocationManager.
    /// @param keyRegistrar EigenLayer's KeyRegistrar.
    /// @param operatorSetId EigenLayer's number for Parley's operator set.
    constructor(IAllocationManager allocationManager, IKeyRegistrar keyRegistrar, uint32 operatorSetId) {
        ALLOCATION_MANAGER = allocationManager;
        KEY_REGISTRAR = keyRegistrar;
        _OPERATOR_SET_ID = operatorSetId;
    }

    /// @inheritdoc ISlasher
    function convict(address operator, Kind kind, bytes calldata evidence) external {
        require(kind == Kind.Equivocation, NotJudged(kind));
        (Degree degree, bytes32 revoked) = _judgeEquivocation(operator, evidence);
        bytes32 scope = 0;
        Degree before = degreeOf[operator][kind][scope];
        require(degree > before, AlreadyConvicted(operator, before));
        degreeOf[operator][kind][scope] = degree;

        bool isGravest = degree == Degree.Quorum;
        uint256 wad = isGravest ? QUORUM_WAD : LONE_WAD;
        Record storage record = _records[operator];
        if (!record.isTombstoned) emit OperatorTombstoned(operator);
        record.isTombstoned = true;
        emit OperatorConvicted(operator, kind, scope, degree, wad, msg.sender);
        SERVICE_MANAGER.onConvicted(operator, msg.sender, isGravest);
        if (revoked != 0) SERVICE_MANAGER.onRevoked(revoked);

        // What waits and what comes, one after the other: parts of what is left each time. At most 1e18: fits 64 bits.
        uint256 waiting = record.waitingWad;
        wad = waiting + wad - (waiting * wad) / WAD;
        record.waitingWad = uint64(wad);
        _trySlash(operator, wad);
    }

    /// @inheritdoc ISlasher
    function revokeTable(bytes32 tableId, bytes calldata evidence) external {
        Equivocation memory equivocation = abi.decode(evidence, (Equivocation));
        require(equivocation.conflicts(), NoConflict());
        TakenTable memory table = readTable(SERVICE_MANAGER.tableItem(tableId));
        _requireQuorum(equivocation.a, tableId, table);
        _requireQuorum(equivocation.b, tableId, table);
        SERVICE_MANAGER.onRevoked(tableId);
    }

    /// @inheritdoc ISlasher
    function slash(address operator) external {
        uint256 wad = _records[operator].waitingWad;
        require(wad != 0, NothingToSlash(operator));
        IAllocationManager.SlashingParams memory params = _slashingOf(operator, wad);
        _records[operator].waitingWad = 0;
        uint256[] memory shares = new uint256[](0);
        if (params.strategies.length != 0) {
            (, shares) = ALLOCATION_MANAGER.slashOperator(address(SERVICE_MANAGER), params);
        }
        emit OperatorSlashed(operator, wad, params.strategies, shares);
    }

    /// @inheritdoc ISlasher
    function isTombstoned(address operator) external view returns (bool) {
        return _records[operator].isTombstoned;
    }

    /// @inheritdoc ISlasher
    function waitingWad(address operator) external view returns (uint256) {
        return _records[operator].waitingWad;
    }

    /// @dev Has EigenLayer slash; what it does not do now waits for `slash`. Whoever sends too little gas is refused, so that
    /// nobody can put off a slashing.
    function _trySlash(address operator, uint256 wad) private {
        if (!ALLOCATION_MANAGER.isOperatorSlashable(operator, _operatorSet())) {
            _records[operator].waitingWad = 0;
            emit SlashingTooLate(operator, wad);
            return;
        }
        IAllocationManager.SlashingParams memory params = _slashingOf(operator, wad);
        if (params.strategies.length == 0) {
            _records[operator].waitingWad = 0;
            emit OperatorSlashed(operator, wad, params.strategies, params.wadsToSlash);
            return;
        }
        uint256 gasBefore = gasleft();
        try ALLOCATION_MANAGER.slashOperator(address(SERVICE_MANAGER), params) returns (
            uint256,
            uint256[] memory shares
        ) {
            _records[operator].waitingWad = 0;
            emit OperatorSlashed(operator, wad, params.strategies, shares);
        } catch (bytes memory reason) {
            require(gasleft() > gasBefore / GAS_DIVISOR, InsufficientGas());
            emit SlashingDelayed(operator, wad, reason);
        }
    }

    /// @notice Reverts unless the evidence shows that the operator signed two statements that conflict.
    /// @return degree How grave it is.
    /// @return revoked The table of which both certificates are quorums; zero if there is none.
    function _judgeEquivocation(
        address operator,
        bytes calldata evidence
    ) private view returns (Degree degree, bytes32 revoked) {
        EquivocationEvidence memory shown = abi.decode(evidence, (EquivocationEvidence));
        require(shown.equivocation.conflicts(), NoConflict());
        (bytes32 tableA, bytes32 tableB) = (shown.a.tableId, shown.b.tableId);
        TakenTable memory table = readTable(SERVICE_MANAGER.tableItem(tableA));
        bool isQuorumA = _requireSignedBy(operator, shown.equivocation.a, shown.a, table);
        if (tableB != tableA) table = readTable(SERVICE_MANAGER.tableItem(tableB));
        bool isQuorumB = _requireSignedBy(operator, shown.equivocation.b, shown.b, table);
        if (isQuorumA && isQuorumB) {
            if (tableA == tableB) revoked = tableA;
            // Keys of operators that have nothing at stake any more could make up a quorum of an old table.
            if (_isRecent(tableA) && _isRecent(tableB)) return (Degree.Quorum, revoked);
        }
        return (Degree.Lone, revoked);
    }

    /// @notice Reverts unless one of the statement's signatures is the operator's, and all are their operators'.
    /// @return isQuorum Whether the signers are a quorum of the table.
    function _requireSignedBy(
        address operator,
        Statement memory statement,
        Listing memory listing,
        TakenTable memory table
    ) private view returns (bool isQuorum) {
        (bytes32 tableId, uint256 index) = (listing.tableId, listing.index);
        require(index < table.operators.length, NotListed(tableId, index));
        address key = table.keyAt(index);
        // Whether the key is still registered says nothing of what it signed before.
        (address owner, ) = KEY_REGISTRAR.getOperatorFromSigningKey(_operatorSet(), abi.encodePacked(key));
        require(owner == operator, NotKeyOf(operator, key));
        (uint256 weight, bool signed) = readCertificate(statement.certificate, _digestOf(statement), table, index);
        require(signed, NotSigned(tableId, index));
        return table.isQuorum(weight);
    }

    /// @dev Reverts unless a quorum of the table signed the statement.
    function _requireQuorum(Statement memory statement, bytes32 tableId, TakenTable memory table) private view {
        (uint256 weight, ) = readCertificate(statement.certificate, _digestOf(statement), table, 0);
        require(table.isQuorum(weight), NoQuorum(tableId, weight, table.totalWeight));
    }

    /// @dev Whether the stake behind the table's weights is certainly slashable still (R32).
    function _isRecent(bytes32 tableId) private view returns (bool) {
        return block.number <= SERVICE_MANAGER.tableBlock(tableId) + ALLOCATION_MANAGER.DEALLOCATION_DELAY();
    }

    /// @dev Slashing of the strategies of which the operator has stake to lose.
    function _slashingOf(
        address operator,
        uint256 wad
    ) private view returns (IAllocationManager.SlashingParams memory params) {
        (IStrategy[] memory strategies, ) = SERVICE_MANAGER.strategies();
        uint256[] memory wads = new uint256[](strategies.length);
        OperatorSet memory set = _operatorSet();
        uint256 allocated = 0;
        for (uint256 i = 0; i < strategies.length; ++i) {
            if (ALLOCATION_MANAGER.getAllocation(operator, set, strategies[i]).currentMagnitude == 0) continue;
            strategies[allocated] = strategies[i];
            wads[allocated++] = wad;
        }
        // Shortens both arrays to what was written: allocated <= strategies.length.
        assembly ("memory-safe") {
            mstore(strategies, allocated)
            mstore(wads, allocated)
        }
        params = IAllocationManager.SlashingParams({
            operator: operator,
            operatorSetId: _OPERATOR_SET_ID,
            strategies: strategies,
            wadsToSlash: wads,
            description: "Parley: equivocation"
        });
    }

    function _digestOf(Statement memory statement) private view returns (bytes32) {
        bytes32 root = MerkleProof.processProof(statement.siblings, hashCheckpoint(statement.checkpoint));
        return certificateDigest(CERTIFICATE_DOMAIN, root);
    }

    function _operatorSet() private view returns (OperatorSet memory) {
        return OperatorSet(address(SERVICE_MANAGER), _OPERATOR_SET_ID);
    }
}
