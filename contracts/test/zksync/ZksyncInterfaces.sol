// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IBridgehub as Bridgehub,
    L2TransactionRequestDirect
} from "@matterlabs/zksync-contracts/contracts/l1-contracts/bridgehub/IBridgehub.sol";
import {L2Message} from "@matterlabs/zksync-contracts/contracts/l1-contracts/common/Messaging.sol";
import {IL1Messenger as L1Messenger} from "@matterlabs/zksync-contracts/contracts/system-contracts/interfaces/IL1Messenger.sol";
import {IBridgehub} from "../../interfaces/zksync/IBridgehub.sol";
import {IL1Messenger} from "../../interfaces/zksync/IL1Messenger.sol";
import {BridgehubStandIn} from "./BridgehubStandIn.sol";

/// @notice The package's own interfaces beside ours and the stand-in's: the compiler says what a function takes and is called.
contract ZksyncInterfaces {
    /// @notice Selectors of the functions that a bridge calls: the package's, ours, and the stand-in's.
    function selectors() external pure returns (bytes4[3][] memory all) {
        all = new bytes4[3][](5);
        all[0] = [
            Bridgehub.requestL2TransactionDirect.selector,
            IBridgehub.requestL2TransactionDirect.selector,
            BridgehubStandIn.requestL2TransactionDirect.selector
        ];
        all[1] = [
            Bridgehub.proveL2MessageInclusion.selector,
            IBridgehub.proveL2MessageInclusion.selector,
            BridgehubStandIn.proveL2MessageInclusion.selector
        ];
        all[2] = [
            Bridgehub.l2TransactionBaseCost.selector,
            IBridgehub.l2TransactionBaseCost.selector,
            BridgehubStandIn.l2TransactionBaseCost.selector
        ];
        all[3] = [Bridgehub.baseToken.selector, IBridgehub.baseToken.selector, BridgehubStandIn.baseToken.selector];
        all[4] = [L1Messenger.sendToL1.selector, IL1Messenger.sendToL1.selector, L1Messenger.sendToL1.selector];
    }

    /// @notice Our structs, read as the package's: what comes back is the same if their fields are in the same order.
    function asPackage(
        IBridgehub.L2TransactionRequestDirect calldata request,
        IBridgehub.L2Message calldata message
    ) external pure returns (L2TransactionRequestDirect memory, L2Message memory) {
        return (
            abi.decode(abi.encode(request), (L2TransactionRequestDirect)),
            abi.decode(abi.encode(message), (L2Message))
        );
    }
}
