// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title A recipient for tests that fails until it is mended
contract Flaky is IERC7786Recipient {
    bool public mended;
    uint256 public received;

    error Broken();

    function setMended(bool mended_) external {
        mended = mended_;
    }

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        require(mended, Broken());
        ++received;
        return IERC7786Recipient.receiveMessage.selector;
    }
}
