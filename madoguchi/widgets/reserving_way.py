"""How the next titles are reserved: where they are picked up, and whether one copy alone will do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from madoguchi.app.catalogue.search import Branch
from madoguchi.widgets import reservation_forms as forms
from madoguchi.widgets.search_form import SearchForm


class ReservingWay(SearchForm):
    """The form of it; nothing goes to the server.

    Signals:
        chosen(pickup_branch_id, only_copy): so the next ones are reserved.
    """

    chosen = Signal(int, bool)

    def open(self, branches: Sequence[Branch], pickup: int) -> None:
        """Opens the form."""
        self.begin(forms.way_form(branches, pickup))

    def send(self, values: dict[str, str]) -> None:
        pickup, only_copy = int(values[forms.PICKUP]), values[forms.COPY] == forms.ONLY
        self.close()
        self.chosen.emit(pickup, only_copy)

    def forget(self) -> None:
        """Nothing of it is on its way."""
