// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bn254G1, Bn254G2} from "../../interfaces/eigenlayer/Bn254Points.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IKeyRegistrar} from "../../interfaces/eigenlayer/IKeyRegistrar.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {G1Point, G2Point} from "../../types/Bn254.sol";
import {ALLOCATION_MANAGER} from "./EigenLayerAddresses.sol";
import {isPossessed} from "./isPossessed.sol";
import {Permissioned} from "./Permissioned.sol";
import {Signatures} from "./Signatures.sol";

/// @title Stand-in for EigenLayer's KeyRegistrar, for simulated chains
/// @notice Keeps keys of both curves. Leaves out `getKeyHash`.
contract DevnetKeyRegistrar is IKeyRegistrar, Permissioned, Signatures {
    bytes32 private constant BN254_KEY_REGISTRATION_TYPEHASH = keccak256(
        "BN254KeyRegistration(address operator,address avs,uint32 operatorSetId,bytes keyData)"
    );
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
        CurveType curveType = _curve[setKey];
        require(curveType != CurveType.NONE, OperatorSetNotConfigured());
        require(_key[setKey][operator].length == 0, OperatorAlreadyRegistered());
        bytes32 keyHash =
            curveType == CurveType.ECDSA
                ? _checkEcdsaKey(operator, operatorSet, pubkey, signature)
                : _checkBn254Key(operator, operatorSet, pubkey, signature);

        _key[setKey][operator] = pubkey;
        _ownerOfKey[keyHash] = operator;
        emit KeyRegistered(operatorSet, operator, curveType, pubkey);
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
    function getBN254Key(
        OperatorSet calldata operatorSet,
        address operator
    ) external view returns (Bn254G1 memory g1Point, Bn254G2 memory g2Point) {
        bytes32 setKey = operatorSet.key();
        require(_curve[setKey] == CurveType.BN254, InvalidCurveType());
        bytes memory key = _key[setKey][operator];
        if (key.length != 0) return abi.decode(key, (Bn254G1, Bn254G2));
    }

    /// @inheritdoc IKeyRegistrar
    function getOperatorFromSigningKey(
        OperatorSet calldata operatorSet,
        bytes calldata keyData
    ) external view returns (address operator, bool registered) {
        require(_curve[operatorSet.key()] != CurveType.NONE, InvalidCurveType());
        bool isEcdsa = _curve[operatorSet.key()] == CurveType.ECDSA;
        operator = _ownerOfKey[keccak256(isEcdsa ? keyData : keyData[:64])];
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
    function getBN254KeyRegistrationMessageHash(
        address operator,
        OperatorSet calldata operatorSet,
        bytes calldata keyData
    ) public view returns (bytes32) {
        return
            _digest(
                keccak256(
                    abi.encode(
                        BN254_KEY_REGISTRATION_TYPEHASH,
                        operator,
                        operatorSet.avs,
                        operatorSet.id,
                        keccak256(keyData)
                    )
                )
            );
    }

    /// @inheritdoc IKeyRegistrar
    function encodeBN254KeyData(
        Bn254G1 calldata g1Point,
        Bn254G2 calldata g2Point
    ) external pure returns (bytes memory) {
        return abi.encode(g1Point, g2Point);
    }

    /// @inheritdoc IKeyRegistrar
    function allocationManager() external pure returns (address) {
        return ALLOCATION_MANAGER;
    }

    function _checkEcdsaKey(
        address operator,
        OperatorSet calldata operatorSet,
        bytes calldata pubkey,
        bytes calldata signature
    ) private view returns (bytes32 keyHash) {
        require(pubkey.length == 20, InvalidKeyFormat());
        address keyAddress = address(bytes20(pubkey));
        require(keyAddress != address(0), ZeroPubkey());
        keyHash = keccak256(pubkey);
        require(_ownerOfKey[keyHash] == address(0), KeyAlreadyRegistered());
        bytes32 digest = getECDSAKeyRegistrationMessageHash(operator, operatorSet, keyAddress);
        _checkSignature(keyAddress, digest, signature, type(uint256).max);
    }

    function _checkBn254Key(
        address operator,
        OperatorSet calldata operatorSet,
        bytes calldata pubkey,
        bytes calldata signature
    ) private view returns (bytes32 keyHash) {
        require(pubkey.length == 192, InvalidKeyFormat());
        require(signature.length == 64, InvalidSignature());
        keyHash = keccak256(pubkey[:64]);
        (G1Point memory key1, G2Point memory key2) = abi.decode(pubkey, (G1Point, G2Point));
        require(!key1.isIdentity(), ZeroPubkey());
        bytes32 digest = getBN254KeyRegistrationMessageHash(operator, operatorSet, pubkey);
        G1Point memory proof = abi.decode(signature, (G1Point));
        require(isPossessed(key1, key2, digest, proof), InvalidSignature());
        require(_ownerOfKey[keyHash] == address(0), KeyAlreadyRegistered());
    }
}
