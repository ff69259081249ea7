"""Finding a patron: what is asked for above, who was found below. Nothing is asked for before Enter."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.person_views import FinderView
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import FieldView
from madoguchi.widgets.look.words import translate

WORDS, TELEPHONE, BIRTH = "words", "telephone", "birth"
_TO_THE_RESULTS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WEIGHTS = {WORDS: 2, TELEPHONE: 1, BIRTH: 1}


class PatronFinder(Painted, QWidget):
    """Shows a ``FinderView``. The keyboard stays in the field; arrows move among those who were found.

    Enter asks for what is typed; where that was asked for already it opens the selected one.

    Signals:
        asked(values): a dict of field names and texts, as typed. They are untrusted.
        chosen(key): the one with this key is to be opened.
    """

    asked = Signal(object)
    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._errors: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._fields = {name: self._field(name) for name in _WEIGHTS}
        self.results = RecordTable(look, self)
        self.results.chosen.connect(self.chosen)
        self.setFocusProxy(self._fields[WORDS].edit())
        self._label()

    def _field(self, name: str) -> FormField:
        field = FormField(self.look, self, number=name != WORDS, codes=name == TELEPHONE)
        field.edit().installEventFilter(self)
        field.entered.connect(self._enter)
        return field

    def _label(self) -> None:
        labels, hints = _labels(), _hints()
        for name, field in self._fields.items():
            field.set_view(FieldView(labels[name], error=self._errors.get(name, ""), hint=hints[name]))

    # Content ----------------------------------------------------------------------------------------

    def set_view(self, view: FinderView) -> None:
        """Show this. What was typed stays."""
        errors = dict(view.errors)
        if errors != self._errors:
            self._errors = errors
            self._label()
            self._arrange()
        self.results.set_view(view.results)

    def values(self) -> dict[str, str]:
        """What is typed, by field; nothing of those that are empty."""
        return {name: field.text() for name, field in self._fields.items() if field.text().strip()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Put these into the fields; nothing of them has been asked for."""
        self._asked = {}
        for name, field in self._fields.items():
            field.set_text(values.get(name, ""))

    def start(self) -> None:
        """The keyboard is in the first field that is wrong, else in the first; its text is selected."""
        first = self._fields[next((name for name in self._fields if name in self._errors), WORDS)].edit()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()

    def add(self, text: str) -> None:
        """Type this into the first field, wherever the keyboard is."""
        first = self._fields[WORDS].edit()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.insert(text)

    def field(self, name: str) -> FormField:
        """The field of that name; KeyError without it."""
        return self._fields[name]

    def _enter(self) -> None:
        values, key = self.values(), self.results.selected()
        if key and values == self._asked:
            self.chosen.emit(key)
        elif values:
            self._asked = values
            self.asked.emit(values)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call: arrows in a field move among those who were found."""
        if not isinstance(watched, QLineEdit) or not isinstance(event, QKeyEvent):
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in _TO_THE_RESULTS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.results.records_view().keyPressEvent(event)
            return True
        # held down, it would act on whatever comes next
        return event.key() in _ENTER and event.isAutoRepeat()

    # Layout and painting ----------------------------------------------------------------------------

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (*self._fields.values(), self.results):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        theme = self.look.theme
        side, gap = theme.space(4), max(2 * REACH, theme.space(3))
        # in large text the hints would cost the height of a row of what was found
        room = self.width() - 2 * side - gap * (len(_WEIGHTS) - 1)
        height = max(field.sizeHint().height() for field in self._fields.values())
        if self.look.layout is Layout.NARROW and not self._errors:
            height -= theme.line("label") + theme.space(2)
        left, y = side, theme.space(2)
        for name, weight in _WEIGHTS.items():
            width = room * weight // sum(_WEIGHTS.values())
            self._fields[name].setGeometry(left, y, width, height)
            left += width + gap
        top = y + height + theme.space(2)
        self.results.setGeometry(0, top, self.width(), max(0, self.height() - top))
        self.update()

    def draw(self, canvas: Canvas) -> None:
        """Paint the ground of the fields; the parts paint themselves."""
        canvas.fill(self.rect(), "ground")


def _labels() -> dict[str, str]:
    return {
        WORDS: translate("Look", "かな・氏名・利用者番号"),
        TELEPHONE: translate("Look", "電話の下4桁"),
        BIRTH: translate("Look", "生年月日"),
    }


def _hints() -> dict[str, str]:
    return {
        WORDS: translate("Look", "かな2文字から、一部でもよい。Enter で検索"),
        TELEPHONE: "",
        BIRTH: translate("Look", "S55.4.1 や 1980/4/1"),
    }
