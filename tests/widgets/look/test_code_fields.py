"""Fields that take only codes keep input methods out, from the beginning; those that take names do not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.credentials import Credentials
from madoguchi.widgets.look.form_column import new_field
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.new_password_panel import NewPasswordPanel
from madoguchi.widgets.look.patron_finder import BIRTH, TELEPHONE, WORDS, PatronFinder
from madoguchi.widgets.look.record_views import LineKind
from madoguchi.widgets.look.search_panel import SearchPanel
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.theme import Look


def keeps_out(edit: QLineEdit) -> bool:
    """Whether an input method lets its keys through as they are."""
    return bool(edit.inputMethodHints() & Qt.InputMethodHint.ImhHiddenText)


def fields(widget: QWidget) -> list[QLineEdit]:
    """The line edits in it."""
    return widget.findChildren(QLineEdit)


def test_names_and_passwords_at_the_sign_in(qtbot: QtBot, look: Look) -> None:
    for panel in (SignInPanel(look), Credentials(look, "はい"), NewPasswordPanel(look)):
        qtbot.addWidget(panel)
        assert len(fields(panel)) == 2
        assert all(keeps_out(edit) for edit in fields(panel)), type(panel).__name__


@pytest.mark.parametrize(
    ("kind", "out"), [(LineKind.NUMBER, True), (LineKind.BIRTH_DATE, False), (LineKind.TEXT, False)]
)
def test_lines_of_a_form(qtbot: QtBot, look: Look, kind: LineKind, out: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field = new_field(look, kind, parent)
    assert isinstance(field, FormField)
    assert keeps_out(field.edit()) is out


def test_the_search(qtbot: QtBot, look: Look) -> None:
    panel = SearchPanel(look)
    qtbot.addWidget(panel)
    out = {edit.property("field") for edit in fields(panel) if keeps_out(edit)}
    assert out == {"ndc", "isbn", "item_number"}
    assert len(fields(panel)) > len(out)


def test_finding_a_patron(qtbot: QtBot, look: Look) -> None:
    panel = PatronFinder(look)
    qtbot.addWidget(panel)
    # an era is written in kanji
    assert [keeps_out(panel.field(name).edit()) for name in (WORDS, TELEPHONE, BIRTH)] == [False, True, False]
