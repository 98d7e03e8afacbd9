// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";

/// @notice Deploys given bytes as the code of a new account: the cheapest place for data that is written once and read
/// often.
library CodeData {
    /// @dev Init code that returns everything behind its own 11 bytes:
    /// PUSH1 11, MSIZE (0), DUP2, CODESIZE, SUB, DUP1, SWAP3, MSIZE, CODECOPY, RETURN.
    bytes11 private constant INIT_CODE = 0x600b5981380380925939f3;

    /// @notice The account could not be created: gas is short, or the data is longer than a contract may be (EIP-170).
    error DeploymentFailed();

    /// @notice Deploys an account whose code is `data`; without an own check of its first byte, so who must not be called
    /// has to begin with STOP.
    function deploy(bytes memory data) internal returns (address account) {
        bytes memory initCode = abi.encodePacked(INIT_CODE, data);
        assembly ("memory-safe") {
            account := create(0, add(initCode, 32), mload(initCode))
        }
        if (account == address(0)) revert DeploymentFailed();
    }

    /// @notice The code of `account` from `offset` on.
    function read(address account, uint256 offset) internal view returns (bytes memory data) {
        bytes memory code = account.code;
        return Bytes.slice(code, offset);
    }
}
