"""What the agent for Windows stands on, in memory: a registry, a named pipe, and whose programs there are.

Nothing of this is Windows. The pipe behaves as the documents say of a named pipe in bytes, overlapped, with a
security descriptor; the descriptor that the agent gives is read and gone by here, by the rules of SDDL.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from madoguchi.device_control.channel import PIPE
from madoguchi.device_control.client import AgentClient
from madoguchi.device_control.connection import Connection
from madoguchi.device_control.windows import RegistryValue
from madoguchi.device_control.windows_agent import WindowsAgent
from madoguchi.device_control.windows_restrictions import Data
from madoguchi.device_control.windows_serving import (
    ADMINISTRATORS,
    CLIENT_RIGHTS,
    OWNERS,
    SYSTEM,
    Peer,
    Pipe,
    PipeEnd,
)
from tests.support.agent_files import AgentFiles
from tests.support.usb_tree import until_

_PATIENCE_SECONDS = 20.0
_BUFFER_BYTES = 65536

_GENERIC_ALL = 0x001F01FF
"""FILE_ALL_ACCESS, which a pipe's GENERIC_ALL is."""
_WELL_KNOWN = {"SY": SYSTEM, "BA": ADMINISTRATORS, "NU": "S-1-5-2"}
_ENTRY = re.compile(r"\(([AD]);;(GA|0x[0-9a-f]+);;;([A-Z]{2}|S-[0-9-]+)\)")
_DESCRIPTOR = re.compile(
    rf"O:(?P<owner>[A-Z]{{2}}|S-[0-9-]+)G:[A-Z]{{2}}D:P(?P<entries>(?:{_ENTRY.pattern})*)"
)


@dataclass(frozen=True)
class Account:
    """Whose program it is: the SID, and those of its groups that are enabled."""

    sid: str
    groups: frozenset[str] = frozenset()

    @property
    def peer(self) -> Peer:
        return Peer(self.sid, ADMINISTRATORS in self.groups)


COUNTER = Account("S-1-5-21-1-2-3-1001")
OTHER = Account("S-1-5-21-1-2-3-1002")
ADMINISTRATOR = Account("S-1-5-21-1-2-3-500", frozenset({ADMINISTRATORS}))
AGENTS = Account(SYSTEM, frozenset({ADMINISTRATORS}))


def may(account: Account, descriptor: str, rights: int) -> bool:
    """Whether a descriptor gives all these rights: entries in their order, a denied one is final."""
    found = _DESCRIPTOR.fullmatch(descriptor)
    assert found is not None, descriptor
    wanted = rights
    for kind, said, who in _ENTRY.findall(found["entries"]):
        mask = _GENERIC_ALL if said == "GA" else int(said, 16)
        if _WELL_KNOWN.get(who, who) not in {account.sid, *account.groups}:
            continue
        if kind == "D" and wanted & mask:
            return False
        if kind == "A":
            wanted &= ~mask
    return not wanted


def owner(descriptor: str) -> str:
    found = _DESCRIPTOR.fullmatch(descriptor)
    assert found is not None, descriptor
    return _WELL_KNOWN.get(found["owner"], found["owner"])


class MemoryRegistry:
    """A registry in memory.

    Attributes:
        fails: is asked before every change whether it goes wrong; then nothing is changed.
        after: is called after every change.
    """

    def __init__(self) -> None:
        self._keys: dict[str, dict[str, tuple[str, Data]]] = {}
        self.fails: Callable[[], bool] = lambda: False
        self.after: Callable[[], None] = lambda: None

    def values(self, key: str) -> dict[str, Data]:
        return dict(self._keys.get(key.lower(), {}).values())

    def put(self, value: RegistryValue) -> None:
        self._may_change()
        # a name stays as it was written first
        here = self._keys.setdefault(value.key.lower(), {})
        name = here.get(value.name.lower(), (value.name, None))[0]
        here[value.name.lower()] = (name, value.value)
        self.after()

    def remove(self, key: str, name: str) -> None:
        self._may_change()
        self._keys.get(key.lower(), {}).pop(name.lower(), None)
        self.after()

    def flush(self, key: str) -> None:
        self._may_change()

    def put_foreign(self, key: str, name: str) -> None:
        """A value of another type than the two."""
        self._keys.setdefault(key.lower(), {})[name.lower()] = (name, None)

    def _may_change(self) -> None:
        if self.fails():
            raise PermissionError("the registry cannot be written")


