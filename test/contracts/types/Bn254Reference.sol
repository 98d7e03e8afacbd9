// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BN254_P, BN254_R, G1Point} from "../../../contracts/types/Bn254.sol";
import {check} from "../../invariants/support/Vm.sol";

/// @notice BN254 as a signer has it, by precompiles alone: the reference that tests compare contracts with. Its secrets are 1 to 15, since
/// multiples in G2 are made by no precompile.
library Bn254Reference {
    /// @dev The generator of G2, twice that, and so on up to fifteen times, 128 bytes each (EIP-197).
    bytes internal constant MULTIPLES_IN_G2 =
        hex"198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        hex"1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        hex"090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
        hex"12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
        hex"203e205db4f19b37b60121b83a7333706db86431c6d835849957ed8c3928ad79"
        hex"27dc7234fd11d3e8c36c59277c3e6f149d5cd3cfa9a62aee49f8130962b4b3b9"
        hex"195e8aa5b7827463722b8c153931579d3505566b4edf48d498e185f0509de152"
        hex"04bb53b8977e5f92a0bc372742c4830944a59b4fe6b1c0466e2a6dad122b5d2e"
        hex"1014772f57bb9742735191cd5dcfe4ebbc04156b6878a0a7c9824f32ffb66e85"
        hex"06064e784db10e9051e52826e192715e8d7e478cb09a5e0012defa0694fbc7f5"
        hex"021e2335f3354bb7922ffcc2f38d3323dd9453ac49b55441452aeaca147711b2"
        hex"058e1d5681b5b9e0074b0f9c8d2c68a069b920d74521e79765036d57666c5597"
        hex"290668479e567ad5a2485a93f976d784206f66f690a18c3f5a6d85c29571236f"
        hex"29dddbf86f6a2f47c38063a850ccc442131570e5084c45fd7709b4ddb436e22c"
        hex"1e74a4bf519c267a5b16431b2413b00402d4d3b670c9414b8efff5bee661a8f6"
        hex"299f0af7f72b3a93ca7c3cc32443c83b05d041bd14276e5adca2546728bc37f7"
        hex"0a09ccf561b55fd99d1c1208dee1162457b57ac5af3759d50671e510e428b2a1"
        hex"2e539c423b302d13f4e5773c603948eaf5db5df8ae8a9a9113708390a06410d8"
        hex"19b763513924a736e4eebd0d78c91c1bc1d657fee4214057d21414011cfcc763"
        hex"2f8d9f9ab83727c77a2fec063cb7b6e5eb23044ccf535ad49d46d394fb6f6bf6"
        hex"1b4b60273ae700a7e2ffc04e19e316074a5977c8da56b75675927e2eee23772e"
        hex"1687f985433b446b85eb6d0a574fc152f681c032d27e6207569faca9c8329b96"
        hex"1e7cf2fd8b4bc0d81e4719f009a5ecb7d925c970bc57889f3627d86629dc31d8"
        hex"24fb6baf4cf6d7ca7eaa668cda36d088502b3587667b6eb8f2b874622575e586"
        hex"2903ba015a9abde26a5d081e84551e63be0fd4516e46ee6d593edeba46362455"
        hex"224bdc5d4327fcf8ed702e01de1c2f1657a253ba75e32a89c390142aaa28b308"
        hex"03c8b7cda6b2dedb7aeeaf5fda464ad17036bea1c4e6f7adbaed1ebe0335e0d8"
        hex"1d92fff52a265017eeccb372e37d7a7bd431800eca28dfd82e21e8054114233f"
        hex"03589520df85791604b5a2b720a21139aabdb41949d47779484b0db588bfa699"
        hex"18afc7fd8df1c902383c213b6d989f0066b7eca1388be49721792278984d9a29"
        hex"2cc25982f4a3b75f57f8f3e966d75e6da8c51776bf0828c7ce3f10171793cd2a"
        hex"17623e9e90176bcdf8454daa96008240b12709ca5d79de805744cfd137609bec"
        hex"0aa8c85149afecea43310a4e7b5aae63d4162e5d41a4df5beac827f1b7bd6783"
        hex"1d2b63f76dc59458a1083d2df1bc35fa0ff26cc6094a6e9b7f76b30cfc894735"
        hex"0ce3e7af512369fabdf64a761e0e451369b2935abcf25ccd15d897516a02476f"
        hex"286b2c52de77f01d4baebbcef1f35e94c038ae3c93c850304186792c8df69c9c"
        hex"0566eed2b6bb584ca75fbe0ca9ffc98eb586c25812617df7e01a2b6d8270f0bf"
        hex"20101834550a7d15aa7a685d3f0095b689822cb568dfc9690e0cc58e9826d8fb"
        hex"0a66c012d8ebf11c9a9fc4ccfeeab0ace62b1c1fa744f6c6173f1994e9241db7"
        hex"19ea09d089c848b2dee00082395883e0b405de1da65d4b4aeebd50c84e47349d"
        hex"228b515a17f28b89920873207477f8c7fc05582debaf3184febf1cfdedc5ce88"
        hex"12bb1156a9f6b360fcb2614e15d8a3ff07f2c699dc69ca830b20d2df91fe9cd3"
        hex"2b15dc62a5c9e36597914ddbbfde48806a8eabe45c8d3cccf9578ad08e058f92"
        hex"02a4fd764f52470e2fcfff325fb9692f55d6b8b077eefeaa04e07152b4d1fa94"
        hex"0486687755ad3e809546dbb3d53487dfada5d1130460685d9fa008b0854738c5"
        hex"099ece5fa385a639dff850e44c21126247b71082b0d94ced9990c4f783e78fc5"
        hex"1fa69c987c6371ff51704116523cbd21059e40d295eb0f4e2702ab556c5eff3e"
        hex"00b6884e5d02665b86897c3c692d952ccc56cb84bc137759311bb2c2c86690cf"
        hex"009edaf0698a8c56f51139588acc094cee3c37d427bb6d2eab830aae529097d1"
        hex"23ad66f3a7cca9dc75049635faebd124316244b91de5fb2764cd151572a905f7"
        hex"2700e8a29b7bb45f3022a18a07bdc66d0254559e17cce64e3b4ad21578fcf410"
        hex"1ad4f87d3b4375a39988ac099b042b1e7c0c715678e4c2bea8905f607cf950f8"
        hex"2338fa808b805bff0213886f5632496481608c8e8eb83904af0abe720f2f11ac"
        hex"0c8464318b31911447c39fdf6ab73ed72cc13033b426e66b223b13e28c2bbf3c"
        hex"2fb13d9d7724cd6fd6fdaf4b661ae7b8da56d7794327958ca5d1dd2feab13f74"
        hex"08f9a8699b6ec1d342a131f47b9615a5182dbd8e6b06e0d894d3cd2a7d2b02bf"
        hex"01ace10298838161fdd3a6bb5dd157a808c19d4dac316bb5c001f68ee586f30b"
        hex"13f6762080e4a32b0d11bf75b55989e08b3be57060b4bd2148e9be49fc1ca587"
        hex"0bc83eb241f95b562bfabecd0c21f1b335bdfb10d49ade6efa26ccef5dd4b570"
        hex"0051d866c133978bdaf7b2ea418164cc0c60477b9364bf9acae265a87e861daf";

    /// @notice The multiple of a point.
    function times(G1Point memory point, uint256 scalar) internal view returns (G1Point memory) {
        (bool success, bytes memory answer) = address(7).staticcall(abi.encode(point, scalar % BN254_R));
        check(success, "no point");
        return abi.decode(answer, (G1Point));
    }

    /// @notice What a digest stands for, and its roots: each by an exponentiation, and whether it is one by squaring it.
    function hashed(bytes32 digest) internal view returns (G1Point memory point, uint256[] memory roots) {
        uint256[] memory found = new uint256[](32);
        for (uint256 i = 0; i < 32; ++i) {
            uint256 x = uint256(keccak256(abi.encodePacked("parley.bn254.g1.v1", digest, uint8(i)))) % BN254_P;
            uint256 square = addmod(mulmod(mulmod(x, x, BN254_P), x, BN254_P), 3, BN254_P);
            (bool isSquare, uint256 root) = evenRoot(square);
            if (!isSquare) (, root) = evenRoot(BN254_P - square);
            found[i] = root;
            if (!isSquare) continue;
            roots = new uint256[](i + 1);
            for (uint256 j = 0; j <= i; ++j) roots[j] = found[j];
            return (G1Point(x, root), roots);
        }
        check(false, "no point");
    }

    /// @notice The even square root, if there is one: the modulus is 3 modulo 4 (EIP-198).
    function evenRoot(uint256 square) internal view returns (bool isSquare, uint256 root) {
        (bool success, bytes memory answer) = address(5).staticcall(
            abi.encode(32, 32, 32, square, (BN254_P + 1) / 4, BN254_P)
        );
        check(success, "no power");
        root = abi.decode(answer, (uint256));
        isSquare = mulmod(root, root, BN254_P) == square;
        if (root % 2 == 1) root = BN254_P - root;
    }

    /// @notice The key in G2 of a secret from 1 to 15, 128 bytes.
    function keyInG2(uint256 secret) internal pure returns (bytes memory key) {
        bytes memory multiples = MULTIPLES_IN_G2;
        key = new bytes(128);
        for (uint256 i = 0; i < 128; ++i) key[i] = multiples[128 * (secret - 1) + i];
    }
}
