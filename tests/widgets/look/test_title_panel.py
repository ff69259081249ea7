"""The title at the left of the search: where its copies are is whole and in sight, however much there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Piece, Shape
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Layout, Look
from madoguchi.widgets.look.title_panel import TitlePanel
from madoguchi.widgets.look.title_views import CopyLine, TitleView
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import Sign

from .panel_checks import LongWords, check_colours, long_words, spoken
from .search_scenes import HINT, SHORT, TITLE, SearchScene, search
from .stage import theme
from .test_record_table import HOSTILE

SIZES = ((1024, 700), (1366, 768), (1920, 700), (1920, 1080))
PERCENTS = (100, 125, 150, 175, 200)
MANY = replace(
    TITLE,
    copies=tuple(
        CopyLine(Sign.PENDING, f"見本図書館 {n}号館", f"貸出中 12/{n % 28 + 1}(金)まで") for n in range(300)
    ),
)
LONG = replace(
    MANY, title="長い書名の見本 " * 60, kana="ナガイ ショメイ " * 60, facts=("事項の見本 " * 60,) * 5
)


@pytest.fixture(params=["Japanese", "long words"])
def word(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Callable[[str], str]]:
    if request.param == "Japanese":
        yield str
        return
    translator = LongWords()
    assert qapp.installTranslator(translator)
    yield long_words
    qapp.removeTranslator(translator)


@pytest.fixture
def panel(qtbot: QtBot, look: Look) -> TitlePanel:
    part = TitlePanel(look)
    qtbot.addWidget(part)
    part.resize(292, 600)
    part.set_view(TITLE)
    part.show()
    return part


def check(panel: TitlePanel) -> list[Piece]:
    """Every text fits, lies inside and beside the others, and is cut only where it may be; returns them."""
    pieces = [piece for piece in panel.trace() if piece.text.strip()]
    for at, piece in enumerate(pieces):
        assert piece.width <= piece.rect.width() + 1.5, piece
        assert piece.height <= piece.rect.height() + 1.5, piece
        assert piece.px >= MINIMUM_TEXT_PX, piece
        assert panel.rect().adjusted(-1, -1, 1, 1).contains(piece.rect), piece
        assert piece.elidable or not piece.text.endswith("…"), piece
        ink = piece.rect.adjusted(1, 2, -1, -2)
        for other in pieces[at + 1 :]:
            assert not ink.intersects(other.rect.adjusted(1, 2, -1, -2)), (piece, other)
    return pieces


def texts(panel: TitlePanel) -> list[str]:
    return [piece.text for piece in check(panel)]


# What is seen -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("view", [TITLE, SHORT, MANY, LONG], ids=["usual", "short", "many", "long"])
def test_at_every_size_what_is_with_the_copies_is_whole(
    qtbot: QtBot, view: TitleView, size: tuple[int, int]
) -> None:
    scene = search(theme(), size, title=view)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    for percent in PERCENTS:
        for contrast in Contrast:
            scene.frame.set_theme(theme(contrast, percent / 100))
            _check_scene(scene, view)


def _check_scene(scene: SearchScene, view: TitleView) -> None:
    seen = texts(scene.title)
    assert check_colours(scene.title) > 1
    if scene.frame.look.layout is not Layout.WIDE:
        assert view.short in seen
        assert scene.title.height() == scene.title.wanted_height()
        assert scene.title.geometry().bottom() < scene.panel.geometry().top()
        return
    assert scene.title.wanted_height() == 0
    assert "予約 128人" in "".join(seen)
    listed = [copy for copy in view.copies if copy.state in seen and copy.branch in seen]
    assert len(listed) >= min(3, len(view.copies))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_words_longer_than_ours_fit_too(
    qtbot: QtBot, word: Callable[[str], str], size: tuple[int, int]
) -> None:
    copies = tuple(replace(copy, state=word(copy.state)) for copy in TITLE.copies)
    view = replace(TITLE, copies=copies, queue=word(TITLE.queue))
    scene = search(theme(), size)
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    for percent in PERCENTS:
        scene.frame.set_theme(theme(scale=percent / 100))
        scene.title.set_view(view)
        check(scene.title)
        scene.title.set_view(None, word(HINT))
        assert "".join(texts(scene.title)).replace(" ", "") == word(HINT).replace(" ", "")


def test_branch_and_state_share_a_line_where_there_is_room(panel: TitlePanel) -> None:
    for view, lines in ((SHORT, 1), (TITLE, 2)):
        panel.set_view(view)
        pieces = {piece.text: piece for piece in check(panel)}
        copy = view.copies[0] if lines == 1 else view.copies[3]
        branch, state = pieces[copy.branch].rect, pieces[copy.state].rect
        assert (branch.top() == state.top()) is (lines == 1)
        assert (branch.bottom() < state.top()) is (lines == 2)


def test_every_copy_has_its_sign_beside_it(panel: TitlePanel) -> None:
    pieces = {piece.text: piece for piece in check(panel)}
    signs = [mark.rect.center().y() for mark in panel.notes().marks if mark.shape is Shape.SIGN]
    branches = [piece.rect.center().y() for piece in check(panel) if piece.text in _branches(TITLE)]
    assert len(signs) == len(TITLE.copies)
    assert all(abs(sign - branch) <= 1 for sign, branch in zip(signs, branches, strict=True))
    assert pieces["へ配送中"].rect.top() > pieces["北図書館"].rect.top()


def _branches(view: TitleView) -> set[str]:
    return {copy.branch for copy in view.copies}


def test_of_300_copies_it_says_how_many_are_out_of_sight(panel: TitlePanel) -> None:
    panel.set_view(MANY)
    seen = texts(panel)
    listed = sum(copy.branch in seen for copy in MANY.copies)
    assert listed >= 3
    assert seen[-1] == f"ほか {300 - listed} 行"
    # heard are all of them
    assert "見本図書館 299号館" in panel.accessibleName()


def test_all_copies_are_there_where_they_have_room(panel: TitlePanel) -> None:
    panel.resize(292, 30_000)
    panel.set_view(MANY)
    seen = texts(panel)
    assert all(copy.branch in seen for copy in MANY.copies)
    assert not any("ほか" in text for text in seen)


def test_a_long_title_is_cut_after_some_lines_and_what_is_known_gives_way(panel: TitlePanel) -> None:
    panel.set_view(LONG)
    pieces = check(panel)
    title = [piece for piece in pieces if piece.px == panel.look.theme.type_px("heading")]
    assert len(title) == 4
    assert title[-1].text.endswith("…")
    panel.resize(292, 320)
    facts = [piece.text for piece in check(panel) if piece.text.startswith("事項")]
    assert facts == []


def test_in_a_band_the_numbers_stay_and_the_title_is_cut(qtbot: QtBot, look: Look) -> None:
    part = TitlePanel(look.with_layout(Layout.NARROW))
    qtbot.addWidget(part)
    part.resize(600, part.wanted_height())
    part.set_view(LONG)
    title, short = check(part)[::-1]
    assert short.text == TITLE.short
    assert title.text.endswith("…")
    assert title.rect.right() < short.rect.left()


def test_nothing_about_who_waits_takes_no_room(panel: TitlePanel) -> None:
    panel.set_view(replace(TITLE, queue=""))
    seen = check(panel)
    assert not any("予約" in piece.text for piece in seen)
    assert all(upper.rect.top() <= lower.rect.top() for upper, lower in pairwise(seen))


# What is heard, and what it is made of ----------------------------------------------------------------


def test_it_says_title_queue_and_copies(panel: TitlePanel) -> None:
    role, said, _ = spoken(panel)
    assert role is QAccessible.Role.StaticText
    parts = [TITLE.title, TITLE.kana, *TITLE.facts, TITLE.short, TITLE.queue]
    parts += [f"{copy.branch} {copy.state}" for copy in TITLE.copies]
    assert said == " ".join(parts)
    assert panel.focusPolicy() is Qt.FocusPolicy.NoFocus
    panel.set_view(None, HINT)
    assert spoken(panel)[1] == HINT
    assert panel.view() is None
    assert texts(panel) == [HINT] or "".join(texts(panel)) == HINT


def test_another_text_size_and_back(panel: TitlePanel, look: Look) -> None:
    before = panel.trace()
    panel.set_look(replace(look, theme=replace(look.theme, text_scale=1.5)))
    assert panel.trace() != before
    panel.set_look(look)
    assert panel.trace() == before


@pytest.mark.parametrize("layout", Layout)
def test_hostile_text_is_plain_text(qtbot: QtBot, look: Look, layout: Layout) -> None:
    part = TitlePanel(look.with_layout(layout))
    qtbot.addWidget(part)
    part.resize(292 if layout is Layout.WIDE else 1100, 600)
    hebrew = "שלום <b>עולם</b> 12/5(土)"
    for text in (HOSTILE[:400], hebrew):
        copies = (CopyLine(Sign.DONE, text, text),)
        part.set_view(TitleView(text, text, (text, text), "", text, copies))
        seen = "".join(piece.text for piece in part.trace())
        assert "<b>" in seen
        assert not set(seen) & set("\u202e\u200f\0\x1b")
        check(part)
    assert part.textFormat() is Qt.TextFormat.PlainText
