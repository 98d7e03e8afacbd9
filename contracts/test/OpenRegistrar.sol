// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAVSRegistrar} from "../interfaces/eigenlayer/IAVSRegistrar.sol";

/// @title An AVS's registrar for tests: records what it is told, and refuses everything once it is closed
contract OpenRegistrar is IAVSRegistrar {
    address public immutable avs;
    bool public closed;

    event OperatorRegistered(address caller, address operator, address avs, uint32[] operatorSetIds, bytes data);
    event OperatorDeregistered(address caller, address operator, address avs, uint32[] operatorSetIds);

    error Closed();

    constructor(address avs_) {
        avs = avs_;
    }

    function close() external {
        closed = true;
    }

    /// @inheritdoc IAVSRegistrar
    function registerOperator(
        address operator,
        address avs_,
        uint32[] calldata operatorSetIds,
        bytes calldata data
    ) external {
        require(!closed, Closed());
        emit OperatorRegistered(msg.sender, operator, avs_, operatorSetIds, data);
    }

    /// @inheritdoc IAVSRegistrar
    function deregisterOperator(address operator, address avs_, uint32[] calldata operatorSetIds) external {
        require(!closed, Closed());
        emit OperatorDeregistered(msg.sender, operator, avs_, operatorSetIds);
    }

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address avs_) external view returns (bool) {
        return avs_ == avs;
    }
}
