"""The lines of a form that are not a line edit: several lines of text, one of several, some of several."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from madoguchi.widgets.look.choices import ChoiceRow, SwitchChip
from madoguchi.widgets.look.flow import control_gap, flow, flow_height
from madoguchi.widgets.look.labelled import Labelled
from madoguchi.widgets.look.runs import plain_paragraph
from madoguchi.widgets.look.styles import long_text_style
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ReasonView

LONGEST_TEXT = 2000
LINES_SHOWN = 3
SEPARATOR = ","
Choices = tuple[tuple[str, str], ...]


class LongEdit(QPlainTextEdit):
    """Several lines of plain text, at most 2,000 characters. Tab leaves it, Enter begins a new line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.textChanged.connect(self._keep_short)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Qt's call. What is pasted or dropped comes without any form."""
        if source.hasText():
            self.insertPlainText(plain_paragraph(source.text()))

    def focus_ring_rect(self) -> QRect:
        """Where the focus ring goes."""
        return self.rect()

    def _keep_short(self) -> None:
        # A document counts its last, empty paragraph, and in the units of UTF-16 as its cursor does.
        over = self.document().characterCount() - 1 - LONGEST_TEXT
        if over <= 0:
            return
        # What came last stands before the cursor.
        cursor = self.textCursor()
        end = cursor.position() if cursor.position() >= over else LONGEST_TEXT + over
        cursor.setPosition(end - over)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()


class LongField(Labelled):
    """Shows a ``FieldView`` around a ``LongEdit``."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent, wraps=True)
        self._edit = LongEdit(self)
        self.setFocusProxy(self._edit)

    def edit(self) -> LongEdit:
        """The text field."""
        return self._edit

    def text(self) -> str:
        """What is in the field; untrusted."""
        return self._edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Put this into the field."""
        self._edit.setPlainText(plain_paragraph(text)[:LONGEST_TEXT])

    def controls(self) -> tuple[QWidget, ...]:
        """The text field."""
        return (self._edit,)

    def say(self, name: str, description: str) -> None:
        """Name the text field."""
        self._edit.setAccessibleName(name)
        self._edit.setAccessibleDescription(description)

    def dress(self) -> None:
        """Dress the text field."""
        self._edit.setStyleSheet(long_text_style(self.look.theme, error=bool(self._view.error)))

    def control_height_for(self, width: int) -> int:
        """Three lines of text."""
        del width
        theme = self.look.theme
        line = theme.face("body").metrics.lineSpacing()
        return round(LINES_SHOWN * line + 2 * self._edit.document().documentMargin()) + 2 * theme.space(2)

    def place_control(self, place: QRect) -> None:
        """Put the text field there."""
        self._edit.setGeometry(place)


class OneOfField(Labelled):
    """Shows a ``FieldView`` above a row of radio buttons. Its text is the key of the chosen one.

    Signals:
        edited(key): the clerk chose another one.
        entered(): Enter was pressed on one of them; it chooses nothing.
    """

    edited = Signal(str)
    entered = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent, wraps=True)
        self._choices: Choices = ()
        self._row = ChoiceRow(look, self, ())

    def set_choices(self, choices: Choices) -> None:
        """Offer these; what was chosen stays so if it is among them."""
        if choices == self._choices:
            return
        chosen, old = self.text(), self._row
        self._choices = choices
        self._row = ChoiceRow(self.look, self, tuple(ReasonView(key, word) for key, word in choices))
        self._row.set_chosen(chosen)
        self._row.chosen.connect(self.edited)
        self._row.show()
        old.hide()
        old.setParent(None)
        old.deleteLater()

    def text(self) -> str:
        """Key of the chosen one, or nothing."""
        return self._row.chosen_key()

    def set_text(self, text: str) -> None:
        """Choose the one of this key, or none."""
        self._row.set_chosen(text)

    def controls(self) -> tuple[QWidget, ...]:
        """The radio buttons."""
        return self._row.buttons()

    def start(self) -> None:
        """Take the focus: the chosen one, or the first."""
        if self._choices:
            self._row.start()

    def say(self, name: str, description: str) -> None:
        """Name the row and each button: two lines may offer the same words."""
        self._row.setAccessibleName(name)
        self._row.setAccessibleDescription(description)
        for button in self._row.buttons():
            button.setAccessibleName(f"{self._view.label} {button.reason.word}")
            button.setAccessibleDescription(description)

    def dress(self) -> None:
        """Hand on the look."""
        if self._row.look != self.look:
            self._row.set_look(self.look)

    def control_height_for(self, width: int) -> int:
        """As high as the buttons are at this width."""
        return self._row.height_for(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: what the buttons left."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        elif not event.isAutoRepeat():
            self.entered.emit()

    def place_control(self, place: QRect) -> None:
        """Put the row there."""
        self._row.setGeometry(place)


class SomeOfField(Labelled):
    """Shows a ``FieldView`` above chips that are on or off. Its text is the keys of those that are on."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent, wraps=True)
        self._choices: Choices = ()
        self._chips: dict[str, SwitchChip] = {}

    def set_choices(self, choices: Choices) -> None:
        """Offer these; what was on stays so if it is among them."""
        if choices == self._choices:
            return
        on = self.text()
        for chip in self._chips.values():
            chip.hide()
            chip.setParent(None)
            chip.deleteLater()
        self._choices = choices
        self._chips = {key: SwitchChip(self.look, self) for key, _ in choices}
        self.set_text(on)
        for chip in self._chips.values():
            chip.show()

    def text(self) -> str:
        """The keys joined by commas, in the order of the choices."""
        return SEPARATOR.join(key for key, chip in self._chips.items() if chip.isChecked())

    def set_text(self, text: str) -> None:
        """Switch on those whose keys are named, and the others off."""
        on = text.split(SEPARATOR)
        for key, word in self._choices:
            self._chips[key].set_words(word, self._spoken(word), on=key in on)

    def controls(self) -> tuple[QWidget, ...]:
        """The chips."""
        return tuple(self._chips.values())

    def _spoken(self, word: str) -> str:
        # Its description is the state, so an error is part of the name.
        return " ".join(part for part in (self._view.label, word, self._view.error) if part)

    def say(self, name: str, description: str) -> None:
        """Name the line and each chip."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.set_text(self.text())

    def dress(self) -> None:
        """Hand on the look."""
        for chip in self._chips.values():
            if chip.look != self.look:
                chip.set_look(self.look)

    def _places(self, width: int) -> list[QRect]:
        gap = control_gap(self.look.theme)
        # All as wide as the widest: they stand under each other when they wrap.
        sizes = [chip.sizeHint() for chip in self._chips.values()]
        wide = max((size.width() for size in sizes), default=0)
        return flow([QSize(wide, size.height()) for size in sizes], width, gap, gap)

    def control_height_for(self, width: int) -> int:
        """As high as the chips are at this width."""
        return flow_height(self._places(width))

    def place_control(self, place: QRect) -> None:
        """Put the chips there."""
        for chip, at in zip(self._chips.values(), self._places(place.width()), strict=True):
            chip.setGeometry(at.translated(place.topLeft()))
