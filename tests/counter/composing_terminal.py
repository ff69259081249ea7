"""The counter's window in a process of its own, as ``watched_terminal``, for a clerk with an input method.

    python -m tests.counter.composing_terminal sqlite:////…/library.sqlite [SCANNER-TABLE.json]

The scanners are learned ones: a list of tables ``[[scanner]]`` of the settings.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import sqlalchemy as sa
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from madoguchi.barcode.scan import Scan
from madoguchi.barcode.sources.source import Device
from madoguchi.barcode.sources.tables import scanners_of
from madoguchi.barcode.wedge_device import Heard, learned
from madoguchi.widgets.input_method import keep_keys_in_order
from tests.counter.watched_terminal import WatchedTerminal, run


class Composition(QObject):
    """What is half-way composed in a field."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self.text = ""
        self.lost: list[str] = []
        field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt's call, for every event of the field."""
        if isinstance(event, QInputMethodEvent):
            if self.text and not event.preeditString() and not event.commitString():
                self.lost.append(self.text)
            self.text = event.preeditString()
        return False


class ComposingTerminal(WatchedTerminal):
    """The window, scanners it has learned, and a field to compose in."""

    def __init__(self, application: QApplication, url: sa.URL) -> None:
        self._scanners: set[str] = set()
        tables = json.loads(sys.argv[2]) if len(sys.argv) > 2 else []
        super().__init__(application, url, scanners_of(tables))
        self._composition = Composition(self._field)
        self._heard: list[Heard] = []

    def do_learn(self, on: bool) -> list[list[object]]:
        """Begins or ends learning; returns of every scan heard its text, device and scanner."""
        keys = self._counter.keys_before_qt()
        assert keys is not None
        if on:
            self._heard.clear()
            keys.heard.connect(self._heard.append)
        else:
            keys.heard.disconnect(self._heard.append)
        keys.learn(on)
        return [
            [one.received.text_untrusted, _said(one.device), one.scanner, one.received.took_ms]
            for one in self._heard
        ]

    def do_stands(self, name: str) -> str:
        """How a scanner stands, as its page and the banner say."""
        status = self._counter.sources.state(name)
        return status.state.value if status is not None else ""

    def do_hands(self) -> list[object]:
        """On which keyboards somebody has typed since learning began."""
        keys = self._counter.keys_before_qt()
        assert keys is not None
        return [_said(device) for device in keys.hands()]

    def do_use(self, tables: list[dict[str, Any]]) -> None:
        """From now on these scanners are the learned ones."""
        keys = self._counter.keys_before_qt()
        assert keys is not None
        keys.use(learned(scanners_of(tables)))

    def do_present(self) -> list[object]:
        """The keyboards that are there."""
        keys = self._counter.keys_before_qt()
        assert keys is not None
        return [_said(device) for device in keys.present()]

    def do_field(self) -> list[object]:
        """What stands in the field, what is half-way composed, and what was composed and thrown away."""
        return [self._field.text(), self._composition.text, self._composition.lost]

    def do_focus_button(self) -> None:
        """Puts the focus on something that is no field."""
        self._field.clearFocus()
        self._counter.window.setFocus(Qt.FocusReason.OtherFocusReason)

    def do_clear(self) -> None:
        """Empties the field."""
        self._field.clear()
        self._composition.lost.clear()

    def do_scanned_by(self) -> list[str]:
        """Under which names the scans came since this was asked last, each once."""
        names = sorted(self._scanners)
        self._scanners.clear()
        return names

    def _note_scan(self, scan: Scan) -> None:
        self._scanners.add(scan.scanner)
        super()._note_scan(scan)


def _said(device: Device | None) -> object:
    return device and [device.name_untrusted, device.vendor_id, device.product_id]


if __name__ == "__main__":
    keep_keys_in_order()
    sys.exit(run(ComposingTerminal))
