"""What a scene of the tour can see of the counter, and with what it works it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit

from madoguchi.app.lending.rules import Refusal
from madoguchi.app.training.saturday import BRANCH, Saturday
from madoguchi.app.training.situations import Case, ItemCase, case_number, patrons
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.views import QuestionView, RowView, Sign, StripView, Tone
from madoguchi.widgets.scan_page import Entry, ScanPage
from madoguchi.widgets.search_page import SearchPage
from madoguchi.widgets.tour_hands import Hands
from madoguchi.widgets.way_page import WayPage
from madoguchi.widgets.way_views import WayList


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: its name, what is done in the clerk's words, and what must be seen.

    ``minute`` is the story's time from this scene on, in minutes after its beginning; -1 leaves it.
    ``branch`` is the code of where it plays.
    """

    slug: str
    words: str
    act: Callable[[], None]
    seen: Callable[[], bool]
    minute: int = -1
    branch: str = BRANCH


class Stage:
    """The window as scenes see it, and hands to work it.

    Attributes:
        window: of the counter at which the story is now; ``counter_at`` goes to that of a branch.
    """

    def __init__(self, counter_at: Callable[[str], CounterWindow], town: Saturday) -> None:
        self._counter_at = counter_at
        self.window = counter_at(BRANCH)
        self.town = town
        self.hands = Hands(self.window)
        # of every page: a scene may go from one to another
        self._before: set[tuple[CounterPage | None, int]] = set()

    def go_to(self, branch: str) -> None:
        """To this branch's counter."""
        self.window = self.hands.window = self._counter_at(branch)

    # -- what is seen ----------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """The page's scans, the oldest first."""
        page = self.window.page
        return page.entries() if isinstance(page, ScanPage) else []

    def rows(self) -> list[RowView]:
        """The page's rows."""
        return [entry.row for entry in self.entries()]

    def row_of(self, number: str) -> RowView | None:
        """The latest row of an item."""
        return next((entry.row for entry in reversed(self.entries()) if entry.item_number == number), None)

    def new(self) -> list[Entry]:
        """What has been scanned in this scene."""
        page = self.window.page
        return [entry for entry in self.entries() if (page, entry.row.key) not in self._before]

    def strip(self) -> StripView:
        """What is said of the last scan."""
        return self.window.frame.strip.view()

    def question(self) -> QuestionView | None:
        """The question that is open."""
        return self.window.frame.question.view()

    def asked(self) -> bool:
        """Whether anything is asked, on a page or while somebody signs in."""
        return self.question() is not None or self.window.sign_in.offer.isVisible()

    def banner(self) -> str:
        """What the banner says; empty without one."""
        banner = self.window.frame.banner
        return banner.text() if banner.isVisible() else ""

    def left(self) -> str:
        """What the panel at the left says."""
        page = self.window.page
        panel = page.left() if page is not None else None
        return panel.text() if isinstance(panel, QLabel) else ""

    def key_lives(self, number: int) -> bool:
        """Whether a key of the rail does something now."""
        return self.window.frame.rail.key(number).isEnabled()

    def titles_found(self) -> list[str]:
        """The titles that the search has found, from the top; none on another page."""
        page = self.window.page
        return [record.cells[0] for record in page.results()] if isinstance(page, SearchPage) else []

    def form(self, kind: type[CounterPage]) -> FormPanel | None:
        """The form that stands over a page of this kind, if that is in sight."""
        page = self.window.page
        centre = page.centre() if isinstance(page, kind) else None
        return centre if isinstance(centre, FormPanel) else None

    def listed(self, which: WayList) -> dict[str, tuple[str, ...]]:
        """The cells of a list of reservations under way, by keys; nothing while it is not in sight."""
        page = self.window.page
        if not isinstance(page, WayPage) or page.panel.choices.chosen_key() != which:
            return {}
        return {record.key: record.cells for record in page.panel.table.view().records}

    def says(self, words: str) -> bool:
        """Whether anything in sight says this."""
        labels = self.window.findChildren(QLabel)
        return any(label.isVisible() and words in label.text() for label in labels)

    def kept_anywhere(self, *words: str) -> bool:
        """Whether any widget of the program still holds one of these, in sight or not."""
        return any(word in text for text in _texts() for word in words)

    # -- usual scenes ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """What is there already is not this scene's."""
        page = self.window.page
        self._before.update((page, row.key) for row in self.rows())

    def scan_card(self, case: Case) -> None:
        """Reads a patron's card."""
        self.hands.scan_number(case_number(case))

    def knows(self, case: Case) -> bool:
        """Whether this patron stands at the counter."""
        name = name_of(case)
        return name in self.left() and name in (self.strip().title, self.strip().side_first)

    def answers(self, *expected: Sign | Refusal) -> bool:
        """Whether the scans of this scene were answered so, in order, and nothing is on its way."""
        return tuple(_answer_of(entry) for entry in self.new()) == expected

    def items(self, slug: str, words: str, cases: Sequence[ItemCase], *expected: Sign | Refusal) -> Scene:
        """A scene in which items are scanned and answered."""
        numbers = [case.number for case in cases]
        return Scene(
            slug,
            words,
            lambda: self.hands.scan_numbers(numbers),
            lambda: self.answers(*expected),
        )

    def card(self, slug: str, words: str, case: Case, tone: Tone) -> Scene:
        """A scene in which a patron comes to the counter."""
        return Scene(
            slug,
            words,
            lambda: self.scan_card(case),
            lambda: self.knows(case) and self.strip().tone is tone,
        )

    def codes(self, slug: str, words: str, texts: Sequence[str]) -> Scene:
        """A scene in which something is read that is nothing here: it says so, and the visit stays."""

        def read() -> None:
            for text in texts:
                self.hands.scan(text)

        def seen() -> bool:
            said = [entry.row for entry in self.new()]
            return [row.title for row in said] == list(texts) and all(row.answered for row in said)

        return Scene(slug, words, read, seen)

    def key(self, slug: str, words: str, number: int, seen: Callable[[], bool]) -> Scene:
        """A scene in which a function key is pressed."""
        return Scene(slug, words, lambda: self.hands.f(number), seen)


def name_of(case: Case) -> str:
    """The name of the first patron of a case."""
    return next(seed.name for seed in patrons() if seed.case is case)


def _answer_of(entry: Entry) -> Sign | Refusal:
    return entry.refused.refusal if entry.refused is not None else entry.row.sign


def _texts() -> Iterator[str]:
    for widget in QApplication.allWidgets():
        yield widget.accessibleName()
        yield widget.accessibleDescription()
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
            for place in range(model.rowCount()):
                yield str(model.index(place, 0).data(Qt.ItemDataRole.DisplayRole))
