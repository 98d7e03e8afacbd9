// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title A recipient that repeats the calldata of every call in an event, and says that it has received a message
contract CallRecorder {
    event Called(bytes data);

    fallback(bytes calldata data) external returns (bytes memory) {
        emit Called(data);
        return abi.encode(IERC7786Recipient.receiveMessage.selector);
    }
}
