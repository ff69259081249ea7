"""What a form of printing says, made into sheets of labels; or what is wrong, line by line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.label_sheets import CARDS_TO_CUT, SHEETS, LayoutError, Sheet, SheetLayout, layout_of
from madoguchi.barcode.labels import UnprintableCode, bars_for
from madoguchi.barcode.symbology import CodePlan, Meaning
from madoguchi.widgets import label_forms as forms
from madoguchi.widgets import label_words as words
from madoguchi.widgets.label_list import Collected, State
from madoguchi.widgets.label_paper import CardLabel, ItemLabel, Label, LabelSheets, SpineLabel
from madoguchi.widgets.label_words import CARDS, CUSTOM, WITH_TITLE, LabelKind, Line

translate = QCoreApplication.translate

Errors = dict[str, str]


def kinds_of(rows: Iterable[Collected]) -> tuple[LabelKind, ...]:
    """What can be printed of these."""
    states = {row.state for row in rows}
    found = []
    if states - {State.CARD}:
        found.append(LabelKind.ITEM)
    if State.FOUND in states:
        found.append(LabelKind.SPINE)
    if State.CARD in states:
        found.append(LabelKind.CARD)
    return tuple(found)


class NotOurNumber(UnprintableCode):
    """No rule of the library's has this number now.

    Attributes:
        number: which it is.
    """

    def __init__(self, number: str) -> None:
        super().__init__("no rule has this number")
        self.number = number


@dataclass(frozen=True, slots=True)
class SheetJob:
    """What is to be printed, as it was chosen. To make its labels takes a while: not on the GUI thread."""

    layout: SheetLayout
    kind: LabelKind
    rows: tuple[Collected, ...]
    start: int
    with_title: bool
    library: str
    caption: str
    plan: CodePlan

    @property
    def pages(self) -> int:
        """How many sheets it takes."""
        return self.layout.pages(len(self.rows), self.start)

    def sheets(self) -> LabelSheets:
        """All of them.

        Raises:
            NotOurNumber: a number is none of the library's as it is now.
        """
        return self._made(self.rows, self.start)

    def sheet(self, page: int) -> LabelSheets:
        """One of them by itself, counted from 0.

        Raises:
            NotOurNumber: as ``sheets``.
        """
        first = max(0, page * self.layout.count - (self.start - 1))
        end = (page + 1) * self.layout.count - (self.start - 1)
        return self._made(self.rows[first:end], self.start if page == 0 else 1)

    def empty(self) -> LabelSheets:
        """A sheet with nothing on it."""
        return LabelSheets(self.layout, (), self.library)

    def _made(self, rows: tuple[Collected, ...], start: int) -> LabelSheets:
        labels = tuple(self._label(row) for row in rows)
        return LabelSheets(self.layout, labels, self.library, self.caption, start)

    def _label(self, row: Collected) -> Label:
        item = row.item
        if self.kind is LabelKind.SPINE:
            return SpineLabel(item.ndc, item.author_mark, item.volume) if item else SpineLabel("", "", "")
        means = Meaning.PATRON if self.kind is LabelKind.CARD else Meaning.ITEM
        rules = (rule for rule in self.plan.rules if rule.means is means and rule.fits(row.number))
        rule = next(rules, None)
        if rule is None:
            raise NotOurNumber(row.number)
        try:
            label = bars_for(rule, row.number)
        except UnprintableCode as error:
            raise NotOurNumber(row.number) from error
        if self.kind is LabelKind.CARD:
            return CardLabel(label)
        title = " ".join(part for part in (item.title, item.volume) if part) if item else ""
        return ItemLabel(label, title if self.with_title else "")


def rows_of(rows: Iterable[Collected], kind: LabelKind) -> tuple[Collected, ...]:
    """Those that have a label of this kind, in their order. A number that is no item has no spine."""
    if kind is LabelKind.CARD:
        return tuple(row for row in rows if row.state is State.CARD)
    if kind is LabelKind.SPINE:
        return tuple(row for row in rows if row.item is not None)
    return tuple(row for row in rows if row.state is not State.CARD)


def job_of(
    values: Mapping[str, str], rows: Iterable[Collected], library: str, plan: CodePlan
) -> SheetJob | Errors:
    """What the form says, or a sentence for each line that is wrong."""
    errors: Errors = {}
    layout = _layout(values, errors)
    kind = LabelKind(values.get(Line.KIND.value) or LabelKind.ITEM)
    if layout is None:
        return errors
    start = unicodedata.normalize("NFKC", values.get(Line.START.value, "")[:20]).strip()
    if not (start.isascii() and start.isdecimal() and 1 <= int(start) <= layout.count):
        return {Line.START.value: forms.count_error(layout.count)}
    return SheetJob(
        layout,
        kind,
        rows_of(rows, kind),
        int(start),
        values.get(Line.TITLE.value) == WITH_TITLE,
        library,
        translate("Patrons", "図書館利用カード"),
        plan,
    )


def _layout(values: Mapping[str, str], errors: Errors) -> SheetLayout | None:
    chosen = values.get(Line.SHEET.value, "")
    if chosen == CARDS:
        return CARDS_TO_CUT
    if chosen == CUSTOM:
        try:
            return layout_of(values)
        except LayoutError as error:
            errors.update(forms.layout_errors(error.problems))
            return None
    if chosen in {sheet.value for sheet in Sheet}:
        return SHEETS[Sheet(chosen)]
    errors[Line.SHEET.value] = words.choose_sheet()
    return None
