// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Level} from "../../contracts/types/Level.sol";
import {Lane} from "../../contracts/types/Lane.sol";
import {Options} from "../../contracts/types/Options.sol";
import {SourceStatus} from "../../contracts/types/Table.sol";

/// @notice R18: a table verifies nothing from its expiry on, which is the trailer's second field.
contract ExpiredVerifiesNothing {
    function prove(uint64 snapshot, uint64 until, uint128 rest) external view {
        uint256 info = uint256(snapshot) * 2 ** 192 + uint256(until) * 2 ** 128 + rest;
        // quotes contracts/tables/EcdsaOperatorTable.sol: uint256 expiry = uint64(info >> 128);
        uint256 expiry = uint64(info >> 128);
        // quotes contracts/tables/EcdsaOperatorTable.sol: if (block.timestamp >= expiry) revert
        if (block.timestamp >= expiry) revert();
        assert(block.timestamp < until);
    }
}

/// @notice R20: a certificate counts only before its source's time is over.
contract UncertifiableIsRefused {
    function prove(uint64 time, uint8 flags) external view {
        SourceStatus status = SourceStatus.wrap(uint256(time) * 256 + flags);
        // quotes contracts/inbox/Certificates.sol: uint256 until = status.certifiableUntil();
        uint256 until = status.certifiableUntil();
        // quotes contracts/inbox/Certificates.sol: if (block.timestamp >= until) revert
        if (block.timestamp >= until) revert();
        assert(block.timestamp < time);
    }
}

/// @notice R28: no certificate counts about a source that is at fault.
contract FaultedIsRefused {
    function prove(uint64 time, uint8 flags) external pure {
        SourceStatus status = SourceStatus.wrap(uint256(time) * 256 + flags);
        // quotes contracts/inbox/Certificates.sol: if (status.isFaulted()) revert
        if (status.isFaulted()) revert();
        assert(flags % 2 == 0);
    }
}

/// @notice Invariant 7: a table that is adopted is newer than every one before.
contract TablesMoveForward {
    struct InForce {
        uint40 snapshot;
    }

    InForce private _inForce;

    function prove(uint64 snapshot) external {
        require(snapshot <= type(uint40).max);
        uint256 before = _inForce.snapshot;
        // quotes contracts/inbox/Arrivals.sol: if (snapshot <= _inForce.snapshot)
        if (snapshot <= _inForce.snapshot) return;
        // quotes contracts/inbox/Arrivals.sol: _inForce.snapshot = uint40(snapshot);
        _inForce.snapshot = uint40(snapshot);
        assert(_inForce.snapshot > before);
    }
}

/// @notice Invariant 7: a revocation never takes a newer table with it, nor lets an older one back in.
contract RevocationsMoveForward {
    struct InForce {
        address table;
        uint40 snapshot;
    }

    InForce private _inForce;

    function prove(uint40 snapshot) external {
        uint256 newest = _inForce.snapshot;
        // quotes contracts/inbox/Arrivals.sol: snapshot < newest || (snapshot == newest && address(_inForce.table) == address(0))
        if (snapshot < newest || (snapshot == newest && address(_inForce.table) == address(0))) return;
        // quotes contracts/inbox/Words.sol: _inForce.snapshot = snapshot;
        _inForce.snapshot = snapshot;
        assert(_inForce.snapshot >= newest);
    }
}

/// @notice R18: a statement is at most an hour ahead.
contract AtMostAnHourAhead {
    // quotes contracts/inbox/Certificates.sol: uint256 private constant MAX_AHEAD = 1 hours;
    uint256 private constant MAX_AHEAD = 1 hours;

    function prove(uint64 reachedBy) external view {
        require(block.timestamp <= type(uint64).max);
        unchecked {
            // quotes contracts/inbox/Certificates.sol: if (reachedBy > block.timestamp + MAX_AHEAD) revert
            if (reachedBy > block.timestamp + MAX_AHEAD) revert();
        }
        assert(reachedBy <= block.timestamp + 3_600);
    }
}

/// @notice R21: a final word gives way to one of a higher count alone.
contract FinalOnlyRises {
    function prove(Lane before, Lane word, uint8 level) external pure {
        require(level == Level.FINAL);
        // quotes contracts/inbox/Words.sol: if (level == Level.FINAL && word.count() <= before.count()) return;
        if (level == Level.FINAL && word.count() <= before.count()) return;
        assert(word.count() > before.count());
    }
}

/// @notice R7, R10, R12: a message's options give back what its sender asked for.
contract OptionsAreTwoFields {
    function prove(uint56 gas, uint8 level) external pure {
        Options options = Options.wrap(uint64(uint256(level) * 2 ** 56 + gas));
        assert(options.minFinality() == level && options.gasLimit() == gas);
    }
}
