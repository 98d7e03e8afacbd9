// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IMailbox} from "../interfaces/hyperlane/IMailbox.sol";
import {IMessageRecipient, ISpecifiesInterchainSecurityModule} from "../interfaces/hyperlane/IMessageRecipient.sol";
import {PeerAdapter} from "./PeerAdapter.sol";

/// @title Hyperlane adapter
/// @notice A mailbox for applications written for Hyperlane: what they `dispatch` passes over the Gateway, and arrives at `handle`. An
/// application takes it at construction for its mailbox, and is not changed.
///
/// WHAT IS NOT HERE: hooks (one that is not zero is refused), security modules (what verifies is the Gateway, on the word of the operators
/// of its table; a recipient that names a module of its own is not called until it names none), fees, native value, and what a
/// mailbox says to hooks and modules (`delivered`, `latestDispatchedId`, `process`, …).
contract HyperlaneAdapter is IMailbox, PeerAdapter {
    /// @dev Hyperlane's standard metadata: `variant 2 ‖ msg.value 32 ‖ gas limit 32 ‖ …`.
    uint16 private constant METADATA_VARIANT = 1;

    /// @notice No hook but the default one, zero, can be had.
    error HookRefused(address hook);

    /// @notice The metadata is not of Hyperlane's standard form, or asks for native value.
    error MetadataRefused(bytes metadata);

    /// @notice The recipient wants its messages verified by a module of its own, which nobody would ask.
    error OwnModule(address recipient, address module);

    /// @param gateway The Gateway of this chain.
    /// @param routes The chains and their domains, this one among them; the same on every chain.
    constructor(address gateway, Route[] memory routes) PeerAdapter(gateway, routes) {}

    /// @inheritdoc IMailbox
    function dispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody
    ) external payable returns (bytes32 messageId) {
        return _send(destinationDomain, recipientAddress, messageBody, 0);
    }

    /// @inheritdoc IMailbox
    function dispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody,
        bytes calldata defaultHookMetadata
    ) external payable returns (bytes32 messageId) {
        return _send(destinationDomain, recipientAddress, messageBody, _gasLimit(defaultHookMetadata));
    }

    /// @inheritdoc IMailbox
    function dispatch(
        uint32 destinationDomain,
        bytes32 recipientAddress,
        bytes calldata messageBody,
        bytes calldata customHookMetadata,
        address customHook
    ) external payable returns (bytes32 messageId) {
        if (customHook != address(0)) revert HookRefused(customHook);
        return _send(destinationDomain, recipientAddress, messageBody, _gasLimit(customHookMetadata));
    }

    /// @inheritdoc IMailbox
    function quoteDispatch(uint32 destinationDomain, bytes32, bytes calldata) external view returns (uint256 fee) {
        _chainOf(destinationDomain);
        return 0;
    }

    /// @inheritdoc IMailbox
    function quoteDispatch(
        uint32 destinationDomain,
        bytes32,
        bytes calldata,
        bytes calldata
    ) external view returns (uint256 fee) {
        _chainOf(destinationDomain);
        return 0;
    }

    /// @inheritdoc IMailbox
    function quoteDispatch(
        uint32 destinationDomain,
        bytes32,
        bytes calldata,
        bytes calldata,
        address
    ) external view returns (uint256 fee) {
        _chainOf(destinationDomain);
        return 0;
    }

    /// @inheritdoc IMailbox
    function localDomain() external view returns (uint32) {
        return LOCAL_DOMAIN;
    }

    function _deliver(
        uint32 origin,
        bytes32,
        bytes32 sender,
        address recipient,
        bytes calldata content
    ) internal override {
        address module = _moduleOf(recipient);
        if (module != address(0)) revert OwnModule(recipient, module);
        IMessageRecipient(recipient).handle(origin, sender, content);
    }

    /// @dev The module that a recipient names; zero if it names none, as one that does not know the question.
    function _moduleOf(address recipient) private view returns (address module) {
        bytes4 selector = ISpecifiesInterchainSecurityModule.interchainSecurityModule.selector;
        // A word of what is returned is all that is read, into scratch space, and counts only if it is whole.
        assembly ("memory-safe") {
            mstore(0x00, selector)
            let success := staticcall(gas(), recipient, 0x00, 0x04, 0x00, 0x20)
            if and(success, gt(returndatasize(), 31)) {
                module := shr(96, shl(96, mload(0x00)))
            }
        }
    }

    /// @dev The gas limit that metadata names; 0 if none.
    function _gasLimit(bytes calldata metadata) private pure returns (uint256 gasLimit) {
        if (metadata.length == 0) return 0;
        if (metadata.length < 66 || uint16(bytes2(metadata)) != METADATA_VARIANT || bytes32(metadata[2:34]) != 0)
            revert MetadataRefused(metadata);
        return uint256(bytes32(metadata[34:66]));
    }
}
