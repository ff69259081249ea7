"""What is known of USB devices on the central server, and what comes of what is done about them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

RECORDS_AT_ONCE: Final = 200
"""How many of the agents' records the server lists at once."""


class DeviceRefusal(StrEnum):
    """Why something was not done; nothing was changed. The value is the server's word."""

    NOT_ALLOWED = "not_allowed"
    """Not for this role, or for who asked."""
    BAD_VALUE = "bad_value"
    SESSION_ENDED = "session_ended"
    """Whoever was to approve is not signed in any more."""
    TOO_MANY = "too_many"
    # -- the register
    LABEL_TAKEN = "label_taken"
    ENROLLED_ALREADY = "enrolled_already"
    NO_SERIAL = "no_serial"
    """A stick without a serial number cannot be told from the next one of its model."""
    NO_SUCH_DEVICE = "no_such_device"
    DISPOSED = "disposed"
    """It was disposed of, which is never undone."""
    LENT_ALREADY = "lent_already"
    NOT_LENT = "not_lent"
    # -- exceptions
    NO_KEY = "no_key"
    """No key was made for this terminal's agent (``madoguchi-server usb-agent-key``)."""
    FORGED = "forged"
    """Not what this terminal's agent made."""
    NOT_REGISTERED = "not_registered"
    """No stick of the register, or one of another kind."""
    INTERFACES_DIFFER = "interfaces_differ"
    """It says to be a registered stick, and is more or something else."""
    NO_SUCH_EXCEPTION = "no_such_exception"
    """There is none of that number at this terminal."""
    OPEN_ELSEWHERE = "open_elsewhere"
    """The stick, or what has its serial number, may be open at another terminal now."""
    OWN_REQUEST = "own_request"
    DECIDED_ALREADY = "decided_already"
    TOO_LATE = "too_late"
    """Ten minutes have passed since it was asked for."""
    REQUESTER_GONE = "requester_gone"
    """Who asked is not signed in at this terminal any more."""
    NOT_OPEN = "not_open"
    """It was never approved, or its time was over before."""
    # -- policies
    MALFORMED = "malformed"
    OLDER = "older"
    """The version is not higher than the one that is there."""


class DeviceKind(StrEnum):
    """What a registered device is."""

    STICK = "stick"
    SCANNER = "scanner"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device to be enrolled, as the agent reads it. ``app.devices.fields`` makes one of what is typed.

    Attributes:
        vendor_id: four hex digits in small letters; ``product_id`` likewise.
        serial: empty: it says none.
        interfaces: all of all configurations as the policy writes them, ``08:06:50``, sorted.
        label: what is stuck on it; no other device, of before neither, has it.
        owner: the section or person who answers for it.
    """

    kind: DeviceKind
    vendor_id: str
    product_id: str
    serial: str
    interfaces: tuple[str, ...]
    label: str
    owner: str


class DeviceState(StrEnum):
    """Where a registered device is."""

    HERE = "here"
    LENT = "lent"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A device of the register (2.2(5)②).

    Attributes:
        number: the register's own.
        lent_to: who has it now, or had it last; empty: it was never lent out.
        returned_at: None while it is lent out.
        disposed_on: the day; ``disposed_what`` says what it held and how that was erased, ``disposed_by`` who
            did it, ``disposal_noted_by`` whose login wrote it down.
    """

    number: int
    kind: DeviceKind
    vendor_id: str
    product_id: str
    serial: str
    interfaces: tuple[str, ...]
    label: str
    owner: str
    enrolled_at: dt.datetime
    enrolled_by: str
    lent_to: str = ""
    lent_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    disposed_on: dt.date | None = None
    disposed_what: str = ""
    disposed_by: str = ""
    disposal_noted_by: str = ""

    @property
    def usb_id(self) -> str:
        """``VVVV:PPPP`` as the policy writes it."""
        return f"{self.vendor_id}:{self.product_id}"

    @property
    def state(self) -> DeviceState:
        """Where it is."""
        if self.disposed_on is not None:
            return DeviceState.DISPOSED
        return DeviceState.LENT if self.lent_at is not None and self.returned_at is None else DeviceState.HERE


@dataclass(frozen=True, slots=True)
class Disposal:
    """How a device was disposed of: the day, what it held and how that was erased, and who did it."""

    on: dt.date
    what: str
    person: str


