"""One of several, and on or off: rows of chips that say their state in shape and word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.flow import control_gap, flow, flow_height
from madoguchi.widgets.look.painted import Lookable, Painted
from madoguchi.widgets.look.panel_views import SoundChoice
from madoguchi.widgets.look.reason_row import ReasonButton, draw_chip
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ReasonView
from madoguchi.widgets.look.words import translate


class ChoiceRow(Lookable, QWidget):
    """Several chips of which one is chosen, by mouse, arrow keys or the space bar. Enter chooses nothing.

    Signals:
        chosen(key): the clerk chose another one.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget, choices: tuple[ReasonView, ...]) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._buttons = [ReasonButton(look, choice, self) for choice in choices]
        self._chosen = ""
        for button in self._buttons:
            button.clicked.connect(lambda _on=False, key=button.reason.key: self._choose(key))

    def set_chosen(self, key: str) -> None:
        """Mark this one as chosen, or with an unknown key none; ``chosen`` is not sent."""
        self._chosen = key
        for button in self._buttons:
            # Qt lets nobody take the mark from the last of a group.
            button.setAutoExclusive(False)
            button.setChecked(button.reason.key == key)
        for button in self._buttons:
            button.setAutoExclusive(True)

    def chosen_key(self) -> str:
        """Key of the chosen one, or an empty string."""
        return next((button.reason.key for button in self._buttons if button.isChecked()), "")

    def set_word(self, key: str, word: str) -> None:
        """Say this on the chip of that key; KeyError without it."""
        for button in self._buttons:
            if button.reason.key == key:
                button.set_word(word)
                self._arrange()
                return
        raise KeyError(key)

    def _choose(self, key: str) -> None:
        if key != self._chosen:
            self._chosen = key
            self.chosen.emit(key)

    def buttons(self) -> tuple[ReasonButton, ...]:
        """The chips in order."""
        return tuple(self._buttons)

    def start(self) -> None:
        """Take the focus: the chosen chip, or the first."""
        chosen = next((button for button in self._buttons if button.isChecked()), self._buttons[0])
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def row_height(self) -> int:
        """Height in px of one row of chips."""
        return max(button.sizeHint().height() for button in self._buttons)

    def height_for(self, width: int) -> int:
        """Height in px the chips take at this width."""
        return flow_height(self._places(width))

    def look_changed(self) -> None:
        """Lay the chips out again."""
        for button in self._buttons:
            button.look = self.look
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _places(self, width: int) -> list[QRect]:
        gap = control_gap(self.look.theme)
        return flow([button.sizeHint() for button in self._buttons], width, gap, gap)

    def _arrange(self) -> None:
        for button, place in zip(self._buttons, self._places(self.width()), strict=True):
            button.setGeometry(place)


