"""A labelled line of a form: label above, the field, and below it the sentence that says what is right."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from madoguchi.widgets.look.controls import control_style
from madoguchi.widgets.look.labelled import RING, ErrorMark, Labelled
from madoguchi.widgets.look.theme import Look

__all__ = ["RING", "ErrorMark", "FormField"]

LONGEST_INPUT = 500
FORGOTTEN_AFTER_MS = 10_000
"""How long a password that is half typed stays where somebody else could end it."""


class FormField(Labelled):
    """Shows a ``FieldView`` around a line edit. An error changes neither text nor focus.

    ``secret`` hides what is typed; ``number`` sets it in the face with even figures. What stands in a
    ``fleeting`` field vanishes ten seconds after the last key. ``wraps`` is ``Labelled``'s. ``codes`` says
    that nothing but digits and Latin letters belongs there: an input method lets such a field's keys through
    as they are, from the beginning, since what is half-way composed would be lost were that changed.

    Signals:
        edited(text): the clerk changed the text. It is untrusted.
        entered(): Enter was pressed in the field.
    """

    edited = Signal(str)
    entered = Signal()

    def __init__(
        self,
        look: Look,
        parent: QWidget | None = None,
        *,
        secret: bool = False,
        number: bool = False,
        fleeting: bool = False,
        wraps: bool = False,
        codes: bool = False,
    ) -> None:
        super().__init__(look, parent, wraps=wraps)
        self._edit = QLineEdit(self)
        self._edit.setMaxLength(LONGEST_INPUT)
        # Qt's own menu would open over the lock, in its own language and look; the keys do the same
        self._edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if secret:
            self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        if codes:
            # of all hints the only one that input methods heed
            self._edit.setInputMethodHints(self._edit.inputMethodHints() | Qt.InputMethodHint.ImhHiddenText)
        self._edit.textEdited.connect(self.edited)
        self._edit.returnPressed.connect(self.entered)
        if fleeting:
            self._forgetting = QTimer(self)
            self._forgetting.setSingleShot(True)
            self._forgetting.setInterval(FORGOTTEN_AFTER_MS)
            self._forgetting.timeout.connect(self._edit.clear)
            self._edit.textChanged.connect(self._forgetting.start)
        self._number = number
        self._mark = ErrorMark(look, self._edit)
        self._mark.hide()
        self.setFocusProxy(self._edit)

    def edit(self) -> QLineEdit:
        """The line edit."""
        return self._edit

    def text(self) -> str:
        """What is in the field; untrusted."""
        return self._edit.text()

    def set_text(self, text: str) -> None:
        """Put this into the field; ``edited`` is not sent."""
        self._edit.setText(text)

    def controls(self) -> tuple[QWidget, ...]:
        """The line edit."""
        return (self._edit,)

    def say(self, name: str, description: str) -> None:
        """Name the line edit."""
        self._edit.setAccessibleName(name)
        self._edit.setAccessibleDescription(description)

    def dress(self) -> None:
        """Dress the line edit, and show the sign of an error in it."""
        theme = self.look.theme
        error = bool(self._view.error)
        self._edit.setStyleSheet(control_style(theme, error=error, number=self._number))
        self._edit.setTextMargins(0, 0, theme.px(28) if error else 0, 0)
        self._mark.setVisible(error)

    def place_control(self, place: QRect) -> None:
        """Put the line edit there."""
        theme = self.look.theme
        self._edit.setGeometry(place)
        side = theme.px(28)
        self._mark.look = self.look
        left = self._edit.width() - side - theme.space(2)
        self._mark.setGeometry(left, (self._edit.height() - side) // 2, side, side)
