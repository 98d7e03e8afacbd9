// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {Bn254G1} from "../../interfaces/eigenlayer/Bn254Points.sol";
import {G1Point} from "../../types/Bn254.sol";
import {Scheme} from "../../types/Scheme.sol";
import {ServiceManagerConfig} from "../ServiceManagerConfig.sol";
import {Bonds} from "./Bonds.sol";

/// @title Operator keys
/// @notice What each operator in the set signs with, in the one scheme that all have.
///
/// SEAT: an operator's key, noted when it joins. EigenLayer keeps a member's key as it is, so the note stays true; it goes when
/// the operator leaves or is convicted, and a convicted operator never gets another.
/// POSSESSION: EigenLayer's KeyRegistrar takes no key whose secret its operator does not prove to know, and none twice. Without
/// that, who registers a key made up of the others' could sign for all of them.
abstract contract OperatorKeys is Bonds {
    /// @inheritdoc IServiceManager
    uint8 public immutable SCHEME;

    /// @inheritdoc IServiceManager
    mapping(address operator => address key) public keyOf;

    /// @dev BN254: the key itself, a point of the curve; zeros where `keyOf` is zero.
    mapping(address operator => G1Point key) internal _pointOf;

    constructor(ServiceManagerConfig memory config) {
        require(config.scheme == Scheme.ECDSA || config.scheme == Scheme.BN254, InvalidConfiguration());
        SCHEME = config.scheme;
    }

    /// @dev Notes the key that EigenLayer has of an operator. It has zeros of an operator without one.
    function _seat(address operator) internal returns (address key) {
        if (SCHEME == Scheme.ECDSA) {
            key = KEY_REGISTRAR.getECDSAAddress(_operatorSet(), operator);
            require(key != address(0), MissingKey(operator));
        } else {
            (Bn254G1 memory registered, ) = KEY_REGISTRAR.getBN254Key(_operatorSet(), operator);
            G1Point memory point = G1Point(registered.X, registered.Y);
            require(point.isPoint(), MissingKey(operator));
            _pointOf[operator] = point;
            key = point.keyId();
        }
        keyOf[operator] = key;
    }

    /// @dev Forgets an operator's key.
    function _unseat(address operator) internal {
        delete keyOf[operator];
        if (SCHEME == Scheme.BN254) delete _pointOf[operator];
    }
}
