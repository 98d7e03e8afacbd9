// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {ISettlement} from "../../interfaces/ISettlement.sol";
import {ISlasher} from "../../interfaces/ISlasher.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IKeyRegistrar} from "../../interfaces/eigenlayer/IKeyRegistrar.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {certificateDigest, certificateDomain, Checkpoint, hashCheckpoint} from "../../types/Checkpoint.sol";
import {Degree, Kind} from "../../types/Conviction.sol";
import {Statement} from "../../types/Equivocation.sol";
import {EquivocationEvidence, Listing} from "../../types/EquivocationEvidence.sol";
import {FalsehoodEvidence, SettledFacts} from "../../types/FalsehoodEvidence.sol";
import {Level} from "../../types/Level.sol";
import {readTable, TakenTable} from "../../types/TakenTable.sol";

/// @title Judge
/// @notice What evidence shows, and what it costs whom it shows (R24 to R26). Decides; changes nothing.
///
/// EQUIVOCATION: needs nobody's word but the operator's own, twice.
/// FALSEHOOD: the source's own bridge is the witness. So it costs what operators accepted for that source, and nothing once the
/// source is caught contradicting itself.
abstract contract Judge is ISlasher {
    /// @dev What a lone equivocation costs, of 1e18 (R26).
    uint256 private constant LONE_WAD = 0.01e18;

    /// @dev What an equivocation with a quorum costs: everything (R26).
    uint256 private constant QUORUM_WAD = 1e18;

    /// @dev What a fast word that is never settled costs (R26), whatever its source's falsehood may cost: who signs fast words
    /// takes that upon itself, source by source.
    uint256 private constant UNSETTLED_WAD = 0.02e18;

    /// @inheritdoc ISlasher
    IServiceManager public immutable SERVICE_MANAGER = IServiceManager(msg.sender);
    /// @notice The registry of members, and what they settled.
    ISettlement public immutable SETTLEMENT;
    /// @notice EigenLayer's AllocationManager.
    IAllocationManager public immutable ALLOCATION_MANAGER;
    /// @notice EigenLayer's KeyRegistrar.
    IKeyRegistrar public immutable KEY_REGISTRAR;
    /// @inheritdoc ISlasher
    bytes32 public immutable CERTIFICATE_DOMAIN = certificateDomain(block.chainid, msg.sender);
    uint32 internal immutable _OPERATOR_SET_ID;

    constructor(
        ISettlement settlement,
        IAllocationManager allocationManager,
        IKeyRegistrar keyRegistrar,
        uint32 operatorSetId
    ) {
        SETTLEMENT = settlement;
        ALLOCATION_MANAGER = allocationManager;
        KEY_REGISTRAR = keyRegistrar;
        _OPERATOR_SET_ID = operatorSetId;
    }

    /// @notice Reverts unless the evidence shows that the operator signed two statements that conflict.
    /// @return degree How grave it is.
    /// @return wad What it costs, of 1e18.
    /// @return revoked The table of which both certificates are quorums; zero if there is none.
    function _judgeEquivocation(
        address operator,
        bytes calldata evidence
    ) internal view returns (Degree degree, uint256 wad, bytes32 revoked) {
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
            if (_isRecent(tableA) && _isRecent(tableB)) return (Degree.Quorum, QUORUM_WAD, revoked);
        }
        return (Degree.Lone, LONE_WAD, revoked);
    }

    /// @notice Reverts unless the evidence shows that the operator signed what its source settles otherwise: at level final a
    /// falsehood, at level fast a word that is not settled.
    /// @return source Of what it speaks.
    /// @return wad What it costs, of 1e18; not zero.
    function _judgeFalsehood(
        address operator,
        Kind kind,
        bytes calldata evidence
    ) internal view returns (bytes32 source, uint256 wad) {
        FalsehoodEvidence memory shown = abi.decode(evidence, (FalsehoodEvidence));
        Checkpoint memory said = shown.statement.checkpoint;
        source = said.source;
        bool isFinal = kind == Kind.Falsehood;
        require(said.level == (isFinal ? Level.FINAL : Level.FAST), WrongLevel(kind, said.level));
        require(!SETTLEMENT.member(source).isFaulted, SourceFaulted(source));
        wad = isFinal ? SETTLEMENT.falsehoodWad(source, said.reachedBy) : UNSETTLED_WAD;
        require(wad != 0, NothingAccepted(source));
        require(shown.contradicts(_factsOf(said, shown.settledCount)), NoContradiction());
        TakenTable memory table = readTable(SERVICE_MANAGER.tableItem(shown.listing.tableId));
        _requireSignedBy(operator, shown.statement, shown.listing, table);
    }

    /// @dev Reverts unless a quorum of the table signed the statement.
    function _requireQuorum(Statement memory statement, bytes32 tableId, TakenTable memory table) internal view {
        (uint256 weight, ) = table.readSigners(statement.certificate, _digestOf(statement), 0);
        require(table.isQuorum(weight), NoQuorum(tableId, weight, table.totalWeight));
    }

    function _operatorSet() internal view returns (OperatorSet memory) {
        return OperatorSet(address(SERVICE_MANAGER), _OPERATOR_SET_ID);
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
        require(table.lists(index), NotListed(tableId, index));
        // Whether the key is still registered says nothing of what it signed before.
        (address owner, ) = KEY_REGISTRAR.getOperatorFromSigningKey(_operatorSet(), table.signingKeyAt(index));
        require(owner == operator, NotKeyOf(operator, table.keyAt(index)));
        (uint256 weight, bool signed) = table.readSigners(statement.certificate, _digestOf(statement), index);
        require(signed, NotSigned(tableId, index));
        return table.isQuorum(weight);
    }

    /// @dev What the source settled of the statement's lane. Reverts unless it settled a word at `count`.
    function _factsOf(Checkpoint memory said, uint40 count) private view returns (SettledFacts memory facts) {
        (bytes32 source, bytes32 destination) = (said.source, said.destination);
        facts.word = SETTLEMENT.settled(source, destination, count);
        require(!facts.word.isZero(), NotSettled(source, destination, count));
        // A lane's count has 40 bits.
        facts.atClaim = SETTLEMENT.settled(source, destination, uint40(said.laneWord.count()));
        facts.currentTime = SETTLEMENT.currentTime(source, destination, count);
    }

    /// @dev Whether the stake behind the table's weights is certainly slashable still (R32).
    function _isRecent(bytes32 tableId) private view returns (bool) {
        return block.number <= SERVICE_MANAGER.tableBlock(tableId) + ALLOCATION_MANAGER.DEALLOCATION_DELAY();
    }

    function _digestOf(Statement memory statement) private view returns (bytes32) {
        bytes32 root = MerkleProof.processProof(statement.siblings, hashCheckpoint(statement.checkpoint));
        return certificateDigest(CERTIFICATE_DOMAIN, root);
    }
}
