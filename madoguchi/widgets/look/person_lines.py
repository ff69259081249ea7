"""Where a patron lives and how to reach them: masked until it is needed, and then in the same place."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, paragraph_height, text_width
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.person_views import PersonLine, PersonView
from madoguchi.widgets.look.theme import Layout, Look, Theme
from madoguchi.widgets.look.veil import hidden_word
from madoguchi.widgets.look.words import translate

MASK = "●●●●"
_HEADING = Ink("label", bold=True)
_QUIET = Ink("label", colour="ink2")
_VALUE = Ink("body")
_LONG = Ink("label")


class PersonLines(Readout):
    """Shows a ``PersonView``. Masked it is as high as shown: what stands below does not move.

    ``folded``, where there is little room, it is one line while it is masked.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view = PersonView("", "")
        self._folded = False

    def set_view(self, view: PersonView) -> None:
        """Show this."""
        self._view = view
        lines = (
            f"{line.label} {(line.value or _nothing()) if view.shown else hidden_word()}"
            for line in view.lines
        )
        self.speak(view.heading, "" if view.shown else MASK, *lines, view.hint)
        self.update()

    def view(self) -> PersonView:
        """What it shows."""
        return self._view

    def set_folded(self, folded: bool) -> None:
        """Take one line while masked, or always the whole height."""
        self._folded = folded
        self.update()

    def height_for(self, width: int, *, folded: bool) -> int:
        """Height in px at this width."""
        theme = self.look.theme
        head = theme.line("label")
        if folded and not self._view.shown:
            return head + 2 * theme.space(2) + 1
        rows = sum(height for _, height in self._rows(theme, width - 2 * theme.space(4), folded=folded))
        return head + theme.space(1) + rows + 2 * theme.space(2) + 1

    def _beside(self, *, folded: bool) -> int:
        """How many lines stand side by side: where there is little room two, however narrow it is."""
        return 1 if self.look.layout is Layout.NARROW and not folded else 2

    def _rows(
        self, theme: Theme, inner: int, *, folded: bool
    ) -> Iterator[tuple[tuple[PersonLine, ...], int]]:
        """The lines that stand side by side, and how high they are."""
        beside = self._beside(folded=folded)
        row: list[PersonLine] = []
        for line in self._view.lines:
            if not line.long:
                row.append(line)
            if row and (line.long or len(row) == beside):
                yield tuple(row), _pitch(theme)
                row = []
            if line.long:
                # as many lines as the text takes, and two at least: masked it must not tell how long it is,
                # and folded it is not masked
                room = inner - self._label_px(theme)
                least = (1 if folded else 2) * round(theme.type_px(_LONG.role) * theme.tokens.paragraph_line)
                text = line.value if self._view.shown else ""
                yield (line,), max(least, paragraph_height(theme, text, _LONG, room)) + theme.space(1)
        if row:
            yield tuple(row), _pitch(theme)

    def _label_px(self, theme: Theme) -> int:
        widest = max((text_width(theme, line.label, _QUIET) for line in self._view.lines), default=0)
        return round(widest) + 1 + theme.space(3)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, view = canvas.theme, self._view
        canvas.fill(self.rect(), "surface")
        canvas.hline(0, self.width() - 1, self.height() - 1)
        left, y = theme.space(4), theme.space(2)
        inner = self.width() - 2 * left
        heading = round(text_width(theme, view.heading, _HEADING)) + 1
        canvas.text(QRect(left, y, heading, theme.line("label")), view.heading, _HEADING)
        hint = QRect(left + heading, y, inner - heading, theme.line("label"))
        if self._folded and not view.shown:
            mask = round(text_width(theme, MASK, _VALUE)) + 1
            masked = QRect(hint.left() + theme.space(3), y, mask, theme.line("label"))
            canvas.text(masked, MASK, _VALUE)
            hint.setLeft(masked.right() + 1)
        canvas.text(hint.adjusted(theme.space(3), 0, 0, 0), view.hint, _QUIET, Qt.AlignmentFlag.AlignRight)
        if self._folded and not view.shown:
            return
        y += theme.line("label") + theme.space(1)
        label = self._label_px(theme)
        for lines, height in self._rows(theme, inner, folded=self._folded):
            each = inner // (1 if lines[0].long else self._beside(folded=self._folded))
            for place, line in enumerate(lines):
                self._line(canvas, QRect(left + place * each, y, each, height), label, line)
            y += height

    def _line(self, canvas: Canvas, rect: QRect, label: int, line: PersonLine) -> None:
        theme = canvas.theme
        pitch = _pitch(theme)
        canvas.text(QRect(rect.left(), rect.top(), label, pitch), line.label, _QUIET)
        room = QRect(rect.left() + label, rect.top(), rect.width() - label - theme.space(2), pitch)
        value = (line.value or _nothing()) if self._view.shown else MASK
        if line.long and text_width(theme, value, _VALUE) > room.width():
            canvas.paragraph(room.adjusted(0, 0, 0, rect.height() - pitch), value, _LONG)
        else:
            canvas.text(room, value, _VALUE, elide=least_width(theme, value, _VALUE) > room.width())


def _pitch(theme: Theme) -> int:
    return theme.line("body") + theme.space(1)


def _nothing() -> str:
    return translate("Look", "なし")
