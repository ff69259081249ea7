"""Every screen of the look, painted offscreen: nothing is cut off, nothing overlaps, the measures hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Piece
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Layout

from .scenes import SCENES, Scene


@pytest.fixture(params=list(SCENES))
def scene(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Scene]:
    built = SCENES[request.param]()
    qtbot.addWidget(built.frame)
    with qtbot.waitExposed(built.frame):
        built.frame.show()
    yield built
    built.frame.close()


def _visible(scene: Scene) -> list[QWidget]:
    return [widget for widget in scene.frame.findChildren(QWidget) if widget.isVisible()]


def _traced(scene: Scene) -> list[tuple[QWidget, Piece]]:
    painters = [widget for widget in _visible(scene) if isinstance(widget, Painted | RowsView)]
    return [(widget, piece) for widget in painters for piece in widget.trace()]


def test_every_text_fits_where_it_is_painted(scene: Scene) -> None:
    pieces = _traced(scene)
    assert len(pieces) > 5
    for widget, piece in pieces:
        said = f"{type(widget).__name__}: {piece}"
        assert piece.width <= piece.rect.width() + 1.5, said
        assert piece.height <= piece.rect.height() + 1.5, said
        assert piece.px >= MINIMUM_TEXT_PX, said
        assert not piece.text or widget.rect().adjusted(-1, -1, 1, 1).contains(piece.rect), said


def test_only_titles_and_creators_are_cut(scene: Scene) -> None:
    whole = {piece.text for _, piece in _traced(scene) if not piece.elidable}
    cut = [text for text in whole if text.endswith("…")]
    assert cut == []


def test_no_two_texts_of_a_widget_overlap(scene: Scene) -> None:
    by_widget: dict[QWidget, list[Piece]] = {}
    for widget, piece in _traced(scene):
        by_widget.setdefault(widget, []).append(piece)
    for widget, pieces in by_widget.items():
        inked = [(piece, _ink(piece)) for piece in pieces if piece.text.strip()]
        for at, (first, first_ink) in enumerate(inked):
            for second, second_ink in inked[at + 1 :]:
                # Both may be set left or right in a shared line: together they must leave it room.
                if first.rect == second.rect:
                    assert first.width + second.width <= first.rect.width() + 1, (widget, first, second)
                elif first_ink.intersects(second_ink) and not first.rect.contains(second.rect):
                    assert not first.rect.intersects(second.rect), (widget, first, second)


def _ink(piece: Piece) -> QRect:
    """The rectangle less a margin: neighbours may touch."""
    return piece.rect.adjusted(1, 2, -1, -2)


def test_the_parts_fill_the_frame_without_overlap(scene: Scene) -> None:
    frame = scene.frame
    page = [frame.rail, frame.strip, frame.top_bar, frame.banner, frame.question, scene.scan_list]
    parts = [part for part in page if part is not None and part.isVisible()]
    for at, part in enumerate(parts):
        assert frame.rect().contains(part.geometry())
        for other in parts[at + 1 :]:
            assert not part.geometry().intersects(other.geometry())
    if frame.strip.isVisible():
        assert frame.strip.geometry().bottom() == frame.rect().bottom()
        assert frame.strip.geometry().width() == frame.width()


def test_every_child_lies_inside_its_parent(scene: Scene) -> None:
    for widget in _visible(scene):
        parent = widget.parentWidget()
        if isinstance(widget, QAbstractButton | QLineEdit) and parent is not None:
            assert parent.rect().contains(widget.geometry()), widget


def test_the_rail_shows_all_twelve_keys_in_groups_of_four(scene: Scene) -> None:
    rail = scene.frame.rail
    if not rail.isVisible():
        return
    tops = [rail.key(number).geometry() for number in range(1, 13)]
    assert tops[-1].bottom() <= rail.rect().bottom()
    steps = [lower.top() - upper.top() for upper, lower in pairwise(tops)]
    assert min(steps[3], steps[7]) > max(step for at, step in enumerate(steps) if at not in (3, 7))


def test_every_control_has_a_name_and_is_large_enough(scene: Scene) -> None:
    for widget in _visible(scene):
        if isinstance(widget, QAbstractButton | QLineEdit):
            assert widget.accessibleName(), widget
            assert widget.height() >= 44, widget


def test_the_focus_ring_stays_inside_the_window(scene: Scene) -> None:
    ring = scene.frame.ring()
    if ring.isVisible():
        assert scene.frame.rect().contains(ring.geometry())
        target = ring.target()
        assert target is not None
        corner = target.mapTo(scene.frame, QPoint(0, 0))
        assert ring.geometry().intersects(QRect(corner, target.size()))


@pytest.mark.parametrize(
    ("name", "layout", "strip", "top_bar", "rail"),
    [
        ("01_checkout", Layout.WIDE, 96, 48, 180),
        ("01e_1920_text125", Layout.WIDE, 120, 56, 225),
        ("01f_text150", Layout.COMPACT, 112, 65, 198),
        ("01g_text200", Layout.NARROW, 128, 72, 224),
    ],
)
def test_the_measures_of_the_design_hold(
    qtbot: QtBot, name: str, layout: Layout, strip: int, top_bar: int, rail: int
) -> None:
    frame = SCENES[name]().frame
    qtbot.addWidget(frame)
    frame.show()
    assert frame.layout_in_force() is layout
    assert (frame.strip.height(), frame.top_bar.height(), frame.rail.width()) == (strip, top_bar, rail)


def test_at_100_percent_rows_are_60_and_keys_46(qtbot: QtBot) -> None:
    scene = SCENES["01_checkout"]()
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    assert scene.scan_list is not None
    assert scene.scan_list.rows_view().height() == 8 * 60
    assert scene.frame.rail.key(1).height() == 46


def test_a_refusal_fills_the_strip_and_an_outage_is_dark(qtbot: QtBot, tmp_path: Path) -> None:
    seen = {}
    for name in ("01_checkout", "01b_refused", "04_outage"):
        frame = SCENES[name]().frame
        qtbot.addWidget(frame)
        frame.show()
        assert frame.grab().save(str(tmp_path / f"{name}.png"))
        image = frame.strip.grab().toImage()
        seen[name] = {image.pixelColor(x, 90).name() for x in (4, 110, image.width() - 4)}
    assert seen["01_checkout"] == {"#115a36", "#ffffff"}
    assert seen["01b_refused"] == {"#a30000"}
    assert seen["04_outage"] == {"#26292d"}


def test_a_narrower_window_reflows_and_comes_back(qtbot: QtBot) -> None:
    scene = SCENES["01_checkout"]()
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    scene.frame.resize(1100, 768)
    assert scene.frame.layout_in_force() is Layout.COMPACT
    assert scene.scan_list is not None
    assert scene.scan_list.geometry().left() == scene.frame.rail.width()
    scene.frame.resize(1366, 768)
    assert scene.frame.layout_in_force() is Layout.WIDE
    assert scene.scan_list.geometry().left() == 180 + 292
