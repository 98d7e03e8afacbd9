// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @notice What a governor governs: it takes note of each decision, of its owner's alone, and not while it is closed.
contract Charter is Ownable {
    mapping(uint256 decision => uint256) public timesEnacted;
    uint256 public enacted;
    bool public isClosed;

    error CharterIsClosed();

    constructor(address owner) Ownable(owner) {}

    function setClosed(bool closed) external {
        isClosed = closed;
    }

    function enact(uint256 decision) external onlyOwner {
        require(!isClosed, CharterIsClosed());
        ++timesEnacted[decision];
        ++enacted;
    }
}
