"""How USB stands at this terminal: what the agent says, what was blocked, the exception that is open.

The window decides nothing: it shows, asks, and hands on (`docs/decisions/0036-usb-device-control.md`).
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.device_control.channel import (
    WARN_SECONDS,
    AgentState,
    BadMessage,
    DeviceSeen,
    Ended,
    LeaseSeen,
    Refused,
)
from madoguchi.device_control.client import AgentRefused
from madoguchi.device_control.decide import Why
from madoguchi.widgets.agent_link import AgentLink, Answer, Fields
from madoguchi.widgets.device_relay import DeviceRelay
from madoguchi.widgets.usb_standing import Standing
from madoguchi.widgets.worker import DatabaseWorker

TICK_MS: Final = 1_000
ASK_MS: Final = 10_000
"""How often the agent is asked how it is: one that stands still says nothing by itself."""
CLOSING_MS: Final = 2_000
"""Longer than the agent takes to close a stick in good order (0036)."""
_EXPECTED_BLOCKS: Final = frozenset({Why.BLOCK_RULE})
"""Blocked because somebody decided so: nobody has to be told."""

_log = logging.getLogger(__name__)


class DeviceDesk(QObject):
    """Lives as long as the window.

    Attributes:
        exception: the server's number of the exception that is open, or whose proof the agent has; 0: none.
        cut_off: whether the last one was ended since the server cannot be reached.

    Signals:
        changed(): something of it is not what it was; also each second while an exception is open.
        blocked(device): a ``DeviceSeen`` that came and was blocked.
        began(minutes): the stick is open.
        warned(seconds): the exception ends soon.
        ended(how): it has ended: how, an ``Ended``.
    """

    changed = Signal()
    blocked = Signal(object)
    began = Signal(int)
    warned = Signal(int)
    ended = Signal(object)

    def __init__(
        self,
        link: AgentLink | None,
        worker: DatabaseWorker,
        *,
        expected: bool,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.link = link
        self.devices: tuple[DeviceSeen, ...] = ()
        self._now = now
        self._expected = expected and link is not None
        self._state: AgentState | None = None
        self._unseen: dict[str, DeviceSeen] = {}
        self._known: set[str] = set()
        self._lease: LeaseSeen | None = None
        self.exception = 0
        self.cut_off = False
        self._ends_at = 0.0
        self._warned = False
        self._looking = False
        self._states_told = 0
        self._relay = DeviceRelay(link, worker) if link is not None else None
        self._ticking = QTimer(self)
        self._ticking.setInterval(TICK_MS)
        self._ticking.timeout.connect(self._tick)
        self._asking = QTimer(self)
        self._asking.timeout.connect(self._ask)
        if link is not None:
            link.connected.connect(self._connected)
            link.told.connect(self._told)

    def start(self) -> None:
        """Begins to look for the agent."""
        if self.link is not None:
            self.link.start()
            self._asking.start(ASK_MS)

    def close(self) -> None:
        """Ends the connection to the agent, and with it an exception."""
        self._asking.stop()
        self.end_session()
        if self.link is not None:
            self.link.close()

    # -- for the window ------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        """How USB stands now."""
        return Standing(self._expected, self._state, tuple(self._unseen.values()), self.lease_seconds())

    @property
    def lease(self) -> LeaseSeen | None:
        """The exception that is open, as the agent says."""
        return self._lease

    @property
    def is_warned(self) -> bool:
        """Whether it has been said that the exception ends soon."""
        return self._warned

    def lease_seconds(self) -> int | None:
        """How long the exception lasts; None: none is open."""
        if self._lease is None:
            return None
        return max(0, math.ceil(self._ends_at - self._now()))

    def device(self, instance: str) -> DeviceSeen | None:
        """A device that is plugged in, by its instance."""
        return next((device for device in self.devices if device.instance == instance), None)

    def look(self, looking: bool) -> None:
        """Somebody looks at the list of devices, or does not any more: what was blocked has been seen."""
        self._looking = looking
        if looking and self._unseen:
            self._unseen.clear()
            self.changed.emit()

    def begin_session(self) -> None:
        """Somebody has signed in."""
        if self._relay is not None and self._expected:
            self._relay.begin()

    def end_session(self) -> None:
        """Nobody is signed in any more: the exception ends at once."""
        self.release_any()
        self._looking = False
        if self._relay is not None:
            self._relay.end()

    def release(self, *, cut_off: bool = False) -> None:
        """Ends the exception; ``cut_off``: since the server cannot be reached."""
        if self.link is not None and self._lease is not None:
            self.cut_off = cut_off
            self.link.ask("release", self._released)

    def release_any(self) -> None:
        """Ends what the agent has opened for this window, or is about to, whether it is seen here or not."""
        if self.link is not None and self.link.up:
            self.link.ask("release", self._released)

    def expect_lease(self, exception: int) -> None:
        """The agent is handed the server's proof of ``exception``, by its number.

        What becomes of it is told. The answer says the same, but may come home after what was told since: of
        a lease that has ended meanwhile, or of one that has its place by then.
        """
        self.exception = exception

    def _released(self, answer: Answer) -> None:
        if isinstance(answer, dict):
            self._end(Ended.RELEASED)
        elif isinstance(answer, AgentRefused) and answer.word == Refused.NONE and self.exception:
            # one whose time is over is refused as well while it is closed; that it has ended is told then
            QTimer.singleShot(CLOSING_MS, self, partial(self._end_of, self.exception))

    def _end_of(self, exception: int) -> None:
        if self.exception == exception:
            self._end(Ended.RELEASED)

    # -- what the agent says -------------------------------------------------------------------------------

    def _connected(self, up: bool) -> None:
        if up:
            # state and devices are told behind the greeting
            return
        self._state = None
        self.devices = ()
        self._known.clear()
        self._unseen.clear()
        self._end(Ended.AGENT_ENDED)
        self.changed.emit()

    def _ask(self) -> None:
        if self.link is not None and self.link.up:
            self.link.ask("state", partial(self._answered, self._states_told))

    def _answered(self, told_before: int, answer: Answer) -> None:
        # what was told while the answer was on its way is newer
        if isinstance(answer, dict) and told_before == self._states_told:
            self._take("state", answer)

    def _told(self, what: str, fields: Fields) -> None:
        self._states_told += what == "state"
        self._take(what, fields)

    def _take(self, what: str, fields: Fields) -> None:
        try:
            if what == "state":
                self._take_state(AgentState.from_message(fields))
            elif what == "devices":
                self._take_devices(tuple(map(DeviceSeen.from_message, fields["devices"])))
            elif what == "lease":
                self._take_lease(LeaseSeen.from_message(fields))
        except (BadMessage, KeyError, TypeError):
            # what its sender said is not repeated: a device's text may be in it
            _log.error("the USB agent said something that cannot be read: %s", what)

    def _take_state(self, state: AgentState) -> None:
        changed, self._state = state != self._state, state
        if self._relay is not None:
            self._relay.knows(state.policy_version, state.unsent)
        if changed:
            self.changed.emit()

    def _take_devices(self, devices: tuple[DeviceSeen, ...]) -> None:
        self.devices = devices
        there = {device.instance for device in devices}
        self._unseen = {
            device.instance: device
            for device in devices
            if device.instance in self._unseen and not device.allowed
        }
        new = [
            device
            for device in devices
            if not device.allowed
            and device.instance not in self._known
            and device.why not in _EXPECTED_BLOCKS
        ]
        self._known = (self._known & there) | {each.instance for each in devices if not each.allowed}
        if not self._looking:
            self._unseen.update((device.instance, device) for device in new)
        self.changed.emit()
        for device in new:
            self.blocked.emit(device)

    def _take_lease(self, lease: LeaseSeen) -> None:
        if lease.ended is not None:
            self._end(lease.ended)
            return
        begins = self._lease is None
        self._lease = lease
        self._ends_at = self._now() + lease.seconds_left
        if begins:
            self._warned = self.cut_off = False
            self._ticking.start()
            self.began.emit(lease.minutes)
        self.changed.emit()

    def _end(self, how: Ended) -> None:
        if self._lease is None:
            return
        self._lease, self._warned, self.exception = None, False, 0
        self._ticking.stop()
        self.ended.emit(how)
        self.changed.emit()

    def _tick(self) -> None:
        left = self.lease_seconds()
        if left is None:
            return
        if left <= WARN_SECONDS and not self._warned:
            self._warned = True
            self.warned.emit(left)
        self.changed.emit()
