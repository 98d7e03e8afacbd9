// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands where an application written for another messaging protocol expects that protocol's entry point, and passes its
/// messages over a Gateway. What both adapters have in common.
interface IPeerAdapter {
    /// @notice A chain, and the number by which the peer's applications know it: Hyperlane's domain, LayerZero's endpoint id.
    struct Route {
        uint256 chainId;
        uint32 domain;
    }

    /// @notice A route names a chain id or domain of zero, or one that an earlier route names.
    error InvalidRoute(uint256 chainId, uint32 domain);

    /// @notice No route names this chain.
    error UnknownChain(uint256 chainId);

    /// @notice No route names this domain.
    error UnknownDomain(uint32 domain);

    /// @notice The word is not an address other than zero, left-padded.
    error NotAnAddress(bytes32 word);

    /// @notice Parley passes no native value, and takes no fee.
    error ValueRefused(uint256 value);

    /// @notice The ERC-7786 gateway over which messages pass.
    function GATEWAY() external view returns (address);

    /// @notice The domain of a chain; 0 if no route names it.
    function domainOf(uint256 chainId) external view returns (uint32 domain);

    /// @notice The chain id of a domain; 0 if no route names it.
    function chainOf(uint32 domain) external view returns (uint256 chainId);
}
