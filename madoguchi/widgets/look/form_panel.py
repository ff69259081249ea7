"""A form in a card: its lines below each other, what is wrong under each, F10 sends and Esc leaves."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look


class FormPanel(Painted, QWidget):
    """Shows a ``FormView``. Enter goes on to the next line and never sends: a scanner types it.

    Signals:
        submitted(values): a dict of line keys and texts, as ``values()`` gives it. They are untrusted.
        cancelled(): leave the form.
    """

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look

    def set_view(self, view: FormView | None) -> None:
        """Show this, or with None nothing: no widget holds anything of the form any more.

        What was typed stays if heading and line keys are the same; else the lines are filled from the view.
        """
        raise NotImplementedError

    def view(self) -> FormView | None:
        """What it shows."""
        raise NotImplementedError

    def values(self) -> dict[str, str]:
        """What stands in the lines, by key; untrusted."""
        raise NotImplementedError

    def set_values(self, values: Mapping[str, str]) -> None:
        """Put these into the lines of these keys; other lines stay, other keys are passed over."""
        raise NotImplementedError

    def start(self) -> None:
        """Put the focus into the first line with an error, else the first, else on the button that sends."""
        raise NotImplementedError

    def press(self, key: int) -> bool:
        """Act on F10 or Escape (a ``Qt.Key``); whether it was one of them."""
        raise NotImplementedError
