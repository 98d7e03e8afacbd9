// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {IPeerAdapter} from "../interfaces/IPeerAdapter.sol";
import {formatEvmAddress, parseEvmAddress} from "../types/EvmAddress.sol";
import {GAS_LIMIT} from "../types/Options.sol";

/// @title Peer adapter
/// @notice What the adapters for applications of other protocols have in common. One adapter serves every application on its chain.
///
/// WHO SPEAKS: an adapter believes its Gateway alone, and of what that brings only what its counterpart sent, the adapter at this same
/// address on a chain that it has a route for. An adapter sends in the name of its caller alone. So the sender that a recipient is told
/// is who called the counterpart, as with the peer's own contracts, and the recipient's own checks mean what they meant.
/// ONE ADDRESS: deploy it by CREATE2 with the same arguments on every chain. Then at its address on any other chain that makes
/// addresses alike there is this code or nothing. Where the address is another one (ZK Stack), there is no way through.
/// NO POWER: routes are fixed at construction, nobody owns it, it holds nothing. It may have routes to chains yet to come.
/// ONCE: the Gateway delivers each message once, and one that fails stays deliverable; the adapter keeps no books of its own.
abstract contract PeerAdapter is IPeerAdapter, ERC7786Recipient {
    /// @dev Payload: `sender 20 ‖ recipient 20 ‖ what the peer's adapter makes of it`.
    uint256 private constant HEADER_LENGTH = 40;

    /// @dev Gas that the adapter itself needs to deliver, beside the recipient's call and the 64th that a call leaves behind.
    uint256 private constant DELIVERY_GAS = 60_000;

    /// @inheritdoc IPeerAdapter
    address public immutable GATEWAY;

    /// @dev This chain's domain.
    uint32 internal immutable LOCAL_DOMAIN;

    /// @inheritdoc IPeerAdapter
    mapping(uint256 chainId => uint32 domain) public domainOf;

    /// @inheritdoc IPeerAdapter
    mapping(uint32 domain => uint256 chainId) public chainOf;

    constructor(address gateway, Route[] memory routes) {
        GATEWAY = gateway;
        for (uint256 i = 0; i < routes.length; ++i) {
            (uint256 chainId, uint32 domain) = (routes[i].chainId, routes[i].domain);
            if (chainId == 0 || domain == 0 || domainOf[chainId] != 0 || chainOf[domain] != 0)
                revert InvalidRoute(chainId, domain);
            domainOf[chainId] = domain;
            chainOf[domain] = chainId;
        }
        uint32 local = domainOf[block.chainid];
        if (local == 0) revert UnknownChain(block.chainid);
        LOCAL_DOMAIN = local;
    }

    /// @notice Sends in the caller's name.
    /// @param domain The destination's domain.
    /// @param recipient The recipient there, left-padded to a word.
    /// @param content What comes behind the header.
    /// @param gasLimit Gas that the recipient is to get at least; 0 for the Gateway's default.
    /// @return sendId The message's id.
    function _send(
        uint32 domain,
        bytes32 recipient,
        bytes memory content,
        uint256 gasLimit
    ) internal returns (bytes32 sendId) {
        if (msg.value != 0) revert ValueRefused(msg.value);
        if (recipient == 0 || bytes12(recipient) != 0) revert NotAnAddress(recipient);
        bytes[] memory attributes = new bytes[](gasLimit == 0 ? 0 : 1);
        // Refused by the Gateway if it is too much.
        if (gasLimit != 0) attributes[0] = abi.encodeWithSelector(GAS_LIMIT, gasLimit + gasLimit / 63 + DELIVERY_GAS);
        return
            IERC7786GatewaySource(GATEWAY).sendMessage(
                formatEvmAddress(_chainOf(domain), address(this)),
                bytes.concat(bytes20(msg.sender), bytes20(uint160(uint256(recipient))), content),
                attributes
            );
    }

    /// @notice Calls the recipient in the peer's way. Reverts if it fails, so that the message stays deliverable.
    /// @param origin The source's domain.
    /// @param id The message's id.
    /// @param sender Who called the counterpart, left-padded to a word.
    /// @param recipient Whom to call; may be anything.
    /// @param content What came behind the header.
    function _deliver(
        uint32 origin,
        bytes32 id,
        bytes32 sender,
        address recipient,
        bytes calldata content
    ) internal virtual;

    function _processMessage(
        address,
        bytes32 receiveId,
        bytes calldata sender,
        bytes calldata payload
    ) internal override {
        if (msg.value != 0) revert ValueRefused(msg.value);
        (uint256 chainId, ) = parseEvmAddress(sender);
        uint32 origin = domainOf[chainId];
        if (origin == 0) revert UnknownChain(chainId);
        _deliver(
            origin,
            receiveId,
            bytes32(uint256(uint160(bytes20(payload)))),
            address(bytes20(payload[20:HEADER_LENGTH])),
            payload[HEADER_LENGTH:]
        );
    }

    function _isAuthorizedGateway(address gateway, bytes calldata sender) internal view override returns (bool) {
        if (gateway != GATEWAY) return false;
        (, address account) = parseEvmAddress(sender);
        return account == address(this);
    }

    /// @dev The chain of a domain. Reverts with `UnknownDomain`.
    function _chainOf(uint32 domain) internal view returns (uint256 chainId) {
        chainId = chainOf[domain];
        if (chainId == 0) revert UnknownDomain(domain);
    }
}
