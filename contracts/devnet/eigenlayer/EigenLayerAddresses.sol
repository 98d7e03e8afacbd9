// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// EigenLayer's proxies on Ethereum mainnet (chain id 1), where the stand-in's code is placed on a simulated chain. Only the contracts
// that have a stand-in: left out are EigenPodManager and the multichain contracts.

address constant DELEGATION_MANAGER = 0x39053D51B77DC0d36036Fc1fCc8Cb819df8Ef37A;
address constant STRATEGY_MANAGER = 0x858646372CC42E1A627fcE94aa7A7033e7CF075A;
address constant ALLOCATION_MANAGER = 0x948a420b8CC1d6BFd0B6087C2E7c344a2CD0bc39;
address constant PERMISSION_CONTROLLER = 0x25E5F8B1E7aDf44518d35D5B2271f114e081f0E5;
address constant STRATEGY_FACTORY = 0x5e4C39Ad7A3E881585e383dB9827EB4811f6F647;
address constant KEY_REGISTRAR = 0x54f4bC6bDEbe479173a2bbDc31dD7178408A57A4;
address constant REWARDS_COORDINATOR = 0x7750d328b314EfFa365A0402CcfD489B80B0adda;
address constant PAUSER_REGISTRY = 0xB8765ed72235d279c3Fb53936E4606db0Ef12806;

// Where EigenLayer sends what an operator set slashed that does not redistribute.
address constant DEFAULT_BURN_ADDRESS = 0x00000000000000000000000000000000000E16E4;

// Who may pause EigenLayer, and who may end that: the multisigs of its PauserRegistry on mainnet.
address constant PAUSER = 0x5050389572f2d220ad927CcbeA0D406831012390;
address constant UNPAUSER = 0x369e6F597e22EaB55fFb173C6d9cD234BD699111;
