// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStrategy} from "./IStrategy.sol";

/// @title EigenLayer's AllocationManager where it differs before v1.9, as far as Parley meets it
/// @notice Operator sets have no slasher of their own: whoever the PermissionController lets call `slashOperator` for the AVS may
/// slash. Later versions keep this function, with the AVS as the slasher.
interface IAllocationManagerV18 {
    /// @notice A new operator set.
    /// @param operatorSetId The AVS's number for it.
    /// @param strategies The strategies whose stake it may slash.
    struct CreateSetParams {
        uint32 operatorSetId;
        IStrategy[] strategies;
    }

    /// @notice Makes operator sets whose slashed stake burns; for the AVS.
    function createOperatorSets(address avs, CreateSetParams[] calldata params) external;
}
