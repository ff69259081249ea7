"""The shipped fonts and icons."""

from __future__ import annotations

from importlib import resources

import pytest
from PySide6.QtGui import QColor, QFontInfo, QRawFont
from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look import fonts, icons
from madoguchi.widgets.look.icons import SIGN_ICONS, Icon, icon_image
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import LookError
from madoguchi.widgets.look.views import Sign


def _names(folder: str, ending: str) -> set[str]:
    place = resources.files("madoguchi.resources") / folder
    return {entry.name for entry in place.iterdir() if entry.name.endswith(ending)}


@pytest.mark.parametrize("bold", [False, True])
def test_both_faces_are_the_bundled_ones(theme: Theme, bold: bool) -> None:
    text = QFontInfo(theme.font("body", bold=bold))
    number = QFontInfo(theme.font("body", bold=bold, number=True))
    assert "PGothic" in text.family() or "Pゴシック" in text.family()
    assert text.family() != number.family()
    assert text.bold() is bold
    assert number.bold() is bold


def test_the_figures_of_the_number_face_are_even(theme: Theme) -> None:
    raw = QRawFont.fromFont(theme.font("body", number=True))
    widths = {
        raw.advancesForGlyphIndexes(raw.glyphIndexesForString(figure))[0].x() for figure in "0123456789"
    }
    assert len(widths) == 1


def test_the_licences_lie_beside_fonts_and_icons() -> None:
    fonts_place = resources.files("madoguchi.resources") / "fonts"
    icons_place = resources.files("madoguchi.resources") / "icons"
    assert "SIL OPEN FONT LICENSE" in (fonts_place / "OFL.txt").read_text("utf-8")
    assert "Apache License" in (icons_place / "LICENSE.txt").read_text("utf-8")


def test_a_font_that_cannot_be_loaded_is_an_error(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "read_resource", lambda *path: b"no font")
    with pytest.raises(LookError, match=r"BIZUDPGothic-Regular\.ttf cannot be loaded"):
        fonts.load_faces.__wrapped__()


def test_every_icon_is_shipped_and_nothing_else(qapp: QApplication) -> None:
    assert _names("icons", ".svg") == {f"{icon.value}.svg" for icon in Icon}
    assert set(SIGN_ICONS) == set(Sign)


@pytest.mark.parametrize("icon", Icon)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_an_icon_has_the_asked_colour_and_is_sharp(qapp: QApplication, icon: Icon, ratio: float) -> None:
    image = icon_image(icon, 24, QColor("#A30000"), ratio)
    assert (image.width(), image.height()) == (round(24 * ratio), round(24 * ratio))
    assert image.devicePixelRatio() == ratio
    solid = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert solid == {"#a30000"}


def test_a_broken_icon_is_an_error(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icons, "read_resource", lambda *path: b"")
    with pytest.raises(LookError, match=r"check_circle\.svg is broken"):
        icons._renderer.__wrapped__(Icon.DONE)
