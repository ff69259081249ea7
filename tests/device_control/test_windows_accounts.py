"""Whose program it is, and whose pipe: the calls and their order. On played functions; not run on Windows."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from madoguchi.device_control.windows_serving import ADMINISTRATORS, Peer, security
from tests.support.played_windows import failed, module_on

COUNTER, PIPE, TOKEN, THREAD = "S-1-5-21-1-2-3-1001", 104, 77, -2
TOKEN_QUERY, TOKEN_USER, KERNEL_OBJECT, OWNER, USER, GROUP = 8, 1, 6, 1, 1, 2


class PlayedAccounts:
    """What `advapi32` and `kernel32` are asked. A SID is a text in memory here; its address is handed about.

    Attributes:
        calls: what was called, but for SIDs made into texts.
        fails: the function that fails.
        held: what Windows gave memory for, and has not got back.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails = ""
        self.is_administrator = False
        self.error_of_owner = 0
        self.accounts = {"counter": (COUNTER, USER), "staff": ("S-1-5-21-1-2-3-513", GROUP)}
        self.held: set[int] = set()
        self._kept: list[Any] = []

    def functions(self) -> dict[str, Callable[..., int]]:
        return {
            name: self._called(name, getattr(self, name))
            for name in (
                "ConvertStringSecurityDescriptorToSecurityDescriptorW",
                "ConvertSidToStringSidW",
                "ConvertStringSidToSidW",
                "LookupAccountNameW",
                "GetSecurityInfo",
                "ImpersonateNamedPipeClient",
                "RevertToSelf",
                "OpenThreadToken",
                "GetTokenInformation",
                "CheckTokenMembership",
                "GetCurrentThread",
                "CloseHandle",
                "LocalFree",
            )
        }

    def _called(self, name: str, does: Callable[..., int]) -> Callable[..., int]:
        def call(*arguments: Any) -> int:
            if name not in ("ConvertSidToStringSidW", "LocalFree", "GetCurrentThread"):
                self.calls.append(name)
            return 0 if self.fails == name else does(*arguments)

        return call

    def _sid(self, text: str, *, held: bool = False) -> int:
        made = ctypes.create_string_buffer(text.encode())
        self._kept.append(made)
        if held:
            self.held.add(ctypes.addressof(made))
        return ctypes.addressof(made)

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(
        self, text: str, revision: int, made: Any, size: None
    ) -> int:
        assert revision == 1
        made._obj.value = self._sid(text, held=True)
        return 1

    def ConvertSidToStringSidW(self, sid: Any, text: Any) -> int:
        text._obj.value = ctypes.string_at(sid.value).decode()
        self.held.add(ctypes.cast(text._obj, ctypes.c_void_p).value or 0)
        return 1

    def ConvertStringSidToSidW(self, text: str, sid: Any) -> int:
        sid._obj.value = self._sid(text, held=True)
        return 1

    def LookupAccountNameW(
        self, system: None, name: str, sid: Any, size: Any, domain: Any, domain_size: Any, use: Any
    ) -> int:
        if name not in self.accounts:
            return 0
        text, use._obj.value = self.accounts[name]
        assert size._obj.value == len(sid) >= len(text)
        sid.value = text.encode()
        return 1

    def GetSecurityInfo(self, handle: int, kind: int, what: int, owner: Any, *rest: Any) -> int:
        assert (handle, kind, what, rest[:3]) == (PIPE, KERNEL_OBJECT, OWNER, (None, None, None))
        if self.error_of_owner == 0:
            owner._obj.value = self._sid(COUNTER)
            rest[3]._obj.value = self._sid("descriptor", held=True)
        return self.error_of_owner

    def ImpersonateNamedPipeClient(self, pipe: int) -> int:
        assert pipe == PIPE
        return 1

    def RevertToSelf(self) -> int:
        return 1

    def OpenThreadToken(self, thread: int, access: int, as_self: bool, token: Any) -> int:
        assert (thread, access, as_self) == (THREAD, TOKEN_QUERY, True)
        token._obj.value = TOKEN
        return 1

    def GetTokenInformation(self, token: Any, kind: int, room: Any, size: Any, needed: Any) -> int:
        assert (token.value, kind) == (TOKEN, TOKEN_USER)
        needed._obj.value = 40
        if room is None:
            return 0
        assert len(room) == size.value == 40
        # the structure's first field points behind it
        ctypes.memmove(ctypes.addressof(room) + 16, COUNTER.encode() + b"\0", len(COUNTER) + 1)
        pointer = ctypes.c_void_p(ctypes.addressof(room) + 16)
        ctypes.memmove(room, ctypes.byref(pointer), ctypes.sizeof(pointer))
        return 1

    def CheckTokenMembership(self, token: Any, sid: Any, is_member: Any) -> int:
        assert (token.value, ctypes.string_at(sid.value).decode()) == (TOKEN, ADMINISTRATORS)
        is_member._obj.value = self.is_administrator
        return 1

    def GetCurrentThread(self) -> int:
        return THREAD

    def CloseHandle(self, handle: Any) -> int:
        assert handle.value == TOKEN
        return 1

    def LocalFree(self, memory: Any) -> None:
        self.held.remove(memory.value)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedAccounts]:
    monkeypatch.setattr(ctypes, "WinError", failed, raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: 5, raising=False)
    made = PlayedAccounts()
    yield made
    # what Windows gave memory for it got back, whatever failed
    assert not made.held


