"""WCAG AA for every pair of colours that is really painted: every page is painted and asked what lay where.

The lists below are what has been looked at. A pair that is painted and not listed fails, and so does one that
is listed and painted no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Mark, Shape
from madoguchi.widgets.look.controls import control_style
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.icons import ATTENTION_SIGNS, SIGN_ICONS, Icon, icon_image
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.task_rail import TaskRail
from madoguchi.widgets.look.theme import Layout, Look, Theme, contrast_ratio
from madoguchi.widgets.look.tokens import Contrast, load_tokens
from madoguchi.widgets.look.views import RightColumn, RowView, Sign, Tone

from .scenes import PAGES
from .stage import theme

Pair = tuple[str, str]

TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0

TEXT: set[Pair] = {
    ("accent", "accentTint"), ("ink", "accentTint"), ("ink2", "accentTint"), ("onAccent", "accent"),
    ("ink", "ground"), ("ink2", "ground"), ("refused", "ground"),
    ("ink", "surface"), ("ink2", "surface"), ("refused", "surface"),
    ("ink", "surfaceAlt"), ("ink2", "surfaceAlt"), ("refused", "surfaceAlt"),
    ("ink", "noticeTint"), ("ink2", "noticeTint"), ("notice", "noticeTint"),
    ("ink", "refusedTint"), ("ink2", "refusedTint"), ("refused", "refusedTint"), ("onRefused", "refused"),
    ("onSystem", "system"),
}  # fmt: skip
# Painted by Qt after our style sheet: text, placeholder, disabled text, selected text of a line edit.
LINE_EDIT: set[Pair] = {
    ("ink", "surface"),
    ("ink2", "surface"),
    ("ink2", "surfaceAlt"),
    ("onAccent", "accent"),
}
SIGNS: set[Pair] = {
    ("accent", "accentTint"), ("accent", "surface"), ("onAccent", "accent"),
    ("done", "surface"), ("surface", "done"),
    ("ink", "surface"), ("ink", "surfaceAlt"),
    ("ink2", "ground"), ("ink2", "surface"), ("ink2", "surfaceAlt"),
    ("notice", "noticeTint"), ("notice", "surface"), ("noticeTint", "noticeMark"),
    ("refused", "ground"), ("refused", "surface"), ("refused", "surfaceAlt"), ("onRefused", "refused"),
    ("onSystem", "system"), ("systemMark", "system"),
}  # fmt: skip
EDGES: set[Pair] = {
    ("accent", "accentTint"), ("accent", "surface"), ("onAccent", "accent"),
    ("ink", "surface"), ("ink", "surfaceAlt"),
    ("lineStrong", "accentTint"), ("lineStrong", "ground"),
    ("lineStrong", "surface"), ("lineStrong", "surfaceAlt"),
    ("refused", "ground"), ("refused", "refusedTint"), ("refused", "surface"),
    ("system", "ground"), ("system", "surface"),
}  # fmt: skip
# The bars at the left of rows and flags, and the boxes of a loan meter: filled shapes that say something.
BLOCKS: set[Pair] = {
    ("noticeMark", "noticeTint"), ("accent", "accentTint"), ("accent", "surface"), ("ink2", "surface"),
    ("refused", "refusedTint"), ("system", "surface"),
}  # fmt: skip
# What paints its own ground without a canvas.
PLAIN_GROUNDS = {CounterFrame: "ground", ScanList: "ground", TaskRail: "surfaceAlt"}
# A box with this edge groups words; nothing is pressed there and nothing is said by it.
DECORATION = "line"


def _ground(widget: QWidget, point: QPoint, before: list[Mark]) -> str:
    """The colour token under a point of the widget: what it painted there so far, else what is behind it."""
    for mark in reversed(before):
        if mark.shape is Shape.GROUND and mark.rect.contains(point):
            return mark.colour
    for kind, ground in PLAIN_GROUNDS.items():
        if isinstance(widget, kind):
            return ground
    parent = widget.parentWidget()
    if parent is None or type(parent) is QWidget:
        return "ground"
    behind = parent.notes().marks if isinstance(parent, Painted | RowsView) else []
    return _ground(parent, widget.mapToParent(point), behind)


def _outside(rect: QRect) -> QPoint:
    return QPoint(rect.left() - 1, rect.center().y())


def _painted_pairs(frame: QWidget) -> Iterator[tuple[Shape, Pair, str]]:
    for widget in frame.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, Painted | RowsView):
            continue
        marks = widget.notes().marks
        where = type(widget).__name__
        for at, mark in enumerate(marks):
            if mark.shape in (Shape.TEXT, Shape.SIGN):
                yield mark.shape, (mark.colour, _ground(widget, mark.rect.center(), marks[:at])), where
            elif mark.shape is Shape.EDGE and mark.colour != DECORATION:
                outside = _outside(mark.rect)
                before = marks[:at] if widget.rect().contains(outside) else []
                yield mark.shape, (mark.colour, _ground(widget, outside, before)), where
                inside = _ground(widget, mark.rect.center(), marks[: at + 2])
                if inside != mark.colour:
                    yield mark.shape, (mark.colour, inside), where


def _row(key: int, sign: Sign, *, answered: bool) -> RowView:
    action = "F10 対応" if sign in ATTENTION_SIGNS and not answered else ""
    right = "" if action else "12/5(土)"
    return RowView(key, key, sign, "見本", "1012399016", "状態", "補足", right, "予定", action, answered)


def _every_state(look_theme: Theme, layout: Layout, right: RightColumn) -> ScanList:
    """One row of every sign, waiting and answered, on a list high enough for all."""
    scans = ScanList(Look(look_theme, layout), right)
    signs = [(sign, answered) for sign in Sign for answered in (False, True)]
    scans.set_rows([_row(at, sign, answered=answered) for at, (sign, answered) in enumerate(signs, 1)])
    scans.resize(894, 6000)
    return scans


@pytest.fixture(scope="module")
def pairs(qapp: object) -> dict[Shape, dict[Pair, str]]:
    """Every pair of tokens on any page, wide and narrow, in both palettes."""
    del qapp
    found: dict[Shape, dict[Pair, str]] = {shape: {} for shape in Shape}
    for build in PAGES.values():
        for look_theme in (theme(), theme(scale=2.0)):
            scene = build(look_theme, (1366, 768))
            scene.frame.show()
            for shape, pair, where in _painted_pairs(scene.frame):
                found[shape].setdefault(pair, where)
            scene.frame.close()
            scene.frame.deleteLater()
    for layout in Layout:
        for right in RightColumn:
            scans = _every_state(theme(), layout, right)
            scans.show()
            for shape, pair, where in _painted_pairs(scans):
                found[shape].setdefault(pair, where)
            scans.close()
            scans.deleteLater()
    return found


LISTED = [(Shape.TEXT, TEXT), (Shape.SIGN, SIGNS), (Shape.EDGE, EDGES)]


@pytest.mark.parametrize(("shape", "listed"), LISTED, ids=lambda value: getattr(value, "value", ""))
def test_what_is_painted_is_what_has_been_looked_at(
    pairs: dict[Shape, dict[Pair, str]], shape: Shape, listed: set[Pair]
) -> None:
    painted = pairs[shape]
    assert {pair: where for pair, where in painted.items() if pair not in listed} == {}
    assert listed - set(painted) == set()


def _too_low(pairs: set[Pair], contrast: Contrast, ratio: float) -> set[Pair]:
    palette = load_tokens().palettes[contrast]
    return {pair for pair in pairs if contrast_ratio(palette[pair[0]], palette[pair[1]]) < ratio}


@pytest.mark.parametrize("contrast", Contrast)
def test_every_text_reaches_aa(contrast: Contrast) -> None:
    assert _too_low(TEXT | LINE_EDIT, contrast, TEXT_RATIO) == set()


@pytest.mark.parametrize("contrast", Contrast)
def test_every_sign_edge_and_block_reaches_three_to_one(contrast: Contrast) -> None:
    assert _too_low(SIGNS | EDGES | BLOCKS, contrast, SHAPE_RATIO) == set()


@pytest.mark.parametrize("contrast", Contrast)
def test_the_focus_ring_is_seen_on_every_ground(
    pairs: dict[Shape, dict[Pair, str]], contrast: Contrast
) -> None:
    palette = load_tokens().palettes[contrast]
    grounds = {ground for found in pairs.values() for _, ground in found}
    assert len(grounds) > 8
    for ground in grounds:
        ring = [contrast_ratio(palette[colour], palette[ground]) for colour in ("focusOuter", "focusInner")]
        assert max(ring) >= SHAPE_RATIO, ground
    assert contrast_ratio(palette["focusOuter"], palette["focusInner"]) >= SHAPE_RATIO


def test_a_line_edit_wears_only_the_colours_that_are_checked(qapp: object) -> None:
    del qapp
    worn = theme()
    colours = {worn.hex(token) for pair in LINE_EDIT for token in pair} | {
        worn.hex("lineStrong"),
        worn.hex("refused"),
    }
    for error in (False, True):
        assert set(re.findall(r"#[0-9A-Fa-f]{6}", control_style(worn, error=error))) <= colours


# Nothing by colour alone ----------------------------------------------------------------------------


def _silhouette(icon: Icon) -> set[tuple[int, int]]:
    """Where the icon has ink: what is left of it without any colour."""
    side = 28
    image = icon_image(icon, side, QColor("#000000"))
    return {(x, y) for x in range(side) for y in range(side) if image.pixelColor(x, y).alpha() > 127}


def test_every_sign_has_a_shape_of_its_own(qapp: object) -> None:
    del qapp
    assert set(SIGN_ICONS) == set(Sign)
    shapes = {icon: _silhouette(icon) for icon in (*SIGN_ICONS.values(), Icon.REFUSED_ANSWERED)}
    assert len(shapes) == len(Sign) + 1
    for (first, one), (second, other) in combinations(shapes.items(), 2):
        assert len(one ^ other) > len(one | other) // 8, (first, second)


@pytest.mark.parametrize("page", PAGES)
def test_every_row_and_every_outcome_says_its_state_in_words(qtbot: QtBot, page: str) -> None:
    scene = PAGES[page](theme(), (1366, 768))
    qtbot.addWidget(scene.frame)
    if scene.scan_list is not None:
        assert [row for row in scene.scan_list.rows() if not row.state] == []
    outcome = scene.frame.strip.view()
    assert outcome.tone is Tone.IDLE or outcome.word


def test_in_grey_no_two_states_look_alike(qtbot: QtBot) -> None:
    """The block with number and sign of every state, all with the same words, as a grey picture."""
    scans = _every_state(theme(), Layout.WIDE, RightColumn.DATE)
    qtbot.addWidget(scans)
    scans.show()
    view = scans.rows_view()
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    left, width = view.columns().number_right + 4, view.columns().title - view.columns().number_right - 4
    seen: dict[bytes, str] = {}
    for at, row in enumerate(view.rows()):
        if row.answered and row.sign not in ATTENTION_SIGNS:
            continue
        top = view.visualRect(view.model().index(at, 0)).top()
        block = image.copy(QRect(left, top, width, 58)).convertToFormat(QImage.Format.Format_Mono)
        said = f"{row.sign} answered={row.answered}"
        assert seen.setdefault(bytes(block.constBits()), said) == said
    assert len(seen) == len(Sign) + len(ATTENTION_SIGNS)
