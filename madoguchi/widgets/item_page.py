"""What returning and renewing have in common: an item alone, no patron; what is on its way outlives the page.

A clerk signs out while the line is down, and the server does what was asked a minute later: where the item
goes must be told to somebody. An act on its way is therefore handed to the next session's page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from madoguchi.app.lending.answers import CheckedIn, Refused, Renewed
from madoguchi.app.reservations.answers import Cleared, NotDone
from madoguchi.barcode.symbology import ItemCode, ParsedCode
from madoguchi.widgets.kept_pages import KeptRow
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Answer, QuestionView, RightColumn, StripView
from madoguchi.widgets.scan_page import Entry, ScanPage, Surroundings
from madoguchi.widgets.scan_views import pending_row
from madoguchi.widgets.wording import Words

if TYPE_CHECKING:
    # heavy, and only a name here
    from madoguchi.app.server.gateway import Connected

ItemAnswer = CheckedIn | Renewed | Refused | Cleared | NotDone


@dataclass(slots=True)
class UnderWay:
    """One item's act on its way, and what has come of it so far. Knows nothing of any person.

    Attributes:
        parted: whoever brought the item has gone: no title belongs on the screen any more.
        clears: the item is taken off the reservation shelf, which is no return.
        changed: told when something has come; None while no page shows it.
    """

    item_number: str
    answer: ItemAnswer | None = None
    stalled: bool = False
    faulted: bool = False
    parted: bool = False
    clears: bool = False
    changed: Callable[[], None] | None = None

    def take(self, answer: ItemAnswer) -> None:
        """The server's answer."""
        self.answer = answer
        self._tell()

    def stall(self) -> None:
        """The line is down."""
        self.stalled = True
        self._tell()

    def fault(self) -> None:
        """A bug was met."""
        self.faulted = True
        self._tell()

    def _tell(self) -> None:
        if self.changed is not None:
            self.changed()


class ItemPage(ScanPage):
    """Asks for something about an item alone."""

    def __init__(self, look: Look, around: Surroundings, right: RightColumn) -> None:
        super().__init__(look, around, right)
        self._under_way: dict[int, UnderWay] = {}
        self._left_over: list[UnderWay] = []
        self._quiet = False

    # -- what such a page must say of itself -----------------------------------------------------------

    def asked_about(self, operation: UUID, item_number: str) -> Callable[[Connected], ItemAnswer]:
        """What is asked of the server about an item."""
        raise NotImplementedError

    def came(self, entry: Entry, act: UnderWay, answer: ItemAnswer) -> None:
        """The server's answer."""
        raise NotImplementedError

    def undone_words(self, act: UnderWay) -> Words:
        """What is not done while the line is down, and what not to do meanwhile."""
        raise NotImplementedError

    def begun(self, item_number: str) -> UnderWay:
        """What is on its way now that an item was read."""
        return UnderWay(item_number)

    def question_for(self, entry: Entry) -> QuestionView | None:
        del entry
        return None

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        del entry, answer, reason

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        if not isinstance(code, ItemCode):
            self.add_not_an_item(code)
            return
        entry, act = self.add_pending(code.number), self.begun(code.number)
        self._follow(entry, act)
        self._around.worker.ask(
            self.asked_about(entry.operation, code.number), act.take, act.stall, act.fault
        )

    def _follow(self, entry: Entry, act: UnderWay) -> None:
        def changed() -> None:
            self._show_act(entry, act)

        self._under_way[entry.row.key] = act
        act.changed = changed

    def _show_act(self, entry: Entry, act: UnderWay) -> None:
        if act.answer is not None:
            self._unfollow(entry)
            self.came(entry, act, act.answer)
        elif act.faulted:
            self._unfollow(entry)
            self.settle_fault(entry)
        elif act.stalled:
            words = self.undone_words(act)
            self.settle_outage(entry, words.state, words.detail)

    def _unfollow(self, entry: Entry) -> None:
        self._under_way.pop(entry.row.key).changed = None

    def say(self, view: StripView) -> None:
        if not self._quiet:
            super().say(view)

    # -- from one session to the next ------------------------------------------------------------------

    def left_over(self) -> int:
        """How many acts of the session before are still to be shown."""
        return len(self._left_over)

    def adopt(self, acts: Iterable[UnderWay]) -> None:
        """Takes over what the session before had on its way; it is shown when the page comes into sight."""
        self._left_over.extend(acts)

    def hand_over(self) -> list[UnderWay]:
        """The session ends: gives away what nobody was told yet."""
        acts = [*self._left_over, *self._under_way.values()]
        self._left_over.clear()
        self._under_way.clear()
        for act in acts:
            act.changed = None
        return acts

    def keep_row(self, entry: Entry) -> KeptRow | None:
        """What is under way is not kept but handed over: whoever signs in next must be told."""
        return None if entry.row.key in self._under_way else super().keep_row(entry)

    def shown(self) -> None:
        acts, self._left_over = self._left_over, []
        self._quiet = True
        for act in acts:
            entry = self.add(pending_row(act.item_number), act.item_number, numbered=False)
            self._follow(entry, act)
            self._show_act(entry, act)
        self._quiet = False
