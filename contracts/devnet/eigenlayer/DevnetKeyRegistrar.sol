// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IKeyRegistrar} from "../../interfaces/eigenlayer/IKeyRegistrar.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {ALLOCATION_MANAGER} from "./EigenLayerAddresses.sol";
import {Permissioned} from "./Permissioned.sol";
import {Signatures} from "./Signatures.sol";

/// @title Stand-in for EigenLayer's KeyRegistrar, for simulated chains
/// @notice Keeps ECDSA keys. Leaves out BN254: a set cannot be configured for it here (the real contract allows it), and the getters
/// and proofs of such keys are absent.
contract DevnetKeyRegistrar is IKeyRegistrar, Permissioned, Signatures {
    /// @notice The real KeyRegistrar knows BN254; this stand-in does not.
    error CurveLeftOutOfStandIn(CurveType curveType);

    bytes32 private constant ECDSA_KEY_REGISTRATION_TYPEHASH = keccak256(
        "ECDSAKeyRegistration(address operator,address avs,uint32 operatorSetId,address keyAddress)"
    );

    mapping(bytes32 setKey => CurveType curve) private _curve;
    mapping(bytes32 setKey => mapping(address operator => bytes publicKey)) private _key;
    mapping(bytes32 keyHash => address operator) private _ownerOfKey;

    /// @inheritdoc IKeyRegistrar
    function configureOperatorSet(
        OperatorSet calldata operatorSet,
        CurveType curveType
    ) external onlyFor(operatorSet.avs) {
        require(curveType != CurveType.NONE, InvalidCurveType());
        require(curveType == CurveType.ECDSA, CurveLeftOutOfStandIn(curveType));
        bytes32 setKey = operatorSet.key();
        require(_curve[setKey] == CurveType.NONE, ConfigurationAlreadySet());
        _curve[setKey] = curveType;
        emit OperatorSetConfigured(operatorSet, curveType);
    }

    /// @inheritdoc IKeyRegistrar
    function registerKey(
        address operator,
        OperatorSet calldata operatorSet,
        bytes calldata pubkey,
        bytes calldata signature
    ) external onlyFor(operator) {
        bytes32 setKey = operatorSet.key();
        require(_curve[setKey] != CurveType.NONE, OperatorSetNotConfigured());
        require(_key[setKey][operator].length == 0, OperatorAlreadyRegistered());
        require(pubkey.length == 20, InvalidKeyFormat());
        address keyAddress = address(bytes20(pubkey));
        require(keyAddress != address(0), ZeroPubkey());
        bytes32 keyHash = keccak256(pubkey);
        require(_ownerOfKey[keyHash] == address(0), KeyAlreadyRegistered());
        bytes32 digest = getECDSAKeyRegistrationMessageHash(operator, operatorSet, keyAddress);
        _checkSignature(keyAddress, digest, signature, type(uint256).max);

        _key[setKey][operator] = pubkey;
        _ownerOfKey[keyHash] = operator;
        emit KeyRegistered(operatorSet, operator, CurveType.ECDSA, pubkey);
    }

    /// @inheritdoc IKeyRegistrar
    function deregisterKey(address operator, OperatorSet calldata operatorSet) external onlyFor(operator) {
        require(
            !IAllocationManager(ALLOCATION_MANAGER).isOperatorSlashable(operator, operatorSet),
            OperatorStillSlashable(operatorSet, operator)
        );
        bytes32 setKey = operatorSet.key();
        CurveType curveType = _curve[setKey];
        require(curveType != CurveType.NONE, OperatorSetNotConfigured());
        require(_key[setKey][operator].length != 0, KeyNotFound(operatorSet, operator));
        delete _key[setKey][operator];
        emit KeyDeregistered(operatorSet, operator, curveType);
    }

    /// @inheritdoc IKeyRegistrar
    function isRegistered(OperatorSet calldata operatorSet, address operator) public view returns (bool) {
        return _key[operatorSet.key()][operator].length != 0;
    }

    /// @inheritdoc IKeyRegistrar
    function getOperatorSetCurveType(OperatorSet calldata operatorSet) external view returns (CurveType) {
        return _curve[operatorSet.key()];
    }

    /// @inheritdoc IKeyRegistrar
    function getECDSAKey(OperatorSet calldata operatorSet, address operator) public view returns (bytes memory) {
        bytes32 setKey = operatorSet.key();
        require(_curve[setKey] == CurveType.ECDSA, InvalidCurveType());
        return _key[setKey][operator];
    }

    /// @inheritdoc IKeyRegistrar
    function getECDSAAddress(OperatorSet calldata operatorSet, address operator) external view returns (address) {
        return address(bytes20(getECDSAKey(operatorSet, operator)));
    }

    /// @inheritdoc IKeyRegistrar
    function getOperatorFromSigningKey(
        OperatorSet calldata operatorSet,
        bytes calldata keyData
    ) external view returns (address operator, bool registered) {
        require(_curve[operatorSet.key()] != CurveType.NONE, InvalidCurveType());
        operator = _ownerOfKey[keccak256(keyData)];
        registered = isRegistered(operatorSet, operator);
    }

    /// @inheritdoc IKeyRegistrar
    function isKeyGloballyRegistered(bytes32 keyHash) external view returns (bool) {
        return _ownerOfKey[keyHash] != address(0);
    }

    /// @inheritdoc IKeyRegistrar
    function getECDSAKeyRegistrationMessageHash(
        address operator,
        OperatorSet calldata operatorSet,
        address keyAddress
    ) public view returns (bytes32) {
        return
            _digest(
                keccak256(
                    abi.encode(ECDSA_KEY_REGISTRATION_TYPEHASH, operator, operatorSet.avs, operatorSet.id, keyAddress)
                )
            );
    }

    /// @inheritdoc IKeyRegistrar
    function allocationManager() external pure returns (address) {
        return ALLOCATION_MANAGER;
    }
}
