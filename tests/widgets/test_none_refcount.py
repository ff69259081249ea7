"""Watch for PySide6 losing a reference to None with every void call.

PySide6-Essentials 6.12.0 on Python 3.11 does, and the process is aborted (``none_dealloc``) within seconds
of painting. From Python 3.12 on None cannot be deallocated and its count does not move.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

PAINTS = 1000
# Other objects may come and go meanwhile; the bug loses several references in each paint.
TOLERATED = PAINTS // 2


class Sheet(QWidget):
    """Makes three void calls into Qt with each paint."""

    paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(1.0)
        painter.drawLine(0, 0, 5, 5)
        painter.end()
        self.paints += 1


def test_a_thousand_paints_lose_no_reference_to_none(qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    sheet.resize(8, 8)
    target = QPixmap(8, 8)
    sheet.render(target)
    gc.collect()
    before, painted = sys.getrefcount(None), sheet.paints
    for _ in range(PAINTS):
        sheet.render(target)
    gc.collect()
    assert sheet.paints - painted == PAINTS
    assert before - sys.getrefcount(None) < TOLERATED
