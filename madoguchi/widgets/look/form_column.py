"""What a form scrolls: heading, note, the text shown once, and the lines below each other."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.form_lines import LongField, OneOfField, SomeOfField
from madoguchi.widgets.look.labelled import RING, Labelled
from madoguchi.widgets.look.painted import Painted, Readout
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.runs import plain_line
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import FieldView

_HEADING = Ink("name", bold=True)
_NOTE = Ink("body")
_SHOWN = Ink("lock", bold=True, number=True)
_HALF = 240
"""Px at 100 % that half a row needs at least."""


class ShownOnce(Readout):
    """A short text set large in the face with even figures. Nobody can select it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._words = ""
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.hide()

    def set_words(self, words: str) -> None:
        """Show this, or with nothing hide."""
        self._words = plain_line(words)
        self.speak(self._words)
        self.setVisible(bool(words))
        self.update()

    def height_for(self, width: int) -> int:
        """Height in px at this width; 0 for nothing."""
        theme = self.look.theme
        words = block_height(theme, self._words, _SHOWN, width - 2 * theme.space(4))
        return words + 2 * theme.space(4) if words else 0

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        canvas.box(self.rect(), border="lineStrong", fill="surfaceAlt", radius=theme.radius("control"))
        left = theme.space(4)
        draw_block(canvas, left, left, self.width() - 2 * left, self._words, _SHOWN)


def new_field(look: Look, kind: LineKind, parent: QWidget) -> Labelled:
    """The field for a line of this kind."""
    if kind is LineKind.LONG:
        return LongField(look, parent)
    if kind is LineKind.ONE_OF:
        return OneOfField(look, parent)
    if kind is LineKind.SOME_OF:
        return SomeOfField(look, parent)
    number = kind in (LineKind.NUMBER, LineKind.BIRTH_DATE)
    return FormField(look, parent, number=number, wraps=True, codes=kind is LineKind.NUMBER)


class FormColumn(Painted, QWidget):
    """Heading, note, what is shown once and the fields. ``FormPanel`` says how wide it is."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._heading = self._note = ""
        self._fields: dict[str, Labelled] = {}
        self._half: set[str] = set()
        self._tops = (0, 0)
        self._pad = self._inner = 0
        self._shown = ShownOnce(look, self)

    def fields(self) -> dict[str, Labelled]:
        """The fields by key, in order."""
        return self._fields

    def shown(self) -> ShownOnce:
        """The text that is shown once."""
        return self._shown

    def renew(self, lines: tuple[FormLine, ...]) -> None:
        """Make empty fields for these lines; of those before nothing can be found any more."""
        for field in self._fields.values():
            field.set_text("")
            field.set_view(FieldView(""))
            field.hide()
            field.setParent(None)
            field.deleteLater()
        self._fields = {line.key: new_field(self.look, line.kind, self) for line in lines}

    def show_view(self, view: FormView, *, fill: bool) -> None:
        """Show this; with ``fill`` also its values."""
        self._heading, self._note = view.heading, view.note
        self._shown.set_words(view.shown)
        self._half = {line.key for line in view.lines if line.half}
        for line in view.lines:
            field = self._fields[line.key]
            if isinstance(field, OneOfField | SomeOfField):
                field.set_choices(line.choices)
            field.set_view(FieldView(line.label, line.required, line.error, line.hint))
            if fill:
                self.put(line.key, line.value)
            field.setVisible(bool(field.controls()))
        self.update()

    def put(self, key: str, text: str) -> None:
        """Put this into the field of that key."""
        field = self._fields[key]
        # In a line edit a mark that turns the direction round would show another value than there is.
        field.set_text(plain_line(text) if isinstance(field, FormField) else text)

    def set_live(self, live: bool) -> None:
        """Let the fields be changed, or not."""
        for field in self._fields.values():
            field.setEnabled(live)

    def wear(self, look: Look) -> None:
        """Wear this look, and all fields with it."""
        self.look = look
        self._shown.look = look
        for field in self._fields.values():
            if field.look != look:
                field.set_look(look)
        self.update()

    def place(self, pad: int, inner: int, extra: QWidget | None, extra_height: int) -> int:
        """Place everything with this margin and width, ``extra`` under the note; return the height."""
        theme = self.look.theme
        self._pad, self._inner = pad, inner
        gap, y = theme.space(4), theme.grown(24)
        note = y + block_height(theme, self._heading, _HEADING, inner) + theme.space(2)
        self._tops = (y, note)
        y = note + (block_height(theme, self._note, _NOTE, inner) + gap if self._note else theme.space(2))
        if extra is not None:
            extra.setGeometry(pad, y, inner, extra_height)
            y += extra_height + gap
        shown = self._shown.height_for(inner)
        self._shown.setGeometry(pad, y, inner, shown)
        y += shown + gap if shown else 0
        # each keeps the room of its focus ring
        apart = max(2 * RING, theme.space(4))
        for row in self._rows(inner):
            width = (inner - (len(row) - 1) * apart) // len(row)
            high = max(field.height_for(width + 2 * RING) for field in row)
            for at, field in enumerate(row):
                field.setGeometry(pad - RING + at * (width + apart), y, width + 2 * RING, high)
            y += high + theme.space(3)
        return y

    def _rows(self, inner: int) -> list[list[Labelled]]:
        """The fields that are to be seen, by row: two halves share one where there is room for both."""
        shared = inner >= 2 * self.look.theme.grown(_HALF)
        rows: list[list[Labelled]] = []
        open_half = False
        for key, field in self._fields.items():
            if not field.controls():
                continue
            half = shared and key in self._half
            if half and open_half:
                rows[-1].append(field)
                open_half = False
            else:
                rows.append([field])
                open_half = half
        return rows

    def draw(self, canvas: Canvas) -> None:
        """Paint heading and note; the rest paints itself."""
        canvas.fill(self.rect(), "surface")
        draw_block(canvas, self._pad, self._tops[0], self._inner, self._heading, _HEADING)
        draw_block(canvas, self._pad, self._tops[1], self._inner, self._note, _NOTE)

    def sight_of(self, widget: QWidget, most: int) -> QRect | None:
        """What should be in sight while this widget has the focus, in at most that height."""
        for at, field in enumerate(self._fields.values()):
            if not field.isAncestorOf(widget):
                continue
            whole = field.geometry()
            if at == 0 and whole.bottom() < most:
                whole.setTop(0)
            if whole.height() <= most:
                return whole
            own = QRect(widget.mapTo(self, widget.rect().topLeft()), widget.size())
            return own.adjusted(0, -RING, 0, RING)
        return None
