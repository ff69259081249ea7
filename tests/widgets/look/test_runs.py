"""Text made ready for painting."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.widgets.look.runs import (
    ELLIPSIS,
    LONGEST_PAINTED,
    cut_to_width,
    plain,
    plain_paragraph,
    split_runs,
)


@given(st.text(max_size=600))
def test_a_painted_line_holds_no_control_and_no_direction_marks(text: str) -> None:
    line = plain(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in line)
    assert len(line) <= LONGEST_PAINTED + 1


@given(st.text(max_size=200))
def test_runs_put_together_are_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in split_runs(text)) == text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12/5(土)", ["12/5(土)"]),
        ("未貸出・2人待ち", ["2"]),
        ("1012345678  夏目 漱石", ["1012345678"]),
        ("棚 A-12", ["A-12"]),
        ("コマンド表の F9・F10・F11", ["F9", "F10", "F11"]),
        ("14:28 から", ["14:28"]),
        ("1枚 ― 有無を確認", ["1"]),
        ("こころ", []),
    ],
)
def test_figures_are_told_from_words(text: str, numbers: list[str]) -> None:
    assert [piece for piece, is_number in split_runs(text) if is_number] == numbers


@given(st.text(alphabet="あいうe\u0301漢", max_size=60), st.integers(min_value=2, max_value=80))
def test_a_cut_text_fits_and_begins_as_the_whole_does(text: str, width: int) -> None:
    cut = cut_to_width(text, width, len)
    assert len(cut) <= width
    if cut != text:
        assert cut.endswith(ELLIPSIS)
        assert text.startswith(cut[:-1])


def test_a_letter_keeps_its_accent_when_cut() -> None:
    assert cut_to_width("ae\u0301bcd", 3, len) == "a" + ELLIPSIS


def test_a_paragraph_keeps_its_lines() -> None:
    assert plain_paragraph("一\r\n二\u202e三\x07") == "一\n二三"
