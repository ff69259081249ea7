"""What the agent knows of each device, and the one place where devices are opened and closed.

A device is opened only after a record of it is on the disk. Closing waits for nothing: first it is closed,
then recorded. Events are hints that something happened to a name; what counts is what the bus says when it is
read.

The kernel may be late (`patient`). Until it has answered nothing more is begun with that device: what is
decided on it meanwhile is kept, and done then.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from madoguchi.device_control.decide import Decision, Why, decide
from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.journal import Journal, NotKept
from madoguchi.device_control.known import Known, fields, told
from madoguchi.device_control.patient import Answered, Busy, Late, PatientBus, Withdrawn
from madoguchi.device_control.policy import Policy
from madoguchi.device_control.sysfs import Changed, Gone, NotDone, Unreadable

_MOST_TRIES: Final = 3
_LONG: Final = 2
"""So many times `retry` finds the kernel late before that goes on record."""


class Enforcement:
    """Every device of a bus, under a policy. Without one only root hubs are open.

    Attributes:
        known: by their name on the bus, in the order in which they came.
        changed: is called when anything of them is no more what it was.
        went: is called with a device that is gone.
    """

    def __init__(self, bus: PatientBus, journal: Journal, policy: Policy | None, *, rescue: bool) -> None:
        self._bus, self._journal, self._policy, self._rescue = bus, journal, policy, rescue
        self.known: dict[str, Known] = {}
        self._unread: dict[str, int] = {}
        """Names that could not be read, or not be closed, and how often they were looked at again since."""
        self.changed: Callable[[], None] = lambda: None
        self.went: Callable[[UsbDevice], None] = lambda device: None

    def look(self, name: str) -> None:
        """Something may have happened to what has this name: it came, went, or somebody else opened it."""
        known = self.known.get(name)
        try:
            device, readable = self._read(name)
        except (Gone, Late):
            # late is who a new one is, never who the known one is; it is looked at when that is answered
            self._unread.pop(name, None)
            if known is not None:
                self._forget(known)
            else:
                self._close_port(name)
            return
        except NotDone:
            self._unread.setdefault(name, 0)
            if known is None:
                self._close_port(name)
            return
        self._unread.pop(name, None)
        if known is not None and known.device == device:
            self._check(known)
            return
        if known is not None:
            self._forget(known)
        known = self.known[name] = Known(device, Decision(False, Why.UNREADABLE))
        if device.is_root_hub and self._bus.close_by_default():
            self._journal.note("floor", {"port": name, "closed_by_default": True})
        if readable:
            self._apply(known, self._decision(device))
        else:
            self._shut(known, known.decision)

    def _read(self, name: str) -> tuple[UsbDevice, bool]:
        """A device, and whether it can be told what it is. Raises Gone, NotDone."""
        try:
            return self._bus.read(name), True
        except Unreadable as error:
            return error.device, False

    def answered(self, answer: Answered) -> None:
        """The kernel has answered at last what it was asked of a device."""
        known = self.known.get(answer.name)
        if answer.is_done and known is not None:
            is_its = known.is_late and known.call == answer.call
            fault = answer.fault if is_its and not isinstance(answer.fault, Withdrawn) else None
            is_opening, is_behind = known.is_opening, known.is_behind
            known.is_late = known.is_opening = known.is_behind = False
            known.call = known.looks = 0
            if fault is not None and is_opening and not is_behind:
                self._not_opened(known, known.decision, fault)
            else:
                if isinstance(fault, NotDone):
                    self._failed(known, str(fault))
                # what could not be closed is tried again by `retry`
                self._catch_up(known, is_behind=is_behind, closes=fault is None)
        self.look(answer.name)

    def read_what_is_open(self, seconds: float) -> None:
        """Reads what another run of the agent left open, for so long at most, before anything is judged.

        A keyboard that the kernel is slow with would be closed else, and a copy of it be the first one.
        """
        self._bus.read_ahead([name for name in self._bus.names() if not self._is_closed(name)], seconds)

    def look_at_all(self) -> None:
        """Looks at what is plugged in, at what was, and that no controller opens by itself what comes next.

        What is open and not known yet comes first: another run of the agent opened it, and the keyboard that
        was the first stays the first.
        """
        names = self._bus.names()
        if self._bus.close_by_default():
            self._journal.note("floor", {"closed_by_default": True})
        new = sorted((name for name in names if name not in self.known), key=self._is_closed)
        for name in dict.fromkeys([*self.known, *new]):
            self.look(name)

    def go_by(self, policy: Policy) -> None:
        """From now on this policy: what it allows no more is closed first, then what it allows is opened.

        Those open now are judged before the others, in the order in which they came; a lease stays.
        """
        self._policy = policy
        judged: list[tuple[Known, Decision]] = []
        allowed: list[UsbDevice] = []
        for known in sorted(self.known.values(), key=lambda each: not each.is_open):
            if known.decision.why in (Why.ROOT_HUB, Why.LEASE, Why.UNREADABLE):
                continue
            decision = decide(policy, known.device, allowed, rescue=self._rescue)
            judged.append((known, decision))
            if decision.allowed:
                allowed.append(known.device)
        for known, decision in sorted(judged, key=lambda each: each[1].allowed):
            if known.is_open == decision.allowed == known.decision.allowed:
                known.decision = decision
            else:
                self._apply(known, decision)
        self.changed()

    def retry(self) -> None:
        """Tries again what could not be done: a record that was not written, a device that stayed open.

        And a keyboard that was one too many, when the other one went: the second time this is called, for one
        that was reset or has a loose plug is back by then.
        """
        for known in list(self.known.values()):
            if known.is_late:
                known.looks += 1
                if known.looks == _LONG:
                    self._failed(known, "the kernel has not answered yet")
            elif known.is_open and not known.decision.allowed:
                self._close(known)
            elif known.decision.why is Why.SECOND_KEYBOARD:
                decision = self._decision(known.device)
                if decision.allowed and known.is_next:
                    self._apply(known, decision)
                known.is_next = decision.allowed
            elif known.decision.why is Why.NOT_KEPT or (
                known.decision.allowed and not known.is_open and 0 < known.tries < _MOST_TRIES
            ):
                self._apply(known, self._decision(known.device))
        for name in list(self._unread):
            self.look(name)
            if name in self._unread:
                self._unread[name] += 1
                if self._unread[name] >= _MOST_TRIES and (lost := self.known.get(name)) is not None:
                    # what it is now nobody can tell
                    self._forget(lost)

    def find(self, instance: str) -> Known | None:
        """The device with this instance, if it is still plugged in."""
        return next((each for each in self.known.values() if each.device.instance == instance), None)

    def open_leased(self, device: UsbDevice) -> None:
        """Opens a device for minutes; its record is written already.

        Raises:
            Gone: it is not there, or not what it was.
            NotDone: the kernel did not open it, or not yet: then it is closed when it has.
        """
        known = self.find(device.instance)
        if known is None:
            raise Gone(device.port)
        if known.is_late:
            raise Busy("the kernel is still busy with it")
        # others may have used up this turn's time; a second person has been waited for
        self._bus.begin_turn()
        known.was_open = True
        try:
            self._bus.authorize(device)
        except Changed as error:
            self._shut(known, Decision(False, Why.CHANGED))
            raise Gone(device.port) from error
        except Late as error:
            self._is_late(known, error, is_opening=True)
            self._bus.withdraw(device.port)
            raise
        except (Gone, NotDone):
            self._close(known)
            raise
        known.decision, known.is_open = Decision(True, Why.LEASE), True
        self.changed()

    def close_leased(self, device: UsbDevice) -> bool:
        """Closes a device that was open for minutes; whether a rule allows it is asked anew.

        Returns whether that it was closed has been read back.
        """
        known = self.find(device.instance)
        if known is None:
            return not self._close_port(device.port)
        closed = self._close(known)
        decision = self._decision(device)
        if decision.allowed:
            self._apply(known, decision)
        else:
            known.decision = decision
            self.changed()
        return closed

    def is_over(self, instance: str, port: str) -> bool:
        """Whether what was open for minutes is closed, has gone, or is allowed for good."""
        if self._bus.is_late(port):
            return False
        known = self.find(instance)
        if known is not None:
            return not known.is_late and (not known.is_open or known.decision.allowed)
        # what cannot be read yet is not known
        return port in self.known or self._is_closed(port)

    def _is_closed(self, name: str) -> bool:
        try:
            return not self._bus.is_open(name)
        except Gone:
            return True
        except NotDone:
            return False

    def _decision(self, device: UsbDevice) -> Decision:
        beside = [
            each.device
            for each in self.known.values()
            if each.is_open and each.decision.why in (Why.RULE, Why.RESCUE)
            if each.device.instance != device.instance
        ]
        return decide(self._policy, device, beside, rescue=self._rescue)

    def _apply(self, known: Known, decision: Decision) -> None:
        if decision.why is Why.ROOT_HUB:
            known.decision, known.is_open = decision, True
            self.changed()
        elif known.is_late:
            known.decision, known.is_behind = decision, True
            if not decision.allowed:
                self._bus.withdraw(known.device.port)
            self.changed()
        elif decision.allowed:
            self._open(known, decision)
        else:
            self._shut(known, decision)

    def _open(self, known: Known, decision: Decision) -> None:
        try:
            self._journal.append("allowed", fields(known.device, decision))
        except NotKept:
            if not self._rescue:
                if known.decision.why is not Why.NOT_KEPT:
                    self._shut(known, Decision(False, Why.NOT_KEPT, decision.rule))
                return
            # the way back must be open with a full disk, too
            self._journal.note("allowed", fields(known.device, decision))
        known.was_open = True
        known.failures.clear()
        try:
            self._bus.authorize(known.device)
        except Late as error:
            self._is_late(known, error, is_opening=True)
        except (Gone, Changed, NotDone) as fault:
            self._not_opened(known, decision, fault)
            return
        else:
            known.is_open = True
        known.decision = decision
        self.changed()

    def _not_opened(self, known: Known, decision: Decision, fault: Exception) -> None:
        if isinstance(fault, Gone):
            self._forget(known)
        elif isinstance(fault, Changed):
            self._shut(known, Decision(False, Why.CHANGED, decision.rule))
        else:
            known.tries += 1
            known.decision = decision
            self._close(known)
            self._failed(known, str(fault))
        self.changed()

    def _shut(self, known: Known, decision: Decision) -> None:
        known.decision = decision
        self._close(known)
        self._journal.note("blocked", fields(known.device, decision), minor=not known.was_open)
        self.changed()

    def _close(self, known: Known) -> bool:
        if known.is_late:
            return False
        try:
            if self._bus.is_open(known.device.port):
                self._bus.deauthorize(known.device.port)
            known.is_open = False
        except Gone:
            known.is_open = False
        except Late as error:
            self._is_late(known, error, is_opening=False)
        except NotDone as error:
            known.is_open = True
            self._unread.setdefault(known.device.port, 0)
            self._failed(known, str(error))
        self.changed()
        return not known.is_open

    def _is_late(self, known: Known, error: Late, *, is_opening: bool) -> None:
        # counted as open until the kernel has answered: so a keyboard is the one keyboard
        known.is_open = known.is_late = True
        known.call, known.is_opening, known.looks = error.call, is_opening, 0
        known.is_behind = isinstance(error, Busy)
        self.changed()

    def _catch_up(self, known: Known, *, is_behind: bool, closes: bool) -> None:
        """The kernel is late with it no more: what it has now, and what was decided meanwhile."""
        try:
            known.is_open = self._bus.is_open(known.device.port)
        except (Gone, NotDone):
            # whoever looks at it next finds out
            return
        if is_behind:
            self._apply(known, known.decision)
        elif closes and known.is_open and not known.decision.allowed:
            self._close(known)
        self.changed()

    def _close_port(self, name: str) -> str:
        """Closes whatever is there; returns why it is not closed: empty, it is, or nothing is there."""
        try:
            if self._bus.is_open(name):
                self._bus.deauthorize(name)
        except Gone:
            pass
        except NotDone as error:
            self._unread.setdefault(name, 0)
            return str(error)
        return ""

    def _check(self, known: Known) -> None:
        """Somebody else with root may write `authorized`, too."""
        if known.is_late:
            return
        with suppress(Gone, NotDone):
            is_open = self._bus.is_open(known.device.port)
            if is_open and not known.is_open:
                self._close(known)
                self._failed(known, "opened by another program")
            elif known.is_open and not is_open:
                known.is_open = False
                self.changed()

    def _forget(self, known: Known) -> None:
        del self.known[known.device.port]
        if not known.device.is_root_hub:
            # one file of it that is not there does not mean that nothing is there
            if error := self._close_port(known.device.port):
                self._failed(known, error)
            self._journal.note("gone", told(known.device), minor=not known.was_open)
        self.went(known.device)
        self.changed()

    def _failed(self, known: Known, error: str) -> None:
        if error not in known.failures:
            known.failures.add(error)
            self._journal.note("enforcement_failed", {**told(known.device), "error": error[:200]})