class SwitchChip(Painted, QCheckBox):
    """Something that is on or off: a box with or without a tick, its name, and the state in a word."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        QCheckBox.__init__(self, parent)
        self.look = look
        self._word = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_words(self, word: str, spoken: str, *, on: bool) -> None:
        """Show this name and state; ``spoken`` is the name a screen reader says."""
        self._word = word
        self.setChecked(on)
        self.setText(word.replace("&", "&&"))
        self.setAccessibleName(spoken)
        self._say_state()
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        """Qt's call: the clerk switched it."""
        super().nextCheckState()
        self._say_state()

    def _say_state(self) -> None:
        self.setAccessibleDescription(self._states()[0 if self.isChecked() else 1])

    @staticmethod
    def _states() -> tuple[str, str]:
        return translate("Look", "入"), translate("Look", "切")

    def _state_width(self) -> int:
        ink = Ink("body", bold=True)
        return round(max(text_width(self.look.theme, state, ink) for state in self._states())) + 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call. Enter is a scanner's last character, so it switches nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        Painted.paintEvent(self, event)

    def hitButton(self, pos: object) -> bool:
        """Qt's call: the whole chip can be pressed, not only where Qt would draw a check box."""
        del pos
        return True

    def sizeHint(self) -> QSize:
        """Qt's call. The same whether on or off, so that nothing moves when it is switched."""
        theme = self.look.theme
        words = round(text_width(theme, self._word, Ink("body", bold=True))) + 1 + self._state_width()
        width = 2 * theme.grown(10) + theme.px(22) + 2 * theme.space(2) + words + theme.space(1)
        return QSize(width, max(theme.tokens.size_px["targetMin"], theme.line("body") + theme.grown(16)))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, on = canvas.theme, self.isChecked()
        colour = draw_chip(canvas, self, marked=on)
        side = theme.px(22)
        left = theme.grown(10)
        box = QRect(left, (self.height() - side) // 2, side, side).adjusted(1, 1, -1, -1)
        canvas.box(box, border=colour, width=2, fill=colour if on else "surface")
        if on:
            self._tick(canvas, box)
        left += side + theme.space(2)
        right = self.width() - theme.grown(10)
        state = self._state_width()
        word = Ink("body", bold=on, colour=colour)
        canvas.text(QRect(left, 0, right - state - theme.space(2) - left, self.height()), self._word, word)
        room = QRect(right - state, 0, state, self.height())
        canvas.text(room, self._states()[0 if on else 1], word, Qt.AlignmentFlag.AlignRight)

    @staticmethod
    def _tick(canvas: Canvas, box: QRect) -> None:
        side = box.width()
        pen = QPen(canvas.theme.colour("onAccent"), max(2.0, side / 8))
        canvas.painter.setPen(pen)
        points = ((0.2, 0.52), (0.42, 0.74), (0.8, 0.28))
        canvas.painter.drawPolyline(
            QPolygonF([QPointF(box.left() + x * side, box.top() + y * side) for x, y in points])
        )


class HearButton(KeyButton):
    """Plays one sound. A held-down space bar plays it once."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call."""
        if not event.isAutoRepeat():
            super().keyPressEvent(event)


class SoundRow(Lookable, QWidget):
    """The sounds, each with its switch and a button to hear it; a pair is never broken apart.

    Signals:
        switched(key, on): the clerk switched this sound.
        heard(key): play this sound once, whether it is on or off.
    """

    switched = Signal(str, bool)
    heard = Signal(str)

    def __init__(self, look: Look, parent: QWidget) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._pairs: dict[str, tuple[SwitchChip, HearButton]] = {}

    def set_sounds(self, sounds: tuple[SoundChoice, ...]) -> None:
        """Show these. The controls stay the same while the keys do, and so does the focus."""
        if tuple(self._pairs) != tuple(sound.key for sound in sounds):
            self._renew(sounds)
        for sound in sounds:
            switch, hear = self._pairs[sound.key]
            switch.set_words(
                sound.word, translate("Look", "音 {sound}").format(sound=sound.word), on=sound.on
            )
            hear.set_words("", translate("Look", "試聴"))
            hear.setAccessibleName(translate("Look", "音 {sound} 試聴").format(sound=sound.word))
        self._arrange()

    def _renew(self, sounds: tuple[SoundChoice, ...]) -> None:
        for pair in self._pairs.values():
            for part in pair:
                part.hide()
                part.setParent(None)
                part.deleteLater()
        self._pairs = {
            sound.key: (SwitchChip(self.look, self), HearButton(self.look, parent=self)) for sound in sounds
        }
        for key, (switch, hear) in self._pairs.items():
            switch.clicked.connect(lambda on, name=key: self.switched.emit(name, on))
            hear.clicked.connect(lambda _on=False, name=key: self.heard.emit(name))
            switch.show()
            hear.show()

    def controls(self) -> tuple[QAbstractButton, ...]:
        """Switch and button of each sound, in order."""
        return tuple(part for pair in self._pairs.values() for part in pair)

    def switch(self, key: str) -> SwitchChip:
        """The switch of that sound."""
        return self._pairs[key][0]

    def hear_button(self, key: str) -> HearButton:
        """The button that plays that sound."""
        return self._pairs[key][1]

    def height_for(self, width: int) -> int:
        """Height in px the sounds take at this width; 0 without any."""
        return flow_height(self._places(width))

    def look_changed(self) -> None:
        """Lay the controls out again."""
        for switch, hear in self._pairs.values():
            switch.look = hear.look = self.look
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _hear_width(self) -> int:
        return max((hear.sizeHint().width() for _, hear in self._pairs.values()), default=0)

    def _places(self, width: int) -> list[QRect]:
        # All pairs as wide as the widest: the sounds stand under each other when they wrap.
        switch = max((chip.sizeHint().width() for chip, _ in self._pairs.values()), default=0)
        between = self._between()
        pair = QSize(switch + between + self._hear_width(), self.row_height())
        apart, count = between + self.look.theme.space(4), len(self._pairs)
        # Rows of the same length: two and two rather than three and one.
        fitting = max(1, (width + apart) // max(1, pair.width() + apart))
        columns = -(-count // -(-count // fitting)) if count else 1
        return flow([pair] * count, min(width, columns * (pair.width() + apart) - apart), apart, between)

    def row_height(self) -> int:
        """Height in px of one row of sounds; 0 without any."""
        return max((part.sizeHint().height() for part in self.controls()), default=0)

    def _between(self) -> int:
        return control_gap(self.look.theme)

    def _arrange(self) -> None:
        between, hear_width = self._between(), self._hear_width()
        for place, (switch, hear) in zip(self._places(self.width()), self._pairs.values(), strict=True):
            hear_px = min(hear_width, place.width() // 2 - between)
            switch_px = place.width() - between - hear_px
            switch.setGeometry(place.left(), place.top(), switch_px, place.height())
            hear.setGeometry(place.left() + switch_px + between, place.top(), hear_px, place.height())