class _Stream:
    def __init__(self) -> None:
        self.waiting = bytearray()
        self.is_closed = False

    @property
    def room(self) -> int:
        return _BUFFER_BYTES - len(self.waiting)

    def take(self, size: int) -> bytes:
        came = bytes(self.waiting[:size])
        del self.waiting[:size]
        return came


class _Instance:
    """One connection: what goes to the agent and what comes from it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.to_agent, self.from_agent = _Stream(), _Stream()

    def close(self) -> None:
        self.to_agent.is_closed = self.from_agent.is_closed = True


class PipeNames:
    """The pipes of a machine. There is one name, the agent's."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.holder: MemoryPipe | None = None
        self.descriptor = ""
        self.is_listening = False
        self.arrived: list[_Instance] = []

    def connect(self, account: Account, name: str, seconds: float) -> MemoryConnection:
        """Opens the pipe as a program of an account does."""
        with self.changed:
            if name != PIPE or not self.is_listening:
                raise FileNotFoundError(name)
            if not may(account, self.descriptor, CLIENT_RIGHTS):
                raise PermissionError("access is denied")
            if owner(self.descriptor) not in OWNERS:
                raise PermissionError("a pipe of that name is somebody else's")
            instance = _Instance(account)
            self.arrived.append(instance)
            self.changed.notify_all()
            return MemoryConnection(self, instance, seconds)


class MemoryConnection:
    """The window's end of it. See `connection.Connection`."""

    def __init__(self, names: PipeNames, instance: _Instance, seconds: float) -> None:
        self._names, self._instance, self._seconds = names, instance, seconds

    def send(self, data: bytes, /) -> None:
        left = data
        stream = self._instance.to_agent
        with self._names.changed:
            while left:
                if not self._names.changed.wait_for(lambda: stream.is_closed or stream.room, self._seconds):
                    raise TimeoutError
                if stream.is_closed:
                    raise BrokenPipeError
                taken = left[: stream.room]
                stream.waiting += taken
                left = left[len(taken) :]
                self._names.changed.notify_all()

    def receive(self) -> bytes:
        stream = self._instance.from_agent
        with self._names.changed:
            if not self._names.changed.wait_for(lambda: stream.is_closed or stream.waiting, self._seconds):
                raise TimeoutError
            came = stream.take(_BUFFER_BYTES)
            self._names.changed.notify_all()
            return came

    def hang_up(self) -> None:
        with self._names.changed:
            self._instance.close()
            self._names.changed.notify_all()

    def close(self) -> None:
        self.hang_up()


class _MemoryEnd(PipeEnd):
    def __init__(self, names: PipeNames, instance: _Instance) -> None:
        self._names, self._instance = names, instance
        self._was_read = False
        self.waits_for_room = False

    def recv(self, size: int, /) -> bytes:
        stream = self._instance.to_agent
        with self._names.changed:
            came = stream.take(size)
            if not came and not stream.is_closed:
                raise BlockingIOError
            self._was_read = self._was_read or bool(came)
            self._names.changed.notify_all()
            return came

    def send(self, data: bytearray, /) -> int:
        stream = self._instance.from_agent
        with self._names.changed:
            if stream.is_closed:
                raise BrokenPipeError
            self.waits_for_room = not stream.room
            if self.waits_for_room:
                raise BlockingIOError
            taken = bytes(data[: stream.room])
            stream.waiting += taken
            self._names.changed.notify_all()
            return len(taken)

    def peer(self) -> Peer:
        if not self._was_read:
            raise OSError("nothing was read from it yet")
        return self._instance.account.peer

    def fileno(self) -> int:
        return id(self._instance)

    def close(self) -> None:
        with self._names.changed:
            self._instance.close()
            self._names.changed.notify_all()

    @property
    def is_ready(self) -> bool:
        instance = self._instance
        return bool(
            instance.to_agent.waiting
            or instance.to_agent.is_closed
            or (self.waits_for_room and instance.from_agent.room)
        )

    @property
    def is_closed(self) -> bool:
        return self._instance.to_agent.is_closed