class ExceptionState(StrEnum):
    """How far an exception has come, by the server's clock."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    """Nobody decided within ten minutes."""
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    APPROVED = "approved"
    """The agent has not reported yet that it opened the stick."""
    OPEN = "open"
    ENDED = "ended"
    NOT_REPORTED = "not_reported"
    """Its time is over, and the agent has not reported its end."""


class HowEnded(StrEnum):
    """How the agent says that a lease ended."""

    TIME = "time"
    RELEASED = "released"
    WINDOW_GONE = "window_gone"
    DEVICE_GONE = "device_gone"
    AGENT_ENDED = "agent_ended"
    OTHER = "other"
    """By a word that this version does not know."""


class Verdict(StrEnum):
    """What the virus check said of what was copied."""

    CLEAN = "clean"
    FOUND = "found"
    """A file was refused by it; none of it was made visible."""
    FAILED = "failed"
    """It could not be run, or did not end; what was copied was not made visible."""


class CopyWay(StrEnum):
    """Which way files went."""

    FROM_STICK = "from_stick"
    TO_STICK = "to_stick"


@dataclass(frozen=True, slots=True)
class UsbException:
    """An exception (例外的なデータ移行): who asked for which stick at which terminal, and what became of it.

    Attributes:
        reason: why it was asked for; plain text of the requester's.
        left_seconds: how long it can still be decided on, while it waits; else 0.
        decided_by: login of who approved or refused; of one that was taken back the requester's; else empty.
        verdicts: what the virus checks said, each word once.
        files: how many files were copied, both ways, and found clean; ``bytes`` their size together.
    """

    number: int
    state: ExceptionState
    terminal: str
    device_number: int
    device_label: str
    device_owner: str
    usb_id: str
    serial: str
    login: str
    name: str
    reason: str
    minutes: int
    asked_at: dt.datetime
    left_seconds: int = 0
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    begun_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    how_ended: HowEnded | None = None
    verdicts: tuple[Verdict, ...] = ()
    files: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """The server's proof for the agent that an exception was approved; good once, for that one stick."""

    nonce: str
    minutes: int
    mac: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PolicyOfTerminal:
    """The newest policy of this terminal's group, as it was signed; the agent checks it, not we.

    Attributes:
        version: 0: none was put there yet; then ``text`` is empty.
    """

    group: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A version of a group's policy on the server. What was put there stays."""

    group: str
    version: int
    text: str
    put_at: dt.datetime
    put_by: str


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """A record as the agent sends it: its number, its JSON and its MAC. What it says is the agent's."""

    seq: int
    text: str
    mac: str


class RecordTrouble(StrEnum):
    """Why the server took no more of an agent's records."""

    MAC = "mac"
    """Not made by this terminal's agent after the record before, or changed on the way."""
    ORDER = "order"
    """One before it is missing."""
    CHANGED = "changed"
    """One of this number was taken before, and said something else."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server took of an agent's records; text and MAC are for the agent, which then lets go of them.

    Attributes:
        up_to: the number of the last record that the server has.
        text: empty where it has other records than the agent (``RecordTrouble.CHANGED``): none is receipted.
        trouble: why it took none after that; None: it took all.
    """

    up_to: int
    text: str
    mac: str = field(repr=False)
    trouble: RecordTrouble | None = None


@dataclass(frozen=True, slots=True)
class AgentSeen:
    """What the server knows of a terminal's agent.

    Attributes:
        has_key: a key was made for it.
        heard_at: when its last new record came; None: none ever did.
        policy_version: which one it said last that it has; 0: none.
        is_protected: whether its floor held when it last said; None: it never did.
        is_silent: it has sent nothing for so long as was asked.
        trouble: why its last records were not taken; None: they were.
    """

    terminal: str
    branch: str
    group: str
    has_key: bool
    heard_at: dt.datetime | None
    last_seq: int
    policy_version: int
    newest_version: int
    is_protected: bool | None
    is_silent: bool
    trouble: RecordTrouble | None


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record of an agent on the server.

    Attributes:
        at: by the agent's clock; where that cannot be read, when it was taken.
        what: the agent's word: ``allowed``, ``blocked``, ``lease`` …
        said: the rest of it; texts in it come from devices and are untrusted.
        place: where it is among all records; given back, the ones behind it are listed.
    """

    terminal: str
    seq: int
    at: dt.datetime
    what: str
    said_untrusted: Mapping[str, object]
    place: str = ""


@dataclass(frozen=True, slots=True)
class UsbReport:
    """A month of USB control.

    Attributes:
        first: the first day of the month, by the library's clock.
        exceptions: all asked for in it, the first one first.
        enrolled, disposed: devices of the register enrolled and disposed of in it.
        lent: those lent out in it.
        happened: how many records of each word the agents sent of it (``blocked``, ``allowed`` …).
        silent_terminals: terminals that are in use and sent none of it.
    """

    first: dt.date
    exceptions: tuple[UsbException, ...]
    enrolled: tuple[RegisteredDevice, ...]
    disposed: tuple[RegisteredDevice, ...]
    lent: tuple[RegisteredDevice, ...]
    happened: Mapping[str, int]
    silent_terminals: tuple[str, ...]
