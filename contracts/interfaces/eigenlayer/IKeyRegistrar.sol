// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bn254G1, Bn254G2} from "./Bn254Points.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {ISignatures} from "./ISignatures.sol";
import {OperatorSet} from "./OperatorSet.sol";

/// @title EigenLayer's KeyRegistrar, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Which key an operator signs with in an operator set. A key is unique over all operators and sets, for ever: it cannot come
/// back, not even to its owner.
interface IKeyRegistrar is IPermissioned, ISignatures {
    /// @notice The curve of an operator set's keys.
    enum CurveType {
        NONE,
        ECDSA,
        BN254
    }

    /// @notice `operatorSet` has its curve.
    event OperatorSetConfigured(OperatorSet operatorSet, CurveType curveType);

    /// @notice `operator` signs in `operatorSet` with `pubkey`.
    event KeyRegistered(OperatorSet operatorSet, address indexed operator, CurveType curveType, bytes pubkey);

    /// @notice `operator` has no key in `operatorSet` any more.
    event KeyDeregistered(OperatorSet operatorSet, address indexed operator, CurveType curveType);

    /// @notice Some operator has, or had, this key.
    error KeyAlreadyRegistered();

    /// @notice The operator has a key in this set.
    error OperatorAlreadyRegistered();

    /// @notice The key is not of the curve's form (ECDSA: 20 bytes, the address; BN254: 192 bytes, as `encodeBN254KeyData` answers).
    error InvalidKeyFormat();

    /// @notice The key is zero.
    error ZeroPubkey();

    /// @notice The curve is none, or not the one that the function is for.
    error InvalidCurveType();

    /// @notice The set has its curve; it never changes.
    error ConfigurationAlreadySet();

    /// @notice The set has no curve yet.
    error OperatorSetNotConfigured();

    /// @notice The operator has no key in this set.
    error KeyNotFound(OperatorSet operatorSet, address operator);

    /// @notice The operator may still be slashed in this set, so its key stays.
    error OperatorStillSlashable(OperatorSet operatorSet, address operator);

    /// @notice Gives an operator set its curve, once; the AVS may call, or whom it permits. The set need not exist.
    /// Reverts with InvalidPermissions, InvalidCurveType or ConfigurationAlreadySet.
    function configureOperatorSet(OperatorSet calldata operatorSet, CurveType curveType) external;

    /// @notice Registers the key an operator signs with in a set; the operator may call, or whom it permits. It need not be a member.
    /// Reverts with InvalidPermissions, OperatorSetNotConfigured, OperatorAlreadyRegistered, InvalidKeyFormat, ZeroPubkey,
    /// KeyAlreadyRegistered or InvalidSignature; of a BN254 key or signature that is none of the curve's, without a reason and with all
    /// gas.
    /// @param operator Whose key it is.
    /// @param operatorSet Where it signs.
    /// @param pubkey ECDSA: the 20 bytes of the key's address. BN254: 192 bytes, the key in G1 and in G2.
    /// @param signature The key's signature over `getECDSAKeyRegistrationMessageHash`; or, 64 bytes, a point of G1, over
    /// `getBN254KeyRegistrationMessageHash`: for that the digest modulo the field's prime is an abscissa, or the next above it that is one.
    function registerKey(
        address operator,
        OperatorSet calldata operatorSet,
        bytes calldata pubkey,
        bytes calldata signature
    ) external;

    /// @notice Removes an operator's key from a set, once it can no longer be slashed there; the operator may call, or whom it permits.
    /// Reverts with InvalidPermissions, OperatorStillSlashable, OperatorSetNotConfigured or KeyNotFound.
    function deregisterKey(address operator, OperatorSet calldata operatorSet) external;

    /// @notice Whether `operator` has a key in `operatorSet` now.
    function isRegistered(OperatorSet calldata operatorSet, address operator) external view returns (bool);

    /// @notice The curve of the set's keys.
    function getOperatorSetCurveType(OperatorSet calldata operatorSet) external view returns (CurveType);

    /// @notice The operator's key: 20 bytes, or none. Reverts with InvalidCurveType unless the set's curve is ECDSA.
    function getECDSAKey(OperatorSet calldata operatorSet, address operator) external view returns (bytes memory);

    /// @notice The operator's key as an address; zero if it has none, and zero is what a failed `ecrecover` returns: refuse it.
    /// Reverts with InvalidCurveType unless the set's curve is ECDSA.
    function getECDSAAddress(OperatorSet calldata operatorSet, address operator) external view returns (address);

    /// @notice The operator's key; zeros, the identity, if it has none: refuse them. Reverts with InvalidCurveType unless the set's curve
    /// is BN254.
    function getBN254Key(
        OperatorSet calldata operatorSet,
        address operator
    ) external view returns (Bn254G1 memory g1Point, Bn254G2 memory g2Point);

    /// @notice Whose key it is or was. Reverts with InvalidCurveType if the set has no curve.
    /// @param operatorSet The set that says the curve, and to which `registered` refers.
    /// @param keyData ECDSA: the 20 bytes of the key's address. BN254: its 64 bytes in G1.
    /// @return operator The operator that registered the key, in whatever set; it stays so after deregistration. Zero if nobody.
    /// @return registered Whether that operator has a key in `operatorSet` now. Not for attributing evidence.
    function getOperatorFromSigningKey(
        OperatorSet calldata operatorSet,
        bytes calldata keyData
    ) external view returns (address operator, bool registered);

    /// @notice Whether the key of this hash (Keccak-256, ECDSA: of the 20 bytes, BN254: of the 64 in G1) is taken, for ever.
    function isKeyGloballyRegistered(bytes32 keyHash) external view returns (bool);

    /// @notice What a key signs to be registered (EIP-712, ISignatures): `ECDSAKeyRegistration(address operator,address avs,uint32
    /// operatorSetId,address keyAddress)`.
    function getECDSAKeyRegistrationMessageHash(
        address operator,
        OperatorSet calldata operatorSet,
        address keyAddress
    ) external view returns (bytes32);

    /// @notice What a BN254 key signs to be registered (EIP-712, ISignatures): `BN254KeyRegistration(address operator,address avs,uint32
    /// operatorSetId,bytes keyData)`.
    function getBN254KeyRegistrationMessageHash(
        address operator,
        OperatorSet calldata operatorSet,
        bytes calldata keyData
    ) external view returns (bytes32);

    /// @notice EigenLayer's AllocationManager.
    function allocationManager() external view returns (address);

    /// @notice A BN254 key's 192 bytes: its coordinates one after the other.
    function encodeBN254KeyData(
        Bn254G1 calldata g1Point,
        Bn254G2 calldata g2Point
    ) external pure returns (bytes memory);
}
