// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {ISlasher} from "../interfaces/ISlasher.sol";
import {IAllocationManager} from "../interfaces/eigenlayer/IAllocationManager.sol";
import {IKeyRegistrar} from "../interfaces/eigenlayer/IKeyRegistrar.sol";
import {IStrategy} from "../interfaces/eigenlayer/IStrategy.sol";
import {OperatorSet} from "../interfaces/eigenlayer/OperatorSet.sol";
import {Degree, Kind} from "../types/Conviction.sol";
import {Equivocation} from "../types/Equivocation.sol";
import {readTable, TakenTable} from "../types/TakenTable.sol";
import {Judge} from "./slasher/Judge.sol";

/// @title Slasher
/// @notice Convicts operators that signed what cannot be true, or what its source settles otherwise. What evidence shows is for
/// the `Judge` to say.
///
/// EVIDENCE: signatures, hashes and settled words, nothing else. Who signed R23's way can be shown in no equivocation, and who
/// signed what its source settles in no falsehood: whoever calls, in whatever order.
/// ONCE: an operator is slashed once for each degree of an equivocation, and for each source of a falsehood no more in all than
/// its dearest one costs, so that one fault of its machine, repeated a thousand times, is not a thousand faults; a graver
/// conviction follows all the same, and a cheap one is no shield against a dear one.
/// LIVENESS: a conviction stands even while EigenLayer does not slash, and even for an operator that has left.
/// REENTRANCY: everything is written before EigenLayer is called; nobody is paid here (`IServiceManager.withdrawBounty`).
contract Slasher is Judge {
    /// @dev The state of one operator: whether it was ever convicted, and the slashing that EigenLayer has not done yet.
    struct Record {
        bool isTombstoned;
        uint64 waitingWad;
    }

    uint256 private constant WAD = 1e18;

    /// @dev Part of its gas that a call to EigenLayer at least leaves unless gas was short: of what is sent along, it could use
    /// all, and a call gets all but a 64th; even three such calls in each other then leave less than a 16th.
    uint256 private constant GAS_DIVISOR = 4;

    mapping(address operator => Record) private _records;

    /// @inheritdoc ISlasher
    mapping(address operator => mapping(Kind kind => mapping(bytes32 scope => Degree))) public degreeOf;

    /// @inheritdoc ISlasher
    mapping(address operator => mapping(Kind kind => mapping(bytes32 source => uint256 wad))) public chargedWad;

    /// @dev Made by the ServiceManager, which it serves.
    /// @param settlement The registry of members.
    /// @param allocationManager EigenLayer's AllocationManager.
    /// @param keyRegistrar EigenLayer's KeyRegistrar.
    /// @param operatorSetId EigenLayer's number for Parley's operator set.
    constructor(
        ISettlement settlement,
        IAllocationManager allocationManager,
        IKeyRegistrar keyRegistrar,
        uint32 operatorSetId
    ) Judge(settlement, allocationManager, keyRegistrar, operatorSetId) {}

    /// @inheritdoc ISlasher
    function convict(address operator, Kind kind, bytes calldata evidence) external {
        if (kind == Kind.Equivocation) {
            (Degree degree, uint256 wad, bytes32 revoked) = _judgeEquivocation(operator, evidence);
            Degree before = degreeOf[operator][kind][0];
            require(degree > before, AlreadyConvicted(operator, before));
            _convict(operator, kind, 0, degree, wad);
            if (revoked != 0) SERVICE_MANAGER.onRevoked(revoked);
        } else {
            (bytes32 source, uint256 wad) = _judgeFalsehood(operator, kind, evidence);
            uint256 charged = chargedWad[operator][kind][source];
            require(wad > charged, AlreadyConvicted(operator, Degree.Lone));
            chargedWad[operator][kind][source] = wad;
            // What is left to charge, of what is left to lose: no wad is above 1e18.
            _convict(operator, kind, source, Degree.Lone, ((wad - charged) * WAD) / (WAD - charged));
        }
        _trySlash(operator, _records[operator].waitingWad);
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

    /// @dev Writes a conviction down, with what it costs beside what waits already.
    function _convict(address operator, Kind kind, bytes32 scope, Degree degree, uint256 wad) private {
        degreeOf[operator][kind][scope] = degree;

        Record storage record = _records[operator];
        if (!record.isTombstoned) emit OperatorTombstoned(operator);
        record.isTombstoned = true;
        emit OperatorConvicted(operator, kind, scope, degree, wad, msg.sender);
        SERVICE_MANAGER.onConvicted(operator, msg.sender, degree == Degree.Quorum);

        // What waits and what comes, one after the other: parts of what is left each time. At most 1e18: fits 64 bits.
        uint256 waiting = record.waitingWad;
        record.waitingWad = uint64(waiting + wad - (waiting * wad) / WAD);
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
            description: "Parley: conviction"
        });
    }
}
