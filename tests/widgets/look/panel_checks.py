"""What the tests of pad, preferences and lock ask of every component, and words longer than Japanese ones."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from madoguchi.widgets.look.canvas import Shape
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.record_table import RecordsView
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, contrast_ratio

PERCENTS = (100, 125, 150, 175, 200)
SCREENS = ((1366, 768), (1920, 1080))
_ENGLISH = "Longer words of another language than that of the clerks at our counter "


def long_words(japanese: str) -> str:
    """Latin words some two and a half times as many letters as the Japanese; what is filled in stays."""
    kept = re.findall(r"\{\w+\}", japanese)
    letters = re.sub(r"\{\w+\}", "", japanese)
    wanted = max(3, len(letters) * 5 // 2)
    # Different words for different texts: begin elsewhere.
    start = sum(map(ord, letters)) % len(_ENGLISH)
    words = (_ENGLISH * (wanted // len(_ENGLISH) + 2))[start : start + wanted].strip()
    return " ".join((words, *kept))


class LongWords(QTranslator):
    """Translates everything into longer words."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        del context, disambiguation, n
        return long_words(source_text)


def _all(part: QWidget) -> list[QWidget]:
    return [part, *(widget for widget in part.findChildren(QWidget) if widget.isVisible())]


def check_texts(part: QWidget) -> int:
    """Every visible text fits its place, is large enough, whole and overlaps no other; return how many."""
    count = 0
    for widget in _all(part):
        if not isinstance(widget, Painted):
            continue
        pieces = [piece for piece in widget.trace() if piece.text.strip()]
        for at, piece in enumerate(pieces):
            said = f"{type(widget).__name__}: {piece}"
            assert piece.width <= piece.rect.width() + 1.5, said
            assert piece.height <= piece.rect.height() + 1.5, said
            assert piece.px >= MINIMUM_TEXT_PX, said
            assert widget.rect().adjusted(-1, -1, 1, 1).contains(piece.rect), said
            assert not piece.text.endswith("…"), said
            for other in pieces[at + 1 :]:
                ink = piece.rect.adjusted(1, 2, -1, -2)
                assert not ink.intersects(other.rect.adjusted(1, 2, -1, -2)), (said, other)
        count += len(pieces)
    return count


def check_places(part: QWidget, ring: int = 6) -> None:
    """Controls lie inside the component with room for the ring, do not touch, and are large enough."""
    for child in part.children():
        if isinstance(child, QWidget) and child.isVisible():
            assert part.rect().contains(child.geometry()), child
    controls = [
        widget for widget in _all(part) if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit)
    ]
    places = [QRect(widget.mapTo(part, widget.rect().topLeft()), widget.size()) for widget in controls]
    for at, (widget, place) in enumerate(zip(controls, places, strict=True)):
        said = f"{type(widget).__name__} {widget.accessibleName()} {place}"
        assert part.rect().contains(place.adjusted(-ring, -ring, ring, ring)), said
        parent = widget.parentWidget()
        assert parent is not None
        assert parent.rect().contains(widget.geometry()), said
        assert min(place.width(), place.height()) >= 44, said
        for other in places[at + 1 :]:
            assert not place.adjusted(-ring, -ring, ring, ring).intersects(other), (said, other)


def check_colours(part: QWidget) -> int:
    """Every text reaches 4.5:1 on what lies below it, every sign 3:1 (WCAG 2.1 AA); return how many."""
    count = 0
    for widget in _all(part):
        if not isinstance(widget, Painted | RecordsView):
            continue
        theme = widget.look.theme
        # What paints no ground of its own stands on a card.
        grounds: list[tuple[QRect, str]] = [(widget.rect(), "surface")]
        for mark in widget.notes().marks:
            if mark.shape is Shape.GROUND:
                grounds.append((mark.rect, mark.colour))
            elif mark.shape in (Shape.TEXT, Shape.SIGN):
                below = [colour for rect, colour in grounds if rect.contains(mark.rect.center())][-1]
                ratio = contrast_ratio(theme.hex(mark.colour), theme.hex(below))
                assert ratio >= (4.5 if mark.shape is Shape.TEXT else 3.0), (widget, mark, below)
                count += 1
    return count


def spoken(widget: QWidget) -> tuple[QAccessible.Role, str, str]:
    """Role, name and description that a screen reader is told."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return (
        interface.role(),
        interface.text(QAccessible.Text.Name),
        interface.text(QAccessible.Text.Description),
    )


def check_spoken(part: QWidget) -> None:
    """Every control has a role of its own and a name, and no two of them have the same name."""
    roles = {
        QAccessible.Role.Button,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.EditableText,
    }
    names = []
    for widget in _all(part):
        if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit):
            role, name, _ = spoken(widget)
            assert role in roles, widget
            assert name, widget
            names.append(name)
    assert len(set(names)) == len(names), names
