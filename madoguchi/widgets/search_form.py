"""What forms over a page's list have in common: shown, on its way, wrong in places, shut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look


class SearchForm(QObject):
    """A form that stands over a page's list.

    Signals:
        closed(): what it stood over is to be seen again.
        said(view): a ``StripView``.
    """

    closed = Signal()
    said = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.form = FormPanel(look)
        self.form.submitted.connect(self.send)
        self.form.cancelled.connect(self.close)
        self._view: FormView | None = None

    # -- what such a form must say of itself -----------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        """The clerk is done with it; the values are untrusted."""
        raise NotImplementedError

    def forget(self) -> None:
        """It is being shut: an answer that comes later is not for what stands here then."""
        raise NotImplementedError

    # -- what they do alike ----------------------------------------------------------------------------

    def is_open(self) -> bool:
        """Whether the form is to be seen."""
        return self._view is not None

    def takes_scans(self) -> bool:
        """Whether what is read now belongs into the form: it is open, and not on its way."""
        return self._view is not None and not self._view.busy

    def close(self) -> None:
        """What it stood over again; nothing of what was typed can be found in the form."""
        if self._view is not None:
            self._view = None
            self.forget()
            self.form.set_view(None)
            self.closed.emit()

    def begin(self, view: FormView) -> None:
        """Shows the form as it is: of one that stood there before nothing is taken over."""
        self.form.set_view(None)
        self.show_view(view)

    def show_view(self, view: FormView) -> None:
        """Shows it otherwise; what is typed stays."""
        self._view = view
        self.form.set_view(view)

    def await_answer(self) -> None:
        """What was sent is on its way."""
        if self._view is not None:
            self.show_view(replace(self._view, busy=True, message=""))

    def say_why(self, message: str) -> None:
        """Why it takes so long."""
        if self._view is not None:
            self.show_view(replace(self._view, message=message))

    def complain(self, errors: Mapping[str, str], message: str = "") -> None:
        """Marks every line that is wrong, at once; it can be sent again."""
        if self._view is not None:
            lines = tuple(replace(line, error=errors.get(line.key, "")) for line in self._view.lines)
            self.show_view(replace(self._view, lines=lines, message=message, busy=False))
            self.form.start()


def focused_line(form: FormPanel) -> str:
    """The key of the line that has the keyboard, or had it last; empty: none has."""
    last = form.focusWidget()
    return next((key for key in form.values() if last in form.field(key).controls()), "")
