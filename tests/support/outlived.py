"""Widgets that have outlived the test that made them: no later test need look through them."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

_PROPERTY = "outlived its test"


def mark_outlived() -> None:
    """All that is there now is an earlier test's."""
    for widget in QApplication.allWidgets():
        widget.setProperty(_PROPERTY, True)


def has_outlived(widget: QWidget) -> bool:
    """Whether an earlier test has made it: nothing of a later one can be in it."""
    return bool(widget.property(_PROPERTY))
