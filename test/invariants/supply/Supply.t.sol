// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Application} from "../support/apps/Application.sol";
import {SupplyInvariants} from "../support/apps/SupplyInvariants.sol";
import {Governance} from "./Governance.sol";
import {LockedToken} from "./LockedToken.sol";
import {MintedToken} from "./MintedToken.sol";
import {MultiToken} from "./MultiToken.sol";
import {Nft} from "./Nft.sol";

// One campaign for each application. They are in one file because what they have in common is compiled once then.

contract LockedTokenCampaign is LockedToken {}

contract LockedTokenInvariants is SupplyInvariants {
    function _start() internal override returns (Application) {
        return new LockedTokenCampaign();
    }
}

contract MintedTokenCampaign is MintedToken {}

contract MintedTokenInvariants is SupplyInvariants {
    function _start() internal override returns (Application) {
        return new MintedTokenCampaign();
    }
}

contract NftCampaign is Nft {}

contract NftInvariants is SupplyInvariants {
    function _start() internal override returns (Application) {
        return new NftCampaign();
    }
}

contract MultiTokenCampaign is MultiToken {}

contract MultiTokenInvariants is SupplyInvariants {
    function _start() internal override returns (Application) {
        return new MultiTokenCampaign();
    }
}

contract GovernanceCampaign is Governance {}

contract GovernanceInvariants is SupplyInvariants {
    function _start() internal override returns (Application) {
        return new GovernanceCampaign();
    }
}
