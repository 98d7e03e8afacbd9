// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EcdsaOperatorTableTest} from "./EcdsaOperatorTable.t.sol";

/// @notice Tables that keep their data in storage verify what those do that keep it in code.
contract StoredOperatorTableTest is EcdsaOperatorTableTest {
    function _factory() internal pure override returns (string memory) {
        return "contracts/tables/StoredTableFactory.sol:StoredTableFactory";
    }
}
