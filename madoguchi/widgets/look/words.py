"""The few words the components own, in Japanese as the source language; other languages are translations."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
"""``translate("Look", "…")``: spelled so that lupdate finds the context and the words."""
