"""Who may be the one being typed: whole at every size, said in words and marks, and heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.alike_panel import AlikePanel
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Layout
from madoguchi.widgets.look.tokens import Contrast

from .alike_scenes import ALIKE, HINT, alike
from .panel_checks import check_colours, spoken
from .stage import theme

SIZES = ((1024, 700), (1366, 768), (1920, 1080))
PERCENTS = (100, 125, 150, 175, 200)


def texts(panel: AlikePanel) -> list[str]:
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
def test_at_every_size_each_field_says_how_it_compares(qtbot: QtBot, size: tuple[int, int]) -> None:
    scene = alike(theme(), size)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    for percent in PERCENTS:
        for contrast in Contrast:
            scene.frame.set_theme(theme(contrast, percent / 100))
            seen = "".join(texts(scene.alike)).replace(" ", "")
            assert check_colours(scene.alike) > 1
            assert "よく似た利用者がいます" in seen
            assert "F9" in seen
            if scene.frame.look.layout is Layout.WIDE:
                assert {"＝", "≒", "×", "－"} <= set(texts(scene.alike))
                assert [seen.count(word) for word in ("一致", "近い", "違う", "未入力")] == [2, 1, 1, 1]
            else:
                assert "違う:生年月日" in seen
                assert scene.alike.geometry().bottom() < scene.form.geometry().top()
            scene.alike.set_view(None, HINT)
            assert "".join(texts(scene.alike)).startswith("フリガナと")
            scene.alike.set_view(ALIKE)


def test_long_names_wrap_and_further_ones_give_way(qtbot: QtBot) -> None:
    scene = alike(theme(), (1366, 700))
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    name = replace(ALIKE.fields[0], value="見本 " + "長い名前" * 12)
    others = tuple(f"見本 {n} …00{n}" for n in range(60))
    scene.alike.set_view(replace(ALIKE, fields=(name, *ALIKE.fields[1:]), others=others))
    seen = texts(scene.alike)
    assert "長い名前" * 12 in "".join(seen).replace(" ", "")
    assert 0 < sum(text in others for text in seen) < 60


def test_it_is_heard_and_takes_no_keyboard(qtbot: QtBot) -> None:
    scene = alike(theme())
    qtbot.addWidget(scene.frame)
    _, heard, _ = spoken(scene.alike)
    assert "生年月日 違う" in heard.replace("  ", " ")
    assert "F9" in heard
    scene.alike.set_view(None, HINT)
    assert scene.alike.text() == HINT
    assert scene.alike.focusPolicy().value == 0
