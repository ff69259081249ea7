"""The search's box and fields: the keyboard stays there, what is composed counts, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.form_field import LONGEST_INPUT
from madoguchi.widgets.look.search_panel import BOX, SearchPanel
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Look
from madoguchi.widgets.look.title_views import SearchView
from madoguchi.widgets.look.tokens import Contrast

from .panel_checks import LongWords, check_colours, check_places, check_spoken, check_texts, spoken
from .search_scenes import FOUND, NOTHING, SearchScene, search
from .stage import theme
from .test_record_table import HOSTILE

SIZES = ((1024, 700), (1366, 768), (1920, 1080))
PERCENTS = (100, 125, 150, 175, 200)
FIELDS = ("title", "creator", "publisher", "series", "ndc", "isbn", "item_number")
LABELS = ("書名", "著者", "出版社", "シリーズ", "分類（NDC）", "ISBN", "資料番号")
KEYS = [record.key for record in FOUND.records]


class Window(QWidget):
    """Notes the keys that the search leaves to the window."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    widget = Window()
    qtbot.addWidget(widget)
    widget.resize(1100, 600)
    yield widget
    widget.close()


@pytest.fixture
def panel(qtbot: QtBot, look: Look, window: Window) -> SearchPanel:
    part = SearchPanel(look, window)
    part.setGeometry(0, 0, 1100, 600)
    part.set_view(SearchView(FOUND))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    part.start()
    return part


@pytest.fixture
def edited(panel: SearchPanel) -> list[dict[str, str]]:
    """What the page was told, in order."""
    told: list[dict[str, str]] = []
    panel.edited.connect(told.append)
    return told


def _focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _box(panel: SearchPanel) -> QLineEdit:
    return panel.field(BOX).edit()


def _press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(_focus(), key)


