// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a message comes from. As in lz-evm-protocol-v2 3.0.168 (npm: layerzerolabs),
/// contracts/interfaces/ILayerZeroEndpointV2.sol (MIT).
/// @param srcEid The source's endpoint id.
/// @param sender The sender there, left-padded to a word.
/// @param nonce The message's place among those of this sender to this receiver; the first is 1.
// The order is LayerZero's.
// solhint-disable-next-line gas-struct-packing
struct Origin {
    uint32 srcEid;
    bytes32 sender;
    uint64 nonce;
}

/// @notice What a receiver written for LayerZero V2 implements. As in lz-evm-protocol-v2 3.0.168 (npm: layerzerolabs),
/// contracts/interfaces/ILayerZeroReceiver.sol (MIT).
interface ILayerZeroReceiver {
    /// @notice Takes a message; the endpoint alone may call.
    /// @param origin Where it comes from.
    /// @param guid Its id.
    /// @param message What it says.
    /// @param executor Who executes it.
    /// @param extraData What the executor adds.
    function lzReceive(
        Origin calldata origin,
        bytes32 guid,
        bytes calldata message,
        address executor,
        bytes calldata extraData
    ) external payable;

    /// @notice Whether the receiver takes messages of this sender.
    function allowInitializePath(Origin calldata origin) external view returns (bool);

    /// @notice The nonce that must come next; 0 if the receiver takes them in any order.
    function nextNonce(uint32 eid, bytes32 sender) external view returns (uint64);
}
