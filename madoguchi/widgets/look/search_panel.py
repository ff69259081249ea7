"""The search: one box or a line of fields above, what was found below. The keyboard stays in the box."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.title_views import SearchView
from madoguchi.widgets.look.views import FieldView
from madoguchi.widgets.look.words import translate

BOX = "anywhere"
_TO_THE_RESULTS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FIELD_WIDTH = 130
_IN_A_ROW = 4


class SearchPanel(Painted, QWidget):
    """Shows a ``SearchView``.

    What an input method is still composing counts as typed: kana are looked for before they become kanji.

    Signals:
        edited(values): a dict of field names and texts, as typed so far. They are untrusted.
        chosen(key): Enter, or a double click, on the record with this key.
        selected(key): another record is selected; empty if there is none.
    """

    edited = Signal(object)
    chosen = Signal(str)
    selected = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._composed: dict[str, str] = {}
        self._by_field = False
        # Tab goes from the fields to what was found
        self._fields = {name: self._field(name, label) for name, label in _labels().items()}
        self.results = RecordTable(look, self)
        self.results.chosen.connect(self.chosen)
        self.results.selection_changed.connect(self.selected)
        self._show_fields()

    def _field(self, name: str, label: str) -> FormField:
        codes = name in ("ndc", "isbn", "item_number")
        field = FormField(self.look, self, number=codes, codes=codes)
        field.set_view(FieldView(label))
        field.edit().installEventFilter(self)
        field.edit().setProperty("field", name)
        field.edited.connect(lambda _text: self._typed())
        field.entered.connect(self._enter)
        return field

    # Content ----------------------------------------------------------------------------------------

    def set_view(self, view: SearchView) -> None:
        """Show this. What was typed stays; of fields that are hidden it goes."""
        if view.by_field is not self._by_field:
            self._by_field = view.by_field
            for name, field in self._fields.items():
                if name not in self._shown_names():
                    self._composed.pop(name, None)
                    field.set_text("")
            self._show_fields()
        self.results.set_view(view.results)

    def values(self) -> dict[str, str]:
        """What is typed, by field; what is being composed included."""
        return {
            name: self._composed.get(name, self._fields[name].text())
            for name in self._shown_names()
            if self._composed.get(name) or self._fields[name].text()
        }

    def set_values(self, values: Mapping[str, str]) -> None:
        """Put these into the fields; ``edited`` is not sent."""
        self._composed.clear()
        for name, field in self._fields.items():
            field.set_text(values.get(name, ""))

    def start(self) -> None:
        """The keyboard is in the first field, whose text is selected: what is typed takes its place."""
        first = self._fields[self._shown_names()[0]].edit()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()

    def add(self, text: str) -> None:
        """Type this into the first field, wherever the keyboard is."""
        first = self._fields[self._shown_names()[0]].edit()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.insert(text)

    def field(self, name: str) -> FormField:
        """The field of that name; KeyError without it."""
        return self._fields[name]

    def _shown_names(self) -> tuple[str, ...]:
        return tuple(name for name in self._fields if name != BOX) if self._by_field else (BOX,)

    def _show_fields(self) -> None:
        names = self._shown_names()
        for name, field in self._fields.items():
            field.setVisible(name in names)
        self.setFocusProxy(self._fields[names[0]].edit())
        self._arrange()

    def _typed(self) -> None:
        self.edited.emit(self.values())

    def _enter(self) -> None:
        key = self.results.selected()
        if key:
            self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call: arrows in a field move among what was found; what is being composed is looked for."""
        if not isinstance(watched, QLineEdit):
            return False
        if isinstance(event, QInputMethodEvent):
            self._compose(watched, event)
            return False
        if event.type() == QEvent.Type.FocusOut:
            # the field drops what was being composed, or commits it, which is told
            self._give_up(str(watched.property("field")))
            return False
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.text().isprintable() and event.text():
            # a key that reaches the field: nothing is being composed there, however it ended
            self._composed.pop(str(watched.property("field")), None)
        if event.key() in _TO_THE_RESULTS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.results.records_view().keyPressEvent(event)
            return True
        # held down, it would act on whatever comes next
        return event.key() in _ENTER and event.isAutoRepeat()

    def _compose(self, edit: QLineEdit, event: QInputMethodEvent) -> None:
        name = str(edit.property("field"))
        if event.preeditString():
            # what is selected goes when the composition is committed
            text, at = edit.text(), edit.selectionStart() if edit.hasSelectedText() else edit.cursorPosition()
            rest = text[at + len(edit.selectedText()) :]
            self._composed[name] = text[:at] + event.commitString() + event.preeditString() + rest
            self._typed()
        elif event.commitString():
            self._composed.pop(name, None)
        else:
            # nothing else tells of it
            self._give_up(name)

    def _give_up(self, name: str) -> None:
        if self._composed.pop(name, None) is not None:
            self._typed()

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
        names = self._shown_names()
        room, least = self.width() - 2 * side, theme.grown(_FIELD_WIDTH)
        # in large text what was found needs the height more than a field its width
        in_a_row = max(1, min(_IN_A_ROW, len(names), (room + gap) // (least + gap)))
        width = (room - (in_a_row - 1) * gap) // in_a_row
        height = max(self._fields[name].sizeHint().height() for name in names)
        y = theme.space(2)
        for place, name in enumerate(names):
            row, column = divmod(place, in_a_row)
            self._fields[name].setGeometry(
                side + column * (width + gap), y + row * (height + theme.space(1)), width, height
            )
        rows = -(-len(names) // in_a_row)
        top = y + rows * (height + theme.space(1)) + theme.space(1)
        self._top = QRect(0, 0, self.width(), top)
        self.results.setGeometry(0, top, self.width(), max(0, self.height() - top))
        self.update()

    def draw(self, canvas: Canvas) -> None:
        """Paint the ground of the fields; the parts paint themselves."""
        canvas.fill(self.rect(), "ground")


def _labels() -> dict[str, str]:
    return {
        BOX: translate("Look", "書名・著者・よみ・出版社・ISBN・分類・資料番号"),
        "title": translate("Look", "書名"),
        "creator": translate("Look", "著者"),
        "publisher": translate("Look", "出版社"),
        "series": translate("Look", "シリーズ"),
        "ndc": translate("Look", "分類（NDC）"),
        "isbn": translate("Look", "ISBN"),
        "item_number": translate("Look", "資料番号"),
    }
