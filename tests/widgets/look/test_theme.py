"""Tokens and theme: the contrasts that were written down, measures, reflow."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.widgets.look.theme import (
    MINIMUM_TEXT_PX,
    Layout,
    Theme,
    contrast_ratio,
    default_text_scale,
    layout_for,
)
from madoguchi.widgets.look.tokens import Contrast, LookError, load_tokens, parse_tokens, read_resource

# The table of the design language: pair, ratio in light, ratio in high contrast.
TABLE = [
    ("ink", "surface", 17.7, 21.0),
    ("ink2", "surface", 8.8, 16.8),
    ("ink2", "ground", 7.3, 16.8),
    ("ink2", "accentTint", 7.3, 11.1),
    ("accent", "surface", 9.7, 14.0),
    ("onAccent", "accent", 9.7, 14.0),
    ("accent", "accentTint", 8.0, 9.2),
    ("done", "surface", 8.3, 12.5),
    ("notice", "noticeTint", 8.2, 11.1),
    ("noticeMark", "noticeTint", 4.5, 11.1),
    ("refused", "refusedTint", 7.2, 8.5),
    ("onRefused", "refused", 8.2, 10.1),
    ("onSystem", "system", 14.6, 21.0),
    ("lineStrong", "ground", 4.0, 21.0),
    ("focusOuter", "ground", 17.2, 21.0),
]


@pytest.mark.parametrize(("first", "second", "light", "high"), TABLE)
def test_the_contrast_is_the_one_written_down(first: str, second: str, light: float, high: float) -> None:
    palettes = load_tokens().palettes
    for contrast, expected in ((Contrast.LIGHT, light), (Contrast.HIGH, high)):
        ratio = contrast_ratio(palettes[contrast][first], palettes[contrast][second])
        assert ratio == pytest.approx(expected, abs=0.06)


def test_black_on_white_is_21() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#777777") == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("width", "scale", "layout"),
    [
        (1366, 1.0, Layout.WIDE),
        (1180, 1.0, Layout.WIDE),
        (1179, 1.0, Layout.COMPACT),
        (1920, 1.25, Layout.WIDE),
        (1366, 1.5, Layout.COMPACT),
        (1366, 2.0, Layout.NARROW),
        (849, 1.0, Layout.NARROW),
    ],
)
def test_the_layout_follows_width_by_scale(width: int, scale: float, layout: Layout) -> None:
    assert layout_for(width, scale) is layout


@given(st.floats(min_value=0.1, max_value=9, allow_nan=False))
def test_no_text_is_under_16_px_and_no_scale_out_of_bounds(scale: float) -> None:
    tokens = load_tokens()
    seen = Theme(tokens, faces=None, text_scale=scale)  # type: ignore[arg-type]
    assert 1.0 <= seen.text_scale <= 2.0
    assert min(seen.type_px(role) for role in tokens.type_px) >= MINIMUM_TEXT_PX


def test_measures_grow_as_written(theme: Theme) -> None:
    doubled = replace(theme, text_scale=2.0)
    assert (theme.space(4), doubled.space(4)) == (16, 22)
    assert (theme.type_px("body"), doubled.type_px("body")) == (18, 36)
    assert (theme.type_px("stripDate"), doubled.type_px("stripDate")) == (44, 59)
    assert (theme.stroke("focus"), doubled.stroke("focus")) == (4, 4)


def test_a_wide_screen_starts_at_125_percent() -> None:
    assert default_text_scale(load_tokens(), 1920) == 1.25
    assert default_text_scale(load_tokens(), 1366) == 1.0


def test_broken_tokens_are_one_clear_error() -> None:
    with pytest.raises(LookError, match=r"tokens\.json"):
        parse_tokens("{")
    whole = json.loads(read_resource("tokens.json"))
    del whole["color"]["highContrast"]
    with pytest.raises(LookError, match="highContrast"):
        parse_tokens(json.dumps(whole))


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(LookError, match=r"resources/fonts/none\.ttf"):
        read_resource("fonts", "none.ttf")
