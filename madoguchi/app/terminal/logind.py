"""What logind tells of this machine and of the desktop's session, and what it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from jeepney import DBusAddress, FileDescriptor

from madoguchi.app.terminal.system_bus import BUS, SYSTEM, BusSignal, SystemBus, Then

LOGIND: Final = "org.freedesktop.login1"
MANAGER_PATH: Final = "/org/freedesktop/login1"
MANAGER: Final = f"{LOGIND}.Manager"
SESSION: Final = f"{LOGIND}.Session"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"

HOLD_SECONDS: Final = 2.0
"""For so long at most sleep is held back; logind itself waits no more than five, as it is shipped."""

_MANAGER: Final = DBusAddress(MANAGER_PATH, bus_name=LOGIND, interface=MANAGER)
_WHO: Final = "窓口"
_WHY: Final = "スリープの前に画面をロックします"


class Logind:
    """Listens to logind for one session.

    Only what comes from the connection that has logind's name counts: any program may send us a signal
    that looks like it.

    Args:
        gone: called, in the bus' thread, when the desktop is to lock or is locked, when another session came
            to the front, when the machine goes to sleep, and when it has woken up.
        session: the session's id; without one logind is asked which is ours.
        bus: the bus' address.
        hold_seconds: for how long sleep is held back when nobody says that the lock is shown.
    """

    def __init__(
        self,
        gone: Callable[[], None],
        *,
        session: str = "",
        bus: str = SYSTEM,
        hold_seconds: float = HOLD_SECONDS,
    ) -> None:
        self._gone = gone
        self._session = session
        self._address = bus
        self._hold_seconds = hold_seconds
        self._bus: SystemBus | None = None
        self._path = ""
        self._owner = ""
        self._falling_asleep = False
        self._inhibitor: FileDescriptor | None = None

    # -- for any thread ----------------------------------------------------------------------------------

    def listen(self) -> None:
        """Begins, behind the caller's back; whatever fails is logged."""
        self._bus = SystemBus(self, self._address)

    def lock_is_shown(self) -> None:
        """Nothing of anybody is on the screen: if the machine is about to sleep, it may."""
        self._post(self._let_sleep)

    def lock_desktop(self) -> None:
        """Asks that the desktop of our session be locked; nobody waits for it."""
        self._post(self._lock_session)

    def close(self) -> None:
        """Listens no more, and lets go of what was held."""
        if self._bus is not None:
            self._bus.close()

    def _post(self, act: Callable[[], None]) -> None:
        if self._bus is not None:
            self._bus.post(act)

    # -- in the bus' thread --------------------------------------------------------------------------------

    def opened(self, bus: SystemBus) -> None:
        """The bus' call: there is a connection."""
        self._bus = bus
        bus.hear(
            sender=BUS, path="/org/freedesktop/DBus", interface=BUS, member="NameOwnerChanged", first=LOGIND
        )
        bus.hear(sender=LOGIND, path=MANAGER_PATH, interface=MANAGER, member="PrepareForSleep")
        if self._session:
            self._hear_session(f"{MANAGER_PATH}/session/{path_element(self._session)}")
        bus.ask_owner(LOGIND, lambda body: self._owner_is(*body))

    def heard(self, signal: BusSignal) -> None:
        """The bus' call: a signal came."""
        if signal.sender == BUS:
            match signal.body_untrusted:
                case (str(name), str(), str(owner)) if name == LOGIND:
                    self._owner_is(owner)
            return
        if not self._owner or signal.sender != self._owner:
            # whom a signal is addressed to gets it, whatever it asked the bus for
            return
        where, body = (signal.path, signal.interface, signal.member), signal.body_untrusted
        if where == (MANAGER_PATH, MANAGER, "PrepareForSleep"):
            match body:
                case (bool(begins),):
                    self._sleeps(begins)
        elif where == (self._path, SESSION, "Lock"):
            self._gone()
        elif where == (self._path, PROPERTIES, "PropertiesChanged"):
            match body:
                case (str(of), dict(changed), _) if of == SESSION and _is_left(changed):
                    self._gone()

    def closed(self) -> None:
        """The bus' call: nothing more comes. A machine that we hear no more of is not held back either."""
        self._owner = ""
        self._let_go()

    def _owner_is(self, owner: str) -> None:
        """Logind has come, has begun anew or is gone: then ``owner`` is empty."""
        known, self._owner = self._owner, owner
        if owner in ("", known):
            # asked who it is while it came, the bus says it twice
            return
        self._falling_asleep = False
        self._hold_sleep_back()
        if not self._path:
            # it knows: the session this process was started in, else the one its account sees
            self._ask("GetSession", ("auto",), self._session_is)

    def _session_is(self, answer_untrusted: tuple[Any, ...]) -> None:
        match answer_untrusted:
            case (str(path),):
                self._session = session_at(path)
                self._hear_session(path)

    def _hear_session(self, path: str) -> None:
        self._path = path
        bus = self._bus
        if bus is not None:
            bus.hear(sender=LOGIND, path=path, interface=SESSION, member="Lock")
            bus.hear(
                sender=LOGIND, path=path, interface=PROPERTIES, member="PropertiesChanged", first=SESSION
            )

    def _lock_session(self) -> None:
        if self._session:
            self._ask("LockSession", (self._session,), lambda _answer: None)
        elif self._bus is not None:
            self._bus.say_once("LockSession", "logind knows of no session of ours")

    def _ask(self, method: str, body: tuple[str, ...], then: Then) -> None:
        if self._bus is not None:
            self._bus.ask(_MANAGER, method, body, then)

    # -- holding sleep back --------------------------------------------------------------------------------

    def _sleeps(self, begins: bool) -> None:
        self._falling_asleep = begins
        self._gone()
        if not begins:
            self._hold_sleep_back()
        elif self._bus is not None and self._inhibitor is not None:
            # a counter that is busy with something else does not keep the machine awake
            self._bus.later(self._hold_seconds, self._inhibitor.close)

    def _hold_sleep_back(self) -> None:
        self._ask("Inhibit", ("sleep", _WHO, _WHY, "delay"), self._held)

    def _held(self, answer_untrusted: tuple[Any, ...]) -> None:
        match answer_untrusted:
            case (FileDescriptor() as inhibitor,):
                self._let_go()
                self._inhibitor = inhibitor
                if self._falling_asleep:
                    # too late for this sleep, which was not held back
                    self._let_go()

    def _let_sleep(self) -> None:
        if self._falling_asleep:
            self._let_go()

    def _let_go(self) -> None:
        inhibitor, self._inhibitor = self._inhibitor, None
        if inhibitor is not None:
            inhibitor.close()


def _is_left(changed_untrusted: dict[str, Any]) -> bool:
    """Whether a session's properties say that another one is in front, or that its desktop is locked."""
    return changed_untrusted.get("Active") == ("b", False) or changed_untrusted.get("LockedHint") == (
        "b",
        True,
    )


def path_element(text: str) -> str:
    """A session's id as logind writes it into a path: what is no letter, and a digit in front, as _hex."""
    return "".join(
        letter
        if letter.isascii() and (letter.isalpha() or (letter.isdigit() and place))
        else "".join(f"_{byte:02x}" for byte in letter.encode())
        for place, letter in enumerate(text)
    )


def session_at(path: str) -> str:
    """The id of the session that logind keeps at a path."""
    element = path.rpartition("/")[2]
    return re.sub(
        rb"_([0-9a-f]{2})", lambda found: bytes.fromhex(found[1].decode()), element.encode()
    ).decode(errors="replace")
