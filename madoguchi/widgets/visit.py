"""A patron at the counter, and the one who has just left."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.lending.answers import CheckedOut, VisitOpened
from madoguchi.app.lending.materials import LoanGroup


@dataclass(slots=True)
class Visit:
    """One patron at the counter.

    Attributes:
        awaited: the card's answer has not come yet.
        stalled: it has not come because the line is down.
        lent_items: what was lent in this visit: group by item number.
        open_loans: all their open loans, by group, as the lending server last said.
        due_on: the due date the clerk has chosen for what follows, if any.
        overridden: a refusal was set aside, which holds until the visit ends.
    """

    card_number: str
    id: UUID = field(default_factory=uuid4)
    opened: VisitOpened | None = None
    awaited: bool = True
    stalled: bool = False
    lent_items: dict[str, LoanGroup] = field(default_factory=dict)
    open_loans: dict[LoanGroup, int] = field(default_factory=dict)
    due_on: dt.date | None = None
    overridden: bool = False

    @property
    def lent(self) -> Counter[LoanGroup]:
        """How many items were lent in this visit, by group; one that was lent twice is one."""
        return Counter(self.lent_items.values())

    def take(self, opened: VisitOpened) -> None:
        """The server's answer about the card: who it is, and what they have."""
        self.opened = opened
        self.open_loans = {use.group: use.open_loans for use in opened.patron.uses}

    def count(self, item_number: str, answer: CheckedOut) -> None:
        """One loan more."""
        self.lent_items[item_number] = answer.use.group
        self.open_loans[answer.use.group] = answer.use.open_loans


@dataclass(frozen=True, slots=True)
class PatronAtDesk:
    """Whoever is at the counter: the number of their card, empty for nobody, and their visit."""

    card: str = ""
    visit: UUID | None = None


class LastPatron(QObject):
    """Remembers the last patron's card for a few minutes: they come back for what they forgot.

    Signals:
        changed(): there is one now, or none any more.
    """

    changed = Signal()

    def __init__(self, minutes: float, parent: QObject) -> None:
        super().__init__(parent)
        self._card = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(minutes * 60_000))
        self._timer.timeout.connect(self.forget)

    @property
    def card(self) -> str:
        """The number of their card; empty when there is nobody to call back."""
        return self._card

    def remember(self, card: str) -> None:
        """They have just been served."""
        self._card = card
        self._timer.start()
        self.changed.emit()

    def forget(self) -> None:
        """Nobody can be called back."""
        self._timer.stop()
        self._card = ""
        self.changed.emit()
