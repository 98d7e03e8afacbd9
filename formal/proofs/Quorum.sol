// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {requireQuorum} from "../../contracts/tables/requireQuorum.sol";
import {MIN_QUORUM_BPS} from "../../contracts/types/Table.sol";

/// @notice R17: what reaches a quorum is more than two thirds, whatever quorum a caller names.
contract QuorumIsTwoThirds {
    function prove(uint104 signed, uint96 floor, uint104 total, uint16 quorumBps) external pure {
        requireQuorum(signed, uint256(floor) * 2 ** 160 + total, quorumBps);
        assert(uint256(signed) * 3 > uint256(total) * 2);
    }
}

/// @notice R17: the quorum is exceeded, not met; rounded against the signers, and without overflow.
contract QuorumIsExceeded {
    function prove(uint104 signed, uint96 floor, uint104 total, uint16 quorumBps) external pure {
        requireQuorum(signed, uint256(floor) * 2 ** 160 + total, quorumBps);
        assert(uint256(signed) * 10_000 > uint256(total) * quorumBps);
    }
}

/// @notice R17: no quorum of a table that weighs less than its floor.
contract QuorumNeedsTheFloor {
    function prove(uint104 signed, uint96 floor, uint104 total, uint16 quorumBps) external pure {
        requireQuorum(signed, uint256(floor) * 2 ** 160 + total, quorumBps);
        assert(total >= floor);
    }
}

/// @notice R17: nobody's signatures are no quorum, of an empty table neither.
contract NobodyIsNoQuorum {
    function prove(uint96 floor, uint104 total, uint16 quorumBps) external pure {
        requireQuorum(0, uint256(floor) * 2 ** 160 + total, quorumBps);
        assert(false);
    }
}

/// @notice R22: two quorums of one table have more than a third of its weight in common.
contract QuorumsOverlap {
    function prove(uint104 a, uint104 b, uint104 common, uint96 floor, uint104 total) external pure {
        require(common <= a && common <= b && uint256(a) + b - common <= total);
        requireQuorum(a, uint256(floor) * 2 ** 160 + total, MIN_QUORUM_BPS);
        requireQuorum(b, uint256(floor) * 2 ** 160 + total, MIN_QUORUM_BPS);
        assert(uint256(common) * 3 > total);
    }
}

/// @notice R24, R26: what the Slasher takes for a quorum is one for the table too.
contract JudgeTakesNoLess {
    struct Table {
        uint256 totalWeight;
    }

    function isQuorum(Table memory self, uint256 weight) internal pure returns (bool) {
        // quotes contracts/types/TakenTable.sol: weight * 10_000 > self.totalWeight * MIN_QUORUM_BPS
        return weight * 10_000 > self.totalWeight * MIN_QUORUM_BPS;
    }

    function prove(uint104 weight, uint104 total) external pure {
        require(isQuorum(Table(total), weight));
        assert(uint256(weight) * 3 > uint256(total) * 2);
    }
}
