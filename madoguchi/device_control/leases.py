"""A stick opened for minutes: what was asked, what was granted, and when it ends. No clock, no device.

Times are seconds of a clock that runs on while the machine sleeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from madoguchi.device_control.channel import Ended, Refused
from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.sealed import BadText, Challenge, grant_text, mac, same

ANSWER_SECONDS: Final = 600.0
"""So long a nonce is good."""


class LeaseRefused(Exception):
    """It is not asked for, or not granted. `word` is the answer."""

    def __init__(self, word: Refused) -> None:
        super().__init__(word.value)
        self.word = word


@dataclass(frozen=True, slots=True)
class Asked:
    """A nonce that waits for the server's answer."""

    connection: int
    device: UsbDevice
    challenge: Challenge
    asked_at: float


@dataclass(slots=True)
class Lease:
    """A device that is open for minutes, or is about to be.

    Attributes:
        connection: the number of the client that asked; when it leaves, the lease ends.
        place: where it is mounted; empty: it is not yet.
        is_open: it was opened.
        ending: how it ends, once its file system is unmounted; None: it does not yet.
        closes_at: then it is closed all the same.
    """

    connection: int
    device: UsbDevice
    nonce: str
    minutes: int
    until: float
    place: str = ""
    is_open: bool = False
    ending: Ended | None = None
    closes_at: float = 0.0

    def seconds_left(self, now: float) -> float:
        """How long it has to go."""
        return max(0.0, self.until - now)


class Leases:
    """At most one lease, and for each connection at most one nonce, the last one it asked for."""

    def __init__(self, terminal: str, key: bytes) -> None:
        self._terminal, self._key = terminal, key
        self._asked: dict[int, Asked] = {}
        self.current: Lease | None = None

    def ask(self, connection: int, device: UsbDevice, minutes: int, nonce: str, now: float) -> Asked:
        """A nonce for this device, this connection, and these minutes.

        Raises:
            LeaseRefused: it is no stick, or one is open already.
        """
        if not device.is_storage_only:
            raise LeaseRefused(Refused.NOT_A_STICK)
        if self.current is not None:
            raise LeaseRefused(Refused.ALREADY)
        try:
            challenge = Challenge.about(self._terminal, nonce, device, minutes)
        except BadText as error:
            raise LeaseRefused(Refused.NOT_A_STICK) from error
        asked = self._asked[connection] = Asked(connection, device, challenge, now)
        return asked

    def mac_of(self, asked: Asked) -> str:
        """What proves to the server that the challenge is this agent's."""
        return mac(self._key, asked.challenge.text)

    def grant(self, connection: int, nonce: str, granted_mac: str, now: float) -> Lease:
        """The lease that the server granted; a nonce is good once.

        Raises:
            LeaseRefused: the nonce is not this connection's or was used, the MAC is wrong, or it is too late.
        """
        asked = self._asked.get(connection)
        if asked is None or asked.challenge.nonce != nonce:
            raise LeaseRefused(Refused.NO_SUCH_NONCE)
        minutes = asked.challenge.minutes
        if not same(mac(self._key, grant_text(self._terminal, nonce, minutes)), granted_mac):
            raise LeaseRefused(Refused.MAC)
        del self._asked[connection]
        if now - asked.asked_at > ANSWER_SECONDS:
            raise LeaseRefused(Refused.LATE)
        if self.current is not None:
            raise LeaseRefused(Refused.ALREADY)
        self.current = Lease(connection, asked.device, nonce, minutes, now + minutes * 60)
        return self.current

    def is_due(self, now: float) -> bool:
        """Whether the lease's time is over."""
        return self.current is not None and now >= self.current.until

    def ended(self) -> None:
        """There is no lease any more."""
        self.current = None

    def left(self, connection: int) -> None:
        """A client is gone, and so is what it asked for."""
        self._asked.pop(connection, None)
