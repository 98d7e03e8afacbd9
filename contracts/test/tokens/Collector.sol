// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";

/// @notice What a collector does with ERC-1155 tokens that come.
enum Mood {
    Takes,
    Refuses,
    Burns,
    SendsBack
}

/// @notice Receives ERC-1155 tokens: takes them, refuses them, burns all gas, or sends them on to another chain at once.
contract Collector is IERC1155Receiver, ERC165 {
    Mood public mood;
    address public bridge;
    bytes public next;

    error Refused();
    error NotSent();

    /// @param bridge_ By which tokens are sent on.
    /// @param next_ To whom: an ERC-7930 address.
    function setMood(Mood mood_, address bridge_, bytes calldata next_) external {
        mood = mood_;
        bridge = bridge_;
        next = next_;
    }

    function onERC1155Received(address, address, uint256 id, uint256 value, bytes calldata) external returns (bytes4) {
        uint256[] memory ids = new uint256[](1);
        uint256[] memory values = new uint256[](1);
        (ids[0], values[0]) = (id, value);
        _receive(ids, values);
        return this.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(
        address,
        address,
        uint256[] calldata ids,
        uint256[] calldata values,
        bytes calldata
    ) external returns (bytes4) {
        _receive(ids, values);
        return this.onERC1155BatchReceived.selector;
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IERC1155Receiver).interfaceId || super.supportsInterface(interfaceId);
    }

    function _receive(uint256[] memory ids, uint256[] memory values) private {
        if (mood == Mood.Refuses) revert Refused();
        if (mood == Mood.Burns) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (mood != Mood.SendsBack) return;
        (bool success, ) = bridge.call(
            abi.encodeWithSignature(
                "crosschainTransferFrom(address,bytes,uint256[],uint256[])",
                address(this),
                next,
                ids,
                values
            )
        );
        require(success, NotSent());
    }
}
