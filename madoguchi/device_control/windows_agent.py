"""The agent on Windows: takes a policy, keeps it, writes it to the registry. **Never run on Windows**.

It is the same protocol, the same policies and the same records as `agent.py`; what it can do is less.
Windows itself decides on devices, by Device Installation Restrictions (`windows.py`). This agent sees no
device, opens none and closes none: its list is empty, and it has no exceptions. It never says that a terminal
is protected: nothing below it keeps a device closed, and nobody has tried what Windows does with the values.

One thread: the pipe, its clients, timers. Records come first, as everywhere: while none can be made, the
registry has the floor alone. What was written stands when the agent ends, however it ends.
`docs/decisions/0038-usb-on-windows.md`.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from madoguchi import __version__
from madoguchi.device_control.channel import PROTOCOL, AgentState, Refused, Shortfall
from madoguchi.device_control.clients import Client, Message
from madoguchi.device_control.common_answers import AskRefused, CommonAnswers, number_of, text_of
from madoguchi.device_control.journal import Journal
from madoguchi.device_control.places import Places, read_settings
from madoguchi.device_control.policy_store import PolicyStore
from madoguchi.device_control.windows import Compiled, compile_policy
from madoguchi.device_control.windows_restrictions import NotWritten, Registry, Restrictions
from madoguchi.device_control.windows_serving import Pipe, PipeClients

if TYPE_CHECKING:
    from madoguchi.device_control.signed import SignedPolicy

_log = logging.getLogger(__name__)

_TURN_SECONDS: Final = 0.5
_RETRY_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 30.0
"""So often the registry is read again, though nobody said that it was changed."""


class WindowsAnswers(CommonAnswers):
    """Answers each ask. `follow` has the policy in force written, and says whether it stands."""

    def __init__(
        self,
        journal: Journal,
        store: PolicyStore,
        state: Callable[[], AgentState],
        follow: Callable[[], bool],
    ) -> None:
        asks = {"ask_lease": self._ask_lease, "grant": self._grant, "release": self._release}
        super().__init__(journal, store, state, asks)
        self._follow_it = follow

    def devices(self) -> Message:
        """None: it knows of no device."""
        return {"devices": []}

    def _follow(self, found: SignedPolicy, *, is_new: bool) -> None:
        # also where it is said again: it may not stand yet
        if not self._follow_it():
            raise AskRefused(Refused.NOT_KEPT)

    def _ask_lease(self, client: Client, message: Message) -> Message:
        text_of(message, "device")
        number_of(message, "minutes")
        # as on Linux without its floor
        raise AskRefused(Refused.NOT_PROTECTED)

    def _grant(self, client: Client, message: Message) -> Message:
        text_of(message, "nonce")
        text_of(message, "mac")
        # it never made one
        raise AskRefused(Refused.NO_SUCH_NONCE)

    def _release(self, client: Client, message: Message) -> Message:
        raise AskRefused(Refused.NONE)


class WindowsAgent:
    """Everything wired. `run` returns after `stop`.

    Args:
        sid_of: the SID of an account of this machine by its name; None: there is none.
    """

    def __init__(
        self, places: Places, registry: Registry, pipe: Pipe, sid_of: Callable[[str], str | None]
    ) -> None:
        self._settings = settings = read_settings(places)
        self._journal = Journal(places.records, settings.terminal, settings.key, _now)
        self._store = PolicyStore(places.state, places.public_key, settings.group)
        self._store.load()
        self._restrictions = Restrictions(registry)
        self._written: SignedPolicy | None = None
        """Whose values stand in the registry, as far as is known."""
        self._is_right = False
        self._error = self._deaf = ""
        self._pipe = pipe
        answers = self._answers = WindowsAnswers(self._journal, self._store, self.state, self._follow)
        window = sid_of(settings.window_account) if settings.window_account else None
        self._clients = PipeClients(pipe, window, self._hello, answers.answer, lambda number: None)
        self._told: dict[str, Message] = {}
        self._stopping = False

    def state(self) -> AgentState:
        """How the agent is: never protected, see above. Its policy is the one that stands in the registry."""
        return self._state(self._written)

    def _state(self, policy: SignedPolicy | None) -> AgentState:
        why = {
            Shortfall.NO_FLOOR: True,
            Shortfall.NO_POLICY: policy is None,
            Shortfall.JOURNAL_FULL: bool(self._journal.fault),
        }
        return AgentState(
            is_protected=False,
            why=tuple(sorted(each for each, holds in why.items() if holds)),
            group=self._settings.group,
            terminal=self._settings.terminal,
            policy_version=policy.version if policy is not None else 0,
            unsent=self._journal.unsent,
        )

    def run(self) -> None:
        """Has the policy in force stand in the registry, and talks, until `stop`."""
        state = self._state(self._store.in_force)
        # before anything is opened by it: whether records can be made is known only now
        self._journal.note(
            "started",
            {
                "agent": __version__,
                "policy_version": state.policy_version,
                "why": [each.value for each in state.why],
                **({"aside": self._journal.aside} if self._journal.aside else {}),
            },
        )
        if self._store.fault:
            self._journal.note("policy_refused", {"why": self._store.fault, "kept": True})
        self._follow()
        self._listen()
        self._turn()
        self._journal.note("stopped", {})
        self._clients.close()

    def stop(self) -> None:
        """Ends `run`. May be called from any thread, or by a handler of signals."""
        self._stopping = True
        self._pipe.wake()

    def _turn(self) -> None:
        retried = looked = time.monotonic()
        while not self._stopping:
            self._pipe.wait(0.0 if self._clients.is_behind else _TURN_SECONDS)
            self._clients.turn()
            self._clients.go_on()
            self._clients.expire()
            now = time.monotonic()
            if now - retried >= _RETRY_SECONDS:
                retried = now
                self._journal.settle()
                self._listen()
                if not self._is_right or self._wanted() is not self._written:
                    self._follow()
            if now - looked >= _LOOK_SECONDS:
                looked = now
                self._look()
            self._tell()

    def _look(self) -> None:
        if self._is_right and not self._stands():
            self._failed("changed by another program")
            self._follow()

    def _wanted(self) -> SignedPolicy | None:
        """What has to stand in the registry; None: the floor alone."""
        return self._store.in_force if not self._journal.fault else None

    def _follow(self) -> bool:
        """Writes what has to stand; returns whether the policy in force does."""
        wanted, before = self._wanted(), self._written
        try:
            if wanted is None:
                self._restrictions.close()
            elif wanted is not before or not self._stands():
                self._restrictions.write(_compiled(wanted))
            self._is_right = True
        except NotWritten as error:
            self._is_right = False
            self._failed(f"{error}; {'closed' if error.is_closed else 'not closed'}")
        self._written = wanted if self._is_right else None
        if self._is_right and self._error:
            self._error = ""
            self._journal.note("floor", {"why": [each.value for each in self.state().why]})
        return self._written is not None

    def _stands(self) -> bool:
        if self._written is None:
            return self._restrictions.is_closed()
        return self._restrictions.stands(compile_policy(self._written.policy))

    def _failed(self, error: str) -> None:
        if error != self._error:
            self._error = error
            policy = self._store.in_force
            version = policy.version if policy is not None else 0
            self._journal.note("enforcement_failed", {"policy_version": version, "error": error[:200]})

    def _listen(self) -> None:
        try:
            self._clients.listen()
            self._deaf = ""
        except OSError as error:
            if str(error) != self._deaf:
                # what stands in the registry holds all the same
                self._deaf = str(error)
                _log.error("nobody can talk to the agent: %s", error)

    def _hello(self) -> list[Message]:
        return [
            {"hello": PROTOCOL, "agent": __version__},
            *({"told": kind, **message} for kind, message in self._all().items()),
        ]

    def _all(self) -> dict[str, Message]:
        return {"state": self.state().to_message(), "devices": self._answers.devices()}

    def _tell(self) -> None:
        now = self._all()
        for kind, message in now.items():
            if message != self._told.get(kind):
                self._clients.tell_all({"told": kind, **message})
        self._told = now


def _compiled(policy: SignedPolicy) -> Compiled:
    compiled = compile_policy(policy.policy)
    for finding in compiled.findings:
        _log.warning("version %d: %s: %s", policy.version, finding.what.value, finding.rule or "all of it")
    return compiled


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def main() -> int:
    """Runs the agent of this machine until it is ended. 1: another one runs. 2: this is not Windows."""
    if sys.platform == "win32":
        import msvcrt

        from madoguchi.device_control.windows_accounts import sid_of
        from madoguchi.device_control.windows_pipe import NamedPipe
        from madoguchi.device_control.windows_registry import WindowsRegistry

        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
        # under it are the same names as on Linux: etc\madoguchi-usb, var\lib\madoguchi-usb
        places = Places(Path(os.environ["ProgramData"]) / "madoguchi-usb")  # noqa: SIM112 - its name there
        places.state.mkdir(parents=True, exist_ok=True)
        with (places.state / "alone").open("ab") as alone:
            try:
                # two would write the same records
                msvcrt.locking(alone.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                _log.error("another agent runs")
                return 1
            agent = WindowsAgent(places, WindowsRegistry(), NamedPipe(), sid_of)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGBREAK):
                signal.signal(number, lambda *_: agent.stop())
            agent.run()
        return 0
    else:
        sys.stderr.write("this agent is for Windows\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
