"""The veil: whatever a view holds, nothing that tells of a person or a book is left behind it."""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.widgets.look import veil
from madoguchi.widgets.look.views import QuestionView, RowView, Sign, StripView, Tone

from .samples import LOANS, PATRON, REFUSED_ROW

PLANT = "☠"
HIDDEN = "非表示"

VEILS: dict[type, Callable[[Any], Any]] = {
    RowView: veil.veiled_row,
    StripView: veil.veiled_strip,
    QuestionView: veil.veiled_question,
}
# Words of state, and what the keys do: fixed words of the program, the same for everybody.
MAY_REMAIN = {
    ("RowView", "state"),
    ("RowView", "action"),
    ("StripView", "word"),
    ("AnswerView", "word"),
    ("ReasonView", "key"),
    ("ReasonView", "word"),
}
TEXTS = st.text(min_size=0, max_size=12).map(lambda text: f"{PLANT}{text}")


def planted(kind: Any) -> st.SearchStrategy[Any]:
    """Values of that type with a plant in every text they hold, also in fields added some day."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return st.lists(planted(inside[0]), max_size=3).map(tuple)
    if origin in (UnionType, typing.Union):
        return st.one_of(*(planted(one) for one in inside))
    if kind is type(None):
        return st.none()
    if kind is str:
        return st.one_of(TEXTS, st.just(""))
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(0, 9999)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    assert is_dataclass(kind), f"{kind!r}: say here how a view's field of this type is planted"
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: planted(hints[field.name]) for field in fields(kind)})


def texts(value: Any, place: tuple[str, str] = ("", "")) -> Iterator[tuple[tuple[str, str], str]]:
    """Every text in a view and below it, with the class and field it stands in."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part, place)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), (type(value).__name__, field.name))


def leaks(view: Any) -> set[tuple[str, str]]:
    return {place for place, text in texts(view) if PLANT in text and place not in MAY_REMAIN}


@pytest.mark.parametrize("kind", list(VEILS), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_no_planted_text_survives(kind: type, data: st.DataObject) -> None:
    view = data.draw(planted(kind))
    assert leaks(VEILS[kind](view)) == set()


@pytest.mark.parametrize("kind", list(VEILS), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_is_hidden_is_the_same_for_everybody(kind: type, data: st.DataObject) -> None:
    veiled = VEILS[kind](data.draw(planted(kind)))
    left = {text for place, text in texts(veiled) if place not in MAY_REMAIN}
    assert left <= {HIDDEN, ""}


def test_the_walk_finds_what_is_left() -> None:
    plants = replace(LOANS[0], title=PLANT, right_detail=PLANT)
    assert leaks(plants) == {("RowView", "title"), ("RowView", "right_detail")}
    assert leaks(replace(PATRON, flags=(replace(PATRON.flags[0], detail=PLANT),))) == {("FlagView", "detail")}


@pytest.mark.parametrize("row", LOANS, ids=lambda row: str(row.number))
def test_a_row_keeps_number_sign_state_and_due_date(row: RowView) -> None:
    hidden = veil.veiled_row(row)
    kept = ("key", "number", "sign", "state", "action", "answered", "pinned")
    assert [getattr(hidden, name) for name in kept] == [getattr(row, name) for name in kept]
    assert (hidden.title, hidden.under, hidden.detail) == (HIDDEN, "", "")
    assert hidden.right == row.right


@pytest.mark.parametrize("date", ["12/5(土)", "12/5(Sat)", "2028/03/31", "1/31", "―", "—", ""])
def test_a_date_stays(date: str) -> None:
    assert veil.veiled_row(replace(REFUSED_ROW, right=date)).right == date


@pytest.mark.parametrize(
    "text",
    [
        "こころ",
        "12/5(土)\n",
        "12/5(花子)",
        "12/5(土)まで花子",
        "花子 12/5",
        "1012345678",
        "12/5/2028",
        "१२/५",
    ],
)
def test_what_only_looks_like_a_date_goes(text: str) -> None:
    assert veil.veiled_row(replace(REFUSED_ROW, right=text)).right == ""
    strip = veil.veiled_strip(StripView(Tone.DONE, "貸出", right=text, right_suffix="まで"))
    assert (strip.right, strip.right_suffix) == ("", "")


def test_the_strip_keeps_state_and_due_date() -> None:
    view = StripView(Tone.ROUTE, "予約あり", "門", "12/5(土)", "まで", "今回 5点", "花子", 2, Sign.TO_TRANSIT)
    assert veil.veiled_strip(view) == StripView(
        Tone.ROUTE, "予約あり", HIDDEN, "12/5(土)", "まで", sign=Sign.TO_TRANSIT
    )
