"""The line above the scan list: what is counted, what waits, and how many rows lie out of sight."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, text_width
from madoguchi.widgets.look.flags import sign_colour
from madoguchi.widgets.look.icons import ATTENTION_SIGNS, SIGN_ICONS, Icon
from madoguchi.widgets.look.painted import Painted, Readout
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import ListHeader
from madoguchi.widgets.look.words import translate

_QUIET = Ink("label", colour="ink2")


class OutOfSight(Painted, QAbstractButton):
    """ "↑ 前に4行": says how many rows are out of sight, and shows some of them when pressed."""

    def __init__(self, look: Look, icon: Icon, parent: QWidget) -> None:
        QAbstractButton.__init__(self, parent)
        self.look = look
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def set_words(self, words: str) -> None:
        """Say this, or hide when it is empty."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call. Enter presses nothing."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Qt's call."""
        theme = self.look.theme
        width = round(text_width(theme, self.text(), _QUIET)) + 1 + theme.px(22) + theme.space(2)
        return QSize(width, max(theme.line("label"), theme.tokens.size_px["targetMin"]))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        icon = theme.px(22)
        canvas.fill(self.rect(), "surfaceAlt")
        canvas.icon(icon // 2, self.height() // 2, icon, self._icon, "ink2")
        left = icon + theme.space(2)
        canvas.text(QRect(left, 0, self.width() - left, self.height()), self.text(), _QUIET)


class ListHeaderBar(Readout):
    """Shows a ``ListHeader`` and the two counts of rows out of sight.

    Signals:
        earlier_requested(): show earlier rows.
        later_requested(): show later rows.
    """

    earlier_requested = Signal()
    later_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view = ListHeader("", 0, "")
        self._earlier = OutOfSight(look, Icon.EARLIER, self)
        self._later = OutOfSight(look, Icon.LATER, self)
        self._earlier.clicked.connect(self.earlier_requested)
        self._later.clicked.connect(self.later_requested)

    def set_view(self, view: ListHeader) -> None:
        """Show this."""
        self._view = view
        self.speak(view.title, f"{view.count} {view.unit}", *(note.text for note in view.notes))
        self._arrange()
        self.update()

    def set_out_of_sight(self, before: int, after: int) -> None:
        """Say how many rows are out of sight on either side."""
        self._earlier.set_words(translate("Look", "前に{count}行").format(count=before) if before else "")
        self._later.set_words(translate("Look", "後に{count}行").format(count=after) if after else "")
        self._arrange()

    def earlier_button(self) -> OutOfSight:
        """The button that looks back."""
        return self._earlier

    def wanted_height(self) -> int:
        """Height in px in this look."""
        theme = self.look.theme
        if self.look.layout is Layout.WIDE:
            return theme.line("date") + theme.grown(15)
        # The two buttons in it are pressed with a finger, too.
        return max(theme.tokens.size_px["targetMin"] + 2, theme.line("heading") + theme.grown(12))

    def look_changed(self) -> None:
        """Lay the buttons out again."""
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _notes_left(self) -> int:
        """Where the notes begin."""
        theme = self.look.theme
        left = self.width() - theme.space(4)
        for note in reversed(self._view.notes):
            ink = Ink("label", bold=note.sign in ATTENTION_SIGNS)
            left -= round(text_width(theme, note.text, ink)) + 1 + theme.grown(11) + theme.px(22)
            left -= theme.grown(14)
        return left

    def _arrange(self) -> None:
        right = self._notes_left()
        for button in (self._later, self._earlier):
            if button.isHidden():
                continue
            size = button.sizeHint()
            button.setGeometry(right - size.width(), 1, size.width(), self.height() - 2)
            right -= size.width() + self.look.theme.grown(14)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, view = canvas.theme, self._view
        canvas.fill(self.rect(), "surfaceAlt")
        canvas.hline(0, self.width() - 1, self.height() - 1)
        height = self.height() - 1
        right = self.width() - theme.space(4)
        for note in reversed(view.notes):
            loud = note.sign in ATTENTION_SIGNS
            ink = Ink("label", bold=loud, colour=sign_colour(note.sign) if loud else "ink2")
            width = round(text_width(theme, note.text, ink)) + 1
            canvas.text(QRect(right - width, 0, width, height), note.text, ink)
            icon = theme.px(22)
            right -= width + theme.grown(11) + icon
            canvas.icon(right + icon // 2, height // 2, icon, SIGN_ICONS[note.sign], sign_colour(note.sign))
            right -= theme.grown(14)
        for button in (self._earlier, self._later):
            if not button.isHidden():
                right = min(right, button.x() - theme.space(2))
        self._counted(canvas, right, height)

    def _counted(self, canvas: Canvas, right: int, height: int) -> None:
        theme, view = canvas.theme, self._view
        left = theme.space(4)
        wide = self.look.layout is Layout.WIDE
        count_ink = Ink("date" if wide else "heading", bold=True, number=True)
        count = str(view.count)
        count_px = round(text_width(theme, count, count_ink)) + 1
        unit_px = round(text_width(theme, view.unit, _QUIET)) + 1
        title = Ink("heading" if wide else "label", bold=True)
        room = right - left - count_px - unit_px - 2 * theme.space(3)
        title_px = min(max(0, room), round(text_width(theme, view.title, title)) + 1)
        # Where not even a narrow title has room the count stands alone; it is spoken all the same.
        if title_px >= least_width(theme, view.title, title):
            canvas.text(QRect(left, 0, title_px, height), view.title, title)
            left += title_px + theme.space(3)
        canvas.text(QRect(left, 0, count_px, height), count, count_ink)
        left += count_px + theme.space(3)
        canvas.text(QRect(left, 0, unit_px, height), view.unit, _QUIET)
