"""Paragraphs: nothing is lost, no line is too long, none begins with a full stop, short notes are even."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.widgets.look.line_break import NEVER_FIRST, NEVER_LAST, broken, phrase_lines
from madoguchi.widgets.look.runs import split_runs

TEXT = st.text(
    alphabet="利用者の名前はここに出しません。、」「（）ゃッーabc 12/5(土)1000-2345・𠮷", max_size=120
)


def em(text: str) -> float:
    """A plain measure: Latin letters, figures and spaces are half as wide as the others."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in text)


@given(text=TEXT, width=st.integers(6, 40), even=st.booleans())
def test_nothing_is_lost_and_no_line_is_too_long(text: str, width: int, even: bool) -> None:
    lines = broken(text, em, width, even=even)
    assert "".join(lines) == text
    assert max(em(line.rstrip()) for line in lines) <= width


@pytest.mark.parametrize("width", range(4, 30))
def test_no_line_begins_with_a_full_stop_or_a_small_letter(width: int) -> None:
    text = "「シャッターはちょっと待って」、と言った。チェックは、あとでします。（確かめてください）"
    for line in broken(text, em, width):
        assert line[0] not in NEVER_FIRST
        assert line[-1] not in NEVER_LAST


def test_a_number_stays_on_one_line() -> None:
    text = "資料番号1000-2345-67は12/5(土)までです"
    for width in range(7, 30):
        joined = [run for line in broken(text, em, width) for run in split_runs(line)]
        assert ("1000-2345-67", True) in joined
        assert ("12/5(土)", True) in joined


def test_a_number_wider_than_the_line_goes_on_in_the_next() -> None:
    assert broken("12345678", em, 2) == ["1234", "5678"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("利用者の名前はここに出しません。", 14, ["利用者の名前は", "ここに出しません。"]),
        ("", 10, [""]),
        ("資料は手元に残す", 10, ["資料は手元に残す"]),
        ("The book stays here", 6, ["The book ", "stays here"]),
    ],
)
def test_a_short_note_breaks_evenly_between_phrases(text: str, width: int, lines: list[str]) -> None:
    assert broken(text, em, width) == lines


def test_an_even_paragraph_takes_no_more_lines_than_a_filled_one() -> None:
    text = "回線が戻ると自動でやり直します。それまで資料は渡さないで、カウンターの内側に置いてください。"
    for width in range(6, 50):
        assert len(broken(text, em, width)) == len(broken(text, em, width, even=False))


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("理由をつけて貸す", ("理由を", "つけて貸す")),
        ("このカードは使えません。新しいカードを", ("このカードは使えません。", "新しいカードを")),
        ("X", ("X", "")),
    ],
)
def test_a_word_in_two_lines(word: str, lines: tuple[str, str]) -> None:
    assert phrase_lines(word, em) == lines
