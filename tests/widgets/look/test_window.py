"""Which rows are in sight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.widgets.look.window import Window, earlier_window, newest_window


def test_what_fits_is_all_there() -> None:
    assert newest_window(3, [1], 5) == Window((0, 1, 2), 0, 0)


def test_the_oldest_leave_and_an_unanswered_row_stays() -> None:
    # Rows 1 to 8, the fourth unanswered, room for four: 4 6 7 8, as in the picture.
    assert newest_window(8, [3], 4) == Window((3, 5, 6, 7), 4, 0)


def test_keeping_one_row_does_not_push_out_another() -> None:
    assert newest_window(10, [2, 6], 4).shown == (2, 6, 8, 9)


def test_half_the_room_stays_for_the_newest() -> None:
    window = newest_window(20, list(range(12)), 6)
    assert window.shown == (9, 10, 11, 17, 18, 19)


@given(st.data())
def test_the_newest_window_always_holds(data: st.DataObject) -> None:
    count = data.draw(st.integers(min_value=0, max_value=60))
    pinned = sorted(
        data.draw(st.sets(st.integers(min_value=0, max_value=max(0, count - 1)))) if count else []
    )
    capacity = data.draw(st.integers(min_value=-2, max_value=20))
    window = newest_window(count, pinned, capacity)
    assert list(window.shown) == sorted(set(window.shown))
    assert len(window.shown) == min(count, max(1, capacity))
    assert window.before + len(window.shown) == count
    assert not count or window.shown[-1] == count - 1
    room = max(1, capacity)
    if len(pinned) <= room - max(1, room // 2):
        assert set(pinned) <= set(window.shown)


@given(st.integers(min_value=1, max_value=60), st.integers(min_value=-5, max_value=70), st.integers(1, 20))
def test_looking_back_is_a_plain_stretch(count: int, last: int, capacity: int) -> None:
    window = earlier_window(count, last, capacity)
    assert len(window.shown) == min(count, capacity)
    assert window.before + len(window.shown) + window.after == count
    assert list(window.shown) == list(range(window.before, window.before + len(window.shown)))
