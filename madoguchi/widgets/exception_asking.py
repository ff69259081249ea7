"""Asks for an exception: the agent for its challenge, the server for the number; nothing is open by that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from madoguchi.app.devices.values import DeviceRefusal
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words
from madoguchi.widgets import exception_words as words
from madoguchi.widgets.agent_link import Answer as AgentAnswer
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.worker import DatabaseWorker, Job


class AroundAsking(Protocol):
    """What asking needs of the window."""

    worker: DatabaseWorker
    devices: DeviceDesk

    @property
    def line_up(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: by whom, which stick, for how long; ``number`` is the server's."""

    login: str
    device: DeviceSeen
    minutes: int
    number: int = 0


class ExceptionAsking:
    """One at a time: whoever asks again, or gives it up, is told nothing of the one before.

    ``numbered`` is told what was asked once the server has given it a number.
    """

    def __init__(self, window: AroundAsking, numbered: Callable[[Asked], None]) -> None:
        self._window = window
        self._on_number = numbered
        self._step = self._leavings = 0
        self._told: Callable[[str], None] | None = None

    def ask(self, asked: Asked, reason: str, told: Callable[[str], None], *, can_approve: bool) -> None:
        """Asks; ``told`` is said what is in the way, or nothing once it has its number."""
        link = self._window.devices.link
        self._told = told
        if not self._window.line_up:
            self._tell(words.no_server())
        elif link is None or not can_approve:
            self._tell(words.no_agent())
        else:
            self._step += 1
            link.ask(
                "ask_lease",
                partial(self._challenged, self._step, asked, reason),
                device=asked.device.instance,
                minutes=asked.minutes,
            )

    def give_up(self) -> None:
        """Nobody waits for it any more: nobody is told."""
        self._told = None
        self.drop()

    def drop(self) -> None:
        """What is under way comes to nothing."""
        self._step += 1

    def leave(self) -> None:
        """The session ends: what it asked dies with it."""
        self._told = None
        self._leavings += 1

    def withdraw(self, number: int) -> None:
        """Takes back what has its number, if the server can be reached."""
        jobs: list[Job[tuple[DeviceRefusal | None] | None]] = []

        def no_line() -> None:
            jobs[0].act = lambda _server: None

        jobs.append(
            self._window.worker.ask(
                lambda server: (server.devices.refuse_exception(number),),
                lambda _: None,
                no_line,
                matters=False,
            )
        )

    def _tell(self, message: str) -> None:
        told, self._told = self._told, None
        if told is not None:
            told(message)

    def _challenged(self, step: int, asked: Asked, reason: str, answer: AgentAnswer) -> None:
        if step != self._step:
            return
        if not isinstance(answer, dict):
            self._tell(device_words.agent_refusal(answer))
            return
        challenge, mac = str(answer["challenge"]), str(answer["mac"])
        jobs: list[Job[int | DeviceRefusal | None]] = []

        def no_line() -> None:
            # nothing is asked for later: whoever asked has been told that it is not
            jobs[0].act = lambda _server: None
            if step == self._step:
                self._tell(words.no_server())

        jobs.append(
            self._window.worker.ask(
                lambda server: server.devices.ask_exception(challenge, mac, reason),
                partial(self._numbered, step, self._leavings, asked),
                no_line,
                partial(self._tell, words.no_agent()),
                matters=False,
            )
        )

    def _numbered(self, step: int, leavings: int, asked: Asked, answer: int | DeviceRefusal | None) -> None:
        if answer is None:
            return
        if step != self._step:
            # given up before it had its number; what a session asked that is over dies with it
            if isinstance(answer, int) and leavings == self._leavings:
                self.withdraw(answer)
            return
        if isinstance(answer, DeviceRefusal):
            self._tell(words.refusal(answer))
            return
        self._tell("")
        self._on_number(replace(asked, number=answer))