@pytest.fixture
def accounts(played: PlayedAccounts) -> ModuleType:
    return module_on("windows_accounts", played.functions(), {})


@pytest.mark.parametrize("is_administrator", [False, True])
def test_the_token_says_who_and_the_agent_is_itself_again_at_once(
    played: PlayedAccounts, accounts: ModuleType, is_administrator: bool
) -> None:
    played.is_administrator = is_administrator
    assert accounts.peer_of(PIPE) == Peer(COUNTER, is_administrator)
    assert played.calls[:3] == ["ImpersonateNamedPipeClient", "OpenThreadToken", "RevertToSelf"]
    assert played.calls[-1] == "CloseHandle"


def test_who_cannot_be_impersonated_is_nobody(played: PlayedAccounts, accounts: ModuleType) -> None:
    played.fails = "ImpersonateNamedPipeClient"
    with pytest.raises(PermissionError):
        accounts.peer_of(PIPE)
    assert played.calls == ["ImpersonateNamedPipeClient"]


@pytest.mark.parametrize("fails", ["OpenThreadToken", "GetTokenInformation", "CheckTokenMembership"])
def test_whatever_fails_the_agent_is_itself_again(
    played: PlayedAccounts, accounts: ModuleType, fails: str
) -> None:
    played.fails = fails
    with pytest.raises(PermissionError):
        accounts.peer_of(PIPE)
    assert played.calls[:3] == ["ImpersonateNamedPipeClient", "OpenThreadToken", "RevertToSelf"]
    assert ("CloseHandle" in played.calls) == (fails != "OpenThreadToken")


def test_an_agent_that_cannot_be_itself_again_ends(
    played: PlayedAccounts, accounts: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        pass

    def end(status: int) -> None:
        assert status
        raise Ended

    monkeypatch.setattr(accounts.os, "_exit", end)
    played.fails = "RevertToSelf"
    with pytest.raises(Ended):
        accounts.peer_of(PIPE)
    assert played.calls[-1] == "RevertToSelf"


def test_whose_a_pipe_is(played: PlayedAccounts, accounts: ModuleType) -> None:
    assert accounts.owner_of(PIPE) == COUNTER
    played.error_of_owner = 5
    with pytest.raises(PermissionError):
        accounts.owner_of(PIPE)


def test_an_account_has_a_sid_and_a_group_of_that_name_is_none(accounts: ModuleType) -> None:
    assert accounts.sid_of("counter") == COUNTER
    assert accounts.sid_of("staff") is None
    assert accounts.sid_of("nobody") is None


def test_a_descriptor_is_in_memory_until_it_is_given_back(
    played: PlayedAccounts, accounts: ModuleType
) -> None:
    made = accounts.Security(security(COUNTER))
    length, descriptor, is_inherited = (
        getattr(made._attributes, name) for name, _ in made._attributes._fields_
    )
    assert ctypes.string_at(descriptor).decode() == security(COUNTER)
    assert (length, is_inherited) == (ctypes.sizeof(made._attributes), False)
    assert made.address == ctypes.addressof(made._attributes)
    made.free()
    played.fails = "ConvertStringSecurityDescriptorToSecurityDescriptorW"
    with pytest.raises(PermissionError):
        accounts.Security("nonsense")