def _compose(edit: QLineEdit, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QCoreApplication.sendEvent(edit, event)


# By keyboard ------------------------------------------------------------------------------------------


def test_what_is_typed_is_told_and_arrows_move_among_what_was_found(
    panel: SearchPanel, edited: list[dict[str, str]]
) -> None:
    seen: list[str] = []
    panel.selected.connect(seen.append)
    assert _focus() is _box(panel)
    QTest.keyClicks(_focus(), "ab")
    assert edited == [{BOX: "a"}, {BOX: "ab"}]
    _press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert seen == [KEYS[1], KEYS[2], KEYS[1]]
    _press(Qt.Key.Key_PageDown)
    page = KEYS.index(seen[-1])
    assert page > 4
    _press(Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_Up)
    assert panel.results.selected() == KEYS[0]
    # the box keeps the keyboard, its text and its own keys
    _press(Qt.Key.Key_Home)
    QTest.keyClicks(_focus(), "c")
    assert _focus() is _box(panel)
    assert edited[-1] == {BOX: "cab"}
    assert panel.results.selected() == KEYS[0]


def test_enter_and_a_double_click_choose_and_a_key_held_down_does_not(panel: SearchPanel) -> None:
    chosen: list[str] = []
    panel.chosen.connect(chosen.append)
    _press(Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    assert chosen == [KEYS[1], KEYS[1]]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
        QApplication.sendEvent(_focus(), held)
    assert len(chosen) == 2
    view = panel.results.records_view()
    place = view.visualRect(view.model().index(3, 0)).center()
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen[2:] == [KEYS[3]]
    panel.set_view(SearchView(NOTHING))
    panel.start()
    _press(Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_PageUp)
    assert len(chosen) == 3
    assert panel.results.selected() is None


def test_keys_with_others_are_left_alone(window: Window, panel: SearchPanel) -> None:
    QTest.keyClick(_focus(), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(_focus(), Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert panel.results.selected() == KEYS[0]
    QTest.keyClick(_focus(), Qt.Key.Key_Down, Qt.KeyboardModifier.KeypadModifier)
    assert panel.results.selected() == KEYS[1]
    _press(Qt.Key.Key_F9, Qt.Key.Key_Escape)
    assert window.keys[-2:] == [Qt.Key.Key_F9, Qt.Key.Key_Escape]


@pytest.mark.parametrize("by_field", [False, True], ids=["one box", "by field"])
def test_tab_goes_through_the_fields_to_what_was_found_and_back(panel: SearchPanel, by_field: bool) -> None:
    panel.set_view(SearchView(FOUND, by_field=by_field))
    panel.start()
    names = FIELDS if by_field else (BOX,)
    seen = []
    for _ in range(len(names) + 1):
        seen.append(_focus())
        _press(Qt.Key.Key_Tab)
    assert seen == [*(panel.field(name).edit() for name in names), panel.results.records_view()]
    assert _focus() is seen[0]
    _press(Qt.Key.Key_Backtab)
    assert _focus() is panel.results.records_view()


def test_the_keyboard_is_put_into_the_first_field_that_is_there(panel: SearchPanel) -> None:
    for by_field, name in ((True, "title"), (False, BOX)):
        panel.results.setFocus()
        panel.set_view(SearchView(FOUND, by_field=by_field))
        panel.setFocus()
        assert _focus() is panel.field(name).edit()


def test_what_is_typed_elsewhere_goes_into_the_first_field(
    panel: SearchPanel, edited: list[dict[str, str]]
) -> None:
    panel.set_values({BOX: "ab"})
    panel.results.setFocus()
    panel.add("c")
    assert _focus() is _box(panel)
    assert edited == [{BOX: "abc"}]
    # at the beginning all of it is selected: the next search takes its place
    panel.start()
    QTest.keyClicks(_focus(), "d")
    assert edited[-1] == {BOX: "d"}


# What stands in the fields ----------------------------------------------------------------------------


def test_fields_that_are_hidden_lose_their_text(panel: SearchPanel, edited: list[dict[str, str]]) -> None:
    panel.set_values({BOX: "見本"})
    _compose(_box(panel), "うみ")
    panel.set_view(SearchView(FOUND, by_field=True))
    assert panel.values() == {}
    panel.set_values({"title": "山", "isbn": "978"})
    assert panel.values() == {"title": "山", "isbn": "978"}
    panel.set_view(SearchView(FOUND, by_field=True))
    assert panel.values() == {"title": "山", "isbn": "978"}
    panel.set_view(SearchView(FOUND))
    assert panel.values() == {}
    for name in (BOX, *FIELDS):
        edit = panel.field(name).edit()
        assert edit.text() == ""
        edit.undo()
        assert edit.text() == ""
    panel.set_view(SearchView(FOUND, by_field=True))
    assert panel.values() == {}
    # all that was told is what was composed
    assert edited[0] == {BOX: "見本うみ"}


def test_another_view_of_what_was_found_leaves_box_and_keyboard_alone(panel: SearchPanel) -> None:
    QTest.keyClicks(_focus(), "ab")
    _press(Qt.Key.Key_Left)
    panel.set_view(SearchView(NOTHING))
    panel.set_view(SearchView(FOUND))
    assert panel.values() == {BOX: "ab"}
    assert _box(panel).cursorPosition() == 1
    assert _focus() is _box(panel)


def test_what_is_composed_is_told_and_so_is_that_it_was_given_up(
    panel: SearchPanel, edited: list[dict[str, str]]
) -> None:
    edit = _box(panel)
    QTest.keyClicks(edit, "ab")
    _press(Qt.Key.Key_Left)
    edited.clear()
    for kana in ("う", "うみ"):
        _compose(edit, kana)
    assert edited == [{BOX: "aうb"}, {BOX: "aうみb"}]
    assert edit.text() == "ab"
    _compose(edit, "")
    assert edited[-1] == {BOX: "ab"}
    _compose(edit, "うみ")
    _compose(edit, "", "海")
    assert edit.text() == "a海b"
    assert edited[-1] == panel.values() == {BOX: "a海b"}
    # the next word is begun as the one before is committed
    _compose(edit, "と", "の")
    assert panel.values() == {BOX: "a海のとb"}
    panel.set_values({})
    assert panel.values() == {}


def test_what_is_selected_gives_way_to_what_is_composed(
    panel: SearchPanel, edited: list[dict[str, str]]
) -> None:
    panel.set_values({BOX: "見本"})
    panel.start()
    _compose(_box(panel), "うみ")
    assert edited[-1] == panel.values() == {BOX: "うみ"}


def test_a_composition_that_ends_with_the_focus_is_no_longer_told(
    panel: SearchPanel, edited: list[dict[str, str]]
) -> None:
    panel.set_view(SearchView(FOUND, by_field=True))
    panel.start()
    _compose(panel.field("title").edit(), "うみ")
    assert edited[-1] == {"title": "うみ"}
    panel.field("creator").edit().setFocus()
    shown = panel.field("title").text()
    assert panel.values() == edited[-1] == ({"title": shown} if shown else {})


def test_hostile_text_is_told_as_it_is_and_named_nowhere(
    panel: SearchPanel, edited: list[dict[str, str]]
) -> None:
    QApplication.clipboard().setText(HOSTILE)
    _box(panel).paste()
    assert edited[-1][BOX].startswith(HOSTILE[:40])
    assert len(edited[-1][BOX]) == LONGEST_INPUT
    assert _box(panel).contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    assert "onerror" not in " ".join(spoken(_box(panel))[1:])


# What it says -----------------------------------------------------------------------------------------


def test_fields_and_table_have_their_names(panel: SearchPanel) -> None:
    role = QAccessible.Role
    box = "書名・著者・よみ・出版社・ISBN・分類・資料番号"
    assert spoken(_box(panel)) == (role.EditableText, box, "")
    assert spoken(panel.results.records_view()) == (role.Table, FOUND.heading, FOUND.note)
    panel.set_view(SearchView(NOTHING, by_field=True))
    for name, label in zip(FIELDS, LABELS, strict=True):
        assert spoken(panel.field(name).edit()) == (role.EditableText, label, "")
    assert spoken(panel.results.records_view())[2] == NOTHING.empty
    check_spoken(panel)


# How it looks -----------------------------------------------------------------------------------------


@pytest.fixture(params=["Japanese", "long words"])
def words(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """The panel's own words, and longer ones."""
    if request.param == "Japanese":
        yield
        return
    translator = LongWords()
    assert qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def _on_stage(qtbot: QtBot, scene: SearchScene) -> SearchScene:
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    scene.frame.activateWindow()
    qtbot.waitUntil(scene.frame.isActiveWindow)
    return scene


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("by_field", [False, True], ids=["one box", "by field"])
def test_at_every_size_fields_and_what_was_found_have_their_room(
    qtbot: QtBot, words: None, by_field: bool, size: tuple[int, int]
) -> None:
    del words
    scene = _on_stage(qtbot, search(theme(), size, SearchView(FOUND, by_field=by_field)))
    for percent in PERCENTS:
        for contrast in Contrast:
            scene.frame.set_theme(theme(contrast, percent / 100))
            _check_scene(scene)


def _check_scene(scene: SearchScene) -> None:
    panel, rows = scene.panel, scene.panel.results.records_view()
    fields = [panel.field(name) for name in (BOX, *FIELDS) if panel.field(name).isVisible()]
    places = [field.geometry() for field in fields] + [panel.results.geometry()]
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
    for field in fields:
        assert check_texts(field) == 1
    assert check_colours(panel) > len(fields)
    check_places(panel)
    # one title at least is in sight, with its figures, and may be pressed
    assert rows.viewport().height() >= rows.rowHeight(0) - 1
    assert rows.rowHeight(0) >= 44
    pieces = rows.trace()
    for piece in pieces:
        assert piece.width <= piece.rect.width() + 1.5, piece
        assert piece.px >= MINIMUM_TEXT_PX, piece
        assert piece.elidable or not piece.text.endswith("…"), piece
    seen = {piece.text for piece in pieces}
    assert {"2", "3/4", "1"} <= seen
    title = next(piece for piece in pieces if piece.text.startswith("見"))
    assert len(title.text) >= 3
    for field in fields:
        field.edit().setFocus(Qt.FocusReason.TabFocusReason)
        ring = scene.frame.ring()
        assert ring.isVisible()
        assert _place(panel, scene.frame).contains(ring.geometry())
        others = [other.edit() for other in fields if other is not field]
        assert not any(ring.geometry().intersects(_place(other, scene.frame)) for other in others)


def _place(widget: QWidget, frame: QWidget) -> QRect:
    return QRect(widget.mapTo(frame, QPoint()), widget.size())


@pytest.mark.parametrize("percent", PERCENTS)
def test_the_ring_goes_with_the_keyboard_into_what_was_found(qtbot: QtBot, percent: int) -> None:
    scene = _on_stage(qtbot, search(theme(scale=percent / 100)))
    scene.panel.start()
    _press(Qt.Key.Key_Tab)
    ring = scene.frame.ring()
    assert ring.target() is scene.panel.results.records_view()
    assert _place(scene.panel.results, scene.frame).contains(ring.geometry())


def test_publisher_and_year_give_way_to_the_title_and_are_heard_all_the_same(qtbot: QtBot) -> None:
    scene = _on_stage(qtbot, search(theme(), (1024, 700)))
    rows = scene.panel.results.records_view()
    index = rows.model().index(0, 0)
    for percent, hidden in ((100, []), (200, [3, 4]), (100, [])):
        scene.frame.set_theme(theme(scale=percent / 100))
        assert [at for at in range(8) if rows.isColumnHidden(at)] == hidden
        assert sum(rows.columnWidth(at) for at in range(8)) == rows.viewport().width()
        said = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
        assert "出版社 架空社" in said
        assert "年 1998" in said
    # a cell that is gone hands its place to the first
    rows.setCurrentIndex(rows.model().index(2, 4))
    scene.frame.set_theme(theme(scale=2.0))
    assert (rows.currentIndex().row(), rows.currentIndex().column()) == (2, 0)
    assert scene.panel.results.selected() == KEYS[2]


def test_another_text_size_and_back(panel: SearchPanel, look: Look) -> None:
    before = panel.field(BOX).geometry(), panel.results.geometry()
    panel.set_look(Look(theme(scale=2.0)))
    assert panel.results.geometry().top() > before[1].top()
    panel.set_look(look)
    assert (panel.field(BOX).geometry(), panel.results.geometry()) == before
