"""What a form of printing says, made into sheets of labels; or what is wrong, line by line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.label_sheets import CARDS_TO_CUT, SHEETS, LayoutError, Sheet, SheetLayout, layout_of
from madoguchi.barcode.labels import UnprintableCode, bars_for
from madoguchi.barcode.symbology import CodePlan, Meaning
from madoguchi.widgets import label_words as words
from madoguchi.widgets.label_list import Collected, State
from madoguchi.widgets.label_paper import CardLabel, ItemLabel, Label, LabelSheets, SpineLabel, check_room
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


def labels_of(
    rows: Iterable[Collected], kind: LabelKind, plan: CodePlan, *, with_title: bool
) -> tuple[Label, ...]:
    """The labels of this kind, in the order of the list. A number that is no item has no spine.

    Raises:
        UnprintableCode: a number is none of the library's as it is now.
    """
    made: list[Label] = []
    for row in rows:
        if (row.state is State.CARD) is not (kind is LabelKind.CARD):
            continue
        item = row.item
        if kind is LabelKind.SPINE:
            if item is not None:
                made.append(SpineLabel(item.ndc, item.author_mark, item.volume))
            continue
        means = Meaning.PATRON if kind is LabelKind.CARD else Meaning.ITEM
        rule = next((rule for rule in plan.rules if rule.means is means and rule.fits(row.number)), None)
        if rule is None:
            raise UnprintableCode("no rule has this number")
        label = bars_for(rule, row.number)
        if kind is LabelKind.CARD:
            made.append(CardLabel(label))
        else:
            title = " ".join(part for part in (item.title, item.volume) if part) if item is not None else ""
            made.append(ItemLabel(label, title if with_title else ""))
    return tuple(made)


def sheets_of(
    values: Mapping[str, str], rows: Iterable[Collected], library: str, plan: CodePlan
) -> LabelSheets | Errors:
    """The sheets, or a sentence for each line that is wrong."""
    errors: Errors = {}
    layout = _layout(values, errors)
    kind = LabelKind(values.get(Line.KIND.value) or LabelKind.ITEM)
    if layout is None:
        return errors
    start = unicodedata.normalize("NFKC", values.get(Line.START.value, "")[:20]).strip()
    if not (start.isascii() and start.isdecimal() and 1 <= int(start) <= layout.count):
        return {Line.START.value: words.count_error(layout.count)}
    try:
        labels = labels_of(rows, kind, plan, with_title=values.get(Line.TITLE.value) == WITH_TITLE)
        for label in labels:
            check_room(layout, label)
    except UnprintableCode:
        return {Line.SHEET.value: words.no_room()}
    return LabelSheets(layout, labels, library, translate("Patrons", "図書館利用カード"), int(start))


def _layout(values: Mapping[str, str], errors: Errors) -> SheetLayout | None:
    chosen = values.get(Line.SHEET.value, "")
    if chosen == CARDS:
        return CARDS_TO_CUT
    if chosen == CUSTOM:
        try:
            return layout_of(values)
        except LayoutError as error:
            errors.update(words.layout_errors(error.problems))
            return None
    if chosen in {sheet.value for sheet in Sheet}:
        return SHEETS[Sheet(chosen)]
    errors[Line.SHEET.value] = words.choose_sheet()
    return None
