// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What an AVS offers to EigenLayer's AllocationManager (EigenLayer v1.9 and later)
/// @notice The AllocationManager calls it when an operator enters or leaves an operator set. An implementation must refuse every
/// other caller.
interface IAVSRegistrar {
    /// @notice An operator enters operator sets; called after the AllocationManager has written the membership.
    /// A revert keeps the operator out.
    /// @param operator Who enters.
    /// @param avs The AVS whose sets they are.
    /// @param operatorSetIds The sets.
    /// @param data What the operator gave along, of whatever form the AVS asks for.
    function registerOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds,
        bytes calldata data
    ) external;

    /// @notice An operator leaves operator sets; called after the AllocationManager has removed it.
    /// A revert keeps the operator in.
    /// @param operator Who leaves.
    /// @param avs The AVS whose sets they are.
    /// @param operatorSetIds The sets.
    function deregisterOperator(address operator, address avs, uint32[] calldata operatorSetIds) external;

    /// @notice Whether this registrar speaks for `avs`; asked once, by `setAVSRegistrar`.
    function supportsAVS(address avs) external view returns (bool);
}
