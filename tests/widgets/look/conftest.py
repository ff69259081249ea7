"""What the look's tests share."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.theme import Look, Theme
from madoguchi.widgets.look.tokens import load_tokens


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(load_tokens(), load_faces())


@pytest.fixture
def look(theme: Theme) -> Look:
    return Look(theme)
