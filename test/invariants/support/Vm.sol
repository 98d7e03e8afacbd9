// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheat codes that these tests use.
interface IVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 privateKey) external pure returns (address);

    function assume(bool condition) external pure;

    /// @dev Lasts for one call of a test or handler; time lasts for a whole run.
    function chainId(uint256 chainId_) external;

    function deal(address account, uint256 balance) external;

    function etch(address account, bytes calldata code) external;

    function expectRevert(bytes calldata revertData) external;

    function expectRevert(bytes4 selector) external;

    /// @dev Of what `hardhat build` made: the very code that is deployed elsewhere.
    function getCode(string calldata artifact) external view returns (bytes memory initCode);

    /// @dev Those since the last call; from then on, or since `recordLogs`.
    function getRecordedLogs() external returns (Log[] memory logs);

    function load(address account, bytes32 slot) external view returns (bytes32);

    function prank(address sender) external;

    function recordLogs() external;

    /// @dev All storage, of the caller too, and all code; not what is in memory.
    function revertToState(uint256 snapshotId) external returns (bool success);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function snapshotState() external returns (uint256 snapshotId);

    function store(address account, bytes32 slot, bytes32 value) external;

    function warp(uint256 time) external;
}

IVm constant vm = IVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

/// @notice What a test expected is not so.
error Failed(string what);

/// @notice Fails the test unless `holds`.
function check(bool holds, string memory what) pure {
    require(holds, Failed(what));
}

/// @notice Deploys init code.
function create(bytes memory initCode) returns (address account) {
    assembly ("memory-safe") {
        account := create(0, add(initCode, 32), mload(initCode))
    }
    check(account != address(0), "not deployed");
}
