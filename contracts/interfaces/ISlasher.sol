// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Degree, Kind} from "../types/Conviction.sol";
import {IServiceManager} from "./IServiceManager.sol";
import {IStrategy} from "./eigenlayer/IStrategy.sol";

/// @notice Convicts operators by evidence that nobody has to be believed for, and has EigenLayer slash them. It has no owner.
/// What is slashed burns; who reports is paid from the convicted operator's bond (`IServiceManager.bondOf`).
interface ISlasher {
    /// @notice An operator is convicted.
    /// @param operator Who.
    /// @param kind Of what.
    /// @param scope Zero for an equivocation, which an operator is convicted of once in each degree, whatever the source; else the
    /// source, of which it is convicted again only if that costs more than what it was charged before.
    /// @param degree How gravely.
    /// @param wad Part of its slashable stake that it loses, of 1e18.
    /// @param reporter Who showed it.
    event OperatorConvicted(
        address indexed operator,
        Kind indexed kind,
        bytes32 indexed scope,
        Degree degree,
        uint256 wad,
        address reporter
    );

    /// @notice An operator, and every key it ever had or will have, is barred from all later tables for ever.
    event OperatorTombstoned(address indexed operator);

    /// @notice EigenLayer slashed an operator.
    /// @param operator Who.
    /// @param wad Part of its slashable stake, of 1e18.
    /// @param strategies Those of which it had stake to lose; none if there was nothing left.
    /// @param shares What it lost of each.
    event OperatorSlashed(address indexed operator, uint256 wad, IStrategy[] strategies, uint256[] shares);

    /// @notice EigenLayer would not slash now (its slashing may be paused): `slash` tries again.
    event SlashingDelayed(address indexed operator, uint256 wad, bytes reason);

    /// @notice The operator has left, and its time of being slashable is over: nothing of its stake can be had.
    event SlashingTooLate(address indexed operator, uint256 wad);

    /// @notice A falsehood is a final statement's, an unsettled word a fast one's.
    error WrongLevel(Kind kind, uint8 level);

    /// @notice The source settled words that contradict each other: what it settles proves nothing about operators (R28).
    error SourceFaulted(bytes32 source);

    /// @notice No stake answers for falsehoods about this source (R27).
    error NothingAccepted(bytes32 source);

    /// @notice No word is settled at this count of the lane.
    error NotSettled(bytes32 source, bytes32 destination, uint256 count);

    /// @notice What is settled does not contradict the statement.
    error NoContradiction();

    /// @notice The operator is convicted of this in this degree, or in a higher one.
    error AlreadyConvicted(address operator, Degree degree);

    /// @notice The statements do not conflict.
    error NoConflict();

    /// @notice The table has no operator at this position.
    error NotListed(bytes32 tableId, uint256 index);

    /// @notice The key is, or was, another operator's. A BN254 key is named by its key id.
    error NotKeyOf(address operator, address key);

    /// @notice The certificate has no signature of the table's operator at this position, or (BN254) says that it is absent.
    error NotSigned(bytes32 tableId, uint256 index);

    /// @notice A certificate is of no quorum of the table.
    error NoQuorum(bytes32 tableId, uint256 weight, uint256 totalWeight);

    /// @notice Too little gas was sent for EigenLayer to slash.
    error InsufficientGas();

    /// @notice No slashing of this operator waits.
    error NothingToSlash(address operator);

    /// @notice Convicts an operator, on behalf of anyone.
    ///
    /// Effects: the operator is tombstoned and loses its seat, its bond in part (lone) or whole (quorum), of which the caller gets
    /// half, and `wad` of its slashable stake; on a quorum's equivocation under one table, that table is revoked. Where EigenLayer
    /// does not slash now, all but that is done, and `slash` does the rest. An operator that can no longer be slashed is tombstoned
    /// and loses its bond.
    ///
    /// Requirements for `Equivocation`: `evidence` is an ABI-encoded `EquivocationEvidence` (docs/PROTOCOL.md) that shows a higher
    /// degree than the operator is convicted of already. It is a quorum's if each certificate is of a quorum of its table, and
    /// neither table was taken more than DEALLOCATION_DELAY blocks ago; else a lone one.
    ///
    /// Requirements for `Falsehood` and `Unsettled`: `evidence` is an ABI-encoded `FalsehoodEvidence`; its statement is final,
    /// or fast; its source is not faulted. A falsehood costs the source's `falsehoodWad`, which is not zero, an unsettled word
    /// 0.02, less what the operator was charged for this about the source already (`chargedWad`): that must be less. Whether a
    /// quorum signed it makes no difference, and no table is revoked by it: the witness is the source's own bridge.
    ///
    /// Reverts with `NoConflict`, `WrongLevel`, `SourceFaulted`, `NothingAccepted`, `NotSettled`, `NoContradiction`, `NotListed`,
    /// `NotKeyOf`, `NotSigned`, `AlreadyConvicted`, `InsufficientGas`, `UnknownTable`, `MalformedCertificate`, `InvalidSignature`;
    /// BN254: `WrongRoot`, `InvalidAggregate`.
    /// @param operator EigenLayer's operator.
    /// @param kind What it is convicted of.
    /// @param evidence What shows it.
    function convict(address operator, Kind kind, bytes calldata evidence) external;

    /// @notice Revokes a table of which two quorums signed statements that conflict, on behalf of anyone, whoever of them is
    /// convicted. Does nothing to a table that is revoked.
    /// Reverts with `NoConflict`, `NoQuorum`, `UnknownTable`, `MalformedCertificate`, `InvalidSignature`; BN254: `WrongRoot`,
    /// `InvalidAggregate`.
    /// @param tableId The table.
    /// @param evidence An ABI-encoded `Equivocation`, as for a Gateway's `revokeTable`.
    function revokeTable(bytes32 tableId, bytes calldata evidence) external;

    /// @notice Has EigenLayer do the slashing that it did not do when the operator was convicted. Open to anyone.
    /// Reverts with `NothingToSlash`, or as EigenLayer does.
    function slash(address operator) external;

    /// @notice Whether an operator was ever convicted.
    function isTombstoned(address operator) external view returns (bool);

    /// @notice The highest degree of an operator's convictions of a kind.
    /// @param operator Who.
    /// @param kind Of what.
    /// @param scope Zero for an equivocation, else the source.
    function degreeOf(address operator, Kind kind, bytes32 scope) external view returns (Degree);

    /// @notice What falsehoods, or unsettled words, about a source have cost an operator in all, of 1e18: another conviction of
    /// them charges what its own wad is above that.
    function chargedWad(address operator, Kind kind, bytes32 source) external view returns (uint256 wad);

    /// @notice Part of the operator's slashable stake that waits for `slash`, of 1e18.
    function waitingWad(address operator) external view returns (uint256);

    /// @notice What operators sign under: EIP-712 domain (Parley, L1's chain id, the ServiceManager).
    function CERTIFICATE_DOMAIN() external view returns (bytes32);

    /// @notice Whose operators it convicts.
    function SERVICE_MANAGER() external view returns (IServiceManager);
}
