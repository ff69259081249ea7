"""The focus ring, after the Digital Agency's: 2 px yellow and 4 px black, outside the control.

It is an overlay, because a widget cannot paint outside itself. Leave 8 px free around a control.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from madoguchi.widgets.look.painted import Lookable
from madoguchi.widgets.look.theme import Look

INNER, OUTER = 2, 4
REACH = INNER + OUTER
_FOLLOWED = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
    QEvent.Type.ParentChange,
}


class FocusRing(Lookable, QWidget):
    """Follows the keyboard's focus inside ``host`` (its parent) and rings the control that has it.

    Buttons and line edits are ringed; a widget with a method ``focus_ring_rect()`` is ringed where that says
    (an item view: in its viewport), or not at all for None. Other widgets take no ring: a page that merely
    listens for keys is not a control.
    """

    def __init__(self, look: Look, host: QWidget) -> None:
        QWidget.__init__(self, host)
        self.look = look
        self._host = host
        self._watched: list[QObject] = []
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
            self._focus_changed(None, application.focusWidget())

    def target(self) -> QWidget | None:
        """The widget that is followed."""
        return self._target

    def follow(self) -> None:
        """Go where the control is now."""
        rect = self._target_rect()
        if rect is None or rect.isEmpty():
            self.hide()
            return
        self.setGeometry(rect.adjusted(-REACH, -REACH, REACH, REACH))
        self.raise_()
        self.show()
        self.update()

    def look_changed(self) -> None:
        """Sizes have changed."""
        self.follow()

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        del old
        for watched in self._watched:
            # while the window is closed its parts go one by one, and the focus with them
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched = []
        inside = now is not None and self._host.isAncestorOf(now)
        self._target = now if inside else None
        widget: QWidget | None = self._target
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget() if widget is not self._host else None
        ring_moved = getattr(self._target, "ring_moved", None)
        if ring_moved is not None:
            ring_moved.connect(self.follow, Qt.ConnectionType.UniqueConnection)
        self.follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call."""
        if event.type() in _FOLLOWED:
            self.follow()
        return super().eventFilter(watched, event)

    def _target_rect(self) -> QRect | None:
        target = self._target
        if target is None or not target.isVisible():
            return None
        own = getattr(target, "focus_ring_rect", None)
        place = target.viewport() if isinstance(target, QAbstractItemView) else target
        rect: QRect | None = None
        if own is not None:
            rect = own()
        elif isinstance(target, QAbstractButton | QLineEdit):
            rect = target.rect()
        if rect is None:
            return None
        return self._seen(target, QRect(place.mapTo(self._host, rect.topLeft()), rect.size()))

    def _seen(self, target: QWidget, rect: QRect) -> QRect | None:
        """The rectangle as far as a scroll area around the control lets it be seen."""
        widget = target.parentWidget()
        while widget is not None and widget is not self._host:
            if isinstance(widget, QScrollArea):
                room = widget.viewport()
                rect &= QRect(room.mapTo(self._host, room.rect().topLeft()), room.size()).adjusted(
                    REACH, REACH, -REACH, -REACH
                )
            widget = widget.parentWidget()
        return None if rect.isEmpty() else rect

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        theme = self.look.theme
        corner = theme.radius("control")
        frame = QRectF(self.rect())
        for width, colour, inset in ((OUTER, "focusOuter", 0), (INNER, "focusInner", OUTER)):
            pen = QPen(theme.colour(colour), width)
            painter.setPen(pen)
            half = inset + width / 2
            radius = corner + REACH - half
            painter.drawRoundedRect(frame.adjusted(half, half, -half, -half), radius, radius)
        painter.end()