class MemoryPipe(Pipe):
    """The agent's side of it. Another one of the same name keeps it from being opened."""

    def __init__(self, names: PipeNames, account: Account = AGENTS) -> None:
        self._names, self._account = names, account
        self._ends: list[_MemoryEnd] = []
        self._is_woken = False

    def listen(self, descriptor: str) -> None:
        with self._names.changed:
            if self._names.holder is self:
                return
            if self._names.holder is not None:
                raise PermissionError("there is a pipe of that name")
            assert owner(descriptor) in {self._account.sid, *self._account.groups}
            self._names.holder, self._names.descriptor = self, descriptor
            self._names.is_listening = True
            self._names.changed.notify_all()

    def accept(self) -> PipeEnd:
        with self._names.changed:
            if self._names.holder is not self or not self._names.arrived:
                raise BlockingIOError
            end = _MemoryEnd(self._names, self._names.arrived.pop(0))
            self._ends = [each for each in self._ends if not each.is_closed] + [end]
            return end

    def wait(self, seconds: float) -> None:
        with self._names.changed:
            self._names.changed.wait_for(self._is_ready, seconds)
            self._is_woken = False
            self._ends = [each for each in self._ends if not each.is_closed]

    def wake(self) -> None:
        with self._names.changed:
            self._is_woken = True
            self._names.changed.notify_all()

    def close(self) -> None:
        with self._names.changed:
            if self._names.holder is self:
                self._names.holder, self._names.is_listening = None, False
                for instance in self._names.arrived:
                    instance.close()
                self._names.arrived.clear()
            self._names.changed.notify_all()

    def _is_ready(self) -> bool:
        is_mine = self._names.holder is self
        return (
            self._is_woken
            or (is_mine and bool(self._names.arrived))
            or any(end.is_ready for end in self._ends)
        )


class AgentOnWindows(AgentFiles):
    """The agent for Windows in a thread, on a machine in memory. It talks when this is made; end it: `close`.

    Attributes:
        registry: what it writes to.
        names: where its pipe is.
    """

    def __init__(self, folder: Path, *, rules: str | None = None) -> None:
        super().__init__(folder / "terminal", "counter")
        self.registry = MemoryRegistry()
        self.names = PipeNames()
        self.accounts = {"counter": COUNTER}
        self.agent: WindowsAgent | None = None
        self._thread: threading.Thread | None = None
        self._errors: list[BaseException] = []
        if rules is not None:
            self.put_policy(rules)
        self.start()

    def start(self) -> None:
        """Starts the agent, and waits until its pipe is there, if it is nobody else's."""
        accounts = self.accounts
        pipe = self.make_pipe()
        agent = self.agent = WindowsAgent(
            self.places, self.registry, pipe, lambda name: accounts[name].sid if name in accounts else None
        )

        def run() -> None:
            try:
                agent.run()
            except BaseException as error:  # noqa: BLE001 - said by `stop`
                self._errors.append(error)
                pipe.close()

        self._thread = threading.Thread(target=run, name="agent for Windows", daemon=True)
        self._thread.start()
        until_(lambda: self.is_pipe_there() or self._errors)

    def make_pipe(self) -> Pipe:
        """The agent's side of the pipe."""
        return MemoryPipe(self.names)

    def is_pipe_there(self) -> bool:
        """Whether there is a pipe of the agent's name, whoever's."""
        return self.names.holder is not None

    def stop(self) -> None:
        """Ends the agent."""
        if self.agent is not None and self._thread is not None:
            self.agent.stop()
            self._thread.join(_PATIENCE_SECONDS)
            assert not self._thread.is_alive()
            self.agent = self._thread = None
        if self._errors:
            raise self._errors.pop()

    def kill(self) -> None:
        """Ends it; in a thread it cannot be ended in any other way."""
        self.stop()

    def open(
        self,
        told: Callable[[str, dict[str, Any]], None],
        gone: Callable[[], None],
        account: Account = COUNTER,
    ) -> AgentClient:
        """Connects as a window does."""
        return AgentClient(PIPE, told, gone, partial(self.connect_as, account))

    def connect(self, account: Account = COUNTER) -> Connection:
        """Connects as whatever program of an account."""
        return self.connect_as(account, PIPE, _PATIENCE_SECONDS)

    def connect_as(self, account: Account, name: str, seconds: float) -> Connection:
        """Opens a pipe as a program of an account does."""
        return self.names.connect(account, name, seconds)

    def close(self) -> None:
        """Ends the agent, if it runs."""
        self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def failing_at(registry: MemoryRegistry, number: int, *, times: int = 1) -> None:
    """From now on the change of this number (from 0) goes wrong, and so many from there."""
    count = -1

    def fails() -> bool:
        nonlocal count
        count += 1
        return number <= count < number + times

    registry.fails = fails
