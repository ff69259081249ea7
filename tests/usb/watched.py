"""The host's ends of two programs in the guest: who watches (`inside.observe`), and a window."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Self

from tests.usb.channel import ANSWER_SECONDS, GuestError, GuestProgram, MachineError
from tests.usb.machine import VirtualMachine

CODE: Final = "/opt/code"
"""Where the tests' programs lie in the guest."""

_FOR_EVER_SECONDS: Final = 86400.0

Event = dict[str, Any]
Wanted = Callable[[Event], bool]


class Watched:
    """What is told from the guest, kept: the kernel's events and the agent's words, in one clock (`t`)."""

    def __init__(self, machine: VirtualMachine) -> None:
        self._program = machine.start(
            "python3", "-m", "tests.usb.inside.observe", directory=CODE, listens=True
        )
        self._events: list[Event] = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="what is watched", daemon=True)
        self._reader.start()
        self.clock: float = self.wait(0, lambda event: event.get("did") == "start", "the start")["clock"]
        """What is added to `t` for the time by the guest's clock."""

    def _read(self) -> None:
        while True:
            try:
                event = json.loads(self._program.line(_FOR_EVER_SECONDS))
            except (GuestError, MachineError):
                return
            with self._more:
                self._events.append(event)
                self._more.notify_all()

    def mark(self) -> int:
        """Where the events that come from now on begin."""
        with self._more:
            return len(self._events)

    def events(self, since: int = 0) -> list[Event]:
        """All events since a mark."""
        with self._more:
            return self._events[since:]

    def wait(self, since: int, wanted: Wanted, what: str, seconds: float = ANSWER_SECONDS) -> Event:
        """The first such event since a mark. Raises MachineError if none has come."""
        end = time.monotonic() + seconds
        at = since
        with self._more:
            while True:
                for event in self._events[at:]:
                    if wanted(event):
                        return event
                at = len(self._events)
                if not self._more.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    raise MachineError(f"{what} has not come; what has: {self._events[since:]}")

    def kill(self, which: int, *, unit: str = "", processes: Sequence[int] = ()) -> float:
        """Send a signal to a service's main process and to others; returns when, by the guest's clock."""
        mark = self.mark()
        self._program.say(json.dumps({"unit": unit, "kill": list(processes), "signal": which}))
        when: float = self.wait(mark, lambda event: event.get("did") == "kill", "the signal")["t"]
        return when

    def close(self) -> None:
        """End."""
        self._program.kill()
        self._reader.join(ANSWER_SECONDS)


class Window:
    """`inside.window`, as `account`: the program's own client of the agent, which does what is asked here."""

    def __init__(self, machine: VirtualMachine, account: str) -> None:
        self._program: GuestProgram = machine.start(
            "python3", "-m", "tests.usb.inside.window", account=account, directory=CODE, listens=True
        )
        self.told: list[Event] = []
        self.process: int = self._until(lambda line: "process" in line)["process"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill it."""
        self._program.kill()

    def ask(self, ask: str, **fields: Any) -> Event:
        """The agent's answer, or `{"refused": word, …}`; `t` is when it was asked, by the guest's clock."""
        self._program.say(json.dumps({"ask": ask, **fields}))
        return self._until(lambda line: "refused" in line or "answer" in line)

    def hear(self, told: str, wanted: Wanted = lambda _: True) -> Event:
        """The next such thing that the agent tells."""
        return self._until(lambda line: line.get("told") == told and wanted(line))

    def _until(self, wanted: Wanted) -> Event:
        while True:
            line: Event = json.loads(self._program.line())
            if "told" in line:
                self.told.append(line)
            if wanted(line):
                return {**line.pop("answer", {}), **line}
