"""The slips of one clerk's session and what became of each: in memory alone, and not for long. Pure.

Nothing of it is written anywhere. What is for a patron goes after the minutes a return can be undone in,
printed or not, for it may say who has what; of a copy on the reservation shelf only its number is here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from madoguchi.app.printing.receipt_printer import PrinterTrouble
from madoguchi.app.printing.slips import SlipContent, SlipKind
from madoguchi.app.reservations.answers import CircleRefusal

FOR_PATRONS: Final = frozenset({SlipKind.LOAN, SlipKind.RENEWAL, SlipKind.RESERVED})
MOST_SLIPS: Final = 300
FORGET_MINUTES: Final = 10
"""As the policy's ``undo_minutes`` in the first library."""


class SlipState(StrEnum):
    """What became of a slip."""

    OFFERED = "offered"
    """For a patron who may want it: printed when it is asked for."""
    WAITING = "waiting"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


class WordsTrouble(StrEnum):
    """Why there was nothing to print."""

    AWAY = "away"
    """Nobody was signed in who could ask the server."""
    LEFT = "left"
    """Whoever had it printed left while it waited."""
    FAULT = "fault"


Why = PrinterTrouble | CircleRefusal | WordsTrouble


@dataclass(slots=True)
class Spooled:
    """One slip.

    Attributes:
        content: what stands on it; None: the server is asked when it is printed.
        item_number: the copy it is about, if it is about one.
        again: whoever is here asked for it, though it had been tried before.
    """

    id: int
    kind: SlipKind
    made_at: dt.datetime
    content: SlipContent | None = field(default=None, repr=False)
    item_number: str = field(default="", repr=False)
    state: SlipState = SlipState.WAITING
    why: Why | None = None
    ended_at: dt.datetime | None = None
    again: bool = False

    @property
    def fields(self) -> Mapping[str, str]:
        """What its content says, by placeholder."""
        return self.content.values if self.content is not None else {}


class Spool:
    """The slips, the oldest first."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._slips: dict[int, Spooled] = {}
        self._last = 0
        # numbers of slips, in the order in which their printing ended
        self._ended: list[int] = []

    def add(
        self,
        kind: SlipKind,
        content: SlipContent | None = None,
        *,
        item_number: str = "",
        state: SlipState = SlipState.WAITING,
    ) -> Spooled:
        """One more; beyond what anybody looks back at, the oldest goes that is no failed one."""
        self._last += 1
        made = Spooled(self._last, kind, self._now(), content, item_number, state)
        self._slips[made.id] = made
        if len(self._slips) > MOST_SLIPS:
            oldest = (slip.id for slip in self._slips.values() if slip.state is not SlipState.FAILED)
            del self._slips[next(oldest, min(self._slips))]
        return made

    def get(self, slip_id: int) -> Spooled | None:
        """A slip by its number; None once it is forgotten."""
        return self._slips.get(slip_id)

    def all(self) -> list[Spooled]:
        """All of them."""
        return list(self._slips.values())

    @property
    def is_printing(self) -> bool:
        """Whether any slip is on its way to the printer."""
        under_way = (SlipState.WAITING, SlipState.PRINTING)
        return any(slip.state in under_way for slip in self._slips.values())

    def last(self) -> Spooled | None:
        """The one whose printing ended last, well or not; None: none was, or it is forgotten.

        While one is on its way nobody can tell: it will be the last, and the one before is somebody else's.
        """
        if self.is_printing:
            return None
        ended = (slip for number in reversed(self._ended) if (slip := self._slips.get(number)) is not None)
        return next((slip for slip in ended if slip.ended_at is not None), None)

    def failed(self) -> list[Spooled]:
        """Those that were not printed and should have been."""
        return [slip for slip in self._slips.values() if slip.state is SlipState.FAILED]

    def becomes(self, slip: Spooled, state: SlipState, why: Why | None = None) -> None:
        """What became of it now."""
        slip.state, slip.why = state, why
        ended = state in (SlipState.PRINTED, SlipState.FAILED)
        slip.ended_at = self._now() if ended else None
        if ended:
            self._ended = [
                *(number for number in self._ended if number in self._slips and number != slip.id),
                slip.id,
            ]

    def take_back(self, item_number: str, kinds: Collection[SlipKind] = tuple(SlipKind)) -> bool:
        """What was to be printed about this copy is not true any more; whether there was anything."""
        gone = [
            slip.id
            for slip in self._slips.values()
            if slip.item_number == item_number
            and slip.kind in kinds
            and slip.state in (SlipState.WAITING, SlipState.FAILED)
        ]
        for slip_id in gone:
            del self._slips[slip_id]
        return bool(gone)

    def forget_old(self) -> bool:
        """Forgets what was printed so long ago, and what is for patrons; whether there was any."""
        before = self._now() - dt.timedelta(minutes=FORGET_MINUTES)
        old = [
            slip.id
            for slip in self._slips.values()
            if (slip.state is SlipState.PRINTED and slip.ended_at is not None and slip.ended_at <= before)
            or (slip.kind in FOR_PATRONS and slip.made_at <= before)
        ]
        for slip_id in old:
            del self._slips[slip_id]
        return bool(old)

    def hand_over(self) -> None:
        """Somebody else signs in: only what a copy still goes without is for them, on its way or not printed.

        What waits was asked for by whoever was here before: it is printed when it is asked for again.
        """
        for slip in self.all():
            if slip.kind in FOR_PATRONS or slip.state in (SlipState.OFFERED, SlipState.PRINTED):
                del self._slips[slip.id]
            elif slip.state is SlipState.WAITING:
                self.becomes(slip, SlipState.FAILED, WordsTrouble.LEFT)

    def drop(self, slip_id: int) -> bool:
        """Forgets a slip that nobody wants; one that is being printed stays. Whether it is gone."""
        slip = self._slips.get(slip_id)
        if slip is None or slip.state is SlipState.PRINTING:
            return False
        del self._slips[slip_id]
        return True

    def clear(self) -> None:
        """Forgets everything."""
        self._slips.clear()
