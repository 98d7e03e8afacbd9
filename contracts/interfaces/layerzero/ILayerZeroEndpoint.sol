// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A message to be sent.
/// @param dstEid The destination's endpoint id.
/// @param receiver The receiver there, left-padded to a word.
/// @param message What it says.
/// @param options Options for who executes it.
/// @param payInLzToken Whether the fee is paid in LayerZero's token.
// The order is LayerZero's.
// solhint-disable-next-line gas-struct-packing
struct MessagingParams {
    uint32 dstEid;
    bytes32 receiver;
    bytes message;
    bytes options;
    bool payInLzToken;
}

/// @notice What a message costs.
struct MessagingFee {
    uint256 nativeFee;
    uint256 lzTokenFee;
}

/// @notice What became of sending.
/// @param guid The message's id.
/// @param nonce Its place among those of this sender to this receiver.
/// @param fee What it cost.
struct MessagingReceipt {
    bytes32 guid;
    uint64 nonce;
    MessagingFee fee;
}

/// @notice What applications written for LayerZero V2 call of their endpoint: the part that an `OApp` needs of
/// lz-evm-protocol-v2 3.0.168 (npm: layerzerolabs), contracts/interfaces/ILayerZeroEndpointV2.sol and IMessagingChannel.sol (MIT).
interface ILayerZeroEndpoint {
    /// @notice Sends a message. Open to anyone.
    /// @param params The message.
    /// @param refundAddress Who gets back what was paid too much.
    function send(
        MessagingParams calldata params,
        address refundAddress
    ) external payable returns (MessagingReceipt memory receipt);

    /// @notice Names who may configure the endpoint for the caller.
    function setDelegate(address delegate) external;

    /// @notice What `send` costs.
    function quote(MessagingParams calldata params, address sender) external view returns (MessagingFee memory fee);

    /// @notice How many messages this sender sent to this receiver.
    function outboundNonce(address sender, uint32 dstEid, bytes32 receiver) external view returns (uint64 nonce);

    /// @notice This chain's endpoint id.
    function eid() external view returns (uint32);

    /// @notice LayerZero's token; zero if fees cannot be paid in it.
    function lzToken() external view returns (address);

    /// @notice The token that is native here; zero for the chain's own currency.
    function nativeToken() external view returns (address);
}
