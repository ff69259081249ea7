"""Finding a patron and their record: whole at every size, masked in what is seen and in what is heard."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.patron_finder import BIRTH, TELEPHONE, WORDS
from madoguchi.widgets.look.person_lines import MASK, PersonLines
from madoguchi.widgets.look.person_views import PersonLine
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX
from madoguchi.widgets.look.tokens import Contrast

from .panel_checks import check_colours, spoken
from .patron_scenes import FILE, FOUND, PERSON, SEEN, WRONG, PatronScene, patrons
from .stage import theme

SIZES = ((1024, 700), (1366, 768), (1920, 1080))
PERCENTS = (100, 125, 150, 175, 200)


def texts(panel: PersonLines) -> list[str]:
    """What is painted; nothing of it is too wide, small or outside, and only what may be is cut."""
    pieces = [piece for piece in panel.trace() if piece.text.strip()]
    for at, piece in enumerate(pieces):
        assert piece.width <= piece.rect.width() + 1.5, piece
        assert piece.px >= MINIMUM_TEXT_PX, piece
        assert panel.rect().adjusted(-1, -1, 1, 1).contains(piece.rect), piece
        assert piece.elidable or not piece.text.endswith("…"), piece
        ink = piece.rect.adjusted(1, 2, -1, -2)
        for other in pieces[at + 1 :]:
            assert not ink.intersects(other.rect.adjusted(1, 2, -1, -2)), (piece, other)
    return [piece.text for piece in pieces]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_at_every_size_what_is_masked_is_whole_when_it_is_seen(qtbot: QtBot, size: tuple[int, int]) -> None:
    scene = patrons(theme(), size, record=FILE)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    address = SEEN.lines[-1].value.replace(" ", "")
    for percent in PERCENTS:
        for contrast in Contrast:
            scene.frame.set_theme(theme(contrast, percent / 100))
            scene.file.set_view(FILE)
            masked = texts(scene.file.person)
            assert MASK in masked
            assert not any(line.value in masked for line in PERSON.lines if line.value)
            table = scene.file.table.geometry()
            # something can be chosen
            assert table.height() > 2 * scene.file.table.records_view().rowHeight(0)
            scene.file.set_view(replace(FILE, person=SEEN))
            seen = texts(scene.file.person)
            assert check_colours(scene.file.person) > 1
            assert MASK not in seen
            assert address in "".join(seen).replace(" ", "")
            assert {line.value for line in SEEN.lines[:4]} <= set(seen)
            # and one can still be, while it is seen
            listed = scene.file.table.records_view()
            assert listed.viewport().height() > 1.5 * listed.rowHeight(0)
            assert scene.file.person.geometry().bottom() < scene.file.table.geometry().top()
            assert scene.file.person.geometry().bottom() <= scene.file.rect().bottom()


def test_seeing_it_moves_nothing_below(qtbot: QtBot) -> None:
    scene = patrons(theme(), (1366, 768), record=FILE)
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    before = scene.file.table.geometry()
    scene.file.set_view(replace(FILE, person=SEEN))
    assert scene.file.table.geometry() == before


def test_masked_it_tells_nothing_not_even_how_long_it_is(qtbot: QtBot) -> None:
    scene = patrons(theme(), (1366, 768), record=FILE)
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    _, heard, _ = spoken(scene.file.person)
    assert "生年月日" in heard
    assert not any(line.value in heard for line in PERSON.lines if line.value)
    pieces = scene.file.person.trace()
    longer = tuple(replace(line, value=line.value * 9) for line in PERSON.lines)
    scene.file.set_view(replace(FILE, person=replace(PERSON, lines=longer)))
    assert scene.file.person.trace() == pieces
    # shown, an empty value is told as one
    scene.file.set_view(replace(FILE, person=SEEN))
    _, heard, _ = spoken(scene.file.person)
    assert "住所の確認 なし" in heard
    assert "0466-00-1234" in heard


def test_a_mail_address_without_end_is_cut_and_an_address_wraps(qtbot: QtBot) -> None:
    scene = patrons(theme(), (1366, 768), record=FILE)
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    lines = (
        PersonLine("メール", f"{'a' * 200}@example.jp"),
        PersonLine("住所", "見本町一丁目" * 33, long=True),
    )
    scene.file.set_view(replace(FILE, person=replace(SEEN, lines=lines)))
    seen = "".join(texts(scene.file.person))
    assert "…" in seen
    assert lines[1].value in seen


# Finding ------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(qtbot: QtBot) -> PatronScene:
    made = patrons(theme())
    qtbot.addWidget(made.frame)
    with qtbot.waitExposed(made.frame):
        made.frame.show()
    made.frame.activateWindow()
    return made


def test_nothing_is_asked_before_enter_and_the_same_twice_opens(qtbot: QtBot, scene: PatronScene) -> None:
    asked: list[dict[str, str]] = []
    chosen: list[str] = []
    scene.finder.asked.connect(asked.append)
    scene.finder.chosen.connect(chosen.append)
    scene.finder.start()
    edit = scene.finder.field(WORDS).edit()
    QTest.keyClicks(edit, "hu")
    assert asked == []
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert asked == [{WORDS: "hu"}]
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert (asked, chosen) == ([{WORDS: "hu"}], ["1"])
    # something else is another question
    QTest.keyClicks(scene.finder.field(TELEPHONE).edit(), "1234")
    QTest.keyClick(scene.finder.field(TELEPHONE).edit(), Qt.Key.Key_Return)
    assert asked[1:] == [{WORDS: "hu", TELEPHONE: "1234"}]
    # what the page put there has been asked by nobody
    scene.finder.set_values({WORDS: "hu"})
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert asked[2:] == [{WORDS: "hu"}]
    assert len(chosen) == 1


def test_what_is_wrong_is_said_at_its_field(scene: PatronScene) -> None:
    scene.finder.set_view(WRONG)
    scene.finder.start()
    field = scene.finder.field(BIRTH)
    assert field.edit().hasFocus()
    assert field.edit().accessibleDescription() == WRONG.errors[0][1]
    assert any(piece.text == WRONG.errors[0][1] for piece in field.trace())
    scene.finder.set_view(FOUND)
    assert field.field_view().error == ""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_at_every_size_fields_and_results_have_room(qtbot: QtBot, size: tuple[int, int]) -> None:
    scene = patrons(theme(), size)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    for percent in PERCENTS:
        scene.frame.set_theme(theme(Contrast.LIGHT, percent / 100))
        fields = [scene.finder.field(name) for name in (WORDS, TELEPHONE, BIRTH)]
        for left, right in pairwise(fields):
            assert left.geometry().right() < right.geometry().left()
        for field in fields:
            assert field.edit().geometry().bottom() < field.height()
            for piece in field.trace():
                assert piece.width <= piece.rect.width() + 1.5, piece
        rows = scene.finder.results.records_view()
        assert rows.viewport().height() > 2 * rows.rowHeight(0)
