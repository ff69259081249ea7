"""Windows' own functions, played, so that the code that calls them runs where there is no Windows.

What is played is what the documents say of named pipes in bytes, overlapped; that Windows does it is not
known from here. It is strict where Windows is dangerous: to close a handle while an operation is under way
fails.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest

from madoguchi.device_control import windows_serving
from madoguchi.device_control.channel import PIPE
from madoguchi.device_control.connection import Connection
from madoguchi.device_control.windows_serving import Peer, Pipe
from tests.support.windows_machine import ADMINISTRATOR, Account, AgentOnWindows, may, owner

_BUFFER_BYTES = 65536
_ROOM = Path(windows_serving.__file__).parent

ACCESS_DENIED, FILE_NOT_FOUND, BROKEN_PIPE, PIPE_BUSY, NO_DATA = 5, 2, 109, 231, 232
PIPE_CONNECTED, OPERATION_ABORTED, IO_INCOMPLETE, IO_PENDING, CANNOT_IMPERSONATE = 535, 995, 996, 997, 1368


_KINDS = {
    ACCESS_DENIED: PermissionError,
    FILE_NOT_FOUND: FileNotFoundError,
    BROKEN_PIPE: BrokenPipeError,
    NO_DATA: BrokenPipeError,
}


def failed(number: int) -> OSError:
    """An error of Windows as Python has them there: the number is in `winerror`."""
    error = _KINDS.get(number, OSError)(number, f"error {number} of Windows")
    error.winerror = number  # type: ignore[attr-defined]
    return error


class _Overlapped:
    def __init__(self, windows: PlayedWindows) -> None:
        self._windows = windows
        self.event = windows.new_handle(self)
        self.is_set = self._is_complete = False
        self.transferred = self.error = 0
        self.buffer: bytes | None = None

    def finish(self, error: int = 0, transferred: int = 0, buffer: bytes | None = None) -> None:
        self.is_set = True
        self.error, self.transferred, self.buffer = error, transferred, buffer
        self._windows.changed.notify_all()

    def GetOverlappedResult(self, wait: bool, /) -> tuple[int, int]:
        with self._windows.changed:
            if not self.is_set and not wait:
                return 0, IO_INCOMPLETE
            assert self._windows.changed.wait_for(lambda: self.is_set, 20)
            if self.error not in (0, OPERATION_ABORTED):
                raise failed(self.error)
            self._is_complete = True
            return self.transferred, self.error

    def cancel(self) -> None:
        with self._windows.changed:
            if not self.is_set:
                self.finish(OPERATION_ABORTED)

    def getbuffer(self) -> bytes | None:
        if not self._is_complete:
            raise ValueError("it is not complete")
        return self.buffer


class _Event:
    def __init__(self) -> None:
        self.is_set = False


class _End:
    """One end of an instance of a pipe."""

    def __init__(self, name: str, descriptor: str, account: Account | None) -> None:
        self.name, self.descriptor, self.account = name, descriptor, account
        self.inbox = bytearray()
        self.other: _End | None = None
        self.is_open, self.was_read = True, False
        self.connecting: _Overlapped | None = None
        self.reading: tuple[_Overlapped, int] | None = None
        self.writing: tuple[_Overlapped, bytearray, int] | None = None

    @property
    def under_way(self) -> list[_Overlapped]:
        found = [self.connecting, self.reading and self.reading[0], self.writing and self.writing[0]]
        return [each for each in found if each is not None and not each.is_set]

    def pump(self) -> None:
        """Does what can be done of what is under way at either end."""
        for end in (self, self.other):
            if end is not None:
                end._write()
        for end in (self, self.other):
            if end is not None:
                end._read()
        # what was read has made room
        for end in (self, self.other):
            if end is not None:
                end._write()

    def _write(self) -> None:
        if self.writing is None or self.writing[0].is_set:
            return
        operation, rest, size = self.writing
        if self.other is None or not self.other.is_open:
            operation.finish(NO_DATA)
            return
        room = _BUFFER_BYTES - len(self.other.inbox)
        self.other.inbox += rest[:room]
        del rest[:room]
        if not rest:
            operation.finish(transferred=size)

    def _read(self) -> None:
        if self.reading is None or self.reading[0].is_set:
            return
        operation, size = self.reading
        if self.inbox:
            came = bytes(self.inbox[:size])
            del self.inbox[:size]
            self.was_read = True
            operation.finish(transferred=len(came), buffer=came)
        elif self.other is None or not self.other.is_open:
            operation.finish(BROKEN_PIPE)


class PlayedWindows:
    """`_winapi`, what is asked of `kernel32`, and `windows_accounts`.

    Attributes:
        account: who opens the next pipe.
        registry: `winreg`.
        times_nothing_came: so often it was waited for nothing.
    """

    ERROR_BROKEN_PIPE, ERROR_NO_DATA, ERROR_PIPE_BUSY = BROKEN_PIPE, NO_DATA, PIPE_BUSY
    ERROR_OPERATION_ABORTED, ERROR_IO_PENDING = OPERATION_ABORTED, IO_PENDING
    FILE_FLAG_FIRST_PIPE_INSTANCE, FILE_FLAG_OVERLAPPED = 0x80000, 0x40000000
    PIPE_ACCESS_DUPLEX, PIPE_WAIT, OPEN_EXISTING = 3, 0, 3
    WAIT_OBJECT_0, WAIT_TIMEOUT = 0, 258
    Overlapped = _Overlapped

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.account = ADMINISTRATOR
        self.times_nothing_came = 0
        self._numbers = itertools.count(100, 4)
        self._handles: dict[int, Any] = {}
        self._descriptors: dict[int, str] = {}
        self.registry = PlayedWinreg()

    def new_handle(self, what: object) -> int:
        number = next(self._numbers)
        self._handles[number] = what
        return number

    @property
    def open_ends(self) -> list[_End]:
        return [each for each in self._handles.values() if isinstance(each, _End)]

    # -- _winapi -------------------------------------------------------------------------------------------

    def CreateNamedPipe(self, name: str, mode: int, pipe_mode: int, most: int, *rest: int) -> int:
        *sizes_and_time, security = rest
        assert sizes_and_time == [_BUFFER_BYTES, _BUFFER_BYTES, 0]
        with self.changed:
            there = [end for end in self.open_ends if end.name == name and end.account is None]
            assert mode & self.FILE_FLAG_OVERLAPPED
            if there and mode & self.FILE_FLAG_FIRST_PIPE_INSTANCE:
                raise failed(ACCESS_DENIED)
            if len(there) >= most:
                raise failed(PIPE_BUSY)
            descriptor = there[0].descriptor if there else self._descriptors[security]
            return self.new_handle(_End(name, descriptor, None))

    def ConnectNamedPipe(self, handle: int, overlapped: bool) -> _Overlapped:
        with self.changed:
            end = self._handles[handle]
            operation = _Overlapped(self)
            end.connecting = operation
            if end.other is not None:
                operation.finish()
            return operation

    def CreateFile(
        self, name: str, access: int, share: int, security: int, how: int, flags: int, template: int
    ) -> int:
        with self.changed:
            there = [end for end in self.open_ends if end.name == name and end.account is None]
            if not there:
                raise failed(FILE_NOT_FOUND)
            assert flags == self.FILE_FLAG_OVERLAPPED | 0x00110000
            free = [end for end in there if end.other is None]
            if not free:
                raise failed(PIPE_BUSY)
            if not may(self.account, free[0].descriptor, access):
                raise failed(ACCESS_DENIED)
            end = _End(name, free[0].descriptor, self.account)
            end.other, free[0].other = free[0], end
            if free[0].connecting is not None:
                free[0].connecting.finish()
            self.changed.notify_all()
            return self.new_handle(end)

    def WaitNamedPipe(self, name: str, milliseconds: int) -> None:
        def is_free() -> bool:
            return any(end.name == name and end.other is None for end in self.open_ends)

        with self.changed:
            if not self.changed.wait_for(is_free, milliseconds / 1000):
                raise failed(121)

    def ReadFile(self, handle: int, size: int, overlapped: bool) -> tuple[_Overlapped, int]:
        with self.changed:
            end = self._handles[handle]
            assert end.reading is None or end.reading[0].is_set
            operation = _Overlapped(self)
            end.reading = (operation, size)
            end.pump()
            return operation, 0 if operation.is_set else IO_PENDING

    def WriteFile(self, handle: int, data: bytes, overlapped: bool) -> tuple[_Overlapped, int]:
        with self.changed:
            end = self._handles[handle]
            assert end.writing is None or end.writing[0].is_set
            operation = _Overlapped(self)
            end.writing = (operation, bytearray(data), len(data))
            end.pump()
            if operation.error:
                raise failed(operation.error)
            return operation, 0 if operation.is_set else IO_PENDING

    def WaitForMultipleObjects(self, handles: list[int], wait_all: bool, milliseconds: int) -> int:
        assert not wait_all
        with self.changed:
            waited = [self._handles[handle] for handle in handles]
            if not self.changed.wait_for(lambda: any(each.is_set for each in waited), milliseconds / 1000):
                self.times_nothing_came += 1
                return self.WAIT_TIMEOUT
            return next(number for number, each in enumerate(waited) if each.is_set)

    def CloseHandle(self, handle: int) -> None:
        with self.changed:
            closed = self._handles.pop(handle)
            if isinstance(closed, _End):
                assert not closed.under_way, "closed with an operation under way"
                closed.is_open = False
                if closed.other is not None:
                    closed.other.pump()
                self.changed.notify_all()

    # -- kernel32 ------------------------------------------------------------------------------------------

    def create_event(self, security: None, manual: bool, initial: bool, name: None) -> int:
        with self.changed:
            return self.new_handle(_Event())

    def set_event(self, handle: int) -> int:
        with self.changed:
            self._handles[handle].is_set = True
            self.changed.notify_all()
            return 1

    def reset_event(self, handle: int) -> int:
        with self.changed:
            self._handles[handle].is_set = False
            return 1

    # -- windows_accounts ----------------------------------------------------------------------------------

    def make_security(self, descriptor: str) -> _Security:
        return _Security(self._descriptors, descriptor)

    def owner_of(self, handle: int) -> str:
        return owner(self._handles[handle].descriptor)

    def peer_of(self, handle: int) -> Peer:
        with self.changed:
            end = self._handles[handle]
            if not end.was_read:
                raise failed(CANNOT_IMPERSONATE)
            return end.other.account.peer


class PlayedWinreg:
    """`winreg`: keys and values in memory, each with its type; keys below HKEY_LOCAL_MACHINE alone."""

    HKEY_LOCAL_MACHINE = 0x80000002
    KEY_READ, KEY_SET_VALUE, KEY_CREATE_SUB_KEY, KEY_WOW64_64KEY = 0x20019, 0x0002, 0x0004, 0x0100
    REG_SZ, REG_DWORD, REG_MULTI_SZ = 1, 4, 7
    HKEYType = object

    def __init__(self) -> None:
        self._keys: dict[str, dict[str, tuple[str, object, int]]] = {}

    def OpenKeyEx(self, root: int, path: str, reserved: int, access: int) -> _OpenedKey:
        if path.lower() not in self._keys:
            raise failed(FILE_NOT_FOUND)
        return self._opened(root, path, access)

    def CreateKeyEx(self, root: int, path: str, reserved: int, access: int) -> _OpenedKey:
        self._keys.setdefault(path.lower(), {})
        return self._opened(root, path, access)

    def QueryInfoKey(self, key: _OpenedKey) -> tuple[int, int, int]:
        return 0, len(key.values(self.KEY_READ)), 0

    def EnumValue(self, key: _OpenedKey, number: int) -> tuple[str, object, int]:
        return list(key.values(self.KEY_READ).values())[number]

    def SetValueEx(self, key: _OpenedKey, name: str, reserved: int, kind: int, data: object) -> None:
        values = key.values(self.KEY_SET_VALUE)
        # a name stays as it was written first
        values[name.lower()] = (values.get(name.lower(), (name,))[0], data, kind)

    def DeleteValue(self, key: _OpenedKey, name: str) -> None:
        if key.values(self.KEY_SET_VALUE).pop(name.lower(), None) is None:
            raise failed(FILE_NOT_FOUND)

    def FlushKey(self, key: _OpenedKey) -> None:
        key.values(0)

    def _opened(self, root: int, path: str, access: int) -> _OpenedKey:
        # a 32-bit Python would be shown another key of that name
        assert (root, access & self.KEY_WOW64_64KEY) == (self.HKEY_LOCAL_MACHINE, self.KEY_WOW64_64KEY)
        assert path.lower().startswith("software\\policies\\")
        return _OpenedKey(self._keys[path.lower()], access)


class _OpenedKey:
    def __init__(self, there: dict[str, tuple[str, object, int]], access: int) -> None:
        self._there, self._access, self._is_open = there, access, False

    def values(self, needed: int) -> dict[str, tuple[str, object, int]]:
        assert self._is_open
        assert self._access & needed == needed
        return self._there

    def __enter__(self) -> Self:
        self._is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False


class _Security:
    def __init__(self, there: dict[int, str], descriptor: str) -> None:
        self._there, self.address = there, id(self)
        there[self.address] = descriptor

    def free(self) -> None:
        del self._there[self.address]


class _Function:
    """A function of a library, which takes on what types it has."""

    restype: object = None
    argtypes: object = None

    def __init__(self, does: Callable[..., Any]) -> None:
        self._does = does

    def __call__(self, *arguments: Any) -> Any:
        return self._does(*arguments)


def played_module(name: str, windows: PlayedWindows) -> ModuleType:
    """A module of `device_control` that is for Windows alone, as it would be there, on what is played."""
    accounts = ModuleType("madoguchi.device_control.windows_accounts")
    accounts.Security = windows.make_security  # type: ignore[attr-defined]
    accounts.owner_of, accounts.peer_of = windows.owner_of, windows.peer_of  # type: ignore[attr-defined]
    functions = {
        "CreateEventW": windows.create_event,
        "SetEvent": windows.set_event,
        "ResetEvent": windows.reset_event,
    }
    modules = {"_winapi": windows, "winreg": windows.registry, accounts.__name__: accounts}
    return module_on(name, functions, modules)


def module_on(
    name: str, functions: Mapping[str, Callable[..., Any]], modules: Mapping[str, object]
) -> ModuleType:
    """A module that is for Windows alone, on these functions of its libraries and modules of Python's."""
    library = ModuleType("library")
    for each, does in functions.items():
        setattr(library, each, _Function(does))
    spec = importlib.util.spec_from_file_location(f"tests.played.{name}", _ROOM / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as there:
        there.setattr(sys, "platform", "win32")
        there.setattr(ctypes, "WinDLL", lambda library_name, use_last_error: library, raising=False)
        for each, played in modules.items():
            there.setitem(sys.modules, each, played)  # type: ignore[arg-type]
        spec.loader.exec_module(module)
    return module


class AgentOnPlayedWindows(AgentOnWindows):
    """The agent for Windows over the code of the named pipe, on what is played."""

    def __init__(self, folder: Path, *, rules: str | None = None) -> None:
        self.windows = PlayedWindows()
        self._module = played_module("windows_pipe", self.windows)
        super().__init__(folder, rules=rules)

    def make_pipe(self) -> Pipe:
        """The agent's side of the pipe."""
        return self._module.NamedPipe()  # type: ignore[no-any-return]

    def is_pipe_there(self) -> bool:
        """Whether there is a pipe of the agent's name, whoever's."""
        with self.windows.changed:
            return bool(self.windows.open_ends)

    def connect_as(self, account: Account, name: str, seconds: float) -> Connection:
        """Opens a pipe as a program of an account does."""
        assert name == PIPE
        with self.windows.changed:
            # waiting for a place it lets others go on, who are of the same account in these tests
            self.windows.account = account
            return self._module.PipeConnection(name, seconds)  # type: ignore[no-any-return]


def connector(windows: PlayedWindows, name: str, seconds: float) -> Callable[[], Connection]:
    """What opens a pipe as a window does."""
    module = played_module("windows_pipe", windows)
    return partial(module.PipeConnection, name, seconds)
