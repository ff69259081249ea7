"""The agent: one loop that hears the kernel, serves the socket, and keeps time. Run by systemd, as root.

`docs/decisions/0036-usb-device-control.md`, `docs/device-control.md`.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from madoguchi import __version__
from madoguchi.device_control.answers import Answers
from madoguchi.device_control.channel import PROTOCOL, AgentState, Ended, LeaseSeen, Shortfall
from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.enforcing import Enforcement
from madoguchi.device_control.errands import Errands
from madoguchi.device_control.floor import Floor, read_floor
from madoguchi.device_control.guard import Guard
from madoguchi.device_control.journal import Journal
from madoguchi.device_control.lease_holder import LeaseHolder
from madoguchi.device_control.leases import Leases
from madoguchi.device_control.mounting import Systemd
from madoguchi.device_control.netlink import Uevents
from madoguchi.device_control.patient import PatientBus
from madoguchi.device_control.places import Places, read_settings
from madoguchi.device_control.policy_store import PolicyStore
from madoguchi.device_control.serving import Message, Server, account
from madoguchi.device_control.sysfs import Bus, SysfsBus

_log = logging.getLogger(__name__)

_TURN_SECONDS: Final = 0.5
_RETRY_SECONDS: Final = 1.0
_START_SECONDS: Final = 8.0
_LOOK_SECONDS: Final = 30.0
"""So often everything is looked at, though no event said so, and the floor is read again."""


class Agent:
    """Everything wired. `run` returns after `stop`; nothing is opened before it."""

    def __init__(
        self,
        places: Places,
        bus: Bus,
        uevents: Uevents,
        systemd: Systemd,
        floor: Callable[[], Floor],
        uptime: Callable[[], float],
    ) -> None:
        self._uevents, self._read_floor, self._uptime = uevents, floor, uptime
        self._floor = floor()
        self._settings = settings = read_settings(places)
        self._places = places
        self._window = account(settings.window_account)
        self._bus = PatientBus(bus)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bus.woken, selectors.EVENT_READ, self._kernel_answered)
        self._journal = Journal(places.records, settings.terminal, settings.key, _now)
        self._store = PolicyStore(places.state, places.public_key, settings.group)
        self._store.load()
        policy = self._store.in_force.policy if self._store.in_force is not None else None
        self._enforcement = Enforcement(self._bus, self._journal, policy, rescue=self._floor.rescue)
        self._enforcement.went = self._went
        errands = self._errands = Errands(self._selector)
        leases = self._leases = Leases(settings.terminal, settings.key)
        self._holder = LeaseHolder(
            leases,
            self._enforcement,
            self._journal,
            errands,
            Guard(self._selector, systemd.guard),
            systemd,
            places,
            self._window,
            uptime,
            self._lease,
        )
        self._answers = Answers(
            self._enforcement, self._journal, self._store, leases, self._holder, self.state, uptime
        )
        allowed = frozenset({0, *(self._window[:1] if self._window is not None else ())})
        self._server = Server(self._selector, allowed, self._hello, self._answers.answer, self._left)
        self._told: dict[str, Message] = {}
        self._stopping = False
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._selector.register(self._wake, selectors.EVENT_READ, lambda: os.eventfd_read(self._wake))

    def state(self) -> AgentState:
        """How the agent is."""
        policy = self._store.in_force
        why = {
            Shortfall.NO_FLOOR: not self._floor.closed,
            Shortfall.USBGUARD: self._floor.usbguard,
            Shortfall.RESCUE: self._floor.rescue,
            Shortfall.NO_POLICY: policy is None,
            Shortfall.JOURNAL_FULL: bool(self._journal.fault),
        }
        # without a policy or a journal everything is closed: nobody can work, but nothing is open either
        opens = (Shortfall.NO_FLOOR, Shortfall.USBGUARD, Shortfall.RESCUE)
        return AgentState(
            is_protected=not any(why[each] for each in opens),
            why=tuple(sorted(each for each, holds in why.items() if holds)),
            group=self._settings.group,
            terminal=self._settings.terminal,
            policy_version=policy.version if policy is not None else 0,
            unsent=self._journal.unsent,
        )

    def run(self) -> None:
        """Decides on what is there, then on what comes, until `stop`.

        Raises:
            OSError: the kernel is not heard any more.
        """
        self._selector.register(self._uevents, selectors.EVENT_READ, self._hear)
        self._holder.recover()
        policy = self._store.in_force
        self._journal.note(
            "started",
            {
                "agent": __version__,
                "policy_version": policy.version if policy is not None else 0,
                "why": [each.value for each in self.state().why],
                **({"aside": self._journal.aside} if self._journal.aside else {}),
            },
        )
        if self._store.fault:
            self._journal.note("policy_refused", {"why": self._store.fault, "kept": True})
        self._enforcement.read_what_is_open(_START_SECONDS)
        self._enforcement.look_at_all()
        self._holder.settle()
        try:
            self._server.listen(self._places.socket, self._window[1] if self._window is not None else None)
        except OSError as error:
            # devices are decided on all the same
            _log.error("nobody can talk to the agent: %s", error)
        _notify("READY=1")
        self._turn()
        self._holder.end(Ended.AGENT_ENDED)
        self._journal.note("stopped", {})
        self._server.close()
        self._bus.close()

    def stop(self) -> None:
        """Ends `run`. May be called by a handler of signals."""
        self._stopping = True
        os.eventfd_write(self._wake, 1)

    def _turn(self) -> None:
        looked = self._uptime()
        retried = alive = time.monotonic()
        while not self._stopping:
            ready = self._selector.select(self._pause())
            self._bus.begin_turn()
            for key, _ in ready:
                key.data()
            self._server.go_on()
            now = time.monotonic()
            self._holder.tick()
            self._errands.expire()
            self._server.expire()
            if now - alive >= 1.0:
                alive = now
                _notify("WATCHDOG=1")
            if now - retried >= _RETRY_SECONDS:
                retried = now
                self._journal.settle()
                self._enforcement.retry()
            if self._uptime() - looked >= _LOOK_SECONDS:
                looked = self._uptime()
                self._enforcement.look_at_all()
                self._look_at_floor()
            self._tell()

    def _pause(self) -> float:
        if self._server.is_behind:
            return 0.0
        lease, now = self._leases.current, self._uptime()
        if lease is None:
            return _TURN_SECONDS
        left = lease.seconds_left(now) if lease.ending is None else lease.closes_at - now
        return max(0.0, min(_TURN_SECONDS, left))

    def _hear(self) -> None:
        events = self._uevents.take()
        if events is None:
            self._enforcement.look_at_all()
            return
        for name in dict.fromkeys(event.name for event in events):
            self._enforcement.look(name)

    def _kernel_answered(self) -> None:
        for answer in self._bus.answered():
            self._enforcement.answered(answer)

    def _look_at_floor(self) -> None:
        floor = self._read_floor()
        if floor != self._floor:
            self._floor = floor
            self._journal.note("floor", {"why": [each.value for each in self.state().why]})

    def _went(self, device: UsbDevice) -> None:
        lease = self._leases.current
        if lease is not None and lease.device.instance == device.instance:
            self._holder.end(Ended.DEVICE_GONE)

    def _left(self, connection: int) -> None:
        self._leases.left(connection)
        lease = self._leases.current
        if lease is not None and lease.connection == connection:
            self._holder.end(Ended.WINDOW_GONE)

    def _hello(self) -> list[Message]:
        lease = self._holder.seen()
        return [
            {"hello": PROTOCOL, "agent": __version__},
            *({"told": kind, **message} for kind, message in self._all().items()),
            *([{"told": "lease", **lease.to_message()}] if lease is not None else []),
        ]

    def _lease(self, seen: LeaseSeen) -> None:
        self._server.tell_all({"told": "lease", **seen.to_message()})

    def _all(self) -> dict[str, Message]:
        return {"state": self.state().to_message(), "devices": self._answers.devices()}

    def _tell(self) -> None:
        if not self._server.clients:
            return
        now = self._all()
        for kind, message in now.items():
            if message != self._told.get(kind):
                self._server.tell_all({"told": kind, **message})
        self._told = now


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def uptime() -> float:
    """Seconds since the machine was started, also those that it slept; nobody can set this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _notify(text: str) -> None:
    """Tells systemd, where it started us (sd_notify(3))."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if place:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to_systemd:
            # whoever listens there does not make the agent wait
            to_systemd.setblocking(False)
            with suppress(OSError):
                to_systemd.sendto(text.encode(), "\0" + place[1:] if place.startswith("@") else place)


def main(arguments: list[str] | None = None) -> int:
    """Runs the agent of this machine until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    os.umask(0o077)
    places = Places()
    alone = os.open(places.run, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # two would write the same records
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _log.error("another agent runs")
        return 1
    agent = Agent(places, SysfsBus(), Uevents(), Systemd(), read_floor, uptime)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.stop())
    status = 0
    try:
        agent.run()
    except Exception:  # noqa: BLE001 - whatever it was: systemd closes what is lent, and starts another one
        _log.exception("the agent ends")
        status = 1
    logging.shutdown()
    # the interpreter would wait for the threads that wait for the kernel
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
