"""A granted lease carried out: recorded, held by systemd, opened, mounted; and ended, however it ends."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from madoguchi.device_control.channel import Ended, LeaseSeen, Refused
from madoguchi.device_control.enforcing import Enforcement
from madoguchi.device_control.errands import Errands
from madoguchi.device_control.guard import Guard
from madoguchi.device_control.journal import Journal, NotKept
from madoguchi.device_control.kept_files import keep, remove
from madoguchi.device_control.known import told
from madoguchi.device_control.leases import Lease, Leases
from madoguchi.device_control.mounting import Systemd
from madoguchi.device_control.places import Places
from madoguchi.device_control.sysfs import Gone, NotDone

_log = logging.getLogger(__name__)

_ENDED: Final = "ended"
"""In the lease's file: its end is on record, and its stick was not closed yet."""
_UNMOUNT_SECONDS: Final = 1.0
_GRACE_SECONDS: Final = 3.0
"""So much later than the agent's own timer systemd's comes, which is there for when the agent is not."""

Then = Callable[[Refused | None], None]


def _nothing() -> None: ...


class LeaseHolder:
    """Carries out the current lease of `leases`.

    Args:
        account: number and group of the account that a stick is mounted for; None: for nobody.
        now: the time, on a clock that runs on while the machine sleeps.
        said: is told of a lease that was opened, mounted or has ended.
    """

    def __init__(
        self,
        leases: Leases,
        enforcement: Enforcement,
        journal: Journal,
        errands: Errands,
        guard: Guard,
        systemd: Systemd,
        places: Places,
        account: tuple[int, int] | None,
        now: Callable[[], float],
        said: Callable[[LeaseSeen], None],
    ) -> None:
        self._leases, self._enforcement, self._journal, self._errands = leases, enforcement, journal, errands
        self._guard = guard
        self._systemd, self._places, self._account, self._now, self._said = (
            systemd,
            places,
            account,
            now,
            said,
        )
        self._mounting = False
        self._closed: Callable[[], None] = _nothing
        self._told_by = 0.0
        """When whoever asked for its end is told, though it could not be closed."""
        self._left: dict[str, Any] | None = None
        """Of a lease that has ended, until its stick is known to be closed."""

    def recover(self) -> None:
        """Says of a lease that another run of the agent left that it has ended.

        Called before anything is decided on, so that the stick is closed like any other; then `settle`.
        """
        try:
            lease = json.loads(self._places.lease.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            _log.error("a lease of before cannot be read: %s", error)
            lease = {}
        if not isinstance(lease, dict):
            lease = {}
        if not lease.pop(_ENDED, False):
            self._journal.note("lease_ended", {"how": Ended.AGENT_ENDED.value, **lease})
        self._left = lease

    def settle(self) -> None:
        """Lets go of a lease that has ended, once its stick is closed; until then systemd's timer stays.

        Called when everything is decided on that is there at the agent's start, and at each turn of the loop.
        """
        if self._left is None:
            return
        instance, port, nonce = (str(self._left.get(name, "")) for name in ("instance", "port", "nonce"))
        if not self._enforcement.is_over(instance, port):
            return
        self._left = None
        self._guard.dismiss()
        with suppress(OSError):
            remove(self._places.lease)
        if nonce:
            self._errands.run(self._systemd.end_timer(nonce))
        self._unmount_left()
        self._tell_closed()

    def begin(self, lease: Lease, then: Then) -> None:
        """Opens the device; `then` is told in the loop why it was not, or None: it is open."""
        if self._left is not None:
            self._leases.ended()
            then(Refused.ALREADY)
            return
        fields = self._fields(lease)
        try:
            # the file first: by it the next run of the agent records the end of what this one began
            keep(self._places.lease, json.dumps(fields))
            self._journal.append("lease", fields)
        except (OSError, NotKept) as error:
            _log.error("the lease cannot be kept: %s", error)
            self._leases.ended()
            with suppress(OSError):
                remove(self._places.lease)
            then(Refused.NOT_KEPT)
            return
        self._guard.stand(partial(self._guarded, lease, then))

    def unmount(self, how: Ended, closed: Callable[[], None] = _nothing) -> None:
        """Ends the lease in good order: unmounted, then closed; closed in any case after a second.

        `closed` is called once it is.
        """
        lease = self._leases.current
        if lease is None or lease.ending is not None:
            return
        self._closed = closed
        if not lease.place:
            self.end(how)
            return
        lease.ending, lease.closes_at = how, self._now() + _UNMOUNT_SECONDS

        def unmounted(done: bool) -> None:
            # a file that is still open in it does not keep it
            del done
            if self._leases.current is lease:
                self.end(how)

        self._errands.run(self._systemd.unmount(self._places.stick), unmounted)

    def end(self, how: Ended) -> bool:
        """Ends the lease at once, if there is one: first it is closed. Returns whether there was one.

        The kernel may be late with closing it: then nothing else is lent before it has.
        """
        lease = self._leases.current
        if lease is None:
            return False
        how = lease.ending or how
        self._leases.ended()
        closed = self._enforcement.close_leased(lease.device)
        self._left = self._fields(lease)
        self._journal.note("lease_ended", {"how": how.value, **self._left})
        if not closed:
            # systemd's timer goes by this file, and the agent's next run must not record its end again
            with suppress(OSError):
                keep(self._places.lease, json.dumps({**self._left, _ENDED: True}))
        self._unmount_left()
        self._said(LeaseSeen(lease.device.instance, lease.minutes, 0, "", how))
        self._told_by = self._now() + _UNMOUNT_SECONDS
        self.settle()
        return True

    def tick(self) -> None:
        """Ends what is due, or can be recorded no more; goes on with mounting, and with what has ended."""
        self.settle()
        now = self._now()
        lease = self._leases.current
        if lease is None:
            if now >= self._told_by:
                self._tell_closed()
            return
        if lease.ending is not None:
            if now >= lease.closes_at:
                self.end(lease.ending)
        elif self._leases.is_due(now):
            self.unmount(Ended.TIME)
        elif self._journal.fault:
            self.end(Ended.AGENT_ENDED)
        elif lease.is_open and not lease.place and self._account is not None:
            self._mount(lease, self._account)

    def seen(self) -> LeaseSeen | None:
        """The lease as clients are told of it; None: nothing is lent."""
        lease = self._leases.current
        if lease is None or not lease.is_open:
            return None
        left = lease.seconds_left(self._now())
        return LeaseSeen(lease.device.instance, lease.minutes, round(left), lease.place)

    def _guarded(self, lease: Lease, then: Then, stands: bool) -> None:
        if self._is_no_more(lease, then):
            return
        if not stands:
            self._cannot(lease, "no guard stands", then)
            return
        seconds = lease.seconds_left(self._now()) + _GRACE_SECONDS
        self._errands.run(self._systemd.timer(lease.nonce, seconds), partial(self._held, lease, then))

    def _is_no_more(self, lease: Lease, then: Then) -> bool:
        """Whether the device or the window went while somebody was waited for."""
        if self._leases.current is lease:
            return False
        then(Refused.GONE)
        return True

    def _cannot(self, lease: Lease, error: str, then: Then) -> None:
        self._failed(lease, error)
        self.end(Ended.AGENT_ENDED)
        then(Refused.NOT_KEPT)

    def _held(self, lease: Lease, then: Then, done: bool) -> None:
        if self._is_no_more(lease, then):
            return
        if not done:
            self._cannot(lease, "systemd made no timer", then)
            return
        try:
            self._enforcement.open_leased(lease.device)
        except Gone:
            self.end(Ended.DEVICE_GONE)
            then(Refused.GONE)
            return
        except NotDone as error:
            self._cannot(lease, str(error), then)
            return
        lease.is_open = True
        self._mounting = False
        then(None)
        if (seen := self.seen()) is not None:
            self._said(seen)

    def _mount(self, lease: Lease, account: tuple[int, int]) -> None:
        if not self._mounting:
            if self._systemd.is_mounted(self._places.stick):
                # somebody sits in what was lent before; it goes away with them
                return
            found = self._systemd.file_systems(lease.device.port)
            if len(found) == 1:
                self._mounting = True
                self._errands.run(self._systemd.mount(found[0], self._places.stick, account))
        elif self._systemd.is_mounted(self._places.stick):
            lease.place = str(self._places.stick)
            if (seen := self.seen()) is not None:
                self._said(seen)

    def _tell_closed(self) -> None:
        then, self._closed = self._closed, _nothing
        then()

    def _unmount_left(self) -> None:
        if self._systemd.is_mounted(self._places.stick):
            self._errands.run(self._systemd.unmount(self._places.stick))

    def _failed(self, lease: Lease, error: str) -> None:
        self._journal.note("enforcement_failed", {**told(lease.device), "error": error[:200]})

    def _fields(self, lease: Lease) -> dict[str, Any]:
        return {"nonce": lease.nonce, "minutes": lease.minutes, **told(lease.device)}
