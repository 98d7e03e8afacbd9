// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrumOutbox} from "./IArbitrumOutbox.sol";

/// @notice What is used of a Nitro chain's Bridge on its parent chain (`Bridge` of nitro-contracts 3.2.0): it makes the calls
/// that the rollup sent up.
interface IArbitrumBridge {
    /// @notice The Outbox whose call is being made, one of those that the chain's owner allows; zero outside of calls.
    function activeOutbox() external view returns (IArbitrumOutbox);
}
