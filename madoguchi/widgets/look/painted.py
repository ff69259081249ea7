"""What all components share: they wear a look, paint through a canvas, and can be asked what they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from madoguchi.widgets.look.canvas import Canvas, Notes, Piece
from madoguchi.widgets.look.theme import Look

if TYPE_CHECKING:
    _Host = QWidget
else:
    _Host = object


class Lookable(_Host):
    """A widget that wears a look. ``CounterFrame`` hands every one below it the new look on a change."""

    look: Look

    def set_look(self, look: Look) -> None:
        """Wear another theme, text scale or layout."""
        self.look = look
        self.look_changed()
        self.updateGeometry()
        self.update()

    def look_changed(self) -> None:
        """Do what a new look asks for beyond repainting; nothing here."""


class Painted(Lookable):
    """A widget painted by ``draw`` alone."""

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def notes(self) -> Notes:
        """Every text and mark as it would be painted now, in the widget's coordinates."""
        notes = Notes()
        pixmap = QPixmap(max(1, self.width()), max(1, self.height()))
        painter = QPainter(pixmap)
        self.draw(Canvas(painter, self.look.theme, notes))
        painter.end()
        return notes

    def trace(self) -> list[Piece]:
        """Every text as it would be painted now, in the widget's coordinates."""
        return self.notes().pieces


class Readout(Painted, QLabel):
    """A painted area nobody operates. To a screen reader it is a label that says ``spoken``."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QLabel.__init__(self, parent)
        self.look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def speak(self, *words: str) -> None:
        """Set what a screen reader says: the words that are not empty, in order."""
        spoken = " ".join(word for word in words if word)
        self.setText(spoken)
        self.setAccessibleName(spoken)

    def wanted_height(self) -> int:
        """Height in px the component takes in this look; 0 if it takes what it gets."""
        return 0

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(200), self.wanted_height())

    def minimumSizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(0, self.wanted_height())
